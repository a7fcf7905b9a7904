// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs that come out of sync again and again: R8. That is read in the history,
 * so that a restart of the agent forgets nothing, and told with how long the
 * inventory takes to answer: a slow one lets lists differ.
 */
#include "daemon/agent.h"

/* so many times within so many milliseconds; and it is told that often */
#define VS_RECUR_TIMES 3
#define VS_RECUR_PERIOD (3600 * 1000)

/**
 * struct vs_recur_count - what the history says of a VM
 * @times: how often it came out of sync
 * @out: it is out of sync, so that another 368 says more of the same
 * @told: and that it recurs has been told
 */
struct vs_recur_count {
	uint64_t times;
	bool out;
	bool told;
};

static int vs_recur_one(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct vs_recur_count *c = ctx;

	(void)seq;
	if (event->id == VS_EVENT_OUT_OF_SYNC) {
		c->times += !c->out;
		c->out = true;
	} else if (event->id == VS_EVENT_IN_SYNC) {
		c->out = false;
	}
	c->told |= event->id == VS_EVENT_RECURRING;
	return 0;
}

/* "31 ms, 1250 ms": the inventory's last answers, the oldest first */
static void vs_recur_answers(const struct vs_manager *m, struct vs_buf *text)
{
	size_t n = m->answers < VS_MANAGER_TOOK ? m->answers : VS_MANAGER_TOOK;

	for (size_t i = m->answers - n; i < m->answers; i++)
		vs_buf_addf(text, "%s%lld ms", text->len ? ", " : "",
			    (long long)m->took[i % VS_MANAGER_TOOK]);
}

static void vs_recur_tell(struct vs_agent *a, const struct vs_event *last,
			  uint64_t times)
{
	struct vs_buf answers = { 0 };
	struct vs_event event = {
		.time = last->time,
		.id = VS_EVENT_RECURRING,
		.level = VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_MANAGER,
		.host = last->host,
		.vm = last->vm,
		.vm_name = last->vm_name,
		.steps = UINT32_C(1) << VS_STEP_R8,
		.about = last->id,
		.count = times,
	};

	vs_recur_answers(&a->manager, &answers);
	event.detail = answers.data;
	vs_agent_event(a, &event);
	vs_buf_free(&answers);
}

/* by how much the clock was put forward is no time that has passed */
static vs_time vs_recur_since(const struct vs_agent *a, vs_time now)
{
	vs_time since = now - VS_RECUR_PERIOD;

	return a->leap.at > since ? since - a->leap.by : since;
}

void vs_recur_event(struct vs_agent *a, const struct vs_event *event)
{
	struct vs_history_query q = {
		.since = vs_recur_since(a, event->time), .vm = event->vm,
	};
	struct vs_recur_count c = { 0 };
	struct vs_error error;

	if (event->id != VS_EVENT_OUT_OF_SYNC || !event->vm)
		return;
	/* a history that cannot be read has been complained of */
	if (vs_history_each(a->record.history, &q, vs_recur_one, &c, &error))
		return;
	/* this one is going to be written when all is evaluated */
	if (!c.told && !c.out && c.times + 1 >= VS_RECUR_TIMES)
		vs_recur_tell(a, event, c.times + 1);
}
