/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_DUE_H
#define VS_CORE_DUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/facts.h"

/**
 * struct vs_due - stands in every object that waits for a moment
 * @at: the moment
 * @pos: its place in the queue, counted from 1; 0: not in it
 */
struct vs_due {
	vs_time at;
	size_t pos;
};

/** struct vs_queue - what waits, the earliest first (a binary heap) */
struct vs_queue {
	struct vs_due **v;
	size_t n;
	size_t cap;
};

/**
 * vs_queue_set() - let an object wait for @at, whether it waits already or not
 *
 * Return: 0 or -ENOMEM.
 */
int vs_queue_set(struct vs_queue *q, struct vs_due *due, vs_time at);

/** vs_queue_shift() - let all that waits wait for a time @by later */
void vs_queue_shift(struct vs_queue *q, vs_time by);

/** vs_queue_del() - let an object not wait; fine if it does not */
void vs_queue_del(struct vs_queue *q, struct vs_due *due);

/** vs_queue_first() - what is due first, or NULL */
struct vs_due *vs_queue_first(const struct vs_queue *q);

/** vs_queue_free() - release the queue, not the objects */
void vs_queue_free(struct vs_queue *q);

#endif
