/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why lists differ (causes), and how one recovers (steps). Which steps fit
 * which cause, and in what order, stands here and nowhere else.
 */
#ifndef VS_CORE_CAUSE_H
#define VS_CORE_CAUSE_H

#include <stddef.h>

#include "core/event.h"
#include "core/text.h"

/** VS_STEPS_MAX - the most steps that fit a cause */
#define VS_STEPS_MAX 4

/** vs_cause_word() - "C1" to "C7"; "-" for none; for machines */
const char *vs_cause_word(enum vs_cause cause);

/** vs_cause_parse() - the cause of a word, exactly; 0 or -EINVAL */
int vs_cause_parse(const char *s, enum vs_cause *cause);

/** vs_text_cause() - a phrase, e.g. "clone of an activated VM" */
const char *vs_text_cause(const struct vs_lang *lang, enum vs_cause cause);

/** vs_step_word() - "R0" to "R11", "P1", "P2"; for machines */
const char *vs_step_word(enum vs_step step);

/** vs_step_parse() - the step of a word, exactly; 0 or -EINVAL */
int vs_step_parse(const char *s, enum vs_step *step);

/** vs_text_step() - what a step is, e.g. "synchronise now" */
const char *vs_text_step(const struct vs_lang *lang, enum vs_step step);

/**
 * vs_cause_steps() - the steps that fit a cause, best first
 * @cause: the cause; none fit VS_CAUSE_NONE, but see gap.h
 * @steps: filled in
 *
 * Return: how many.
 */
size_t vs_cause_steps(enum vs_cause cause, enum vs_step steps[VS_STEPS_MAX]);

/**
 * vs_cause_of_event() - the cause that an event's own facts prove
 * @event: complete but for its cause
 * @reset: the appliance's session ended without a detach
 *
 * Return: the cause; VS_CAUSE_NONE when more would have to be looked at than
 * is in the event (see diagnosis.h).
 */
enum vs_cause vs_cause_of_event(const struct vs_event *event, bool reset);

#endif
