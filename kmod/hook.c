// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path: netfilter netdev hooks on the port, one per direction.
 *
 * A tap's ingress is what the guest sends. A macvtap or ipvtap is the guest's
 * own end of the wire, so there the guest sends through egress.
 *
 * Both hooks run under RCU and with bottom halves off.
 */
#include <linux/etherdevice.h>
#include <linux/limits.h>
#include <linux/netfilter_netdev.h>
#include <linux/pkt_cls.h>
#include <linux/skbuff.h>

#include "guard.h"
#include "hook.h"
#include "net.h"
#include "policy.h"
#include "probe.h"
#include "vnic.h"

/* At ingress the Ethernet header has been pulled already. */
static __always_inline unsigned int
vsn_hook_header(const struct nf_hook_state *state, const struct sk_buff *skb)
{
	return state->hook == NF_NETDEV_INGRESS ? skb->mac_len : 0;
}

/* 0 for a runt, which has no source and cannot come in by ingress. */
static __always_inline u64 vsn_hook_source(const struct sk_buff *skb,
					   unsigned int header)
{
	const struct ethhdr *eth = (void *)(skb->data - header);

	if (!header && unlikely(skb_headlen(skb) < ETH_HLEN))
		return 0;
	return vsn_wire_mac(eth->h_source);
}

static __always_inline void vsn_hook_count(const struct vsn_vnic *vnic,
					   unsigned int len, enum vsn_dir dir)
{
	struct vsn_stats *stats = this_cpu_ptr(vnic->stats);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->dir[dir].packets);
	u64_stats_add(&stats->dir[dir].bytes, len);
	u64_stats_update_end(&stats->sync);
}

static __always_inline void vsn_hook_learn(struct vsn_vnic *vnic, u64 source)
{
	if (unlikely(!vsn_wire_known(&vnic->wire, source)))
		vsn_wire_learn(&vnic->wire, source);
}

/* The policy said neither yes nor no: 0 to pass. */
static int vsn_hook_policy_no(const struct vsn_vnic *vnic,
			      struct vsn_policy *policy, int verdict)
{
	if (verdict == TC_ACT_SHOT) {
		atomic64_inc(&policy->drops);
		return VMSAFE_NET_DROP_REASON_POLICY;
	}
	atomic64_inc(&policy->errors);
	return READ_ONCE(vnic->fail_closed) ?
		VMSAFE_NET_DROP_REASON_POLICY_ERROR : VSN_HOOK_PASS;
}

/* What the mode alone says. */
static int vsn_hook_mode_judge(u8 mode)
{
	switch (mode) {
	case VMSAFE_NET_MODE_UNBOUND_DROP:
		return VMSAFE_NET_DROP_REASON_UNBOUND;
	case VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED:
		return VMSAFE_NET_DROP_REASON_APPLIANCE_LOST;
	default:
		return VSN_HOOK_PASS;
	}
}

static __always_inline int
vsn_hook_policy(const struct vsn_vnic *vnic, struct sk_buff *skb,
		const struct nf_hook_state *state, enum vsn_dir dir)
{
	struct vsn_policy *policy = rcu_dereference(vnic->policy[dir]);
	int verdict;

	/* Detached since the decision to look; why, the mode says. */
	if (unlikely(!policy)) {
		smp_rmb(); /* the mode was written before the policy */
		return vsn_hook_mode_judge(READ_ONCE(vnic->mode));
	}
	verdict = vsn_policy_run(policy, skb,
				 state->hook == NF_NETDEV_INGRESS);
	if (likely(verdict == TC_ACT_OK || verdict == TC_ACT_UNSPEC))
		return VSN_HOOK_PASS;
	return vsn_hook_policy_no(vnic, policy, verdict);
}

/* Is this frame's source none of the guest's, and does that matter? */
static __always_inline bool vsn_hook_guard_drops(struct vsn_vnic *vnic,
						 u64 source)
{
	if (likely(source == READ_ONCE(vnic->guest_mac)))
		return false;
	vsn_guard_hit(vnic);
	return READ_ONCE(vnic->guard) == VMSAFE_NET_GUARD_DROP;
}

/* enum vmsafe_net_drop_reason, or VSN_HOOK_PASS */
static __always_inline int
vsn_hook_judge(struct vsn_vnic *vnic, struct sk_buff *skb,
	       const struct nf_hook_state *state, enum vsn_dir dir, u64 source)
{
	u8 act = READ_ONCE(vnic->act);

	if (unlikely(act & VSN_ACT_DROP))
		return vsn_hook_mode_judge(READ_ONCE(vnic->mode));
	if (dir == VSN_FROM_GUEST && act & VSN_ACT_GUARD &&
	    vsn_hook_guard_drops(vnic, source))
		return VMSAFE_NET_DROP_REASON_SOURCE_MAC;
	return act & VSN_ACT_POLICY(dir) ?
		vsn_hook_policy(vnic, skb, state, dir) : VSN_HOOK_PASS;
}

/* There is more to do than counting. */
static __always_inline unsigned int
vsn_hook_filter(struct vsn_vnic *vnic, struct sk_buff *skb,
		const struct nf_hook_state *state, enum vsn_dir dir)
{
	unsigned int header = vsn_hook_header(state, skb);
	/* A policy may change it. */
	unsigned int len = skb->len + header;
	u64 source = 0;
	int reason;

	if (dir == VSN_FROM_GUEST) {
		source = vsn_hook_source(skb, header);
		/* A probe comes from nowhere. */
		if (likely(!state->okfn))
			vsn_hook_learn(vnic, source);
	}
	reason = vsn_hook_judge(vnic, skb, state, dir, source);
	/* Only a probe has anywhere to go on to. */
	if (unlikely(state->okfn))
		return vsn_probe_seen(state, READ_ONCE(vnic->mode), reason);
	if (unlikely(reason != VSN_HOOK_PASS)) {
		atomic64_inc(&vnic->ledger.drops[dir][reason]);
		return NF_DROP;
	}
	vsn_hook_count(vnic, len, dir);
	return NF_ACCEPT;
}

/* Out of line, so that the common path has nothing to save. */
static noinline unsigned int
vsn_hook_filter_from(struct vsn_vnic *vnic, struct sk_buff *skb,
		     const struct nf_hook_state *state)
{
	return vsn_hook_filter(vnic, skb, state, VSN_FROM_GUEST);
}

static noinline unsigned int
vsn_hook_filter_to(struct vsn_vnic *vnic, struct sk_buff *skb,
		   const struct nf_hook_state *state)
{
	return vsn_hook_filter(vnic, skb, state, VSN_TO_GUEST);
}

static __always_inline unsigned int
vsn_hook_run(struct vsn_vnic *vnic, struct sk_buff *skb,
	     const struct nf_hook_state *state, enum vsn_dir dir)
{
	unsigned int header;

	if (unlikely(READ_ONCE(vnic->act) || state->okfn))
		return dir == VSN_FROM_GUEST ?
			vsn_hook_filter_from(vnic, skb, state) :
			vsn_hook_filter_to(vnic, skb, state);
	header = vsn_hook_header(state, skb);
	vsn_hook_count(vnic, skb->len + header, dir);
	/* Last, so that nothing has to be kept across the call. */
	if (dir == VSN_FROM_GUEST)
		vsn_hook_learn(vnic, vsn_hook_source(skb, header));
	return NF_ACCEPT;
}

static unsigned int vsn_hook_from_guest(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	return vsn_hook_run(priv, skb, state, VSN_FROM_GUEST);
}

static unsigned int vsn_hook_to_guest(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	return vsn_hook_run(priv, skb, state, VSN_TO_GUEST);
}

static bool vsn_hook_mirrored(const struct vsn_vnic *vnic)
{
	return vnic->kind == VMSAFE_NET_PORT_KIND_MACVTAP ||
	       vnic->kind == VMSAFE_NET_PORT_KIND_IPVTAP;
}

/* As near to the guest as the host's other rules allow: first, and last. */
static void vsn_hook_setup(struct vsn_vnic *vnic, enum vsn_dir dir)
{
	struct nf_hook_ops *ops = &vnic->hooks[dir];
	bool ingress = (dir == VSN_FROM_GUEST) != vsn_hook_mirrored(vnic);

	ops->hook = dir == VSN_FROM_GUEST ? vsn_hook_from_guest :
					    vsn_hook_to_guest;
	ops->dev = vnic->dev;
	ops->priv = vnic;
	ops->pf = NFPROTO_NETDEV;
	ops->hooknum = ingress ? NF_NETDEV_INGRESS : NF_NETDEV_EGRESS;
	ops->priority = dir == VSN_FROM_GUEST ? INT_MIN : INT_MAX;
}

/**
 * vsn_hook_register - put both hooks on a vNIC's port
 * @vnic: the entry, its counters allocated
 *
 * Context: process, RTNL held.
 * Return: 0; -ENOMEM; -EOPNOTSUPP if the kernel lacks a hook. On error no hook
 * is left, but one may have been on: the entry needs a grace period.
 */
int vsn_hook_register(struct vsn_vnic *vnic)
{
	struct net *net = vnic->sn->net;
	int dir, err;

	for (dir = 0; dir < VSN_DIRS; dir++) {
		vsn_hook_setup(vnic, dir);
		err = nf_register_net_hook(net, &vnic->hooks[dir]);
		if (err) {
			/* Marks it as not registered. */
			vnic->hooks[dir].dev = NULL;
			return err;
		}
	}
	return 0;
}

/**
 * vsn_hook_unregister - take the hooks off that are on
 * @vnic: the entry
 *
 * Context: process. Packets may be in the hooks until the end of a grace
 * period.
 */
void vsn_hook_unregister(struct vsn_vnic *vnic)
{
	int dir;

	for (dir = 0; dir < VSN_DIRS; dir++) {
		if (!vnic->hooks[dir].dev)
			continue;
		nf_unregister_net_hook(vnic->sn->net, &vnic->hooks[dir]);
		vnic->hooks[dir].dev = NULL;
	}
}

/* What the packets of a direction will meet, not what we remember. */
static const struct nf_hook_entries *
vsn_hook_entries(const struct vsn_vnic *vnic, enum vsn_dir dir)
{
	const struct net_device *dev = vnic->dev;

	return vnic->hooks[dir].hooknum == NF_NETDEV_INGRESS ?
		rcu_dereference(dev->nf_hooks_ingress) :
		rcu_dereference(dev->nf_hooks_egress);
}

/**
 * vsn_hook_entry - find a vNIC's hook among those of its device
 * @vnic: an entry in the tables
 * @dir: direction
 *
 * Context: RCU.
 * Return: the entry as the kernel runs it, or NULL.
 */
const struct nf_hook_entry *vsn_hook_entry(const struct vsn_vnic *vnic,
					   enum vsn_dir dir)
{
	const struct nf_hook_entries *entries = vsn_hook_entries(vnic, dir);
	unsigned int i;

	if (!entries)
		return NULL;
	for (i = 0; i < entries->num_hook_entries; i++)
		if (entries->hooks[i].priv == vnic &&
		    entries->hooks[i].hook == vnic->hooks[dir].hook)
			return &entries->hooks[i];
	return NULL;
}

/**
 * vsn_hook_present - does the device really have both hooks?
 * @vnic: an entry in the tables
 *
 * Context: any.
 * Return: true if both are there.
 */
bool vsn_hook_present(const struct vsn_vnic *vnic)
{
	bool present;

	rcu_read_lock();
	present = vsn_hook_entry(vnic, VSN_FROM_GUEST) &&
		  vsn_hook_entry(vnic, VSN_TO_GUEST);
	rcu_read_unlock();
	return present;
}
