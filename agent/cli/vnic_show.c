// SPDX-License-Identifier: GPL-2.0-only
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/vnic.h"
#include "core/name.h"

static const struct vs_label vs_vnic_labels[] = {
	{ "port", N_("Port") },
	{ "id", N_("Creation ID") },
	{ "ifindex", N_("Ifindex") },
	{ "kind", N_("Kind") },
	{ "port_mac", N_("Port MAC") },
	{ "master", N_("Bridge ifindex") },
	{ "mtu", N_("MTU") },
	{ "up", N_("Up") },
	{ "mode", N_("Mode") },
	{ "vm_name", N_("VM") },
	{ "vm_uuid", N_("UUID") },
	{ "device_id", N_("Device ID") },
	{ "mac", N_("MAC") },
	{ "failure_policy", N_("Failure policy") },
	{ "guard", N_("Source-MAC guard") },
	{ "guard_hits", N_("Frames that the guard met") },
	{ "bypass", N_("Bypass") },
	{ "from_guest_packets", N_("Packets from the guest") },
	{ "from_guest_bytes", N_("Bytes from the guest") },
	{ "from_guest_drops", N_("Drops from the guest") },
	{ "to_guest_packets", N_("Packets to the guest") },
	{ "to_guest_bytes", N_("Bytes to the guest") },
	{ "to_guest_drops", N_("Drops to the guest") },
	{ "hooked", N_("Hooked") },
	{ "mac_matches", N_("MAC matches") },
	{ 0 }
};

/** struct vs_show_args - options of "vnic show" */
struct vs_show_args {
	uint64_t has;
	bool verify;
};

static const struct vs_opt vs_show_opts[] = {
	{ .name = "verify", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_show_args, verify),
	  .help = N_("ask the driver, as the appliance, what it does for it") },
	{ 0 }
};

enum vs_exit vs_vnic_print_one(const struct vs_cli *cli,
			       const struct vs_driver_vnic *vnic)
{
	return vs_out_fields(cli, vs_vnic_labels, vs_row_vnic(vnic));
}

static enum vs_exit vs_show_live(struct vs_cli *cli,
				 const struct vs_command *cmd, const char *name,
				 const struct vs_port_name *port,
				 struct vs_driver_vnic *vnic)
{
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;

	if (!vs_source_reader(cli, cmd, &c, &status))
		return status;
	status = VS_EXIT_FINE;
	if (vs_client_vnic(&c, port, vnic, &error))
		status = error.why ? vs_say_unread(&error) :
				     vs_say_refusal(name, &error);
	vs_client_close(&c);
	return status;
}

static enum vs_exit vs_show_saved(struct vs_cli *cli, const char *name,
				  const struct vs_port_name *port,
				  struct vs_driver_vnic *vnic)
{
	const struct vs_vnic_filter f = { .port = *port };
	char safe[VS_NAME_ESCAPED];
	struct vs_driver_table t;
	enum vs_exit status;
	size_t i = 0;

	if (vs_source_table(cli, &t, true, &status)) {
		while (i < t.vnics.n && !vs_vnic_wanted(&t.vnics.v[i], &f))
			i++;
		if (i < t.vnics.n) {
			*vnic = t.vnics.v[i];
			status = VS_EXIT_FINE;
		} else {
			vs_name_escape(safe, sizeof(safe), name);
			vs_say(_("the Filter Driver has no port %s"), safe);
			status = VS_EXIT_FAILED;
		}
	}
	vs_driver_table_free(&t);
	return status;
}

static int vs_show_ask(const struct vs_driver_vnic *vnic,
		       struct vmsafe_net_ioc_verify *verify,
		       struct vs_error *error)
{
	const struct vs_vnic_fact fact = {
		.vm = vnic->vm_uuid,
		.device_id = vnic->device_id,
		.mac = vnic->mac,
	};
	struct vs_session s;
	int ret;

	ret = vs_session_open(&s, error);
	if (ret)
		return ret;
	ret = vs_session_attach(&s, VS_DRIVER_PATIENCE, error);
	if (!ret) {
		ret = vs_session_verify(&s, &fact, verify, error);
		vs_session_detach(&s, NULL);
	}
	vs_session_close(&s);
	return ret;
}

/* adds the driver's own word to the entry */
static enum vs_exit vs_show_verify(const struct vs_driver_vnic *vnic,
				   json_t *row)
{
	struct vmsafe_net_ioc_verify verify;
	struct vs_error error;
	bool hooked, matches;

	if (!vs_driver_vnic_is_bound(vnic)) {
		vs_say(_("an unbound port cannot be verified: bind it first"));
		return VS_EXIT_FAILED;
	}
	if (vs_show_ask(vnic, &verify, &error)) {
		vs_say_error(&error);
		return VS_EXIT_UNAVAILABLE;
	}
	hooked = verify.result & VMSAFE_NET_IOC_VERIFY_HOOKED;
	matches = verify.result & VMSAFE_NET_IOC_VERIFY_MAC_MATCHES;
	json_object_set_new(row, "hooked", json_boolean(hooked));
	json_object_set_new(row, "mac_matches", json_boolean(matches));
	return hooked && matches ? VS_EXIT_FINE : VS_EXIT_OUT_OF_SYNC;
}

static enum vs_exit vs_show_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_show_args a = { 0 };
	struct vs_driver_vnic vnic;
	struct vs_port_name port;
	struct vs_args args;
	enum vs_exit status, printed;
	json_t *row;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status))
		return status;
	if (a.verify && !vs_cli_is_live(cli))
		return vs_say_usage(cmd, _("a snapshot cannot be verified"));
	status = vs_cli_is_live(cli) ?
		 vs_show_live(cli, cmd, args.v[0], &port, &vnic) :
		 vs_show_saved(cli, args.v[0], &port, &vnic);
	if (status)
		return status;
	row = vs_row_vnic(&vnic);
	if (row && a.verify)
		status = vs_show_verify(&vnic, row);
	printed = vs_out_fields(cli, vs_vnic_labels, row);
	return status ? status : printed;
}

const struct vs_command vs_cmd_vnic_show = {
	.name = "vnic show",
	.args = "PORT",
	.summary = N_("show a port's entry with its counters"),
	.opts = vs_show_opts,
	.run = vs_show_run,
};
