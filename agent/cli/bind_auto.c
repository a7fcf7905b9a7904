// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/bind_auto.h"
#include "cli/bypass.h"
#include "cli/row.h"
#include "cli/source.h"
#include "core/buf.h"

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

/** enum vs_auto_result - what became of a port; its words are for machines */
enum vs_auto_result {
	VS_AUTO_BOUND,
	VS_AUTO_WOULD_BIND,
	VS_AUTO_UNCHANGED,
	VS_AUTO_GONE,
	/* from here on: not as it should be */
	VS_AUTO_DIFFERS,
	VS_AUTO_UNKNOWN,
	VS_AUTO_REFUSED,
};

static const char *const vs_auto_words[] = {
	[VS_AUTO_BOUND] = "bound",
	[VS_AUTO_WOULD_BIND] = "would-bind",
	[VS_AUTO_UNCHANGED] = "unchanged",
	[VS_AUTO_GONE] = "gone",
	[VS_AUTO_DIFFERS] = "differs",
	[VS_AUTO_UNKNOWN] = "unknown",
	[VS_AUTO_REFUSED] = "refused",
};

/** struct vs_binder - a run */
struct vs_binder {
	struct vs_client client;
	struct vs_vnics vnics;
	struct vs_host_ports ports;
	bool dry_run;
	bool failed;
	json_t *rows;
};

static const struct vs_driver_vnic *vs_binder_entry(const struct vs_binder *b,
						    uint32_t ifindex)
{
	for (size_t i = 0; i < b->vnics.n; i++) {
		if (b->vnics.v[i].ifindex == ifindex)
			return &b->vnics.v[i];
	}
	return NULL;
}

static struct vs_identity vs_auto_identity(const struct vs_host_port *port)
{
	struct vs_identity id = {
		.has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC),
		.vm_uuid = port->vm,
		.device_id = port->device_id,
		.mac = port->mac,
	};

	/* a VM without a name is called by its UUID */
	if (*port->vm_name)
		memcpy(id.vm_name, port->vm_name, sizeof(id.vm_name));
	else
		vs_uuid_format(&port->vm, id.vm_name);
	return id;
}

static bool vs_auto_same(const struct vs_driver_vnic *v,
			 const struct vs_host_port *port)
{
	return vs_uuid_cmp(&v->vm_uuid, &port->vm) == 0 &&
	       v->device_id == port->device_id &&
	       vs_mac_cmp(&v->mac, &port->mac) == 0;
}

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

static enum vs_auto_result vs_auto_bind(struct vs_binder *b,
					const struct vs_host_port *port,
					const struct vs_driver_vnic *v,
					struct vs_buf *detail)
{
	const struct vs_identity id = vs_auto_identity(port);
	/* the entry that was seen, and not one that came in its place */
	const struct vs_port_name name = { .id = v->id,
					   .ifindex = v->ifindex };
	struct vs_error error;

	if (b->dry_run)
		return VS_AUTO_WOULD_BIND;
	if (!vs_client_bind(&b->client, &name, &id, NULL, &error)) {
		vs_bypass_warn(NULL, v);
		return VS_AUTO_BOUND;
	}
	if (error.err == ENOENT)
		return VS_AUTO_GONE;
	vs_refusal_text(detail, &error);
	return VS_AUTO_REFUSED;
}

static enum vs_auto_result vs_auto_port(struct vs_binder *b,
					const struct vs_host_port *port,
					struct vs_buf *detail)
{
	const struct vs_driver_vnic *v = vs_binder_entry(b, port->ifindex);

	if (!v) {
		vs_buf_add(detail, _("the Filter Driver has no such port"));
		return VS_AUTO_REFUSED;
	}
	if (!vs_host_port_is_whole(port)) {
		if (vs_driver_vnic_is_bound(v))
			return VS_AUTO_UNCHANGED;
		vs_buf_add(detail, vs_auto_unknown(port));
		return VS_AUTO_UNKNOWN;
	}
	if (!vs_driver_vnic_is_bound(v))
		return vs_auto_bind(b, port, v, detail);
	if (vs_auto_same(v, port))
		return VS_AUTO_UNCHANGED;
	/* somebody bound it so: that is not ours to undo */
	vs_auto_other(detail, v);
	return VS_AUTO_DIFFERS;
}

static void vs_auto_row(struct vs_binder *b, const struct vs_host_port *port)
{
	json_t *row = vs_row_port(port);
	struct vs_buf detail = { 0 };
	enum vs_auto_result result = vs_auto_port(b, port, &detail);

	vs_row_text(row, "result", vs_auto_words[result]);
	vs_row_text(row, "detail", vs_buf_str(&detail));
	vs_buf_free(&detail);
	json_array_append_new(b->rows, row);
	if (result >= VS_AUTO_DIFFERS)
		b->failed = true;
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
			  const struct vs_command *cmd, bool dry_run)
{
	struct vs_binder b = { .dry_run = dry_run };
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
			if (b.ports.v[i].plugged)
				vs_auto_row(&b, &b.ports.v[i]);
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
