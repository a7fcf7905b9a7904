// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters. What passes is counted per CPU, once, whatever the mode: at a
 * change of mode the sum since the last change is booked to the old one. Drops
 * are rare or meant to be dear, and are counted in one place.
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

/**
 * vsn_stats_sum - add up what passed on all CPUs
 * @vnic: an entry
 * @sum: out, by direction
 *
 * Context: any.
 */
void vsn_stats_sum(const struct vsn_vnic *vnic, struct vsn_sum sum[VSN_DIRS])
{
	int cpu, dir;

	memset(sum, 0, sizeof(struct vsn_sum) * VSN_DIRS);
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

/* Where what passes now will be booked. A closed mode lets stragglers by. */
static int vsn_stats_pass_of(const struct vsn_vnic *vnic)
{
	int pass = vsn_stats_pass[vnic->mode];

	if (pass >= 0)
		return pass;
	return vnic->mode == VMSAFE_NET_MODE_UNBOUND_DROP ?
		VSN_PASS_UNBOUND : VSN_PASS_LOST;
}

/**
 * vsn_stats_settle - book what passed since the last time to the present mode
 * @vnic: an entry about to change its mode, the lock of its namespace held
 *
 * The change cannot be refused, and nothing may be booked to the wrong mode: if
 * there is something to book for the first time, this waits for memory. An
 * entry that can get closed was prepared and never waits.
 */
void vsn_stats_settle(struct vsn_vnic *vnic)
{
	struct vsn_sum sum[VSN_DIRS];
	struct vsn_ledger *ledger;
	int dir;

	lockdep_assert_held(&vnic->sn->lock);
	vsn_stats_sum(vnic, sum);
	if (!vnic->ledger && !sum[VSN_FROM_GUEST].packets &&
	    !sum[VSN_TO_GUEST].packets)
		return;
	vsn_stats_ledger(vnic, __GFP_NOFAIL);
	ledger = vnic->ledger;
	for (dir = 0; dir < VSN_DIRS; dir++) {
		ledger->passed[vsn_stats_pass_of(vnic)][dir] +=
			sum[dir].packets - ledger->mark[dir];
		ledger->mark[dir] = sum[dir].packets;
	}
}

/**
 * vsn_stats_passed - say what passed in which mode
 * @vnic: an entry, the lock of its namespace held
 * @sum: what vsn_stats_sum() gave, under the same lock
 * @passed: out, packets by mode and direction
 */
void vsn_stats_passed(const struct vsn_vnic *vnic,
		      const struct vsn_sum sum[VSN_DIRS],
		      u64 passed[VSN_MODES][VSN_DIRS])
{
	static const struct vsn_ledger nothing;
	const struct vsn_ledger *ledger = vnic->ledger ?: &nothing;
	int dir, mode, pass;

	lockdep_assert_held(&vnic->sn->lock);
	for (mode = 0; mode < VSN_MODES; mode++) {
		pass = vsn_stats_pass[mode];
		for (dir = 0; dir < VSN_DIRS; dir++) {
			if (pass < 0) {
				passed[mode][dir] = 0;
				continue;
			}
			passed[mode][dir] = ledger->passed[pass][dir];
			if (pass == vsn_stats_pass_of(vnic))
				passed[mode][dir] += sum[dir].packets -
						     ledger->mark[dir];
		}
	}
}
