/* SPDX-License-Identifier: GPL-2.0-only */
/* What an answer must not hold: bytes that nobody has written. */
#ifndef VSN_TEST_LEAK_H
#define VSN_TEST_LEAK_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/netlink.h>

/* Do the two below look? They do, unless a measurement is not about them. */
extern bool leak_search;

/*
 * Four in a row of what the kernel fills memory with that is not in use: slabs
 * with 0x6b (slub_debug=P), the driver's stack with 0xfe (in the debug kernel).
 * What the tests put into tables has no such runs.
 */
bool leak_in(const void *data, size_t len);

/* The same; or something other than zeros between two attributes. */
bool leak_in_message(const struct nlmsghdr *nlh, size_t header);

#endif /* VSN_TEST_LEAK_H */
