/* SPDX-License-Identifier: GPL-2.0-only */
/* Foreign programs on the ports of the driver's list. */
#ifndef VS_DRIVER_BYPASS_H
#define VS_DRIVER_BYPASS_H

#include "driver/client.h"
#include "host/foreign.h"

/**
 * vs_bypass_scan() - look for foreign programs on ports
 * @f: replaced; free with vs_foreigns_free()
 * @vnics: the entries of the ports
 * @n: how many
 *
 * Return: 0, or why the search is not complete, as in @f->error.
 */
int vs_bypass_scan(struct vs_foreigns *f, const struct vs_driver_vnic *vnics,
		   size_t n);

#endif
