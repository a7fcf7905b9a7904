// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interface for programs and clients that mean no good: whatever one does,
 * the others are served, and nothing is left of it.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"
#include "serve.h"

/* nobody's, and a group that every Debian has */
#define STRANGER 65534
#define GROUP "daemon"

static void still_served(void)
{
	int status;

	serve_get("/v1/status", &status);
	assert_int_equal(status, 200);
}

/* has the other end hung up? */
static bool hung_up(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];

	return poll(&p, 1, 0) == 1 &&
	       recv(fd, buf, sizeof(buf), MSG_DONTWAIT) <= 0;
}

static bool say(int fd, const char *text)
{
	return serve_send(fd, text, strlen(text));
}

/* a byte now and then, for as long as it is let */
static void slow(void **state)
{
	static const char *const heads[] = {
		"GET /v1/status HTTP/1.1\r\nX-A: ",
		"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 4000"
		"\r\n\r\n",
		"GET /", "",
	};
	static const struct serving how = { .patience = 300 };
	int fds[ARRAY_SIZE(heads)];
	size_t left = ARRAY_SIZE(heads);

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		fds[i] = serve_dial();
		assert_true(say(fds[i], heads[i]));
	}
	/* every byte would begin its time anew, if that were how it counts */
	while (left) {
		for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
			if (fds[i] < 0)
				continue;
			serve_send(fds[i], "a", *heads[i] ? 1 : 0);
			if (!hung_up(fds[i]))
				continue;
			close(fds[i]);
			fds[i] = -1;
			left--;
		}
		still_served();
	}
	serve_end();
}

/* an answer that nobody reads */
static void unread(void **state)
{
	static const char ask[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
	static const struct serving how = { .patience = 100 };
	int fds[8], size = 1;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = serve_dial();
		setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
		serve_send(fds[i], ask, sizeof(ask) - 1);
	}
	for (int i = 0; i < 20; i++)
		still_served();
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	still_served();
	serve_end();
}

static void large(void **state)
{
	static const struct serving how;
	static char many[200000];
	const char *answer;
	int fd;

	(void)state;
	serve(&how);
	/* one header that does not fit, many that do not, a long target */
	memset(many, 'a', sizeof(many));
	for (int kind = 0; kind < 3; kind++) {
		fd = serve_dial();
		serve_send(fd, "GET /", 5);
		if (kind < 2)
			serve_send(fd, " HTTP/1.1\r\n", 11);
		if (kind == 0)
			serve_send(fd, "X: ", 3);
		for (size_t i = 0; kind == 1 && i < sizeof(many); i += 8)
			memcpy(many + i, "X: abc\r\n", 8);
		serve_send(fd, many, sizeof(many));
		serve_send(fd, "\r\n\r\n", 4);
		answer = serve_until(fd, NULL);
		/* refused or hung up on, and not answered */
		assert_int_not_equal(serve_status(answer), 200);
		close(fd);
		still_served();
	}
	/* a body that is too long, said so before and not */
	fd = serve_dial();
	say(fd, "POST /v1/vms/vm1/recover HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 4097\r\n\r\n");
	assert_int_equal(serve_status(serve_until(fd, NULL)), 413);
	close(fd);
	fd = serve_dial();
	say(fd, "POST /v1/vms/vm1/recover HTTP/1.1\r\nHost: x\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 32; i++) {
		say(fd, "100\r\n");
		serve_send(fd, many, 256);
		say(fd, "\r\n");
	}
	serve_send(fd, "0\r\n\r\n", 5);
	assert_int_equal(serve_status(serve_until(fd, NULL)), 413);
	close(fd);
	assert_int_equal(serve_status(serve_ask("POST /v1/sync HTTP/1.1\r\n"
						"Host: x\r\nContent-Length: "
						"99999999999999999999\r\n"
						"\r\n")) / 100, 4);
	still_served();
	serve_end();
}

static void halves(void **state)
{
	static const char ask[] = "POST /v1/vms/vm1/recover HTTP/1.1\r\n"
				  "Host: x\r\nContent-Length: 20\r\n\r\n"
				  "{\"step\": \"R1\"";
	static const struct serving how;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < sizeof(ask); i++) {
		int fd = serve_dial();

		serve_send(fd, ask, i);
		if (i % 3 == 0)
			shutdown(fd, SHUT_WR);
		close(fd);
	}
	still_served();
	/* none of them was taken for a whole one */
	assert_string_equal(serve_get("/v1/recoveries", NULL),
			    "{\"recoveries\":[]}\n");
	serve_end();
}

static void crowd(void **state)
{
	static const struct serving how = { .patience = 200 };
	int fds[60];

	(void)state;
	serve(&how);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
			fds[i] = serve_dial();
			serve_send(fds[i], "GET ", round * 2);
		}
		/* more than there is room for: it waits until there is */
		still_served();
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			close(fds[i]);
	}
	still_served();
	serve_end();
}

static void streams(void **state)
{
	static const char ask[] = "GET /v1/events/stream?after=0 HTTP/1.1\r\n"
				  "Host: x\r\n\r\n";
	static const struct serving how = { .patience = 200 };
	int fds[12];

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = serve_dial();
		serve_send(fds[i], ask, sizeof(ask) - 1);
		serve_until(fds[i], "id: 3\n");
	}
	/* nobody reads on; all that comes is kept, or they are hung up on */
	for (int i = 0; i < 50; i++)
		serve_event();
	still_served();
	for (size_t i = 0; i < ARRAY_SIZE(fds); i += 2)
		close(fds[i]);
	serve_event();
	still_served();
	/* the server ends while others are open */
	serve_end();
	for (size_t i = 1; i < ARRAY_SIZE(fds); i += 2)
		close(fds[i]);
}

static void garbage(void **state)
{
	static const char *const odd[] = {
		"GET /v1/vms/\377\376 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /v1/vms/a b HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /v1/status HTTP/9.9\r\nHost: x\r\n\r\n",
		"GET /v1/status HTTP/1.1\r\n\r\n",
		"GET /v1/status\r\n\r\n", "\r\n\r\n", "GET\r\n\r\n",
		"GET /v1/status HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"GET /v1/status HTTP/1.1\r\nHost: x\r\nAccept-Language: "
		"\377;q=\377\r\n\r\n",
		"GET /v1/events/stream HTTP/1.1\r\nHost: x\r\n"
		"Last-Event-ID: 99999999999999999999\r\n\r\n",
		"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n"
		"\r\n",
		"POST /v1/vms/vm1/recover HTTP/1.1\r\nHost: x\r\n"
		"Content-Length: 4\r\n\r\n{\"\377\"",
		"\026\003\001\002\001\001\374\003\003\r\n\r\n",
	};
	static const struct serving how = { .patience = 300 };
	char bytes[512];

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		int status = serve_status(serve_ask("%s", odd[i]));

		/* 505 is what that version gets */
		if (status / 100 == 5 && status != 505)
			fail_msg("row %zu: %d", i, status);
	}
	random_seed();
	for (int i = 0; i < 300; i++) {
		size_t n = random_pick(sizeof(bytes));
		int fd = serve_dial();

		for (size_t k = 0; k < n; k++)
			bytes[k] = random_pick(4) ? "GET /v1\r\n :%?=&"
						   [random_pick(16)] :
						   (char)random_pick(256);
		serve_send(fd, bytes, n);
		serve_send(fd, "\r\n\r\n", 4);
		close(fd);
	}
	still_served();
	serve_end();
}

/** enum got - what a stranger got */
enum got { GOT_NOTHING, GOT_ANSWER, GOT_REFUSED, GOT_FORBIDDEN };

/* @other: a group that it is in besides @own */
static enum got ask_as(gid_t own, gid_t other, const char *ask)
{
	const char *answer;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		if (setgroups(1, &other) || setgid(own) || setuid(STRANGER))
			_exit(GOT_NOTHING);
		answer = serve_ask("%s HTTP/1.1\r\nHost: x\r\n\r\n", ask);
		status = serve_status(answer);
		_exit(status == 200 ? GOT_ANSWER : status == 403 &&
		      strstr(answer, "{\"error\":{\"code\":\"forbidden\"") ?
		      GOT_FORBIDDEN : GOT_REFUSED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void rights(void **state)
{
	static const struct serving how = { .group = GROUP }, nobodys;
	const struct group *group = getgrnam(GROUP);
	struct stat st;
	gid_t gid;

	(void)state;
	if (geteuid() || !group)
		skip();
	gid = group->gr_gid;
	serve(&how);
	assert_int_equal(stat(serve_path(), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(st.st_gid, gid);
	/* by its first group, and by another one */
	assert_int_equal(ask_as(gid, STRANGER, "GET /v1/status"), GOT_ANSWER);
	assert_int_equal(ask_as(STRANGER, gid, "GET /metrics"), GOT_ANSWER);
	assert_int_equal(ask_as(gid, gid, "POST /v1/sync"), GOT_FORBIDDEN);
	/* who got through in spite of the socket's mode */
	chmod(serve_path(), 0666);
	assert_int_equal(ask_as(STRANGER, STRANGER, "GET /v1/status"),
			 GOT_FORBIDDEN);
	assert_int_equal(ask_as(STRANGER, STRANGER, "GET /nothing"),
			 GOT_FORBIDDEN);
	serve_end();
	serve(&nobodys);
	assert_int_equal(stat(serve_path(), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	chmod(serve_path(), 0666);
	assert_int_equal(ask_as(gid, gid, "GET /v1/status"), GOT_FORBIDDEN);
	serve_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow),
		cmocka_unit_test(unread),
		cmocka_unit_test(large),
		cmocka_unit_test(halves),
		cmocka_unit_test(crowd),
		cmocka_unit_test(streams),
		cmocka_unit_test(garbage),
		cmocka_unit_test(rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
