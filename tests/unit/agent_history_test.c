// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmsafe-agent as a process whose history others write to: one keeps it locked,
 * and what was told is written later, neither forgotten nor told again;
 * recoveries record there what they do.
 */
#include "unit.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live.h"
#include "store.h"

static sqlite3 *lock(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(live_database, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	return db;
}

/* that the history cannot be written is said once, and that it can once more */
static void locked(void **state)
{
	static const char trouble[] = "events wait in memory",
			  over[] = "the history can be written again";
	int before = live_times(trouble), over_before = live_times(over);
	sqlite3 *db;

	(void)state;
	live_configure("");
	live_write(live_list, "{\"vms\":[]}");
	live_start(false);
	live_wait("READY=1");
	db = lock();
	live_write(live_list, "{\"vms\":");
	while (live_times(trouble) == before)
		live_wait("STATUS=");
	for (int i = 0; i < 3; i++)
		live_wait("STATUS=");
	assert_int_equal(live_times(trouble), before + 1);
	assert_int_equal(live_times(over), over_before);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	while (live_times(over) == over_before)
		live_wait("STATUS=");
	assert_int_equal(live_times(over), over_before + 1);
	assert_true(live_told().away);
	live_write(live_list, "{\"vms\":[]}");
	while (live_told().away)
		live_wait("STATUS=");
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	live_ended();
	live_drain();
}

/* until a pass that began after this was called is over */
static void wait_pass(void)
{
	live_drain();
	for (int i = 0; i < 2; i++)
		live_wait("STATUS=");
}

/*
 * Configured anew while the history is locked: what was told and waits to be
 * written is neither forgotten nor told again, and goes into another history
 * when that is what is new.
 */
static void reloaded(void **state)
{
	static const char *const more[] = {
		"[check]\ngrace = 7s\n", "[check]\ngrace = 9s\n"
	};
	size_t usual = strlen(live_database);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		struct live_tale tale, before;
		sqlite3 *db;

		live_configure("");
		live_write(live_list, "{\"vms\":[]}");
		live_start(false);
		live_wait("READY=1");
		before = live_told();
		assert_row(i, !before.away);
		db = lock();
		live_write(live_list, "{\"vms\":");
		live_wait("the Manager's list is stale");
		if (i) {
			/* another history, which knows nothing */
			before.n = 0;
			strcat(live_database, "3");
		}
		live_configure(more[i]);
		live_reload();
		wait_pass();
		assert_row(i, sqlite3_close(db) == SQLITE_OK);
		while (!live_told().away)
			live_wait("STATUS=");
		live_write(live_list, "{\"vms\":[]}");
		while (live_told().away)
			live_wait("STATUS=");
		wait_pass();
		tale = live_told();
		assert_row(i, !tale.wrong);
		assert_row(i, tale.n == before.n + 2);
		assert_row(i, kill(live_pid, SIGTERM) == 0);
		live_ended();
		live_drain();
	}
	live_database[usual] = '\0';
}

/* what could not be written until the end is not, and that is said */
static void left(void **state)
{
	sqlite3 *db;

	(void)state;
	live_configure("");
	live_write(live_list, "{\"vms\":[]}");
	live_start(false);
	live_wait("READY=1");
	db = lock();
	live_write(live_list, "{\"vms\":");
	live_wait("the Manager's list is stale");
	assert_int_equal(live_times("be recorded"), 0);
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	live_ended();
	assert_int_equal(live_times("be recorded and"), 1);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	live_drain();
}

static bool is_recorded(void)
{
	return store_number(live_database, "SELECT count(*) FROM event WHERE "
			    "id = 9009 AND data LIKE '%node1%'") == 1;
}

/* what the agent starts knows which one has started it */
static void recovered(void **state)
{
	char command[192];

	(void)state;
	if (geteuid())
		skip();
	live_configure("");
	live_write(live_list, "{\"vms\":[{\"uuid\":\"6f1d4f0e-5f0a-4c57-9b40-"
		   "0d5a5a5e0a01\",\"name\":\"web\",\"vnics\":[]}]}");
	live_start(false);
	live_wait("READY=1");
	snprintf(command, sizeof(command), "curl -sfo %s/job -d "
		 "'{\"step\":\"R10\"}' --unix-socket %s/agent.sock "
		 "http://localhost/v1/vms/web/recover", live_dir, live_dir);
	assert_int_equal(system(command), 0);
	while (!is_recorded())
		live_wait("STATUS=");
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	live_ended();
	live_drain();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locked),
		cmocka_unit_test(reloaded),
		cmocka_unit_test(left),
		cmocka_unit_test(recovered),
	};

	return cmocka_run_group_tests(tests, live_begin, live_end);
}
