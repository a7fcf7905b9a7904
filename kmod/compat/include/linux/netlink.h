/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels before 6.2 know only constant extack messages. The text must outlive
 * the handler that sets it, so it goes into one of a ring of buffers.
 */
#ifndef _VSN_COMPAT_LINUX_NETLINK_H
#define _VSN_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NL_SET_ERR_MSG_FMT

__printf(2, 3)
void vsn_compat_extack_fmt(struct netlink_ext_ack *extack, const char *fmt,
			   ...);

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) \
	vsn_compat_extack_fmt(extack, fmt, ##args)

#define VSN_COMPAT_EXTACK_FMT

#endif /* NL_SET_ERR_MSG_FMT */

#endif /* _VSN_COMPAT_LINUX_NETLINK_H */
