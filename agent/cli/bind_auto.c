// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/bind_auto.h"
#include "cli/bypass.h"
#include "cli/row.h"
#include "cli/source.h"
#include "core/buf.h"
#include "driver/bind.h"

static const struct vs_column vs_auto_columns[] = {
	{ .name = "port", .header = N_("PORT") },
	{ .name = "vm_name", .header = N_("VM") },
	{ .name = "device_id", .header = N_("DEVICE ID"), .right = true },
	{ .name = "mac", .header = N_("MAC") },
	{ .name = "result", .header = N_("RESULT") },
	{ .name = "detail", .header = N_("DETAIL") },
	{ .name = "vm_uuid", .header = N_("UUID"), .extra = true },
	{ .name = "pid", .header = N_("PID"), .right = true, .extra = true },
	{ .name = "kind", .header = N_("KIND"), .extra = true },
	{ .name = "ifindex", .header = N_("IFINDEX"), .right = true,
	  .extra = true },
	{ .name = "plugged", .header = N_("PLUGGED"), .extra = true },
	{ 0 }
};

static const char *const vs_auto_words[] = {
	[VS_BIND_BOUND] = "bound",
	[VS_BIND_WOULD] = "would-bind",
	[VS_BIND_UNCHANGED] = "unchanged",
	[VS_BIND_GONE] = "gone",
	[VS_BIND_DIFFERS] = "differs",
	[VS_BIND_UNKNOWN] = "unknown",
	[VS_BIND_NO_ENTRY] = "refused",
	[VS_BIND_REFUSED] = "refused",
};

/** struct vs_binder - a run */
struct vs_binder {
	struct vs_client client;
	struct vs_vnics vnics;
	struct vs_host_ports ports;
	const struct vs_port_name *only;
	bool dry_run;
	bool failed;
	json_t *rows;
};

/* what the port is bound to instead */
static void vs_auto_other(struct vs_buf *detail,
			  const struct vs_driver_vnic *v)
{
	char mac[VS_MAC_STR];

	/* escaped when the row is printed, like everything in it */
	vs_buf_addf(detail, _("bound to %s, device ID %u, MAC %s; \"vmsafe "
			      "unbind\" it first"), v->vm_name, v->device_id,
		    vs_mac_format(&v->mac, mac));
}

static const char *vs_auto_unknown(const struct vs_host_port *port)
{
	if (vs_uuid_is_nil(&port->vm))
		return _("the process was started without -uuid");
	if (port->device_id == VS_DEVICE_ID_NONE)
		return _("the command line does not tell which NIC it is");
	return _("the command line does not tell the MAC");
}

static void vs_auto_detail(struct vs_buf *detail, enum vs_bind_result result,
			   const struct vs_host_port *port,
			   const struct vs_driver_vnic *v,
			   const struct vs_error *error)
{
	switch (result) {
	case VS_BIND_DIFFERS:
		vs_auto_other(detail, v);
		break;
	case VS_BIND_UNKNOWN:
		vs_buf_add(detail, vs_auto_unknown(port));
		break;
	case VS_BIND_NO_ENTRY:
		vs_buf_add(detail, _("the Filter Driver has no such port"));
		break;
	case VS_BIND_REFUSED:
		vs_refusal_text(detail, error);
		break;
	default:
		break;
	}
}

static void vs_auto_row(struct vs_binder *b, const struct vs_host_port *port)
{
	const struct vs_driver_vnic *v = vs_vnics_find(&b->vnics,
						       port->ifindex);
	json_t *row = vs_row_port(port);
	struct vs_buf detail = { 0 };
	enum vs_bind_result result;
	struct vs_error error;

	result = vs_bind_port(b->dry_run ? NULL : &b->client, port, v, &error);
	if (result == VS_BIND_BOUND)
		vs_bypass_warn(NULL, v);
	vs_auto_detail(&detail, result, port, v, &error);
	vs_row_text(row, "result", vs_auto_words[result]);
	vs_row_text(row, "detail", vs_buf_str(&detail));
	vs_buf_free(&detail);
	json_array_append_new(b->rows, row);
	if (result >= VS_BIND_DIFFERS)
		b->failed = true;
}

/* is it a port that is to be bound? */
static bool vs_binder_means(const struct vs_binder *b,
			    const struct vs_host_port *port)
{
	const struct vs_port_name *only = b->only;
	const struct vs_driver_vnic *v;

	if (!port->plugged || !only)
		return port->plugged;
	v = vs_vnics_find(&b->vnics, port->ifindex);
	return (!only->id || (v && v->id == only->id)) &&
	       (!only->ifindex || port->ifindex == only->ifindex) &&
	       (!*only->ifname || strcmp(port->ifname, only->ifname) == 0);
}

/*
 * The driver's entries first: a port that takes another's number between the
 * two looks has another creation ID, and is not bound by mistake.
 */
static int vs_binder_look(struct vs_binder *b, struct vs_error *error)
{
	int ret = vs_client_vnics(&b->client, NULL, &b->vnics, error);

	return ret ? ret : vs_host_ports_read(&b->ports, error);
}

enum vs_exit vs_bind_auto(const struct vs_cli *cli,
			  const struct vs_command *cmd,
			  const struct vs_port_name *only, bool dry_run)
{
	struct vs_binder b = { .only = only, .dry_run = dry_run };
	struct vs_selection sel;
	struct vs_error error;
	enum vs_exit status;

	if (!vs_out_select(cli, cmd, vs_auto_columns, &sel, &status) ||
	    !vs_source_client(cli, cmd, &b.client, &status))
		return status;
	if (vs_binder_look(&b, &error)) {
		status = vs_say_error(&error);
	} else {
		b.rows = json_array();
		for (size_t i = 0; i < b.ports.n; i++) {
			if (vs_binder_means(&b, &b.ports.v[i]))
				vs_auto_row(&b, &b.ports.v[i]);
		}
		if (only && !json_array_size(b.rows)) {
			vs_say(_("no VM's process holds such a port"));
			b.failed = true;
		}
		status = vs_out_rows(cli, &sel, b.rows);
		if (!status && b.failed)
			status = VS_EXIT_FAILED;
	}
	vs_client_close(&b.client);
	vs_vnics_free(&b.vnics);
	vs_host_ports_free(&b.ports);
	return status;
}
