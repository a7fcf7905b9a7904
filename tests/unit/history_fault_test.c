// SPDX-License-Identifier: GPL-2.0-only
/* The history where things go wrong: nothing is lost without a word. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "store.h"
#include "store/model.h"
#include "world.h"

static char told[4096];

static void listen(void *ctx, const struct vs_event *event)
{
	(void)ctx;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%u:%llu ",
		 event->id, (unsigned long long)event->count);
}

static int ids(void *ctx, uint64_t seq, const struct vs_event *event)
{
	char *text = ctx;

	(void)seq;
	sprintf(text + strlen(text), "%u ", event->id);
	return 0;
}

static const char *all_ids(struct vs_history *h)
{
	struct vs_history_query q = { 0 };
	struct vs_error error;
	static char text[4096];

	*text = '\0';
	assert_int_equal(vs_history_each(h, &q, ids, text, &error), 0);
	return text;
}

static void expect_refusal(const char *path, bool read_only, int ret,
			   const char *what)
{
	struct vs_error error = { 0 };
	struct vs_history *h;
	struct vs_buf text = { 0 };

	assert_int_equal(vs_history_open(path, read_only, &h, &error), ret);
	vs_text_error(&text, NULL, &error);
	if (!strstr(vs_buf_str(&text), what) ||
	    strchr(vs_buf_str(&text), '\n'))
		fail_msg("\"%s\" lacks \"%s\"", vs_buf_str(&text), what);
	assert_true(read_only == !h);
	vs_buf_free(&text);
	vs_history_close(h);
}

/* what is no history of ours is left alone, with one clear line */
static void refused(void **state)
{
	const char *path = store_path();
	char folder[96], other[128];

	(void)state;
	expect_refusal(path, true, -ENOENT, "no event history yet");
	expect_refusal("/proc/none/events.db", false, -ENOENT, "ENOENT");
	expect_refusal("/dev/null/events.db", false, -ENOTDIR, "ENOTDIR");
	expect_refusal("/dev/null", false, -EINVAL, "not a regular file");
	vs_history_close(store_open(path));
	store_sql(path, "PRAGMA user_version=99");
	expect_refusal(path, true, -EPROTO, "newer version");
	expect_refusal(path, false, -EPROTO, "newer version");
	assert_int_equal(store_number(path, "PRAGMA user_version"), 99);
	strcpy(folder, path);
	*strrchr(folder, '/') = '\0';
	snprintf(other, sizeof(other), "%s/other.db", folder);
	store_sql(other, "CREATE TABLE songs (name TEXT)");
	expect_refusal(other, true, -EPROTO, "another program");
	expect_refusal(other, false, -EPROTO, "another program");
	assert_int_equal(store_number(other, "SELECT count(*) FROM songs"),
			 0);
	/* a pipe makes nobody wait */
	snprintf(other, sizeof(other), "%s/pipe", folder);
	assert_int_equal(mkfifo(other, 0600), 0);
	expect_refusal(other, true, -EINVAL, "not a regular file");
	expect_refusal(other, false, -EINVAL, "not a regular file");
	snprintf(other, sizeof(other), "%s/empty", folder);
	close(open(other, O_CREAT | O_WRONLY, 0600));
	expect_refusal(other, true, -EPROTO, "has not run");
}

/* an older database is brought up to date with what it holds */
static void migrated(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct world w;
	struct vs_error error;

	(void)state;
	store_put(h, store_event(368, 1, 1));
	vs_history_close(h);
	store_sql(path, "DROP TABLE alert; DROP TABLE pending; "
		  "DROP TABLE inventory; DROP TABLE claim; "
		  "ALTER TABLE event DROP COLUMN cause; "
		  "ALTER TABLE event DROP COLUMN step; "
		  "DROP INDEX event_ticket; "
		  "ALTER TABLE event DROP COLUMN ticket; "
		  "DROP TABLE handed; "
		  "PRAGMA user_version=1");
	expect_refusal(path, true, -EPROTO, "older version");
	h = store_open(path);
	assert_string_equal(all_ids(h), "368 ");
	world_open(&w, 0, 1);
	world_driver(&w, VS_DRIVER_NOT_LOADED);
	world_after(&w, 1000);
	vs_history_save(h, w.e);
	assert_int_equal(vs_history_commit(h, &error), 0);
	world_close(&w);
	vs_history_close(h);
	assert_int_equal(store_number(path, "PRAGMA user_version"), 5);
	assert_true(store_number(path, "SELECT count(*) FROM alert") > 0);
}

/* no room: events wait, and are written when there is some */
static void full(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_buf big = { 0 };
	struct vs_event event;
	struct vs_error error;
	int ret = 0, n;

	(void)state;
	sqlite3_exec(h->db, "PRAGMA max_page_count=20", NULL, NULL, NULL);
	for (int i = 0; i < 500; i++)
		vs_buf_add(&big, "too much ");
	for (n = 0; !ret && n < 100; n++) {
		event = *store_event(368, n, 1);
		event.detail = big.data;
		vs_history_begin(h, &error);
		vs_history_add(h, &event);
		ret = vs_history_commit(h, &error);
	}
	assert_int_equal(ret, -ENOSPC);
	assert_non_null(strstr(error.detail, "make some"));
	assert_int_equal(vs_history_waiting(h), 1);
	assert_int_equal(store_count(h), n - 1);
	vs_history_begin(h, &error);
	vs_history_add(h, store_event(9000, n, 1));
	/* a short one may well fit, but not before the one that waits */
	assert_int_equal(vs_history_commit(h, &error), -ENOSPC);
	assert_int_equal(vs_history_waiting(h), 2);
	sqlite3_exec(h->db, "PRAGMA max_page_count=2000", NULL, NULL, NULL);
	vs_history_begin(h, &error);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(vs_history_waiting(h), 0);
	assert_int_equal(store_count(h), n + 1);
	vs_buf_free(&big);
	vs_history_close(h);
}

/* milliseconds that it would wait for who keeps it locked */
static int64_t patience(struct vs_history *h)
{
	int64_t ms = -1;

	assert_int_equal(vs_db_number(h, "PRAGMA busy_timeout", &ms), 0);
	return ms;
}

/* more than can wait: how many were lost is an event, once it can be one */
static void lost(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_error error;
	sqlite3 *other;

	(void)state;
	*told = '\0';
	vs_history_listen(h, listen, NULL);
	assert_int_equal(patience(h), VS_DB_PATIENCE);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
				      NULL), SQLITE_OK);
	for (int i = 0; i < 2; i++) {
		vs_history_begin(h, &error);
		for (int j = 0; j < VS_HISTORY_WAIT - 5; j++)
			vs_history_add(h, store_event(368, j, 1));
		assert_int_equal(vs_history_commit(h, &error), -EBUSY);
		assert_non_null(strstr(error.detail, "locked"));
		/* everything else in the loop waits with it: once will do */
		assert_int_equal(patience(h), 0);
	}
	assert_int_equal(vs_history_waiting(h), VS_HISTORY_WAIT);
	assert_string_equal(told, "");
	sqlite3_close(other);
	vs_history_begin(h, &error);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(patience(h), VS_DB_PATIENCE);
	assert_int_equal(vs_history_waiting(h), 0);
	assert_int_equal(store_count(h), VS_HISTORY_WAIT + 1);
	snprintf(error.detail, sizeof(error.detail), "9008:%d ",
		 VS_HISTORY_WAIT - 10);
	assert_string_equal(told, error.detail);
	/* and it is told once */
	vs_history_begin(h, &error);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(store_count(h), VS_HISTORY_WAIT + 1);
	vs_history_close(h);
}

static void scribble(const char *path, off_t at)
{
	static char junk[4096];
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	memset(junk, 0xa5, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
	close(fd);
}

/* a damaged file is kept under another name, and a new one begun */
static void damaged(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_error error;
	char other[128];

	(void)state;
	store_put(h, store_event(368, 1, 1));
	vs_history_close(h);
	for (int i = 1; i <= 11; i++) {
		/* the head, a page in the middle */
		scribble(path, i % 2 ? 0 : 4096);
		if (i % 2)
			expect_refusal(path, true, -EUCLEAN, "damaged");
		h = store_open(path);
		*told = '\0';
		vs_history_listen(h, listen, NULL);
		assert_string_equal(told, "9007:0 ");
		snprintf(other, sizeof(other), "%s.damaged-%d", path,
			 i < 9 ? i : 9);
		assert_string_equal(vs_history_aside(h), other);
		assert_int_equal(access(other, F_OK), 0);
		assert_int_equal(vs_history_commit(h, &error), 0);
		assert_string_equal(all_ids(h), "9007 ");
		vs_history_close(h);
	}
}

static void put_file(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, text, n), n);
	close(fd);
}

/* a path that was mistyped costs nobody a file */
static void somebody_elses(void **state)
{
	static const char text[] = "important\n", zeros[4096];
	const char *path = store_path();
	char got[sizeof(text)] = "", other[128];
	struct vs_history *h;
	struct vs_error error;
	int fd;

	(void)state;
	snprintf(other, sizeof(other), "%s", path);
	*strrchr(other, '/') = '\0';
	assert_int_equal(mkdir(other, 0700), 0);
	put_file(path, text, sizeof(text) - 1);
	for (int i = 0; i < 2; i++) {
		expect_refusal(path, true, -EPROTO, "another program");
		expect_refusal(path, false, -EPROTO, "another program");
		assert_int_equal(vs_history_append(path,
						   store_event(295, 1, 1),
						   &error), -EPROTO);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, got, sizeof(got)), sizeof(text) - 1);
	close(fd);
	assert_string_equal(got, text);
	snprintf(other, sizeof(other), "%s.lock", path);
	assert_int_equal(access(other, F_OK), -1);
	/* zeros are what a disk leaves of a file that was ours */
	put_file(path, zeros, sizeof(zeros));
	h = store_open(path);
	assert_non_null(vs_history_aside(h));
	vs_history_close(h);
}

/* while it runs as well: what waits goes to the new file */
static void damaged_meanwhile(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_error error;

	(void)state;
	for (int i = 0; i < 500; i++)
		store_put(h, store_event(368, i, i));
	vs_history_close(h);
	h = store_open(path);
	*told = '\0';
	vs_history_listen(h, listen, NULL);
	/* what it has in memory would do for long */
	sqlite3_exec(h->db, "PRAGMA cache_size=1", NULL, NULL, NULL);
	sqlite3_db_release_memory(h->db);
	for (off_t at = 4096; at < 200000; at += 4096)
		scribble(path, at);
	vs_history_begin(h, &error);
	vs_history_add(h, store_event(9000, 1, 1));
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_string_equal(told, "9007:0 ");
	assert_string_equal(all_ids(h), "9000 9007 ");
	assert_non_null(vs_history_aside(h));
	vs_history_close(h);
}

/* a row that somebody spoiled is passed over and counted */
static void spoiled(void **state)
{
	static const char *const data[] = {
		"", "[]", "{}", "{\"id\":0}", "{\"id\":368,\"level\":\"high\"}",
		"{\"id\":368,\"vm\":\"x\"}", "{\"id\":368,\"host\":1}",
		"{\"id\":368,\"differences\":7}", "{\"id\":368,\"time\":\"\"}",
		"{\"id\":368,\"differences\":[{}]}", "{\"id\":-5}",
		"{\"id\":368,\"error\":{\"op\":\"dance\"}}",
		"{\"id\":368,\"host\":\"a\",\"host_bytes\":\"61\"}",
		"{\"id\":368,\"host_bytes\":\"6\"}",
		"{\"id\":368,\"host_bytes\":\"00\"}",
		"{\"id\":368,\"cause\":99}",
	};
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_history_query q = { 0 };
	struct vs_error error;
	char text[64] = "", sql[256];

	(void)state;
	store_put(h, store_event(368, 1, 1));
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO event (time, id, "
			 "level, data) VALUES (1, 1, 1, '%s')", data[i]);
		store_sql(path, sql);
	}
	store_put(h, store_event(9000, 1, 1));
	assert_int_equal(vs_history_each(h, &q, ids, text, &error), 0);
	assert_string_equal(text, "368 9000 ");
	assert_int_equal(q.unreadable, ARRAY_SIZE(data));
	vs_history_close(h);
}

/* who removes the file gets a new one, not silence */
static void removed(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);

	(void)state;
	store_put(h, store_event(368, 1, 1));
	unlink(path);
	store_put(h, store_event(9000, 2, 1));
	assert_string_equal(all_ids(h), "9000 ");
	vs_history_close(h);
	assert_int_equal(store_number(path, "SELECT count(*) FROM event"), 1);
}

/* not there now, there later: events wait */
static void later(void **state)
{
	const char *path = store_path();
	struct vs_history *h;
	struct vs_error error;
	char folder[96];
	int fd;

	(void)state;
	strcpy(folder, path);
	*strrchr(folder, '/') = '\0';
	/* a file stands where the folder is to be */
	fd = open(folder, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	assert_int_equal(vs_history_open(path, false, &h, &error), -ENOTDIR);
	assert_non_null(h);
	assert_int_equal(vs_history_begin(h, &error), -ENOTDIR);
	vs_history_add(h, store_event(368, 1, 1));
	assert_int_equal(vs_history_commit(h, &error), -ENOTDIR);
	assert_int_equal(vs_history_waiting(h), 1);
	assert_int_equal(vs_history_prune(h, 1, &error), -ENOTDIR);
	unlink(folder);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_string_equal(all_ids(h), "368 ");
	vs_history_close(h);
}

/* what could not be written in one goes into another, in its turn */
static void passed_on(void **state)
{
	const char *path = store_path();
	struct vs_history *from = store_open(path), *to;
	struct vs_error error;
	char other[128];

	(void)state;
	snprintf(other, sizeof(other), "%s2", path);
	store_put(from, store_event(368, 1, 1));
	store_lock(path);
	for (int i = 2; i < 4; i++) {
		vs_history_begin(from, &error);
		vs_history_add(from, store_event(368, i, 1));
		assert_int_equal(vs_history_commit(from, &error), -EBUSY);
	}
	to = store_open(other);
	vs_history_begin(to, &error);
	vs_history_add(to, store_event(9000, 4, 1));
	vs_history_pass_on(from, to);
	assert_int_equal(vs_history_waiting(from), 0);
	assert_int_equal(vs_history_waiting(to), 3);
	vs_history_add(to, store_event(9000, 5, 1));
	assert_int_equal(vs_history_commit(to, &error), 0);
	assert_int_equal(store_number(other, "SELECT group_concat(time, '') "
				      "FROM (SELECT time FROM event ORDER BY "
				      "seq)"), 2345);
	/* nothing waits: nothing is passed on */
	store_unlock();
	vs_history_pass_on(from, to);
	assert_int_equal(vs_history_waiting(to), 0);
	/* and both go on */
	store_put(from, store_event(9000, 6, 1));
	store_put(to, store_event(9000, 7, 1));
	assert_int_equal(store_count(from), 2);
	assert_int_equal(store_count(to), 5);
	vs_history_close(from);
	vs_history_close(to);
}

/* that some were lost is told where the rest is */
static void passed_on_lost(void **state)
{
	const char *path = store_path();
	struct vs_history *from = store_open(path), *to;
	struct vs_error error;
	char other[128];

	(void)state;
	snprintf(other, sizeof(other), "%s2", path);
	store_lock(path);
	vs_history_begin(from, &error);
	for (int i = 0; i < VS_HISTORY_WAIT + 3; i++)
		vs_history_add(from, store_event(368, i, 1));
	assert_int_equal(vs_history_commit(from, &error), -EBUSY);
	store_unlock();
	to = store_open(other);
	vs_history_pass_on(from, to);
	*told = '\0';
	vs_history_listen(to, listen, NULL);
	assert_int_equal(vs_history_commit(to, &error), 0);
	assert_string_equal(told, "9008:3 ");
	assert_int_equal(store_count(to), VS_HISTORY_WAIT + 1);
	vs_history_begin(from, &error);
	assert_int_equal(vs_history_commit(from, &error), 0);
	assert_int_equal(store_count(from), 0);
	vs_history_close(from);
	vs_history_close(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
		cmocka_unit_test(migrated),
		cmocka_unit_test(full),
		cmocka_unit_test(lost),
		cmocka_unit_test(damaged),
		cmocka_unit_test(somebody_elses),
		cmocka_unit_test(damaged_meanwhile),
		cmocka_unit_test(spoiled),
		cmocka_unit_test(removed),
		cmocka_unit_test(later),
		cmocka_unit_test(passed_on),
		cmocka_unit_test(passed_on_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
