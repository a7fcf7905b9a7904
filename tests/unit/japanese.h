/* SPDX-License-Identifier: GPL-2.0-only */
/* The Japanese catalogue; what is not translated fails the test. */
#ifndef JAPANESE_H
#define JAPANESE_H

#include "core/text.h"

extern const struct vs_lang japanese;

/** japanese_open() - cmocka's setup of a group */
int japanese_open(void **state);
int japanese_close(void **state);

#endif
