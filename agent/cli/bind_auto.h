/* SPDX-License-Identifier: GPL-2.0-only */
/* The binder: from what runs on this host to bindings, once. */
#ifndef VS_CLI_BIND_AUTO_H
#define VS_CLI_BIND_AUTO_H

#include "cli/out.h"
#include "driver/client.h"

/**
 * vs_bind_auto() - bind every port that a VM's process holds
 * @cli: the global options
 * @cmd: the command
 * @only: only this port; NULL: all
 * @dry_run: only say what would be done
 *
 * Return: VS_EXIT_FINE when all these ports are bound as the processes say;
 * VS_EXIT_FAILED when one could not be, which the list tells, or when no VM's
 * process holds @only.
 */
enum vs_exit vs_bind_auto(const struct vs_cli *cli,
			  const struct vs_command *cmd,
			  const struct vs_port_name *only, bool dry_run);

#endif
