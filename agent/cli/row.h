/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of the driver's and the host's lists as rows. */
#ifndef VS_CLI_ROW_H
#define VS_CLI_ROW_H

#include "cli/out.h"
#include "driver/entry.h"
#include "driver/record.h"
#include "host/ports.h"

/** vs_row_text() - set a string, unless it is empty or NULL */
void vs_row_text(json_t *row, const char *key, const char *s);

/* what rows have: of struct vs_driver_vm, of struct vs_snapshot_port */
extern const struct vs_record vs_row_vm_record;
extern const struct vs_record vs_row_port_record;

/** vs_row_vm() - a VM of the driver's */
json_t *vs_row_vm(const struct vs_driver_vm *vm);

/** vs_row_vnic() - an entry of the driver's */
json_t *vs_row_vnic(const struct vs_driver_vnic *vnic);

/** vs_row_port() - a port of the host's */
json_t *vs_row_port(const struct vs_host_port *port);

#endif
