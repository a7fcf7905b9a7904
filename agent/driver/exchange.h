/* SPDX-License-Identifier: GPL-2.0-only */
/* One netlink request and what comes back; pure, for netlink.c to feed. */
#ifndef VS_DRIVER_EXCHANGE_H
#define VS_DRIVER_EXCHANGE_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "driver/attr.h"

/** VS_REQUEST_SIZE - more than the largest request of the family needs */
#define VS_REQUEST_SIZE 1024

/**
 * struct vs_request - a netlink request, of a generic family or a plain one
 * @nlh: the message, in @buf
 * @answer: type of the messages that answer it
 * @attrs: names its attributes when one of them is refused
 * @generic: it is of a generic family, which may go while it is asked
 * @overflow: something did not fit
 */
struct vs_request {
	struct nlmsghdr *nlh;
	uint16_t answer;
	const struct vs_attr_set *attrs;
	bool generic;
	bool overflow;
	char buf[VS_REQUEST_SIZE] __attribute__((aligned(8)));
};

/**
 * vs_request_init() - begin a request
 * @r: the request
 * @family: number of the family
 * @cmd: the command
 * @flags: NLM_F_ACK or NLM_F_DUMP
 * @attrs: the attributes it may have
 */
void vs_request_init(struct vs_request *r, uint16_t family, uint8_t cmd,
		     uint16_t flags, const struct vs_attr_set *attrs);

/**
 * vs_request_plain() - begin a request that is of no generic family
 * @r: the request
 * @type: e.g. RTM_GETLINK
 * @answer: e.g. RTM_NEWLINK
 * @flags: NLM_F_ACK or NLM_F_DUMP
 * @head: the header of such messages
 * @len: its size
 */
void vs_request_plain(struct vs_request *r, uint16_t type, uint16_t answer,
		      uint16_t flags, const void *head, size_t len);

/** vs_request_put() - add an attribute */
void vs_request_put(struct vs_request *r, uint16_t type, size_t len,
		    const void *data);

/** vs_request_put_string() - add a string with its terminator */
void vs_request_put_string(struct vs_request *r, uint16_t type, const char *s);

/** typedef vs_message_fn - takes a message of the family; 0 or -errno */
typedef int (*vs_message_fn)(void *ctx, const struct nlmsghdr *nlh);

/**
 * struct vs_exchange - a request that is being answered
 * @request: what was sent
 * @fn: takes the answers; may be NULL
 * @ctx: handed to @fn
 * @portid: ours
 * @done: the last message has come
 * @torn: the table changed during the dump
 * @ret: 0, or why it failed
 * @error: filled in when it failed; never NULL
 */
struct vs_exchange {
	const struct vs_request *request;
	vs_message_fn fn;
	void *ctx;
	uint32_t portid;
	bool done;
	bool torn;
	int ret;
	struct vs_error *error;
};

/**
 * vs_message_is_whole() - does a message lie within what was received?
 * @nlh: where it begins
 * @len: how much there is
 *
 * Lengths are compared as what they are: as signed numbers, a length with
 * its highest bit set would fit anywhere.
 */
bool vs_message_is_whole(const struct nlmsghdr *nlh, size_t len);

/** vs_exchange_feed() - take @len bytes that were received */
void vs_exchange_feed(struct vs_exchange *x, const void *buf, size_t len);

#endif
