/* SPDX-License-Identifier: GPL-2.0-only */
/* Foreign programs on ports, as commands tell of them. */
#ifndef VS_CLI_BYPASS_H
#define VS_CLI_BYPASS_H

#include "cli/out.h"
#include "driver/entry.h"
#include "driver/bypass.h"

/**
 * vs_bypass_add() - tell of a port's foreign programs in its row
 * @row: gets "bypassed", unless that is not known, and "bypassed_by"
 * @f: what was found
 * @ifindex: the port
 */
void vs_bypass_add(json_t *row, const struct vs_foreigns *f,
		   uint32_t ifindex);

/** vs_bypass_lines() - "Bypassed by: ..." for each program of a port */
void vs_bypass_lines(const struct vs_foreigns *f, uint32_t ifindex);

/** vs_bypass_check_line() - how the search went, unless @f is of a snapshot
 * that says nothing of it and all is well
 */
void vs_bypass_check_line(const struct vs_foreigns *f);

/**
 * vs_bypass_warn() - look at the port of an entry, and say when it is bypassed
 * @row: gets the programs too; may be NULL
 * @vnic: the entry
 */
void vs_bypass_warn(json_t *row, const struct vs_driver_vnic *vnic);

#endif
