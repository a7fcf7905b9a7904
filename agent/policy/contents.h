/* SPDX-License-Identifier: GPL-2.0-only */
/* What a policy of ours is told: rules, guests or signatures. */
#ifndef VS_POLICY_CONTENTS_H
#define VS_POLICY_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/abi.h"
#include "policy/why.h"

/** enum vs_policy_kind - what a policy can be told */
enum vs_policy_kind {
	VS_POLICY_OTHER,	/* nothing, or we do not know what */
	VS_POLICY_ANTI_SPOOF,
	VS_POLICY_ALLOW_LIST,
	VS_POLICY_PREVENTION,
	VS_POLICY_KINDS
};

/** vs_policy_kind_word() - "other", "anti-spoof", "allow-list", ... */
const char *vs_policy_kind_word(enum vs_policy_kind kind);

/** vs_policy_kind_map() - name of the map that is filled, or NULL */
const char *vs_policy_kind_map(enum vs_policy_kind kind);

/** struct vs_host_entry - a guest or an address of it, as in the map */
struct vs_host_entry {
	struct vs_policy_host key;
	uint32_t flags;
};

/**
 * struct vs_contents - entries of the map of one kind
 * @kind: which
 * @n: how many
 * @cap: room
 * @hosts: of VS_POLICY_ANTI_SPOOF
 * @rules: of VS_POLICY_ALLOW_LIST
 * @signatures: of VS_POLICY_PREVENTION
 */
struct vs_contents {
	enum vs_policy_kind kind;
	size_t n, cap;
	union {
		void *v;
		struct vs_host_entry *hosts;
		struct vs_policy_rule *rules;
		struct vs_policy_signature *signatures;
	};
};

/** vs_contents_free() - release the entries; there are none then */
void vs_contents_free(struct vs_contents *c);

/**
 * vs_contents_parse() - add what a line says
 * @c: the contents, their kind set
 * @line: the line; an empty one and a comment say nothing
 * @why: what is wrong with it
 *
 * Return: 0 or a negative errno, and then nothing was added.
 */
int vs_contents_parse(struct vs_contents *c, const char *line,
		      struct vs_buf *why);

/**
 * vs_contents_lines() - say entries as vs_contents_parse() reads them
 * @c: the contents
 * @fn: gets the lines, one by one
 * @ctx: handed to @fn
 */
void vs_contents_lines(const struct vs_contents *c,
		       void (*fn)(void *ctx, const char *line), void *ctx);

/**
 * vs_contents_buckets() - signatures as they are looked up
 * @c: contents of VS_POLICY_PREVENTION
 * @keys: first bytes of each bucket, room for VS_POLICY_BUCKETS_MAX
 * @buckets: the buckets, zeroed; room likewise
 * @why: what does not fit
 *
 * Return: how many there are, or a negative errno.
 */
int vs_contents_buckets(const struct vs_contents *c, uint32_t *keys,
			struct vs_policy_bucket *buckets, struct vs_buf *why);

/** vs_map_is() - is it a map of that type, with keys and values so large? */
bool vs_map_is(int fd, uint32_t type, uint32_t key, uint32_t value);

/**
 * vs_contents_fit() - is a map what contents of a kind are put into?
 * @kind: the kind
 * @map_fd: the map; objects of others may have any map under our names
 */
bool vs_contents_fit(enum vs_policy_kind kind, int map_fd);

/**
 * vs_contents_write() - put them into a policy, in place of what was there
 * @c: the contents
 * @map_fd: the map of maps
 * @why: why not
 *
 * Packets meet the old contents or the new, never a part.
 *
 * Return: 0 or a negative errno, and then the old ones are still there.
 */
int vs_contents_write(const struct vs_contents *c, int map_fd,
		      struct vs_buf *why);

/** vs_contents_read() - take them from a policy; 0 or a negative errno */
int vs_contents_read(struct vs_contents *c, int map_fd, struct vs_buf *why);

#endif
