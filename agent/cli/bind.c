// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/bind_auto.h"
#include "cli/identity.h"
#include "cli/source.h"
#include "cli/vnic.h"

/** struct vs_bind_args - options of "bind" */
struct vs_bind_args {
	struct vs_identity identity;
	bool automatic;
	bool dry_run;
	const char *port;
};

static const struct vs_opt vs_bind_opts[] = {
	VS_IDENTITY_VM,
	VS_IDENTITY_NAME,
	VS_IDENTITY_DEVICE_ID,
	VS_IDENTITY_MAC,
	VS_IDENTITY_POLICY,
	VS_IDENTITY_GUARD,
	VS_IDENTITY_BYPASS,
	{ .name = "auto", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_bind_args, automatic),
	  .help = N_("bind every port that a VM's process holds, as that "
		     "process was told") },
	{ .name = "dry-run", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_bind_args, dry_run),
	  .help = N_("with --auto: say what would be bound") },
	{ .name = "port", .kind = VS_OPT_STRING, .arg = "PORT",
	  .offset = offsetof(struct vs_bind_args, port),
	  .help = N_("with --auto: only this port") },
	{ 0 }
};

/* a binding is whole or it is none; the name is needed like the rest */
static const char *vs_bind_missing(const struct vs_identity *id)
{
	const struct vs_opt *opt = vs_bind_opts;

	for (; opt->bit != VS_ATTR_BIT(VMSAFE_NET_A_VNIC_FAILURE_POLICY);
	     opt++) {
		if (!(id->has & opt->bit))
			return opt->name;
	}
	return NULL;
}

static enum vs_exit vs_bind_one(struct vs_cli *cli,
				const struct vs_command *cmd,
				const struct vs_bind_args *a,
				const struct vs_args *args)
{
	const char *missing = vs_bind_missing(&a->identity);
	struct vs_driver_vnic vnic;
	struct vs_port_name port;
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;

	if (!vs_opt_count(cmd, args, 1, 1, &status) ||
	    !vs_source_port(cmd, args->v[0], &port, &status))
		return status;
	if (a->dry_run || a->port)
		return vs_say_usage(cmd, a->dry_run ?
				    _("--dry-run goes with --auto") :
				    _("--port goes with --auto"));
	if (missing)
		return vs_say_usage(cmd, _("--%s is missing"), missing);
	if (!vs_source_client(cli, cmd, &c, &status))
		return status;
	if (vs_client_bind(&c, &port, &a->identity, &vnic, &error))
		status = vs_say_refusal(args->v[0], &error);
	else
		status = vs_vnic_print_bound(cli, &vnic);
	vs_client_close(&c);
	return status;
}

static enum vs_exit vs_bind_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_bind_args a = { 0 };
	struct vs_port_name port;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status))
		return status;
	if (!a.automatic && !cli->columns)
		return vs_bind_one(cli, cmd, &a, &args);
	if (!a.automatic)
		return vs_say_usage(cmd, _("-o is for lists"));
	if (a.identity.has)
		return vs_say_usage(cmd, _("--auto finds the identity out by "
					   "itself"));
	if (!vs_opt_count(cmd, &args, 0, 0, &status) ||
	    (a.port && !vs_source_port(cmd, a.port, &port, &status)))
		return status;
	return vs_bind_auto(cli, cmd, a.port ? &port : NULL, a.dry_run);
}

static enum vs_exit vs_unbind_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_driver_vnic vnic;
	struct vs_port_name port;
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status) ||
	    !vs_source_client(cli, cmd, &c, &status))
		return status;
	if (vs_client_unbind(&c, &port, &vnic, &error))
		status = vs_say_refusal(args.v[0], &error);
	else
		status = vs_vnic_print_one(cli, &vnic);
	vs_client_close(&c);
	return status;
}

const struct vs_command vs_cmd_bind = {
	.name = "bind",
	.args = "PORT | --auto",
	.summary = N_("say which vNIC a port carries"),
	.list = true,
	.opts = vs_bind_opts,
	.run = vs_bind_run,
};

const struct vs_command vs_cmd_unbind = {
	.name = "unbind",
	.args = "PORT",
	.summary = N_("take a port's identity away"),
	.run = vs_unbind_run,
};
