/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink as a client sees it: one request, its answers, and what the
 * kernel has to say about a refusal.
 */
#ifndef VSN_TEST_NL_H
#define VSN_TEST_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#define NL_REQUEST_MAX	8192
#define NL_ANSWER_MAX	65536
#define NL_DEADLINE_MS	20000

/**
 * struct nl - a socket with one request under way
 * @fd: the socket, -1 while closed
 * @family: number of the vmsafe_net family
 * @group: number of its multicast group
 * @portid: the socket's own address
 * @seq: of the last request
 * @error: errno of the last request, 0 if it was granted
 * @msg: the refusal's extack message, empty if there was none
 * @blamed: attribute type that the refusal names as bad or missing, else -1
 * @missing: the attribute is blamed for being absent
 * @interrupted: a message of the dump carried NLM_F_DUMP_INTR
 * @answers: messages the last request was answered with
 * @answer: the first of them, valid if @answers is not 0
 * @request: the request being made
 */
struct nl {
	int fd;
	uint16_t family;
	uint32_t group;
	uint32_t portid;
	uint32_t seq;
	int error;
	char msg[256];
	int blamed;
	bool missing;
	bool interrupted;
	unsigned int answers;
	union {
		struct nlmsghdr answer;
		char answer_buf[NL_ANSWER_MAX];
	};
	union {
		struct nlmsghdr request;
		char request_buf[NL_REQUEST_MAX];
	};
};

typedef int (*nl_each_fn)(const struct nlmsghdr *nlh, void *arg);

/* All return 0 or a negative errno if not said otherwise. */
int nl_open_bare(struct nl *nl, int protocol);
int nl_open(struct nl *nl);
/* Without a look-up, and so without having read anything yet. */
int nl_open_like(struct nl *nl, const struct nl *like);
void nl_close(struct nl *nl);

void nl_begin(struct nl *nl, uint8_t cmd);
void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len);
void nl_put_u8(struct nl *nl, uint16_t type, uint8_t value);
void nl_put_u16(struct nl *nl, uint16_t type, uint16_t value);
void nl_put_u32(struct nl *nl, uint16_t type, uint32_t value);
void nl_put_u64(struct nl *nl, uint16_t type, uint64_t value);
void nl_put_str(struct nl *nl, uint16_t type, const char *str);

/* Send the request, and wait until it is granted or refused; or both. */
int nl_send(struct nl *nl);
int nl_answer(struct nl *nl);
int nl_do(struct nl *nl);

/*
 * Dump step by step: start sends, each step reads once into a buffer of at most
 * chunk bytes. A step returns 1 if more may come, 0 at the end. The kernel fits
 * its messages to the largest buffer that the socket was ever read with.
 */
int nl_dump_start(struct nl *nl);
int nl_dump_step(struct nl *nl, size_t chunk, nl_each_fn each, void *arg);
int nl_dump(struct nl *nl, nl_each_fn each, void *arg);

/*
 * Read once; -ETIMEDOUT if nothing came in time, -EUCLEAN if an answer holds
 * what it must not (leak.h).
 */
long nl_read(struct nl *nl, void *buf, size_t size, int timeout_ms);

#endif /* VSN_TEST_NL_H */
