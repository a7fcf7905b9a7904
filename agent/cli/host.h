/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CLI_HOST_H
#define VS_CLI_HOST_H

#include "cli/out.h"
#include "driver/entry.h"

extern const struct vs_label vs_host_labels[];

/** vs_host_row() - settings and state as an object */
json_t *vs_host_row(const struct vs_cli *cli,
		    const struct vs_driver_host *host);

#endif
