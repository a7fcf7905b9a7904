// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/doc.h"
#include "cli/event_row.h"
#include "cli/events.h"
#include "cli/opt.h"
#include "cli/when.h"
#include "core/kind.h"
#include "core/name.h"
#include "store/cef.h"

/* who follows sees what came last, as the last lines of a log */
#define VS_EVENTS_LAST 10

/** struct vs_events_args - options of "events" */
struct vs_events_args {
	uint64_t has;
	const char *since;
	const char *until;
	uint32_t id;
	const char *level;
	const char *vm;
	uint32_t limit;
	bool follow;
	bool cef;
	bool full;
	const char *db;
};

#define VS_EVENTS_OPT(n, k, a, h) \
	.name = #n, .kind = VS_OPT_##k, .arg = a, .help = h, \
	.offset = offsetof(struct vs_events_args, n)

static const struct vs_opt vs_events_opts[] = {
	{ VS_EVENTS_OPT(since, STRING, "TIME",
			N_("not before: a date and time, or how long ago, "
			   "e.g. 2h")) },
	{ VS_EVENTS_OPT(until, STRING, "TIME", N_("before that time")) },
	{ VS_EVENTS_OPT(id, NUMBER, "N", N_("only of that event ID")),
	  .min = 1, .max = 65535 },
	{ VS_EVENTS_OPT(level, STRING, "info|warning|error",
			N_("only of that level or a higher one")) },
	{ VS_EVENTS_OPT(vm, STRING, "VM",
			N_("only about that VM, a name or a UUID")) },
	{ VS_EVENTS_OPT(limit, NUMBER, "N", N_("the newest N of them")),
	  .min = 1, .max = UINT32_MAX },
	{ VS_EVENTS_OPT(follow, FLAG, NULL,
			N_("print the newest, then each as it comes")) },
	{ VS_EVENTS_OPT(full, FLAG, NULL, N_("print each with all fields")) },
	{ VS_EVENTS_OPT(cef, FLAG, NULL,
			N_("print each in the Common Event Format")) },
	{ VS_EVENTS_OPT(db, STRING, "FILE",
			N_("the event history (default: "
			   "/var/lib/vmsafe/events.db)")) },
	{ 0 }
};

static const struct vs_column vs_events_columns[] = {
	{ "time", N_("TIME"), .right = false },
	{ "level", N_("LEVEL"), .right = false },
	{ "id", N_("ID"), .right = true },
	{ "name", N_("EVENT"), .right = false },
	{ "target", N_("TARGET"), .right = false },
	{ "seq", N_("NUMBER"), .right = true, .extra = true },
	{ "host", N_("HOST"), .extra = true },
	{ "vm_uuid", N_("VM UUID"), .extra = true },
	{ "origin", N_("ORIGIN"), .extra = true },
	{ "action_by", N_("ACTION BY"), .extra = true },
	{ "cause", N_("CAUSE"), .extra = true },
	{ "step", N_("STEP"), .extra = true },
	{ "description", N_("DESCRIPTION"), .extra = true },
	{ 0 }
};

/* what to do about it, or NULL */
static const char *vs_events_advice(const struct vs_error *error)
{
	switch (error->err) {
	case ENOENT:
		return _("start vmsafe-agent, which writes it, or give "
			 "--db FILE");
	case EACCES:
	case EPERM:
		return _("run it as root of this host");
	default:
		return NULL;
	}
}

enum vs_exit vs_events_say(const struct vs_error *error)
{
	const char *advice = vs_events_advice(error);
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_say("%s%s%s", vs_buf_str(&text), advice ? "; " : "",
	       advice ? advice : "");
	vs_buf_free(&text);
	return VS_EXIT_UNAVAILABLE;
}

/* whole, with a line between it and the next */
static void vs_events_text(const struct vs_event *event)
{
	struct vs_buf text = { 0 };
	char date[VS_DATE];

	vs_text_event(&text, vs_i18n_lang(), event,
		      vs_date(event->time, date));
	puts(vs_buf_str(&text));
	vs_buf_free(&text);
}

static void vs_events_cef(const struct vs_event *event)
{
	struct vs_buf text = { 0 };

	vs_cef_line(&text, vs_i18n_lang(), event);
	puts(vs_buf_str(&text));
	vs_buf_free(&text);
}

static json_t *vs_events_json(const struct vs_event *event, uint64_t seq)
{
	json_t *row = vs_doc_event(event, vs_i18n_lang());

	json_object_set_new(row, "seq", json_integer(seq));
	return row;
}

/* what -o asks for is found in the same place in both */
static int vs_events_row(struct vs_events *run, const struct vs_event *event,
			 uint64_t seq)
{
	json_t *row = run->cli->json ? vs_events_json(event, seq) :
				       vs_event_cells(event, seq);

	if (run->rows)
		return json_array_append_new(run->rows, row) ? -ENOMEM : 0;
	vs_out_line(row);
	return 0;
}

int vs_events_one(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct vs_events *run = ctx;

	run->query.after_seq = seq;
	if (!run->cef && (run->cli->json || run->rows))
		return vs_events_row(run, event, seq);
	if (run->cef)
		vs_events_cef(event);
	else
		vs_events_text(event);
	/* nobody reads on */
	return ferror(stdout);
}

enum vs_exit vs_events_print(struct vs_events *run)
{
	struct vs_history_query query = run->query;
	struct vs_error error;
	int ret = vs_history_each(run->history, &query, vs_events_one, run,
				  &error);

	run->unreadable += query.unreadable;
	if (ret < 0)
		return vs_events_say(&error);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_events_open(struct vs_events *run)
{
	struct vs_error error;

	if (vs_history_open(run->path, true, &run->history, &error))
		return vs_events_say(&error);
	return VS_EXIT_FINE;
}

/* of the agent, or of the file, if one was named or no agent runs */
static enum vs_exit vs_events_read(struct vs_events *run)
{
	enum vs_exit status;

	if (!run->named && vs_events_ask(run, &status))
		return status;
	status = vs_events_open(run);
	return status ? status : vs_events_print(run);
}

static enum vs_exit vs_events_list(struct vs_events *run)
{
	enum vs_exit status;

	if (!run->cef && (run->cli->json || !run->full))
		run->rows = json_array();
	status = vs_events_read(run);
	if (status) {
		json_decref(run->rows);
		return status;
	}
	if (run->rows)
		status = vs_out_rows(run->cli, &run->sel, run->rows);
	if (!run->unreadable || status)
		return status;
	vs_say(vs_ngettext("%zu event cannot be read: it is damaged",
			   "%zu events cannot be read: they are damaged",
			   run->unreadable), run->unreadable);
	return VS_EXIT_FAILED;
}

static bool vs_events_time(const struct vs_command *cmd, const char *option,
			   const char *s, vs_time *time, enum vs_exit *status)
{
	char safe[160];

	if (!s || !vs_when_parse(s, time, vs_now()))
		return true;
	vs_name_escape(safe, sizeof(safe), s);
	*status = vs_say_usage(cmd, _("%s: \"%s\" is no time; give e.g. 2h, "
				      "1d, \"2026-01-31 14:05\" or "
				      "2026-01-31T14:05:00Z"), option, safe);
	return false;
}

/* what is wrong with the options together; NULL: nothing */
static const char *vs_events_conflict(const struct vs_events_args *a,
				      const struct vs_events *run)
{
	if (a->until && a->follow)
		return _("--follow has no end, so it does not go with --until");
	if (a->since && a->until && run->query.since >= run->query.until)
		return _("--since must be before --until");
	if (a->follow && run->cli->columns)
		return _("--follow prints no columns, so it does not go with "
			 "-o");
	if (a->cef && run->cli->json)
		return _("give --json or --cef, not both");
	if (a->cef && a->full)
		return _("give --full or --cef, not both");
	if ((a->cef || a->full) && run->cli->columns)
		return _("columns are chosen of a table or of JSON only");
	if (a->id && !vs_event_kind(a->id))
		return _("there is no event of that ID; vmsafe(8) lists them");
	return NULL;
}

static bool vs_events_query(const struct vs_command *cmd,
			    const struct vs_events_args *a,
			    struct vs_events *run, struct vs_uuid *vm,
			    enum vs_exit *status)
{
	struct vs_history_query *q = &run->query;
	const char *wrong;

	if ((a->vm && !vs_opt_vm(cmd, a->vm, status)) ||
	    !vs_events_time(cmd, "--since", a->since, &q->since, status) ||
	    !vs_events_time(cmd, "--until", a->until, &q->until, status))
		return false;
	wrong = vs_events_conflict(a, run);
	if (!wrong && a->level && vs_level_parse(a->level, &q->level))
		wrong = _("--level is one of info, warning and error");
	if (wrong) {
		*status = vs_say_usage(cmd, "%s", wrong);
		return false;
	}
	q->id = a->id;
	q->newest = true;
	q->limit = a->limit ? a->limit :
		   a->follow && !a->since ? VS_EVENTS_LAST : 0;
	if (a->vm && !vs_uuid_parse(a->vm, vm))
		q->vm = vm;
	else
		q->vm_name = a->vm;
	return true;
}

static enum vs_exit vs_events_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_events_args a = { 0 };
	struct vs_events run = { .cli = cli };
	struct vs_uuid vm;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_events_columns, &run.sel, &status) ||
	    !vs_events_query(cmd, &a, &run, &vm, &status))
		return status;
	run.cef = a.cef;
	run.full = a.full;
	run.path = a.db ? a.db : VS_HISTORY_PATH;
	run.named = a.db;
	if (a.follow && !run.named && vs_events_stream(&run, &status))
		return status;
	status = a.follow ? vs_events_open(&run) : vs_events_list(&run);
	if (a.follow && !status)
		status = vs_events_follow(&run);
	vs_history_close(run.history);
	return status;
}

const struct vs_command vs_cmd_events = {
	.name = "events",
	.summary = N_("print the events that vmsafe-agent has recorded"),
	.list = true,
	.opts = vs_events_opts,
	.run = vs_events_run,
};
