// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "recover/choose.h"

/* what speaks for what, and what is missing */
static int vs_choose_judge(struct vs_case *w, struct vs_choice *choice)
{
	struct vs_diagnosis d;
	int ret = vs_case_gather(w);

	*choice = (struct vs_choice){ 0 };
	if (!ret)
		ret = vs_case_gap(w, &choice->gap, &choice->reason);
	vs_diagnose(&w->evidence, &d);
	if (!ret && d.n)
		choice->cause = d.v[0].cause;
	choice->new_macs = choice->cause == VS_CAUSE_C3 &&
			   choice->gap != VS_GAP_RESTART &&
			   vs_case_is_held(w);
	vs_case_free(w);
	return ret;
}

static bool vs_choose_has(const struct vs_choice *choice, enum vs_step step)
{
	for (size_t i = 0; i < choice->n; i++) {
		if (choice->steps[i] == step)
			return true;
	}
	return false;
}

static void vs_choose_step(struct vs_choice *choice, enum vs_step step)
{
	if (step == VS_STEP_P1 || step == VS_STEP_P2)
		choice->advice |= UINT32_C(1) << step;
	else if (!vs_choose_has(choice, step))
		choice->steps[choice->n++] = step;
}

/* what is not well may be no difference between the lists */
static bool vs_choose_is_needed(const struct vs_case *w,
				const struct vs_choice *choice)
{
	return choice->gap ||
	       (choice->cause && vs_exit_code(&w->all, VS_STATE_IN_SYNC));
}

int vs_choose(struct vs_case *w, struct vs_choice *choice)
{
	enum vs_step steps[VS_STEPS_MAX], first;
	int ret = vs_choose_judge(w, choice);
	size_t n;

	if (ret || !vs_choose_is_needed(w, choice))
		return ret;
	if (vs_gap_first(choice->cause, choice->gap, &first))
		vs_choose_step(choice, first);
	n = vs_gap_steps(choice->cause, choice->gap, steps);
	for (size_t i = 0; i < n; i++)
		vs_choose_step(choice, steps[i]);
	return 0;
}

int vs_explain(struct vs_case *w, struct vs_event *event)
{
	struct vs_choice choice;
	int ret;

	if (event->id != VS_EVENT_OUT_OF_SYNC ||
	    event->form != VS_FORM_DIFFERENCES)
		return 0;
	w->found = event->vm;
	if (event->vm)
		w->uuid = *event->vm;
	ret = vs_choose_judge(w, &choice);
	if (ret)
		return ret;
	event->cause = choice.cause;
	event->gap = choice.gap;
	event->steps = vs_gap_step_bits(event->cause, event->gap);
	return 0;
}
