// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/agent.h"
#include "cli/bypass.h"
#include "cli/check.h"
#include "cli/row.h"
#include "cli/status.h"
#include "core/name.h"
#include "core/text.h"

const struct vs_column vs_check_columns[] = {
	{ .name = "vm_name", .header = N_("VM") },
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "mac", .header = N_("MAC") },
	{ .name = "port", .header = N_("PORT") },
	{ .name = "state", .header = N_("STATE") },
	{ .name = "reason", .header = N_("REASON") },
	{ .name = "vm_uuid", .header = N_("UUID"), .extra = true },
	{ .name = "expected", .header = N_("EXPECTED"), .extra = true },
	{ .name = "actual", .header = N_("ACTUAL"), .extra = true },
	{ .name = "mode", .header = N_("MODE"), .extra = true },
	{ .name = "ifindex", .header = N_("IFINDEX"), .right = true,
	  .extra = true },
	{ .name = "pid", .header = N_("PID"), .right = true, .extra = true },
	{ .name = "in_manager", .header = N_("MANAGER"), .extra = true },
	{ .name = "in_driver", .header = N_("DRIVER"), .extra = true },
	{ .name = "on_host", .header = N_("PLUGGED"), .extra = true },
	{ .name = "bypassed_by", .header = N_("BYPASSED BY"), .extra = true },
	{ .name = "first_seen", .header = N_("FIRST SEEN"), .right = true,
	  .extra = true },
	{ 0 }
};

static enum vs_exit vs_check_json(const struct vs_selection *sel, json_t *doc)
{
	json_t *vnics = json_incref(json_object_get(doc, "vnics"));

	json_object_set_new(doc, "vnics", vs_out_chosen(sel, vnics));
	return vs_out_json(doc);
}

/* in the user's language; what a newer agent says stays as it is */
static void vs_check_translate(json_t *row)
{
	const char *state = json_string_value(json_object_get(row, "state"));
	const char *reason = json_string_value(json_object_get(row, "reason"));
	const struct vs_lang *lang = vs_i18n_lang();
	enum vs_reason why;
	enum vs_state how;

	if (state && !vs_state_parse(state, &how))
		vs_row_text(row, "state", vs_text_state(lang, how));
	if (reason && !vs_reason_parse(reason, &why))
		vs_row_text(row, "reason", vs_text_reason(lang, why));
}

/* a VM without vNICs has a line of its own, so that none goes missing */
static json_t *vs_check_lines(json_t *doc)
{
	json_t *rows = json_object_get(doc, "vnics"), *row;
	size_t i;

	json_array_foreach(json_object_get(doc, "vms"), i, row) {
		if (!json_integer_value(json_object_get(row, "vnics")))
			json_array_append(rows, row);
	}
	json_array_foreach(rows, i, row)
		vs_check_translate(row);
	return json_incref(rows);
}

static void vs_check_counts(const json_t *doc)
{
	size_t count[VS_STATE_COUNT] = { 0 }, i;
	const struct vs_lang *lang = vs_i18n_lang();
	const char *comma = "";
	const json_t *row;

	json_array_foreach(json_object_get(doc, "vnics"), i, row)
		count[vs_cli_agent_state(row)]++;
	printf("%s: ", _("vNICs"));
	for (i = 0; i < VS_STATE_COUNT; i++) {
		if (!count[i])
			continue;
		printf("%s%zu %s", comma, count[i], vs_text_state(lang, i));
		comma = ", ";
	}
	puts(*comma ? "" : "0");
}

/* what the lists say, and what keeps that from being the whole truth */
static void vs_check_state_line(const struct vs_driver_info *driver,
				enum vs_state state)
{
	const struct vs_lang *lang = vs_i18n_lang();

	printf("%s: %s", _("State"), vs_text_state(lang, state));
	if (driver->state == VS_DRIVER_APPLIANCE_LOST)
		printf(" (%s)", vs_text_driver_state(lang, driver->state));
	puts("");
}

static void vs_check_bypass_line(const json_t *doc,
				 const struct vs_driver_info *driver)
{
	struct vs_foreigns f = { 0 };

	vs_cli_agent_bypass(json_object_get(doc, "bypass_check"), &f);
	if ((driver->state == VS_DRIVER_ONLINE ||
	     driver->state == VS_DRIVER_APPLIANCE_LOST) &&
	    (f.error.op || !f.asked))
		vs_bypass_check_line(&f);
}

static void vs_check_head(const struct vs_check *c, const json_t *doc)
{
	struct vs_driver_info driver = { .state = VS_DRIVER_UNKNOWN };
	const char *name = json_string_value(json_object_get(doc, "host"));
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), name ? name : "");
	printf("%s: %s\n", _("Host"), safe);
	vs_cli_agent_driver(json_object_get(doc, "driver"), &driver);
	vs_status_line(&driver);
	if (!c->name)
		vs_check_counts(doc);
	vs_check_state_line(&driver, vs_cli_agent_state(doc));
	vs_check_bypass_line(doc, &driver);
}

static void vs_check_maintenance(const struct vs_check *c, const json_t *doc)
{
	const json_t *windows = json_object_get(doc, "maintenance");
	const json_t *held = json_object_get(windows, "held");
	size_t n = json_integer_value(held);

	if (n)
		printf(_("\nEvents held back by maintenance: %zu\n"), n);
	if (c->summary.len)
		printf("\n%s", vs_buf_str(&c->summary));
}

static enum vs_exit vs_check_text(const struct vs_check *c,
				  const struct vs_selection *sel, json_t *doc)
{
	const struct vs_cli text = { .columns = c->cli->columns };
	enum vs_exit printed = VS_EXIT_FINE;
	json_t *rows;

	vs_check_head(c, doc);
	rows = vs_check_lines(doc);
	if (json_array_size(rows)) {
		puts("");
		printed = vs_out_rows(&text, sel, rows);
	} else {
		json_decref(rows);
	}
	for (size_t i = 0; i < c->n_events; i++)
		printf("\n%s", c->events[i].text);
	vs_check_maintenance(c, doc);
	json_decref(doc);
	return printed;
}

enum vs_exit vs_check_print(const struct vs_check *c,
			    const struct vs_selection *sel, json_t *doc)
{
	if (c->failed || !doc) {
		json_decref(doc);
		return vs_out_no_memory();
	}
	return c->cli->json ? vs_check_json(sel, doc) :
			      vs_check_text(c, sel, doc);
}
