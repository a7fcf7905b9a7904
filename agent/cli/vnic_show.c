// SPDX-License-Identifier: GPL-2.0-only
#include "api/doc.h"
#include "cli/access.h"
#include "cli/agent.h"
#include "cli/bypass.h"
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/vnic.h"
#include "cli/vnic_detail.h"
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
	{ "bypassed", N_("Bypassed") },
	{ "from_guest_packets", N_("Packets from the guest") },
	{ "from_guest_bytes", N_("Bytes from the guest") },
	{ "from_guest_drops", N_("Drops from the guest") },
	{ "to_guest_packets", N_("Packets to the guest") },
	{ "to_guest_bytes", N_("Bytes to the guest") },
	{ "to_guest_drops", N_("Drops to the guest") },
	{ "wire_others", N_("Wire MACs that made room") },
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

enum vs_exit vs_vnic_print_bound(const struct vs_cli *cli,
				 const struct vs_driver_vnic *vnic)
{
	json_t *row = vs_row_vnic(vnic);

	/* standard output may be the same terminal: the warning comes first */
	vs_bypass_warn(row, vnic);
	return vs_out_fields(cli, vs_vnic_labels, row);
}

/**
 * struct vs_shown - what is to be shown
 * @vnic: the entry
 * @host: settings and session; zeroed when not known
 * @foreign: foreign programs
 */
struct vs_shown {
	struct vs_driver_vnic vnic;
	struct vs_driver_host host;
	struct vs_foreigns foreign;
};

static enum vs_exit vs_show_live(const char *name,
				 const struct vs_port_name *port,
				 struct vs_shown *show)
{
	enum vs_exit status = VS_EXIT_FINE;
	struct vs_access a;

	if (!vs_access_open(&a, &status))
		return status;
	vs_access_vnic(&a, port, name, &show->vnic, &show->foreign, &status);
	show->host = a.host;
	vs_access_close(&a);
	return status;
}

static enum vs_exit vs_show_pick(const struct vs_snapshot *s,
				 const char *name,
				 const struct vs_port_name *port,
				 struct vs_shown *show)
{
	const struct vs_vnics *vnics = &s->reading.table.vnics;
	const struct vs_vnic_filter f = { .port = *port };
	char safe[VS_NAME_ESCAPED];
	size_t i = 0;

	if (!s->reading.listed) {
		vs_say_error(&s->reading.info.error);
		return VS_EXIT_UNAVAILABLE;
	}
	while (i < vnics->n && !vs_vnic_wanted(&vnics->v[i], &f))
		i++;
	if (i < vnics->n) {
		show->vnic = vnics->v[i];
		show->host = s->reading.table.host;
		return VS_EXIT_FINE;
	}
	vs_name_escape(safe, sizeof(safe), name);
	vs_say(_("the Filter Driver has no port %s"), safe);
	return VS_EXIT_FAILED;
}

static enum vs_exit vs_show_saved(struct vs_cli *cli, const char *name,
				  const struct vs_port_name *port,
				  struct vs_shown *show)
{
	struct vs_snapshot s = { 0 };
	enum vs_exit status;

	if (vs_source_snapshot(cli, &s, &status)) {
		status = vs_show_pick(&s, name, port, show);
		show->foreign = s.foreign;
		s.foreign = (struct vs_foreigns){ 0 };
	}
	vs_snapshot_free(&s);
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

	ret = vs_session_open(&s, 0, error);
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

/* the agent is the appliance: have it ask */
static bool vs_show_have_asked(const struct vs_driver_vnic *vnic,
			       struct vmsafe_net_ioc_verify *verify)
{
	struct vs_agent_answer answer;
	bool done = vs_cli_agent_vnic("GET", vnic, "?verify=true", &answer) &&
		    !answer.text;

	*verify = (struct vmsafe_net_ioc_verify){ 0 };
	if (json_is_true(json_object_get(answer.doc, "hooked")))
		verify->result |= VMSAFE_NET_IOC_VERIFY_HOOKED;
	if (json_is_true(json_object_get(answer.doc, "mac_matches")))
		verify->result |= VMSAFE_NET_IOC_VERIFY_MAC_MATCHES;
	vs_agent_free(&answer);
	return done;
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
	/* who finds no agent becomes the appliance for a moment */
	if (!vs_show_have_asked(vnic, &verify) &&
	    vs_show_ask(vnic, &verify, &error)) {
		vs_say_error(&error);
		return VS_EXIT_UNAVAILABLE;
	}
	hooked = verify.result & VMSAFE_NET_IOC_VERIFY_HOOKED;
	matches = verify.result & VMSAFE_NET_IOC_VERIFY_MAC_MATCHES;
	json_object_set_new(row, "hooked", json_boolean(hooked));
	json_object_set_new(row, "mac_matches", json_boolean(matches));
	return hooked && matches ? VS_EXIT_FINE : VS_EXIT_OUT_OF_SYNC;
}

static enum vs_exit vs_show_print(const struct vs_cli *cli,
				  const struct vs_shown *show, json_t *row)
{
	if (!row)
		return vs_out_no_memory();
	vs_detail_add(row, &show->vnic, &show->host, vs_cli_is_live(cli));
	vs_bypass_add(row, &show->foreign, show->vnic.ifindex);
	if (cli->json) {
		json_object_set_new(row, "bypass_check",
				    vs_doc_bypass_check(&show->foreign));
		return vs_out_json(row);
	}
	vs_out_labels(vs_vnic_labels, row);
	vs_detail_lines(row, &show->vnic);
	vs_bypass_lines(&show->foreign, show->vnic.ifindex);
	vs_bypass_check_line(&show->foreign);
	json_decref(row);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_show_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_show_args a = { 0 };
	struct vs_shown show = { 0 };
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
		 vs_show_live(args.v[0], &port, &show) :
		 vs_show_saved(cli, args.v[0], &port, &show);
	if (!status) {
		row = vs_row_vnic(&show.vnic);
		if (row && a.verify)
			status = vs_show_verify(&show.vnic, row);
		printed = vs_show_print(cli, &show, row);
		status = status ? status : printed;
	}
	vs_foreigns_free(&show.foreign);
	return status;
}

const struct vs_command vs_cmd_vnic_show = {
	.name = "vnic show",
	.args = "PORT",
	.summary = N_("show a port's entry with its counters"),
	.opts = vs_show_opts,
	.run = vs_show_run,
};
