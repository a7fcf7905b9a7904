// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event stream: what it tells, and that who waits for what never comes does
 * not have the whole history read again and again.
 */
#include "unit.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "serve.h"
#include "sqlite_wrap.h"

/* steps of SQLite's machine; a row that is looked at takes some */
struct steps {
	atomic_ulong n;
};

static struct steps *steps;

int __wrap_sqlite3_finalize(struct sqlite3_stmt *stmt)
{
	if (stmt && steps)
		steps->n += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP,
					      0);
	return __real_sqlite3_finalize(stmt);
}

static int start(void **state)
{
	(void)state;
	steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return steps == MAP_FAILED;
}

static int follow(const char *filter)
{
	char ask[256];
	int fd = serve_dial();

	snprintf(ask, sizeof(ask), "GET /v1/events/stream?%s HTTP/1.1\r\n"
		 "Host: x\r\n\r\n", filter);
	serve_send(fd, ask, strlen(ask));
	serve_until(fd, "retry:");
	return fd;
}

/* an event of which @fd is told, so that who waits before it has looked */
static void event(int fd, unsigned int seq)
{
	char id[32];

	serve_event();
	snprintf(id, sizeof(id), "id: %u\n", seq);
	serve_until(fd, id);
}

static void nothing_fits(void **state)
{
	static const struct serving how = { .past = 5000 };
	static const char *const filters[] = {
		"after=0&id=9010", "after=0&vm=nobody", "after=0&id=9010&vm=x",
		"after=0&vm=421e0000-0000-0000-0000-000000000009",
		"after=0&level=error&id=295",
	};
	int waits[ARRAY_SIZE(filters)], all;
	unsigned int seq = how.past + 3;
	unsigned long before, used;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		waits[i] = follow(filters[i]);
	all = follow("id=295");
	/* each has looked at all there is by now */
	event(all, ++seq);
	event(all, ++seq);
	assert_true(steps->n > how.past);
	before = steps->n;
	for (int i = 0; i < 10; i++)
		event(all, ++seq);
	used = steps->n - before;
	/* ten times six streams, each of them at one new event */
	if (used > 60 * 100)
		fail_msg("%lu steps", used);
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		close(waits[i]);
	close(all);
	serve_end();
}

/* what fits is told, however much is between that does not */
static void something_fits(void **state)
{
	static const struct serving how = { .past = 300 };
	unsigned int seq = how.past + 3;
	const char *text;
	int fd, all;

	(void)state;
	serve(&how);
	fd = follow("after=0&id=368");
	text = serve_until(fd, "id: 303\n");
	assert_non_null(strstr(text, "id: 302\n"));
	close(fd);
	fd = follow("after=0&level=warning");
	text = serve_until(fd, "id: 303\n");
	assert_non_null(strstr(text, "id: 301\n"));
	close(fd);
	/* more than one part of them */
	fd = follow("after=0&vm=vm1");
	text = serve_until(fd, "id: 303\n");
	assert_non_null(strstr(text, "id: 300\n"));
	all = follow("id=295");
	for (int i = 0; i < 20; i++)
		event(all, ++seq);
	close(all);
	close(fd);
	serve_end();
}

/* of what is quiet, a client that has gone takes nobody's place */
static void gone(void **state)
{
	static const struct serving how = { 0 };
	int fds[12];

	(void)state;
	serve(&how);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			fds[i] = follow("id=9010");
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			close(fds[i]);
	}
	serve_end();
}

/* it says that it is there, and tells what comes all the same */
static void alive(void **state)
{
	static const struct serving how = { .alive = 1 };
	int fd;

	(void)state;
	serve(&how);
	fd = follow("after=3");
	for (int i = 0; i < 3; i++)
		serve_until(fd, ":\n\n");
	event(fd, 4);
	serve_until(fd, ":\n\n");
	close(fd);
	serve_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_fits),
		cmocka_unit_test(something_fits),
		cmocka_unit_test(gone),
		cmocka_unit_test(alive),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
