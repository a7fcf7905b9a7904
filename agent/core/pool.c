// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/huge.h"
#include "core/pool.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

/* let AddressSanitizer see a use of what was given back */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define vs_pool_poison(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define vs_pool_unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define vs_pool_poison(p, n) ((void)(p), (void)(n))
#define vs_pool_unpoison(p, n) ((void)(p), (void)(n))
#endif

#define VS_POOL_CHUNK 65536
/* a pool that has so many chunks goes on with huge ones */
#define VS_POOL_SMALL 16

struct vs_pool_link {
	struct vs_pool_link *next;
};

void vs_pool_init(struct vs_pool *pool, size_t size)
{
	const size_t align = _Alignof(uint64_t);

	*pool = (struct vs_pool){ .size = (size + align - 1) & ~(align - 1) };
}

static void *vs_pool_chunk(struct vs_pool *pool, size_t *size)
{
	void *chunk = NULL;

	*size = VS_HUGE_PAGE;
	if (pool->n_chunks >= VS_POOL_SMALL)
		chunk = vs_huge_alloc(*size);
	if (chunk)
		return chunk;
	*size = VS_POOL_CHUNK;
	return malloc(*size);
}

static void *vs_pool_grow(struct vs_pool *pool)
{
	const size_t head = sizeof(uint64_t);
	struct vs_pool_link *chunk;
	size_t size;

	chunk = vs_pool_chunk(pool, &size);
	if (!chunk)
		return NULL;
	chunk->next = pool->chunks;
	pool->chunks = chunk;
	pool->n_chunks++;
	pool->next = (char *)chunk + head;
	pool->left = (size - head) / pool->size;
	vs_pool_poison(pool->next, size - head);
	return chunk;
}

void *vs_pool_get(struct vs_pool *pool)
{
	void *object = pool->unused;

	if (object) {
		vs_pool_unpoison(object, pool->size);
		pool->unused = pool->unused->next;
	} else {
		if (!pool->left && !vs_pool_grow(pool))
			return NULL;
		object = pool->next;
		pool->next += pool->size;
		pool->left--;
		vs_pool_unpoison(object, pool->size);
	}
	return memset(object, 0, pool->size);
}

void vs_pool_put(struct vs_pool *pool, void *object)
{
	struct vs_pool_link *link = object;

	link->next = pool->unused;
	pool->unused = link;
	vs_pool_poison(object, pool->size);
}

void vs_pool_free(struct vs_pool *pool)
{
	while (pool->chunks) {
		struct vs_pool_link *chunk = pool->chunks;

		pool->chunks = chunk->next;
		vs_pool_unpoison(chunk, VS_POOL_CHUNK);
		free(chunk);
	}
	vs_pool_init(pool, pool->size);
}
