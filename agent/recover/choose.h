/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a case comes to: the cause, and the steps to take. The one place where
 * evidence becomes advice, for commands and for the agent's events.
 */
#ifndef VS_RECOVER_CHOOSE_H
#define VS_RECOVER_CHOOSE_H

#include "core/gap.h"
#include "recover/case.h"

/** VS_CHOICE_MAX - the most steps to be taken against one state */
#define VS_CHOICE_MAX (VS_STEPS_MAX + 1)

/**
 * struct vs_choice - what fits, best first
 * @cause: the likeliest cause; VS_CAUSE_NONE: none of them is known
 * @gap: what the VM lacks
 * @steps: the steps, without those that only prevent a next time, and with
 *         what helps at once in front
 * @n: how many; 0: nothing is to be done, or no step helps
 * @advice: bit n is set when enum vs_step n fits @cause, but is for next time
 * @reason: of the vNIC that decided
 * @new_macs: R5 helps only if it gives the VM new MACs
 */
struct vs_choice {
	enum vs_cause cause;
	enum vs_gap gap;
	enum vs_step steps[VS_CHOICE_MAX];
	size_t n;
	uint32_t advice;
	enum vs_reason reason;
	bool new_macs;
};

/**
 * vs_choose() - choose the steps for a VM, or for its host
 * @w: the case; what was gathered for it is released
 * @choice: the steps
 *
 * Return: 0 or -ENOMEM.
 */
int vs_choose(struct vs_case *w, struct vs_choice *choice);

/**
 * vs_explain() - put cause and gap into an event about differences
 * @w: the case of the event's VM; what was gathered for it is released
 * @event: a 368 case 1; any other stays as it is
 *
 * Return: 0 or -ENOMEM; the event is as good as it was then.
 */
int vs_explain(struct vs_case *w, struct vs_event *event);

#endif
