// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "api/doc.h"
#include "cli/agent.h"
#include "cli/event_row.h"
#include "cli/events.h"
#include "cli/opt.h"
#include "store/alert_form.h"

/** struct vs_alerts_args - options of "alerts" */
struct vs_alerts_args {
	uint64_t has;
	const char *db;
};

static const struct vs_opt vs_alerts_opts[] = {
	{ .name = "db", .kind = VS_OPT_STRING, .arg = "FILE",
	  .offset = offsetof(struct vs_alerts_args, db),
	  .help = N_("the event history (default: "
		     "/var/lib/vmsafe/events.db)") },
	{ 0 }
};

static const struct vs_column vs_alerts_columns[] = {
	{ "level", N_("LEVEL"), .right = false },
	{ "id", N_("ID"), .right = true },
	{ "name", N_("EVENT"), .right = false },
	{ "target", N_("TARGET"), .right = false },
	{ "since", N_("FIRST SEEN"), .right = false },
	{ "age", N_("AGE"), .right = true },
	{ "raised", N_("RAISED"), .extra = true },
	{ "vm_uuid", N_("VM UUID"), .extra = true },
	{ 0 }
};

/** struct vs_alerts - a run of "alerts" */
struct vs_alerts {
	json_t *rows;
	bool json;
	vs_time now;
};

static int vs_alerts_one(void *ctx, const struct vs_alert *alert)
{
	struct vs_alerts *run = ctx;
	json_t *row = run->json ? vs_doc_alert(alert, run->now,
						vs_i18n_lang()) :
				  vs_alert_cells(alert, run->now);

	return json_array_append_new(run->rows, row) ? -ENOMEM : 0;
}

static enum vs_exit vs_alerts_print(const struct vs_cli *cli,
				    const struct vs_selection *sel,
				    struct vs_history *h)
{
	struct vs_alerts run = {
		.rows = json_array(), .json = cli->json, .now = vs_now(),
	};
	struct vs_error error;
	enum vs_exit status;
	int ret = vs_history_each_alert(h, vs_alerts_one, &run, &error);

	if (ret && ret != -EUCLEAN) {
		json_decref(run.rows);
		return vs_events_say(&error);
	}
	status = vs_out_rows(cli, sel, run.rows);
	/* what could be read is printed all the same */
	if (ret && !status) {
		vs_events_say(&error);
		status = VS_EXIT_FAILED;
	}
	return status;
}

/* of the agent's: as it is, or as facts for a table */
static int vs_alerts_take(struct vs_alerts *run, json_t *json)
{
	struct vs_error error;
	const struct vs_reader reader = { "", &error };
	struct vs_alert alert;
	int ret;

	if (run->json)
		return json_array_append(run->rows, json) ? -ENOMEM : 0;
	ret = vs_alert_read(json_object_get(json, "facts"), &alert, &reader);
	if (!ret)
		ret = vs_alerts_one(run, &alert);
	free((void *)alert.differences);
	return ret;
}

static enum vs_exit vs_alerts_told(const struct vs_cli *cli,
				   const struct vs_selection *sel,
				   const json_t *doc)
{
	struct vs_alerts run = {
		.rows = json_array(), .json = cli->json, .now = vs_now(),
	};
	int ret = 0;
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(doc, "alerts"), i, one) {
		if (vs_alerts_take(&run, one) == -ENOMEM)
			ret = -ENOMEM;
	}
	if (!ret)
		return vs_out_rows(cli, sel, run.rows);
	json_decref(run.rows);
	return vs_out_no_memory();
}

/* the agent has them at hand, and knows where its history is */
static bool vs_alerts_by_agent(const struct vs_cli *cli,
			       const struct vs_selection *sel,
			       enum vs_exit *status)
{
	struct vs_agent_answer answer;
	int ret = vs_agent_ask("GET", cli->json ? "/v1/alerts" :
			       "/v1/alerts?facts=true", VS_AGENT_SOON,
			       &answer);
	bool answered = vs_cli_agent_heard(ret, &answer, status);

	if (answered && !*status)
		*status = vs_alerts_told(cli, sel, answer.doc);
	vs_agent_free(&answer);
	return answered;
}

static enum vs_exit vs_alerts_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_alerts_args a = { 0 };
	struct vs_history *h;
	struct vs_selection sel;
	struct vs_error error;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_alerts_columns, &sel, &status))
		return status;
	if (!a.db && vs_alerts_by_agent(cli, &sel, &status))
		return status;
	if (vs_history_open(a.db ? a.db : VS_HISTORY_PATH, true, &h, &error))
		return vs_events_say(&error);
	status = vs_alerts_print(cli, &sel, h);
	vs_history_close(h);
	return status;
}

const struct vs_command vs_cmd_alerts = {
	.name = "alerts",
	.summary = N_("print the events that are still open"),
	.list = true,
	.opts = vs_alerts_opts,
	.run = vs_alerts_run,
};
