// SPDX-License-Identifier: GPL-2.0-only
/* R8: VMs that come out of sync again and again, and how that is told. */
#include "unit.h"

#include "daemon/agent.h"
#include "store.h"
#include "world.h"

#define MINUTE (60 * 1000)

/** struct desk - as much of a daemon as it takes */
struct desk {
	struct vs_agent a;
	struct vs_conf *conf;
	const char *path;
	vs_time now;
};

static struct desk *desk_open(struct desk *d)
{
	struct vs_buf why = { 0 };

	*d = (struct desk){ .path = store_path(), .now = 1700000000000 };
	assert_int_equal(vs_conf_load(&d->conf, "/dev/null", &why), 0);
	d->a.conf = d->conf;
	d->a.record.history = store_open(d->path);
	return d;
}

static void desk_close(struct desk *d)
{
	vs_record_stop(&d->a);
	vs_conf_free(d->conf);
}

/* @minutes later the VM is out of sync, and then in sync */
static void differs(struct desk *d, unsigned int vm, unsigned int minutes)
{
	d->now += minutes * MINUTE;
	vs_agent_event(&d->a, store_event(VS_EVENT_OUT_OF_SYNC, d->now, vm));
	vs_agent_event(&d->a, store_event(VS_EVENT_IN_SYNC, d->now + 1, vm));
}

static int one_line(void *ctx, uint64_t seq, const struct vs_event *event)
{
	char *text = ctx;

	(void)seq;
	assert_int_equal(event->level, VS_LEVEL_WARNING);
	assert_int_equal(event->about, VS_EVENT_OUT_OF_SYNC);
	assert_int_equal(event->steps, 1u << VS_STEP_R8);
	sprintf(text + strlen(text), "%s %llu: %s\n", event->vm_name,
		(unsigned long long)event->count,
		event->detail ? event->detail : "-");
	return 0;
}

static const char *told(struct desk *d)
{
	struct vs_history_query q = { .id = VS_EVENT_RECURRING };
	static char text[1024];
	struct vs_error error;

	*text = '\0';
	assert_int_equal(vs_history_each(d->a.record.history, &q, one_line,
					 text, &error), 0);
	return text;
}

static void third_time(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	differs(&d, 1, 0);
	differs(&d, 1, 30);
	differs(&d, 2, 0);
	assert_string_equal(told(&d), "");
	differs(&d, 1, 30);
	assert_string_equal(told(&d), "vm1 3: -\n");
	/* said once an hour */
	differs(&d, 1, 1);
	differs(&d, 1, 1);
	assert_string_equal(told(&d), "vm1 3: -\n");
	differs(&d, 2, 0);
	assert_string_equal(told(&d), "vm1 3: -\n");
	differs(&d, 1, 59);
	assert_string_equal(told(&d), "vm1 3: -\nvm1 3: -\n");
	desk_close(&d);
}

/* the hour in which the clock was put forward by a day has no day in it */
static void clock_is_set(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	differs(&d, 1, 0);
	differs(&d, 1, 20);
	differs(&d, 2, 0);
	d.a.leap = (struct vs_leap){
		.at = d.now + 24 * 60 * MINUTE, .by = 24 * 60 * MINUTE,
	};
	differs(&d, 1, 24 * 60 + 20);
	assert_string_equal(told(&d), "vm1 3: -\n");
	differs(&d, 2, 0);
	/* nor does the hour grow by it */
	differs(&d, 2, 41);
	assert_string_equal(told(&d), "vm1 3: -\n");
	desk_close(&d);
}

static void now_and_then(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 10; i++)
		differs(&d, 1, 31);
	assert_string_equal(told(&d), "");
	desk_close(&d);
}

/* more of it that differs is not another time */
static void more_of_it(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	differs(&d, 1, 1);
	for (int i = 0; i < 4; i++)
		vs_agent_event(&d.a, store_event(VS_EVENT_OUT_OF_SYNC,
						 ++d.now + 1, 1));
	assert_string_equal(told(&d), "");
	vs_agent_event(&d.a, store_event(VS_EVENT_IN_SYNC, d.now + 2, 1));
	differs(&d, 1, 1);
	assert_string_equal(told(&d), "vm1 3: -\n");
	desk_close(&d);
}

/* an agent that has just started knows what an earlier one told */
static void restarted(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 4; i++) {
		differs(&d, 1, 5);
		vs_record_stop(&d.a);
		d.a.record.history = store_open(d.path);
	}
	assert_string_equal(told(&d), "vm1 3: -\n");
	desk_close(&d);
}

/* how long the inventory took, the last few times */
static void answers(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 10; i++)
		d.a.manager.took[d.a.manager.answers++ % VS_MANAGER_TOOK] =
			i == 9 ? 2500 : i;
	for (int i = 0; i < 3; i++)
		differs(&d, 1, 1);
	assert_string_equal(told(&d), "vm1 3: 2 ms, 3 ms, 4 ms, 5 ms, 6 ms, "
			    "7 ms, 8 ms, 2500 ms\n");
	desk_close(&d);
}

/* events that are about no VM are none of a VM */
static void no_vm(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 5; i++)
		differs(&d, 0, 1);
	assert_string_equal(told(&d), "");
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(third_time),
		cmocka_unit_test(clock_is_set),
		cmocka_unit_test(now_and_then),
		cmocka_unit_test(more_of_it),
		cmocka_unit_test(restarted),
		cmocka_unit_test(answers),
		cmocka_unit_test(no_vm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
