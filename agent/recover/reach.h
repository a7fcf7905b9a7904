/* SPDX-License-Identifier: GPL-2.0-only */
/* The way to the inventory, step by step. */
#ifndef VS_RECOVER_REACH_H
#define VS_RECOVER_REACH_H

#include <stddef.h>

#include "recover/progress.h"

/** enum vs_reach_result - how a step came out */
enum vs_reach_result {
	VS_REACH_OK,
	VS_REACH_NONE,		/* this inventory has no such step */
	VS_REACH_FAIL,
	VS_REACH_UNTRIED,	/* a step before it failed */
	VS_REACH_RESULTS
};

/** enum vs_reach_step - the steps, in order */
enum vs_reach_step {
	VS_REACH_URI,		/* what --inventory says can be understood */
	VS_REACH_NAME,		/* the host's name resolves */
	VS_REACH_SOCKET,	/* its socket takes a connection */
	VS_REACH_HANDSHAKE,	/* libvirt or vCenter answers there */
	VS_REACH_LIST,		/* the list can be read */
	VS_REACH_STEPS
};

/** VS_REACH_DETAIL - size of vs_reach_row.detail */
#define VS_REACH_DETAIL 512

/**
 * struct vs_reach_row - a step
 * @result: how it came out
 * @ms: how long it took
 * @detail: what was found, safe to print
 * @advice: what to do, or NULL
 */
struct vs_reach_row {
	enum vs_reach_result result;
	unsigned int ms;
	char detail[VS_REACH_DETAIL];
	const char *advice;
};

/** struct vs_reach - all of it */
struct vs_reach {
	struct vs_reach_row row[VS_REACH_STEPS];
};

/**
 * vs_reach() - go the way
 * @r: filled in
 * @inventory: its URI
 * @deadline: how long each step may take, milliseconds
 * @progress: told of each step as it is done; may be NULL
 *
 * Return: 0: the list can be read; a negative errno: a step failed;
 * -EINVAL: already the URI.
 */
int vs_reach(struct vs_reach *r, const char *inventory, unsigned int deadline,
	     const struct vs_progress *progress);

/** vs_reach_name() - what a step does, in a phrase; N_() */
const char *vs_reach_name(enum vs_reach_step step);

/** vs_reach_word() - "ok", "none", "fail", "untried" */
const char *vs_reach_word(enum vs_reach_result result);

/** VS_REACH_HOST - size of vs_reach_uri.host */
#define VS_REACH_HOST 256

/**
 * struct vs_reach_uri - where a URI of libvirt leads
 * @host: empty: this one
 * @port: of TCP; 0: none
 * @socket: paths of Unix sockets, any of which will do
 * @n_sockets: how many; 0 and no port: there is nothing to connect to
 */
struct vs_reach_uri {
	char host[VS_REACH_HOST];
	unsigned int port;
	char socket[2][108];
	size_t n_sockets;
};

/** vs_reach_parse() - read what follows "libvirt:"; 0 or -EINVAL */
int vs_reach_parse(struct vs_reach_uri *uri, const char *text);

#endif
