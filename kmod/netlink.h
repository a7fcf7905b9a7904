/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NETLINK_H
#define _VSN_NETLINK_H

int vsn_netlink_init(void);
void vsn_netlink_exit(void);

#endif /* _VSN_NETLINK_H */
