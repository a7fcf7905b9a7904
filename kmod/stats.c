// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters. What passes is counted per CPU, once, whatever the mode. Drops are
 * rare or meant to be dear, and are counted in one place, by reason. Before
 * packets begin to pass, or to be judged, in another mode, what was counted
 * until then is booked to the one in which they did so last: so a packet that
 * is on its way when that mode is left still counts there.
 */
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "net.h"
#include "vnic.h"

static const s8 vsn_stats_pass[VSN_MODES] = {
	[VMSAFE_NET_MODE_UNBOUND_PASS] = VSN_PASS_UNBOUND,
	[VMSAFE_NET_MODE_UNBOUND_DROP] = -1,
	[VMSAFE_NET_MODE_ENFORCING] = VSN_PASS_ENFORCING,
	[VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN] = VSN_PASS_LOST,
	[VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED] = -1,
	[VMSAFE_NET_MODE_BYPASS] = VSN_PASS_BYPASS,
};

static const s8 vsn_stats_judge[VSN_MODES] = {
	[VMSAFE_NET_MODE_UNBOUND_PASS] = -1,
	[VMSAFE_NET_MODE_UNBOUND_DROP] = -1,
	[VMSAFE_NET_MODE_ENFORCING] = VSN_JUDGE_ENFORCING,
	[VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN] = VSN_JUDGE_LOST,
	[VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED] = -1,
	[VMSAFE_NET_MODE_BYPASS] = -1,
};

/* The one mode in which that is why; -1, the packet was judged by itself. */
static const s8 vsn_stats_mode[VSN_REASONS] = {
	[VMSAFE_NET_DROP_REASON_UNBOUND] = VMSAFE_NET_MODE_UNBOUND_DROP,
	[VMSAFE_NET_DROP_REASON_APPLIANCE_LOST] =
		VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED,
	[VMSAFE_NET_DROP_REASON_SOURCE_MAC] = -1,
	[VMSAFE_NET_DROP_REASON_POLICY] = -1,
	[VMSAFE_NET_DROP_REASON_POLICY_ERROR] = -1,
};

/**
 * vsn_stats_init - let what passes be counted
 * @vnic: an entry whose per-CPU counters have just been allocated
 */
void vsn_stats_init(struct vsn_vnic *vnic)
{
	int cpu;

	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(vnic->stats, cpu)->sync);
}

static int vsn_stats_ledger(struct vsn_vnic *vnic, gfp_t gfp)
{
	struct vsn_ledger *ledger;

	if (vnic->ledger)
		return 0;
	ledger = kzalloc(sizeof(*ledger), GFP_KERNEL_ACCOUNT | gfp);
	if (!ledger)
		return -ENOMEM;
	WRITE_ONCE(vnic->ledger, ledger);
	/* Before what makes packets drop; pairs with vsn_vnic_ledger(). */
	smp_wmb();
	return 0;
}

/**
 * vsn_stats_prepare - make sure that what is dropped can be counted
 * @vnic: an entry in no table, or the lock of its namespace is held
 *
 * To be called before anything is changed that can make it drop packets, or
 * count those of a foreign source.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int vsn_stats_prepare(struct vsn_vnic *vnic)
{
	return vsn_stats_ledger(vnic, 0);
}

static void vsn_stats_sum(const struct vsn_vnic *vnic,
			  struct vsn_sum sum[VSN_DIRS])
{
	int cpu, dir;

	for_each_possible_cpu(cpu) {
		const struct vsn_stats *stats = per_cpu_ptr(vnic->stats, cpu);
		struct vsn_sum got[VSN_DIRS];
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&stats->sync);
			for (dir = 0; dir < VSN_DIRS; dir++) {
				const struct vsn_count *c = &stats->dir[dir];

				got[dir].packets = u64_stats_read(&c->packets);
				got[dir].bytes = u64_stats_read(&c->bytes);
			}
		} while (u64_stats_fetch_retry(&stats->sync, start));
		for (dir = 0; dir < VSN_DIRS; dir++) {
			sum[dir].packets += got[dir].packets;
			sum[dir].bytes += got[dir].bytes;
		}
	}
}

/**
 * vsn_stats_take - read all counters
 * @vnic: an entry, the lock of its namespace held
 * @tally: out
 *
 * Context: process.
 */
void vsn_stats_take(const struct vsn_vnic *vnic, struct vsn_tally *tally)
{
	struct vsn_ledger *ledger = vnic->ledger;
	int dir, reason;

	lockdep_assert_held(&vnic->sn->lock);
	*tally = (struct vsn_tally) {};
	vsn_stats_sum(vnic, tally->sum);
	if (!ledger)
		return;
	for (dir = 0; dir < VSN_DIRS; dir++)
		for (reason = 0; reason < VSN_REASONS; reason++)
			tally->drops[dir][reason] =
				atomic64_read(&ledger->drops[dir][reason]);
	tally->guard_hits = atomic64_read(&ledger->guard_hits);
}

static u64 vsn_stats_judged(const struct vsn_tally *tally, enum vsn_dir dir)
{
	u64 judged = 0;
	int reason;

	for (reason = 0; reason < VSN_REASONS; reason++)
		if (vsn_stats_mode[reason] < 0)
			judged += tally->drops[dir][reason];
	return judged;
}

/* What of @total is in none of the @rows yet, goes into @row. */
static void vsn_stats_book(u64 rows[][VSN_DIRS], int count, int row,
			   enum vsn_dir dir, u64 total)
{
	int i;

	for (i = 0; i < count; i++)
		total -= rows[i][dir];
	rows[row][dir] += total;
}

static void vsn_stats_book_passed(const struct vsn_vnic *vnic,
				  const struct vsn_tally *tally,
				  u64 passed[VSN_PASSES][VSN_DIRS])
{
	int dir;

	for (dir = 0; dir < VSN_DIRS; dir++)
		vsn_stats_book(passed, VSN_PASSES, vnic->pass, dir,
			       tally->sum[dir].packets);
}

static void vsn_stats_book_dropped(const struct vsn_vnic *vnic,
				   const struct vsn_tally *tally,
				   u64 dropped[VSN_JUDGES][VSN_DIRS])
{
	int dir;

	for (dir = 0; dir < VSN_DIRS; dir++)
		vsn_stats_book(dropped, VSN_JUDGES, vnic->judge, dir,
			       vsn_stats_judged(tally, dir));
}

/**
 * vsn_stats_settle - book what was counted so far, if it has to be
 * @vnic: an entry about to change its mode, the lock of its namespace held
 * @mode: enum vmsafe_net_mode, the one to come
 *
 * The change cannot be refused, and nothing may be booked to the wrong mode: if
 * there is something to book for the first time, this waits for memory. It does
 * not for an entry that gets closed, since nothing passes there.
 */
void vsn_stats_settle(struct vsn_vnic *vnic, u8 mode)
{
	int pass = vsn_stats_pass[mode], judge = vsn_stats_judge[mode];
	bool passes = pass >= 0 && pass != vnic->pass;
	bool judges = judge >= 0 && judge != vnic->judge;
	struct vsn_tally tally;

	lockdep_assert_held(&vnic->sn->lock);
	if (!passes && !judges)
		return;
	vsn_stats_take(vnic, &tally);
	if (passes) {
		if (tally.sum[VSN_FROM_GUEST].packets ||
		    tally.sum[VSN_TO_GUEST].packets)
			vsn_stats_ledger(vnic, __GFP_NOFAIL);
		if (vnic->ledger)
			vsn_stats_book_passed(vnic, &tally,
					      vnic->ledger->passed);
		vnic->pass = pass;
	}
	if (judges) {
		if (vnic->ledger)
			vsn_stats_book_dropped(vnic, &tally,
					       vnic->ledger->dropped);
		vnic->judge = judge;
	}
}

/**
 * vsn_stats_passed - say what passed in which mode
 * @vnic: an entry, the lock of its namespace held
 * @tally: what vsn_stats_take() gave, under the same lock
 * @passed: out, packets by mode and direction
 */
void vsn_stats_passed(const struct vsn_vnic *vnic,
		      const struct vsn_tally *tally,
		      u64 passed[VSN_MODES][VSN_DIRS])
{
	u64 booked[VSN_PASSES][VSN_DIRS] = {};
	int dir, mode, pass;

	lockdep_assert_held(&vnic->sn->lock);
	if (vnic->ledger)
		memcpy(booked, vnic->ledger->passed, sizeof(booked));
	vsn_stats_book_passed(vnic, tally, booked);
	for (mode = 0; mode < VSN_MODES; mode++) {
		pass = vsn_stats_pass[mode];
		for (dir = 0; dir < VSN_DIRS; dir++)
			passed[mode][dir] = pass < 0 ? 0 : booked[pass][dir];
	}
}

/**
 * vsn_stats_dropped - say what was dropped in which mode
 * @vnic: an entry, the lock of its namespace held
 * @tally: what vsn_stats_take() gave, under the same lock
 * @dropped: out, packets by mode and direction
 */
void vsn_stats_dropped(const struct vsn_vnic *vnic,
		       const struct vsn_tally *tally,
		       u64 dropped[VSN_MODES][VSN_DIRS])
{
	u64 booked[VSN_JUDGES][VSN_DIRS] = {};
	int dir, judge, mode, reason;

	lockdep_assert_held(&vnic->sn->lock);
	if (vnic->ledger)
		memcpy(booked, vnic->ledger->dropped, sizeof(booked));
	vsn_stats_book_dropped(vnic, tally, booked);
	for (mode = 0; mode < VSN_MODES; mode++) {
		judge = vsn_stats_judge[mode];
		for (dir = 0; dir < VSN_DIRS; dir++)
			dropped[mode][dir] = judge < 0 ? 0 : booked[judge][dir];
	}
	for (reason = 0; reason < VSN_REASONS; reason++) {
		mode = vsn_stats_mode[reason];
		for (dir = 0; mode >= 0 && dir < VSN_DIRS; dir++)
			dropped[mode][dir] += tally->drops[dir][reason];
	}
}
