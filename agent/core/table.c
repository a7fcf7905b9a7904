// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "core/table.h"

#define VS_TABLE_MIN 64

static void vs_table_insert(struct vs_table *t, struct vs_node *node)
{
	struct vs_node **head = &t->bucket[node->hash & (t->size - 1)];

	node->next = *head;
	*head = node;
}

static int vs_table_grow(struct vs_table *t)
{
	struct vs_table old = *t;
	size_t size = old.size ? old.size * 4 : VS_TABLE_MIN;

	t->bucket = calloc(size, sizeof(*t->bucket));
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
