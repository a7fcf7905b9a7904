/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NETLINK_ATTR_H
#define _VSN_NETLINK_ATTR_H

#include <linux/bits.h>
#include <linux/types.h>

struct genl_info;
struct net_device;
struct netlink_ext_ack;
struct nlattr;
struct vsn_identity;
struct vsn_net;
struct vsn_vnic;

/* vm-uuid and device-id name an entry here, they are not its new identity. */
#define VSN_ATTR_BY_VM	BIT(0)

struct vsn_vnic *vsn_attr_vnic(struct vsn_net *sn, struct genl_info *info,
			       unsigned int flags);
struct vsn_vnic *vsn_attr_bound(struct vsn_net *sn, struct genl_info *info,
				unsigned int flags);
int vsn_attr_ifname_check(struct nlattr **attrs,
			  struct netlink_ext_ack *extack);
const struct vsn_vnic *vsn_attr_named(struct vsn_net *sn,
				      struct nlattr **attrs);
bool vsn_attr_match(const struct vsn_vnic *vnic, struct nlattr **attrs,
		    const struct vsn_vnic *named);
struct net_device *vsn_attr_device(struct vsn_net *sn, struct genl_info *info);
int vsn_attr_identity(struct genl_info *info, struct vsn_identity *who);
int vsn_attr_identity_update(struct genl_info *info, struct vsn_identity *who);

#endif /* _VSN_NETLINK_ATTR_H */
