// SPDX-License-Identifier: GPL-2.0-only
/* Events sent on: the lines to the letter, and receivers that do not listen. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/kind.h"
#include "store.h"
#include "store/cef.h"
#include "store/forward.h"
#include "store/journal.h"
#include "store/sink.h"
#include "store/syslog.h"
#include "world.h"

static struct vs_event hostile(void)
{
	static struct vs_difference d;
	static struct vs_uuid vm;

	vm = world_uuid(0xabc);
	d = (struct vs_difference){
		.source = VS_SOURCE_DRIVER, .reason = VS_REASON_DRIVER_ONLY,
		.device_id = 3, .mac = world_mac(1), .port = "tap1",
	};
	return (struct vs_event){
		.time = 1700000000123, .id = VS_EVENT_INTERFACE_DELETED,
		.level = VS_LEVEL_WARNING, .action_by = VS_ACTOR_OPERATOR,
		.host = "no de|1", .vm = &vm,
		.vm_name = "a=b|c\\d\ne\xff\x1b\xe4\xbb\xae",
		.differences = &d, .n_differences = 1,
		.detail = "x=y\\", .cause = VS_CAUSE_C7,
	};
}

#define CEF_HOSTILE \
	"CEF:0|vmsafe-net|vmsafe-agent|0.1.0|295|Interface Deleted|6|" \
	"rt=1700000000123 dvchost=no de|1 cat=manager suser=operator " \
	"dhost=a\\=b|c\\\\d\\ne??\xe4\xbb\xae " \
	"cs1=421e0000-0000-0000-0000-000000000abc cs1Label=VM UUID " \
	"dmac=00:50:56:00:00:01 cn1=3 cn1Label=Device ID " \
	"cs3=driver cs3Label=Source reason=driver-only " \
	"cs4=C7 cs4Label=Cause cs5=R5 cs5Label=Step " \
	"msg=An operator removed an interface that is not in use any " \
	"longer.\\nMAC: 00:50:56:00:00:01 - Device ID: 3 - Source: Filter " \
	"Driver\\nx\\=y\\\\"

static void cef(void **state)
{
	struct vs_event event = hostile();
	struct vs_buf line = { 0 }, big = { 0 };

	(void)state;
	vs_cef_line(&line, NULL, &event);
	assert_string_equal(vs_buf_str(&line), CEF_HOSTILE);
	/* a long message is cut between two characters */
	for (int i = 0; i < 5000; i++)
		vs_buf_add(&big, "\xe4\xbb\xae");
	event.detail = big.data;
	vs_buf_free(&line);
	vs_cef_line(&line, NULL, &event);
	assert_true(line.len < 5000);
	assert_string_equal(line.data + line.len - 6, "\xe4\xbb\xae...");
	/* every kind is one line */
	for (unsigned int i = 0; i < STORE_SAMPLES; i++) {
		vs_buf_free(&line);
		vs_cef_line(&line, NULL, store_sample(i));
		assert_row(i, !strpbrk(line.data, "\n\r\x1b"));
	}
	vs_buf_free(&line);
	vs_buf_free(&big);
}

static void rfc5424(void **state)
{
	struct vs_event event = hostile();
	struct vs_buf line = { 0 };
	char want[1024];

	(void)state;
	snprintf(want, sizeof(want), "<28>1 2023-11-14T22:13:20.123Z no?de|1 "
		 "vmsafe-agent 42 295 - %s", CEF_HOSTILE);
	vs_syslog_write(&line, false, NULL, &event, 42);
	assert_string_equal(vs_buf_str(&line), want);
	vs_buf_free(&line);
	vs_syslog_write(&line, true, NULL, &event, 42);
	assert_int_equal(strtoul(line.data, NULL, 10), strlen(want));
	assert_string_equal(strchr(line.data, ' ') + 1, want);
	vs_buf_free(&line);
	event.host = "";
	event.time = -1;
	event.level = VS_LEVEL_ERROR;
	vs_syslog_write(&line, false, NULL, &event, 42);
	assert_memory_equal(line.data, "<27>1 - - vmsafe-agent", 22);
	vs_buf_free(&line);
}

static void targets(void **state)
{
	static const struct {
		const char *s;
		int family;		/* 0: refused */
		bool stream;
	} rows[] = {
		{ "udp:127.0.0.1:514", AF_INET, false },
		{ "tcp:10.1.2.3:65535", AF_INET, true },
		{ "udp:[::1]:514", AF_INET6, false },
		{ "tcp:[2001:db8::7]:601", AF_INET6, true },
		{ "", 0, 0 }, { "udp", 0, 0 }, { "udp:", 0, 0 },
		{ "udp:1", 0, 0 }, { "udp::514", 0, 0 }, { "tcp:[", 0, 0 },
		{ "tcp:[]:1", 0, 0 }, { "tcp:[:1", 0, 0 },
		{ "tcp:[::1:601", 0, 0 }, { "tcp:::1:601", 0, 0 },
		{ "udp:127.0.0.1", 0, 0 }, { "udp:127.0.0.1:0", 0, 0 },
		{ "udp:127.0.0.1:65536", 0, 0 }, { "udp:1.2.3:514", 0, 0 },
		{ "udp:collector:514", 0, 0 }, { "tls:10.1.2.3:1", 0, 0 },
		{ "udp:127.0.0.1:514x", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_error error = { 0 };
		struct vs_sink sink;
		int ret = vs_syslog_target(rows[i].s, &sink, &error);

		if (ret != (rows[i].family ? 0 : -EINVAL))
			fail_msg("\"%s\": %d", rows[i].s, ret);
		assert_row(i, ret ? !!strstr(error.detail, "udp:ADDRESS") :
			   sink.address.ss_family == rows[i].family &&
			   sink.stream == rows[i].stream);
	}
}

/* a field of an entry as the journal reads it; NULL: there is no other */
static const char *field(const char **p, const char *end, char *value)
{
	static char key[64];
	size_t n = strcspn(*p, "=\n");
	uint64_t len;

	if (*p >= end)
		return NULL;
	snprintf(key, sizeof(key), "%.*s", (int)n, *p);
	if ((*p)[n] == '=') {
		*p += n + 1;
		len = strcspn(*p, "\n");
	} else {
		memcpy(&len, *p + n + 1, sizeof(len));
		*p += n + 1 + sizeof(len);
	}
	memcpy(value, *p, len);
	value[len] = '\0';
	*p += len + 1;
	return key;
}

static const char *const journal_fields[][2] = {
	{ "MESSAGE", "Interface Deleted: An operator removed an interface "
	  "that is not in use any longer.\nMAC: 00:50:56:00:00:01 - Device "
	  "ID: 3 - Source: Filter Driver\nx=y\\" },
	{ "MESSAGE_ID", "8081ff19ad7e46a8904b21aa0fe336b7" },
	{ "PRIORITY", "4" },
	{ "SYSLOG_IDENTIFIER", "vmsafe-agent" },
	{ "VMSAFE_ID", "295" },
	{ "VMSAFE_NAME", "Interface Deleted" },
	{ "VMSAFE_LEVEL", "warning" },
	{ "VMSAFE_TIME", "1700000000123" },
	{ "VMSAFE_ORIGIN", "manager" },
	{ "VMSAFE_ACTION_BY", "operator" },
	{ "VMSAFE_HOST", "no de|1" },
	{ "VMSAFE_VM_UUID", "421e0000-0000-0000-0000-000000000abc" },
	{ "VMSAFE_VM_NAME", "a=b|c\\d\ne\xff\x1b\xe4\xbb\xae" },
	{ "VMSAFE_MAC", "00:50:56:00:00:01" },
	{ "VMSAFE_DEVICE_ID", "3" },
	{ "VMSAFE_CAUSE", "C7" },
	{ "VMSAFE_STEP", "R5" },
	{ "VMSAFE_STEP", "R2" },
	{ "VMSAFE_STEP", "R6" },
};

static int journal_socket(char path[64])
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(path, 64, "/tmp/vmsafe-journal-%d", getpid());
	unlink(path);
	strcpy(un.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	return fd;
}

/* the next message, which has a minute for it */
static size_t message(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	assert_int_equal(poll(&p, 1, 60000), 1);
	n = recv(fd, buf, size - 1, 0);
	assert_true(n >= 0);
	buf[n] = '\0';
	return n;
}

static bool quiet(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* of the forwards that are made, milliseconds */
static vs_time window;

static struct vs_forward *forward(const char *journal, const char *syslog,
				  unsigned int digest)
{
	const struct vs_forward_config config = {
		.journal = journal, .syslog = syslog, .digest = digest,
		.window = window,
	};
	struct vs_forward *f;
	struct vs_error error;

	if (vs_forward_open(&config, &f, &error))
		fail_msg("%s", error.detail);
	return f;
}

static void journal(void **state)
{
	struct vs_event event = hostile();
	char path[64], entry[4096], value[4096];
	int fd = journal_socket(path);
	struct vs_forward *f = forward(path, NULL, 0);
	const char *p = entry, *key;
	size_t len;

	(void)state;
	vs_forward_add(f, &event);
	assert_true(quiet(fd));
	vs_forward_flush(f);
	len = message(fd, entry, sizeof(entry));
	for (size_t i = 0; i < ARRAY_SIZE(journal_fields); i++) {
		key = field(&p, entry + len, value);
		assert_row(i, key);
		assert_row_string(i, key, journal_fields[i][0]);
		assert_row_string(i, value, journal_fields[i][1]);
	}
	assert_null(field(&p, entry + len, value));
	assert_int_equal(vs_forward_waiting(f), 0);
	vs_forward_close(f);
	close(fd);
	unlink(path);
}

/* the next entry has that; there may be zeros in it */
static void expect_entry(int fd, const char *what)
{
	char entry[4096];
	size_t len = message(fd, entry, sizeof(entry));

	if (!memmem(entry, len, what, strlen(what)))
		fail_msg("no %s in the entry", what);
}

/* many of a kind become one, but only in what is sent */
static void digest(void **state)
{
	char path[64], entry[4096];
	int fd = journal_socket(path);
	struct vs_forward *f = forward(path, NULL, 3);

	(void)state;
	for (int i = 1; i <= 3; i++)
		vs_forward_add(f, store_event(368, 1000, i));
	for (int i = 1; i <= 25; i++)
		vs_forward_add(f, store_event(9000, 1000, i));
	vs_forward_flush(f);
	for (int i = 0; i < 3; i++)
		expect_entry(fd, "VMSAFE_ID=368\n");
	message(fd, entry, sizeof(entry));
	assert_non_null(strstr(entry, "25 events 9000 (Interfaces In Sync)"));
	assert_non_null(strstr(entry, "VMSAFE_ID=9006\n"));
	assert_non_null(strstr(entry, "VMSAFE_COUNT=25\n"));
	assert_true(quiet(fd));
	/* the next evaluation counts anew */
	vs_forward_add(f, store_event(9000, 2000, 1));
	vs_forward_flush(f);
	expect_entry(fd, "VMSAFE_ID=9000\n");
	vs_forward_close(f);
	close(fd);
	unlink(path);
}

static void add_alone(struct vs_forward *f, unsigned int id)
{
	vs_forward_add(f, store_event(id, 1000, 1));
	vs_forward_flush(f);
}

/* a storm of which every evaluation has one event */
static void storm(void **state)
{
	char path[64], entry[4096];
	int fd = journal_socket(path);
	struct vs_forward *f;

	(void)state;
	window = 3600 * 1000;
	f = forward(path, NULL, 3);
	for (int i = 0; i < 3; i++) {
		add_alone(f, 368);
		expect_entry(fd, "VMSAFE_ID=368\n");
	}
	for (int i = 0; i < 7; i++)
		add_alone(f, 368);
	/* it is none of another kind */
	add_alone(f, 9000);
	expect_entry(fd, "VMSAFE_ID=9000\n");
	assert_true(quiet(fd));
	vs_forward_settle(f);
	message(fd, entry, sizeof(entry));
	assert_non_null(strstr(entry, "VMSAFE_ID=9006\n"));
	assert_non_null(strstr(entry, "VMSAFE_COUNT=7\n"));
	assert_true(quiet(fd));
	vs_forward_close(f);
	close(fd);
	unlink(path);
}

/* what is held back goes when its time has come: as it is, when it is little */
static void calm(void **state)
{
	char path[64], entry[4096];
	int fd = journal_socket(path);
	struct vs_forward *f;

	(void)state;
	window = 200;
	f = forward(path, NULL, 3);
	for (int i = 0; i < 5; i++)
		vs_forward_add(f, store_event(368, 1000, i));
	vs_forward_flush(f);
	message(fd, entry, sizeof(entry));
	assert_non_null(strstr(entry, "VMSAFE_COUNT=5\n"));
	add_alone(f, 368);
	while (quiet(fd)) {
		struct pollfd p = {
			.fd = vs_forward_fd(f), .events = POLLIN,
		};

		assert_int_equal(poll(&p, 1, 30000), 1);
		vs_forward_run(f);
	}
	expect_entry(fd, "VMSAFE_ID=368\n");
	assert_true(quiet(fd));
	vs_forward_close(f);
	window = 0;
	close(fd);
	unlink(path);
}

static int listener(int type, char target[64])
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	snprintf(target, 64, "%s:127.0.0.1:%u",
		 type == SOCK_STREAM ? "tcp" : "udp", ntohs(in.sin_port));
	return fd;
}

static void udp(void **state)
{
	char target[64], line[4096];
	int fd = listener(SOCK_DGRAM, target);
	struct vs_forward *f = forward(NULL, target, 0);

	(void)state;
	vs_forward_add(f, store_event(368, 1700000000000, 1));
	vs_forward_add(f, store_event(9000, 1700000000000, 1));
	vs_forward_flush(f);
	message(fd, line, sizeof(line));
	assert_memory_equal(line, "<28>1 2023-11-14T22:13:20.000Z node1 ", 37);
	assert_non_null(strstr(line, "|368|Interfaces Out of Sync|6|"));
	message(fd, line, sizeof(line));
	assert_non_null(strstr(line, "|9000|Interfaces In Sync|3|"));
	vs_forward_close(f);
	close(fd);
}

/* let it do what it wakes for, until @fd has something to read */
static void until(struct vs_forward *f, int fd)
{
	struct pollfd p[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = vs_forward_fd(f), .events = POLLIN },
	};

	while (!(p[0].revents & POLLIN)) {
		assert_true(poll(p, 2, 60000) > 0);
		if (p[1].revents)
			vs_forward_run(f);
	}
}

/* octets are counted, and a broken connection is made again */
static void tcp(void **state)
{
	char target[64], line[8192] = "", *end;
	int fd = listener(SOCK_STREAM, target), peer;
	struct vs_forward *f = forward(NULL, target, 0);
	size_t len;

	(void)state;
	assert_int_equal(listen(fd, 4), 0);
	for (int i = 0; i < 2; i++) {
		vs_forward_add(f, store_event(368, 1000, 1));
		vs_forward_add(f, store_event(9000, 1000, 1));
		vs_forward_flush(f);
		until(f, fd);
		peer = accept(fd, NULL, NULL);
		assert_true(peer >= 0);
		until(f, peer);
		/* both, however they were cut up */
		for (size_t n = 0; !strstr(line, "of this VM."); )
			n += message(peer, line + n, sizeof(line) - n);
		end = strchr(line, ' ') + 1;
		end += strtoul(line, NULL, 10);
		assert_non_null(strstr(line, "|368|"));
		len = strtoul(end, &end, 10);
		assert_int_equal(len, strlen(end + 1));
		assert_memory_equal(end, " <30>1 ", 7);
		close(peer);
		memset(line, 0, sizeof(line));
		/* it notices by itself */
		until(f, vs_forward_fd(f));
		vs_forward_run(f);
	}
	vs_forward_close(f);
	close(fd);
}

static vs_time now;

static void sink_to(struct vs_sink *sink, const char *target)
{
	struct vs_error error;

	assert_int_equal(vs_syslog_target(target, sink, &error), 0);
	now = 1000000;
}

/* nobody there: it waits, tries again in time, and counts what is too much */
static void nobody(void **state)
{
	char target[64], line[64];
	int fd = listener(SOCK_STREAM, target), peer;
	struct vs_sink sink;

	(void)state;
	sink_to(&sink, target);
	for (int i = 0; i < VS_SINK_QUEUE + 7; i++) {
		snprintf(line, sizeof(line), "line %d\n", i);
		assert_int_equal(vs_sink_put(&sink, line, strlen(line), 0),
				 i < VS_SINK_QUEUE ? 0 : -ENOBUFS);
	}
	assert_int_equal(sink.lost, 7);
	vs_sink_run(&sink, now);
	/* refused at once or a moment later */
	while (sink.fd >= 0)
		vs_sink_run(&sink, now);
	assert_int_equal(sink.err, ECONNREFUSED);
	assert_int_equal(vs_sink_due(&sink), now + VS_SINK_RETRY);
	assert_int_equal(listen(fd, 1), 0);
	vs_sink_run(&sink, now + VS_SINK_RETRY - 1);
	assert_int_equal(sink.fd, -1);
	assert_int_equal(sink.waiting, VS_SINK_QUEUE);
	now += VS_SINK_RETRY;
	vs_sink_run(&sink, now);
	peer = accept(fd, NULL, NULL);
	assert_true(peer >= 0);
	while (sink.waiting) {
		vs_sink_run(&sink, now);
		(void)!recv(peer, line, sizeof(line), MSG_DONTWAIT);
	}
	assert_int_equal(sink.bytes, 0);
	assert_int_equal(sink.lost, 7);
	vs_sink_close(&sink);
	close(peer);
	close(fd);
}

/* a receiver that does not read makes nobody wait */
static void deaf(void **state)
{
	char target[64], block[65536];
	int fd = listener(SOCK_STREAM, target);
	struct vs_sink sink;

	(void)state;
	assert_int_equal(listen(fd, 1), 0);
	sink_to(&sink, target);
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 500 && !sink.lost; i++) {
		vs_sink_put(&sink, block, sizeof(block), 0);
		vs_sink_run(&sink, now);
	}
	assert_true(sink.lost > 0);
	assert_true(sink.bytes <= VS_SINK_BYTES);
	assert_int_equal(vs_sink_events(&sink), POLLIN | POLLOUT);
	vs_sink_close(&sink);
	close(fd);
}

/* what was lost is told, once the receiver takes something again */
static void told(void **state)
{
	char path[64], entry[4096];
	int fd = journal_socket(path);
	struct vs_forward *f = forward(path, NULL, 0);
	struct vs_event big = hostile();
	char *huge = malloc(1 << 22);

	(void)state;
	assert_non_null(huge);
	memset(huge, 'x', (1 << 22) - 1);
	huge[(1 << 22) - 1] = '\0';
	big.detail = huge;
	vs_forward_add(f, &big);
	vs_forward_flush(f);
	assert_int_equal(vs_forward_lost(f), 1);
	message(fd, entry, sizeof(entry));
	assert_non_null(strstr(entry, "VMSAFE_ID=9008\n"));
	assert_non_null(strstr(entry, "VMSAFE_COUNT=1\n"));
	assert_true(quiet(fd));
	vs_forward_flush(f);
	assert_true(quiet(fd));
	free(huge);
	vs_forward_close(f);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cef),
		cmocka_unit_test(rfc5424),
		cmocka_unit_test(targets),
		cmocka_unit_test(journal),
		cmocka_unit_test(digest),
		cmocka_unit_test(storm),
		cmocka_unit_test(calm),
		cmocka_unit_test(udp),
		cmocka_unit_test(tcp),
		cmocka_unit_test(nobody),
		cmocka_unit_test(deaf),
		cmocka_unit_test(told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
