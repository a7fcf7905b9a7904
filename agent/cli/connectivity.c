// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cli/inventory.h"
#include "cli/opt.h"
#include "cli/out.h"
#include "cli/row.h"
#include "recover/reach.h"

static const struct vs_column vs_reach_columns[] = {
	{ .name = "step", .header = N_("STEP") },
	{ .name = "result", .header = N_("RESULT") },
	{ .name = "ms", .header = N_("MS"), .right = true },
	{ .name = "detail", .header = N_("DETAIL") },
	{ .name = "advice", .header = N_("ADVICE"), .extra = true },
	{ 0 }
};

/** struct vs_reach_args - options of "connectivity" */
struct vs_reach_args {
	uint64_t has;
	uint32_t timeout;
};

static const struct vs_opt vs_reach_opts[] = {
	{ .name = "timeout", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .min = 1, .max = 3600,
	  .offset = offsetof(struct vs_reach_args, timeout),
	  .help = N_("how long each step may take (default: 20)") },
	{ 0 }
};

static json_t *vs_reach_row(const struct vs_reach *r, enum vs_reach_step step)
{
	const struct vs_reach_row *row = &r->row[step];
	json_t *o = json_object();

	vs_row_text(o, "step", _(vs_reach_name(step)));
	vs_row_text(o, "result", vs_reach_word(row->result));
	if (row->result == VS_REACH_OK || row->result == VS_REACH_FAIL)
		json_object_set_new(o, "ms", json_integer(row->ms));
	vs_row_text(o, "detail", row->detail);
	vs_row_text(o, "advice", row->advice);
	return o;
}

static enum vs_exit vs_reach_print(const struct vs_cli *cli,
				   const struct vs_selection *sel,
				   const struct vs_reach *r, int ret)
{
	json_t *rows = json_array();
	enum vs_exit status;

	for (int i = 0; i < VS_REACH_STEPS; i++)
		json_array_append_new(rows, vs_reach_row(r, i));
	status = vs_out_rows(cli, sel, rows);
	for (int i = 0; i < VS_REACH_STEPS && !cli->json; i++) {
		if (r->row[i].result == VS_REACH_FAIL && r->row[i].advice)
			vs_say("%s: %s", _(vs_reach_name(i)),
			       r->row[i].advice);
	}
	if (status || !ret)
		return status;
	return ret == -EINVAL && r->row[VS_REACH_URI].result ==
	       VS_REACH_FAIL ? VS_EXIT_USAGE : VS_EXIT_UNAVAILABLE;
}

static enum vs_exit vs_reach_run(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_reach_args a = { .timeout = 20 };
	struct vs_selection sel;
	struct vs_reach reach;
	enum vs_exit status;
	struct vs_args args;
	int ret;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_reach_columns, &sel, &status))
		return status;
	ret = vs_reach(&reach, vs_cli_inventory(cli), a.timeout * 1000, NULL);
	return vs_reach_print(cli, &sel, &reach, ret);
}

const struct vs_command vs_cmd_connectivity = {
	.name = "connectivity",
	.summary = N_("check the way to the inventory, step by step"),
	.list = true,
	.opts = vs_reach_opts,
	.run = vs_reach_run,
};
