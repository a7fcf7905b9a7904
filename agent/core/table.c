// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/huge.h"
#include "core/table.h"

#define VS_TABLE_MIN 64
/* every step hashes all objects afresh, so they are large */
#define VS_TABLE_STEP 8

static void vs_table_insert(struct vs_table *t, struct vs_node *node)
{
	struct vs_node **head = &t->bucket[node->hash & (t->size - 1)];

	node->next = *head;
	*head = node;
}

static struct vs_node **vs_table_buckets(size_t n)
{
	size_t size = n * sizeof(struct vs_node *);
	void *buckets;

	if (size % VS_HUGE_PAGE)
		return calloc(1, size);
	buckets = vs_huge_alloc(size);
	return buckets ? memset(buckets, 0, size) : NULL;
}

static int vs_table_grow(struct vs_table *t)
{
	struct vs_table old = *t;
	size_t size = old.size ? old.size * VS_TABLE_STEP : VS_TABLE_MIN;

	t->bucket = vs_table_buckets(size);
	if (!t->bucket) {
		*t = old;
		/* longer chains are better than no answer */
		return old.size ? 0 : -ENOMEM;
	}
	t->size = size;
	for (size_t i = 0; i < old.size; i++) {
		while (old.bucket[i]) {
			struct vs_node *node = old.bucket[i];

			old.bucket[i] = node->next;
			vs_table_insert(t, node);
		}
	}
	free(old.bucket);
	return 0;
}

int vs_table_add(struct vs_table *t, struct vs_node *node)
{
	if (t->count >= t->size) {
		int ret = vs_table_grow(t);

		if (ret)
			return ret;
	}
	vs_table_insert(t, node);
	t->count++;
	return 0;
}

void vs_table_del(struct vs_table *t, struct vs_node *node)
{
	struct vs_node **p = &t->bucket[node->hash & (t->size - 1)];

	while (*p != node)
		p = &(*p)->next;
	*p = node->next;
	t->count--;
}

void vs_table_free(struct vs_table *t)
{
	free(t->bucket);
	*t = (struct vs_table){ 0 };
}
