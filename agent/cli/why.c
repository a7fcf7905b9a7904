// SPDX-License-Identifier: GPL-2.0-only
#include "api/why.h"
#include "cli/agent.h"
#include "cli/check.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "cli/why.h"
#include "recover/recover.h"

#define VS_WHY_HAS_KEEP (VS_CHECK_HAS_GRACE << 1)

/** struct vs_why_args - options of "why"; those of "check" first, with @has */
struct vs_why_args {
	struct vs_check_args check;
	const char *keep;
};

static const struct vs_opt vs_why_opts[] = {
	{ .name = "grace", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .max = 86400, .offset = offsetof(struct vs_why_args, check.grace),
	  .bit = VS_CHECK_HAS_GRACE,
	  .help = N_("as for check; what is younger than that, or than 120 "
		     "seconds without it, is new") },
	{ .name = "state", .kind = VS_OPT_STRING, .arg = "FILE|none",
	  .offset = offsetof(struct vs_why_args, check.state),
	  .help = N_("what checks remember; it is read and not changed "
		     "(default: as for check)") },
	{ .name = "keep", .kind = VS_OPT_STRING, .arg = "FOLDER",
	  .offset = offsetof(struct vs_why_args, keep),
	  .bit = VS_WHY_HAS_KEEP,
	  .help = N_("where recoveries keep what they are about to do "
		     "(default: /var/lib/vmsafe/recover)") },
	{ 0 }
};

/* nothing is remembered: a question must not change what is asked about */
static enum vs_exit vs_why_explain(struct vs_check *c, void *ctx,
				   const struct vs_memory *memory)
{
	const struct vs_why_args *a = ctx;
	struct vs_case w = {
		.engine = c->engine,
		.host = &c->host,
		.now = c->now,
		.grace = c->grace,
		.window = c->within,
		.live = vs_cli_is_live(c->cli),
		.log = vs_cli_is_live(c->cli),
		.hypervisor = vs_check_hypervisor(c),
		.keep = vs_cli_is_live(c->cli) || a->check.has &
			VS_WHY_HAS_KEEP ? a->keep : NULL,
		.found = c->found,
		.uuid = c->only,
	};
	enum vs_gap gap = VS_GAP_NONE;
	enum vs_exit status;

	(void)memory;
	if (vs_case_gather(&w) || (c->found && vs_case_gap(&w, &gap, NULL)))
		status = vs_out_no_memory();
	else
		status = vs_why_print(c->cli, vs_why_doc(&w, gap, c->name,
							 vs_i18n_lang()));
	vs_case_free(&w);
	return status;
}

/* the agent knows what it has seen so far, and those may ask who may not read
 * the lists themselves
 */
static bool vs_why_by_agent(const struct vs_check *c, enum vs_exit *status)
{
	struct vs_agent_answer answer;
	struct vs_buf target = { 0 };
	bool answered;

	vs_buf_add(&target, "/v1/vms/");
	vs_agent_encode(&target, c->name);
	vs_buf_add(&target, "/why?fresh=true");
	answered = vs_cli_agent_get(c->cli, vs_buf_str(&target), &answer);
	if (answered)
		*status = answer.text ? vs_cli_agent_refused(&answer) :
			  vs_why_print(c->cli, json_incref(answer.doc));
	vs_agent_free(&answer);
	vs_buf_free(&target);
	return answered;
}

static enum vs_exit vs_why_start(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_why_args a = { .keep = VS_RECOVER_KEEP };
	struct vs_check c = { .cli = cli };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_opt_vm(cmd, args.v[0], &status))
		return status;
	c.name = args.v[0];
	if (!vs_check_is_own(&a.check) && !(a.check.has & VS_WHY_HAS_KEEP) &&
	    vs_why_by_agent(&c, &status))
		return status;
	return vs_check_with(&c, &a.check, vs_why_explain, &a);
}

const struct vs_command vs_cmd_why = {
	.name = "why",
	.args = "VM",
	.summary = N_("say why a VM is not in sync, and what to do about it"),
	.opts = vs_why_opts,
	.run = vs_why_start,
};
