// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/command.h"
#include "cli/inventory.h"
#include "cli/opt.h"
#include "core/name.h"

static const struct vs_command *const vs_commands[] = {
	&vs_cmd_status, &vs_cmd_check, &vs_cmd_why, &vs_cmd_vm, &vs_cmd_vnic,
	&vs_cmd_bind, &vs_cmd_unbind, &vs_cmd_port, &vs_cmd_host,
	&vs_cmd_policy, &vs_cmd_summarize, &vs_cmd_events, &vs_cmd_alerts,
	&vs_cmd_monitor, &vs_cmd_doctor, &vs_cmd_driver,
	&vs_cmd_recover, &vs_cmd_sync, &vs_cmd_forget, &vs_cmd_connectivity,
	&vs_cmd_appliance, &vs_cmd_maintenance, NULL
};

const struct vs_command vs_cmd_main = {
	.name = "",
	.summary = N_("Compare the interfaces of this host's VMs as the "
		      "Manager and the Filter Driver know them."),
	.sub = vs_commands,
};

/* the last word of a name: "list" of "vnic list" */
static const char *vs_command_word(const struct vs_command *cmd)
{
	const char *space = strrchr(cmd->name, ' ');

	return space ? space + 1 : cmd->name;
}

static const struct vs_command *vs_command_find(const struct vs_command *cmd,
						const char *word)
{
	for (int i = 0; cmd->sub[i]; i++) {
		if (strcmp(vs_command_word(cmd->sub[i]), word) == 0)
			return cmd->sub[i];
	}
	return NULL;
}

enum vs_exit vs_command_run(struct vs_cli *cli, const struct vs_command *cmd,
			    int argc, char **argv)
{
	const struct vs_command *sub;
	enum vs_exit status;
	char safe[160];
	int used;

	if (cmd->run) {
		status = cmd->run(cli, cmd, argc, argv);
		vs_cli_forget_inventory(cli);
		return status;
	}
	if (!vs_opt_read_globals(cli, cmd, argc, argv, &used, &status))
		return status;
	if (used == argc)
		return vs_say_usage(cmd, _("a command is missing"));
	sub = vs_command_find(cmd, argv[used]);
	if (sub)
		return vs_command_run(cli, sub, argc - used - 1,
				      argv + used + 1);
	vs_name_escape(safe, sizeof(safe), argv[used]);
	return vs_say_usage(cmd, _("unknown command \"%s\""), safe);
}
