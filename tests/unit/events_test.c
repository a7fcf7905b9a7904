// SPDX-License-Identifier: GPL-2.0-only
/* vmsafe events, vmsafe alerts. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include "cli.h"
#include "cli/when.h"
#include "store.h"
#include "world.h"

static const char *path;

static struct vs_history *filled(void)
{
	struct vs_history *h;
	struct vs_event event;

	path = store_path();
	h = store_open(path);
	store_put(h, store_event(VS_EVENT_INVENTORY_LOST, 1000, 0));
	event = *store_event(VS_EVENT_OUT_OF_SYNC, 2000, 1);
	event.vm_name = "\xe4\xbb\xae\xe6\x83\xb3\x1b[31m";
	store_put(h, &event);
	store_put(h, store_event(VS_EVENT_IN_SYNC, 3000, 1));
	store_put(h, store_event(VS_EVENT_INVENTORY_BACK, 4000, 0));
	return h;
}

static void times(void **state)
{
	/* 2023-11-14T22:13:20Z */
	static const vs_time now = 1700000000000;
	static const struct {
		const char *s;
		vs_time time;		/* -1: refused */
	} rows[] = {
		{ "0s", 1700000000000 }, { "90s", 1699999910000 },
		{ "5m", 1699999700000 }, { "2h", 1699992800000 },
		{ "1d", 1699913600000 }, { "1w", 1699395200000 },
		{ "99999999w", 0 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2023-11-14T22:13:20Z", 1700000000000 },
		{ "2023-11-14t22:13:20.5z", 1700000000500 },
		{ "2023-11-15T07:13:20.123456+09:00", 1700000000123 },
		{ "2023-11-14T16:43:20-05:30", 1700000000000 },
		{ "2023-11-14T22:13Z", 1699999980000 },
		/* local: the test runs nine hours east */
		{ "2023-11-15", 1699974000000 },
		{ "2023-11-15 07:13", 1699999980000 },
		{ "2023-11-15 07:13:20", 1700000000000 },
		{ "2024-02-29", 1709132400000 },
		{ "", -1 }, { "h", -1 }, { "2", -1 }, { "2 h", -1 },
		{ "2hh", -1 }, { "-2h", -1 }, { "2y", -1 }, { "+1d", -1 },
		{ "999999999999w", -1 }, { "yesterday", -1 },
		{ "2023-02-29", -1 }, { "2023-13-01", -1 },
		{ "2023-00-10", -1 }, { "2023-11-31 10:00", -1 },
		{ "2023-11-15 24:00", -1 }, { "2023-11-15 10:60", -1 },
		{ "2023-11-15 1:00", -1 }, { "2023-11-15 ", -1 },
		{ "2023-11-15T07:13:20", -1 }, { "2023-11-15 07:13Z", -1 },
		{ "2023-11-15T07:13:20+0900", -1 },
		{ "2023-11-15T07:13:20+24:00", -1 },
		{ "2023-11-15T07:13:20.Z", -1 }, { "1969-12-31", -1 },
		{ "2023-11-15T07:13:20Zx", -1 }, { "23-11-15", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		vs_time time = -1;
		int ret = vs_when_parse(rows[i].s, &time, now);

		if (time != rows[i].time || (ret ? time != -1 : time == -1))
			fail_msg("\"%s\": %lld", rows[i].s, (long long)time);
	}
}

static void ages(void **state)
{
	static const struct {
		vs_time ms;
		const char *text;
	} rows[] = {
		{ -5, "0s" }, { 0, "0s" }, { 999, "0s" }, { 1000, "1s" },
		{ 61000, "1m1s" }, { 60000, "1m" }, { 7500000, "2h5m" },
		{ 7201000, "2h" }, { 90000000, "1d1h" },
		{ 864000000, "10d" }, { INT64_MAX, "106751991167d7h" },
	};
	char buf[VS_AGE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_string(i, vs_when_age(rows[i].ms, buf),
				  rows[i].text);
}

static void table(void **state)
{
	static const char *const whole =
		"TIME                      LEVEL     ID EVENT                 "
		"          TARGET\n"
		"1970-01-01 09:00:01 +0900 Warning  742 Communications Problem"
		"          node1\n"
		"1970-01-01 09:00:02 +0900 Warning  368 Interfaces Out of Sync"
		"          \xe4\xbb\xae\xe6\x83\xb3\\x1B[31m\n"
		"1970-01-01 09:00:03 +0900 Info    9000 Interfaces In Sync    "
		"          vm1\n"
		"1970-01-01 09:00:04 +0900 Warning  743 Communications Problem"
		" Resolved node1\n";
	static const char *const full =
		"Time: 1970-01-01 09:00:04 +0900\nLevel: Warning\n"
		"Event ID: 743\nEvent: Communications Problem Resolved\n"
		"Origin: Manager\nTarget: node1\nAction By: System\n"
		"Description: The inventory can be read again.\n\n";
	struct vs_history *h = filled();
	struct cli *c = cli_run("events --db %s", path);

	(void)state;
	assert_int_equal(c->status, 0);
	assert_string_equal(c->err, "");
	assert_string_equal(c->out, whole);
	c = cli_run("events --db %s --limit 1 -o seq,id,description", path);
	assert_string_equal(c->out, "NUMBER  ID DESCRIPTION\n"
			    "     4 743 The inventory can be read again.\n");
	c = cli_run("events --db %s --full --id 743", path);
	assert_string_equal(c->out, full);
	vs_history_close(h);
}

/* what of a line stands left of the n-th of its columns, in cells */
static int cells_before(const char *line, const char *what)
{
	wchar_t wide[256];
	char part[512];
	const char *p = strstr(line, what);
	size_t n;

	assert_non_null(p);
	snprintf(part, sizeof(part), "%.*s", (int)(p - line), line);
	n = mbstowcs(wide, part, ARRAY_SIZE(wide));
	assert_true(n < ARRAY_SIZE(wide));
	return wcswidth(wide, n);
}

/* wide characters take two cells: columns stand below each other */
static void japanese(void **state)
{
	struct vs_history *h = filled();
	struct cli *c;
	char *lines[5], *save;
	int target;

	(void)state;
	assert_int_equal(setenv("VMSAFE_LOCALEDIR", MO_DIR, 1), 0);
	assert_int_equal(vs_i18n_init("ja"), 0);
	c = cli_run("events --db %s", path);
	vs_history_close(h);
	assert_int_equal(c->status, 0);
	lines[0] = strtok_r(c->out, "\n", &save);
	for (size_t i = 1; i < ARRAY_SIZE(lines); i++)
		lines[i] = strtok_r(NULL, "\n", &save);
	target = cells_before(lines[0], "対象");
	assert_int_equal(cells_before(lines[1], "node1"), target);
	assert_int_equal(cells_before(lines[2], "仮想\\x1B"), target);
	assert_int_equal(cells_before(lines[3], "vm1"), target);
	assert_int_equal(cells_before(lines[1], "通信の問題"),
			 cells_before(lines[2], "インタフェース"));
	assert_int_equal(cells_before(lines[1], "警告"),
			 cells_before(lines[3], "情報"));
	c = cli_run("events --db %s --id 368 --cef", path);
	assert_non_null(strstr(c->out, "|インタフェースの非同期|"));
	assert_int_equal(vs_i18n_init("en"), 0);
}

static void json(void **state)
{
	struct vs_history *h = filled();
	struct cli *c = cli_run("events --db %s --json --level warning", path);
	const char *name = "\xe4\xbb\xae\xe6\x83\xb3\x1b[31m";
	json_t *list = json_loads(c->out, 0, NULL), *one;

	(void)state;
	assert_int_equal(json_array_size(list), 3);
	one = json_array_get(list, 1);
	assert_int_equal(json_integer_value(json_object_get(one, "id")), 368);
	assert_int_equal(json_integer_value(json_object_get(one, "seq")), 2);
	assert_int_equal(json_integer_value(json_object_get(one, "time")),
			 2000);
	assert_string_equal(json_string_value(json_object_get(one, "level")),
			    "warning");
	one = json_object_get(one, "target");
	one = json_object_get(one, "vm_name");
	assert_string_equal(json_string_value(one), name);
	json_decref(list);
	c = cli_run("events --db %s --json -o id --vm vm1", path);
	assert_string_equal(c->out, "[\n  {\n    \"id\": 368\n  },\n  {\n"
			    "    \"id\": 9000\n  }\n]\n");
	c = cli_run("events --db %s --json --vm vm1x", path);
	assert_string_equal(c->out, "[]\n");
	vs_history_close(h);
}

static void refusals(void **state)
{
	static const struct {
		const char *line;
		int status;
		const char *says;
	} rows[] = {
		{ "events --db /proc/none", 5, "start vmsafe-agent" },
		{ "alerts --db /proc/none", 5, "start vmsafe-agent" },
		{ "events --follow --db /proc/none", 5, "start vmsafe-agent" },
		{ "events --db /dev/null", 5, "is not a regular file" },
		{ "events --since yesterday", 2, "is no time" },
		{ "events --until 5", 2, "--until: \"5\" is no time" },
		{ "events --since 1h --until 2h", 2, "must be before" },
		{ "events --level high", 2, "one of info, warning and error" },
		{ "events --id 1", 2, "no event of that ID" },
		{ "events --id 0", 2, "--id" },
		{ "events --limit 0", 2, "--limit" },
		{ "events --follow --until 1h", 2, "no end" },
		{ "events --follow -o id", 2, "no columns" },
		{ "events --cef --json", 2, "not both" },
		{ "events --cef --full", 2, "not both" },
		{ "events --cef -o id", 2, "of a table" },
		{ "events -o colour", 2, "no column" },
		{ "events web1", 2, "" },
		{ "alerts web1", 2, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct cli *c = cli_run("%s", rows[i].line);

		if (c->status != rows[i].status ||
		    !strstr(c->err, rows[i].says) ||
		    strchr(c->err, '\n') != c->err + strlen(c->err) - 1)
			fail_msg("%s: %d, %s", rows[i].line, c->status,
				 c->err);
		assert_row_string(i, c->out, "");
	}
}

/* damaged events cost no other, and are not passed over in silence */
static void unreadable(void **state)
{
	struct vs_history *h = filled();
	struct cli *c;

	(void)state;
	vs_history_close(h);
	store_sql(path, "UPDATE event SET data = '' WHERE seq = 2");
	c = cli_run("events --db %s -o id", path);
	assert_int_equal(c->status, 1);
	assert_string_equal(c->out, "  ID\n 742\n9000\n 743\n");
	assert_non_null(strstr(c->err, "1 event cannot be read"));
}

static void alerts(void **state)
{
	struct vs_history *h = store_open(path = store_path());
	struct vs_error error;
	struct world w;
	struct cli *c;
	json_t *list, *one;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	world_vm(&w, 1);
	world_vnic(&w, 1, 0, 1);
	world_after(&w, 1000);
	vs_history_save(h, w.e);
	assert_int_equal(vs_history_commit(h, &error), 0);
	c = cli_run("alerts --db %s -o level,id,name,target", path);
	assert_int_equal(c->status, 0);
	assert_string_equal(c->out,
			    "LEVEL    ID EVENT                  TARGET\n"
			    "Warning 368 Interfaces Out of Sync vm1\n");
	c = cli_run("alerts --db %s --json", path);
	list = json_loads(c->out, 0, NULL);
	assert_int_equal(json_array_size(list), 1);
	one = json_array_get(list, 0);
	assert_int_equal(json_integer_value(json_object_get(one, "since")),
			 w.now);
	assert_true(json_integer_value(json_object_get(one, "age")) > 0);
	assert_int_equal(json_array_size(json_object_get(one, "differences")),
			 1);
	json_decref(list);
	/* what ends is gone */
	world_bound(&w, 1, 1, 0, 1);
	world_after(&w, 1000);
	vs_history_save(h, w.e);
	assert_int_equal(vs_history_commit(h, &error), 0);
	c = cli_run("alerts --db %s --json", path);
	assert_string_equal(c->out, "[]\n");
	world_close(&w);
	vs_history_close(h);
}

/* the next line of a program, which has a minute for it */
static void expect_line(int fd, const char *what)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char line[4096];
	size_t n = 0;

	while (!n || line[n - 1] != '\n') {
		if (poll(&p, 1, 60000) <= 0)
			fail_msg("\"%s\" has not come", what);
		assert_int_equal(read(fd, line + n, 1), 1);
		assert_true(++n < sizeof(line));
	}
	line[n] = '\0';
	if (!strstr(line, what))
		fail_msg("\"%s\" lacks \"%s\"", line, what);
}

static pid_t follow(int *fd)
{
	int pipes[2];
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		execl(getenv("VMSAFE"), "vmsafe", "--json", "events",
		      "--follow", "--limit", "2", "--db", path, NULL);
		_exit(127);
	}
	close(pipes[1]);
	*fd = pipes[0];
	return pid;
}

/* the last ones, then each as it comes, over a new file too */
static void followed(void **state)
{
	struct vs_history *h = filled();
	int fd, status;
	pid_t pid;

	(void)state;
	if (!getenv("VMSAFE"))
		skip();
	pid = follow(&fd);
	expect_line(fd, "\"id\":9000");
	expect_line(fd, "\"id\":743");
	store_put(h, store_event(368, 5000, 2));
	expect_line(fd, "\"id\":368");
	store_put(h, store_event(9000, 6000, 2));
	expect_line(fd, "\"id\":9000");
	unlink(path);
	store_put(h, store_event(742, 7000, 0));
	expect_line(fd, "\"id\":742");
	store_put(h, store_event(743, 8000, 0));
	expect_line(fd, "\"id\":743");
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(fd, &status, 1), 0);
	close(fd);
	vs_history_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(ages),
		cmocka_unit_test(table),
		cmocka_unit_test(japanese),
		cmocka_unit_test(json),
		cmocka_unit_test(refusals),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(alerts),
		cmocka_unit_test(followed),
	};

	setenv("TZ", "JST-9", 1);
	vs_i18n_init("en");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
