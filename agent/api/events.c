// SPDX-License-Identifier: GPL-2.0-only
/* What was recorded, and what is open. */
#include <errno.h>
#include <string.h>

#include "api/doc.h"
#include "api/model.h"
#include "api/page.h"
#include "core/kind.h"
#include "store/alert_form.h"
#include "store/event_form.h"

/** struct vs_events_list - a list that is made */
struct vs_events_list {
	struct vs_ask *rq;
	json_t *list;
	uint64_t last;
	bool facts;
};

bool vs_events_filter(struct vs_ask *rq, struct vs_history_query *q,
		      struct vs_uuid *vm, enum MHD_Result *result)
{
	const char *level = vs_query_get(&rq->query, "level");
	const char *name = vs_query_get(&rq->query, "vm");
	uint64_t id = 0;

	if (!vs_param_number(rq, "id", 1, 65535, &id, result) ||
	    !vs_param_number(rq, "after", 0, INT64_MAX, &q->after_seq, result))
		return false;
	q->id = id;
	if (id && !vs_event_kind(id)) {
		*result = vs_param_bad(rq, "id", vs_query_get(&rq->query, "id"),
				       vs_tr(rq->lang, "the ID of an event "
					     "that there is"));
		return false;
	}
	if (level && vs_level_parse(level, &q->level)) {
		*result = vs_param_bad(rq, "level", level,
				       "info, warning, error");
		return false;
	}
	if (name && !vs_uuid_parse(name, vm))
		q->vm = vm;
	else
		q->vm_name = name;
	return true;
}

json_t *vs_events_doc(struct vs_ask *rq, uint64_t seq,
		      const struct vs_event *event, bool facts)
{
	json_t *doc = vs_doc_event(event, rq->lang);

	vs_doc_number(doc, "seq", seq);
	if (facts)
		json_object_set_new(doc, "facts", vs_event_write(event));
	return doc;
}

static int vs_events_add(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct vs_events_list *l = ctx;

	l->last = seq;
	return json_array_append_new(l->list,
				     vs_events_doc(l->rq, seq, event,
						   l->facts)) ? -ENOMEM : 0;
}

static enum MHD_Result vs_events_answer(struct vs_ask *rq,
					struct vs_events_list *l,
					struct vs_history_query *q)
{
	struct vs_error error;
	json_t *doc;
	int ret = vs_history_each(rq->view.history, q, vs_events_add, l,
				  &error);

	if (ret < 0) {
		json_decref(l->list);
		return ret == -ENOMEM ? vs_refuse_memory(rq) :
					vs_refuse_error(rq, 503, &error);
	}
	doc = json_object();
	/* to go on from, now or later */
	vs_doc_number(doc, "last", l->last);
	vs_doc_flag(doc, "more", !q->newest &&
		    json_array_size(l->list) + q->unreadable >= q->limit);
	vs_doc_number(doc, "unreadable", q->unreadable);
	json_object_set_new(doc, "events", l->list);
	return vs_answer_json(rq, 200, doc);
}

enum MHD_Result vs_serve_events(struct vs_ask *rq)
{
	struct vs_history_query q = { 0 };
	struct vs_events_list l = { .rq = rq };
	uint64_t limit = VS_PAGE;
	enum MHD_Result result;
	struct vs_uuid vm;

	if (!vs_events_filter(rq, &q, &vm, &result) ||
	    !vs_param_time(rq, "since", &q.since, &result) ||
	    !vs_param_time(rq, "until", &q.until, &result) ||
	    !vs_param_flag(rq, "facts", &l.facts, &result) ||
	    !vs_param_number(rq, "limit", 1, VS_PAGE_MAX, &limit, &result))
		return result;
	if (q.since && q.until && q.since >= q.until)
		return vs_refuse(rq, 400, "bad-parameter",
				 vs_tr(rq->lang, "since must be before "
				       "until"));
	q.limit = limit;
	/* who goes on from somewhere wants what comes next, else the newest */
	q.newest = !vs_query_get(&rq->query, "after");
	l.last = q.after_seq;
	l.list = json_array();
	return vs_events_answer(rq, &l, &q);
}

static int vs_events_alert(void *ctx, const struct vs_alert *alert)
{
	struct vs_events_list *l = ctx;
	json_t *doc = vs_doc_alert(alert, l->rq->view.now, l->rq->lang);

	if (l->facts)
		json_object_set_new(doc, "facts", vs_alert_write(alert));
	return json_array_append_new(l->list, doc) ? -ENOMEM : 0;
}

enum MHD_Result vs_serve_alerts(struct vs_ask *rq)
{
	struct vs_events_list l = { .rq = rq };
	enum MHD_Result result;
	json_t *doc;

	if (!vs_param_flag(rq, "facts", &l.facts, &result))
		return result;
	l.list = json_array();
	if (vs_engine_each_alert(rq->view.engine, vs_events_alert, &l)) {
		json_decref(l.list);
		return vs_refuse_memory(rq);
	}
	doc = json_object();
	json_object_set_new(doc, "alerts", l.list);
	return vs_answer_json(rq, 200, doc);
}
