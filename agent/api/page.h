/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists in parts: what comes after a key, as many as fit. */
#ifndef VS_API_PAGE_H
#define VS_API_PAGE_H

#include <stdbool.h>

#include "core/engine.h"

/** VS_PAGE - entries of a list unless told otherwise */
#define VS_PAGE 1000
/** VS_PAGE_MAX - and the most that may be asked for */
#define VS_PAGE_MAX 10000

/** struct vs_page_key - what orders entries: by VM, device ID and port */
struct vs_page_key {
	struct vs_uuid vm;
	uint32_t device_id;
	uint32_t ifindex;
	struct vs_mac mac;
};

/**
 * struct vs_page - the keys of what a part of a list holds
 * @after: only greater ones; used when @has_after is set
 * @limit: at most that many
 * @v: they, sorted once it is cut
 * @n: how many
 * @cap: room for how many
 * @more: there are more
 */
struct vs_page {
	struct vs_page_key after;
	bool has_after;
	size_t limit;
	struct vs_page_key *v;
	size_t n;
	size_t cap;
	bool more;
};

/** VS_PAGE_STR - size of a key as text */
#define VS_PAGE_STR 80

/** vs_page_format() - a key as text, for the next part */
const char *vs_page_format(const struct vs_page_key *key,
			   char buf[VS_PAGE_STR]);

/** vs_page_parse() - and back; 0 or -EINVAL */
int vs_page_parse(const char *s, struct vs_page_key *key);

/** vs_page_add() - a key, if it is after @after; 0 or -ENOMEM */
int vs_page_add(struct vs_page *page, const struct vs_page_key *key);

/** vs_page_cut() - sort them and leave only what fits */
void vs_page_cut(struct vs_page *page);

/** vs_page_find() - the place of a key; -1: it is not there */
long vs_page_find(const struct vs_page *page, const struct vs_page_key *key);

/** vs_page_free() - release it */
void vs_page_free(struct vs_page *page);

#endif
