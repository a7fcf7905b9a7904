// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "api/doc.h"
#include "cli/agent.h"
#include "cli/inventory.h"
#include "cli/opt.h"
#include "cli/record.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/status.h"
#include "cli/tell.h"
#include "core/text.h"
#include "recover/look.h"

/** struct vs_sync_args - options of "sync" */
struct vs_sync_args {
	uint64_t has;
	const char *db;
};

static const struct vs_opt vs_sync_opts[] = {
	VS_RECORD_OPT(struct vs_sync_args),
	{ 0 }
};

/** struct vs_syncing - a run of "sync" */
struct vs_syncing {
	struct vs_cli *cli;
	struct vs_teller teller;
	struct vs_look look;
	struct vs_look_bound bound;
	bool binder_failed;
	const char *db;
	struct vs_agent_answer answer;	/* of the agent, if one runs */
};

static const char *vs_sync_source(enum vs_source source)
{
	return vs_text_source(vs_i18n_lang(), source);
}

static void vs_sync_source_line(const struct vs_syncing *s,
				const struct vs_source_view *view,
				enum vs_source source)
{
	struct vs_buf text = { 0 };

	/* of the Filter Driver, its state says more */
	if (!view->available && source == VS_SOURCE_DRIVER)
		return;
	if (!view->available) {
		vs_text_error(&text, vs_i18n_lang(), &view->error);
		printf("%s: %s\n", vs_sync_source(source), vs_buf_str(&text));
	} else if (source == VS_SOURCE_MANAGER) {
		printf(_("%s: read, VMs: %zu, in %u ms\n"),
		       vs_sync_source(source), view->count, s->look.spent);
	} else {
		printf(_("%s: read, ports: %zu\n"), vs_sync_source(source),
		       view->count);
	}
	vs_buf_free(&text);
}

static void vs_sync_counts(const char *what, const size_t *count)
{
	const char *comma = "";

	printf("%s: ", what);
	for (int i = 0; i < VS_STATE_COUNT; i++) {
		if (!count[i])
			continue;
		printf("%s%zu %s", comma, count[i],
		       vs_text_state(vs_i18n_lang(), i));
		comma = ", ";
	}
	puts(*comma ? "" : "0");
}

static enum vs_exit vs_sync_text(const struct vs_syncing *s,
				 const struct vs_host_view *host)
{
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		vs_sync_source_line(s, &host->source[i], i);
	vs_status_line(&host->driver);
	printf(_("Ports bound now: %zu\n"), s->bound.bound);
	vs_sync_counts(_("VMs"), host->vms);
	vs_sync_counts(_("vNICs"), host->vnics);
	printf("%s: %s\n", _("State"),
	       vs_text_state(vs_i18n_lang(), host->state));
	return VS_EXIT_FINE;
}

static enum vs_exit vs_sync_json(const struct vs_syncing *s,
				 const struct vs_host_view *host,
				 enum vs_exit status)
{
	json_t *doc = json_object(), *sources = json_object();

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		json_object_set_new(sources, vs_source_word(i),
				    json_pack("{sb,sI}", "available",
					      host->source[i].available,
					      "entries", (json_int_t)
					      host->source[i].count));
	json_object_set_new(doc, "time", json_integer(s->look.now));
	json_object_set_new(doc, "sources", sources);
	json_object_set_new(doc, "inventory_ms", json_integer(s->look.spent));
	json_object_set_new(doc, "bound", json_integer(s->bound.bound));
	json_object_set_new(doc, "refused", json_integer(s->bound.refused));
	json_object_set(doc, "log", s->teller.log);
	json_object_set_new(doc, "vms", vs_doc_states(host->vms));
	json_object_set_new(doc, "vnics", vs_doc_states(host->vnics));
	vs_row_text(doc, "state", vs_state_word(host->state));
	json_object_set_new(doc, "exit_status", json_integer(status));
	return vs_out_json(doc);
}

static bool vs_sync_open(struct vs_syncing *s, enum vs_exit *status)
{
	struct vs_error error;

	if (!vs_look_open(&s->look, vs_cli_inventory(s->cli),
			  vs_cli_is_live(s->cli) ? NULL : s->cli->driver,
			  &error))
		return true;
	vs_say("--inventory: %s", error.detail);
	*status = VS_EXIT_USAGE;
	return false;
}

/* what runs and is not bound is bound first, then everything is read */
static bool vs_sync_read(struct vs_syncing *s, enum vs_exit *status)
{
	const struct vs_error *denied = &s->look.host.reading.info.error;
	struct vs_error error;

	if (vs_cli_is_live(s->cli))
		s->binder_failed = vs_look_bind(NULL, &s->teller.progress,
						&s->bound, &error);
	if (s->binder_failed && error.why != VS_WHY_NOT_LOADED)
		vs_say_unread(&error);
	if (vs_cli_agent_sync(s->cli, s->bound.bound, !s->db, &s->answer)) {
		if (s->answer.text)
			vs_say("%s", s->answer.text);
		*status = VS_EXIT_UNAVAILABLE;
		return !s->answer.text;
	}
	if (!s->cli->inventory && !vs_sync_open(s, status))
		return false;
	if (vs_look_read(&s->look, vs_now(), &error)) {
		*status = vs_say_unread(&error);
		return false;
	}
	if (denied->why == VS_WHY_NO_PERMISSION) {
		*status = VS_EXIT_UNAVAILABLE;
		return false;
	}
	return true;
}

/* the agent's word in the place of a look of ours */
static void vs_sync_answered(struct vs_syncing *s, struct vs_host_view *host)
{
	const json_t *doc = s->answer.doc;
	const json_t *inventory = json_object_get(doc, "inventory");

	vs_cli_agent_host(doc, host);
	s->look.now = json_integer_value(json_object_get(doc, "time"));
	s->look.spent = json_integer_value(json_object_get(inventory,
							   "took_ms"));
}

static enum vs_exit vs_sync_report(struct vs_syncing *s)
{
	struct vs_event event = {
		.id = VS_EVENT_SYNCHRONISED,
		.origin = VS_ORIGIN_MANAGER,
	};
	struct vs_host_view host;
	enum vs_exit status, printed;

	if (s->answer.doc)
		vs_sync_answered(s, &host);
	else
		vs_engine_host(s->look.engine, &host);
	status = vs_exit_code(&host, host.state);
	event.state = host.state;
	event.count = s->bound.bound;
	/* the agent has recorded it, unless it is to be elsewhere */
	if (!s->answer.doc || s->db)
		vs_cli_record(s->cli, s->db, &event);
	printed = s->cli->json ? vs_sync_json(s, &host, status) :
				 vs_sync_text(s, &host);
	return printed ? printed : status;
}

static enum vs_exit vs_sync_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_syncing s = { .cli = cli };
	struct vs_sync_args a = { 0 };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	s.db = a.db;
	/* what was given may be wrong: then nothing is bound */
	if (cli->inventory && !vs_sync_open(&s, &status))
		return status;
	vs_tell_start(&s.teller, cli);
	if (vs_sync_read(&s, &status))
		status = vs_sync_report(&s);
	vs_tell_end(&s.teller);
	vs_look_close(&s.look);
	vs_agent_free(&s.answer);
	return status;
}

const struct vs_command vs_cmd_sync = {
	.name = "sync",
	.summary = N_("bind what is not bound, read every list afresh and "
		      "compare"),
	.opts = vs_sync_opts,
	.run = vs_sync_run,
};
