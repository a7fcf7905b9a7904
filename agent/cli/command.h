/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_COMMAND_H
#define VS_CLI_COMMAND_H

#include "cli/cli.h"

/**
 * vs_command_run() - do what the words say
 * @cli: the global options; those among the words are added
 * @cmd: the command
 * @argc: how many words follow its name
 * @argv: the words
 */
enum vs_exit vs_command_run(struct vs_cli *cli, const struct vs_command *cmd,
			    int argc, char **argv);

#endif
