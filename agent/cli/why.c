// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/opt.h"
#include "cli/source.h"
#include "cli/why.h"
#include "host/opener.h"

const char *vs_why_number(char buf[VS_WHY_NUMBER], int64_t n)
{
	snprintf(buf, VS_WHY_NUMBER, "%" PRId64, n);
	return buf;
}

const char *vs_why_seconds(char buf[VS_WHY_NUMBER], vs_time ms)
{
	return vs_why_number(buf, ms / 1000);
}

bool vs_why_differs(enum vs_state state)
{
	return state == VS_STATE_PENDING || state == VS_STATE_OUT_OF_SYNC;
}

const struct vs_driver_vnic *vs_why_entry(const struct vs_case *w,
					  uint32_t ifindex)
{
	const struct vs_driver_reading *r = &w->check->host.reading;

	for (size_t i = 0; r->listed && i < r->table.vnics.n; i++) {
		if (r->table.vnics.v[i].ifindex == ifindex)
			return &r->table.vnics.v[i];
	}
	return NULL;
}

/*
 * An entry is new when its port is, and when the module was loaded anew; a
 * process that has been running for long tells the two apart.
 */
bool vs_why_age(const struct vs_case *w, const struct vs_vnic_view *v,
		vs_time *age)
{
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;
	const struct vs_driver_vnic *entry;
	bool known = false;
	vs_time process;

	entry = v->in_driver || v->on_host ? vs_why_entry(w, ifindex) : NULL;
	if (entry)
		known = vs_snapshot_age(&w->check->host, entry, age);
	if (v->on_host && v->on.pid && vs_cli_is_live(w->check->cli) &&
	    vs_process_age(v->on.pid, &process)) {
		*age = known && *age > process ? *age : process;
		known = true;
	}
	return known;
}

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

static void vs_why_gather(struct vs_case *w)
{
	if (w->status != VS_EXIT_FINE)
		vs_why_host(w);
	if (!w->check->found)
		return;
	vs_why_hear(w);
	/* of a VM that is not compared, nothing can be wrong */
	if (!vs_why_differs(w->state))
		return;
	vs_why_claims(w);
	vs_why_young(w);
	vs_why_macs(w);
}

/* nothing is remembered: a question must not change what is asked about */
static enum vs_exit vs_why_explain(struct vs_check *c, void *ctx,
				   const struct vs_memory *memory)
{
	struct vs_case *w = ctx;
	enum vs_exit printed;

	(void)memory;
	w->check = c;
	vs_engine_host(c->engine, &w->host);
	if (c->found && vs_engine_vm(c->engine, &c->only, &w->vm))
		return vs_out_no_memory();
	w->state = vs_check_state(c);
	w->status = vs_exit_code(&w->host, w->state);
	vs_why_gather(w);
	printed = w->evidence.failed ? vs_out_no_memory() : vs_why_print(w);
	vs_evidence_free(&w->evidence);
	free(w->macs);
	return printed ? printed : w->status;
}

static enum vs_exit vs_why_run(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv)
{
	struct vs_check_args a = { 0 };
	struct vs_check c = { .cli = cli };
	struct vs_case w = { .grace = VS_WHY_GRACE * 1000 };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status))
		return status;
	c.name = args.v[0];
	if (a.grace)
		w.grace = a.grace * 1000LL;
	return vs_check_with(&c, &a, vs_why_explain, &w);
}

const struct vs_command vs_cmd_why = {
	.name = "why",
	.args = "VM",
	.summary = N_("say why a VM is not in sync, and what to do about it"),
	.opts = vs_why_opts,
	.run = vs_why_run,
};
