// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "api/doc.h"
#include "api/why.h"
#include "core/gap.h"
#include "core/pending.h"
#include "driver/fault.h"
#include "recover/half.h"

static json_t *vs_why_values(const struct vs_clue *clue)
{
	json_t *row = json_object();
	const char *key;

	for (size_t i = 0; (key = vs_clue_key(clue->kind, i)); i++) {
		const char *s = clue->value[i];

		if (vs_clue_is_number(key))
			json_object_set_new(row, key,
					    json_integer(strtoll(s, NULL,
								 10)));
		else
			json_object_set_new(row, key, vs_json_text(s));
	}
	if (vs_clue_has_error(clue->kind))
		json_object_set_new(row, "error",
				    vs_fault_write(&clue->error));
	return row;
}

static json_t *vs_why_clues(const struct vs_finding *f,
			    const struct vs_lang *lang)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->n; i++) {
		struct vs_buf text = { 0 };
		json_t *row = json_object();

		vs_text_clue(&text, lang, &f->clues[i]);
		vs_doc_text(row, "clue", vs_clue_word(f->clues[i].kind));
		json_object_set_new(row, "values",
				    vs_why_values(&f->clues[i]));
		vs_doc_text(row, "text", vs_buf_str(&text));
		json_array_append_new(list, row);
		vs_buf_free(&text);
	}
	return list;
}

static json_t *vs_why_steps(enum vs_cause cause, enum vs_gap gap,
			    const struct vs_lang *lang)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_gap_steps(cause, gap, steps);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_object();

		vs_doc_text(row, "step", vs_step_word(steps[i]));
		vs_doc_text(row, "text", vs_text_step(lang, steps[i]));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *vs_why_causes(const struct vs_diagnosis *d, enum vs_gap gap,
			     const struct vs_lang *lang)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++) {
		enum vs_cause cause = d->v[i].cause;
		json_t *clues = vs_why_clues(&d->v[i], lang);
		json_t *row = json_object();

		vs_doc_text(row, "cause", vs_cause_word(cause));
		vs_doc_text(row, "text", vs_text_cause(lang, cause));
		json_object_set_new(row, "evidence", clues);
		json_object_set_new(row, "steps",
				    vs_why_steps(cause, gap, lang));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *vs_why_mac(const struct vs_testimony *t)
{
	json_t *row = json_object(), *wires = json_array();
	char mac[VS_MAC_STR];

	json_object_set_new(row, "device_id", json_integer(t->device_id));
	for (int i = 0; i < VS_WITNESS_COUNT; i++) {
		if (!vs_mac_is_zero(&t->mac[i]))
			vs_doc_text(row, vs_witness_word(i),
				    vs_mac_format(&t->mac[i], mac));
	}
	for (size_t i = 0; i < t->n_wires; i++)
		json_array_append_new(wires,
				      json_string(vs_mac_format(&t->wire[i],
								mac)));
	vs_doc_text(row, "port", t->port);
	json_object_set_new(row, VS_WHY_WIRE, wires);
	return row;
}

static json_t *vs_why_macs(const struct vs_case *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->n_macs; i++)
		json_array_append_new(list, vs_why_mac(&w->macs[i]));
	return list;
}

static json_t *vs_why_pending(const struct vs_case *w,
			      const struct vs_lang *lang)
{
	json_t *list = json_array();
	char mac[VS_MAC_STR];
	struct vs_pending p;

	for (size_t i = 0; i < w->n_macs && w->both; i++) {
		struct vs_buf text = { 0 };
		json_t *row;

		if (!vs_pending_change(&w->macs[i], &p))
			continue;
		row = json_object();
		vs_doc_number(row, "device_id", p.device_id);
		vs_doc_text(row, "change", vs_change_word(p.change));
		if (p.change != VS_CHANGE_REMOVED)
			vs_doc_text(row, "next_mac",
				    vs_mac_format(&p.next, mac));
		if (p.change != VS_CHANGE_ADDED)
			vs_doc_text(row, "mac", vs_mac_format(&p.now, mac));
		vs_text_pending(&text, lang, &p);
		vs_doc_text(row, "text", vs_buf_str(&text));
		vs_buf_free(&text);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *vs_why_vm(const struct vs_case *w, const char *name)
{
	char uuid[VS_UUID_STR];
	json_t *row = json_object();

	vs_doc_text(row, "name", w->found ? w->view.name : name);
	if (w->found)
		vs_doc_text(row, "uuid", vs_uuid_format(&w->uuid, uuid));
	return row;
}

/* what is to be done, first of all */
static json_t *vs_why_advice(const struct vs_case *w, enum vs_gap gap,
			     const struct vs_diagnosis *d,
			     const struct vs_lang *lang)
{
	/* packets are led past the filter: no difference between lists */
	bool bypass = w->view.reason == VS_REASON_BYPASSED ||
		      w->view.reason == VS_REASON_BYPASS_UNKNOWN;

	if (d->n)
		return vs_why_steps(d->v[0].cause, gap, lang);
	return w->status && !bypass ? vs_why_steps(VS_CAUSE_NONE, gap, lang) :
				      json_array();
}

/* the step that was cut short, by what was asked for, or by its UUID */
static void vs_why_half(json_t *doc, const struct vs_case *w,
			const char *name, const struct vs_lang *lang)
{
	struct vs_buf text = { 0 }, command = { 0 };
	char uuid[VS_UUID_STR];
	struct vs_half h;
	json_t *row;

	if (!w->keep ||
	    vs_half_find(w->keep, w->found ? vs_uuid_format(&w->uuid, uuid) :
			 name, &h))
		return;
	row = json_object();
	vs_half_text(&text, lang, &h);
	vs_half_command(&command, &h);
	vs_doc_text(row, "step", vs_step_word(h.step));
	vs_doc_number(row, "began", h.began);
	vs_doc_text(row, "text", vs_buf_str(&text));
	vs_doc_text(row, "command", vs_buf_str(&command));
	json_object_set_new(doc, "cut_short", row);
	vs_buf_free(&text);
	vs_buf_free(&command);
}

json_t *vs_why_doc(struct vs_case *w, enum vs_gap gap, const char *name,
		   const struct vs_lang *lang)
{
	json_t *doc = json_object();
	struct vs_diagnosis d;

	vs_diagnose(&w->evidence, &d);
	vs_doc_number(doc, "time", w->now);
	json_object_set_new(doc, "host", vs_json_text(w->all.name));
	json_object_set_new(doc, "vm", vs_why_vm(w, name));
	vs_doc_text(doc, "state", vs_state_word(w->state));
	if (w->view.reason)
		vs_doc_text(doc, "reason", vs_reason_word(w->view.reason));
	vs_doc_number(doc, "exit_status", w->status);
	json_object_set_new(doc, "driver", vs_doc_driver(&w->all.driver));
	json_object_set_new(doc, "causes", vs_why_causes(&d, gap, lang));
	json_object_set_new(doc, "steps", vs_why_advice(w, gap, &d, lang));
	json_object_set_new(doc, "macs", vs_why_macs(w));
	json_object_set_new(doc, "pending_changes", vs_why_pending(w, lang));
	vs_why_half(doc, w, name, lang);
	if (w->unheard.op)
		json_object_set_new(doc, "hypervisor_error",
				    vs_fault_write(&w->unheard));
	return doc;
}
