// SPDX-License-Identifier: GPL-2.0-only
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/tell.h"
#include "recover/holding.h"

/** struct vs_appliance_args - options of "appliance ..." */
struct vs_appliance_args {
	uint64_t has;
	bool dry_run;
};

static const struct vs_opt vs_appliance_opts[] = {
	{ .name = "dry-run", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_appliance_args, dry_run),
	  .help = N_("only say what would be done") },
	{ 0 }
};

static const struct vs_label vs_appliance_labels[] = {
	{ "appliance_state", N_("Appliance session") },
	{ "appliance_pid", N_("Appliance process") },
	{ "epoch", N_("Epoch") },
	{ "unit", N_("Unit") },
	{ 0 }
};

/* the session as it is afterwards */
static enum vs_exit vs_appliance_print(const struct vs_cli *cli,
				       struct vs_teller *teller)
{
	struct vs_holding a;
	struct vs_error error;
	json_t *row = json_object();

	if (vs_holding_read(&a, &teller->progress, &error)) {
		json_decref(row);
		return vs_say_unread(&error);
	}
	vs_row_text(row, "appliance_state",
		    vs_driver_word(VS_WORDS_APPLIANCE_STATE,
				   a.host.appliance_state));
	if (a.host.appliance_pid)
		json_object_set_new(row, "appliance_pid",
				    json_integer(a.host.appliance_pid));
	json_object_set_new(row, "epoch", json_integer(a.host.epoch));
	vs_row_text(row, "unit", !a.unit.known ? "none" :
		    a.unit.active ? "active" : "inactive");
	return vs_out_fields(cli, vs_appliance_labels, row);
}

static enum vs_exit vs_appliance_with(const struct vs_cli *cli,
				      enum vs_holding_op op, bool dry_run,
				      struct vs_teller *teller)
{
	struct vs_buf text = { 0 }, why = { 0 };
	enum vs_exit status = VS_EXIT_FAILED;
	struct vs_holding a;
	struct vs_error error;

	if (vs_holding_read(&a, &teller->progress, &error))
		return vs_say_unread(&error);
	if (vs_holding_plan(&a, op, &text)) {
		vs_say("%s", vs_buf_str(&text));
	} else if (dry_run) {
		vs_progress_say(&teller->progress, "%s", vs_buf_str(&text));
		status = vs_appliance_print(cli, teller);
	} else if (vs_holding_do(&a, op, &teller->progress, &why)) {
		vs_say("%s", vs_buf_str(&why));
	} else {
		status = vs_appliance_print(cli, teller);
	}
	vs_buf_free(&text);
	vs_buf_free(&why);
	return status;
}

static enum vs_exit vs_appliance_run(struct vs_cli *cli,
				     const struct vs_command *cmd, int argc,
				     char **argv, enum vs_holding_op op)
{
	struct vs_appliance_args a = { 0 };
	struct vs_teller teller;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	if (!vs_source_is_here(cli, cmd, &status))
		return status;
	vs_tell_start(&teller, cli);
	vs_tell_catch(&teller);
	status = vs_appliance_with(cli, op, a.dry_run, &teller);
	vs_tell_end(&teller);
	return status;
}

static enum vs_exit vs_appliance_deactivate(struct vs_cli *cli,
					    const struct vs_command *cmd,
					    int argc, char **argv)
{
	return vs_appliance_run(cli, cmd, argc, argv,
				VS_HOLDING_DEACTIVATE);
}

static enum vs_exit vs_appliance_activate(struct vs_cli *cli,
					  const struct vs_command *cmd,
					  int argc, char **argv)
{
	return vs_appliance_run(cli, cmd, argc, argv, VS_HOLDING_ACTIVATE);
}

static enum vs_exit vs_appliance_restart(struct vs_cli *cli,
					 const struct vs_command *cmd,
					 int argc, char **argv)
{
	return vs_appliance_run(cli, cmd, argc, argv, VS_HOLDING_RESTART);
}

static const struct vs_command vs_cmd_appliance_deactivate = {
	.name = "appliance deactivate",
	.summary = N_("have the appliance give its session up"),
	.opts = vs_appliance_opts,
	.run = vs_appliance_deactivate,
};

static const struct vs_command vs_cmd_appliance_activate = {
	.name = "appliance activate",
	.summary = N_("have the appliance take its session"),
	.opts = vs_appliance_opts,
	.run = vs_appliance_activate,
};

static const struct vs_command vs_cmd_appliance_restart = {
	.name = "appliance restart",
	.summary = N_("have the session given up and taken again"),
	.opts = vs_appliance_opts,
	.run = vs_appliance_restart,
};

static const struct vs_command *const vs_appliance_commands[] = {
	&vs_cmd_appliance_deactivate, &vs_cmd_appliance_activate,
	&vs_cmd_appliance_restart, NULL
};

const struct vs_command vs_cmd_appliance = {
	.name = "appliance",
	.summary = N_("the appliance's session with the Filter Driver"),
	.sub = vs_appliance_commands,
};
