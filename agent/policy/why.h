/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_POLICY_WHY_H
#define VS_POLICY_WHY_H

#include "core/buf.h"

/**
 * vs_why_not() - say why something cannot be done
 * @why: gets the sentence; what it had before is kept if it is not empty
 * @ret: a negative errno
 * @fmt: the sentence, for people, without a full stop
 *
 * Return: @ret, so that callers can return it.
 */
int vs_why_not(struct vs_buf *why, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
