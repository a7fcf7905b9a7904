/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_HUGE_H
#define VS_CORE_HUGE_H

#include <stddef.h>

/** VS_HUGE_PAGE - what large tables are allocated in multiples of, bytes */
#define VS_HUGE_PAGE ((size_t)2 << 20)

/**
 * vs_huge_alloc() - memory for what is large and used all over
 * @size: a multiple of VS_HUGE_PAGE
 *
 * The kernel is asked for huge pages: 512 times fewer of them have to be
 * faulted in, and to be found again by the processor. It may say no.
 *
 * Return: memory that was not cleared, for free(); NULL: out of memory.
 */
void *vs_huge_alloc(size_t size);

#endif
