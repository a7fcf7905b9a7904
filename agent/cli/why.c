// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/opt.h"
#include "cli/source.h"
#include "cli/why.h"

static const struct vs_opt vs_why_opts[] = {
	{ .name = "grace", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .max = 86400, .offset = offsetof(struct vs_check_args, grace),
	  .help = N_("as for check; what is younger than that, or than 120 "
		     "seconds without it, is new") },
	{ .name = "state", .kind = VS_OPT_STRING, .arg = "FILE|none",
	  .offset = offsetof(struct vs_check_args, state),
	  .help = N_("what checks remember; it is read and not changed "
		     "(default: as for check)") },
	{ 0 }
};

/*
 * Whose domains the running VMs are, even if the inventory is another; an
 * inventory that could not be read has been said already.
 */
static const char *vs_why_hypervisor(const struct vs_check *c)
{
	struct vs_host_view host;

	if (!vs_cli_is_live(c->cli))
		return NULL;
	if (strncmp(c->cli->inventory, "libvirt:", 8) != 0)
		return "qemu:///system";
	vs_engine_host(c->engine, &host);
	return host.source[VS_SOURCE_MANAGER].available ?
	       c->cli->inventory + 8 : NULL;
}

/* nothing is remembered: a question must not change what is asked about */
static enum vs_exit vs_why_explain(struct vs_check *c, void *ctx,
				   const struct vs_memory *memory)
{
	struct vs_why_run *w = ctx;
	enum vs_exit printed;

	(void)memory;
	w->check = c;
	w->of.engine = c->engine;
	w->of.host = &c->host;
	w->of.now = c->now;
	w->of.live = vs_cli_is_live(c->cli);
	w->of.log = w->of.live;
	w->of.hypervisor = vs_why_hypervisor(c);
	w->of.found = c->found;
	w->of.uuid = c->only;
	printed = vs_case_gather(&w->of) ||
		  (c->found && vs_case_gap(&w->of, &w->gap, NULL)) ?
		  vs_out_no_memory() : vs_why_print(w);
	vs_case_free(&w->of);
	return printed ? printed : (enum vs_exit)w->of.status;
}

static enum vs_exit vs_why_start(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_check_args a = { 0 };
	struct vs_check c = { .cli = cli };
	struct vs_why_run w = { .of = { .grace = VS_CASE_GRACE,
				    .window = VS_CASE_WINDOW } };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status))
		return status;
	c.name = args.v[0];
	if (a.grace) {
		w.of.grace = a.grace * 1000LL;
		if (w.of.window < w.of.grace)
			w.of.window = w.of.grace;
	}
	return vs_check_with(&c, &a, vs_why_explain, &w);
}

const struct vs_command vs_cmd_why = {
	.name = "why",
	.args = "VM",
	.summary = N_("say why a VM is not in sync, and what to do about it"),
	.opts = vs_why_opts,
	.run = vs_why_start,
};
