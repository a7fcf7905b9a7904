/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_TABLE_H
#define VS_CORE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/** struct vs_node - stands first in every object of a table */
struct vs_node {
	struct vs_node *next;
	uint32_t hash;
};

/** struct vs_table - a hash table of objects that know their hash */
struct vs_table {
	struct vs_node **bucket;
	size_t size;
	size_t count;
};

/** vs_table_mix() - hash of two words; @seed keeps it from being guessed */
static inline uint32_t vs_table_mix(uint64_t a, uint64_t b, uint64_t seed)
{
	unsigned __int128 m = (unsigned __int128)
		(a ^ seed ^ 0x9e3779b97f4a7c15) * (b ^ ~seed ^
		 0xc2b2ae3d27d4eb4f);
	uint64_t x = (uint64_t)m ^ (uint64_t)(m >> 64);

	return x ^ x >> 32;
}

/** vs_table_first() - the chain that objects of @hash are in */
static inline struct vs_node *vs_table_first(const struct vs_table *t,
					     uint32_t hash)
{
	return t->size ? t->bucket[hash & (t->size - 1)] : NULL;
}

/**
 * vs_table_add() - add an object whose hash is set
 * @t: the table, all zeros at first
 * @node: the object
 *
 * Return: 0 or -ENOMEM.
 */
int vs_table_add(struct vs_table *t, struct vs_node *node);

/** vs_table_del() - take an object out, which must be in */
void vs_table_del(struct vs_table *t, struct vs_node *node);

/** vs_table_free() - release the table, not the objects */
void vs_table_free(struct vs_table *t);

#endif
