// SPDX-License-Identifier: GPL-2.0-only
/* The document of api/why.h for people. */
#include <stdio.h>
#include <string.h>

#include "api/why.h"
#include "cli/agent.h"
#include "cli/row.h"
#include "cli/status.h"
#include "cli/why.h"
#include "core/name.h"

static const struct vs_column vs_why_columns[] = {
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "definition", .header = N_("DEFINITION") },
	{ .name = "live", .header = N_("DOMAIN") },
	{ .name = "process", .header = N_("PROCESS") },
	{ .name = "inventory", .header = N_("INVENTORY") },
	{ .name = "driver", .header = N_("DRIVER") },
	{ .name = VS_WHY_WIRE, .header = N_("WIRE") },
	{ 0 }
};

static const char *vs_why_string(const json_t *doc, const char *key)
{
	const char *s = json_string_value(json_object_get(doc, key));

	return s ? s : "";
}

static enum vs_reason vs_why_reason(const json_t *doc)
{
	enum vs_reason reason;

	return vs_reason_parse(vs_why_string(doc, "reason"), &reason) ?
	       VS_REASON_NONE : reason;
}

static enum vs_exit vs_why_status(const json_t *doc)
{
	return json_integer_value(json_object_get(doc, "exit_status"));
}

static void vs_why_heading(const json_t *doc)
{
	const json_t *vm = json_object_get(doc, "vm");
	const char *uuid = vs_why_string(vm, "uuid");
	struct vs_driver_info driver = { .state = VS_DRIVER_UNKNOWN };
	const struct vs_lang *lang = vs_i18n_lang();
	enum vs_reason reason = vs_why_reason(doc);
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), vs_why_string(vm, "name"));
	if (*uuid)
		printf("%s: %s (%s)\n", _("VM"), *safe ? safe : "-", uuid);
	else
		printf("%s: %s\n", _("VM"), safe);
	printf("%s: %s", _("State"),
	       vs_text_state(lang, vs_cli_agent_state(doc)));
	if (reason)
		printf(" (%s)", vs_text_reason(lang, reason));
	puts("");
	vs_cli_agent_driver(json_object_get(doc, "driver"), &driver);
	if (vs_why_status(doc) != VS_EXIT_FINE)
		vs_status_line(&driver);
}

/* before all causes: what has to be done first */
static void vs_why_half(const json_t *doc)
{
	const json_t *half = json_object_get(doc, "cut_short");

	if (half)
		printf("%s: %s\n", _("Recovery"), vs_why_string(half, "text"));
}

static void vs_why_print_steps(const json_t *steps)
{
	const json_t *step;
	size_t i;

	json_array_foreach(steps, i, step)
		printf("  %zu. %s: %s\n", i + 1, vs_why_string(step, "step"),
		       vs_why_string(step, "text"));
}

static void vs_why_print_finding(const json_t *found, size_t rank)
{
	const json_t *clue;
	size_t i;

	printf("\n%s %zu: %s, %s\n", _("Cause"), rank,
	       vs_why_string(found, "cause"), vs_why_string(found, "text"));
	printf("%s:\n", _("Evidence"));
	json_array_foreach(json_object_get(found, "evidence"), i, clue)
		printf("  - %s\n", vs_why_string(clue, "text"));
	printf("%s:\n", _("Steps"));
	vs_why_print_steps(json_object_get(found, "steps"));
}

/* when nothing was found, what that means */
static void vs_why_print_nothing(const json_t *doc)
{
	enum vs_reason reason = vs_why_reason(doc);

	puts("");
	if (vs_why_status(doc) == VS_EXIT_FINE) {
		puts(_("There is nothing to explain."));
	} else if (reason == VS_REASON_BYPASSED ||
		   reason == VS_REASON_BYPASS_UNKNOWN) {
		puts(_("The lists agree. What bypasses the ports, \"vmsafe "
		       "status\" shows; detach it unless it is wanted."));
	} else {
		puts(_("Nothing that was seen speaks for one of the causes C1 "
		       "to C7. What is worth trying:"));
		vs_why_print_steps(json_object_get(doc, "steps"));
	}
}

/* the MACs on the wire in one cell */
static json_t *vs_why_row(const json_t *mac)
{
	const json_t *wires = json_object_get(mac, VS_WHY_WIRE), *wire;
	json_t *row = json_copy((json_t *)mac);
	struct vs_buf text = { 0 };
	size_t i;

	json_array_foreach(wires, i, wire)
		vs_buf_addf(&text, "%s%s", i ? "," : "",
			    json_string_value(wire));
	json_object_del(row, VS_WHY_WIRE);
	vs_row_text(row, VS_WHY_WIRE, vs_buf_str(&text));
	vs_buf_free(&text);
	return row;
}

/* the comparison, where there is something to compare */
static enum vs_exit vs_why_print_macs(const json_t *doc)
{
	const json_t *macs = json_object_get(doc, "macs"), *mac;
	json_t *rows = json_array();
	const struct vs_cli text = { 0 };
	struct vs_selection sel = { 0 };
	struct vs_buf error = { 0 };
	struct vs_error unheard;
	size_t i;

	json_array_foreach(macs, i, mac)
		json_array_append_new(rows, vs_why_row(mac));
	if (!json_array_size(rows)) {
		json_decref(rows);
		return VS_EXIT_FINE;
	}
	while (vs_why_columns[sel.n].name) {
		sel.v[sel.n] = &vs_why_columns[sel.n];
		sel.n++;
	}
	printf("\n%s:\n", _("The VM's MACs, as each says"));
	if (vs_cli_agent_error(doc, "hypervisor_error", &unheard)) {
		vs_text_error(&error, vs_i18n_lang(), &unheard);
		printf("%s: %s\n", _("Hypervisor"), vs_buf_str(&error));
		vs_buf_free(&error);
	}
	return vs_out_rows(&text, &sel, rows);
}

/* what runs counts; that it will be something else is said after it */
static void vs_why_print_pending(const json_t *doc)
{
	const json_t *list = json_object_get(doc, "pending_changes"), *change;
	size_t i;

	json_array_foreach(list, i, change)
		printf("%s%s\n", i ? "" : "\n", vs_why_string(change, "text"));
}

static enum vs_exit vs_why_text(const json_t *doc)
{
	const json_t *causes = json_object_get(doc, "causes"), *found;
	enum vs_exit status;
	size_t i;

	vs_why_heading(doc);
	vs_why_half(doc);
	json_array_foreach(causes, i, found)
		vs_why_print_finding(found, i + 1);
	if (!json_array_size(causes))
		vs_why_print_nothing(doc);
	status = vs_why_print_macs(doc);
	vs_why_print_pending(doc);
	return status;
}

enum vs_exit vs_why_print(const struct vs_cli *cli, json_t *doc)
{
	enum vs_exit status = vs_why_status(doc), printed;

	if (cli->json) {
		printed = vs_out_json(doc);
	} else {
		printed = vs_why_text(doc);
		json_decref(doc);
	}
	return printed ? printed : status;
}
