// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "api/job.h"
#include "core/name.h"
#include "core/number.h"

/** enum vs_wish_kind - what a member of the body has to be */
enum vs_wish_kind {
	VS_WISH_FLAG,
	VS_WISH_TEXT,
	VS_WISH_STEP,
	VS_WISH_SECONDS,
};

static const struct {
	const char *key;
	enum vs_wish_kind kind;
	size_t offset;
} vs_wishes[] = {
	{ "step", VS_WISH_STEP, offsetof(struct vs_job_wish, step) },
	{ "dry_run", VS_WISH_FLAG, offsetof(struct vs_job_wish, dry_run) },
	{ "yes", VS_WISH_FLAG, offsetof(struct vs_job_wish, yes) },
	{ "force", VS_WISH_FLAG, offsetof(struct vs_job_wish, force) },
	{ "new_macs", VS_WISH_FLAG, offsetof(struct vs_job_wish, new_macs) },
	{ "timeout", VS_WISH_SECONDS, offsetof(struct vs_job_wish, timeout) },
	{ "to", VS_WISH_TEXT, offsetof(struct vs_job_wish, to) },
	{ "ssh", VS_WISH_TEXT, offsetof(struct vs_job_wish, ssh) },
	{ "for", VS_WISH_TEXT, offsetof(struct vs_job_wish, length) },
};

#define VS_WISHES (sizeof(vs_wishes) / sizeof(*vs_wishes))

/* the longest that may be waited, seconds */
#define VS_WISH_TIMEOUT 86400

static bool vs_wish_set(struct vs_job_wish *w, size_t i, const json_t *value)
{
	char *to = (char *)w + vs_wishes[i].offset;
	json_int_t n = json_integer_value(value);
	const char *text = json_string_value(value);

	switch (vs_wishes[i].kind) {
	case VS_WISH_FLAG:
		*(bool *)to = json_is_true(value);
		return json_is_boolean(value);
	case VS_WISH_TEXT:
		*(const char **)to = text;
		return text && *text && *text != '-';
	case VS_WISH_STEP:
		w->has_step = true;
		return text && !vs_step_parse(text, &w->step);
	case VS_WISH_SECONDS:
		*(uint32_t *)to = n;
		return json_is_integer(value) && n >= 1 && n <= VS_WISH_TIMEOUT;
	}
	return false;
}

/* the member that is wrong, or NULL */
static const char *vs_wish_read(struct vs_job_wish *w, json_t *body)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(body, key, value) {
		for (i = 0; i < VS_WISHES; i++) {
			if (strcmp(vs_wishes[i].key, key) == 0)
				break;
		}
		if (i == VS_WISHES || !vs_wish_set(w, i, value))
			return key;
	}
	return NULL;
}

static json_t *vs_recover_doc(const struct vs_job *job, bool whole)
{
	json_t *doc = json_object();
	char uuid[VS_UUID_STR], href[64];

	vs_doc_number(doc, "id", job->id);
	snprintf(href, sizeof(href), "/v1/recoveries/%llu",
		 (unsigned long long)job->id);
	vs_doc_text(doc, "href", href);
	vs_doc_text(doc, "vm_uuid", vs_uuid_format(&job->vm, uuid));
	vs_doc_text(doc, "vm_name", job->vm_name);
	vs_doc_text(doc, "step", job->step);
	vs_doc_flag(doc, "dry_run", job->dry_run);
	vs_doc_text(doc, "state", vs_job_runs(job) ? "running" :
		    job->unknown ? "unknown" : "ended");
	vs_doc_number(doc, "started", job->started);
	if (!vs_job_runs(job)) {
		vs_doc_number(doc, "ended", job->ended);
		if (!job->unknown)
			vs_doc_number(doc, "exit_status", job->exit_status);
	}
	if (!whole)
		return doc;
	json_object_set(doc, "progress", job->progress);
	if (job->result)
		json_object_set(doc, "result", job->result);
	return doc;
}

/* is there a reason not to begin? */
static bool vs_recover_may(struct vs_ask *rq, const struct vs_job_wish *w,
			   enum MHD_Result *result)
{
	unsigned int running = 0;

	/* its process would be ended with the agent */
	if (w->has_step && w->step == VS_STEP_R11 && !w->dry_run) {
		*result = vs_refuse(rq, 409, "not-here",
				    vs_tr(rq->lang, "the agent cannot restart "
					  "itself; run \"vmsafe recover\" on "
					  "this host for R11"));
		return false;
	}
	for (const struct vs_job *job = rq->api->config.jobs->first; job;
	     job = job->next) {
		if (!vs_job_runs(job))
			continue;
		running++;
		if (vs_uuid_cmp(&job->vm, &w->vm) == 0) {
			*result = vs_refuse(rq, 409, "in-progress",
					    vs_tr(rq->lang, "recovery %llu of "
						  "this VM is not over"),
					    (unsigned long long)job->id);
			return false;
		}
	}
	if (running < VS_JOBS_RUNNING)
		return true;
	*result = vs_refuse(rq, 503, "too-many",
			    vs_tr(rq->lang, "%d recoveries are under way; "
				  "wait for one to end"), VS_JOBS_RUNNING);
	return false;
}

static enum MHD_Result vs_recover_begin(struct vs_ask *rq,
					struct vs_job_wish *w)
{
	enum MHD_Result result;
	struct vs_vm_view vm;
	struct vs_error error;
	struct vs_job *job;
	int ret;

	if (!vs_param_vm(rq, rq->query.path[2], &w->vm, &result) ||
	    !vs_recover_may(rq, w, &result))
		return result;
	if (!vs_engine_vm(rq->view.engine, &w->vm, &vm))
		w->vm_name = vm.name;
	ret = vs_job_start(rq, w, &job);
	if (!ret)
		return vs_answer_json(rq, 202, vs_recover_doc(job, true));
	vs_error_set(&error, VS_OP_OPEN_FILE, VS_WHY_NONE, ret, "%s",
		     rq->api->program);
	return vs_refuse_error(rq, 500, &error);
}

enum MHD_Result vs_serve_recover(struct vs_ask *rq)
{
	struct vs_job_wish wish = { .has_step = false };
	enum MHD_Result result;
	char safe[VS_NAME_ESCAPED];
	const char *wrong;
	json_t *body;

	if (!rq->body.len)
		return vs_recover_begin(rq, &wish);
	body = json_loadb(rq->body.data, rq->body.len,
			  JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(body)) {
		json_decref(body);
		return vs_refuse(rq, 400, "bad-body",
				 vs_tr(rq->lang, "the body is no object of "
				       "JSON"));
	}
	wrong = vs_wish_read(&wish, body);
	if (wrong) {
		vs_name_escape(safe, sizeof(safe), wrong);
		result = vs_refuse(rq, 400, "bad-body",
				   vs_tr(rq->lang, "\"%s\" in the body is not "
					 "known, or not what it has to be"),
				   safe);
	} else {
		result = vs_recover_begin(rq, &wish);
	}
	json_decref(body);
	return result;
}

enum MHD_Result vs_serve_recoveries(struct vs_ask *rq)
{
	json_t *doc = json_object(), *list = json_array();

	for (const struct vs_job *job = rq->api->config.jobs->first; job;
	     job = job->next)
		json_array_append_new(list, vs_recover_doc(job, false));
	json_object_set_new(doc, "recoveries", list);
	return vs_answer_json(rq, 200, doc);
}

enum MHD_Result vs_serve_recovery(struct vs_ask *rq)
{
	const struct vs_job *job = rq->api->config.jobs->first;
	uint64_t id = 0;

	vs_number_parse(rq->query.path[2], 1, INT64_MAX, &id);
	while (job && job->id != id)
		job = job->next;
	if (job)
		return vs_answer_json(rq, 200, vs_recover_doc(job, true));
	return vs_refuse(rq, 404, "no-such-recovery",
			 vs_tr(rq->lang, "there is no recovery of that "
			       "number; only the newest are remembered"));
}
