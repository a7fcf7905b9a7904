/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* Do not edit directly, auto-generated from: */
/*	uapi/vmsafe_net.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VMSAFE_NET_GEN_H
#define _LINUX_VMSAFE_NET_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vmsafe_net.h>

int vmsafe_net_nl_host_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_host_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vm_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vm_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vmsafe_net_nl_vnic_get_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vnic_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vmsafe_net_nl_vnic_bind_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vnic_unbind_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vnic_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info);
int vmsafe_net_nl_vnic_probe_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VMSAFE_NET_NLGRP_EVENTS,
};

extern struct genl_family vmsafe_net_nl_family;

#endif /* _LINUX_VMSAFE_NET_GEN_H */
