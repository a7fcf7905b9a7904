/* SPDX-License-Identifier: GPL-2.0-only */
/* The records of what the driver says, for snapshots and for --json. */
#ifndef VS_DRIVER_FORM_H
#define VS_DRIVER_FORM_H

#include "driver/entry.h"
#include "driver/record.h"

/* of struct vs_driver_host, _vm, _vnic and _claim */
extern const struct vs_record vs_host_record;
extern const struct vs_record vs_vm_record;
extern const struct vs_record vs_vnic_record;
extern const struct vs_record vs_claim_record;

/** vs_entry_record - vs_vnic_record without what only notifications have */
extern const struct vs_record vs_entry_record;

#endif
