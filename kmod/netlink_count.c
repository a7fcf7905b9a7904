// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, policies and probes of a vNIC, in attributes: the nested part of
 * netlink_put.c, under the same rules.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <net/netlink.h>

#include "hook.h"
#include "net.h"
#include "netlink_put.h"
#include "policy.h"
#include "probe.h"
#include "vnic.h"

/* Both are put by one function. */
static_assert((int)VMSAFE_NET_A_DROPPED_MODE ==
	      (int)VMSAFE_NET_A_PASSED_MODE &&
	      (int)VMSAFE_NET_A_DROPPED_FROM_GUEST ==
	      (int)VMSAFE_NET_A_PASSED_FROM_GUEST &&
	      (int)VMSAFE_NET_A_DROPPED_TO_GUEST ==
	      (int)VMSAFE_NET_A_PASSED_TO_GUEST);

static u64 vsn_tally_drops(const struct vsn_tally *tally, enum vsn_dir dir)
{
	u64 drops = 0;
	int reason;

	for (reason = 0; reason < VSN_REASONS; reason++)
		drops += tally->drops[dir][reason];
	return drops;
}

static int vsn_put_totals(struct sk_buff *skb, const struct vsn_tally *tally)
{
	const struct vsn_sum *sum = tally->sum;
	struct nlattr *nest;

	nest = nla_nest_start(skb, VMSAFE_NET_A_VNIC_STATS);
	if (!nest)
		return -EMSGSIZE;
	if (vsn_put_u64(skb, VMSAFE_NET_A_STATS_FROM_GUEST_PACKETS,
			sum[VSN_FROM_GUEST].packets) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_STATS_FROM_GUEST_BYTES,
			sum[VSN_FROM_GUEST].bytes) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_STATS_FROM_GUEST_DROPS,
			vsn_tally_drops(tally, VSN_FROM_GUEST)) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_STATS_TO_GUEST_PACKETS,
			sum[VSN_TO_GUEST].packets) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_STATS_TO_GUEST_BYTES,
			sum[VSN_TO_GUEST].bytes) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_STATS_TO_GUEST_DROPS,
			vsn_tally_drops(tally, VSN_TO_GUEST)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vsn_put_drops(struct sk_buff *skb, enum vsn_dir dir, int reason,
			 u64 packets)
{
	struct nlattr *nest;

	if (!packets)
		return 0;
	nest = nla_nest_start(skb, VMSAFE_NET_A_VNIC_DROPS);
	if (!nest || nla_put_u32(skb, VMSAFE_NET_A_DROPS_DIRECTION, dir) ||
	    nla_put_u32(skb, VMSAFE_NET_A_DROPS_REASON, reason) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_DROPS_PACKETS, packets))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vsn_put_mode(struct sk_buff *skb, int attr, int mode,
			const u64 *packets)
{
	struct nlattr *nest;

	if (!packets[VSN_FROM_GUEST] && !packets[VSN_TO_GUEST])
		return 0;
	nest = nla_nest_start(skb, attr);
	if (!nest || nla_put_u32(skb, VMSAFE_NET_A_PASSED_MODE, mode) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_PASSED_FROM_GUEST,
			packets[VSN_FROM_GUEST]) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_PASSED_TO_GUEST,
			packets[VSN_TO_GUEST]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @packets: what passed or was dropped, by mode and direction */
static int vsn_put_modes(struct sk_buff *skb, int attr,
			 u64 packets[VSN_MODES][VSN_DIRS])
{
	int mode;

	for (mode = 0; mode < VSN_MODES; mode++)
		if (vsn_put_mode(skb, attr, mode, packets[mode]))
			return -EMSGSIZE;
	return 0;
}

static int vsn_put_one_mac(struct sk_buff *skb,
			   const struct vsn_wire_mac *seen)
{
	u64 number = READ_ONCE(seen->mac);
	u64 now = get_jiffies_64();
	struct nlattr *nest;
	u8 mac[ETH_ALEN];

	if (!number)
		return 0;
	vsn_wire_bytes(number, mac);
	nest = nla_nest_start(skb, VMSAFE_NET_A_VNIC_WIRE_MACS);
	if (!nest ||
	    nla_put(skb, VMSAFE_NET_A_WIRE_MAC_MAC, ETH_ALEN, mac) ||
	    nla_put_u32(skb, VMSAFE_NET_A_WIRE_MAC_FIRST_SEEN,
			vsn_wire_age(now, READ_ONCE(seen->first))) ||
	    nla_put_u32(skb, VMSAFE_NET_A_WIRE_MAC_LAST_SEEN,
			vsn_wire_age(now, READ_ONCE(seen->last))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vsn_put_wire(struct sk_buff *skb, const struct vsn_wire *wire)
{
	const struct vsn_wire_seen *seen = READ_ONCE(wire->seen);
	int i;

	if (vsn_put_u64(skb, VMSAFE_NET_A_VNIC_WIRE_OTHERS,
			seen ? atomic64_read(&seen->others) : 0))
		return -EMSGSIZE;
	for (i = 0; seen && i < VSN_WIRE_MACS; i++)
		if (vsn_put_one_mac(skb, &seen->macs[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * vsn_put_stats - put all that is counted of an entry
 * @skb: message
 * @vnic: the entry
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_stats(struct sk_buff *skb, const struct vsn_vnic *vnic)
{
	u64 packets[VSN_MODES][VSN_DIRS];
	struct vsn_tally tally;
	int dir, reason;

	vsn_stats_take(vnic, &tally);
	if (vsn_put_totals(skb, &tally) || vsn_put_wire(skb, &vnic->wire) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_VNIC_GUARD_HITS, tally.guard_hits))
		return -EMSGSIZE;
	for (dir = 0; dir < VSN_DIRS; dir++)
		for (reason = 0; reason < VSN_REASONS; reason++)
			if (vsn_put_drops(skb, dir, reason,
					  tally.drops[dir][reason]))
				return -EMSGSIZE;
	vsn_stats_passed(vnic, &tally, packets);
	if (vsn_put_modes(skb, VMSAFE_NET_A_VNIC_PASSED, packets))
		return -EMSGSIZE;
	vsn_stats_dropped(vnic, &tally, packets);
	return vsn_put_modes(skb, VMSAFE_NET_A_VNIC_DROPPED, packets);
}

static int vsn_put_policy(struct sk_buff *skb, enum vsn_dir dir,
			  const struct vsn_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, VMSAFE_NET_A_VNIC_POLICIES);

	if (!nest || nla_put_u32(skb, VMSAFE_NET_A_POLICY_DIRECTION, dir) ||
	    nla_put_u32(skb, VMSAFE_NET_A_POLICY_PROG_ID,
			policy->prog->aux->id) ||
	    nla_put(skb, VMSAFE_NET_A_POLICY_TAG, sizeof(policy->prog->tag),
		    policy->prog->tag) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_POLICY_RUNS,
			vsn_policy_runs(policy)) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_POLICY_DROPS,
			atomic64_read(&policy->drops)) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_POLICY_ERRORS,
			atomic64_read(&policy->errors)) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_POLICY_ATTACHED, policy->attached))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vsn_put_policies - put the policies of an entry
 * @skb: message
 * @vnic: the entry
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_policies(struct sk_buff *skb, const struct vsn_vnic *vnic)
{
	const struct vsn_policy *policy;
	int dir;

	for (dir = 0; dir < VSN_DIRS; dir++) {
		policy = vsn_policy_get(vnic, dir);
		if (policy && vsn_put_policy(skb, dir, policy))
			return -EMSGSIZE;
	}
	return 0;
}

static int vsn_put_probe(struct sk_buff *skb, enum vsn_dir dir,
			 const struct vsn_probe *probe)
{
	struct nlattr *nest = nla_nest_start(skb, VMSAFE_NET_A_VNIC_PROBES);
	u32 result = 0;

	if (probe->hooked)
		result |= VMSAFE_NET_PROBE_RESULT_HOOKED;
	if (probe->policed)
		result |= VMSAFE_NET_PROBE_RESULT_POLICED;
	if (probe->hooked && probe->reason == VSN_HOOK_PASS)
		result |= VMSAFE_NET_PROBE_RESULT_PASSED;
	if (!nest || nla_put_u32(skb, VMSAFE_NET_A_PROBE_DIRECTION, dir) ||
	    nla_put_u32(skb, VMSAFE_NET_A_PROBE_RESULT, result) ||
	    (probe->hooked &&
	     nla_put_u32(skb, VMSAFE_NET_A_PROBE_MODE, probe->mode)) ||
	    (probe->hooked && probe->reason != VSN_HOOK_PASS &&
	     nla_put_u32(skb, VMSAFE_NET_A_PROBE_REASON, probe->reason)) ||
	    (probe->policed &&
	     nla_put_u32(skb, VMSAFE_NET_A_PROBE_PROG_ID, probe->prog_id)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vsn_put_probes - put what became of the probes
 * @skb: message
 * @vnic: the entry
 * @probes: by direction
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_probes(struct sk_buff *skb, const struct vsn_vnic *vnic,
		   const struct vsn_probe *probes)
{
	int dir;

	if (vsn_put_u64(skb, VMSAFE_NET_A_VNIC_ID, vnic->id) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_VNIC_GENERATION,
			vnic->sn->generation))
		return -EMSGSIZE;
	for (dir = 0; dir < VSN_DIRS; dir++)
		if (vsn_put_probe(skb, dir, &probes[dir]))
			return -EMSGSIZE;
	return 0;
}
