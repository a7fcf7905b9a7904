// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "api/doc.h"
#include "cli/bypass.h"
#include "cli/check.h"
#include "cli/status.h"
#include "core/name.h"
#include "core/text.h"
#include "driver/fault.h"

static json_t *vs_check_source(const struct vs_source_view *source)
{
	json_t *row = json_object();

	json_object_set_new(row, "available",
			    json_boolean(source->available));
	json_object_set_new(row, "entries", json_integer(source->count));
	if (source->info.generation)
		json_object_set_new(row, "generation",
				    json_integer(source->info.generation));
	if (!source->available)
		json_object_set_new(row, "error",
				    vs_fault_write(&source->error));
	return row;
}

static json_t *vs_check_events(const struct vs_check *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_events; i++)
		json_array_append(list, c->events[i].json);
	return list;
}

static enum vs_exit vs_check_json(const struct vs_check *c,
				  const struct vs_selection *sel,
				  const struct vs_host_view *host,
				  enum vs_state state, enum vs_exit status)
{
	json_t *doc = json_object(), *sources = json_object();

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		json_object_set_new(sources, vs_source_word(i),
				    vs_check_source(&host->source[i]));
	json_object_set_new(doc, "time", json_integer(c->now));
	json_object_set_new(doc, "host", vs_json_text(host->name));
	json_object_set_new(doc, "state", json_string(vs_state_word(state)));
	json_object_set_new(doc, "exit_status", json_integer(status));
	json_object_set_new(doc, "driver", vs_doc_driver(&host->driver));
	json_object_set_new(doc, "sources", sources);
	json_object_set_new(doc, "bypass_check",
			    vs_bypass_check_row(&c->host.foreign));
	json_object_set_new(doc, "vms", vs_check_vms(c, true));
	json_object_set_new(doc, "vnics",
			    vs_out_chosen(sel, vs_check_vnics(c, true)));
	json_object_set_new(doc, "events", vs_check_events(c));
	json_object_set_new(doc, "maintenance", vs_check_windows(c));
	return vs_out_json(doc);
}

/* a VM without vNICs has a line of its own, so that none goes missing */
static json_t *vs_check_lines(const struct vs_check *c)
{
	json_t *rows = vs_check_vnics(c, false), *vms = vs_check_vms(c, false);
	json_t *vm;
	size_t i;

	json_array_foreach(vms, i, vm) {
		if (!json_integer_value(json_object_get(vm, "vnics")))
			json_array_append(rows, vm);
	}
	json_decref(vms);
	return rows;
}

static void vs_check_counts(const struct vs_host_view *host)
{
	const struct vs_lang *lang = vs_i18n_lang();
	const char *comma = "";

	printf("%s: ", _("vNICs"));
	for (int i = 0; i < VS_STATE_COUNT; i++) {
		if (!host->vnics[i])
			continue;
		printf("%s%zu %s", comma, host->vnics[i],
		       vs_text_state(lang, i));
		comma = ", ";
	}
	puts(*comma ? "" : "0");
}

/* what the lists say, and what keeps that from being the whole truth */
static void vs_check_state_line(const struct vs_host_view *host,
				enum vs_state state)
{
	const struct vs_lang *lang = vs_i18n_lang();

	printf("%s: %s", _("State"), vs_text_state(lang, state));
	if (host->driver.state == VS_DRIVER_APPLIANCE_LOST)
		printf(" (%s)", vs_text_driver_state(lang, host->driver.state));
	puts("");
}

static void vs_check_maintenance(const struct vs_check *c)
{
	if (c->held)
		printf(_("\nEvents held back by maintenance: %zu\n"), c->held);
	if (c->summary.len)
		printf("\n%s", vs_buf_str(&c->summary));
}

static enum vs_exit vs_check_text(const struct vs_check *c,
				  const struct vs_selection *sel,
				  const struct vs_host_view *host,
				  enum vs_state state)
{
	const struct vs_cli text = { .columns = c->cli->columns };
	char safe[VS_NAME_ESCAPED];
	enum vs_exit printed;
	json_t *rows;

	vs_name_escape(safe, sizeof(safe), host->name);
	printf("%s: %s\n", _("Host"), safe);
	vs_status_line(&host->driver);
	if (!c->name)
		vs_check_counts(host);
	vs_check_state_line(host, state);
	if (c->host.reading.listed &&
	    (c->host.foreign.error.op || !c->host.foreign.asked))
		vs_bypass_check_line(&c->host.foreign);
	rows = vs_check_lines(c);
	if (json_array_size(rows)) {
		puts("");
		printed = vs_out_rows(&text, sel, rows);
	} else {
		printed = rows ? VS_EXIT_FINE : vs_out_no_memory();
		json_decref(rows);
	}
	for (size_t i = 0; i < c->n_events; i++)
		printf("\n%s", c->events[i].text);
	vs_check_maintenance(c);
	return printed;
}

enum vs_exit vs_check_print(const struct vs_check *c,
			    const struct vs_selection *sel,
			    const struct vs_host_view *host,
			    enum vs_state state, enum vs_exit status)
{
	if (c->failed)
		return vs_out_no_memory();
	return c->cli->json ? vs_check_json(c, sel, host, state, status) :
			      vs_check_text(c, sel, host, state);
}
