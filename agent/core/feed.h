/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_FEED_H
#define VS_CORE_FEED_H

#include "core/facts.h"

/**
 * struct vs_feed - where a provider puts what it read
 * @vm: takes a VM; a VM comes before its vNICs
 * @vnic: takes a vNIC
 * @ctx: handed to both
 *
 * Both return 0 or a negative errno, on which the provider stops and returns
 * it. Facts are copied.
 */
struct vs_feed {
	int (*vm)(void *ctx, const struct vs_vm_fact *fact);
	int (*vnic)(void *ctx, const struct vs_vnic_fact *fact);
	void *ctx;
};

#endif
