// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path: netfilter netdev hooks on the port, one per direction.
 *
 * A tap's ingress is what the guest sends. A macvtap or ipvtap is the guest's
 * own end of the wire, so there the guest sends through egress.
 *
 * Both hooks run under RCU; what they do, with bottom halves off.
 */
#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/netfilter_netdev.h>
#include <linux/pkt_cls.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>

#include "guard.h"
#include "hook.h"
#include "net.h"
#include "policy.h"
#include "probe.h"
#include "vnic.h"

/*
 * At ingress the Ethernet header has been pulled already. What comes from a
 * device without one, by a redirect, has none; egress may be given a runt.
 */
static __always_inline bool vsn_hook_framed(const struct sk_buff *skb,
					    bool ingress)
{
	return ingress ? skb->mac_len == ETH_HLEN :
			 skb_headlen(skb) >= ETH_HLEN;
}

static __always_inline u64 vsn_hook_source(const struct sk_buff *skb,
					   bool ingress)
{
	const u8 *frame = skb->data - (ingress ? ETH_HLEN : 0);

	return vsn_wire_frame(frame + offsetof(struct ethhdr, h_source));
}

static __always_inline unsigned int vsn_hook_len(const struct sk_buff *skb,
						 bool ingress)
{
	return skb->len + (ingress ? skb->mac_len : 0);
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

static __always_inline unsigned int
vsn_hook_finish(struct vsn_vnic *vnic, enum vsn_dir dir, unsigned int len,
		int reason)
{
	if (unlikely(reason != VSN_HOOK_PASS)) {
		atomic64_inc(&vsn_vnic_ledger(vnic)->drops[dir][reason]);
		return NF_DROP;
	}
	vsn_hook_count(vnic, len, dir);
	return NF_ACCEPT;
}

/* The policy did not say yes. */
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

static __always_inline int vsn_hook_verdict(const struct vsn_vnic *vnic,
					    struct vsn_policy *policy,
					    int verdict)
{
	if (likely(verdict == TC_ACT_OK || verdict == TC_ACT_UNSPEC))
		return VSN_HOOK_PASS;
	return vsn_hook_policy_no(vnic, policy, verdict);
}

static __always_inline u8 vsn_hook_act(const struct vsn_vnic *vnic)
{
	/* Pairs with the release in vsn_vnic_act_update(). */
	return smp_load_acquire(&vnic->act);
}

/* What the mode alone says, as it was when @act was written. */
static int vsn_hook_mode_judge(u8 act)
{
	if (!(act & VSN_ACT_DROP))
		return VSN_HOOK_PASS;
	return act & VSN_ACT_LOST ? VMSAFE_NET_DROP_REASON_APPLIANCE_LOST :
				    VMSAFE_NET_DROP_REASON_UNBOUND;
}

static __always_inline int
vsn_hook_policy(const struct vsn_vnic *vnic, struct sk_buff *skb,
		enum vsn_dir dir, bool ingress)
{
	struct vsn_policy *policy = rcu_dereference(vnic->policy[dir]);

	/* Detached since it was looked for; if that closed it, act says so. */
	if (unlikely(!policy)) {
		smp_rmb(); /* pairs with vsn_policy_clear() */
		return vsn_hook_mode_judge(READ_ONCE(vnic->act));
	}
	vsn_policy_ran(policy);
	return vsn_hook_verdict(vnic, policy,
				vsn_policy_call(policy, skb, ingress));
}

/* Is this frame's source none of the guest's, and does that matter? */
static __always_inline bool vsn_hook_guard_drops(struct vsn_vnic *vnic,
						 u64 source)
{
	u8 guard;

	if (likely(source == READ_ONCE(vnic->guest_mac)))
		return false;
	/*
	 * Both may be changed at once. A guard is not to judge by the MAC of
	 * the one before it: the MAC was written first, so look again.
	 */
	guard = smp_load_acquire(&vnic->guard);
	if (source == READ_ONCE(vnic->guest_mac))
		return false;
	vsn_guard_hit(vnic);
	return guard == VMSAFE_NET_GUARD_DROP;
}

/* enum vmsafe_net_drop_reason, or VSN_HOOK_PASS */
static __always_inline int
vsn_hook_judge(struct vsn_vnic *vnic, struct sk_buff *skb, enum vsn_dir dir,
	       bool ingress, u64 source)
{
	/* Not the mode, which may be ahead of it and open already. */
	u8 act = vsn_hook_act(vnic);

	if (unlikely(act & VSN_ACT_DROP))
		return vsn_hook_mode_judge(act);
	if (dir == VSN_FROM_GUEST && act & VSN_ACT_GUARD &&
	    vsn_hook_guard_drops(vnic, source))
		return VMSAFE_NET_DROP_REASON_SOURCE_MAC;
	return act & VSN_ACT_POLICY(dir) ?
		vsn_hook_policy(vnic, skb, dir, ingress) : VSN_HOOK_PASS;
}

/* All there may be to do. */
static __always_inline unsigned int
vsn_hook_filter(struct vsn_vnic *vnic, struct sk_buff *skb,
		const struct nf_hook_state *state, enum vsn_dir dir,
		bool ingress)
{
	/* A policy may change it. */
	unsigned int len = vsn_hook_len(skb, ingress);
	u64 source = 0;
	int reason;

	if (dir == VSN_FROM_GUEST && likely(vsn_hook_framed(skb, ingress))) {
		source = vsn_hook_source(skb, ingress);
		/* A probe comes from nowhere. */
		if (likely(!state->okfn))
			vsn_hook_learn(vnic, source);
	}
	reason = vsn_hook_judge(vnic, skb, dir, ingress, source);
	/* Only a probe has anywhere to go on to. */
	if (unlikely(state->okfn))
		return vsn_probe_seen(state, READ_ONCE(vnic->mode), reason);
	return vsn_hook_finish(vnic, dir, len, reason);
}

/*
 * Nearly always there is nothing to do but to count, and to see that the source
 * is still the one of a moment ago; or the guard has to be satisfied as well,
 * and is. False if there is more to it, and then nothing has been done.
 */
static __always_inline bool
vsn_hook_common(struct vsn_vnic *vnic, struct sk_buff *skb, enum vsn_dir dir,
		bool ingress, bool guard)
{
	u64 source;

	if (dir == VSN_TO_GUEST) {
		vsn_hook_count(vnic, vsn_hook_len(skb, ingress), dir);
		return true;
	}
	if (unlikely(!vsn_hook_framed(skb, ingress)))
		return false;
	source = vsn_hook_source(skb, ingress);
	if (guard && unlikely(source != READ_ONCE(vnic->guest_mac)))
		return false;
	vsn_hook_count(vnic, skb->len + (ingress ? ETH_HLEN : 0), dir);
	/* Last, so that nothing has to be kept across the call. */
	vsn_hook_learn(vnic, source);
	return true;
}

/* A policy that leaves packets alone is all there is, and the frame is one. */
static __always_inline unsigned int
vsn_hook_policed(struct vsn_vnic *vnic, struct vsn_policy *policy,
		 struct sk_buff *skb, enum vsn_dir dir, bool ingress)
{
	unsigned int header = ingress ? ETH_HLEN : 0;
	int reason;

	if (dir == VSN_FROM_GUEST)
		vsn_hook_learn(vnic, vsn_hook_source(skb, ingress));
	vsn_policy_ran(policy);
	reason = vsn_hook_verdict(vnic, policy,
				  vsn_policy_call_pure(policy, skb, header));
	return vsn_hook_finish(vnic, dir, skb->len + header, reason);
}

/* What concerns the packets of a direction. */
static __always_inline u8 vsn_hook_acts(const struct vsn_vnic *vnic,
					enum vsn_dir dir)
{
	u8 acts = VSN_ACT_DROP | VSN_ACT_PROBE | VSN_ACT_POLICY(dir);

	if (dir == VSN_FROM_GUEST)
		acts |= VSN_ACT_GUARD;
	return vsn_hook_act(vnic) & acts;
}

/*
 * A hook: NAME itself for the common case; NAME_guard and NAME_policy where one
 * thing comes on top of it; NAME_filter for all else. Each is out of line, so
 * that a simpler one has nothing to save. NAME_direct is for senders that go
 * past the queue (PACKET_QDISC_BYPASS): they come with bottom halves on. The
 * constants are there because a macro shall use an argument once.
 */
#define VSN_HOOK(name, dir, ingress)					\
static const enum vsn_dir name ## _dir = (dir);				\
static const bool name ## _in = (ingress);				\
									\
static noinline unsigned int						\
name ## _filter(struct vsn_vnic *vnic, struct sk_buff *skb,		\
		const struct nf_hook_state *state)			\
{									\
	return vsn_hook_filter(vnic, skb, state, name ## _dir,		\
			       name ## _in);				\
}									\
									\
static noinline unsigned int						\
name ## _policy(struct vsn_vnic *vnic, struct sk_buff *skb,		\
		const struct nf_hook_state *state)			\
{									\
	struct vsn_policy *policy =					\
		rcu_dereference(vnic->policy[name ## _dir]);		\
									\
	if (unlikely(!policy || !policy->pure ||			\
		     !vsn_hook_framed(skb, name ## _in)))		\
		return name ## _filter(vnic, skb, state);		\
	return vsn_hook_policed(vnic, policy, skb, name ## _dir,	\
				name ## _in);				\
}									\
									\
static noinline unsigned int						\
name ## _guard(struct vsn_vnic *vnic, struct sk_buff *skb,		\
	       const struct nf_hook_state *state)			\
{									\
	if (likely(vsn_hook_common(vnic, skb, name ## _dir,		\
				   name ## _in, true)))			\
		return NF_ACCEPT;					\
	return name ## _filter(vnic, skb, state);			\
}									\
									\
static noinline unsigned int						\
name ## _direct(struct vsn_vnic *vnic, struct sk_buff *skb,		\
		const struct nf_hook_state *state)			\
{									\
	unsigned int verdict;						\
									\
	local_bh_disable();						\
	verdict = name ## _filter(vnic, skb, state);			\
	local_bh_enable();						\
	return verdict;							\
}									\
									\
static unsigned int name(void *priv, struct sk_buff *skb,		\
			 const struct nf_hook_state *state)		\
{									\
	struct vsn_vnic *vnic = priv;					\
	u8 act = vsn_hook_acts(vnic, name ## _dir);			\
									\
	if (!name ## _in && unlikely(!softirq_count()))			\
		return name ## _direct(vnic, skb, state);		\
	if (likely(!act) &&						\
	    likely(vsn_hook_common(vnic, skb, name ## _dir,		\
				   name ## _in, false)))		\
		return NF_ACCEPT;					\
	if (act == VSN_ACT_POLICY(name ## _dir))			\
		return name ## _policy(vnic, skb, state);		\
	if (act == VSN_ACT_GUARD)					\
		return name ## _guard(vnic, skb, state);		\
	return name ## _filter(vnic, skb, state);			\
}

VSN_HOOK(vsn_hook_from_guest_in, VSN_FROM_GUEST, true)
VSN_HOOK(vsn_hook_from_guest_out, VSN_FROM_GUEST, false)
VSN_HOOK(vsn_hook_to_guest_in, VSN_TO_GUEST, true)
VSN_HOOK(vsn_hook_to_guest_out, VSN_TO_GUEST, false)

/* As near to the guest as the host's other rules allow: first, and last. */
#define VSN_HOOK_OPS(function, where, order)				\
	{								\
		.hook = (function),					\
		.pf = NFPROTO_NETDEV,					\
		.hooknum = (where),					\
		.priority = (order),					\
	}

/*
 * How the hooks are registered, by direction and by whether that is ingress.
 * The kernel keeps the address for as long as a hook is on, for each device by
 * itself, and looks at @dev and @priv only in the calls that put one on or take
 * one off; so all ports share these. Who sets the two holds vsn_hook_lock.
 */
static struct nf_hook_ops vsn_hook_ops[VSN_DIRS][2] = {
	[VSN_FROM_GUEST] = {
		VSN_HOOK_OPS(vsn_hook_from_guest_out, NF_NETDEV_EGRESS,
			     INT_MIN),
		VSN_HOOK_OPS(vsn_hook_from_guest_in, NF_NETDEV_INGRESS,
			     INT_MIN),
	},
	[VSN_TO_GUEST] = {
		VSN_HOOK_OPS(vsn_hook_to_guest_out, NF_NETDEV_EGRESS, INT_MAX),
		VSN_HOOK_OPS(vsn_hook_to_guest_in, NF_NETDEV_INGRESS, INT_MAX),
	},
};

static DEFINE_MUTEX(vsn_hook_lock);

static bool vsn_hook_mirrored(const struct vsn_vnic *vnic)
{
	return vnic->kind == VMSAFE_NET_PORT_KIND_MACVTAP ||
	       vnic->kind == VMSAFE_NET_PORT_KIND_IPVTAP;
}

static struct nf_hook_ops *vsn_hook_ops_of(const struct vsn_vnic *vnic,
					   enum vsn_dir dir)
{
	bool ingress = (dir == VSN_FROM_GUEST) != vsn_hook_mirrored(vnic);

	return &vsn_hook_ops[dir][ingress];
}

/**
 * vsn_hook_num - where a vNIC's hook is
 * @vnic: an entry
 * @dir: direction
 *
 * Return: NF_NETDEV_INGRESS or NF_NETDEV_EGRESS.
 */
unsigned int vsn_hook_num(const struct vsn_vnic *vnic, enum vsn_dir dir)
{
	return vsn_hook_ops_of(vnic, dir)->hooknum;
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
	struct nf_hook_ops *ops;
	int dir, err = 0;

	mutex_lock(&vsn_hook_lock);
	for (dir = 0; dir < VSN_DIRS && !err; dir++) {
		ops = vsn_hook_ops_of(vnic, dir);
		ops->dev = vnic->dev;
		ops->priv = vnic;
		err = nf_register_net_hook(net, ops);
		if (!err)
			vnic->hooked |= BIT(dir);
		ops->dev = NULL;
		ops->priv = NULL;
	}
	mutex_unlock(&vsn_hook_lock);
	return err;
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
	struct nf_hook_ops *ops;
	int dir;

	mutex_lock(&vsn_hook_lock);
	for (dir = 0; dir < VSN_DIRS; dir++) {
		if (!(vnic->hooked & BIT(dir)))
			continue;
		ops = vsn_hook_ops_of(vnic, dir);
		ops->dev = vnic->dev;
		nf_unregister_net_hook(vnic->sn->net, ops);
		ops->dev = NULL;
	}
	vnic->hooked = 0;
	mutex_unlock(&vsn_hook_lock);
}

/* What the packets of a direction will meet, not what we remember. */
static const struct nf_hook_entries *
vsn_hook_entries(const struct vsn_vnic *vnic, enum vsn_dir dir)
{
	const struct net_device *dev = vnic->dev;

	return vsn_hook_num(vnic, dir) == NF_NETDEV_INGRESS ?
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
	nf_hookfn *hook = vsn_hook_ops_of(vnic, dir)->hook;
	unsigned int i;

	if (!entries)
		return NULL;
	for (i = 0; i < entries->num_hook_entries; i++)
		if (entries->hooks[i].priv == vnic &&
		    entries->hooks[i].hook == hook)
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
