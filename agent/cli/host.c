// SPDX-License-Identifier: GPL-2.0-only
#include "cli/host.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "driver/form.h"
#include "host/opener.h"

const struct vs_label vs_host_labels[] = {
	{ "abi", N_("ABI version") },
	{ "instance", N_("Instance") },
	{ "generation", N_("Generation") },
	{ "vnic_count", N_("Ports") },
	{ "bound_count", N_("Bound ports") },
	{ "vm_count", N_("VMs") },
	{ "vnic_limit", N_("Limit of ports") },
	{ "refused_claims", N_("Refused second claims") },
	{ "unbound_default", N_("Unbound ports") },
	{ "failure_policy", N_("Failure policy") },
	{ "appliance_state", N_("Appliance session") },
	{ "appliance_pid", N_("Appliance process") },
	{ "appliance_comm", N_("Appliance program") },
	{ "epoch", N_("Epoch") },
	{ "heartbeat_interval", N_("Heartbeat interval (ms)") },
	{ "heartbeat_tolerance", N_("Heartbeats that may be missed") },
	{ "event_seq", N_("Last notification") },
	{ 0 }
};

static const struct vs_opt vs_host_opts[] = {
	{ .name = "limit", .kind = VS_OPT_NUMBER, .arg = "N", .min = 1,
	  .max = VMSAFE_NET_VNIC_LIMIT_MAX,
	  .offset = offsetof(struct vs_host_change, vnic_limit),
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_HOST_VNIC_LIMIT),
	  .help = N_("the most ports the Filter Driver takes") },
	{ .name = "unbound-default", .kind = VS_OPT_WORD, .arg = "pass|drop",
	  .words = VS_WORDS_VERDICT,
	  .offset = offsetof(struct vs_host_change, unbound_default),
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_HOST_UNBOUND_DEFAULT),
	  .help = N_("what happens to packets of unbound ports") },
	{ .name = "failure-policy", .kind = VS_OPT_WORD,
	  .arg = "fail-open|fail-closed", .words = VS_WORDS_FAILURE_POLICY,
	  .offset = offsetof(struct vs_host_change, failure_policy),
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_HOST_FAILURE_POLICY),
	  .help = N_("for bindings that name none of their own") },
	{ 0 }
};

json_t *vs_host_row(const struct vs_cli *cli, const struct vs_driver_host *host)
{
	struct vs_driver_host h = *host;
	char comm[VS_COMM];
	json_t *row;

	/* of notifications only */
	h.has &= ~VS_ATTR_BIT(VMSAFE_NET_A_HOST_REASON);
	row = vs_record_write(&vs_host_record, &h);
	/* a PID of a snapshot means nothing here and now */
	if (row && h.appliance_pid && vs_cli_is_live(cli)) {
		vs_process_comm(h.appliance_pid, comm);
		json_object_set_new(row, "appliance_comm", json_string(comm));
	}
	return row;
}

static enum vs_exit vs_host_show(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv)
{
	struct vs_driver_host host;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_source_host(cli, &host, &status))
		return status;
	return vs_out_fields(cli, vs_host_labels, vs_host_row(cli, &host));
}

static enum vs_exit vs_host_set(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_host_change set = { 0 };
	struct vs_driver_host host;
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &set, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	if (!set.has)
		return vs_say_usage(cmd, _("nothing is to be changed"));
	if (!vs_source_client(cli, cmd, &c, &status))
		return status;
	if (vs_client_set_host(&c, &set, &host, &error))
		status = vs_say_refusal("host set", &error);
	else
		status = vs_out_fields(cli, vs_host_labels,
				       vs_host_row(cli, &host));
	vs_client_close(&c);
	return status;
}

static const struct vs_command vs_cmd_host_show = {
	.name = "host show",
	.summary = N_("show the Filter Driver's settings and session"),
	.run = vs_host_show,
};

static const struct vs_command vs_cmd_host_set = {
	.name = "host set",
	.summary = N_("change the Filter Driver's settings"),
	.opts = vs_host_opts,
	.run = vs_host_set,
};

static const struct vs_command *const vs_host_commands[] = {
	&vs_cmd_host_show, &vs_cmd_host_set, NULL
};

const struct vs_command vs_cmd_host = {
	.name = "host",
	.summary = N_("the Filter Driver's settings for this host"),
	.sub = vs_host_commands,
};
