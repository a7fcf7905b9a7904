// SPDX-License-Identifier: GPL-2.0-only
/* A syslog receiver that is away, and an agent that is stopped meanwhile. */
#include "unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/agent.h"
#include "host/clock.h"
#include "store.h"

/** struct receiver - a TCP port, and what came there */
struct receiver {
	char target[64];
	int fd, peer;
	char got[4 << 20];
	size_t len;
};

/** struct desk - as much of a daemon as it takes */
struct desk {
	struct vs_agent a;
	struct vs_conf *conf;
	const char *path;
};

/* it has a port, but nobody answers */
static void receiver_open(struct receiver *r)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(in);

	*r = (struct receiver){ .peer = -1 };
	r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(r->fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(getsockname(r->fd, (struct sockaddr *)&in, &len), 0);
	snprintf(r->target, sizeof(r->target), "tcp:127.0.0.1:%u",
		 ntohs(in.sin_port));
}

static void receiver_come(struct receiver *r)
{
	assert_int_equal(listen(r->fd, 4), 0);
}

static void receiver_close(struct receiver *r)
{
	if (r->peer >= 0)
		close(r->peer);
	close(r->fd);
}

/* an agent starts, knowing what the one before has written down */
static void start(struct desk *d, const char *target)
{
	struct vs_buf why = { 0 };

	d->a = (struct vs_agent){ 0 };
	assert_int_equal(vs_conf_load(&d->conf, "/dev/null", &why), 0);
	d->a.conf = d->conf;
	d->conf->syslog = target ? strdup(target) : NULL;
	assert_true(sd_event_new(&d->a.loop) >= 0);
	assert_true(vs_outlets_start(&d->a) >= 0);
	assert_true(vs_record_start(&d->a, store_open(d->path)) >= 0);
	vs_outlets_resume(&d->a);
}

/* it is killed: nothing is written any more, as with SIGKILL */
static void killed(struct desk *d)
{
	vs_outlets_stop(&d->a);
	vs_history_close(d->a.record.history);
	sd_event_source_disable_unref(d->a.record.prune);
	vs_buf_free(&d->a.record.lines);
	sd_event_unref(d->a.loop);
	vs_conf_free(d->conf);
}

static void stopped(struct desk *d)
{
	vs_record_stop(&d->a);
	vs_outlets_stop(&d->a);
	sd_event_unref(d->a.loop);
	vs_conf_free(d->conf);
}

/* events about VMs @from to @to, in one transaction */
static void tell(struct desk *d, unsigned int from, unsigned int to)
{
	static const int ids[] = { 368, 378, 9000, 716, 9004, 9005 };
	vs_time now = vs_clock_ms(CLOCK_REALTIME);
	unsigned int i;

	vs_record_begin(&d->a);
	for (i = from; i <= to; i++) {
		const struct vs_event *event =
			store_event(ids[i % ARRAY_SIZE(ids)], now, i);

		vs_outlets_event(&d->a, event,
				 vs_record_event(&d->a, event, true));
	}
	vs_record_end(&d->a, false);
}

/* the numbers of the VMs that messages were about, and those lost */
static const char *got(const struct receiver *r)
{
	static char text[1 << 16];
	const char *p = r->got, *name, *lost;
	size_t n = 0;

	*text = '\0';
	while (p) {
		name = strstr(p, "dhost=vm");
		lost = strstr(p, "|9008|");
		if (lost && (!name || lost < name)) {
			n += sprintf(text + n, "lost%d ",
				     atoi(strstr(lost, "cnt=") + 4));
			p = lost + 6;
		} else if (name) {
			n += sprintf(text + n, "%d ", atoi(name + 8));
			p = name + 8;
		} else {
			p = NULL;
		}
	}
	return text;
}

/* run the agent's loop until the receiver has all that waits */
static void receive(struct desk *d, struct receiver *r)
{
	struct pollfd p = { .events = POLLIN };
	ssize_t n;

	for (;;) {
		sd_event_run(d->a.loop, 10000);
		p.fd = r->peer < 0 ? r->fd : r->peer;
		if (poll(&p, 1, 0) <= 0) {
			if (!vs_forward_waiting(d->a.syslog.forward))
				break;
			continue;
		}
		if (r->peer < 0) {
			r->peer = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
			continue;
		}
		n = recv(r->peer, r->got + r->len,
			 sizeof(r->got) - 1 - r->len, MSG_DONTWAIT);
		assert_true(n > 0);
		r->len += n;
	}
}

static void forget(struct receiver *r)
{
	close(r->peer);
	r->peer = -1;
	r->len = 0;
	memset(r->got, 0, sizeof(r->got));
}

/* the last look of the one before is not waited for */
static void away(void **state)
{
	static struct receiver r;
	struct desk d = { .path = store_path() };

	(void)state;
	receiver_open(&r);
	start(&d, r.target);
	tell(&d, 1, 3);
	tell(&d, 4, 4);
	stopped(&d);
	start(&d, r.target);
	tell(&d, 5, 6);
	killed(&d);
	receiver_come(&r);
	start(&d, r.target);
	tell(&d, 7, 7);
	receive(&d, &r);
	assert_string_equal(got(&r), "1 2 3 4 5 6 7 ");
	stopped(&d);
	forget(&r);
	/* what it has it does not get again */
	start(&d, r.target);
	tell(&d, 8, 8);
	receive(&d, &r);
	assert_string_equal(got(&r), "8 ");
	/* and a second later not even from one that is killed */
	while (store_number(d.path, "SELECT ticket = (SELECT max(ticket) FROM "
			    "event) FROM handed") != 1)
		sd_event_run(d.a.loop, 100000);
	killed(&d);
	forget(&r);
	start(&d, r.target);
	tell(&d, 9, 9);
	receive(&d, &r);
	assert_string_equal(got(&r), "9 ");
	stopped(&d);
	receiver_close(&r);
}

/* all that is in the socket: what was sent by UDP is there */
static const char *datagrams(struct receiver *r)
{
	ssize_t n;

	r->len = 0;
	memset(r->got, 0, sizeof(r->got));
	while ((n = recv(r->fd, r->got + r->len,
			 sizeof(r->got) - 1 - r->len, MSG_DONTWAIT)) > 0)
		r->len += n;
	return got(r);
}

static void receiver_open_udp(struct receiver *r)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(in);

	*r = (struct receiver){ .peer = -1 };
	r->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(r->fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(getsockname(r->fd, (struct sockaddr *)&in, &len), 0);
	snprintf(r->target, sizeof(r->target), "udp:127.0.0.1:%u",
		 ntohs(in.sin_port));
}

/* what was sent counts as received: a restart says nothing again */
static void by_udp(void **state)
{
	static struct receiver r;
	struct desk d = { .path = store_path() };

	(void)state;
	receiver_open_udp(&r);
	start(&d, r.target);
	tell(&d, 1, 3);
	assert_string_equal(datagrams(&r), "1 2 3 ");
	stopped(&d);
	start(&d, r.target);
	assert_string_equal(datagrams(&r), "");
	tell(&d, 4, 4);
	assert_string_equal(datagrams(&r), "4 ");
	/* what was not sent is */
	stopped(&d);
	start(&d, NULL);
	tell(&d, 5, 5);
	stopped(&d);
	start(&d, r.target);
	tell(&d, 6, 6);
	assert_string_equal(datagrams(&r), "6 ");
	stopped(&d);
	receiver_close(&r);
}

/* more than may wait: the newest, and how many are missing */
static void too_many(void **state)
{
	static struct receiver r;
	struct desk d = { .path = store_path() };
	const char *text;

	(void)state;
	receiver_open(&r);
	start(&d, r.target);
	/* few enough of each kind in one go */
	for (unsigned int i = 0; i < VS_FORWARD_WAIT + 104; i += 100)
		tell(&d, i + 1, i + 100);
	killed(&d);
	receiver_come(&r);
	start(&d, r.target);
	receive(&d, &r);
	text = got(&r);
	assert_memory_equal(text, "105 106 107 ", 12);
	assert_string_equal(text + strlen(text) - 18, "4199 4200 lost104 ");
	stopped(&d);
	receiver_close(&r);
}

/* what is held back, or not to be forwarded, is no news later either */
static void held_back(void **state)
{
	static struct receiver r;
	struct desk d = { .path = store_path() };

	(void)state;
	receiver_open(&r);
	start(&d, r.target);
	tell(&d, 1, 1);
	vs_record_begin(&d.a);
	vs_record_event(&d.a, store_event(368, 1000, 2), false);
	vs_record_end(&d.a, false);
	killed(&d);
	start(&d, NULL);
	tell(&d, 3, 3);
	stopped(&d);
	receiver_come(&r);
	start(&d, r.target);
	tell(&d, 4, 4);
	receive(&d, &r);
	assert_string_equal(got(&r), "1 4 ");
	stopped(&d);
	receiver_close(&r);
}

/* SIGHUP: the new receiver gets what waits; nobody does twice */
static void another(void **state)
{
	static struct receiver r, other;
	struct desk d = { .path = store_path() };

	(void)state;
	receiver_open(&r);
	receiver_open(&other);
	receiver_come(&other);
	start(&d, r.target);
	tell(&d, 1, 2);
	free(d.conf->syslog);
	d.conf->syslog = strdup(other.target);
	vs_outlets_change(&d.a);
	tell(&d, 3, 3);
	receive(&d, &other);
	assert_string_equal(got(&other), "1 2 3 ");
	stopped(&d);
	forget(&other);
	start(&d, other.target);
	tell(&d, 4, 4);
	receive(&d, &other);
	assert_string_equal(got(&other), "4 ");
	stopped(&d);
	receiver_close(&r);
	receiver_close(&other);
}

/* SIGHUP: another history, which does not know what waits */
static void another_history(void **state)
{
	static struct receiver r;
	char second[128];
	struct desk d = { .path = store_path() };
	const char *const paths[] = { d.path, second };

	(void)state;
	snprintf(second, sizeof(second), "%s-2", d.path);
	receiver_open(&r);
	start(&d, r.target);
	tell(&d, 1, 2);
	vs_outlets_leave(&d.a);
	assert_true(vs_record_start(&d.a, store_open(paths[1])) >= 0);
	vs_outlets_resume(&d.a);
	tell(&d, 3, 3);
	receiver_come(&r);
	/* the connection is tried again in a few seconds */
	receive(&d, &r);
	assert_string_equal(got(&r), "1 2 3 ");
	stopped(&d);
	for (int i = 0; i < 2; i++) {
		forget(&r);
		d.path = paths[i];
		start(&d, r.target);
		tell(&d, 4 + i, 4 + i);
		receive(&d, &r);
		assert_string_equal(got(&r), i ? "5 " : "4 ");
		stopped(&d);
	}
	receiver_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(away),
		cmocka_unit_test(by_udp),
		cmocka_unit_test(too_many),
		cmocka_unit_test(held_back),
		cmocka_unit_test(another),
		cmocka_unit_test(another_history),
	};

	unsetenv("JOURNAL_STREAM");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
