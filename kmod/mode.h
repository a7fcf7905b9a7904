/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_MODE_H
#define _VSN_MODE_H

#include <linux/types.h>

u8 vsn_mode_unbound(u8 verdict);
u8 vsn_mode_bound(bool bypass, bool lost, u8 failure_policy);
bool vsn_mode_drops(u8 mode);

#endif /* _VSN_MODE_H */
