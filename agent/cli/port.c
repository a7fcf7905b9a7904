// SPDX-License-Identifier: GPL-2.0-only
#include "cli/opt.h"
#include "cli/source.h"
#include "cli/vnic.h"

typedef int (*vs_port_op)(struct vs_client *c,
			  const struct vs_port_name *port,
			  struct vs_driver_vnic *vnic, struct vs_error *error);

static enum vs_exit vs_port_do(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv, vs_port_op op)
{
	struct vs_driver_vnic vnic;
	struct vs_port_name port;
	struct vs_error error;
	struct vs_client c;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status))
		return status;
	/* what is no port yet has no creation ID */
	if (port.id && op == vs_client_add_port)
		return vs_say_usage(cmd, _("give the interface's name or "
					   "ifindex:N"));
	if (!vs_source_client(cli, cmd, &c, &status))
		return status;
	if (op(&c, &port, &vnic, &error))
		status = vs_say_refusal(args.v[0], &error);
	else
		status = vs_vnic_print_one(cli, &vnic);
	vs_client_close(&c);
	return status;
}

static enum vs_exit vs_port_add(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	return vs_port_do(cli, cmd, argc, argv, vs_client_add_port);
}

static enum vs_exit vs_port_del(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	return vs_port_do(cli, cmd, argc, argv, vs_client_del_port);
}

static const struct vs_command vs_cmd_port_add = {
	.name = "port add",
	.args = "PORT",
	.summary = N_("let the Filter Driver take an interface, such as a "
		      "veth, that it does not take by itself"),
	.run = vs_port_add,
};

static const struct vs_command vs_cmd_port_del = {
	.name = "port del",
	.args = "PORT",
	.summary = N_("give back an interface that \"port add\" took"),
	.run = vs_port_del,
};

static const struct vs_command *const vs_port_commands[] = {
	&vs_cmd_port_add, &vs_cmd_port_del, NULL
};

const struct vs_command vs_cmd_port = {
	.name = "port",
	.summary = N_("interfaces that are ports on request"),
	.sub = vs_port_commands,
};
