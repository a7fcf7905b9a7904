/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_POOL_H
#define VS_CORE_POOL_H

#include <stddef.h>

/**
 * struct vs_pool - objects of one size, close together
 * @size: size of an object
 * @chunks: what was allocated
 * @n_chunks: how many that are
 * @unused: objects given back
 * @next: the first object of the newest chunk that was never used
 * @left: how many of those
 */
struct vs_pool {
	size_t size;
	struct vs_pool_link *chunks;
	size_t n_chunks;
	struct vs_pool_link *unused;
	char *next;
	size_t left;
};

/** vs_pool_init() - make a pool of objects of @size bytes */
void vs_pool_init(struct vs_pool *pool, size_t size);

/** vs_pool_get() - a zeroed object, or NULL when out of memory */
void *vs_pool_get(struct vs_pool *pool);

/** vs_pool_put() - give an object back */
void vs_pool_put(struct vs_pool *pool, void *object);

/** vs_pool_free() - release the pool with everything ever taken from it */
void vs_pool_free(struct vs_pool *pool);

#endif
