// SPDX-License-Identifier: GPL-2.0-only
#include <unistd.h>

#include "api/doc.h"
#include "api/model.h"
#include "core/version.h"
#include "driver/fault.h"

static const char *const vs_session_words[VS_API_SESSION_COUNT] = {
	[VS_API_SESSION_NONE] = "none",
	[VS_API_SESSION_HELD] = "held",
	[VS_API_SESSION_RESIGNED] = "resigned",
};

static json_t *vs_status_session(const struct vs_api_view *view)
{
	json_t *doc = json_object();

	vs_doc_text(doc, "state", vs_session_words[view->session]);
	if (view->epoch)
		vs_doc_number(doc, "epoch", view->epoch);
	if (view->session_error && view->session_error->op)
		json_object_set_new(doc, "error",
				    vs_fault_write(view->session_error));
	return doc;
}

static json_t *vs_status_source(const struct vs_source_view *s, vs_time now)
{
	json_t *doc = json_object();

	vs_doc_flag(doc, "available", s->available);
	vs_doc_number(doc, "entries", s->count);
	if (s->info.read_at) {
		vs_doc_number(doc, "read_at", s->info.read_at);
		vs_doc_number(doc, "age_ms", now - s->info.read_at);
	}
	if (s->info.generation)
		vs_doc_number(doc, "generation", s->info.generation);
	if (!s->available)
		json_object_set_new(doc, "error", vs_fault_write(&s->error));
	return doc;
}

static json_t *vs_status_sources(const struct vs_host_view *host, vs_time now)
{
	json_t *doc = json_object();

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		json_object_set_new(doc, vs_source_word(i),
				    vs_status_source(&host->source[i], now));
	return doc;
}

static json_t *vs_status_inventory(const struct vs_api_view *view)
{
	json_t *doc = json_object();

	vs_doc_text(doc, "uri", view->inventory);
	if (view->read_at) {
		vs_doc_number(doc, "read_at", view->read_at);
		vs_doc_number(doc, "took_ms", view->took);
	}
	return doc;
}

json_t *vs_status_doc(const struct vs_api_view *view)
{
	json_t *doc = json_object();
	struct vs_host_view host;

	vs_engine_host(view->engine, &host);
	vs_doc_text(doc, "version", VS_VERSION);
	vs_doc_text(doc, "host", view->host);
	vs_doc_number(doc, "pid", getpid());
	vs_doc_number(doc, "time", view->now);
	vs_doc_number(doc, "started", view->started);
	vs_doc_flag(doc, "ready", view->ready);
	vs_doc_number(doc, "passes", view->passes);
	vs_doc_text(doc, "state", vs_state_word(host.state));
	vs_doc_number(doc, "exit_status", vs_exit_code(&host, host.state));
	json_object_set_new(doc, "driver", vs_doc_driver(&host.driver));
	json_object_set_new(doc, "session", vs_status_session(view));
	json_object_set_new(doc, "inventory", vs_status_inventory(view));
	json_object_set_new(doc, "sources",
			    vs_status_sources(&host, view->now));
	json_object_set_new(doc, "vms", vs_doc_states(host.vms));
	json_object_set_new(doc, "vnics", vs_doc_states(host.vnics));
	if (view->history)
		vs_doc_number(doc, "events_waiting",
			      vs_history_waiting(view->history));
	return doc;
}

enum MHD_Result vs_serve_status(struct vs_ask *rq)
{
	return vs_answer_json(rq, 200, vs_status_doc(&rq->view));
}
