/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NET_H
#define _VSN_NET_H

#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/rhashtable.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include <uapi/linux/vmsafe_net.h>

#include "appliance.h"
#include "guard.h"

/**
 * struct vsn_net - what the driver knows of one network namespace
 * @net: the namespace; this structure lives and dies with it
 * @lock: guards all that follows. Writers take it inside RTNL where they need
 *	both; nothing takes RTNL inside it. The packet path takes neither
 * @generation: number of table changes, from 1
 * @event_seq: number of the last notification
 * @vnic_limit: most entries
 * @vnic_count: entries in @vnics
 * @bound_count: bound entries
 * @vm_count: entries in @vms
 * @refused_claims: second claims refused
 * @unbound_default: enum vmsafe_net_verdict for unbound ports; also read
 *	without the lock while a port is made
 * @failure_policy: enum vmsafe_net_failure_policy of bindings that name none
 * @limit_near: the warning about @vnic_limit was given, and there has not
 *	been clearly more room since
 * @limit_rate: how often a refusal at the limit is said
 * @vnics: struct vsn_vnic by creation ID, which is also the order of dumps
 * @ports: the same by ifindex
 * @vms: struct vsn_vm by creation ID
 * @vms_by_uuid: the same by UUID
 * @macs: struct vsn_binding by guest MAC
 * @appliance: the appliance session
 * @guard: who tells of foreign source MACs
 */
struct vsn_net {
	struct net *net;
	struct mutex lock; /* guards all that follows */
	u64 generation;
	u32 event_seq;
	u32 vnic_limit;
	u32 vnic_count;
	u32 bound_count;
	u32 vm_count;
	u64 refused_claims;
	u8 unbound_default;
	u8 failure_policy;
	bool limit_near;
	struct ratelimit_state limit_rate;
	struct xarray vnics;
	struct xarray ports;
	struct xarray vms;
	struct rhashtable vms_by_uuid;
	struct rhltable macs;
	struct vsn_appliance appliance;
	struct vsn_guard guard;
};

extern unsigned int vsn_net_id;
extern u64 vsn_net_instance;

/* The driver's side of @net, valid as long as @net is. */
static inline struct vsn_net *vsn_net_of(const struct net *net)
{
	return net_generic(net, vsn_net_id);
}

/* The tables changed: whoever reads them in pieces has to know. */
static inline void vsn_net_changed(struct vsn_net *sn)
{
	lockdep_assert_held(&sn->lock);
	/* Also read without the lock, by those who only want the number. */
	WRITE_ONCE(sn->generation, sn->generation + 1);
}

int vsn_net_init(void);
void vsn_net_exit(void);

#endif /* _VSN_NET_H */
