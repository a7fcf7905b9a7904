// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/access.h"
#include "cli/list.h"
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/vnic.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"

static const struct vs_column vs_vnic_columns[] = {
	{ .name = "port", .header = N_("PORT") },
	{ .name = "kind", .header = N_("KIND") },
	{ .name = "vm_name", .header = N_("VM") },
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "mac", .header = N_("MAC") },
	{ .name = "mode", .header = N_("MODE") },
	{ .name = "vm_uuid", .header = N_("UUID"), .extra = true },
	{ .name = "failure_policy", .header = N_("FAILURE POLICY"),
	  .extra = true },
	{ .name = "guard", .header = N_("GUARD"), .extra = true },
	{ .name = "bypass", .header = N_("BYPASS"), .extra = true },
	{ .name = "id", .header = N_("ID"), .right = true, .extra = true },
	{ .name = "ifindex", .header = N_("IFINDEX"), .right = true,
	  .extra = true },
	{ .name = "port_mac", .header = N_("PORT MAC"), .extra = true },
	{ .name = "master", .header = N_("MASTER"), .right = true,
	  .extra = true },
	{ .name = "mtu", .header = N_("MTU"), .right = true, .extra = true },
	{ .name = "up", .header = N_("UP"), .extra = true },
	{ .name = "pid", .header = N_("PID"), .right = true, .extra = true },
	{ .name = "plugged", .header = N_("PLUGGED"), .extra = true },
	{ .name = "created", .header = N_("CREATED"), .right = true,
	  .extra = true },
	{ .name = "bound", .header = N_("BOUND"), .right = true,
	  .extra = true },
	{ .name = "from_guest_packets", .header = N_("FROM GUEST PACKETS"),
	  .right = true, .extra = true },
	{ .name = "from_guest_bytes", .header = N_("FROM GUEST BYTES"),
	  .right = true, .extra = true },
	{ .name = "from_guest_drops", .header = N_("FROM GUEST DROPS"),
	  .right = true, .extra = true },
	{ .name = "to_guest_packets", .header = N_("TO GUEST PACKETS"),
	  .right = true, .extra = true },
	{ .name = "to_guest_bytes", .header = N_("TO GUEST BYTES"),
	  .right = true, .extra = true },
	{ .name = "to_guest_drops", .header = N_("TO GUEST DROPS"),
	  .right = true, .extra = true },
	{ .name = "guard_hits", .header = N_("GUARD HITS"), .right = true,
	  .extra = true },
	{ .name = "wire_others", .header = N_("OTHER MACS"), .right = true,
	  .extra = true },
	{ 0 }
};

/** struct vs_vnic_args - options of "vnic list" */
struct vs_vnic_args {
	uint64_t has;
	const char *source;
	const char *vm;
	const char *port;
	bool stats;
};

static const struct vs_opt vs_vnic_opts[] = {
	{ .name = "source", .kind = VS_OPT_STRING, .arg = "driver|manager|host",
	  .offset = offsetof(struct vs_vnic_args, source),
	  .help = N_("whose list (default: driver)") },
	{ .name = "vm", .kind = VS_OPT_STRING, .arg = "VM",
	  .offset = offsetof(struct vs_vnic_args, vm),
	  .help = N_("of the driver's, only those of a VM (UUID or name)") },
	{ .name = "port", .kind = VS_OPT_STRING, .arg = "PORT",
	  .offset = offsetof(struct vs_vnic_args, port),
	  .help = N_("of the driver's, only that of a port") },
	{ .name = "stats", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_vnic_args, stats),
	  .help = N_("of the driver's, with counters") },
	{ 0 }
};

bool vs_vnic_wanted(const struct vs_driver_vnic *v,
		    const struct vs_vnic_filter *f)
{
	if (!vs_uuid_is_nil(&f->vm) &&
	    (!vs_driver_vnic_is_bound(v) ||
	     vs_uuid_cmp(&f->vm, &v->vm_uuid) != 0))
		return false;
	return (!f->port.id || f->port.id == v->id) &&
	       (!f->port.ifindex || f->port.ifindex == v->ifindex) &&
	       (!*f->port.ifname || strcmp(f->port.ifname, v->ifname) == 0);
}

static enum vs_exit vs_vnic_print_some(const struct vs_cli *cli,
				       const struct vs_selection *sel,
				       const struct vs_vnics *vnics,
				       const struct vs_vnic_filter *f)
{
	struct vs_list list;

	vs_list_open(&list, cli, sel, &vs_entry_record);
	for (size_t i = 0; i < vnics->n; i++) {
		if (vs_vnic_wanted(&vnics->v[i], f))
			vs_list_add(&list, &vnics->v[i]);
	}
	return vs_list_close(&list);
}

enum vs_exit vs_vnic_print(const struct vs_vnics *vnics,
			   const struct vs_vnic_filter *f)
{
	static const struct vs_cli text;
	struct vs_selection sel;
	enum vs_exit status;

	vs_out_select(&text, NULL, vs_vnic_columns, &sel, &status);
	return vs_vnic_print_some(&text, &sel, vnics, f);
}

/* --stats alone adds the counters' columns to the table */
static void vs_vnic_select_stats(struct vs_selection *sel)
{
	for (const struct vs_column *c = vs_vnic_columns; c->name; c++) {
		if (strstr(c->name, "_guest_") && sel->n < VS_COLUMNS_MAX)
			sel->v[sel->n++] = c;
	}
}

static bool vs_vnic_needs_stats(const struct vs_selection *sel)
{
	for (size_t i = 0; i < sel->n; i++) {
		if (strstr(sel->v[i]->name, "_guest_") ||
		    strcmp(sel->v[i]->name, "guard_hits") == 0 ||
		    strcmp(sel->v[i]->name, "wire_others") == 0)
			return true;
	}
	return false;
}

/* the UUID that --vm means */
static bool vs_vnic_vm(struct vs_access *a, const char *s,
		       struct vs_uuid *uuid, enum vs_exit *status)
{
	const struct vs_driver_vm *vm = NULL;
	struct vs_vms vms = { 0 };

	if (!vs_uuid_parse(s, uuid))
		return true;
	if (vs_access_vms(a, &vms, status))
		vm = vs_source_vm(&vms, s, status);
	if (vm)
		*uuid = vm->uuid;
	vs_vms_free(&vms);
	return vm;
}

/** struct vs_vnic_reading - a list that is being read from the kernel */
struct vs_vnic_reading {
	struct vs_list list;
	const struct vs_vnic_filter *filter;
};

static void vs_vnic_begin(void *ctx)
{
	vs_list_restart(&((struct vs_vnic_reading *)ctx)->list);
}

static void vs_vnic_take(void *ctx, const void *entry)
{
	struct vs_vnic_reading *r = ctx;

	if (vs_vnic_wanted(entry, r->filter))
		vs_list_add(&r->list, entry);
}

static enum vs_exit vs_vnic_read(const struct vs_cli *cli,
				 struct vs_access *a, const char *port,
				 const struct vs_vnic_filter *f,
				 const struct vs_selection *sel)
{
	struct vs_vnic_reading r = { .filter = f };
	const struct vs_sink sink = { vs_vnic_begin, vs_vnic_take, &r };
	enum vs_exit status;

	vs_list_open(&r.list, cli, sel, &vs_entry_record);
	if (vs_access_each_vnic(a, f, port, &sink, &status))
		return vs_list_close(&r.list);
	vs_list_drop(&r.list);
	return status;
}

/* the kernel leaves out what is not asked for */
static enum vs_exit vs_vnic_list_live(struct vs_cli *cli,
				      const struct vs_vnic_args *args,
				      struct vs_vnic_filter *f,
				      const struct vs_selection *sel)
{
	struct vs_access a;
	enum vs_exit status;

	if (!vs_access_open(&a, &status))
		return status;
	if (!args->vm || vs_vnic_vm(&a, args->vm, &f->vm, &status))
		status = vs_vnic_read(cli, &a, args->port, f, sel);
	vs_access_close(&a);
	return status;
}

static enum vs_exit vs_vnic_list_saved(struct vs_cli *cli,
				       const struct vs_vnic_args *a,
				       struct vs_vnic_filter *f,
				       const struct vs_selection *sel)
{
	const struct vs_driver_vm *vm = NULL;
	struct vs_driver_table t;
	enum vs_exit status;

	if (vs_source_table(cli, &t, true, &status)) {
		if (a->vm)
			vm = vs_source_vm(&t.vms, a->vm, &status);
		if (vm)
			f->vm = vm->uuid;
		if (vm || !a->vm)
			status = vs_vnic_print_some(cli, sel, &t.vnics, f);
	}
	vs_driver_table_free(&t);
	return status;
}

static enum vs_exit vs_vnic_list_driver(struct vs_cli *cli,
					const struct vs_command *cmd,
					const struct vs_vnic_args *a,
					struct vs_selection *sel)
{
	struct vs_vnic_filter f = { .stats = a->stats };
	enum vs_exit status;

	if (a->port && !vs_source_port(cmd, a->port, &f.port, &status))
		return status;
	if (a->stats && !sel->chosen)
		vs_vnic_select_stats(sel);
	f.stats |= vs_vnic_needs_stats(sel);
	return vs_cli_is_live(cli) ? vs_vnic_list_live(cli, a, &f, sel) :
				     vs_vnic_list_saved(cli, a, &f, sel);
}

static enum vs_exit vs_vnic_list_manager(struct vs_cli *cli,
					 const struct vs_selection *sel)
{
	struct vs_list list;

	vs_list_open(&list, cli, sel, &vs_manager_vnic_record);
	return vs_source_manager(cli, true, &list);
}

static enum vs_exit vs_vnic_print_ports(const struct vs_cli *cli,
					const struct vs_selection *sel,
					const struct vs_host_ports *ports)
{
	struct vs_list list;

	vs_list_open(&list, cli, sel, &vs_row_port_record);
	for (size_t i = 0; i < ports->n; i++) {
		struct vs_snapshot_port row;

		vs_snapshot_port_set(&row, &ports->v[i]);
		vs_list_add(&list, &row);
	}
	return vs_list_close(&list);
}

/* what is plugged on this host, or was when the snapshot was taken */
static enum vs_exit vs_vnic_list_host(struct vs_cli *cli,
				      const struct vs_selection *sel)
{
	struct vs_snapshot s = { 0 };
	enum vs_exit status;

	if (!vs_cli_is_live(cli)) {
		if (!vs_source_snapshot(cli, &s, &status)) {
			vs_snapshot_free(&s);
			return status;
		}
	} else {
		s.has_ports = !vs_host_ports_read(&s.ports, &s.ports_error);
	}
	if (s.has_ports) {
		status = vs_vnic_print_ports(cli, sel, &s.ports);
	} else {
		vs_say_error(&s.ports_error);
		status = VS_EXIT_UNAVAILABLE;
	}
	vs_snapshot_free(&s);
	return status;
}

static enum vs_exit vs_vnic_list(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_vnic_args a = { .source = "driver" };
	struct vs_selection sel;
	struct vs_args args;
	enum vs_exit status;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_out_select(cli, cmd, vs_vnic_columns, &sel, &status))
		return status;
	if (strcmp(a.source, "driver") == 0)
		return vs_vnic_list_driver(cli, cmd, &a, &sel);
	if (a.vm || a.port || a.stats)
		return vs_say_usage(cmd, _("--vm, --port and --stats are for "
					   "the driver's list"));
	if (strcmp(a.source, "manager") == 0)
		return vs_vnic_list_manager(cli, &sel);
	if (strcmp(a.source, "host") == 0)
		return vs_vnic_list_host(cli, &sel);
	return vs_say_usage(cmd, _("--source is one of: %s"),
			    vs_vnic_opts[0].arg);
}

static const struct vs_command vs_cmd_vnic_list = {
	.name = "vnic list",
	.summary = N_("list vNICs: the Filter Driver's entries, bound or not"),
	.list = true,
	.opts = vs_vnic_opts,
	.run = vs_vnic_list,
};

static const struct vs_command *const vs_vnic_commands[] = {
	&vs_cmd_vnic_list, &vs_cmd_vnic_show, &vs_cmd_vnic_set,
	&vs_cmd_vnic_probe, NULL
};

const struct vs_command vs_cmd_vnic = {
	.name = "vnic",
	.summary = N_("the vNICs of the Filter Driver's list"),
	.sub = vs_vnic_commands,
};
