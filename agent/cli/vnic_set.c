// SPDX-License-Identifier: GPL-2.0-only
#include "cli/identity.h"
#include "cli/source.h"
#include "cli/vnic.h"

static const struct vs_opt vs_set_opts[] = {
	VS_IDENTITY_NAME,
	VS_IDENTITY_DEVICE_ID,
	VS_IDENTITY_MAC,
	VS_IDENTITY_POLICY,
	VS_IDENTITY_GUARD,
	VS_IDENTITY_BYPASS,
	{ 0 }
};

static enum vs_exit vs_set_run(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv)
{
	struct vs_identity set = { 0 };
	struct vs_driver_vnic vnic;
	struct vs_port_name port;
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &set, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status))
		return status;
	if (!set.has)
		return vs_say_usage(cmd, _("nothing is to be changed"));
	if (!vs_source_client(cli, cmd, &c, &status))
		return status;
	if (vs_client_set_vnic(&c, &port, &set, &vnic, &error))
		status = vs_say_refusal(args.v[0], &error);
	else
		status = vs_vnic_print_one(cli, &vnic);
	vs_client_close(&c);
	return status;
}

const struct vs_command vs_cmd_vnic_set = {
	.name = "vnic set",
	.args = "PORT",
	.summary = N_("change the binding of a port"),
	.opts = vs_set_opts,
	.run = vs_set_run,
};
