/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which steps fit what the engine found. This is the one place that decides
 * it; whoever knows the cause better puts it here.
 */
#ifndef VS_RECOVER_CHOOSE_H
#define VS_RECOVER_CHOOSE_H

#include "core/engine.h"

/** VS_CHOICE_MAX - the most steps that fit one state */
#define VS_CHOICE_MAX 4

/**
 * struct vs_choice - what fits, best first
 * @cause: the cause that the state speaks for; VS_CAUSE_NONE: none of them
 * @steps: the steps
 * @n: how many; 0: nothing is to be done, or no step helps
 * @reason: of the vNIC that decided
 */
struct vs_choice {
	enum vs_cause cause;
	enum vs_step steps[VS_CHOICE_MAX];
	size_t n;
	enum vs_reason reason;
};

/**
 * vs_choose() - choose the steps for a VM
 * @e: an engine that has evaluated
 * @vm: the VM
 * @choice: the steps
 *
 * Return: 0 or -ENOMEM.
 */
int vs_choose(const struct vs_engine *e, const struct vs_uuid *vm,
	      struct vs_choice *choice);

/** vs_choose_host() - likewise, for what concerns the host as a whole */
void vs_choose_host(const struct vs_host_view *host, struct vs_choice *choice);

#endif
