// SPDX-License-Identifier: GPL-2.0-only
/*
 * A check by way of the agent, which has compared already: its grace, its
 * windows and what it has told count, and those may ask who may not read the
 * lists themselves. It tells what it has compared in parts, which are one list
 * only if nothing has changed between them.
 */
#include <errno.h>
#include <string.h>

#include "api/checked.h"
#include "cli/agent.h"
#include "cli/check.h"
#include "store/event_form.h"

#define VS_CHECK_ATTEMPTS 10

/** enum vs_check_part - what came of asking for a part */
enum vs_check_part {
	VS_CHECK_PART_GOOD,
	VS_CHECK_PART_NONE,	/* it does not answer */
	VS_CHECK_PART_REFUSED,	/* it has said why */
	VS_CHECK_PART_TORN	/* it is of another comparison */
};

/* @next: where the part begins; NULL: the first one */
static void vs_check_target(const struct vs_check *c, bool fresh,
			    const char *next, struct vs_buf *target)
{
	vs_buf_addf(target, "/v1/check?limit=%d%s%s", VS_PAGE_MAX,
		    fresh ? "&fresh=true" : "",
		    c->cli->json ? "" : "&facts=true");
	if (c->name) {
		vs_buf_add(target, "&vm=");
		vs_agent_encode(target, c->name);
	}
	if (next) {
		vs_buf_add(target, "&after=");
		vs_agent_encode(target, next);
	}
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
	/* they came in an order that has an end to go on from */
	if (vs_checked_sort(json_object_get(doc, "vms")) ||
	    vs_checked_sort(json_object_get(doc, "vnics")))
		c->failed = true;
	/* of parts, which are none any longer */
	json_object_del(doc, "evaluation");
	json_object_del(doc, "next");
	printed = vs_check_print(c, sel, json_incref(doc));
	vs_check_forget_events(c);
	return printed ? printed : exit_status;
}

/* put a part to those before; false: it is none */
static bool vs_check_join(json_t *doc, json_t *part)
{
	static const char *const lists[] = { "vms", "vnics", "events" };
	json_t *all = json_object_get(doc, "maintenance");
	json_t *some = json_object_get(part, "maintenance");
	json_int_t held;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (json_array_extend(json_object_get(doc, lists[i]),
				      json_object_get(part, lists[i])))
			return false;
	}
	held = json_integer_value(json_object_get(all, "held")) +
	       json_integer_value(json_object_get(some, "held"));
	json_object_set_new(all, "held", json_integer(held));
	return true;
}

/* the part that follows, put to those before */
static enum vs_check_part vs_check_next(const struct vs_check *c, json_t *doc,
					struct vs_agent_answer *answer)
{
	const char *from = json_string_value(json_object_get(doc, "next"));
	const json_t *next, *of;
	struct vs_buf target = { 0 };
	int ret;

	vs_check_target(c, false, from, &target);
	ret = vs_agent_ask("GET", vs_buf_str(&target), VS_AGENT_EVER, answer);
	vs_buf_free(&target);
	if (ret)
		return VS_CHECK_PART_NONE;
	/* a VM may be gone by now */
	if (answer->text)
		return answer->status == 404 ? VS_CHECK_PART_TORN :
					       VS_CHECK_PART_REFUSED;
	of = json_object_get(answer->doc, "evaluation");
	if (!of || !json_equal(of, json_object_get(doc, "evaluation")))
		return VS_CHECK_PART_TORN;
	next = json_object_get(answer->doc, "next");
	/* else it would not come to an end */
	if (!vs_check_join(doc, answer->doc) ||
	    (next && strcmp(json_string_value(next) ?: "", from) == 0))
		return VS_CHECK_PART_NONE;
	if (next)
		json_object_set(doc, "next", (json_t *)next);
	else
		json_object_del(doc, "next");
	return VS_CHECK_PART_GOOD;
}

/* @first is whole afterwards, or @answer says why it was refused */
static enum vs_check_part vs_check_rest(const struct vs_check *c,
					struct vs_agent_answer *first)
{
	enum vs_check_part came = VS_CHECK_PART_GOOD;

	while (came == VS_CHECK_PART_GOOD &&
	       json_is_string(json_object_get(first->doc, "next"))) {
		struct vs_agent_answer answer;

		came = vs_check_next(c, first->doc, &answer);
		if (came == VS_CHECK_PART_REFUSED) {
			vs_agent_free(first);
			*first = answer;
		} else {
			vs_agent_free(&answer);
		}
	}
	return came;
}

static enum vs_check_part vs_check_once(const struct vs_check *c, bool fresh,
					struct vs_agent_answer *answer)
{
	struct vs_buf target = { 0 };
	bool answered;

	vs_check_target(c, fresh, NULL, &target);
	answered = vs_cli_agent_get(c->cli, vs_buf_str(&target), answer);
	vs_buf_free(&target);
	if (!answered)
		return VS_CHECK_PART_NONE;
	return answer->text ? VS_CHECK_PART_REFUSED : vs_check_rest(c, answer);
}

static enum vs_exit vs_check_torn(void)
{
	struct vs_error error;

	vs_error_set(&error, VS_OP_NONE, VS_WHY_TORN, EAGAIN, NULL);
	vs_say_error(&error);
	return VS_EXIT_UNAVAILABLE;
}

bool vs_check_by_agent(struct vs_check *c, const struct vs_selection *sel,
		       enum vs_exit *status)
{
	enum vs_check_part came = VS_CHECK_PART_TORN;
	struct vs_agent_answer answer = { 0 };

	for (int i = 0; i < VS_CHECK_ATTEMPTS && came == VS_CHECK_PART_TORN;
	     i++) {
		vs_agent_free(&answer);
		/* what is read now is not older than what was read then */
		came = vs_check_once(c, !i, &answer);
	}
	if (came == VS_CHECK_PART_GOOD)
		*status = vs_check_told(c, sel, answer.doc);
	else if (came == VS_CHECK_PART_REFUSED)
		*status = vs_cli_agent_refused(&answer);
	else if (came == VS_CHECK_PART_TORN)
		*status = vs_check_torn();
	vs_agent_free(&answer);
	return came != VS_CHECK_PART_NONE;
}
