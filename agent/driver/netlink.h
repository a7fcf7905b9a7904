/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place where netlink is spoken: extended and capped
 * acknowledgments and strict checking on, torn dumps and overflows retried,
 * errors with errno and the kernel's own words.
 */
#ifndef VS_DRIVER_NETLINK_H
#define VS_DRIVER_NETLINK_H

#include "driver/exchange.h"

struct mnl_socket;

/**
 * struct vs_netlink - a netlink socket
 * @sock: the socket; NULL: not open
 * @bus: NETLINK_GENERIC or NETLINK_ROUTE
 * @buf: what is received
 * @seq: number of the last request
 */
struct vs_netlink {
	struct mnl_socket *sock;
	int bus;
	char *buf;
	uint32_t seq;
};

/**
 * vs_netlink_open() - open a socket
 * @nl: the socket
 * @bus: NETLINK_GENERIC or NETLINK_ROUTE
 * @error: why not
 *
 * Return: 0 or a negative errno, and then nothing is open.
 */
int vs_netlink_open(struct vs_netlink *nl, int bus, struct vs_error *error);

/** vs_netlink_close() - close it, if it is open */
void vs_netlink_close(struct vs_netlink *nl);

/** vs_netlink_fd() - its file descriptor, to poll */
int vs_netlink_fd(const struct vs_netlink *nl);

/**
 * vs_netlink_do() - send a request and wait until it is acknowledged
 * @nl: the socket
 * @r: the request, with NLM_F_ACK
 * @fn: takes the answer, if there is one; may be NULL
 * @ctx: handed to @fn
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_netlink_do(struct vs_netlink *nl, struct vs_request *r,
		  vs_message_fn fn, void *ctx, struct vs_error *error);

/**
 * vs_netlink_dump() - dump a table
 * @nl: the socket
 * @r: the request, with NLM_F_DUMP
 * @begin: forgets what an earlier attempt gave to @fn; each attempt calls it
 * @fn: takes the entries
 * @ctx: handed to @begin and @fn
 * @error: why it failed
 *
 * A dump that was torn by a change, or of which something was lost, is
 * dumped afresh, a bounded number of times.
 *
 * Return: 0 or a negative errno; -EAGAIN (VS_WHY_TORN): torn every time.
 */
int vs_netlink_dump(struct vs_netlink *nl, struct vs_request *r,
		    void (*begin)(void *ctx), vs_message_fn fn, void *ctx,
		    struct vs_error *error);

/**
 * vs_netlink_recv() - receive from the kernel what has come
 * @nl: the socket
 * @flags: of recv(), e.g. MSG_DONTWAIT
 * @len: bytes in vs_netlink.buf
 *
 * Return: 0; -ENOBUFS: something was lost; -EAGAIN: nothing has come; any
 * other negative errno.
 */
int vs_netlink_recv(struct vs_netlink *nl, int flags, size_t *len);

/** vs_netlink_join() - receive what is multicast to @group; 0 or -errno */
int vs_netlink_join(struct vs_netlink *nl, uint32_t group,
		    struct vs_error *error);

#endif
