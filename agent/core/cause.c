// SPDX-License-Identifier: GPL-2.0-only
#include "core/cause.h"
#include "core/word.h"

#define VS_TEXT(lang, table, i) vs_tr(lang, VS_WORD(table, i))

static const char *const vs_cause_words[] = {
	[VS_CAUSE_NONE] = "-",
	[VS_CAUSE_C1] = "C1",
	[VS_CAUSE_C2] = "C2",
	[VS_CAUSE_C3] = "C3",
	[VS_CAUSE_C4] = "C4",
	[VS_CAUSE_C5] = "C5",
	[VS_CAUSE_C6] = "C6",
	[VS_CAUSE_C7] = "C7",
};

static const char *const vs_cause_texts[] = {
	[VS_CAUSE_NONE] = N_("no cause is known"),
	[VS_CAUSE_C1] = N_("just created or activated, not synchronised yet"),
	[VS_CAUSE_C2] = N_("the Manager does not reach the inventory"),
	[VS_CAUSE_C3] = N_("clone of an activated VM"),
	[VS_CAUSE_C4] = N_("the appliance was reset by force"),
	[VS_CAUSE_C5] = N_("the Filter Driver is not properly loaded"),
	[VS_CAUSE_C6] = N_("desktops recomposed, refreshed or rebalanced, all "
			   "at once"),
	[VS_CAUSE_C7] = N_("the VM's MAC is not the same everywhere"),
};

static const char *const vs_step_words[] = {
	[VS_STEP_R0] = "R0",
	[VS_STEP_R1] = "R1",
	[VS_STEP_R2] = "R2",
	[VS_STEP_R3] = "R3",
	[VS_STEP_R4] = "R4",
	[VS_STEP_R5] = "R5",
	[VS_STEP_R6] = "R6",
	[VS_STEP_R7] = "R7",
	[VS_STEP_R8] = "R8",
	[VS_STEP_R9] = "R9",
	[VS_STEP_R10] = "R10",
	[VS_STEP_R11] = "R11",
	[VS_STEP_P1] = "P1",
	[VS_STEP_P2] = "P2",
};

static const char *const vs_step_texts[] = {
	[VS_STEP_R0] = N_("wait a few minutes: it passes by itself"),
	[VS_STEP_R1] = N_("suspend the VM and power it on again"),
	[VS_STEP_R2] = N_("shut the VM down and power it on (no reboot)"),
	[VS_STEP_R3] = N_("deactivate the appliance and activate it again"),
	[VS_STEP_R4] = N_("move the VM to another protected host"),
	[VS_STEP_R5] = N_("remove the VM from the inventory and register it "
			  "again"),
	[VS_STEP_R6] = N_("remove an interface that is no longer used"),
	[VS_STEP_R7] = N_("synchronise now"),
	[VS_STEP_R8] = N_("if it keeps coming back, restart Manager and "
			  "inventory, then give them more resources"),
	[VS_STEP_R9] = N_("check the network connection to the inventory"),
	[VS_STEP_R10] = N_("verify that the Filter Driver is properly loaded"),
	[VS_STEP_R11] = N_("restart the appliance, then synchronise"),
	[VS_STEP_P1] = N_("next time, begin a maintenance window before"),
	[VS_STEP_P2] = N_("do not clone activated VMs"),
};

/* one more than a cause has ends a row */
#define VS_STEP_END VS_STEP_COUNT

static const enum vs_step vs_cause_step[][VS_STEPS_MAX + 1] = {
	[VS_CAUSE_NONE] = { VS_STEP_END },
	[VS_CAUSE_C1] = { VS_STEP_R0, VS_STEP_R7, VS_STEP_END },
	[VS_CAUSE_C2] = { VS_STEP_R9, VS_STEP_R7, VS_STEP_R8, VS_STEP_END },
	[VS_CAUSE_C3] = { VS_STEP_P2, VS_STEP_R5, VS_STEP_R2, VS_STEP_END },
	[VS_CAUSE_C4] = { VS_STEP_R3, VS_STEP_R7, VS_STEP_END },
	[VS_CAUSE_C5] = { VS_STEP_R10, VS_STEP_R11, VS_STEP_R7, VS_STEP_END },
	[VS_CAUSE_C6] = { VS_STEP_P1, VS_STEP_R7, VS_STEP_R0, VS_STEP_END },
	[VS_CAUSE_C7] = { VS_STEP_R5, VS_STEP_R2, VS_STEP_R6, VS_STEP_END },
};

const char *vs_cause_word(enum vs_cause cause)
{
	return VS_WORD(vs_cause_words, cause);
}

int vs_cause_parse(const char *s, enum vs_cause *cause)
{
	int i = VS_WORD_FIND(vs_cause_words, s);

	if (i < 0)
		return i;
	*cause = i;
	return 0;
}

const char *vs_text_cause(const struct vs_lang *lang, enum vs_cause cause)
{
	return VS_TEXT(lang, vs_cause_texts, cause);
}

const char *vs_step_word(enum vs_step step)
{
	return VS_WORD(vs_step_words, step);
}

int vs_step_parse(const char *s, enum vs_step *step)
{
	int i = VS_WORD_FIND(vs_step_words, s);

	if (i < 0)
		return i;
	*step = i;
	return 0;
}

const char *vs_text_step(const struct vs_lang *lang, enum vs_step step)
{
	return VS_TEXT(lang, vs_step_texts, step);
}

size_t vs_cause_steps(enum vs_cause cause, enum vs_step steps[VS_STEPS_MAX])
{
	const enum vs_step *row;
	size_t n = 0;

	if ((size_t)cause >= VS_CAUSE_COUNT)
		return 0;
	for (row = vs_cause_step[cause]; row[n] != VS_STEP_END; n++)
		steps[n] = row[n];
	return n;
}

static enum vs_cause vs_cause_of_driver(enum vs_driver_state state, bool reset)
{
	return state == VS_DRIVER_APPLIANCE_LOST && reset ? VS_CAUSE_C4 :
							    VS_CAUSE_C5;
}

enum vs_cause vs_cause_of_event(const struct vs_event *event, bool reset)
{
	switch (event->id) {
	case VS_EVENT_INVENTORY_LOST:
		return VS_CAUSE_C2;
	case VS_EVENT_DRIVER_OFFLINE:
		return vs_cause_of_driver(event->driver, reset);
	case VS_EVENT_OUT_OF_SYNC:
		if (event->form == VS_FORM_UNOBTAINED)
			return VS_CAUSE_C2;
		/* what differing lists mean takes a look at more than them */
		return event->form == VS_FORM_UNVERIFIED ? VS_CAUSE_C5 :
							   VS_CAUSE_NONE;
	default:
		return VS_CAUSE_NONE;
	}
}
