// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: the appliance session, its timing, and the modes that follow it, as
 * one table of ways through its states.
 */
/* The tracepoints are the driver's. */
#define NOTRACE

#include "../appliance.c"

#include "table_kunit.h"

/* When it is lost: so many intervals after the last sign of life. */
static const struct vsn_deadline_case {
	u32 interval;
	u32 tolerance;
	u64 ms;
} vsn_deadline_cases[] = {
	{ 1, 0, 1 },
	{ 10, 0, 10 },
	{ 50, 2, 150 },
	{ 1000, 3, 4000 },
	{ 3600000, 0, 3600000 },
	/* 41 days and 17 hours: more than 32 bits of milliseconds are. */
	{ 3600000, 1000, 3603600000ULL },
};

static void vsn_deadline_desc(const struct vsn_deadline_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u ms, %u missed", c->interval,
		 c->tolerance);
}

KUNIT_ARRAY_PARAM(vsn_deadline, vsn_deadline_cases, vsn_deadline_desc);

static void vsn_deadline_test(struct kunit *test)
{
	const struct vsn_deadline_case *c = test->param_value;
	s64 wanted = div_u64(c->ms * HZ + 999, 1000);
	struct vsn_tables *t = test->priv;
	struct vsn_appliance *app = &t->sn->appliance;
	unsigned long before, after;
	s64 wheel;

	mutex_lock(&t->sn->lock);
	before = jiffies;
	KUNIT_ASSERT_EQ(test, vsn_appliance_attach(t->sn, &t->clients[0],
						   c->interval, c->tolerance,
						   false), 0);
	after = jiffies;
	KUNIT_EXPECT_GE(test, (s64)(app->deadline - before), wanted);
	KUNIT_EXPECT_LE(test, (s64)(app->deadline - after), wanted);
	/* Each sign of life puts it off. */
	app->deadline = before;
	before = jiffies;
	KUNIT_EXPECT_EQ(test, vsn_appliance_heartbeat(t->sn, &t->clients[0],
						      app->epoch), 0);
	after = jiffies;
	KUNIT_EXPECT_GE(test, (s64)(app->deadline - before), wanted);
	KUNIT_EXPECT_LE(test, (s64)(app->deadline - after), wanted);
	/* If it is up already, who waits for our lock is busy as well. */
	KUNIT_EXPECT_NE(test, work_busy(&app->loss.work), 0U);
	/* However late the wheel may be, it is not later than that. */
	wheel = max_t(long, app->loss.timer.expires - after, 0);
	KUNIT_EXPECT_LE(test, wheel + (wheel < 64 ? 0 : wheel / 8), wanted + 1);
	KUNIT_EXPECT_EQ(test, vsn_appliance_detach(t->sn, &t->clients[0],
						   app->epoch), 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&app->loss));
	mutex_unlock(&t->sn->lock);
}

/* A timer that runs late or for nothing finds no one to be lost. */
static void vsn_late_timer_test(struct kunit *test)
{
	struct vsn_tables *t = test->priv;
	struct vsn_appliance *app = &t->sn->appliance;

	mutex_lock(&t->sn->lock);
	vsn_appliance_attach(t->sn, &t->clients[0], 60000, 0, false);
	mutex_unlock(&t->sn->lock);
	KUNIT_EXPECT_TRUE(test, cancel_delayed_work(&app->loss));
	vsn_appliance_loss(&app->loss.work);
	KUNIT_EXPECT_EQ(test, app->state,
			(u8)VMSAFE_NET_APPLIANCE_STATE_ATTACHED);
	/* but sees to it that it will be found */
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&app->loss));
	mutex_lock(&t->sn->lock);
	vsn_appliance_detach(t->sn, &t->clients[0], app->epoch);
	mutex_unlock(&t->sn->lock);
	app->deadline = jiffies;
	vsn_appliance_loss(&app->loss.work);
	KUNIT_EXPECT_EQ(test, app->state,
			(u8)VMSAFE_NET_APPLIANCE_STATE_NONE);
	mutex_lock(&t->sn->lock);
	vsn_appliance_attach(t->sn, &t->clients[0], 0, 0, false);
	mutex_unlock(&t->sn->lock);
	vsn_appliance_loss(&app->loss.work);
	KUNIT_EXPECT_EQ(test, app->state,
			(u8)VMSAFE_NET_APPLIANCE_STATE_ATTACHED);
	KUNIT_EXPECT_FALSE(test, app->lost);
	KUNIT_EXPECT_EQ(test, vsn_told_of(VMSAFE_NET_REASON_LOST), 0U);
}

/**
 * struct vsn_walk - a way through the states of the session
 * @steps: what happens. A: somebody attaches, promising heartbeats; a: without
 *	a promise. T, t: another takes it over, with or without a promise. B: a
 *	heartbeat comes. M: too many were missed. D: it is detached. C: its
 *	descriptor is closed
 * @state: state of the session at the end, VMSAFE_NET_APPLIANCE_STATE_
 * @lost: the appliance counts as lost at the end
 */
struct vsn_walk {
	const char *steps;
	u8 state;
	bool lost;
};

#define VSN_STATE(name)	VMSAFE_NET_APPLIANCE_STATE_ ## name

static const struct vsn_walk vsn_walks[] = {
	{ "", VSN_STATE(NONE), false },
	{ "A", VSN_STATE(ATTACHED), false },
	{ "AB", VSN_STATE(ATTACHED), false },
	{ "AD", VSN_STATE(NONE), false },
	{ "AM", VSN_STATE(LOST), true },
	{ "AMB", VSN_STATE(ATTACHED), false },
	{ "AMBM", VSN_STATE(LOST), true },
	{ "AMD", VSN_STATE(NONE), false },
	{ "AMC", VSN_STATE(RESET), true },
	{ "AC", VSN_STATE(RESET), true },
	{ "ACA", VSN_STATE(ATTACHED), false },
	{ "ACAD", VSN_STATE(NONE), false },
	{ "ACa", VSN_STATE(ATTACHED), true },
	{ "ACaB", VSN_STATE(ATTACHED), true },
	{ "ACaD", VSN_STATE(RESET), true },
	{ "ACaC", VSN_STATE(RESET), true },
	{ "ACaDA", VSN_STATE(ATTACHED), false },
	{ "ACaT", VSN_STATE(ATTACHED), false },
	{ "a", VSN_STATE(ATTACHED), false },
	{ "aC", VSN_STATE(RESET), false },
	{ "aD", VSN_STATE(NONE), false },
	{ "at", VSN_STATE(ATTACHED), false },
	{ "aT", VSN_STATE(ATTACHED), false },
	{ "aTM", VSN_STATE(LOST), true },
	{ "AT", VSN_STATE(ATTACHED), false },
	{ "ATTT", VSN_STATE(ATTACHED), false },
	{ "At", VSN_STATE(ATTACHED), true },
	{ "AtD", VSN_STATE(RESET), true },
	{ "AtT", VSN_STATE(ATTACHED), false },
	{ "AMT", VSN_STATE(ATTACHED), false },
	{ "AMt", VSN_STATE(ATTACHED), true },
	{ "T", VSN_STATE(ATTACHED), false },
	{ "TC", VSN_STATE(RESET), true },
};

static void vsn_walk_desc(const struct vsn_walk *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "<%s>", c->steps);
}

KUNIT_ARRAY_PARAM(vsn_walk, vsn_walks, vsn_walk_desc);

static int vsn_walk_step(struct vsn_tables *t, char step)
{
	struct vsn_session *who = &t->clients[t->now];
	struct vsn_appliance *app = &t->sn->appliance;

	switch (step) {
	case 'T':
	case 't':
		t->now = !t->now;
		who = &t->clients[t->now];
		fallthrough;
	case 'A':
	case 'a':
		return vsn_appliance_attach(t->sn, who, step < 'a' ? 60000 : 0,
					    0, step == 'T' || step == 't');
	case 'B':
		return vsn_appliance_heartbeat(t->sn, who, app->epoch);
	case 'D':
		return vsn_appliance_detach(t->sn, who, app->epoch);
	case 'C':
		vsn_appliance_release(t->sn, who);
		who->epoch = 0;
		return 0;
	case 'M':
		app->deadline = jiffies;
		/* It takes the lock itself. */
		mutex_unlock(&t->sn->lock);
		vsn_appliance_loss(&app->loss.work);
		mutex_lock(&t->sn->lock);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Ports: unbound, fail-open, fail-closed, and fail-closed with a bypass. */
static void vsn_walk_ports(struct kunit *test, struct vsn_tables *t)
{
	struct vsn_identity who;
	int i;

	for (i = 0; i < VSN_PORTS; i++) {
		KUNIT_ASSERT_EQ(test, vsn_tables_add(t, i, 101 + i, 5), 0);
		who = vsn_tables_who(1, i, i);
		who.failure_policy = i >= 2;
		who.bypass = i == 3;
		if (i)
			KUNIT_ASSERT_EQ(test, vsn_tables_bind(t, i, who), 0);
	}
}

static void vsn_walk_look(struct kunit *test, struct vsn_tables *t, bool was)
{
	const u8 closed = VSN_ACT_DROP | VSN_ACT_LOST;
	bool lost = t->sn->appliance.lost;
	u8 modes[VSN_PORTS] = {
		VMSAFE_NET_MODE_UNBOUND_PASS,
		lost ? VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN :
		       VMSAFE_NET_MODE_ENFORCING,
		lost ? VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED :
		       VMSAFE_NET_MODE_ENFORCING,
		VMSAFE_NET_MODE_BYPASS,
	};
	int i;

	for (i = 0; i < VSN_PORTS; i++) {
		KUNIT_EXPECT_EQ(test, t->vnics[i]->mode, modes[i]);
		KUNIT_EXPECT_EQ(test, t->vnics[i]->act & closed,
				i == 2 && lost ? closed : 0);
	}
	/* Whoever hears that it is lost finds closed what is to be. */
	if (lost && !was)
		KUNIT_EXPECT_EQ(test, vsn_told_closed, 1U);
	/* The two that follow it are told of, at each edge and only there. */
	KUNIT_EXPECT_EQ(test, vsn_told_of(VMSAFE_NET_REASON_MODE),
			was == lost ? 0U : 2U);
}

static void vsn_walk_test(struct kunit *test)
{
	const struct vsn_walk *c = test->param_value;
	struct vsn_tables *t = test->priv;
	const char *step;
	bool was;

	vsn_walk_ports(test, t);
	mutex_lock(&t->sn->lock);
	for (step = c->steps; *step; step++) {
		was = t->sn->appliance.lost;
		vsn_told_count = 0;
		KUNIT_EXPECT_EQ(test, vsn_walk_step(t, *step), 0);
		vsn_walk_look(test, t, was);
	}
	KUNIT_EXPECT_EQ(test, t->sn->appliance.state, c->state);
	KUNIT_EXPECT_EQ(test, t->sn->appliance.lost, c->lost);
	mutex_unlock(&t->sn->lock);
}

static struct kunit_case vsn_session_cases[] = {
	KUNIT_CASE_PARAM(vsn_deadline_test, vsn_deadline_gen_params),
	KUNIT_CASE(vsn_late_timer_test),
	KUNIT_CASE_PARAM(vsn_walk_test, vsn_walk_gen_params),
	{}
};

static struct kunit_suite vsn_session_suite = {
	.name = "vmsafe_net_session",
	.init = vsn_tables_init,
	.exit = vsn_tables_exit,
	.test_cases = vsn_session_cases,
};

kunit_test_suite(vsn_session_suite);
