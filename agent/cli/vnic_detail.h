/* SPDX-License-Identifier: GPL-2.0-only */
/* What "vnic show" says of an entry besides its plain values. */
#ifndef VS_CLI_VNIC_DETAIL_H
#define VS_CLI_VNIC_DETAIL_H

#include "cli/out.h"
#include "driver/entry.h"

/**
 * vs_detail_why() - the reason for an entry's mode
 * @v: the entry
 * @host: the host's settings and session; zeroed when not known
 *
 * Return: a word for machines: "unbound", "bound", "appliance-lost",
 * "appliance-reset", "appliance-gone", "operator"; never NULL.
 */
const char *vs_detail_why(const struct vs_driver_vnic *v,
			  const struct vs_driver_host *host);

/** vs_detail_add() - mode_reason, and the names of its policies if @live */
void vs_detail_add(json_t *row, const struct vs_driver_vnic *v,
		   const struct vs_driver_host *host, bool live);

/** vs_detail_lines() - the same and the lists of @row, a line each */
void vs_detail_lines(const json_t *row, const struct vs_driver_vnic *v);

#endif
