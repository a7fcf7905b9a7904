// SPDX-License-Identifier: GPL-2.0-only
/* When a difference counts, when it is said, when it is over. */
#include "unit.h"

#include "world.h"

static void open_world(struct world *w, vs_time grace, unsigned int debounce)
{
	world_open(w, grace, debounce);
	world_ready(w);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
}

/*
 * The edges of grace and debounce: after which of the evaluations, one a
 * second, does the event come?
 */
static void edges(void **state)
{
	static const struct {
		vs_time grace;
		unsigned int debounce;
		int event;
	} rows[] = {
		{ 0, 0, 1 }, { 0, 1, 1 }, { 0, 2, 2 }, { 0, 3, 3 },
		{ 1, 1, 2 }, { 1000, 1, 2 }, { 1001, 1, 3 },
		{ 1000, 2, 2 }, { 999, 2, 2 }, { 2000, 2, 3 },
		{ 1000, 3, 3 }, { 2500, 2, 4 }, { 3000, 7, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world w;

		open_world(&w, rows[i].grace, rows[i].debounce);
		for (int n = 1; n <= 10; n++) {
			const char *said = world_after(&w, 1000);
			const char *want = n == rows[i].event ?
					   "368 vm1 manager:0:01" : "";

			assert_row_string(i, said, want);
			want = n < rows[i].event ? "pending manager-only" :
						   "out-of-sync manager-only";
			assert_row_string(i, world_state(&w, 1), want);
		}
		world_close(&w);
	}
}

/* S01: two observations, however late the second */
static void one_observation(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 1000, 2);
	assert_string_equal(world_evaluate(&w), "");
	/* nobody looked in the meantime: gone by the time it is looked at */
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 3600000), "");
	assert_string_equal(world_state(&w, 1), "in-sync -");
	world_close(&w);
}

/* the first good observation ends it, and the next one starts from nothing */
static void interrupted(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 2000, 2);
	world_after(&w, 1000);
	world_after(&w, 1000);
	assert_string_equal(world_state(&w, 1), "pending manager-only");
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_state(&w, 1), "in-sync -");
	assert_int_equal(vs_engine_del_port(w.e, VS_SOURCE_DRIVER, 11), 0);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_after(&w, 1000), "368 vm1 manager:0:01");
	world_close(&w);
}

/* S23: said once, first seen kept */
static void repeats(void **state)
{
	struct vs_uuid uuid = world_uuid(1);
	struct vs_vm_view view;
	struct world w;
	vs_time first;

	(void)state;
	open_world(&w, 0, 1);
	first = w.now;
	assert_string_equal(world_evaluate(&w), "368 vm1 manager:0:01");
	for (int i = 0; i < 50; i++) {
		world_keep(&w, VS_SOURCE_MANAGER);
		world_keep(&w, VS_SOURCE_DRIVER);
		assert_string_equal(world_after(&w, 60000), "");
	}
	assert_int_equal(vs_engine_vm(w.e, &uuid, &view), 0);
	assert_int_equal(view.since, first);
	assert_true(view.alert);
	world_close(&w);
}

/* a second difference is news, and the event tells the whole of it */
static void one_more(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 1000, 1);
	world_evaluate(&w);
	assert_string_equal(world_after(&w, 1000), "368 vm1 manager:0:01");
	world_vnic(&w, 1, 1, 2);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_after(&w, 1000),
			    "368 vm1 manager:0:01 manager:1:02");
	/* one of two is over: still out of sync, nothing to be said */
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_state(&w, 1), "out-of-sync manager-only");
	/* while something is pending, it is not in sync again */
	world_vnic(&w, 1, 2, 3);
	world_bound(&w, 12, 1, 1, 2);
	assert_string_equal(world_after(&w, 500), "");
	assert_string_equal(world_state(&w, 1), "pending manager-only");
	world_del_vnic(&w, 1, 2, 3);
	assert_string_equal(world_after(&w, 1), "9000 vm1 in-sync");
	world_close(&w);
}

/* the same entry differs in another way: not news either */
static void another_reason(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	assert_string_equal(world_evaluate(&w), "368 vm1 manager:0:01");
	world_bound(&w, 11, 1, 0, 2);
	assert_string_equal(world_evaluate(&w),
			    "368 vm1 manager:0:01 driver:0:02");
	assert_int_equal(vs_engine_del_port(w.e, VS_SOURCE_DRIVER, 11), 0);
	assert_string_equal(world_evaluate(&w), "");
	assert_string_equal(world_state(&w, 1), "out-of-sync manager-only");
	world_close(&w);
}

/* S02: the VM starts again on another port; what differs is the same */
static void another_port(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(&w), "368 vm1 driver:0:01");
	assert_int_equal(vs_engine_del_port(w.e, VS_SOURCE_DRIVER, 11), 0);
	world_bound(&w, 12, 1, 0, 1);
	assert_string_equal(world_evaluate(&w), "");
	world_close(&w);
}

/* an unknown source: no event, no end, and no observation */
static void unknown_between(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 3000, 2);
	world_after(&w, 1000);
	world_fail(&w, VS_SOURCE_MANAGER);
	assert_string_equal(world_after(&w, 1000), "742\n368 inventory");
	assert_string_equal(world_state(&w, 1), "unknown source-unknown");
	assert_string_equal(world_after(&w, 60000), "");
	world_keep(&w, VS_SOURCE_MANAGER);
	/* old enough by now, but seen once since */
	assert_string_equal(world_after(&w, 1000), "743");
	assert_string_equal(world_state(&w, 1), "pending manager-only");
	assert_string_equal(world_after(&w, 1), "368 vm1 manager:0:01");
	/* and what was said before is neither repeated nor taken back */
	world_fail(&w, VS_SOURCE_DRIVER);
	assert_string_equal(world_after(&w, 1000), "368 list");
	assert_string_equal(world_state(&w, 1), "unknown source-unknown");
	world_keep(&w, VS_SOURCE_DRIVER);
	assert_string_equal(world_after(&w, 1000), "9001");
	assert_string_equal(world_state(&w, 1), "out-of-sync manager-only");
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "9000 vm1 in-sync");
	world_close(&w);
}

/* the end comes to light only after the list is readable again */
static void ends_while_unknown(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	assert_string_equal(world_evaluate(&w), "368 vm1 manager:0:01");
	world_fail(&w, VS_SOURCE_MANAGER);
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "742\n368 inventory");
	world_keep(&w, VS_SOURCE_MANAGER);
	assert_string_equal(world_after(&w, 1000), "743\n9000 vm1 in-sync");
	world_close(&w);
}

/* a host whose ports cannot be read: a host-only difference is not over */
static void host_unknown(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	world_unbound(&w, 11);
	world_plugged(&w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(&w), "368 vm1 driver:0:01");
	world_fail(&w, VS_SOURCE_HOST);
	assert_string_equal(world_after(&w, 1000), "9002");
	assert_string_equal(world_state(&w, 1), "unknown source-unknown");
	world_keep(&w, VS_SOURCE_HOST);
	assert_string_equal(world_after(&w, 1000), "9003");
	assert_string_equal(world_state(&w, 1), "out-of-sync host-only");
	world_bound(&w, 11, 1, 0, 1);
	world_vm(&w, 1);
	world_vnic(&w, 1, 0, 1);
	assert_string_equal(world_evaluate(&w), "9000 vm1 in-sync");
	world_close(&w);
}

/* and not being able to look is no observation of it either */
static void host_unknown_pending(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 0, 2);
	world_ready(&w);
	world_unbound(&w, 11);
	world_plugged(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1), "");
	world_fail(&w, VS_SOURCE_HOST);
	assert_string_equal(world_after(&w, 1), "9002");
	assert_string_equal(world_after(&w, 1), "");
	world_keep(&w, VS_SOURCE_HOST);
	assert_string_equal(world_after(&w, 1), "9003");
	assert_string_equal(world_state(&w, 1), "pending host-only");
	assert_string_equal(world_after(&w, 1), "368 vm1 driver:0:01");
	world_close(&w);
}

static int count_difference(void *ctx, const struct vs_difference *d,
			    bool confirmed)
{
	(void)d;
	*(int *)ctx += confirmed;
	return 0;
}

/* what the other two lists show ends while the host cannot be looked at */
static void host_unknown_others(void **state)
{
	struct vs_uuid uuid = world_uuid(1);
	struct world w;
	int n = 0;

	(void)state;
	open_world(&w, 0, 1);
	world_unbound(&w, 11);
	world_plugged(&w, 11, 1, 1, 2);
	assert_string_equal(world_evaluate(&w),
			    "368 vm1 manager:0:01 driver:1:02");
	world_fail(&w, VS_SOURCE_HOST);
	world_bound(&w, 12, 1, 0, 1);
	assert_string_equal(world_after(&w, 1), "9002");
	assert_int_equal(vs_engine_differences(w.e, &uuid, count_difference,
					       &n), 0);
	assert_int_equal(n, 1);
	world_close(&w);
}

static void next_due(void **state)
{
	struct world w;
	vs_time at = 0, first;

	(void)state;
	open_world(&w, 5000, 1);
	assert_false(vs_engine_next(w.e, &at));
	first = w.now;
	world_evaluate(&w);
	assert_true(vs_engine_next(w.e, &at));
	assert_int_equal(at, first + 5000);
	world_vm(&w, 2);
	world_vnic(&w, 2, 0, 2);
	world_after(&w, 1000);
	assert_true(vs_engine_next(w.e, &at));
	assert_int_equal(at, first + 5000);
	world_after(&w, 4000);
	assert_true(vs_engine_next(w.e, &at));
	assert_int_equal(at, first + 6000);
	assert_string_equal(world_after(&w, 1000), "368 vm2 manager:0:02");
	assert_false(vs_engine_next(w.e, &at));
	world_close(&w);
}

static void configure(struct world *w, const char *host, vs_time grace,
		      unsigned int debounce)
{
	const struct vs_engine_config config = {
		.host = host, .grace = grace, .debounce = debounce,
		.hash_seed = 77,
	};

	assert_int_equal(vs_engine_configure(w->e, &config), 0);
}

static vs_time since(struct world *w, unsigned int vm)
{
	struct vs_uuid uuid = world_uuid(vm);
	struct vs_vm_view view;

	assert_int_equal(vs_engine_vm(w->e, &uuid, &view), 0);
	return view.since;
}

/* told otherwise meanwhile: what was said stays said, what waits waits on */
static void configured(void **state)
{
	struct vs_vm_fact fact = world_vm_fact(2);
	struct world w;
	vs_time at, first;

	(void)state;
	open_world(&w, 1000, 1);
	world_unbound(&w, 9);
	world_plugged(&w, 9, 0, 0, 0);
	first = w.now;
	world_evaluate(&w);
	assert_string_equal(world_after(&w, 1000),
			    "368 tap9 driver:-1:00\n368 vm1 manager:0:01");
	world_vm(&w, 2);
	world_vnic(&w, 2, 0, 2);
	assert_string_equal(world_after(&w, 1000), "");

	configure(&w, "node1", 5000, 1);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_state(&w, 1), "out-of-sync manager-only");
	assert_int_equal(since(&w, 1), first);
	assert_string_equal(world_state(&w, 2), "pending manager-only");
	assert_int_equal(since(&w, 2), first + 2000);
	assert_true(vs_engine_next(w.e, &at));
	assert_int_equal(at, first + 7000);

	/* nothing has changed but the time that it may take */
	configure(&w, "node1", 2000, 1);
	assert_string_equal(world_after(&w, 1000), "368 vm2 manager:0:02");
	world_bound(&w, 1, 1, 0, 1);
	assert_string_equal(world_after(&w, 1), "9000 vm1 in-sync");
	assert_string_equal(world_after(&w, 1), "");

	/* and where it is */
	fact.host = "node1";
	assert_int_equal(vs_engine_set_vm(w.e, &fact), 0);
	assert_string_equal(world_after(&w, 1), "");
	configure(&w, "node2", 2000, 0);
	assert_string_equal(world_after(&w, 1), "9000 vm2 not-applicable");
	world_close(&w);
}

/* a clock that jumps back delays, and nothing else */
static void clock_back(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 1000, 1);
	world_evaluate(&w);
	assert_string_equal(world_after(&w, -500000), "");
	assert_string_equal(world_state(&w, 1), "pending manager-only");
	assert_string_equal(world_after(&w, 501000), "368 vm1 manager:0:01");
	world_close(&w);
}

/* a grace period longer than time itself */
static void for_ever(void **state)
{
	struct world w;
	vs_time at;

	(void)state;
	open_world(&w, INT64_MAX, 1);
	world_evaluate(&w);
	assert_string_equal(world_after(&w, INT32_MAX), "");
	assert_string_equal(world_state(&w, 1), "pending manager-only");
	assert_false(vs_engine_next(w.e, &at));
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges),
		cmocka_unit_test(one_observation),
		cmocka_unit_test(interrupted),
		cmocka_unit_test(repeats),
		cmocka_unit_test(one_more),
		cmocka_unit_test(another_reason),
		cmocka_unit_test(another_port),
		cmocka_unit_test(unknown_between),
		cmocka_unit_test(ends_while_unknown),
		cmocka_unit_test(host_unknown),
		cmocka_unit_test(host_unknown_pending),
		cmocka_unit_test(host_unknown_others),
		cmocka_unit_test(next_due),
		cmocka_unit_test(configured),
		cmocka_unit_test(clock_back),
		cmocka_unit_test(for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
