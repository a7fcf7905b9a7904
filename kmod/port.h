/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_PORT_H
#define _VSN_PORT_H

struct net_device;
struct netlink_ext_ack;
struct vsn_net;
struct vsn_vnic;

int vsn_port_add(struct vsn_net *sn, struct net_device *dev,
		 struct netlink_ext_ack *extack);
int vsn_port_del(struct vsn_vnic *vnic, struct netlink_ext_ack *extack);

int vsn_port_init(void);
void vsn_port_exit(void);

#endif /* _VSN_PORT_H */
