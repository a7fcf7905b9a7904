// SPDX-License-Identifier: GPL-2.0-only
/*
 * A comparison in parts: together they are what it is as a whole, in parts of
 * any size, and nobody makes the agent hold more than it may.
 */
#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/checked.h"
#include "api/client.h"
#include "api/reopen.h"
#include "serve.h"
#include "world.h"

static int start(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	return 0;
}

static void populate(struct world *w)
{
	world_ready(w);
	for (unsigned int i = 1; i < 40; i++) {
		if (i % 7)
			world_vm(w, i);
		/* two of a device ID, three of a VM, none */
		for (unsigned int k = 0; i % 5 && k < 1 + i % 3; k++)
			world_vnic(w, i, k / 2, 4 * i + k);
		if (i % 3 == 0)
			world_bound(w, i, i, 0, 4 * i);
		if (i % 4 == 0)
			world_unbound(w, 100 + i);
		if (i % 6 == 0)
			world_idle(w, 200 + i);
	}
	assert_int_equal(vs_engine_evaluate(w->e, w->now, NULL, NULL), 0);
}

static json_t *whole(const struct vs_engine *e, size_t limit, size_t *parts)
{
	struct vs_checked_part part = { .limit = limit };
	json_t *vms = json_array(), *vnics = json_array();
	char buf[VS_CHECKED_STR];

	*parts = 0;
	while (part.list != VS_CHECKED_EVENTS) {
		struct vs_checked_part next = { .limit = limit };
		const char *at;

		assert_int_equal(vs_checked_part_take(&part, e, NULL), 0);
		assert_true(json_array_size(part.vms) +
			    json_array_size(part.vnics) <= limit);
		json_array_extend(vms, part.vms);
		json_array_extend(vnics, part.vnics);
		at = vs_checked_part_next(&part, buf);
		assert_int_equal(vs_checked_part_parse(at, &next), 0);
		vs_checked_part_free(&part);
		part = next;
		assert_true(++*parts < 1000);
	}
	assert_int_equal(vs_checked_sort(vms), 0);
	assert_int_equal(vs_checked_sort(vnics), 0);
	return json_pack("{so,so}", "vms", vms, "vnics", vnics);
}

static void any_size(void **state)
{
	struct world *w = *state;
	json_t *all;
	size_t rows, parts;

	populate(w);
	all = json_pack("{so,so}", "vms", vs_checked_vms(w->e, NULL), "vnics",
			vs_checked_vnics(w->e, NULL));
	rows = json_array_size(json_object_get(all, "vms")) +
	       json_array_size(json_object_get(all, "vnics"));
	assert_true(rows > 80);
	for (size_t limit = 1; limit < rows + 3; limit++) {
		json_t *together = whole(w->e, limit, &parts);

		assert_row(limit, json_equal(all, together));
		/* none is empty, but the one that finds nothing more */
		assert_row(limit, parts <= rows / limit + 2);
		json_decref(together);
	}
	json_decref(all);
}

static void where(void **state)
{
	static const char *const good[] = {
		"vms:6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01", "vnics:",
		"vnics:6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,"
		"52:54:00:AB:CD:01", "events:0", "events:2500",
	};
	static const char *const bad[] = {
		"", "vms", "vms:", "vms:x", "vnics", "vnics:x", "events:",
		"events:-1", "events:x", "ports:1", "6f1d4f0e", "vnicsx:",
	};
	char buf[VS_CHECKED_STR];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct vs_checked_part part = { 0 };

		assert_row(i, vs_checked_part_parse(good[i], &part) == 0);
		assert_row_string(i, vs_checked_part_next(&part, buf), good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vs_checked_part part = { 0 };

		assert_row(i, vs_checked_part_parse(bad[i], &part) == -EINVAL);
	}
}

/* what is compared makes another number, what is read again does not */
static void changes(void **state)
{
	struct world *w = *state;
	uint64_t before;

	populate(w);
	before = vs_engine_changes(w->e);
	world_vm(w, 1);
	world_unbound(w, 104);
	assert_int_equal(vs_engine_evaluate(w->e, ++w->now, NULL, NULL), 0);
	assert_int_equal(vs_engine_changes(w->e), before);
	world_vnic(w, 1, 7, 999);
	assert_int_not_equal(vs_engine_changes(w->e), before);
	before = vs_engine_changes(w->e);
	/* while it is looked at already */
	world_vnic(w, 1, 8, 998);
	assert_int_not_equal(vs_engine_changes(w->e), before);
	assert_int_equal(vs_engine_evaluate(w->e, ++w->now, NULL, NULL), 0);
	before = vs_engine_changes(w->e);
	world_fail(w, VS_SOURCE_DRIVER);
	assert_int_equal(vs_engine_evaluate(w->e, ++w->now, NULL, NULL), 0);
	assert_int_not_equal(vs_engine_changes(w->e), before);
}

/* each VM, vNIC and event once, and where an answer is cut does not matter */
static void by_socket(void **state)
{
	static const struct serving how = { .more = 20 };
	size_t n[3] = { 0 }, parts = 0;
	static const char *const lists[] = { "vms", "vnics", "events" };
	char target[256], next[VS_CHECKED_STR] = "";
	int status;

	(void)state;
	serve(&how);
	do {
		const char *after;
		json_t *doc;

		snprintf(target, sizeof(target), "/v1/check?limit=7%s%s",
			 *next ? "&after=" : "", next);
		doc = json_loads(serve_get(target, &status), 0, NULL);
		assert_int_equal(status, 200);
		for (size_t i = 0; i < ARRAY_SIZE(n); i++)
			n[i] += json_array_size(json_object_get(doc, lists[i]));
		after = json_string_value(json_object_get(doc, "next"));
		snprintf(next, sizeof(next), "%s", after ?: "");
		json_decref(doc);
		assert_true(++parts < 100);
	} while (*next);
	/* vm1 to vm5 beside; of vm1 two vNICs, and tap9 */
	assert_int_equal(n[0], 25);
	assert_int_equal(n[1], 23);
	assert_int_equal(n[2], 21);
	assert_true(parts > 7);
	serve_get("/v1/check?after=vms", &status);
	assert_int_equal(status, 400);
	serve_end();
}

/** struct shown - what vmsafe has printed */
struct shown {
	unsigned int lines;
	unsigned int events;
	bool sorted;
	int status;
	char last[256];
};

static struct shown show(const char *args)
{
	struct shown s = { .sorted = true };
	char line[4096], before[4096] = "";
	FILE *from;

	snprintf(line, sizeof(line), "VMSAFE_SOCKET=%s %s %s 2>&1",
		 serve_path(), getenv("VMSAFE"), args);
	from = popen(line, "r");
	assert_non_null(from);
	while (fgets(line, sizeof(line), from)) {
		snprintf(s.last, sizeof(s.last), "%.255s", line);
		s.events += strncmp(line, "Event ID: 368", 13) == 0;
		if (strncmp(line, "vm", 2) != 0 || strstr(line, ": "))
			continue;
		s.sorted &= strcmp(before, line) < 0;
		strcpy(before, line);
		s.lines++;
	}
	s.status = WEXITSTATUS(pclose(from));
	return s;
}

static void over_one_part(void **state)
{
	static const struct serving how = { .more = VS_PAGE_MAX + 10 };
	struct shown s;

	(void)state;
	if (!getenv("VMSAFE") || geteuid())
		skip();
	serve(&how);
	s = show("check -o vm_name,device_id,mac,state");
	assert_int_equal(s.status, 4);
	/* vm2 and the one with a name that is no word have no vNIC */
	assert_int_equal(s.lines, how.more + 3);
	assert_int_equal(s.events, how.more + 1);
	serve_end();
}

/* parts of two evaluations are none: it is asked anew, but not for ever */
static void restless(void **state)
{
	struct serving how = { .more = VS_PAGE_MAX, .restless = 3 };
	struct shown s;

	(void)state;
	if (!getenv("VMSAFE") || geteuid())
		skip();
	serve(&how);
	s = show("check -o vm_name,device_id,mac,state");
	assert_int_equal(s.status, 4);
	assert_int_equal(s.lines, how.more + 3);
	serve_end();
	how.restless = 100000;
	serve(&how);
	s = show("check");
	assert_int_equal(s.status, 5);
	assert_int_equal(s.lines, 0);
	assert_non_null(strstr(s.last, "try again"));
	serve_end();
}

/* begin to be told, and take no more than the head */
static int hold(size_t *size)
{
	static const char ask[] = "GET /v1/check?limit=10000 HTTP/1.1\r\n"
				  "Host: x\r\n\r\n";
	char head[1024];
	const char *length;
	int fd = serve_dial();
	ssize_t n;

	*size = 0;
	serve_send(fd, ask, sizeof(ask) - 1);
	n = recv(fd, head, sizeof(head) - 1, 0);
	assert_true(n > 0);
	head[n] = '\0';
	length = strstr(head, "Content-Length: ");
	assert_non_null(length);
	if (serve_status(head) == 200)
		*size = strtoul(length + 16, NULL, 10);
	else
		assert_non_null(strstr(head, "Retry-After: 1\r\n"));
	return fd;
}

/* who takes no answers holds a few of them, not as many as there can be */
static void bounded(void **state)
{
	static const struct serving how = {
		.more = 5000, .under_way = 1024 * 1024,
	};
	size_t size, held = 0, largest = 0, refused = 0;
	int fds[12], status;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = hold(&size);
		held += size;
		refused += !size;
		if (size > largest)
			largest = size;
	}
	assert_true(largest > 512 * 1024);
	assert_true(refused >= 8);
	/* root gets twice what members get, and the last answer may reach over
	 */
	assert_true(held < 2 * how.under_way + largest);
	assert_non_null(strstr(serve_get("/v1/vms?limit=1", &status),
			       "\"busy\""));
	assert_int_equal(status, 503);
	serve_get("/v1/alerts", &status);
	assert_int_equal(status, 503);
	/* what is short is told */
	serve_get("/v1/status", &status);
	assert_int_equal(status, 200);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	do {
		serve_get("/v1/vms?limit=1", &status);
	} while (status == 503);
	assert_int_equal(status, 200);
	serve_end();
}

/** struct busy - an agent that is too busy for a while */
struct busy {
	int fd;
	int times;
	int asked;
};

static void *busy(void *ctx)
{
	static const char no[] = "HTTP/1.1 503 Service Unavailable\r\n"
		"Retry-After: 0\r\n\r\n"
		"{\"error\":{\"code\":\"busy\",\"text\":\"busy\"}}\n";
	static const char yes[] = "HTTP/1.1 200 OK\r\n\r\n{}\n";
	struct busy *b = ctx;
	char head[4096];
	int fd;

	while ((fd = accept(b->fd, NULL, NULL)) >= 0) {
		bool late = b->asked++ < b->times;
		const char *answer = late ? no : yes;

		(void)!recv(fd, head, sizeof(head), 0);
		(void)!send(fd, answer, strlen(answer), MSG_NOSIGNAL);
		close(fd);
	}
	return NULL;
}

static void patient(void **state)
{
	static const struct { int times, asked, status; } rows[] = {
		{ 0, 1, 200 }, { 2, 3, 200 }, { 5, 6, 200 }, { 6, 6, 503 },
		{ 1000, 6, 503 },
	};
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/vmsafe-unit-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/sock", dir);
	setenv("VMSAFE_SOCKET", addr.sun_path, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct busy b = { .times = rows[i].times };
		struct vs_agent_answer answer;
		pthread_t thread;

		b.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(bind(b.fd, (struct sockaddr *)&addr,
				      sizeof(addr)), 0);
		assert_int_equal(listen(b.fd, 8), 0);
		assert_int_equal(pthread_create(&thread, NULL, busy, &b), 0);
		assert_row(i, !vs_agent_ask("GET", "/v1/vms", 60000, &answer));
		assert_row(i, answer.status == rows[i].status);
		assert_row(i, !answer.text == (answer.status == 200));
		vs_agent_free(&answer);
		shutdown(b.fd, SHUT_RDWR);
		pthread_join(thread, NULL);
		assert_row(i, b.asked == rows[i].asked);
		close(b.fd);
		unlink(addr.sun_path);
	}
	unsetenv("VMSAFE_SOCKET");
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(any_size),
		cmocka_unit_test(where),
		WORLD_TEST(changes),
		cmocka_unit_test(by_socket),
		cmocka_unit_test(over_one_part),
		cmocka_unit_test(restless),
		cmocka_unit_test(bounded),
		cmocka_unit_test(patient),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
