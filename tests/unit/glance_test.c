// SPDX-License-Identifier: GPL-2.0-only
/* What is right at once, before the next evaluation tells of it. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "random.h"
#include "world.h"

/* where the random changes begin */
static unsigned long long from;

/* two VMs, each with a vNIC that is filtered and plugged */
static void open_world(struct world *w, vs_time grace, unsigned int debounce)
{
	world_open(w, grace, debounce);
	world_ready(w);
	for (unsigned int vm = 1; vm < 3; vm++) {
		world_vm(w, vm);
		world_vnic(w, vm, 0, vm);
		world_bound(w, 10 + vm, vm, 0, vm);
		world_plugged(w, 10 + vm, vm, 0, vm);
	}
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
}

static void take_port(struct world *w, unsigned int port)
{
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_DRIVER, port), 0);
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, port), 0);
}

static void glance(struct world *w)
{
	assert_int_equal(vs_engine_glance(w->e, w->now), 0);
}

/* the glance and the evaluation after it are one observation */
static void observations(void **state)
{
	static const struct {
		vs_time grace;
		unsigned int debounce;
		const char *seen;	/* by the glance */
		int event;		/* by which of the evaluations */
	} rows[] = {
		{ 0, 1, "out-of-sync manager-only", 1 },
		{ 0, 2, "pending manager-only", 2 },
		{ 0, 3, "pending manager-only", 3 },
		{ 1000, 1, "pending manager-only", 2 },
		{ 1000, 2, "pending manager-only", 2 },
		{ 1000, 3, "pending manager-only", 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world w;

		open_world(&w, rows[i].grace, rows[i].debounce);
		take_port(&w, 11);
		glance(&w);
		assert_row_string(i, world_state(&w, 1), rows[i].seen);
		assert_row_string(i, world_state(&w, 2), "in-sync -");
		for (int n = 1; n <= 4; n++) {
			const char *want = n == rows[i].event ?
					   "368 vm1 manager:0:01" : "";

			/* one that changes nothing is none */
			glance(&w);
			assert_row_string(i, world_evaluate(&w), want);
			w.now += 1000;
		}
		world_close(&w);
	}
}

/* when it was first seen is when the glance saw it */
static void first_seen(void **state)
{
	struct vs_uuid uuid = world_uuid(1);
	struct vs_vm_view view;
	struct world w;
	vs_time first;

	(void)state;
	open_world(&w, 1000, 1);
	first = w.now;
	take_port(&w, 11);
	glance(&w);
	assert_string_equal(world_after(&w, 999), "");
	assert_string_equal(world_after(&w, 1), "368 vm1 manager:0:01");
	assert_int_equal(vs_engine_vm(w.e, &uuid, &view), 0);
	assert_int_equal(view.since, first);
	world_close(&w);
}

/* what is open ends in an evaluation, or nobody would be told */
static void ends_are_told(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	take_port(&w, 11);
	assert_string_equal(world_evaluate(&w), "368 vm1 manager:0:01");
	world_bound(&w, 21, 1, 0, 1);
	world_plugged(&w, 21, 1, 0, 1);
	glance(&w);
	assert_string_equal(world_state(&w, 1),
			    "out-of-sync manager-only");
	take_port(&w, 21);
	glance(&w);
	assert_string_equal(world_evaluate(&w), "");
	world_bound(&w, 22, 1, 0, 1);
	world_plugged(&w, 22, 1, 0, 1);
	glance(&w);
	assert_string_equal(world_evaluate(&w), "9000 vm1 in-sync");
	world_close(&w);
}

/* in the middle of a list, a VM may not have been told whole */
static void half_a_list(void **state)
{
	const struct vs_list_info info = { .read_at = 0 };
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	take_port(&w, 11);
	vs_engine_begin(w.e, VS_SOURCE_MANAGER);
	glance(&w);
	assert_string_equal(world_state(&w, 1), "in-sync -");
	assert_int_equal(vs_engine_commit(w.e, VS_SOURCE_MANAGER, &info), 0);
	glance(&w);
	assert_string_not_equal(world_state(&w, 1), "in-sync -");
	world_close(&w);
}

/* each looks at what came after the one before; the evaluation at all of it */
static void in_a_row(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	take_port(&w, 11);
	glance(&w);
	take_port(&w, 12);
	assert_string_equal(world_state(&w, 2), "in-sync -");
	glance(&w);
	assert_string_equal(world_state(&w, 2), "out-of-sync manager-only");
	world_del_vnic(&w, 2, 0, 2);
	glance(&w);
	assert_string_equal(world_evaluate(&w), "368 vm1 manager:0:01");
	assert_string_equal(world_state(&w, 2), "in-sync -");
	world_vnic(&w, 2, 0, 2);
	glance(&w);
	assert_string_equal(world_state(&w, 2), "out-of-sync manager-only");
	world_close(&w);
}

/* who asks in between must see that the answers are of two comparisons */
static void changes(void **state)
{
	struct world w;
	uint64_t glanced;

	(void)state;
	open_world(&w, 0, 2);
	take_port(&w, 11);
	glance(&w);
	glanced = vs_engine_changes(w.e);
	world_evaluate(&w);
	assert_int_not_equal(vs_engine_changes(w.e), glanced);
	world_close(&w);
}

/* a random change, some of them lists that fail or come back */
static void stir(struct world *w, struct model *m)
{
	model_change(w, m);
	if (!random_pick(10))
		world_fail(w, random_pick(VS_SOURCE_COUNT));
	if (!random_pick(10))
		world_driver(w, 1 + random_pick(5));
	if (!random_pick(5))
		model_put_list(w, m, random_pick(VS_SOURCE_COUNT));
}

static void look_alike(struct world *plain, struct world *glancing)
{
	char *seen = strdup(world_vnics(plain, 0));

	assert_non_null(seen);
	assert_string_equal(world_vnics(glancing, 0), seen);
	free(seen);
}

/*
 * Whatever comes: no glance says falsely that a VM is in sync, and after the
 * evaluation nothing tells whether there was one.
 */
static void never_told_apart(void **state)
{
	static struct world plain, glancing;
	static struct model one, two;

	(void)state;
	for (int run = 0; run < 100; run++) {
		vs_time grace = run % 3 * 100;

		memset(&one, 0, sizeof(one));
		memset(&two, 0, sizeof(two));
		world_open(&plain, grace, 1 + run % 2);
		world_open(&glancing, grace, 1 + run % 2);
		world_ready(&plain);
		world_ready(&glancing);
		for (int n = 0; n < 200; n++) {
			unsigned long long where = from + run * 200 + n;

			random_begin(where);
			stir(&plain, &one);
			random_begin(where);
			stir(&glancing, &two);
			plain.now += where % 120;
			glancing.now = plain.now;
			glance(&glancing);
			model_check_in_sync(&glancing, &two);
			world_evaluate(&plain);
			assert_string_equal(world_evaluate(&glancing),
					    plain.said);
			look_alike(&plain, &glancing);
		}
		world_close(&plain);
		world_close(&glancing);
	}
}

static int setup(void **state)
{
	(void)state;
	from = random_seed() * 1000003;
	model_pick_by(random_pick);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(observations),
		cmocka_unit_test(first_seen),
		cmocka_unit_test(ends_are_told),
		cmocka_unit_test(half_a_list),
		cmocka_unit_test(in_a_row),
		cmocka_unit_test(changes),
		cmocka_unit_test(never_told_apart),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
