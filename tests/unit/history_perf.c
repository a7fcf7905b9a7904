// SPDX-License-Identifier: GPL-2.0-only
/*
 * The history at 100,000 events. What is asserted is that they are all there;
 * times are printed, for whoever compares them on one machine.
 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/history.h"

#define EVENTS 100000
#define DB OUT_DIR "/history-100k.db"

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void remove_db(void)
{
	unlink(DB);
	unlink(DB "-wal");
	unlink(DB "-shm");
}

static void add(struct vs_history *h, uint32_t n)
{
	struct vs_uuid vm = { { 1 } };
	char name[24];
	const struct vs_difference d = {
		.source = VS_SOURCE_MANAGER, .reason = VS_REASON_MANAGER_ONLY,
		.device_id = n % 4, .mac = { { 2, 0, 0, n >> 16, n >> 8, n } },
		.first_seen = n,
	};
	const struct vs_event event = {
		.time = 1700000000000 + n, .id = VS_EVENT_OUT_OF_SYNC,
		.form = VS_FORM_DIFFERENCES, .level = VS_LEVEL_WARNING,
		.host = "node1", .vm = &vm, .vm_name = name,
		.differences = &d, .n_differences = 1,
	};
	uint32_t which = n % 1000;

	memcpy(&vm.b[12], &which, sizeof(which));
	snprintf(name, sizeof(name), "web-server-%u", which);
	assert_int_equal(vs_history_add(h, &event), 0);
}

static int count(void *ctx, uint64_t seq, const struct vs_event *event)
{
	(void)seq;
	*(size_t *)ctx += event->n_differences;
	return 0;
}

static void query(struct vs_history *h, const char *what,
		  struct vs_history_query *q, size_t want)
{
	struct vs_error error;
	size_t n = 0;
	double from = seconds();

	assert_int_equal(vs_history_each(h, q, count, &n, &error), 0);
	assert_int_equal(n, want);
	print_message("%s: %zu events, %.1f ms\n", what, n,
		      (seconds() - from) * 1000);
}

static void history(void **state)
{
	struct vs_history_query all = { 0 };
	struct vs_history_query last = { .limit = 100, .newest = true };
	struct vs_history_query name = { .vm_name = "web-server-7" };
	struct vs_history *h;
	struct vs_error error;
	double from;
	int n;

	(void)state;
	remove_db();
	assert_int_equal(vs_history_open(DB, false, &h, &error), 0);
	from = seconds();
	for (int i = 0; i < EVENTS; i += 100) {
		assert_int_equal(vs_history_begin(h, &error), 0);
		for (int j = 0; j < 100; j++)
			add(h, i + j);
		assert_int_equal(vs_history_commit(h, &error), 0);
	}
	print_message("record %d events, 100 at once: %.2f us each\n", EVENTS,
		      (seconds() - from) * 1e6 / EVENTS);
	query(h, "read all", &all, EVENTS);
	query(h, "read the newest 100", &last, 100);
	query(h, "read those of a name", &name, EVENTS / 1000);
	vs_history_close(h);
	from = seconds();
	assert_int_equal(vs_history_open(DB, false, &h, &error), 0);
	print_message("open: %.1f ms\n", (seconds() - from) * 1000);
	from = seconds();
	do
		n = vs_history_prune(h, 1700000000000 + EVENTS, &error);
	while (n > 0);
	assert_int_equal(n, 0);
	print_message("prune all: %.1f ms\n", (seconds() - from) * 1000);
	query(h, "read all", &all, 0);
	vs_history_close(h);
	remove_db();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(history) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
