// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "core/diagnosis.h"

static struct vs_clue *vs_evidence_slot(struct vs_evidence *ev)
{
	struct vs_clue *v;
	size_t cap;

	if (ev->n == ev->cap) {
		cap = ev->cap ? ev->cap * 2 : 8;
		v = reallocarray(ev->v, cap, sizeof(*v));
		if (!v) {
			ev->failed = true;
			return NULL;
		}
		ev->v = v;
		ev->cap = cap;
	}
	return &ev->v[ev->n++];
}

void vs_evidence_put(struct vs_evidence *ev, enum vs_clue_kind kind,
		     const struct vs_error *error, const char *const *values)
{
	struct vs_clue *clue = vs_evidence_slot(ev);

	if (!clue)
		return;
	*clue = (struct vs_clue){ .kind = kind };
	if (error)
		clue->error = *error;
	for (size_t i = 0; values[i] && vs_clue_key(kind, i); i++)
		snprintf(clue->value[i], sizeof(clue->value[i]), "%s",
			 values[i]);
}

void vs_evidence_free(struct vs_evidence *ev)
{
	free(ev->v);
	*ev = (struct vs_evidence){ 0 };
}

static int vs_evidence_order(const void *a, const void *b)
{
	return vs_clue_cmp(a, b);
}

static void vs_evidence_sort(struct vs_evidence *ev)
{
	size_t n = 0;

	if (!ev->n)
		return;
	qsort(ev->v, ev->n, sizeof(*ev->v), vs_evidence_order);
	for (size_t i = 1; i < ev->n; i++) {
		if (vs_clue_cmp(&ev->v[n], &ev->v[i]) != 0)
			ev->v[++n] = ev->v[i];
	}
	ev->n = n + 1;
}

static int vs_finding_order(const void *a, const void *b)
{
	const struct vs_finding *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->cause < y->cause ? -1 : x->cause > y->cause;
}

void vs_diagnose(struct vs_evidence *ev, struct vs_diagnosis *d)
{
	size_t end;

	*d = (struct vs_diagnosis){ 0 };
	vs_evidence_sort(ev);
	/* sorted by kind, and kinds are in the order of causes */
	for (size_t i = 0; i < ev->n; i = end) {
		struct vs_finding f = {
			.cause = vs_clue_cause(ev->v[i].kind),
			.clues = &ev->v[i],
		};

		for (end = i; end < ev->n &&
		     vs_clue_cause(ev->v[end].kind) == f.cause; end++) {
			unsigned int w = vs_clue_weight(ev->v[end].kind);

			f.weight = w > f.weight ? w : f.weight;
		}
		f.n = end - i;
		if (f.weight)
			d->v[d->n++] = f;
	}
	qsort(d->v, d->n, sizeof(*d->v), vs_finding_order);
}
