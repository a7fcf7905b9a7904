// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: what is booked to which mode, and when memory is taken for that, as
 * one way through all modes.
 */
#include "table_kunit.h"

/* One packet from the guest of @vnic passed. */
static void vsn_share_pass(struct vsn_vnic *vnic)
{
	struct vsn_stats *stats = get_cpu_ptr(vnic->stats);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->dir[VSN_FROM_GUEST].packets);
	u64_stats_update_end(&stats->sync);
	put_cpu_ptr(vnic->stats);
}

/* One packet to it was dropped. */
static void vsn_share_drop(struct vsn_vnic *vnic, int reason)
{
	atomic64_inc(&vnic->ledger->drops[VSN_TO_GUEST][reason]);
}

#define VSN_MODE(name)		VMSAFE_NET_MODE_ ## name
#define VSN_DROP(name)		VMSAFE_NET_DROP_REASON_ ## name

/*
 * Each step on what the one before has left: what is the case then, the mode
 * that follows, and where a packet goes that passes or is judged in it, or was
 * already on its way there.
 */
static const struct vsn_share_step {
	bool bound;
	bool closed;
	bool bypass;
	bool lost;
	u8 unbound;
	u8 mode;
	u8 passed;
	u8 judged;
} vsn_share_steps[] = {
	{ .bound = true, .mode = VSN_MODE(ENFORCING),
	  .passed = VSN_MODE(ENFORCING), .judged = VSN_MODE(ENFORCING) },
	{ .bound = true, .lost = true, .mode = VSN_MODE(APPLIANCE_LOST_OPEN),
	  .passed = VSN_MODE(APPLIANCE_LOST_OPEN),
	  .judged = VSN_MODE(APPLIANCE_LOST_OPEN) },
	{ .bound = true, .lost = true, .closed = true,
	  .mode = VSN_MODE(APPLIANCE_LOST_CLOSED),
	  .passed = VSN_MODE(APPLIANCE_LOST_OPEN),
	  .judged = VSN_MODE(APPLIANCE_LOST_OPEN) },
	{ .bound = true, .closed = true, .mode = VSN_MODE(ENFORCING),
	  .passed = VSN_MODE(ENFORCING), .judged = VSN_MODE(ENFORCING) },
	/* What was closed at once has never been open. */
	{ .bound = true, .lost = true, .closed = true,
	  .mode = VSN_MODE(APPLIANCE_LOST_CLOSED),
	  .passed = VSN_MODE(ENFORCING), .judged = VSN_MODE(ENFORCING) },
	{ .bound = true, .lost = true, .closed = true, .bypass = true,
	  .mode = VSN_MODE(BYPASS),
	  .passed = VSN_MODE(BYPASS), .judged = VSN_MODE(ENFORCING) },
	{ .lost = true, .unbound = VMSAFE_NET_VERDICT_DROP,
	  .mode = VSN_MODE(UNBOUND_DROP),
	  .passed = VSN_MODE(BYPASS), .judged = VSN_MODE(ENFORCING) },
	{ .bound = true, .lost = true, .unbound = VMSAFE_NET_VERDICT_DROP,
	  .mode = VSN_MODE(APPLIANCE_LOST_OPEN),
	  .passed = VSN_MODE(APPLIANCE_LOST_OPEN),
	  .judged = VSN_MODE(APPLIANCE_LOST_OPEN) },
	{ .lost = true, .mode = VSN_MODE(UNBOUND_PASS),
	  .passed = VSN_MODE(UNBOUND_PASS),
	  .judged = VSN_MODE(APPLIANCE_LOST_OPEN) },
	{ .unbound = VMSAFE_NET_VERDICT_DROP, .mode = VSN_MODE(UNBOUND_DROP),
	  .passed = VSN_MODE(UNBOUND_PASS),
	  .judged = VSN_MODE(APPLIANCE_LOST_OPEN) },
	{ .bound = true, .mode = VSN_MODE(ENFORCING),
	  .passed = VSN_MODE(ENFORCING), .judged = VSN_MODE(ENFORCING) },
};

static int vsn_share_act(struct vsn_vnic *vnic,
			 const struct vsn_share_step *step)
{
	struct vsn_identity who = vsn_tables_who(1, 0, 1);
	int err = 0;

	lockdep_assert_held(&vnic->sn->lock);
	vnic->sn->appliance.lost = step->lost;
	vnic->sn->unbound_default = step->unbound;
	who.failure_policy = step->closed;
	who.bypass = step->bypass;
	if (!step->bound)
		vsn_binding_drop(vnic);
	else if (vsn_vnic_binding(vnic))
		err = vsn_binding_change(vnic, &who, NULL);
	else
		err = vsn_binding_create(vnic, &who, NULL);
	vsn_vnic_mode_update(vnic);
	return err;
}

static void vsn_share_expect(struct kunit *test, const struct vsn_vnic *vnic,
			     const u64 *passed, const u64 *dropped)
{
	u64 is_passed[VSN_MODES][VSN_DIRS], is_dropped[VSN_MODES][VSN_DIRS];
	struct vsn_tally tally;
	int mode;

	vsn_stats_take(vnic, &tally);
	vsn_stats_passed(vnic, &tally, is_passed);
	vsn_stats_dropped(vnic, &tally, is_dropped);
	for (mode = 0; mode < VSN_MODES; mode++) {
		KUNIT_EXPECT_EQ_MSG(test, is_passed[mode][VSN_FROM_GUEST],
				    passed[mode], "passed in mode %d", mode);
		KUNIT_EXPECT_EQ_MSG(test, is_dropped[mode][VSN_TO_GUEST],
				    dropped[mode], "dropped in mode %d", mode);
		KUNIT_EXPECT_EQ(test, is_passed[mode][VSN_TO_GUEST], 0ULL);
		KUNIT_EXPECT_EQ(test, is_dropped[mode][VSN_FROM_GUEST], 0ULL);
	}
}

static void vsn_share_test(struct kunit *test)
{
	u64 passed[VSN_MODES] = {}, dropped[VSN_MODES] = {};
	static const int judged[] = {
		VSN_DROP(SOURCE_MAC), VSN_DROP(POLICY), VSN_DROP(POLICY_ERROR),
	};
	struct vsn_tables *t = test->priv;
	struct vsn_vnic *vnic;
	int i, j;

	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 0, 101, 0), 0);
	vnic = t->vnics[0];
	vsn_share_pass(vnic);
	passed[VSN_MODE(UNBOUND_PASS)]++;
	mutex_lock(&t->sn->lock);
	for (i = 0; i < ARRAY_SIZE(vsn_share_steps); i++) {
		const struct vsn_share_step *step = &vsn_share_steps[i];

		KUNIT_EXPECT_EQ(test, vsn_share_act(vnic, step), 0);
		KUNIT_EXPECT_EQ_MSG(test, vnic->mode, step->mode, "step %d", i);
		vsn_share_expect(test, vnic, passed, dropped);
		vsn_share_pass(vnic);
		passed[step->passed]++;
		for (j = 0; j < ARRAY_SIZE(judged); j++)
			vsn_share_drop(vnic, judged[j]);
		dropped[step->judged] += ARRAY_SIZE(judged);
		/* These say themselves where they belong, whenever it was. */
		vsn_share_drop(vnic, VSN_DROP(UNBOUND));
		dropped[VSN_MODE(UNBOUND_DROP)]++;
		vsn_share_drop(vnic, VSN_DROP(APPLIANCE_LOST));
		dropped[VSN_MODE(APPLIANCE_LOST_CLOSED)]++;
		vsn_share_expect(test, vnic, passed, dropped);
	}
	mutex_unlock(&t->sn->lock);
}

static void vsn_ledger_test(struct kunit *test)
{
	struct vsn_identity who = vsn_tables_who(1, 0, 1);
	struct vsn_tables *t = test->priv;
	struct vsn_vnic *vnic;

	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 0, 101, 5), 0);
	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 1, 102, 6), 0);
	vnic = t->vnics[0];
	/* Nothing to book, and nothing that can drop: no ledger. */
	KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, 0, who), 0);
	KUNIT_EXPECT_TRUE(test, !vnic->ledger);
	/* What passed bound was not unbound: that has to be kept. */
	vsn_share_pass(vnic);
	mutex_lock(&t->sn->lock);
	vsn_binding_drop(vnic);
	mutex_unlock(&t->sn->lock);
	KUNIT_EXPECT_TRUE(test, vnic->ledger);
	/* What can get closed has one before it is. */
	vnic = t->vnics[1];
	who = vsn_tables_who(2, 0, 2);
	who.failure_policy = VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED;
	KUNIT_EXPECT_TRUE(test, !vnic->ledger);
	KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, 1, who), 0);
	KUNIT_EXPECT_TRUE(test, vnic->ledger);
	/* So does what comes where all that is not bound is dropped. */
	t->sn->unbound_default = VMSAFE_NET_VERDICT_DROP;
	KUNIT_ASSERT_EQ(test, vsn_tables_add(t, 2, 103, 7), 0);
	t->sn->unbound_default = VMSAFE_NET_VERDICT_PASS;
	KUNIT_EXPECT_TRUE(test, t->vnics[2]->ledger);
}

static struct kunit_case vsn_stats_cases[] = {
	KUNIT_CASE(vsn_share_test),
	KUNIT_CASE(vsn_ledger_test),
	{}
};

static struct kunit_suite vsn_stats_suite = {
	.name = "vmsafe_net_stats",
	.init = vsn_tables_init,
	.exit = vsn_tables_exit,
	.test_cases = vsn_stats_cases,
};

kunit_test_suite(vsn_stats_suite);
