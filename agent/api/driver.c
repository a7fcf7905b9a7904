// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Filter Driver's own list, read over netlink for those who may not. A
 * part of it is bounded, so that its rows are as well, however long it is; the
 * entries come by creation ID, which no other entry ever has.
 */
#include "api/doc.h"
#include "api/model.h"
#include "api/page.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"

/**
 * struct vs_driver_rows - a part of a list
 * @key: what it is called
 * @record: what its rows are
 * @after: only those with greater IDs
 * @limit: at most that many
 * @v: they
 * @last: ID of the last one
 * @ifindex: its port, of a vNIC
 * @more: there are more
 * @failed: there was no memory for them
 */
struct vs_driver_rows {
	const char *key;
	const struct vs_record *record;
	uint64_t after;
	uint64_t limit;
	json_t *v;
	uint64_t last;
	uint32_t ifindex;
	bool more;
	bool failed;
};

/* a list that changed while it was read is read anew */
static void vs_driver_begin(void *ctx)
{
	struct vs_driver_rows *rows = ctx;

	rows->more = false;
	rows->failed = json_array_clear(rows->v);
}

static void vs_driver_add(struct vs_driver_rows *rows, uint64_t id,
			  const void *entry)
{
	if (id <= rows->after)
		return;
	rows->more = json_array_size(rows->v) >= rows->limit;
	if (rows->more)
		return;
	rows->last = id;
	if (json_array_append_new(rows->v, vs_record_write(rows->record,
							   entry)))
		rows->failed = true;
}

static void vs_driver_add_vm(void *ctx, const void *entry)
{
	const struct vs_driver_vm *vm = entry;

	vs_driver_add(ctx, vm->id, vm);
}

static void vs_driver_add_vnic(void *ctx, const void *entry)
{
	const struct vs_driver_vnic *v = entry;
	struct vs_driver_rows *rows = ctx;

	rows->ifindex = v->ifindex;
	vs_driver_add(rows, v->id, v);
}

static bool vs_driver_params(struct vs_ask *rq, struct vs_driver_rows *rows,
			     enum MHD_Result *result)
{
	rows->limit = VS_PAGE;
	return vs_param_number(rq, "after", 0, INT64_MAX, &rows->after,
			       result) &&
	       vs_param_number(rq, "limit", 1, VS_PAGE_MAX, &rows->limit,
			       result);
}

/* foreign programs on the one port that was asked for */
static void vs_driver_foreign(const struct vs_ask *rq,
			      const struct vs_driver_rows *rows, json_t *doc)
{
	struct vs_foreigns some = *rq->view.foreign;

	if (!some.asked)
		return;
	some.v = (struct vs_foreign *)
		 vs_foreigns_first(rq->view.foreign, rows->ifindex, &some.n);
	json_object_set_new(doc, "foreign", vs_snapshot_foreigns_write(&some));
}

/* @rows: NULL: the settings are enough */
static enum MHD_Result vs_driver_answer(struct vs_ask *rq,
					const struct vs_driver_part *part,
					struct vs_driver_rows *rows)
{
	const struct vs_api_config *config = &rq->api->config;
	struct vs_driver_host host;
	struct vs_error error;
	json_t *doc;
	bool failed;

	if (config->ops->list(config->ctx, part, &host, &error))
		return vs_refuse_error(rq, 503, &error);
	doc = json_object();
	failed = json_object_set_new(doc, "settings",
				     vs_record_write(&vs_host_record, &host));
	if (rows) {
		failed |= rows->failed ||
			  json_object_set(doc, rows->key, rows->v);
		if (rows->more)
			vs_doc_number(doc, "next", rows->last);
		if (vs_query_get(&rq->query, "port"))
			vs_driver_foreign(rq, rows, doc);
	}
	if (!failed)
		return vs_answer_json(rq, 200, doc);
	json_decref(doc);
	return vs_refuse_memory(rq);
}

enum MHD_Result vs_serve_driver(struct vs_ask *rq)
{
	const struct vs_driver_part part = { 0 };

	return vs_driver_answer(rq, &part, NULL);
}

enum MHD_Result vs_serve_driver_vms(struct vs_ask *rq)
{
	struct vs_driver_rows rows = { .key = "vms", .record = &vs_vm_record };
	const struct vs_sink sink = { vs_driver_begin, vs_driver_add_vm,
				      &rows };
	const struct vs_driver_part part = { .vms = &sink };
	enum MHD_Result result;

	if (!vs_driver_params(rq, &rows, &result))
		return result;
	rows.v = json_array();
	result = vs_driver_answer(rq, &part, &rows);
	json_decref(rows.v);
	return result;
}

static bool vs_driver_filter(struct vs_ask *rq, struct vs_vnic_filter *f,
			     enum MHD_Result *result)
{
	const char *port = vs_query_get(&rq->query, "port");
	const char *vm = vs_query_get(&rq->query, "vm");

	if (port && !vs_param_port(rq, port, &f->port, result))
		return false;
	if (!vm || !vs_uuid_parse(vm, &f->vm))
		return vs_param_flag(rq, "stats", &f->stats, result);
	*result = vs_param_bad(rq, "vm", vm, vs_tr(rq->lang, "a UUID"));
	return false;
}

enum MHD_Result vs_serve_driver_vnics(struct vs_ask *rq)
{
	struct vs_driver_rows rows = { .key = "vnics",
				       .record = &vs_entry_record };
	const struct vs_sink sink = { vs_driver_begin, vs_driver_add_vnic,
				      &rows };
	struct vs_vnic_filter filter = { 0 };
	const struct vs_driver_part part = { .filter = &filter,
					     .vnics = &sink };
	enum MHD_Result result;

	if (!vs_driver_filter(rq, &filter, &result) ||
	    !vs_driver_params(rq, &rows, &result))
		return result;
	rows.v = json_array();
	result = vs_driver_answer(rq, &part, &rows);
	json_decref(rows.v);
	return result;
}
