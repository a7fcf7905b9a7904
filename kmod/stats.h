/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_STATS_H
#define _VSN_STATS_H

#include <linux/atomic.h>
#include <linux/u64_stats_sync.h>

#include <uapi/linux/vmsafe_net.h>

struct vsn_vnic;

/* Directions are the guest's: what it sends, and what is sent to it. */
enum vsn_dir {
	VSN_FROM_GUEST = VMSAFE_NET_DIRECTION_FROM_GUEST,
	VSN_TO_GUEST = VMSAFE_NET_DIRECTION_TO_GUEST,
	VSN_DIRS
};

#define VSN_MODES	(VMSAFE_NET_MODE_BYPASS + 1)
#define VSN_REASONS	(VMSAFE_NET_DROP_REASON_POLICY_ERROR + 1)

/**
 * struct vsn_count - counters of one direction
 * @packets: packets that passed
 * @bytes: their bytes, Ethernet header included
 */
struct vsn_count {
	u64_stats_t packets;
	u64_stats_t bytes;
};

/**
 * struct vsn_stats - what passed on one CPU
 * @dir: by direction
 * @sync: for readers on 32-bit machines
 */
struct vsn_stats {
	struct vsn_count dir[VSN_DIRS];
	struct u64_stats_sync sync;
};

/* Modes in which packets pass, in a row. */
enum vsn_pass {
	VSN_PASS_UNBOUND,
	VSN_PASS_ENFORCING,
	VSN_PASS_LOST,
	VSN_PASS_BYPASS,
	VSN_PASSES
};

/* Modes in which packets are dropped one by one, likewise. */
enum vsn_judge {
	VSN_JUDGE_ENFORCING,
	VSN_JUDGE_LOST,
	VSN_JUDGES
};

/**
 * struct vsn_ledger - what is not counted per CPU, once there is any of it
 * @drops: packets dropped, by direction and enum vmsafe_net_drop_reason
 * @passed: packets that passed in modes that were left, by enum vsn_pass
 * @dropped: of @drops, those judged one by one in modes that were left, by enum
 *	vsn_judge. It and @passed are guarded by vsn_net.lock
 * @guard_hits: frames whose source MAC was not the guest's
 * @guard_told: how many of them were told of, guarded by vsn_net.lock
 */
struct vsn_ledger {
	atomic64_t drops[VSN_DIRS][VSN_REASONS];
	u64 passed[VSN_PASSES][VSN_DIRS];
	u64 dropped[VSN_JUDGES][VSN_DIRS];
	atomic64_t guard_hits;
	s64 guard_told;
};

/**
 * struct vsn_sum - counters of all CPUs
 * @packets: packets that passed
 * @bytes: their bytes
 */
struct vsn_sum {
	u64 packets;
	u64 bytes;
};

/**
 * struct vsn_tally - all counters at one moment, so that parts and totals agree
 * @sum: what passed, by direction
 * @drops: what was dropped, by direction and enum vmsafe_net_drop_reason
 * @guard_hits: frames whose source MAC was not the guest's
 */
struct vsn_tally {
	struct vsn_sum sum[VSN_DIRS];
	u64 drops[VSN_DIRS][VSN_REASONS];
	u64 guard_hits;
};

void vsn_stats_init(struct vsn_vnic *vnic);
int vsn_stats_prepare(struct vsn_vnic *vnic);
void vsn_stats_take(const struct vsn_vnic *vnic, struct vsn_tally *tally);
void vsn_stats_settle(struct vsn_vnic *vnic, u8 mode);
void vsn_stats_passed(const struct vsn_vnic *vnic,
		      const struct vsn_tally *tally,
		      u64 passed[VSN_MODES][VSN_DIRS]);
void vsn_stats_dropped(const struct vsn_vnic *vnic,
		       const struct vsn_tally *tally,
		       u64 dropped[VSN_MODES][VSN_DIRS]);

#endif /* _VSN_STATS_H */
