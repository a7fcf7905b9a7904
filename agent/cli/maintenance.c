// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/duration.h"
#include "cli/inventory.h"
#include "cli/opt.h"
#include "cli/record.h"
#include "cli/row.h"
#include "cli/source.h"
#include "core/text.h"
#include "recover/look.h"
#include "recover/window.h"

/** struct vs_window_note - what is to be recorded once the file is closed */
struct vs_window_note {
	enum vs_event_id id;
	char vm[VS_NAME_MAX + 1];
	uint64_t held;
};

/**
 * struct vs_window_notes - all of it
 * @text: what is to be said then
 * @rows: likewise, for --json; NULL: nothing
 */
struct vs_window_notes {
	struct vs_window_note v[VS_WINDOWS_MAX];
	size_t n;
	struct vs_buf text;
	json_t *rows;
};

/** struct vs_window_args - options of "maintenance ..." */
struct vs_window_args {
	uint64_t has;
	const char *length;
	const char *path;
	const char *db;
	struct vs_window_notes *notes;
};

#define VS_WINDOW_OPT \
	{ .name = "window", .kind = VS_OPT_STRING, .arg = "FILE", \
	  .offset = offsetof(struct vs_window_args, path), \
	  .help = N_("file of the windows (default: " \
		     "/run/vmsafe/maintenance.json)") }

static const struct vs_opt vs_window_start_opts[] = {
	{ .name = "for", .kind = VS_OPT_STRING, .arg = "DURATION",
	  .offset = offsetof(struct vs_window_args, length),
	  .help = N_("for how long: a number and s, m, h or d (default: 1h)") },
	VS_WINDOW_OPT,
	VS_RECORD_OPT(struct vs_window_args),
	{ 0 }
};

static const struct vs_opt vs_window_stop_opts[] = {
	VS_WINDOW_OPT,
	VS_RECORD_OPT(struct vs_window_args),
	{ 0 }
};

static const struct vs_opt vs_window_opts[] = { VS_WINDOW_OPT, { 0 } };

static const struct vs_column vs_window_columns[] = {
	{ .name = "vm", .header = N_("VM") },
	{ .name = "state", .header = N_("STATE") },
	{ .name = "start", .header = N_("START") },
	{ .name = "end", .header = N_("END") },
	{ .name = "held", .header = N_("HELD BACK"), .right = true },
	{ 0 }
};

/** typedef vs_window_fn - does its work on the open file */
typedef enum vs_exit (*vs_window_fn)(struct vs_cli *cli,
				     const struct vs_command *cmd,
				     const struct vs_window_args *a,
				     const struct vs_args *args,
				     struct vs_windows *w);

static void vs_window_note(const struct vs_window_args *a,
			   enum vs_event_id id, const struct vs_window *window)
{
	struct vs_window_notes *notes = a->notes;

	if (notes->n == VS_WINDOWS_MAX)
		return;
	notes->v[notes->n] = (struct vs_window_note){
		.id = id, .held = vs_window_held(window),
	};
	strcpy(notes->v[notes->n++].vm, window->vm);
}

static void vs_window_record(const struct vs_cli *cli,
			     const struct vs_window_args *a)
{
	for (size_t i = 0; i < a->notes->n; i++) {
		const struct vs_window_note *note = &a->notes->v[i];
		struct vs_event event = {
			.id = note->id,
			.origin = VS_ORIGIN_MANAGER,
			.vm_name = *note->vm ? note->vm : NULL,
			.count = note->held,
		};

		vs_cli_record(cli, a->db, &event);
	}
}

/* what is said to have been done has been */
static enum vs_exit vs_window_said(struct vs_window_notes *notes)
{
	json_t *rows = notes->rows;

	notes->rows = NULL;
	if (rows)
		return vs_out_json(rows);
	fputs(vs_buf_str(&notes->text), stdout);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_window_with(struct vs_cli *cli,
				   const struct vs_command *cmd,
				   const struct vs_window_args *a,
				   const struct vs_args *args, vs_window_fn fn)
{
	struct vs_windows w;
	struct vs_error error;
	enum vs_exit status;

	if (vs_windows_open(&w, a->path, &error)) {
		/* what is damaged is replaced by the next start */
		vs_say_error(&error);
		if (error.op != VS_OP_PARSE) {
			vs_windows_close(&w, NULL);
			return VS_EXIT_FAILED;
		}
	}
	status = fn(cli, cmd, a, args, &w);
	if (vs_windows_close(&w, &error)) {
		vs_say_error(&error);
		return VS_EXIT_FAILED;
	}
	vs_window_record(cli, a);
	return vs_window_said(a->notes) ? VS_EXIT_FAILED : status;
}

/* names are those of VMs, all of them, before anything changes */
static bool vs_window_names(const struct vs_command *cmd,
			    const struct vs_args *args, enum vs_exit *status)
{
	char safe[VS_NAME_ESCAPED];

	for (int i = 0; i < args->n; i++) {
		int ret = vs_name_check(args->v[i]);

		if (!ret)
			continue;
		vs_name_escape(safe, sizeof(safe), args->v[i]);
		/* cut, it might be another VM's as well */
		*status = vs_say_usage(cmd, ret == -ENAMETOOLONG ?
				       _("\"%s\" is over 64 bytes, so give "
					 "the VM's UUID") :
				       _("\"%s\" is no name of a VM"), safe);
		return false;
	}
	return true;
}

static json_t *vs_window_row(const struct vs_window *window, bool json)
{
	json_t *row = vs_window_json(window);
	char date[VS_DATE];

	vs_row_text(row, "state", vs_now() < window->end ? "open" : "ended");
	if (json)
		return row;
	vs_row_text(row, "vm", *window->vm ? window->vm : _("(all)"));
	vs_row_text(row, "start", vs_date(window->start, date));
	vs_row_text(row, "end", vs_date(window->end, date));
	json_object_set_new(row, "held",
			    json_integer(vs_window_held(window)));
	return row;
}

static enum vs_exit vs_window_list(struct vs_cli *cli,
				   const struct vs_command *cmd,
				   const struct vs_window_args *a,
				   const struct vs_args *args,
				   struct vs_windows *w)
{
	struct vs_selection sel;
	enum vs_exit status;
	json_t *rows;

	(void)a;
	(void)args;
	if (!vs_out_select(cli, cmd, vs_window_columns, &sel, &status))
		return status;
	rows = json_array();
	for (size_t i = 0; i < w->n; i++)
		json_array_append_new(rows, vs_window_row(&w->v[i],
							  cli->json));
	return vs_out_rows(cli, &sel, rows);
}

static enum vs_exit vs_window_add(const struct vs_cli *cli,
				  const struct vs_window_args *a,
				  struct vs_windows *w, const char *vm,
				  unsigned int seconds, json_t *rows)
{
	char date[VS_DATE], safe[VS_NAME_ESCAPED];
	const struct vs_window *window = vs_windows_add(w, vm, vs_now(),
							seconds);

	if (!window) {
		vs_say(_("there are %d windows already; stop some first"),
		       VS_WINDOWS_MAX);
		return VS_EXIT_FAILED;
	}
	vs_window_note(a, VS_EVENT_MAINTENANCE_BEGUN, window);
	json_array_append_new(rows, vs_window_row(window, true));
	if (cli->json)
		return VS_EXIT_FINE;
	vs_name_escape(safe, sizeof(safe), vm);
	vs_date(window->end, date);
	if (*vm)
		vs_buf_addf(&a->notes->text,
			    _("events about %s are held back until %s\n"),
			    safe, date);
	else
		vs_buf_addf(&a->notes->text,
			    _("events about all VMs are held back until "
			      "%s\n"), date);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_window_begin(struct vs_cli *cli,
				    const struct vs_command *cmd,
				    const struct vs_window_args *a,
				    const struct vs_args *args,
				    struct vs_windows *w)
{
	unsigned int seconds = VS_WINDOW_DEFAULT;
	enum vs_exit status = VS_EXIT_FINE;
	json_t *rows;

	(void)cmd;
	if (a->length)
		vs_duration_parse(a->length, VS_WINDOW_LONGEST, &seconds);
	rows = json_array();
	for (int i = 0; i < args->n && !status; i++)
		status = vs_window_add(cli, a, w, args->v[i], seconds, rows);
	if (!args->n)
		status = vs_window_add(cli, a, w, "", seconds, rows);
	if (!status && cli->json)
		a->notes->rows = json_incref(rows);
	json_decref(rows);
	return status;
}

static void vs_window_tell(const struct vs_cli *cli,
			   const struct vs_window_args *a,
			   const struct vs_window *window, json_t *rows)
{
	struct vs_buf *text = &a->notes->text;

	vs_window_note(a, VS_EVENT_MAINTENANCE_OVER, window);
	json_array_append_new(rows, vs_window_json(window));
	if (cli->json)
		return;
	vs_window_summary(text, vs_i18n_lang(), window);
	vs_buf_add(text, "\n");
}

static bool vs_window_are_there(struct vs_windows *w,
				const struct vs_args *args)
{
	char safe[VS_NAME_ESCAPED];

	for (int i = 0; i < args->n; i++) {
		if (vs_windows_find(w, args->v[i]))
			continue;
		vs_name_escape(safe, sizeof(safe), args->v[i]);
		vs_say(_("there is no maintenance of %s; \"vmsafe maintenance "
			 "status\" lists what there is"), safe);
		return false;
	}
	return true;
}

static enum vs_exit vs_window_end(struct vs_cli *cli,
				  const struct vs_command *cmd,
				  const struct vs_window_args *a,
				  const struct vs_args *args,
				  struct vs_windows *w)
{
	struct vs_window window, *found;
	json_t *rows;

	(void)cmd;
	if (!vs_window_are_there(w, args))
		return VS_EXIT_FAILED;
	rows = json_array();
	/* the same name given twice is there once */
	for (int i = 0; i < args->n; i++) {
		found = vs_windows_find(w, args->v[i]);
		if (!found)
			continue;
		vs_windows_remove(w, found, &window);
		vs_window_tell(cli, a, &window, rows);
	}
	while (!args->n && w->n) {
		vs_windows_remove(w, w->v, &window);
		vs_window_tell(cli, a, &window, rows);
	}
	if (cli->json)
		a->notes->rows = json_incref(rows);
	else if (!json_array_size(rows))
		vs_buf_addf(&a->notes->text, "%s\n",
			    _("there is no maintenance"));
	json_decref(rows);
	return VS_EXIT_FINE;
}

/* all lists were read; no driver has an empty one */
static bool vs_window_complete(const struct vs_look *l)
{
	struct vs_host_view host;

	vs_engine_host(l->engine, &host);
	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		if (!host.source[i].available &&
		    (i != VS_SOURCE_DRIVER ||
		     host.driver.state != VS_DRIVER_NOT_LOADED))
			return false;
	}
	return true;
}

/*
 * Is there such a VM? A name that was mistyped would hold nothing back. What
 * cannot be known is no reason to refuse.
 */
static bool vs_window_known(struct vs_cli *cli, const struct vs_args *args)
{
	char safe[VS_NAME_ESCAPED];
	const char *driver = vs_cli_is_live(cli) ? NULL : cli->driver;
	struct vs_look look = { 0 };
	struct vs_error error;
	struct vs_uuid uuid;
	bool known = true;

	if (args->n &&
	    !vs_look_open(&look, vs_cli_inventory(cli), driver, &error) &&
	    !vs_look_read(&look, vs_now(), &error) &&
	    vs_window_complete(&look)) {
		for (int i = 0; i < args->n && known; i++) {
			if (vs_look_find(&look, args->v[i], &uuid) != -ENOENT)
				continue;
			known = false;
			vs_name_escape(safe, sizeof(safe), args->v[i]);
			vs_say(_("neither Manager, Filter Driver nor host "
				 "knows a VM \"%s\"; give its name or UUID "
				 "as \"vmsafe vm list\" has it"), safe);
		}
	}
	vs_look_close(&look);
	return known;
}

static enum vs_exit vs_window_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv, int max, vs_window_fn fn)
{
	struct vs_window_notes notes = { 0 };
	struct vs_window_args a = { .path = VS_WINDOW_PATH, .notes = &notes };
	unsigned int seconds;
	enum vs_exit status;
	struct vs_args args;
	char safe[64];

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, max, &status) ||
	    !vs_window_names(cmd, &args, &status))
		return status;
	if (a.length && vs_duration_parse(a.length, VS_WINDOW_LONGEST,
					  &seconds)) {
		vs_name_escape(safe, sizeof(safe), a.length);
		return vs_say_usage(cmd, _("--for: \"%s\" is no duration; give "
					   "for instance 90m, up to 7d"),
				    safe);
	}
	status = VS_EXIT_FAILED;
	if (fn != vs_window_begin || vs_window_known(cli, &args))
		status = vs_window_with(cli, cmd, &a, &args, fn);
	vs_buf_free(&notes.text);
	json_decref(notes.rows);
	return status;
}

static enum vs_exit vs_window_start(struct vs_cli *cli,
				    const struct vs_command *cmd, int argc,
				    char **argv)
{
	return vs_window_run(cli, cmd, argc, argv, VS_WINDOWS_MAX,
			     vs_window_begin);
}

static enum vs_exit vs_window_stop(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	return vs_window_run(cli, cmd, argc, argv, VS_WINDOWS_MAX,
			     vs_window_end);
}

static enum vs_exit vs_window_status(struct vs_cli *cli,
				     const struct vs_command *cmd, int argc,
				     char **argv)
{
	return vs_window_run(cli, cmd, argc, argv, 0, vs_window_list);
}

static const struct vs_command vs_cmd_maintenance_start = {
	.name = "maintenance start",
	.args = "[VM...]",
	.summary = N_("hold events about VMs back for a while"),
	.opts = vs_window_start_opts,
	.run = vs_window_start,
};

static const struct vs_command vs_cmd_maintenance_stop = {
	.name = "maintenance stop",
	.args = "[VM...]",
	.summary = N_("end that before its time, and sum up"),
	.opts = vs_window_stop_opts,
	.run = vs_window_stop,
};

static const struct vs_command vs_cmd_maintenance_status = {
	.name = "maintenance status",
	.summary = N_("list the maintenance windows"),
	.list = true,
	.opts = vs_window_opts,
	.run = vs_window_status,
};

static const struct vs_command *const vs_maintenance_commands[] = {
	&vs_cmd_maintenance_start, &vs_cmd_maintenance_stop,
	&vs_cmd_maintenance_status, NULL
};

const struct vs_command vs_cmd_maintenance = {
	.name = "maintenance",
	.summary = N_("windows in which events are held back"),
	.sub = vs_maintenance_commands,
};
