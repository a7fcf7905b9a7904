// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/page.h"

static int vs_page_cmp(const void *a, const void *b)
{
	const struct vs_page_key *x = a, *y = b;
	int cmp = vs_uuid_cmp(&x->vm, &y->vm);

	if (cmp)
		return cmp;
	if (x->device_id != y->device_id)
		return x->device_id < y->device_id ? -1 : 1;
	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return memcmp(&x->mac, &y->mac, sizeof(x->mac));
}

const char *vs_page_format(const struct vs_page_key *key,
			   char buf[VS_PAGE_STR])
{
	char uuid[VS_UUID_STR], mac[VS_MAC_STR];

	snprintf(buf, VS_PAGE_STR, "%s,%u,%u,%s",
		 vs_uuid_format(&key->vm, uuid), key->device_id, key->ifindex,
		 vs_mac_format(&key->mac, mac));
	return buf;
}

int vs_page_parse(const char *s, struct vs_page_key *key)
{
	char copy[VS_PAGE_STR], again[VS_PAGE_STR];
	char *uuid = copy, *next = copy, *device, *port;
	uint64_t n[2];

	*key = (struct vs_page_key){ 0 };
	if (strlen(s) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, s);
	strsep(&next, ",");
	device = strsep(&next, ",");
	port = strsep(&next, ",");
	if (!next || vs_number_parse(device, 0, UINT32_MAX, &n[0]) ||
	    vs_number_parse(port, 0, UINT32_MAX, &n[1]))
		return -EINVAL;
	/* nil and zero are what a port without a VM has */
	if (strspn(uuid, "0-") != strlen(uuid) &&
	    vs_uuid_parse(uuid, &key->vm))
		return -EINVAL;
	if (strspn(next, "0:") != strlen(next) &&
	    vs_mac_parse(next, &key->mac))
		return -EINVAL;
	key->device_id = n[0];
	key->ifindex = n[1];
	/* only as it was given out */
	return strcmp(vs_page_format(key, again), s) == 0 ? 0 : -EINVAL;
}

int vs_page_add(struct vs_page *page, const struct vs_page_key *key)
{
	if (page->has_after && vs_page_cmp(key, &page->after) <= 0)
		return 0;
	if (page->n == page->cap) {
		size_t cap = page->cap ? page->cap * 2 : 256;
		void *v = reallocarray(page->v, cap, sizeof(*page->v));

		if (!v)
			return -ENOMEM;
		page->v = v;
		page->cap = cap;
	}
	page->v[page->n++] = *key;
	return 0;
}

void vs_page_cut(struct vs_page *page)
{
	if (page->n)
		qsort(page->v, page->n, sizeof(*page->v), vs_page_cmp);
	page->more = page->n > page->limit;
	if (page->more)
		page->n = page->limit;
}

long vs_page_find(const struct vs_page *page, const struct vs_page_key *key)
{
	const struct vs_page_key *found;

	if (!page->n)
		return -1;
	found = bsearch(key, page->v, page->n, sizeof(*page->v), vs_page_cmp);
	return found ? found - page->v : -1;
}

void vs_page_free(struct vs_page *page)
{
	free(page->v);
	*page = (struct vs_page){ 0 };
}
