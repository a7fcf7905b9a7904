/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface for programs, served by a process of its own, and a client. */
#ifndef SERVE_H
#define SERVE_H

#include <stdbool.h>
#include <stddef.h>

#include "entries.h"

/* milliseconds; only what has hung waits that long */
#define SERVE_PATIENCE 60000

/**
 * struct serving - how it serves
 * @patience: milliseconds for a request to come whole; 0: as usual
 * @alive: milliseconds until a stream says that it is there; 0: long
 * @deaf: a sync is never over
 * @group: whose members may read, or NULL
 * @windows: file of the maintenance windows, or NULL
 * @entries: the Filter Driver's list
 * @more: so many VMs beside, with a vNIC each that is out of sync: from vm1000
 *        on
 * @restless: what is compared changes with each of that many requests
 * @past: so many events in the history before
 * @under_way: bytes of answers that may be under way; 0: as usual
 */
struct serving {
	int patience;
	int alive;
	bool deaf;
	const char *group;
	const char *windows;
	struct entries entries;
	unsigned int more;
	unsigned int restless;
	unsigned int past;
	size_t under_way;
};

/*
 * The world it serves: vm1 with vNICs 0 (MAC 1, bound to tap1, in sync) and 1
 * (MAC 2, not there), vm2 without any, two VMs named "twin", one named
 * "a/b \351\233\273", and port tap9 that is not bound. History: a 5008, a 368
 * of vm1. Forgetting: tap1 is in use, tap9 is not bound, tap2 may be.
 */

/** serve() - serve until serve_end() */
void serve(const struct serving *how);

/** serve_end() - end it; it has to end well, without a leak */
void serve_end(void);

/** serve_event() - have it record an event, a 295 */
void serve_event(void);

/** serve_end_job() - end a recovery by R0, which takes for ever */
void serve_end_job(void);

/** serve_path() - its socket */
const char *serve_path(void);

/** serve_dial() - connect; the socket, which fails the test if it cannot */
int serve_dial(void);

/** serve_send() - send everything; false: it was hung up on */
bool serve_send(int fd, const void *data, size_t n);

/**
 * serve_until() - read until a text is there, or the end
 * @fd: the connection
 * @text: what to wait for; NULL: the end
 *
 * Return: all that was read since the last call; valid until the next one.
 */
const char *serve_until(int fd, const char *text);

/** serve_ask() - a whole request, formatted, and the whole answer to it */
const char *serve_ask(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/** serve_get() - GET of @target; the answer's body. @status: its status */
const char *serve_get(const char *target, int *status);

/** serve_status() - the status of an answer; 0: it is none */
int serve_status(const char *answer);

#endif
