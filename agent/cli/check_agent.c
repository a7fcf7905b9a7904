// SPDX-License-Identifier: GPL-2.0-only
/*
 * A check by way of the agent, which has compared already: its grace, its
 * windows and what it has told count, and those may ask who may not read the
 * lists themselves.
 */
#include <errno.h>

#include "cli/agent.h"
#include "cli/check.h"
#include "store/event_form.h"

static void vs_check_target(const struct vs_check *c, struct vs_buf *target)
{
	vs_buf_addf(target, "/v1/check?fresh=true%s",
		    c->cli->json ? "" : "&facts=true");
	if (!c->name)
		return;
	vs_buf_add(target, "&vm=");
	vs_agent_encode(target, c->name);
}

static void vs_check_take_one(struct vs_check *c, const json_t *json)
{
	struct vs_error error;
	const struct vs_reader reader = { "", &error };
	struct vs_event_copy copy;
	int ret = vs_event_read(json_object_get(json, "facts"), &copy,
				&reader);

	if (!ret)
		vs_check_keep(c, &copy.event,
			      !json_is_true(json_object_get(json, "new")));
	else if (ret == -ENOMEM)
		c->failed = true;
	vs_event_copy_free(&copy);
}

static enum vs_exit vs_check_told(struct vs_check *c,
				  const struct vs_selection *sel, json_t *doc)
{
	const json_t *status = json_object_get(doc, "exit_status"), *event;
	enum vs_exit exit_status = json_integer_value(status), printed;
	size_t i;

	if (!c->cli->json) {
		json_array_foreach(json_object_get(doc, "events"), i, event)
			vs_check_take_one(c, event);
	}
	printed = vs_check_print(c, sel, json_incref(doc));
	vs_check_forget_events(c);
	return printed ? printed : exit_status;
}

bool vs_check_by_agent(struct vs_check *c, const struct vs_selection *sel,
		       enum vs_exit *status)
{
	struct vs_agent_answer answer;
	struct vs_buf target = { 0 };
	bool answered;

	vs_check_target(c, &target);
	answered = vs_cli_agent_get(c->cli, vs_buf_str(&target), &answer);
	if (answered)
		*status = answer.text ? vs_cli_agent_refused(&answer) :
			  vs_check_told(c, sel, answer.doc);
	vs_agent_free(&answer);
	vs_buf_free(&target);
	return answered;
}
