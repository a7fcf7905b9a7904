// SPDX-License-Identifier: GPL-2.0-only
/* Somebody sets the clock: what waits still takes as long. */
#include "unit.h"

#include "clock_wrap.h"
#include "daemon/agent.h"
#include "host/clock.h"
#include "world.h"

#define SECOND 1000LL
#define DAY (24 * 3600 * SECOND)

/* what the clocks say */
static vs_time day, boot;

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	vs_time ms = id == CLOCK_REALTIME ? day : boot;

	if (id != CLOCK_REALTIME && id != CLOCK_BOOTTIME)
		return __real_clock_gettime(id, ts);
	ts->tv_sec = ms / 1000;
	ts->tv_nsec = ms % 1000 * 1000000;
	return 0;
}

static void pass_by(vs_time ms)
{
	day += ms;
	boot += ms;
}

/** struct desk - as much of a daemon as it takes, and what it saw */
struct desk {
	struct vs_agent a;
	struct world w;
};

static void listed(struct desk *d)
{
	const struct vs_list_info info = { .read_at = vs_agent_now(&d->a) };

	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		vs_engine_begin(d->w.e, i);
		if (i == VS_SOURCE_MANAGER) {
			world_vm(&d->w, 1);
			world_vnic(&d->w, 1, 0, 1);
			d->a.manager.read_at = info.read_at;
		}
		assert_int_equal(vs_engine_commit(d->w.e, i, &info), 0);
	}
}

/* VM 1 has a vNIC that no port carries */
static void desk_open(struct desk *d)
{
	const struct vs_engine_config config = {
		.host = "node1", .grace = 120 * SECOND, .debounce = 2,
		.max_age = 600 * SECOND,
	};

	*d = (struct desk){ 0 };
	day = 1700000000000;
	boot = 5000;
	world_open_config(&d->w, &config);
	d->a.engine = d->w.e;
	d->a.started = vs_agent_now(&d->a);
	assert_int_equal(d->a.started, day);
	world_driver(&d->w, VS_DRIVER_ONLINE);
	listed(d);
}

static void desk_close(struct desk *d)
{
	world_close(&d->w);
}

static const char *evaluate(struct desk *d)
{
	d->w.now = vs_agent_now(&d->a);
	return world_evaluate(&d->w);
}

static vs_time first_seen(struct desk *d)
{
	struct vs_uuid uuid = world_uuid(1);
	struct vs_vm_view vm;

	assert_int_equal(vs_engine_vm(d->w.e, &uuid, &vm), 0);
	return vm.since;
}

static void forward_in_grace(void **state)
{
	struct desk d;
	vs_time at;

	(void)state;
	desk_open(&d);
	assert_string_equal(evaluate(&d), "");
	pass_by(10 * SECOND);
	day += DAY;
	assert_string_equal(evaluate(&d), "");
	assert_string_equal(world_state(&d.w, 1), "pending manager-only");
	/* what is told is the new time of day, what passed is what passed */
	assert_int_equal(d.w.now, day);
	assert_int_equal(first_seen(&d), day - 10 * SECOND);
	assert_true(vs_engine_next(d.w.e, &at));
	assert_int_equal(at, day + 110 * SECOND);
	assert_int_equal(d.a.started, day - 10 * SECOND);
	pass_by(109 * SECOND);
	assert_string_equal(evaluate(&d), "");
	pass_by(1 * SECOND);
	assert_string_equal(evaluate(&d), "368 vm1 manager:0:01");
	desk_close(&d);
}

static void forward_and_the_list(void **state)
{
	struct vs_host_view host;
	struct desk d;

	(void)state;
	desk_open(&d);
	evaluate(&d);
	pass_by(300 * SECOND);
	day += DAY;
	/* but it is no younger for that */
	assert_null(strstr(evaluate(&d), "742"));
	assert_int_equal(d.a.manager.read_at, day - 300 * SECOND);
	vs_engine_host(d.w.e, &host);
	assert_int_equal(host.source[VS_SOURCE_MANAGER].info.read_at,
			 d.a.manager.read_at);
	pass_by(301 * SECOND);
	assert_non_null(strstr(evaluate(&d), "742"));
	desk_close(&d);
}

/* ours goes on at its own pace, until the day has caught up */
static void backward(void **state)
{
	vs_time start;
	struct desk d;

	(void)state;
	desk_open(&d);
	start = day;
	evaluate(&d);
	day -= DAY;
	pass_by(119 * SECOND);
	assert_string_equal(evaluate(&d), "");
	assert_int_equal(d.w.now, start + 119 * SECOND);
	pass_by(1 * SECOND);
	assert_string_equal(evaluate(&d), "368 vm1 manager:0:01");
	assert_int_equal(d.w.now, start + 120 * SECOND);
	/* put right again: nothing has happened */
	day += DAY;
	assert_int_equal(vs_agent_now(&d.a), day);
	assert_int_equal(first_seen(&d), start);
	assert_int_equal(d.a.leap.at, 0);
	desk_close(&d);
}

/* what is slewed, or set by very little, is followed and adds up to nothing */
static void little(void **state)
{
	struct desk d;
	vs_time start;

	(void)state;
	desk_open(&d);
	start = day;
	evaluate(&d);
	for (int i = 0; i < 1000; i++) {
		pass_by(100);
		day += i % 3;
		assert_int_equal(vs_agent_now(&d.a), day);
	}
	assert_int_equal(first_seen(&d), start);
	assert_int_equal(d.a.leap.at, 0);
	desk_close(&d);
}

/* in a transaction nothing moves; after it, all does */
static void in_a_transaction(void **state)
{
	struct desk d;
	vs_time start;

	(void)state;
	desk_open(&d);
	evaluate(&d);
	start = day;
	d.a.record.open = true;
	day += DAY;
	pass_by(1 * SECOND);
	assert_int_equal(vs_agent_now(&d.a), start + 1 * SECOND);
	assert_int_equal(first_seen(&d), start);
	d.a.record.open = false;
	assert_int_equal(vs_agent_now(&d.a), day);
	assert_int_equal(first_seen(&d), day - 1 * SECOND);
	assert_int_equal(d.a.leap.by, DAY);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward_in_grace),
		cmocka_unit_test(forward_and_the_list),
		cmocka_unit_test(backward),
		cmocka_unit_test(little),
		cmocka_unit_test(in_a_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
