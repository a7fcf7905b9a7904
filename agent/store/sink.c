// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sink.h"

void vs_sink_init(struct vs_sink *sink, const struct sockaddr *address,
		  socklen_t len, bool stream)
{
	*sink = (struct vs_sink){
		.address_len = len, .stream = stream, .fd = -1,
	};
	memcpy(&sink->address, address, len);
	sink->last = &sink->first;
}

int vs_sink_put(struct vs_sink *sink, const char *data, size_t len,
		uint64_t ticket)
{
	struct vs_message *m = NULL;

	if (sink->waiting < VS_SINK_QUEUE && sink->bytes + len <= VS_SINK_BYTES)
		m = malloc(sizeof(*m) + len);
	if (!m) {
		sink->lost++;
		return -ENOBUFS;
	}
	m->next = NULL;
	m->ticket = ticket;
	m->len = len;
	memcpy(m->data, data, len);
	*sink->last = m;
	sink->last = &m->next;
	sink->waiting++;
	sink->bytes += len;
	return 0;
}

uint64_t vs_sink_lowest(const struct vs_sink *sink)
{
	uint64_t lowest = 0;

	for (const struct vs_message *m = sink->first; m; m = m->next) {
		if (m->ticket && (!lowest || m->ticket < lowest))
			lowest = m->ticket;
	}
	return lowest;
}

void vs_sink_forget(struct vs_sink *sink)
{
	for (struct vs_message *m = sink->first; m; m = m->next)
		m->ticket = 0;
}

static void vs_sink_pop(struct vs_sink *sink)
{
	struct vs_message *m = sink->first;

	sink->first = m->next;
	if (!sink->first)
		sink->last = &sink->first;
	sink->waiting--;
	sink->bytes -= m->len;
	sink->sent = 0;
	free(m);
}

/* what was sent in part is sent whole to whoever answers next */
static void vs_sink_break(struct vs_sink *sink, vs_time now, int err)
{
	if (sink->fd >= 0)
		close(sink->fd);
	sink->fd = -1;
	sink->connected = false;
	sink->sent = 0;
	sink->err = err;
	sink->retry = now + VS_SINK_RETRY;
}

static void vs_sink_connect(struct vs_sink *sink, vs_time now)
{
	int type = sink->stream ? SOCK_STREAM : SOCK_DGRAM;

	if (now < sink->retry)
		return;
	sink->fd = socket(sink->address.ss_family,
			  type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sink->fd < 0) {
		vs_sink_break(sink, now, errno);
		return;
	}
	if (!connect(sink->fd, (struct sockaddr *)&sink->address,
		     sink->address_len))
		sink->connected = true;
	else if (errno != EINPROGRESS)
		vs_sink_break(sink, now, errno);
}

/* has the connection come about? */
static void vs_sink_connecting(struct vs_sink *sink, vs_time now)
{
	struct pollfd p = { .fd = sink->fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int err = 0;

	if (poll(&p, 1, 0) <= 0)
		return;
	if (getsockopt(sink->fd, SOL_SOCKET, SO_ERROR, &err, &len))
		err = errno;
	if (err)
		vs_sink_break(sink, now, err);
	else
		sink->connected = true;
}

/* a receiver that went away shows when one reads; what it says is dropped */
static void vs_sink_drain(struct vs_sink *sink, vs_time now)
{
	char buf[512];
	ssize_t n;

	do {
		n = recv(sink->fd, buf, sizeof(buf), MSG_DONTWAIT);
	} while (n > 0);
	if (!n)
		vs_sink_break(sink, now, ECONNRESET);
	else if (errno != EAGAIN)
		vs_sink_break(sink, now, errno);
}

/* true: go on with the next */
static bool vs_sink_send(struct vs_sink *sink, vs_time now)
{
	const struct vs_message *m = sink->first;
	ssize_t n = send(sink->fd, m->data + sink->sent, m->len - sink->sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n >= 0) {
		sink->sent += n;
		sink->err = 0;
		if (sink->sent == m->len || !sink->stream)
			vs_sink_pop(sink);
		return true;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return false;
	if (errno == EMSGSIZE) {
		sink->lost++;
		sink->err = errno;
		vs_sink_pop(sink);
		return true;
	}
	vs_sink_break(sink, now, errno);
	return false;
}

void vs_sink_run(struct vs_sink *sink, vs_time now)
{
	if (sink->fd >= 0 && sink->stream && sink->connected)
		vs_sink_drain(sink, now);
	if (sink->fd < 0 && sink->first)
		vs_sink_connect(sink, now);
	if (sink->fd >= 0 && !sink->connected)
		vs_sink_connecting(sink, now);
	while (sink->fd >= 0 && sink->connected && sink->first &&
	       vs_sink_send(sink, now))
		;
}

short vs_sink_events(const struct vs_sink *sink)
{
	if (sink->fd < 0)
		return 0;
	return (sink->stream && sink->connected ? POLLIN : 0) |
	       (sink->first || !sink->connected ? POLLOUT : 0);
}

vs_time vs_sink_due(const struct vs_sink *sink)
{
	return sink->fd < 0 && sink->first ? sink->retry : -1;
}

void vs_sink_close(struct vs_sink *sink)
{
	while (sink->first)
		vs_sink_pop(sink);
	if (sink->fd >= 0)
		close(sink->fd);
	sink->fd = -1;
	sink->connected = false;
}
