/* SPDX-License-Identifier: GPL-2.0-only */
/* Ethernet frames that nobody answers. */
#ifndef VSN_TEST_FRAME_H
#define VSN_TEST_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	65550

struct frame {
	size_t len;
	uint8_t bytes[FRAME_MAX];
};

/* Broadcast, of an EtherType for experiments, @len bytes with its header. */
void frame_make(struct frame *f, size_t len);
/* The same with an 802.1Q tag, which counts as part of @len. */
void frame_make_tagged(struct frame *f, size_t len);
void frame_to(struct frame *f, const uint8_t mac[6]);

/* 0 or a negative errno. */
int frame_send(int fd, const struct frame *f);
/* Read until one of our frames came; its length, or -ETIMEDOUT. */
int frame_recv(int fd, int timeout_ms);

#endif /* VSN_TEST_FRAME_H */
