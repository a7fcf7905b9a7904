/* SPDX-License-Identifier: GPL-2.0-only */
/* Which inventory a command reads, and which hypervisor it asks. */
#ifndef VS_CLI_INVENTORY_H
#define VS_CLI_INVENTORY_H

#include "cli/cli.h"

/** VS_CLI_HYPERVISOR - the hypervisor if nothing says another */
#define VS_CLI_HYPERVISOR "qemu:///system"

/**
 * vs_cli_inventory() - the URI of the inventory that is read
 * @cli: the global options; what was found is kept there
 *
 * That of --inventory. Else, on this host, the one that the running agent
 * reads; if none answers, that of its configuration. VS_CLI_INVENTORY, if that
 * says none, and for a snapshot.
 *
 * The agent is asked at the first call, and a configuration that cannot be
 * read is said then: only what reads the inventory has to call.
 *
 * Return: the URI, which stays until vs_cli_forget_inventory().
 */
const char *vs_cli_inventory(struct vs_cli *cli);

/**
 * vs_cli_hypervisor() - libvirt's URI of who runs this host's VMs
 * @inventory: the URI of the inventory that is read
 *
 * The inventory's own, if that is libvirt. Else the one of the agent's
 * configuration, and without one that can be read the agent's default.
 *
 * Return: the URI, for free(); NULL: the configuration says that there is
 * none, or out of memory.
 */
char *vs_cli_hypervisor(const char *inventory);

/**
 * vs_cli_conf() - which file is the agent's configuration?
 * @path: VMSAFE_CONF; NULL: where it usually is
 *
 * Return: false: it is not to be read.
 */
bool vs_cli_conf(const char **path);

/** vs_cli_forget_inventory() - release what was found */
void vs_cli_forget_inventory(struct vs_cli *cli);

#endif
