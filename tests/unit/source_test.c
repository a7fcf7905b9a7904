// SPDX-License-Identifier: GPL-2.0-only
/* What is said about sources and the Filter Driver; alerts handed on. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/alert.h"
#include "world.h"

static void fill(struct world *w, unsigned int vms)
{
	for (unsigned int vm = 1; vm <= vms; vm++) {
		world_vm(w, vm);
		world_vnic(w, vm, 0, vm);
		world_bound(w, vm, vm, 0, vm);
		world_plugged(w, vm, vm, 0, vm);
	}
}

static void open_world(struct world *w)
{
	world_open(w, 0, 1);
	world_ready(w);
	fill(w, 100);
	assert_string_equal(world_evaluate(w), "");
}

static void expect_all(struct world *w, enum vs_state state, int code)
{
	struct vs_host_view host;

	vs_engine_host(w->e, &host);
	assert_int_equal(host.vms[state], 100);
	assert_int_equal(host.vnics[state], 100);
	assert_int_equal(host.state, state);
	assert_int_equal(vs_exit_code(&host, host.state), code);
}

/* S24: one event for a list that cannot be read, none for what is in it */
static void unreadable(void **state)
{
	static const struct {
		enum vs_source source;
		const char *lost, *back;
	} rows[] = {
		{ VS_SOURCE_MANAGER, "742\n368 inventory", "743" },
		{ VS_SOURCE_DRIVER, "368 list", "9001" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world w;

		open_world(&w);
		world_fail(&w, rows[i].source);
		assert_row_string(i, world_after(&w, 1000), rows[i].lost);
		expect_all(&w, VS_STATE_UNKNOWN, 5);
		for (int n = 0; n < 5; n++) {
			world_fail(&w, rows[i].source);
			assert_row_string(i, world_after(&w, 1000), "");
		}
		world_keep(&w, rows[i].source);
		assert_row_string(i, world_after(&w, 1000), rows[i].back);
		expect_all(&w, VS_STATE_IN_SYNC, 0);
		assert_row_string(i, world_after(&w, 1000), "");
		world_close(&w);
	}
}

/* an engine that has read nothing says nothing, and calls nothing absent */
static void nothing_read(void **state)
{
	struct vs_host_view host;
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	fill(&w, 100);
	assert_string_equal(world_evaluate(&w), "");
	expect_all(&w, VS_STATE_UNKNOWN, 5);
	vs_engine_host(w.e, &host);
	assert_int_equal(host.source[VS_SOURCE_MANAGER].error.why,
			 VS_WHY_NOT_READ);
	world_close(&w);
}

/* the very first attempt fails */
static void first_fails(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	world_fail(&w, VS_SOURCE_MANAGER);
	world_driver(&w, VS_DRIVER_NOT_LOADED);
	assert_string_equal(world_evaluate(&w),
			    "5008 not-loaded\n742\n368 inventory");
	world_close(&w);
}

static void too_old(void **state)
{
	const struct vs_engine_config config = { .max_age = 60000 };
	struct vs_host_view host;
	struct world w;

	(void)state;
	world_open_config(&w, &config);
	world_ready(&w);
	fill(&w, 100);
	assert_string_equal(world_evaluate(&w), "");
	assert_string_equal(world_after(&w, 60000), "");
	assert_string_equal(world_after(&w, 1),
			    "368 list\n742\n368 inventory\n9002");
	vs_engine_host(w.e, &host);
	assert_int_equal(host.source[VS_SOURCE_MANAGER].error.why,
			 VS_WHY_TOO_OLD);
	assert_int_equal(host.source[VS_SOURCE_DRIVER].error.why,
			 VS_WHY_TOO_OLD);
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		world_keep(&w, i);
	assert_string_equal(world_after(&w, 1), "9001\n743\n9003");
	expect_all(&w, VS_STATE_IN_SYNC, 0);
	world_close(&w);
}

/*
 * The Filter Driver's states are told apart: each way from one to another,
 * and what it makes the engine say. "-" stands for nothing.
 */
static void driver_states(void **state)
{
	enum { ON = VS_DRIVER_ONLINE, NO = VS_DRIVER_NOT_LOADED,
	       ABI = VS_DRIVER_ABI_MISMATCH, IO = VS_DRIVER_IOCTL_FAILS,
	       LOST = VS_DRIVER_APPLIANCE_LOST };
	static const struct {
		int to;
		const char *said;
	} walk[] = {
		{ ON, "" },
		{ NO, "5008 not-loaded" },
		{ NO, "" },
		{ ON, "5009 online" },
		{ ABI, "5008 abi-mismatch" },
		{ NO, "5008 not-loaded" },
		{ ABI, "5008 abi-mismatch" },
		{ ON, "5009 online" },
		{ IO, "368 ioctl" },
		{ IO, "" },
		{ ON, "9001" },
		{ LOST, "5008 appliance-lost" },
		{ LOST, "" },
		{ NO, "5008 not-loaded" },
		{ LOST, "5008 appliance-lost" },
		{ ON, "5009 online" },
		/* what was begun is ended, each by its own */
		{ IO, "368 ioctl" },
		{ NO, "5008 not-loaded" },
		{ IO, "" },
		{ ON, "5009 online\n9001" },
		{ IO, "368 ioctl" },
		{ LOST, "5008 appliance-lost\n9001" },
		{ ON, "5009 online" },
	};
	struct world w;

	(void)state;
	open_world(&w);
	for (size_t i = 0; i < ARRAY_SIZE(walk); i++) {
		int to = walk[i].to;

		world_driver(&w, to);
		assert_row_string(i, world_after(&w, 1000), walk[i].said);
		/* the list is known while the driver can be asked for it */
		if (to == ON || to == LOST)
			expect_all(&w, VS_STATE_IN_SYNC, to == ON ? 0 : 5);
		else
			expect_all(&w, VS_STATE_UNKNOWN, 5);
	}
	world_close(&w);
}

static void driver_optional(void **state)
{
	const struct vs_engine_config config = { .driver_optional = true };
	struct world w;

	(void)state;
	world_open_config(&w, &config);
	world_ready(&w);
	fill(&w, 100);
	world_driver(&w, VS_DRIVER_NOT_LOADED);
	assert_string_equal(world_evaluate(&w), "");
	expect_all(&w, VS_STATE_NOT_APPLICABLE, 0);
	assert_string_equal(world_state(&w, 1), "not-applicable no-driver");
	/* a driver that is there must work */
	world_driver(&w, VS_DRIVER_ABI_MISMATCH);
	assert_string_equal(world_evaluate(&w), "5008 abi-mismatch");
	expect_all(&w, VS_STATE_UNKNOWN, 5);
	world_driver(&w, VS_DRIVER_ONLINE);
	assert_string_equal(world_evaluate(&w), "5009 online");
	expect_all(&w, VS_STATE_IN_SYNC, 0);
	world_close(&w);
}

/* with the host's list not read at all, the other two are compared */
static void host_not_asked(void **state)
{
	const struct vs_list_info info = { 0 };
	struct vs_host_view host;
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	vs_engine_begin(w.e, VS_SOURCE_MANAGER);
	vs_engine_begin(w.e, VS_SOURCE_DRIVER);
	world_vm(&w, 1);
	world_vnic(&w, 1, 0, 1);
	world_bound(&w, 1, 1, 0, 1);
	vs_engine_commit(w.e, VS_SOURCE_MANAGER, &info);
	vs_engine_commit(w.e, VS_SOURCE_DRIVER, &info);
	world_driver(&w, VS_DRIVER_ONLINE);
	assert_string_equal(world_evaluate(&w), "");
	vs_engine_host(w.e, &host);
	assert_int_equal(vs_exit_code(&host, host.state), 0);
	world_close(&w);
}

/** struct handed - alerts on their way to another engine */
struct handed {
	struct vs_engine *to;
	int n;
	bool bare;
};

static int hand_on(void *ctx, const struct vs_alert *alert)
{
	struct handed *h = ctx;
	struct vs_alert copy = *alert;

	h->n++;
	if (h->bare)
		copy.n_differences = 0;
	return vs_engine_restore_alert(h->to, &copy);
}

static int open_alerts(struct world *from, struct world *to, bool bare)
{
	struct handed h = { .to = to->e, .bare = bare };

	assert_int_equal(vs_engine_each_alert(from->e, hand_on, &h), 0);
	return h.n;
}

/* S03, S04: the next engine says what ended, and nothing twice */
static void handed_on(void **state)
{
	struct world a, b;
	struct vs_uuid uuid = world_uuid(1);
	struct vs_vm_view view;
	vs_time first;

	(void)state;
	world_open(&a, 0, 1);
	world_ready(&a);
	world_bound(&a, 1, 1, 0, 1);
	world_bound(&a, 2, 2, 0, 2);
	world_evaluate(&a);
	first = a.now;

	world_open(&b, 60000, 2);
	assert_int_equal(open_alerts(&a, &b, false), 2);
	world_ready(&b);
	world_bound(&b, 1, 1, 0, 1);
	b.now = first + 10;
	/* VM 1 still differs, VM 2 has gone meanwhile */
	assert_string_equal(world_evaluate(&b), "9000 vm2 in-sync");
	assert_string_equal(world_state(&b, 1), "out-of-sync driver-only");
	assert_int_equal(vs_engine_vm(b.e, &uuid, &view), 0);
	assert_int_equal(view.since, first);
	world_vm(&b, 1);
	world_vnic(&b, 1, 0, 1);
	assert_string_equal(world_after(&b, 1), "9000 vm1 in-sync");
	world_close(&b);

	/* a one-shot command says what is, and that something ended */
	world_open(&b, 0, 1);
	assert_int_equal(open_alerts(&a, &b, true), 2);
	world_ready(&b);
	world_bound(&b, 1, 1, 0, 1);
	assert_string_equal(world_evaluate(&b),
			    "368 vm1 driver:0:01\n9000 vm2 in-sync");
	world_close(&b);

	/* nothing has ended as long as nobody can look */
	world_open(&b, 0, 1);
	assert_int_equal(open_alerts(&a, &b, true), 2);
	world_fail(&b, VS_SOURCE_MANAGER);
	assert_string_equal(world_evaluate(&b), "742\n368 inventory");
	world_ready(&b);
	assert_string_equal(world_after(&b, 1),
			    "743\n9000 vm1 in-sync\n9000 vm2 in-sync");
	world_close(&b);
	world_close(&a);
}

static void handed_on_sources(void **state)
{
	static const struct {
		int driver;
		const char *before, *after;
	} rows[] = {
		{ VS_DRIVER_NOT_LOADED,
		  "5008 not-loaded\n742\n368 inventory\n9002",
		  "5009 online\n743\n9003" },
		{ VS_DRIVER_IOCTL_FAILS,
		  "368 ioctl\n742\n368 inventory\n9002",
		  "9001\n743\n9003" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world a, b, c;

		world_open(&a, 0, 1);
		world_fail(&a, VS_SOURCE_MANAGER);
		world_fail(&a, VS_SOURCE_HOST);
		world_driver(&a, rows[i].driver);
		assert_row_string(i, world_evaluate(&a), rows[i].before);

		/* still so: nothing is said again */
		world_open(&b, 0, 1);
		assert_row(i, open_alerts(&a, &b, false) == 4);
		world_fail(&b, VS_SOURCE_MANAGER);
		world_fail(&b, VS_SOURCE_HOST);
		world_driver(&b, rows[i].driver);
		assert_row_string(i, world_evaluate(&b), "");

		/* all is well again */
		world_open(&c, 0, 1);
		assert_row(i, open_alerts(&b, &c, false) == 4);
		world_ready(&c);
		assert_row_string(i, world_evaluate(&c), rows[i].after);
		assert_row(i, open_alerts(&c, &a, false) == 0);
		world_close(&a);
		world_close(&b);
		world_close(&c);
	}
}

static void bad_alerts(void **state)
{
	static const struct vs_alert rows[] = {
		{ .id = VS_EVENT_OUT_OF_SYNC },
		{ .id = VS_EVENT_IN_SYNC },
		{ .id = VS_EVENT_INVENTORY_BACK },
		{ .id = VS_EVENT_DRIVER_OFFLINE },
		{ .id = VS_EVENT_DRIVER_OFFLINE, .driver = VS_DRIVER_ONLINE },
		{ .id = VS_EVENT_DRIVER_OFFLINE, .driver = 99 },
		{ .id = 4711 },
	};
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_engine_restore_alert(w.e, &rows[i]) ==
			   -EINVAL);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unreadable),
		cmocka_unit_test(nothing_read),
		cmocka_unit_test(first_fails),
		cmocka_unit_test(too_old),
		cmocka_unit_test(driver_states),
		cmocka_unit_test(driver_optional),
		cmocka_unit_test(host_not_asked),
		cmocka_unit_test(handed_on),
		cmocka_unit_test(handed_on_sources),
		cmocka_unit_test(bad_alerts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
