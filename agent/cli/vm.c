// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/access.h"
#include "cli/list.h"
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/vnic.h"
#include "core/name.h"

static const struct vs_column vs_vm_columns[] = {
	{ .name = "vm_name", .header = N_("VM") },
	{ .name = "vm_uuid", .header = N_("UUID") },
	{ .name = "vnics", .header = N_("VNICS"), .right = true },
	{ .name = "id", .header = N_("ID"), .right = true, .extra = true },
	{ .name = "power", .header = N_("POWER"), .extra = true },
	{ .name = "host", .header = N_("HOST"), .extra = true },
	{ .name = "protected", .header = N_("PROTECTED"), .extra = true },
	{ .name = "template", .header = N_("TEMPLATE"), .extra = true },
	{ 0 }
};

/** struct vs_vm_args - options of "vm list" */
struct vs_vm_args {
	uint64_t has;
	const char *source;
};

static const struct vs_opt vs_vm_opts[] = {
	{ .name = "source", .kind = VS_OPT_STRING, .arg = "driver|manager",
	  .offset = offsetof(struct vs_vm_args, source),
	  .help = N_("whose list (default: driver)") },
	{ 0 }
};

static const struct vs_label vs_vm_labels[] = {
	{ "vm_name", N_("VM") },
	{ "vm_uuid", N_("UUID") },
	{ "vnics", N_("vNICs") },
	{ 0 }
};

static void vs_vm_begin(void *ctx)
{
	vs_list_restart(ctx);
}

static void vs_vm_take(void *ctx, const void *entry)
{
	vs_list_add(ctx, entry);
}

static enum vs_exit vs_vm_list_live(struct vs_list *list)
{
	const struct vs_sink sink = { vs_vm_begin, vs_vm_take, list };
	struct vs_access a;
	enum vs_exit status;
	bool ok;

	ok = vs_access_open(&a, &status);
	if (ok) {
		ok = vs_access_each_vm(&a, &sink, &status);
		vs_access_close(&a);
	}
	if (ok)
		return vs_list_close(list);
	vs_list_drop(list);
	return status;
}

static enum vs_exit vs_vm_list_saved(struct vs_cli *cli, struct vs_list *list)
{
	struct vs_driver_table t;
	enum vs_exit status;

	if (vs_source_table(cli, &t, false, &status)) {
		for (size_t i = 0; i < t.vms.n; i++)
			vs_list_add(list, &t.vms.v[i]);
		status = vs_list_close(list);
	} else {
		vs_list_drop(list);
	}
	vs_driver_table_free(&t);
	return status;
}

static enum vs_exit vs_vm_list_driver(struct vs_cli *cli,
				      const struct vs_selection *sel)
{
	struct vs_list list;

	vs_list_open(&list, cli, sel, &vs_row_vm_record);
	return vs_cli_is_live(cli) ? vs_vm_list_live(&list) :
				     vs_vm_list_saved(cli, &list);
}

static enum vs_exit vs_vm_list_manager(struct vs_cli *cli,
				       const struct vs_selection *sel)
{
	struct vs_list list;

	vs_list_open(&list, cli, sel, &vs_manager_vm_record);
	return vs_source_manager(cli, false, &list);
}

static enum vs_exit vs_vm_list(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv)
{
	struct vs_vm_args a = { .source = "driver" };
	struct vs_selection sel;
	struct vs_args args;
	enum vs_exit status;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_vm_columns, &sel, &status))
		return status;
	if (strcmp(a.source, "driver") == 0)
		return vs_vm_list_driver(cli, &sel);
	if (strcmp(a.source, "manager") == 0)
		return vs_vm_list_manager(cli, &sel);
	return vs_say_usage(cmd, _("--source is one of: %s"),
			    vs_vm_opts[0].arg);
}

/* the VM's entries: it may have none only when it has just gone */
static json_t *vs_vm_vnics(const struct vs_driver_table *t,
			   const struct vs_uuid *vm)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < t->vnics.n; i++) {
		const struct vs_driver_vnic *v = &t->vnics.v[i];

		if (vs_driver_vnic_is_bound(v) &&
		    vs_uuid_cmp(&v->vm_uuid, vm) == 0)
			json_array_append_new(rows, vs_row_vnic(v));
	}
	return rows;
}

static enum vs_exit vs_vm_print(const struct vs_cli *cli,
				const struct vs_driver_table *t,
				const struct vs_driver_vm *vm)
{
	const struct vs_vnic_filter its = { .vm = vm->uuid };
	json_t *row = vs_row_vm(vm);

	if (cli->json) {
		json_object_set_new(row, "vnics", vs_vm_vnics(t, &vm->uuid));
		return vs_out_json(row);
	}
	vs_out_labels(vs_vm_labels, row);
	json_decref(row);
	return vs_vnic_print(&t->vnics, &its);
}

static enum vs_exit vs_vm_show(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv)
{
	const struct vs_driver_vm *vm;
	struct vs_driver_table t;
	struct vs_args args;
	enum vs_exit status;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status))
		return status;
	if (vs_source_table(cli, &t, true, &status)) {
		vm = vs_source_vm(&t.vms, args.v[0], &status);
		if (vm)
			status = vs_vm_print(cli, &t, vm);
	}
	vs_driver_table_free(&t);
	return status;
}

static const struct vs_command vs_cmd_vm_list = {
	.name = "vm list",
	.summary = N_("list the VMs that have a bound vNIC"),
	.list = true,
	.opts = vs_vm_opts,
	.run = vs_vm_list,
};

static const struct vs_command vs_cmd_vm_show = {
	.name = "vm show",
	.args = "VM",
	.summary = N_("show a VM, named by UUID or name, and its vNICs"),
	.run = vs_vm_show,
};

static const struct vs_command *const vs_vm_commands[] = {
	&vs_cmd_vm_list, &vs_cmd_vm_show, NULL
};

const struct vs_command vs_cmd_vm = {
	.name = "vm",
	.summary = N_("the VMs of the Filter Driver's list"),
	.sub = vs_vm_commands,
};
