// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recoveries that were cut short before the agent was started: maybe by what
 * ended the one before it, a loss of power say. Told of in the log at each
 * start until they are finished, and once as an event.
 */
#include <syslog.h>

#include "core/gap.h"
#include "daemon/agent.h"
#include "po/i18n.h"
#include "recover/recover.h"

static int vs_half_counted(void *ctx, uint64_t seq,
			   const struct vs_event *event)
{
	(void)seq;
	(void)event;
	*(bool *)ctx = true;
	return 0;
}

/* was the step told of, by an agent or by the command itself? */
static bool vs_half_is_told(struct vs_agent *a, const struct vs_half *h)
{
	struct vs_history_query q = {
		.id = VS_EVENT_STEP_TAKEN, .since = h->began, .vm = &h->vm,
	};
	struct vs_error error;
	bool told = false;

	vs_history_each(a->record.history, &q, vs_half_counted, &told, &error);
	return told;
}

static void vs_half_event(struct vs_agent *a, const struct vs_half *h,
			  const char *text)
{
	const struct vs_event event = {
		.time = vs_agent_now(a),
		.id = VS_EVENT_STEP_TAKEN,
		.level = VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_MANAGER,
		.action_by = VS_ACTOR_OPERATOR,
		.host = a->conf->host,
		.vm = &h->vm,
		.vm_name = h->name,
		.steps = UINT32_C(1) << h->step,
		.state = VS_STATE_UNKNOWN,
		.detail = text,
	};

	vs_agent_event(a, &event);
}

static void vs_half_left(void *ctx, const char *path, const struct vs_half *h)
{
	struct vs_buf text = { 0 };
	struct vs_agent *a = ctx;

	if (!h) {
		vs_agent_log(LOG_WARNING, _("%s is not what a recovery writes "
					    "there"), path);
		return;
	}
	vs_half_text(&text, vs_i18n_lang(), h);
	if (vs_half_is_told(a, h))
		vs_agent_log(LOG_WARNING, "%s", vs_buf_str(&text));
	else
		vs_half_event(a, h, vs_buf_str(&text));
	vs_buf_free(&text);
}

void vs_agent_halves(struct vs_agent *a, const char *folder)
{
	vs_half_each(folder, vs_half_left, a);
}
