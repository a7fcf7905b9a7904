/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From evidence to causes. Pure: who gathers evidence reads files and asks
 * daemons; what it amounts to is decided here, and depends on the evidence
 * alone, not on the order in which it came.
 */
#ifndef VS_CORE_DIAGNOSIS_H
#define VS_CORE_DIAGNOSIS_H

#include "core/clue.h"

/**
 * VS_BURST_VMS - how many VMs make a burst
 *
 * So many VMs that are not in sync, come within the period of grace.
 */
#define VS_BURST_VMS 5

/**
 * struct vs_evidence - clues, in any order; all zeros is none
 * @v: they
 * @n: how many
 * @cap: room for so many
 * @failed: memory ran out: some are missing
 */
struct vs_evidence {
	struct vs_clue *v;
	size_t n, cap;
	bool failed;
};

/**
 * vs_evidence_add() - add a clue
 * @ev: the evidence; errors stick in it
 * @kind: what was observed
 * Then one string for each of the kind's values, see enum vs_clue_kind.
 */
#define vs_evidence_add(ev, kind, ...) \
	vs_evidence_put(ev, kind, NULL, \
			(const char *const []){ "", ##__VA_ARGS__, NULL } + 1)

/** vs_evidence_error() - add a clue that is an error */
#define vs_evidence_error(ev, kind, error) \
	vs_evidence_put(ev, kind, error, (const char *const []){ NULL })

/** vs_evidence_put() - what these two do; @values is ended by NULL */
void vs_evidence_put(struct vs_evidence *ev, enum vs_clue_kind kind,
		     const struct vs_error *error,
		     const char *const *values);

/** vs_evidence_free() - release it; it is empty then */
void vs_evidence_free(struct vs_evidence *ev);

/**
 * struct vs_finding - a cause, and all that speaks for it
 * @cause: the cause
 * @weight: of its strongest clue
 * @clues: at least one has a weight
 * @n: how many
 */
struct vs_finding {
	enum vs_cause cause;
	unsigned int weight;
	const struct vs_clue *clues;
	size_t n;
};

/**
 * struct vs_diagnosis - causes, the likeliest first
 * @v: they; each once
 * @n: how many
 */
struct vs_diagnosis {
	struct vs_finding v[VS_CAUSE_COUNT];
	size_t n;
};

/**
 * vs_diagnose() - rank the causes
 * @ev: the evidence; put in order, and doubles are dropped. The diagnosis
 *      points into it
 * @d: filled in
 *
 * The strongest clue decides, then how many speak for a cause, then the
 * cause's number. A cause that only clues without weight speak for is none.
 */
void vs_diagnose(struct vs_evidence *ev, struct vs_diagnosis *d);

#endif
