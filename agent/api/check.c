// SPDX-License-Identifier: GPL-2.0-only
/* What "vmsafe check" asks: the lists, what differs, and what is open. */
#include "api/checked.h"
#include "api/doc.h"
#include "api/model.h"
#include "api/reopen.h"
#include "host/clock.h"
#include "recover/window.h"
#include "store/event_form.h"

/** struct vs_check_ask - a question */
struct vs_check_ask {
	struct vs_ask *rq;
	bool facts;
	bool one;
	struct vs_uuid vm;
	struct vs_checked_part part;
	struct vs_windows windows;
	size_t held;
	json_t *events;
};

/* what is about the host concerns every VM, and is always told */
static bool vs_check_ask_wants(struct vs_check_ask *a,
			       const struct vs_event *event)
{
	static const struct vs_uuid nil;
	const struct vs_uuid *vm = event->vm ? event->vm : &nil;
	bool host = !event->vm && !event->port;

	if (host || !vs_windows_hold(&a->windows, event->id, vm,
				     event->vm_name,
				     vs_clock_ms(CLOCK_REALTIME), false))
		return true;
	a->held++;
	return false;
}

static void vs_check_ask_event(void *ctx, const struct vs_event *event)
{
	struct vs_check_ask *a = ctx;
	json_t *row;

	if (!vs_check_ask_wants(a, event))
		return;
	row = vs_doc_event(event, a->rq->lang);
	/* the agent tells of everything at once */
	vs_doc_flag(row, "new", false);
	if (a->facts)
		json_object_set_new(row, "facts", vs_event_write(event));
	json_array_append_new(a->events, row);
}

/* those that the part has room for, at least one */
static int vs_check_ask_open(struct vs_check_ask *a)
{
	const struct vs_api_config *config = &a->rq->api->config;
	struct vs_reopen_part some = {
		.vm = a->one ? &a->vm : NULL,
		.skip = a->part.skip,
		.limit = a->part.limit > VS_CHECKED_EVENT ?
			 a->part.limit / VS_CHECKED_EVENT : 1,
	};
	struct vs_explainer x;
	struct vs_snapshot host;
	struct vs_case of;
	int ret;

	config->ops->examine(config->ctx, &host, &of);
	vs_explainer_begin(&x, &of, false);
	ret = vs_reopen_some(a->rq->view.engine, &x, &some, vs_check_ask_event,
			     a);
	vs_explainer_end(&x);
	vs_snapshot_free(&host);
	a->part.skip += some.limit;
	if (!some.more)
		a->part.list = VS_CHECKED_COUNT;
	return ret;
}

static int vs_check_ask_take(struct vs_check_ask *a)
{
	int ret = vs_checked_part_take(&a->part, a->rq->view.engine,
				       a->one ? &a->vm : NULL);

	if (!ret && a->part.list == VS_CHECKED_EVENTS && a->part.limit)
		ret = vs_check_ask_open(a);
	return ret;
}

/* what makes parts one list, and where the next one begins */
static json_t *vs_check_ask_doc(struct vs_check_ask *a,
				struct vs_checked *checked)
{
	json_t *doc = vs_checked_doc(checked);
	char buf[VS_CHECKED_STR];

	if (!doc)
		return NULL;
	vs_doc_number(doc, "evaluation",
		      vs_engine_changes(a->rq->view.engine));
	vs_doc_text(doc, "next", vs_checked_part_next(&a->part, buf));
	return doc;
}

/* those that have ended, and were not told of yet, are no matter of ours */
static json_t *vs_check_ask_windows(const struct vs_check_ask *a)
{
	json_t *open = json_array();

	for (size_t i = 0; i < a->windows.n; i++)
		json_array_append_new(open,
				      vs_window_json(&a->windows.v[i]));
	return json_pack("{so,s[],sI}", "open", open, "ended", "held",
			 (json_int_t)a->held);
}

static enum MHD_Result vs_check_ask_answer(struct vs_check_ask *a)
{
	struct vs_ask *rq = a->rq;
	struct vs_checked checked = {
		.engine = rq->view.engine,
		.vm = a->one ? &a->vm : NULL,
		.now = rq->view.now,
		.foreign = rq->view.foreign,
		.part = &a->part,
	};
	enum MHD_Result result;
	struct vs_error error;
	int ret;

	/* without them, everything is told, which is the safe side */
	if (rq->view.windows)
		vs_windows_open(&a->windows, rq->view.windows, &error);
	a->events = json_array();
	ret = vs_check_ask_take(a);
	checked.events = a->events;
	checked.maintenance = vs_check_ask_windows(a);
	if (rq->view.windows)
		vs_windows_close(&a->windows, &error);
	if (ret) {
		json_decref(checked.events);
		json_decref(checked.maintenance);
		result = vs_refuse_memory(rq);
	} else {
		result = vs_answer_json(rq, 200, vs_check_ask_doc(a, &checked));
	}
	vs_checked_part_free(&a->part);
	return result;
}

static bool vs_check_ask_params(struct vs_check_ask *a,
				enum MHD_Result *result)
{
	const char *after = vs_query_get(&a->rq->query, "after");
	uint64_t limit = VS_PAGE;

	if (!vs_param_flag(a->rq, "facts", &a->facts, result) ||
	    !vs_param_number(a->rq, "limit", 1, VS_PAGE_MAX, &limit, result))
		return false;
	a->part.limit = limit;
	if (!after || !vs_checked_part_parse(after, &a->part))
		return true;
	*result = vs_param_bad(a->rq, "after", after,
			       vs_tr(a->rq->lang, "what \"next\" of an answer "
				     "said"));
	return false;
}

enum MHD_Result vs_serve_check(struct vs_ask *rq)
{
	const char *vm = vs_query_get(&rq->query, "vm");
	struct vs_check_ask a = { .rq = rq, .one = vm };
	enum MHD_Result result;
	bool fresh = false, found;

	if (!vs_check_ask_params(&a, &result) ||
	    !vs_param_flag(rq, "fresh", &fresh, &result))
		return result;
	if (fresh && !vs_wait_fresh(rq, &result))
		return result;
	if (vm && !vs_param_vm_known(rq, vm, &a.vm, &found, &result))
		return result;
	return vs_check_ask_answer(&a);
}
