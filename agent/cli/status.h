/* SPDX-License-Identifier: GPL-2.0-only */
/* The Filter Driver's state, as "status" and "driver status" print it. */
#ifndef VS_CLI_STATUS_H
#define VS_CLI_STATUS_H

#include "cli/out.h"
#include "driver/snapshot.h"

/**
 * vs_status_read() - find out the driver's state, without being the appliance
 * @cli: the global options
 * @s: its reading is filled in; free with vs_snapshot_free() in any case
 * @status: when it failed, which was said
 *
 * Return: true to go on, whatever the state.
 */
bool vs_status_read(const struct vs_cli *cli, struct vs_snapshot *s,
		    enum vs_exit *status);

/** vs_status_line() - the state as text, with the error if there is one */
void vs_status_line(const struct vs_driver_info *info);

/** vs_status_exit() - the exit status for a state */
enum vs_exit vs_status_exit(const struct vs_driver_info *info);

#endif
