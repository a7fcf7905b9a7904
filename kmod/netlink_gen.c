// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT)
/* Do not edit directly, auto-generated from: */
/*	uapi/vmsafe_net.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/vmsafe_net.h>

/* VMSAFE_NET_CMD_HOST_SET - do */
static const struct nla_policy vmsafe_net_host_set_nl_policy[VMSAFE_NET_A_HOST_FAILURE_POLICY + 1] = {
	[VMSAFE_NET_A_HOST_VNIC_LIMIT] = NLA_POLICY_MIN(NLA_U32, 1),
	[VMSAFE_NET_A_HOST_UNBOUND_DEFAULT] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMSAFE_NET_A_HOST_FAILURE_POLICY] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* VMSAFE_NET_CMD_VM_GET - do */
static const struct nla_policy vmsafe_net_vm_get_do_nl_policy[VMSAFE_NET_A_VM_UUID + 1] = {
	[VMSAFE_NET_A_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
};

/* VMSAFE_NET_CMD_VM_GET - dump */
static const struct nla_policy vmsafe_net_vm_get_dump_nl_policy[VMSAFE_NET_A_VM_UUID + 1] = {
	[VMSAFE_NET_A_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
};

/* VMSAFE_NET_CMD_VNIC_GET - do */
static const struct nla_policy vmsafe_net_vnic_get_do_nl_policy[VMSAFE_NET_A_VNIC_WITH_STATS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_WITH_STATS] = { .type = NLA_FLAG, },
};

/* VMSAFE_NET_CMD_VNIC_GET - dump */
static const struct nla_policy vmsafe_net_vnic_get_dump_nl_policy[VMSAFE_NET_A_VNIC_WITH_STATS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_WITH_STATS] = { .type = NLA_FLAG, },
};

/* VMSAFE_NET_CMD_VNIC_BIND - do */
static const struct nla_policy vmsafe_net_vnic_bind_nl_policy[VMSAFE_NET_A_VNIC_BYPASS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
	[VMSAFE_NET_A_VNIC_VM_NAME] = { .type = NLA_NUL_STRING, .len = VMSAFE_NET_NAME_MAX, },
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_MAC] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_MAC_LEN),
	[VMSAFE_NET_A_VNIC_FAILURE_POLICY] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMSAFE_NET_A_VNIC_GUARD] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMSAFE_NET_A_VNIC_BYPASS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VMSAFE_NET_CMD_VNIC_UNBIND - do */
static const struct nla_policy vmsafe_net_vnic_unbind_nl_policy[VMSAFE_NET_A_VNIC_WITH_STATS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_WITH_STATS] = { .type = NLA_FLAG, },
};

/* VMSAFE_NET_CMD_VNIC_SET - do */
static const struct nla_policy vmsafe_net_vnic_set_nl_policy[VMSAFE_NET_A_VNIC_BYPASS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_NAME] = { .type = NLA_NUL_STRING, .len = VMSAFE_NET_NAME_MAX, },
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_MAC] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_MAC_LEN),
	[VMSAFE_NET_A_VNIC_FAILURE_POLICY] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMSAFE_NET_A_VNIC_GUARD] = NLA_POLICY_MAX(NLA_U32, 2),
	[VMSAFE_NET_A_VNIC_BYPASS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VMSAFE_NET_CMD_PORT_ADD - do */
static const struct nla_policy vmsafe_net_port_add_nl_policy[VMSAFE_NET_A_VNIC_IFNAME + 1] = {
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VMSAFE_NET_CMD_PORT_DEL - do */
static const struct nla_policy vmsafe_net_port_del_nl_policy[VMSAFE_NET_A_VNIC_IFNAME + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VMSAFE_NET_CMD_POLICY_SET - do */
static const struct nla_policy vmsafe_net_policy_set_nl_policy[VMSAFE_NET_A_VNIC_PROG_FD + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VMSAFE_NET_A_VNIC_PROG_FD] = { .type = NLA_U32, },
};

/* VMSAFE_NET_CMD_VNIC_PROBE - do */
static const struct nla_policy vmsafe_net_vnic_probe_nl_policy[VMSAFE_NET_A_VNIC_WITH_STATS + 1] = {
	[VMSAFE_NET_A_VNIC_ID] = { .type = NLA_U64, },
	[VMSAFE_NET_A_VNIC_IFINDEX] = { .type = NLA_U32, },
	[VMSAFE_NET_A_VNIC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VMSAFE_NET_A_VNIC_VM_UUID] = NLA_POLICY_EXACT_LEN(VMSAFE_NET_UUID_LEN),
	[VMSAFE_NET_A_VNIC_DEVICE_ID] = NLA_POLICY_MAX(NLA_U16, VMSAFE_NET_DEVICE_ID_MAX),
	[VMSAFE_NET_A_VNIC_WITH_STATS] = { .type = NLA_FLAG, },
};

/* Ops table for vmsafe_net */
static const struct genl_split_ops vmsafe_net_nl_ops[] = {
	{
		.cmd	= VMSAFE_NET_CMD_HOST_GET,
		.doit	= vmsafe_net_nl_host_get_doit,
		.flags	= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_HOST_SET,
		.doit		= vmsafe_net_nl_host_set_doit,
		.policy		= vmsafe_net_host_set_nl_policy,
		.maxattr	= VMSAFE_NET_A_HOST_FAILURE_POLICY,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VM_GET,
		.doit		= vmsafe_net_nl_vm_get_doit,
		.policy		= vmsafe_net_vm_get_do_nl_policy,
		.maxattr	= VMSAFE_NET_A_VM_UUID,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VM_GET,
		.dumpit		= vmsafe_net_nl_vm_get_dumpit,
		.policy		= vmsafe_net_vm_get_dump_nl_policy,
		.maxattr	= VMSAFE_NET_A_VM_UUID,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_GET,
		.doit		= vmsafe_net_nl_vnic_get_doit,
		.policy		= vmsafe_net_vnic_get_do_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_WITH_STATS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_GET,
		.dumpit		= vmsafe_net_nl_vnic_get_dumpit,
		.policy		= vmsafe_net_vnic_get_dump_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_WITH_STATS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_BIND,
		.doit		= vmsafe_net_nl_vnic_bind_doit,
		.policy		= vmsafe_net_vnic_bind_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_BYPASS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_UNBIND,
		.doit		= vmsafe_net_nl_vnic_unbind_doit,
		.policy		= vmsafe_net_vnic_unbind_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_WITH_STATS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_SET,
		.doit		= vmsafe_net_nl_vnic_set_doit,
		.policy		= vmsafe_net_vnic_set_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_BYPASS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_PORT_ADD,
		.doit		= vmsafe_net_nl_port_add_doit,
		.policy		= vmsafe_net_port_add_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_IFNAME,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_PORT_DEL,
		.doit		= vmsafe_net_nl_port_del_doit,
		.policy		= vmsafe_net_port_del_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_IFNAME,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_POLICY_SET,
		.doit		= vmsafe_net_nl_policy_set_doit,
		.policy		= vmsafe_net_policy_set_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_PROG_FD,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VMSAFE_NET_CMD_VNIC_PROBE,
		.doit		= vmsafe_net_nl_vnic_probe_doit,
		.policy		= vmsafe_net_vnic_probe_nl_policy,
		.maxattr	= VMSAFE_NET_A_VNIC_WITH_STATS,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group vmsafe_net_nl_mcgrps[] = {
	[VMSAFE_NET_NLGRP_EVENTS] = { "events", .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family vmsafe_net_nl_family __ro_after_init = {
	.name		= VMSAFE_NET_FAMILY_NAME,
	.version	= VMSAFE_NET_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= vmsafe_net_nl_ops,
	.n_split_ops	= ARRAY_SIZE(vmsafe_net_nl_ops),
	.mcgrps		= vmsafe_net_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vmsafe_net_nl_mcgrps),
};
