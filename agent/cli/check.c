// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "api/checked.h"
#include "cli/check.h"
#include "cli/inventory.h"
#include "cli/memory.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "core/buf.h"
#include "core/name.h"

static const struct vs_opt vs_check_opts[] = {
	{ .name = "grace", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .max = 86400, .offset = offsetof(struct vs_check_args, grace),
	  .bit = VS_CHECK_HAS_GRACE,
	  .help = N_("a difference first seen less than that long ago is "
		     "pending (default: 0)") },
	{ .name = "state", .kind = VS_OPT_STRING, .arg = "FILE|none",
	  .offset = offsetof(struct vs_check_args, state),
	  .help = N_("where to remember what was found (default: "
		     "/run/vmsafe/check.json; with a snapshot: none)") },
	{ .name = "window", .kind = VS_OPT_STRING, .arg = "FILE|none",
	  .offset = offsetof(struct vs_check_args, window),
	  .help = N_("file of the maintenance windows (default: "
		     "/run/vmsafe/maintenance.json; with a snapshot: none)") },
	{ 0 }
};

static bool vs_check_is_live(const struct vs_check *c)
{
	return vs_cli_is_live(c->cli);
}

/* tell the engine all three lists */
static void vs_check_feed(struct vs_check *c)
{
	vs_driver_reading_feed(&c->host.reading, &c->host.foreign, c->engine,
			       c->now);
	if (c->host.has_ports)
		vs_host_ports_feed(&c->host.ports, c->engine, c->now);
	else
		vs_engine_fail(c->engine, VS_SOURCE_HOST,
			       &c->host.ports_error);
	vs_inventory_sync(c->inv, c->engine, c->now, NULL);
}

/* as "why" has it, but for the kernel log, which is long */
static void vs_check_explain(struct vs_check *c)
{
	const struct vs_case of = {
		.engine = c->engine,
		.host = &c->host,
		.now = c->now,
		.grace = c->grace,
		.window = c->within,
		.live = vs_check_is_live(c),
		.hypervisor = vs_check_hypervisor(c),
	};

	vs_explainer_end(&c->explainer);
	vs_explainer_begin(&c->explainer, &of, false);
}

static enum vs_exit vs_check_look(struct vs_check *c)
{
	c->now = vs_now();
	vs_check_feed(c);
	vs_check_explain(c);
	return vs_engine_evaluate(c->engine, c->now, vs_check_event, c) ?
	       vs_out_no_memory() : VS_EXIT_FINE;
}

/** struct vs_named - VMs of a name */
struct vs_named {
	const char *name;
	struct vs_uuid uuid;
	struct vs_buf uuids;
	size_t n;
};

static int vs_check_name(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_named *named = ctx;
	char text[VS_UUID_STR];

	if (!vm->name || !vs_name_is(vm->name, named->name))
		return 0;
	named->uuid = vm->uuid;
	vs_buf_addf(&named->uuids, "%s%s", named->n++ ? ", " : "",
		    vs_uuid_format(&vm->uuid, text));
	return 0;
}

/* the VM that was asked for; false: it may be any of several */
static bool vs_check_find(struct vs_check *c)
{
	struct vs_named named = { .name = c->name };
	char safe[VS_NAME_ESCAPED];
	struct vs_vm_view view;

	if (!vs_uuid_parse(c->name, &c->only) &&
	    !vs_engine_vm(c->engine, &c->only, &view)) {
		named.uuid = c->only;
		named.n = 1;
	} else {
		vs_engine_each_vm(c->engine, vs_check_name, &named);
	}
	c->only = named.uuid;
	c->found = named.n == 1;
	vs_name_escape(safe, sizeof(safe), c->name);
	if (!named.n)
		vs_say(_("no list that could be read has a VM \"%s\""), safe);
	else if (named.n > 1)
		vs_say(_("several VMs are named \"%s\", so give the UUID of "
			 "one: %s"), safe, vs_buf_str(&named.uuids));
	vs_buf_free(&named.uuids);
	return named.n <= 1;
}

static int vs_check_unconfirmed(void *ctx, const struct vs_difference *diff,
				bool confirmed)
{
	(void)ctx;
	(void)diff;
	return !confirmed;
}

/* a vNIC that is out of sync already may have something new besides */
static bool vs_check_pending(const struct vs_check *c)
{
	struct vs_host_view host;

	vs_engine_host(c->engine, &host);
	return host.vms[VS_STATE_PENDING] || host.vnics[VS_STATE_PENDING] ||
	       vs_engine_differences(c->engine, NULL, vs_check_unconfirmed,
				     NULL) > 0;
}

/*
 * The lists are not read at one moment, so a VM that comes or goes just then
 * looks like a difference. What is still there at a second look is one. A
 * snapshot and its events do not change by being looked at twice.
 */
static enum vs_exit vs_check_looks(struct vs_check *c)
{
	enum vs_exit status = vs_check_look(c);

	if (status || !vs_check_is_live(c) || !vs_check_pending(c))
		return status;
	vs_explainer_end(&c->explainer);
	vs_snapshot_free(&c->host);
	if (!vs_source_snapshot(c->cli, &c->host, &status))
		return status;
	return vs_check_look(c);
}

static struct vs_engine *vs_check_engine(const struct vs_check *c,
					 const struct vs_check_args *a)
{
	struct vs_engine_config config = {
		.host = c->host.host,
		.grace = a->grace * 1000LL,
		.debounce = vs_check_is_live(c) ? 2 : 1,
	};

	/* without it, hashing can be guessed, and no more */
	(void)!getrandom(&config.hash_seed, sizeof(config.hash_seed), 0);
	return vs_engine_new(&config);
}

static json_t *vs_check_doc(struct vs_check *c)
{
	struct vs_checked checked = {
		.engine = c->engine,
		.vm = c->name ? &c->only : NULL,
		.now = c->now,
		.foreign = &c->host.foreign,
		.events = json_array(),
		.maintenance = vs_check_windows(c),
	};

	for (size_t i = 0; i < c->n_events; i++) {
		if (c->events[i].json)
			json_array_append(checked.events, c->events[i].json);
	}
	return vs_checked_doc(&checked);
}

/* everything is read and compared: print it, then remember it */
static enum vs_exit vs_check_report(struct vs_check *c, void *ctx,
				    const struct vs_memory *memory)
{
	const struct vs_selection *sel = ctx;
	enum vs_exit status, printed;
	struct vs_host_view host;
	bool told;

	vs_check_open_events(c);
	vs_check_hold(c);
	vs_engine_host(c->engine, &host);
	status = vs_exit_code(&host,
			      vs_checked_state(c->engine, c->name ? &c->only :
								   NULL));
	printed = vs_check_print(c, sel, vs_check_doc(c));
	/* what could not be written has not been told */
	told = !printed && vs_flush();
	if (!vs_check_held(c, told) || !told)
		return VS_EXIT_FAILED;
	if (!vs_memory_save(memory, c->engine, c->name ? &c->only : NULL))
		return VS_EXIT_FAILED;
	return status;
}

/* a VM that is in no list is a wrong name, unless a list is missing */
static bool vs_check_is_wrong_name(const struct vs_check *c)
{
	struct vs_host_view host;

	vs_engine_host(c->engine, &host);
	return !c->found && vs_exit_code(&host, VS_STATE_IN_SYNC) !=
			    VS_EXIT_UNAVAILABLE;
}

static enum vs_exit vs_check_compare(struct vs_check *c,
				     const struct vs_check_args *a,
				     vs_check_fn fn, void *ctx,
				     const struct vs_memory *memory)
{
	enum vs_exit status;

	c->engine = vs_check_engine(c, a);
	if (!c->engine || vs_memory_restore(memory, c->engine))
		return vs_out_no_memory();
	status = vs_check_looks(c);
	if (status)
		return status;
	if (c->name && (!vs_check_find(c) || vs_check_is_wrong_name(c)))
		return VS_EXIT_FAILED;
	vs_check_drop_others(c);
	return fn(c, ctx, memory);
}

/* what a snapshot says is the same each time, so nothing need be remembered */
static const char *vs_check_memory_path(const struct vs_cli *cli,
					const struct vs_check_args *a)
{
	if (!a->state)
		return vs_cli_is_live(cli) ? VS_MEMORY_PATH : NULL;
	return strcmp(a->state, "none") == 0 ? NULL : a->state;
}

static const char *vs_check_window_path(const struct vs_cli *cli,
					const struct vs_check_args *a)
{
	if (!a->window)
		return vs_cli_is_live(cli) ? VS_WINDOW_PATH : NULL;
	return strcmp(a->window, "none") == 0 ? NULL : a->window;
}

bool vs_check_is_own(const struct vs_check_args *a)
{
	return a->has || a->state || a->window;
}

const char *vs_check_hypervisor(const struct vs_check *c)
{
	struct vs_host_view host;

	if (!vs_check_is_live(c))
		return NULL;
	if (strncmp(c->inventory, "libvirt:", 8) != 0)
		return c->hypervisor;
	/* that it could not be read has been said already */
	vs_engine_host(c->engine, &host);
	return host.source[VS_SOURCE_MANAGER].available ?
	       c->hypervisor : NULL;
}

static void vs_check_spans(struct vs_check *c, const struct vs_check_args *a)
{
	c->grace = a->grace ? a->grace * 1000LL : VS_CASE_GRACE;
	c->within = c->grace > VS_CASE_WINDOW ? c->grace : VS_CASE_WINDOW;
}

enum vs_exit vs_check_with(struct vs_check *c, const struct vs_check_args *a,
			   vs_check_fn fn, void *ctx)
{
	struct vs_memory memory = {
		.path = vs_check_memory_path(c->cli, a),
		.inventory = vs_cli_inventory(c->cli),
		.driver = c->cli->driver,
	};
	struct vs_error error;
	enum vs_exit status;

	c->inventory = memory.inventory;
	if (vs_inventory_open(c->inventory, &c->inv, &error)) {
		vs_say("--inventory: %s", error.detail);
		return VS_EXIT_USAGE;
	}
	c->hypervisor = vs_cli_hypervisor(c->inventory);
	vs_check_spans(c, a);
	if (vs_source_snapshot(c->cli, &c->host, &status)) {
		vs_memory_load(&memory);
		status = vs_check_compare(c, a, fn, ctx, &memory);
		vs_memory_free(&memory);
	}
	vs_explainer_end(&c->explainer);
	vs_snapshot_free(&c->host);
	vs_inventory_close(c->inv);
	free(c->hypervisor);
	vs_check_forget_events(c);
	vs_buf_free(&c->summary);
	json_decref(c->ended);
	vs_engine_free(c->engine);
	return status;
}

static enum vs_exit vs_check_run(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_check_args a = { 0 };
	struct vs_check c = { .cli = cli };
	struct vs_selection sel;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 1, &status) ||
	    (args.n && !vs_opt_vm(cmd, args.v[0], &status)) ||
	    !vs_out_select(cli, cmd, vs_check_columns, &sel, &status))
		return status;
	if (args.n)
		c.name = args.v[0];
	if (!vs_check_is_own(&a) && vs_check_by_agent(&c, &sel, &status))
		return status;
	c.window = vs_check_window_path(cli, &a);
	return vs_check_with(&c, &a, vs_check_report, &sel);
}

const struct vs_command vs_cmd_check = {
	.name = "check",
	.args = "[VM]",
	.summary = N_("compare the Manager's list with the Filter Driver's"),
	.list = true,
	.opts = vs_check_opts,
	.run = vs_check_run,
};
