// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "cli/row.h"
#include "cli/status.h"
#include "cli/why.h"
#include "core/name.h"
#include "driver/fault.h"

/** VS_WIRE - key of the MACs on the wire, after those of the witnesses */
#define VS_WIRE "wire"

static const struct vs_column vs_why_columns[] = {
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "definition", .header = N_("DEFINITION") },
	{ .name = "live", .header = N_("DOMAIN") },
	{ .name = "process", .header = N_("PROCESS") },
	{ .name = "inventory", .header = N_("INVENTORY") },
	{ .name = "driver", .header = N_("DRIVER") },
	{ .name = VS_WIRE, .header = N_("WIRE") },
	{ 0 }
};

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

static json_t *vs_why_clues(const struct vs_finding *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->n; i++) {
		struct vs_buf text = { 0 };
		json_t *row = json_object();

		vs_text_clue(&text, vs_i18n_lang(), &f->clues[i]);
		vs_row_text(row, "clue", vs_clue_word(f->clues[i].kind));
		json_object_set_new(row, "values",
				    vs_why_values(&f->clues[i]));
		vs_row_text(row, "text", vs_buf_str(&text));
		json_array_append_new(list, row);
		vs_buf_free(&text);
	}
	return list;
}

static json_t *vs_why_steps(enum vs_cause cause, enum vs_gap gap)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_gap_steps(cause, gap, steps);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_object();

		vs_row_text(row, "step", vs_step_word(steps[i]));
		vs_row_text(row, "text", vs_text_step(vs_i18n_lang(),
						      steps[i]));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *vs_why_causes(const struct vs_diagnosis *d, enum vs_gap gap)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++) {
		enum vs_cause cause = d->v[i].cause;
		json_t *row = json_object();

		vs_row_text(row, "cause", vs_cause_word(cause));
		vs_row_text(row, "text", vs_text_cause(vs_i18n_lang(), cause));
		json_object_set_new(row, "evidence", vs_why_clues(&d->v[i]));
		json_object_set_new(row, "steps", vs_why_steps(cause, gap));
		json_array_append_new(list, row);
	}
	return list;
}

/* a vNIC; @words: the MACs on the wire as a list, else as one text */
static json_t *vs_why_mac_row(const struct vs_testimony *t, bool words)
{
	json_t *row = json_object(), *wires = json_array();
	struct vs_buf text = { 0 };
	char mac[VS_MAC_STR];

	json_object_set_new(row, "device_id", json_integer(t->device_id));
	for (int i = 0; i < VS_WITNESS_COUNT; i++) {
		if (!vs_mac_is_zero(&t->mac[i]))
			vs_row_text(row, vs_witness_word(i),
				    vs_mac_format(&t->mac[i], mac));
	}
	for (size_t i = 0; i < t->n_wires; i++) {
		vs_mac_format(&t->wire[i], mac);
		json_array_append_new(wires, json_string(mac));
		vs_buf_addf(&text, "%s%s", i ? "," : "", mac);
	}
	if (words) {
		vs_row_text(row, "port", t->port);
		json_object_set(row, VS_WIRE, wires);
	} else {
		vs_row_text(row, VS_WIRE, vs_buf_str(&text));
	}
	json_decref(wires);
	vs_buf_free(&text);
	return row;
}

static json_t *vs_why_mac_rows(const struct vs_why_run *w, bool words)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->of.n_macs; i++)
		json_array_append_new(list,
				      vs_why_mac_row(&w->of.macs[i], words));
	return list;
}

/* packets are led past the filter: that is no difference between lists */
static bool vs_why_is_bypass(const struct vs_why_run *w)
{
	return w->of.view.reason == VS_REASON_BYPASSED ||
	       w->of.view.reason == VS_REASON_BYPASS_UNKNOWN;
}

static bool vs_why_is_undiagnosed(const struct vs_why_run *w,
				  const struct vs_diagnosis *d)
{
	return !d->n && w->of.status != VS_EXIT_FINE && !vs_why_is_bypass(w);
}

static json_t *vs_why_vm(const struct vs_why_run *w)
{
	char uuid[VS_UUID_STR];
	json_t *row = json_object();

	vs_row_text(row, "name", w->of.found ? w->of.view.name :
						   w->check->name);
	if (w->of.found)
		vs_row_text(row, "uuid", vs_uuid_format(&w->of.uuid,
							uuid));
	return row;
}

static enum vs_exit vs_why_json(const struct vs_why_run *w,
				const struct vs_diagnosis *d)
{
	json_t *doc = json_object();

	json_object_set_new(doc, "time", json_integer(w->of.now));
	json_object_set_new(doc, "host", vs_json_text(w->of.all.name));
	json_object_set_new(doc, "vm", vs_why_vm(w));
	vs_row_text(doc, "state", vs_state_word(w->of.state));
	if (w->of.view.reason)
		vs_row_text(doc, "reason", vs_reason_word(w->of.view.reason));
	json_object_set_new(doc, "exit_status", json_integer(w->of.status));
	json_object_set_new(doc, "driver", vs_doc_driver(&w->of.all.driver));
	json_object_set_new(doc, "causes", vs_why_causes(d, w->gap));
	json_object_set_new(doc, "steps", d->n ?
			    vs_why_steps(d->v[0].cause, w->gap) :
			    vs_why_is_undiagnosed(w, d) ?
			    vs_why_steps(VS_CAUSE_NONE, w->gap) :
			    json_array());
	json_object_set_new(doc, "macs", vs_why_mac_rows(w, true));
	if (w->of.unheard.op)
		json_object_set_new(doc, "hypervisor_error",
				    vs_fault_write(&w->of.unheard));
	return vs_out_json(doc);
}

static void vs_why_heading(const struct vs_why_run *w)
{
	const struct vs_lang *lang = vs_i18n_lang();
	char safe[VS_NAME_ESCAPED], uuid[VS_UUID_STR];

	vs_name_escape(safe, sizeof(safe), w->of.found ? w->of.view.name :
							     w->check->name);
	if (w->of.found)
		printf("%s: %s (%s)\n", _("VM"), *safe ? safe : "-",
		       vs_uuid_format(&w->of.uuid, uuid));
	else
		printf("%s: %s\n", _("VM"), safe);
	printf("%s: %s", _("State"), vs_text_state(lang, w->of.state));
	if (w->of.view.reason)
		printf(" (%s)", vs_text_reason(lang, w->of.view.reason));
	puts("");
	if (w->of.status != VS_EXIT_FINE)
		vs_status_line(&w->of.all.driver);
}

static void vs_why_print_steps(enum vs_cause cause, enum vs_gap gap)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_gap_steps(cause, gap, steps);

	for (size_t i = 0; i < n; i++)
		printf("  %zu. %s: %s\n", i + 1, vs_step_word(steps[i]),
		       vs_text_step(vs_i18n_lang(), steps[i]));
}

static void vs_why_print_finding(const struct vs_finding *f, size_t rank,
				 enum vs_gap gap)
{
	const struct vs_lang *lang = vs_i18n_lang();

	printf("\n%s %zu: %s, %s\n", _("Cause"), rank,
	       vs_cause_word(f->cause), vs_text_cause(lang, f->cause));
	printf("%s:\n", _("Evidence"));
	for (size_t i = 0; i < f->n; i++) {
		struct vs_buf text = { 0 };

		vs_text_clue(&text, lang, &f->clues[i]);
		printf("  - %s\n", vs_buf_str(&text));
		vs_buf_free(&text);
	}
	printf("%s:\n", _("Steps"));
	vs_why_print_steps(f->cause, gap);
}

/* when nothing was found, what that means */
static void vs_why_print_nothing(const struct vs_why_run *w)
{
	puts("");
	if (w->of.status == VS_EXIT_FINE) {
		puts(_("There is nothing to explain."));
	} else if (vs_why_is_bypass(w)) {
		puts(_("The lists agree. What bypasses the ports, \"vmsafe "
		       "status\" shows; detach it unless it is wanted."));
	} else {
		puts(_("Nothing that was seen speaks for one of the causes C1 "
		       "to C7. What is worth trying:"));
		vs_why_print_steps(VS_CAUSE_NONE, w->gap);
	}
}

/* the comparison, where there is something to compare */
static enum vs_exit vs_why_print_macs(const struct vs_why_run *w)
{
	const struct vs_cli text = { 0 };
	struct vs_selection sel = { 0 };
	struct vs_buf error = { 0 };

	if (!w->of.n_macs)
		return VS_EXIT_FINE;
	while (vs_why_columns[sel.n].name) {
		sel.v[sel.n] = &vs_why_columns[sel.n];
		sel.n++;
	}
	printf("\n%s:\n", _("The VM's MACs, as each says"));
	if (w->of.unheard.op) {
		vs_text_error(&error, vs_i18n_lang(), &w->of.unheard);
		printf("%s: %s\n", _("Hypervisor"), vs_buf_str(&error));
		vs_buf_free(&error);
	}
	return vs_out_rows(&text, &sel, vs_why_mac_rows(w, false));
}

static enum vs_exit vs_why_text(const struct vs_why_run *w,
				const struct vs_diagnosis *d)
{
	vs_why_heading(w);
	for (size_t i = 0; i < d->n; i++)
		vs_why_print_finding(&d->v[i], i + 1, w->gap);
	if (!d->n)
		vs_why_print_nothing(w);
	return vs_why_print_macs(w);
}

enum vs_exit vs_why_print(struct vs_why_run *w)
{
	struct vs_diagnosis d;

	vs_diagnose(&w->of.evidence, &d);
	return w->check->cli->json ? vs_why_json(w, &d) : vs_why_text(w, &d);
}
