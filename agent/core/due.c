// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "core/due.h"

static void vs_queue_place(struct vs_queue *q, size_t pos, struct vs_due *due)
{
	q->v[pos - 1] = due;
	due->pos = pos;
}

static void vs_queue_up(struct vs_queue *q, size_t pos)
{
	struct vs_due *due = q->v[pos - 1];

	while (pos > 1 && q->v[pos / 2 - 1]->at > due->at) {
		vs_queue_place(q, pos, q->v[pos / 2 - 1]);
		pos /= 2;
	}
	vs_queue_place(q, pos, due);
}

static void vs_queue_down(struct vs_queue *q, size_t pos)
{
	struct vs_due *due = q->v[pos - 1];

	while (pos * 2 <= q->n) {
		size_t child = pos * 2;

		if (child < q->n && q->v[child]->at < q->v[child - 1]->at)
			child++;
		if (q->v[child - 1]->at >= due->at)
			break;
		vs_queue_place(q, pos, q->v[child - 1]);
		pos = child;
	}
	vs_queue_place(q, pos, due);
}

static int vs_queue_append(struct vs_queue *q, struct vs_due *due)
{
	if (q->n == q->cap) {
		size_t cap = q->cap ? q->cap * 2 : 64;
		struct vs_due **v = reallocarray(q->v, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		q->v = v;
		q->cap = cap;
	}
	vs_queue_place(q, ++q->n, due);
	return 0;
}

int vs_queue_set(struct vs_queue *q, struct vs_due *due, vs_time at)
{
	if (!due->pos && vs_queue_append(q, due))
		return -ENOMEM;
	due->at = at;
	vs_queue_up(q, due->pos);
	vs_queue_down(q, due->pos);
	return 0;
}

void vs_queue_del(struct vs_queue *q, struct vs_due *due)
{
	size_t pos = due->pos;
	struct vs_due *last;

	if (!pos)
		return;
	due->pos = 0;
	last = q->v[--q->n];
	if (last == due)
		return;
	vs_queue_place(q, pos, last);
	vs_queue_up(q, pos);
	vs_queue_down(q, last->pos);
}

void vs_queue_shift(struct vs_queue *q, vs_time by)
{
	for (size_t i = 0; i < q->n; i++)
		q->v[i]->at += by;
}

struct vs_due *vs_queue_first(const struct vs_queue *q)
{
	return q->n ? q->v[0] : NULL;
}

void vs_queue_free(struct vs_queue *q)
{
	free(q->v);
	*q = (struct vs_queue){ 0 };
}
