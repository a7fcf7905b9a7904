// SPDX-License-Identifier: GPL-2.0-only
/* What an operator had done, as text. */
#include "core/cause.h"
#include "core/describe.h"
#include "core/name.h"

/* the step, whether it was done, and what it came to */
static void vs_describe_step(struct vs_buf *buf, const struct vs_lang *lang,
			     const struct vs_event *event)
{
	for (int i = 0; i < VS_STEP_COUNT; i++) {
		if (event->steps >> i & 1)
			vs_buf_addf(buf,
				    vs_tr(lang, "An operator had a recovery "
					  "step taken: %s, %s."),
				    vs_step_word(i), vs_text_step(lang, i));
	}
	if (event->detail)
		vs_buf_addf(buf, vs_tr(lang, "\nIt failed: %s"),
			    event->detail);
	vs_buf_addf(buf, vs_tr(lang, "\nThe state of the VM afterwards: %s\n"),
		    vs_text_state(lang, event->state));
}

static void vs_describe_sync(struct vs_buf *buf, const struct vs_lang *lang,
			     const struct vs_event *event)
{
	vs_buf_addf(buf,
		    vs_tr(lang, "An operator had what was not bound bound, "
			  "and every list read afresh. Ports bound by that: "
			  "%llu. The state of the host: %s\n"),
		    (unsigned long long)event->count,
		    vs_text_state(lang, event->state));
}

static void vs_describe_window(struct vs_buf *buf, const struct vs_lang *lang,
			       const struct vs_event *event)
{
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), event->vm_name);
	if (event->id == VS_EVENT_MAINTENANCE_BEGUN)
		vs_buf_addf(buf,
			    vs_tr(lang, "Until it is over, events about these "
				  "VMs are recorded and nobody is told: %s\n"),
			    *safe ? safe : vs_tr(lang, "all of this host"));
	else
		vs_buf_addf(buf,
			    vs_tr(lang, "Events about these VMs are told of "
				  "again: %s. Held back meanwhile: %llu\n"),
			    *safe ? safe : vs_tr(lang, "all of this host"),
			    (unsigned long long)event->count);
}

bool vs_describe_done(struct vs_buf *buf, const struct vs_lang *lang,
		      const struct vs_event *event)
{
	switch (event->id) {
	case VS_EVENT_STEP_TAKEN:
		vs_describe_step(buf, lang, event);
		return true;
	case VS_EVENT_SYNCHRONISED:
		vs_describe_sync(buf, lang, event);
		return true;
	case VS_EVENT_MAINTENANCE_BEGUN:
	case VS_EVENT_MAINTENANCE_OVER:
		vs_describe_window(buf, lang, event);
		return true;
	default:
		return false;
	}
}
