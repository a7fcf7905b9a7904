// SPDX-License-Identifier: GPL-2.0-only
#include "api/doc.h"
#include "api/checked.h"
#include "driver/fault.h"

static json_t *vs_checked_source(const struct vs_source_view *source)
{
	json_t *row = json_object();

	vs_doc_flag(row, "available", source->available);
	vs_doc_number(row, "entries", source->count);
	if (source->info.generation)
		vs_doc_number(row, "generation", source->info.generation);
	if (!source->available)
		json_object_set_new(row, "error",
				    vs_fault_write(&source->error));
	return row;
}

static json_t *vs_checked_sources(const struct vs_host_view *host)
{
	json_t *sources = json_object();

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		json_object_set_new(sources, vs_source_word(i),
				    vs_checked_source(&host->source[i]));
	return sources;
}

enum vs_state vs_checked_state(const struct vs_engine *e,
			       const struct vs_uuid *vm)
{
	struct vs_host_view host;
	struct vs_vm_view view;

	if (vm)
		return vs_engine_vm(e, vm, &view) ? VS_STATE_UNKNOWN :
						    view.state;
	vs_engine_host(e, &host);
	return host.state;
}

/* 0, or there is no memory */
static int vs_checked_lists(struct vs_checked *r, json_t *doc)
{
	struct vs_checked_part *part = r->part;

	if (!part)
		return json_object_set_new(doc, "vms",
					   vs_checked_vms(r->engine, r->vm)) ||
		       json_object_set_new(doc, "vnics",
					   vs_checked_vnics(r->engine, r->vm));
	return json_object_set(doc, "vms", part->vms) ||
	       json_object_set(doc, "vnics", part->vnics);
}

json_t *vs_checked_doc(struct vs_checked *r)
{
	enum vs_state state = vs_checked_state(r->engine, r->vm);
	struct vs_host_view host;
	json_t *doc = json_object();
	int bad;

	vs_engine_host(r->engine, &host);
	vs_doc_number(doc, "time", r->now);
	json_object_set_new(doc, "host", vs_json_text(host.name));
	vs_doc_text(doc, "state", vs_state_word(state));
	vs_doc_number(doc, "exit_status", vs_exit_code(&host, state));
	json_object_set_new(doc, "driver", vs_doc_driver(&host.driver));
	json_object_set_new(doc, "sources", vs_checked_sources(&host));
	json_object_set_new(doc, "bypass_check",
			    vs_doc_bypass_check(r->foreign));
	bad = vs_checked_lists(r, doc);
	bad |= json_object_set_new(doc, "events", r->events);
	bad |= json_object_set_new(doc, "maintenance", r->maintenance);
	if (!bad)
		return doc;
	json_decref(doc);
	return NULL;
}
