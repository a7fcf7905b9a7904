/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A socket that messages are sent through without ever waiting for anybody:
 * what cannot be sent now stands in a queue, what finds no room there is
 * counted. A connection that breaks is made again.
 */
#ifndef VS_STORE_SINK_H
#define VS_STORE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/facts.h"

/** VS_SINK_QUEUE - messages that may wait */
#define VS_SINK_QUEUE 4096
/** VS_SINK_BYTES - bytes that may wait */
#define VS_SINK_BYTES (4 * 1024 * 1024)
/** VS_SINK_RETRY - milliseconds between two attempts to connect */
#define VS_SINK_RETRY 5000

/** struct vs_message - a message that waits */
struct vs_message {
	struct vs_message *next;
	uint64_t ticket;
	size_t len;
	char data[];
};

/**
 * struct vs_sink - where messages go
 * @address: the receiver
 * @address_len: its length
 * @stream: a connection, and not single datagrams
 * @fd: the socket; -1: none now
 * @connected: it can be written to; a connection takes time
 * @retry: not connected again before that time
 * @first: messages that wait, the oldest first
 * @last: where the next one goes
 * @waiting: how many
 * @bytes: their lengths together
 * @sent: bytes of the first that went already
 * @lost: messages that found no room or that the receiver cannot take
 * @err: why the last attempt failed; 0: it did not
 */
struct vs_sink {
	struct sockaddr_storage address;
	socklen_t address_len;
	bool stream;
	int fd;
	bool connected;
	vs_time retry;
	struct vs_message *first;
	struct vs_message **last;
	size_t waiting;
	size_t bytes;
	size_t sent;
	uint64_t lost;
	int err;
};

/** vs_sink_init() - a sink that has sent nothing yet; @address is copied */
void vs_sink_init(struct vs_sink *sink, const struct sockaddr *address,
		  socklen_t len, bool stream);

/** vs_sink_put() - let a message wait; it is copied. -ENOBUFS: it was lost.
 * @ticket: by which its sender knows it; 0: by none
 */
int vs_sink_put(struct vs_sink *sink, const char *data, size_t len,
		uint64_t ticket);

/** vs_sink_lowest() - the lowest ticket of those that wait; 0: none has one */
uint64_t vs_sink_lowest(const struct vs_sink *sink);

/** vs_sink_forget() - their sender knows them no longer */
void vs_sink_forget(struct vs_sink *sink);

/** vs_sink_run() - send what can be sent now; @now: a clock nobody sets */
void vs_sink_run(struct vs_sink *sink, vs_time now);

/** vs_sink_events() - what poll() is to wait for at @fd; 0: nothing */
short vs_sink_events(const struct vs_sink *sink);

/** vs_sink_due() - when vs_sink_run() is due even so; -1: it is not */
vs_time vs_sink_due(const struct vs_sink *sink);

/** vs_sink_close() - drop what waits, close the socket */
void vs_sink_close(struct vs_sink *sink);

#endif
