// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events by way of the agent, which knows where its history is, and lets those
 * read it who may not open the file. It hands out what it has recorded, so
 * that all the rest is as with a file.
 */
#include <errno.h>
#include <inttypes.h>

#include "api/client.h"
#include "cli/agent.h"
#include "cli/events.h"
#include "store/event_form.h"

/* at a time */
#define VS_EVENTS_PART 1000
#define VS_EVENTS_PART_MAX 10000

void vs_events_filter_target(const struct vs_history_query *q,
			     struct vs_buf *target)
{
	char uuid[VS_UUID_STR];

	if (q->id)
		vs_buf_addf(target, "&id=%u", q->id);
	if (q->level)
		vs_buf_addf(target, "&level=%s", vs_level_word(q->level));
	if (!q->vm && !q->vm_name)
		return;
	vs_buf_add(target, "&vm=");
	vs_agent_encode(target, q->vm ? vs_uuid_format(q->vm, uuid) :
					q->vm_name);
}

static void vs_events_target(const struct vs_history_query *q, bool part,
			     struct vs_buf *target)
{
	vs_buf_addf(target, "/v1/events?facts=true&limit=%zu",
		    part ? VS_EVENTS_PART : q->limit);
	if (part)
		vs_buf_addf(target, "&after=%" PRIu64, q->after_seq);
	if (q->since)
		vs_buf_addf(target, "&since=%" PRId64, q->since);
	if (q->until)
		vs_buf_addf(target, "&until=%" PRId64, q->until);
	vs_events_filter_target(q, target);
}

int vs_events_one_of(struct vs_events *run, const json_t *json)
{
	struct vs_error error;
	const struct vs_reader reader = { vs_agent_path(), &error };
	json_int_t seq = json_integer_value(json_object_get(json, "seq"));
	struct vs_event_copy copy;
	int ret = vs_event_read(json_object_get(json, "facts"), &copy,
				&reader);

	if (!ret)
		ret = vs_events_one(run, seq, &copy.event);
	else if (ret == -EINVAL)
		run->unreadable++;
	vs_event_copy_free(&copy);
	return ret == -EINVAL ? 0 : ret;
}

static int vs_events_take(struct vs_events *run, const json_t *doc)
{
	const json_t *list = json_object_get(doc, "events"), *one;
	int ret = 0;
	size_t i;

	run->unreadable += json_integer_value(json_object_get(doc,
							"unreadable"));
	json_array_foreach(list, i, one) {
		ret = vs_events_one_of(run, one);
		if (ret)
			break;
	}
	return ret;
}

bool vs_events_ask(struct vs_events *run, enum vs_exit *status)
{
	bool part = !run->query.limit, more, first = true;

	do {
		struct vs_buf target = { 0 };
		struct vs_agent_answer answer;
		int ret;

		vs_events_target(&run->query, part, &target);
		ret = vs_agent_ask("GET", vs_buf_str(&target), VS_AGENT_SOON,
				   &answer);
		vs_buf_free(&target);
		if (!vs_cli_agent_heard(ret, &answer, status)) {
			*status = VS_EXIT_UNAVAILABLE;
			if (!first)
				vs_say(_("the agent answers no longer, so "
					 "this is not all"));
			return !first;
		}
		if (*status) {
			vs_agent_free(&answer);
			return true;
		}
		ret = vs_events_take(run, answer.doc);
		more = part && !ret && json_is_true(json_object_get(answer.doc,
								    "more"));
		run->query.after_seq =
			json_integer_value(json_object_get(answer.doc, "last"));
		vs_agent_free(&answer);
		first = false;
		if (ret < 0) {
			*status = vs_out_no_memory();
			return true;
		}
	} while (more);
	*status = VS_EXIT_FINE;
	return true;
}
