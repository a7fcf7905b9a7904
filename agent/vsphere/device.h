/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to entities: the values that are lists. */
#ifndef VS_VSPHERE_DEVICE_H
#define VS_VSPHERE_DEVICE_H

#include "vsphere/entity.h"

/** vs_device_cards() - config.hardware.device; 0 or -ENOMEM */
int vs_device_cards(struct vs_entity *e, const struct vs_twig *value);

/** vs_device_filters() - config.extraConfig; 0 or -ENOMEM */
int vs_device_filters(struct vs_entity *e, const struct vs_twig *value);

/** vs_device_failure() - the failure policy of a vNIC */
enum vs_failure vs_device_failure(const struct vs_entity *e, uint16_t id);

#endif
