/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to inventory/: the providers. */
#ifndef VS_INVENTORY_PROVIDER_H
#define VS_INVENTORY_PROVIDER_H

#include "inventory/inventory.h"

/* file.c */
extern const struct vs_inventory_ops vs_inventory_file;

/* libvirt.c */
extern const struct vs_inventory_ops vs_inventory_libvirt;

/* vsphere/provider.c */
extern const struct vs_inventory_ops vs_inventory_vsphere;

#endif
