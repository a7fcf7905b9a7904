/* SPDX-License-Identifier: GPL-2.0-only */
/* The lists, from where the global options say. */
#ifndef VS_CLI_SOURCE_H
#define VS_CLI_SOURCE_H

#include "cli/list.h"
#include "driver/snapshot.h"

/** vs_cli_is_live() - is it this host's Filter Driver, not a snapshot? */
bool vs_cli_is_live(const struct vs_cli *cli);

/** vs_source_is_here() - likewise; if not, a line and *@status say so */
bool vs_source_is_here(const struct vs_cli *cli, const struct vs_command *cmd,
		       enum vs_exit *status);

/**
 * vs_source_client() - reach this host's driver over netlink, to change
 * something; who only reads has vs_access_open()
 * @cli: the global options
 * @cmd: the command
 * @c: the client, on success
 * @status: when it failed, which was said
 *
 * Return: true to go on.
 */
bool vs_source_client(const struct vs_cli *cli, const struct vs_command *cmd,
		      struct vs_client *c, enum vs_exit *status);

/**
 * vs_source_snapshot() - everything about the host but the inventory
 * @cli: the global options
 * @s: this host, read as the appliance, or the snapshot of --driver FILE;
 *     free with vs_snapshot_free() in any case
 * @status: when it failed, which was said
 *
 * Return: true to go on, whatever state the driver is in.
 */
bool vs_source_snapshot(const struct vs_cli *cli, struct vs_snapshot *s,
			enum vs_exit *status);

/**
 * vs_source_table() - the driver's table without being the appliance
 * @cli: the global options
 * @t: the table; free with vs_driver_table_free() in any case
 * @stats: with counters
 * @status: when it failed, which was said
 */
bool vs_source_table(const struct vs_cli *cli, struct vs_driver_table *t,
		     bool stats, enum vs_exit *status);

/** vs_source_host() - the driver's settings and state; likewise */
bool vs_source_host(const struct vs_cli *cli, struct vs_driver_host *host,
		    enum vs_exit *status);

/**
 * vs_source_port() - read how an argument names a port
 * @cmd: the command
 * @s: "vnet0", "ifindex:7" or "id:12"
 * @port: the name
 * @status: VS_EXIT_USAGE when it is none of these, which was said
 */
bool vs_source_port(const struct vs_command *cmd, const char *s,
		    struct vs_port_name *port, enum vs_exit *status);

/**
 * vs_source_vm() - find a VM by UUID or name
 * @vms: the VMs
 * @s: UUID or name; a name that several have is refused
 * @status: VS_EXIT_FAILED when there is not exactly one, which was said
 *
 * Return: the VM or NULL.
 */
const struct vs_driver_vm *vs_source_vm(const struct vs_vms *vms,
					const char *s, enum vs_exit *status);

/* what rows of the inventory's lists have */
extern const struct vs_record vs_manager_vm_record;
extern const struct vs_record vs_manager_vnic_record;

/**
 * vs_source_manager() - print a list of the inventory's: by name and UUID of
 * the VM, and by device ID
 * @cli: the global options
 * @vnics: that of the vNICs, else that of the VMs
 * @list: takes its rows; begun, and done with afterwards
 */
enum vs_exit vs_source_manager(struct vs_cli *cli, bool vnics,
			       struct vs_list *list);

#endif
