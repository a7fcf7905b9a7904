// SPDX-License-Identifier: GPL-2.0-only
/* VMs, by UUID. */
#include <errno.h>

#include "api/doc.h"
#include "api/model.h"
#include "api/page.h"

/** struct vs_vms_walk - choosing what is to be listed */
struct vs_vms_walk {
	struct vs_page page;
	enum vs_state state;
	bool by_state;
};

static json_t *vs_vms_doc(const struct vs_vm_view *vm,
			  const struct vs_lang *lang)
{
	char uuid[VS_UUID_STR];
	json_t *doc = json_object();

	vs_doc_text(doc, "vm_name", vm->name);
	vs_doc_text(doc, "vm_uuid", vs_uuid_format(&vm->uuid, uuid));
	vs_doc_text(doc, "state", vs_state_word(vm->state));
	if (vm->reason) {
		vs_doc_text(doc, "reason", vs_reason_word(vm->reason));
		vs_doc_text(doc, "reason_text",
			    vs_text_reason(lang, vm->reason));
	}
	json_object_set_new(doc, "vnics", vs_doc_states(vm->count));
	vs_doc_flag(doc, "alert", vm->alert);
	if (vm->since)
		vs_doc_number(doc, "since", vm->since);
	vs_doc_flag(doc, "in_manager", vm->in_manager);
	if (!vm->in_manager)
		return doc;
	vs_doc_text(doc, "power", vs_power_word(vm->power));
	vs_doc_text(doc, "host", vm->host);
	vs_doc_flag(doc, "protected", !vm->unprotected);
	vs_doc_flag(doc, "template", vm->is_template);
	vs_doc_flag(doc, "duplicate", vm->duplicate);
	return doc;
}

static int vs_vms_choose(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_vms_walk *walk = ctx;
	const struct vs_page_key key = { .vm = vm->uuid };

	if (walk->by_state && vm->state != walk->state)
		return 0;
	return vs_page_add(&walk->page, &key);
}

static enum MHD_Result vs_vms_answer(struct vs_ask *rq,
				     struct vs_page *page)
{
	json_t *doc = json_object(), *list = json_array();
	char uuid[VS_UUID_STR];
	struct vs_vm_view vm;

	for (size_t i = 0; i < page->n; i++) {
		if (!vs_engine_vm(rq->view.engine, &page->v[i].vm, &vm))
			json_array_append_new(list, vs_vms_doc(&vm, rq->lang));
	}
	if (page->more)
		vs_doc_text(doc, "next",
			    vs_uuid_format(&page->v[page->n - 1].vm, uuid));
	json_object_set_new(doc, "vms", list);
	return vs_answer_json(rq, 200, doc);
}

enum MHD_Result vs_serve_vms(struct vs_ask *rq)
{
	const char *after = vs_query_get(&rq->query, "after");
	struct vs_vms_walk walk = { .by_state = false };
	enum MHD_Result result;
	uint64_t limit = VS_PAGE;

	if (!vs_param_state(rq, "state", &walk.state, &walk.by_state,
			    &result) ||
	    !vs_param_number(rq, "limit", 1, VS_PAGE_MAX, &limit, &result))
		return result;
	walk.page.limit = limit;
	walk.page.has_after = after;
	if (after && vs_uuid_parse(after, &walk.page.after.vm))
		return vs_param_bad(rq, "after", after,
				    vs_tr(rq->lang, "what \"next\" of an "
					  "answer said"));
	if (vs_engine_each_vm(rq->view.engine, vs_vms_choose, &walk)) {
		result = vs_refuse_memory(rq);
	} else {
		vs_page_cut(&walk.page);
		result = vs_vms_answer(rq, &walk.page);
	}
	vs_page_free(&walk.page);
	return result;
}

enum MHD_Result vs_serve_vm(struct vs_ask *rq)
{
	enum MHD_Result result;
	struct vs_vm_view vm;
	struct vs_uuid uuid;

	if (!vs_param_vm(rq, rq->query.path[2], &uuid, &result))
		return result;
	vs_engine_vm(rq->view.engine, &uuid, &vm);
	return vs_answer_json(rq, 200, vs_vms_doc(&vm, rq->lang));
}
