/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NAME_H
#define _VSN_NAME_H

#include <linux/types.h>

bool vsn_name_valid(const char *name, size_t len);

#endif /* _VSN_NAME_H */
