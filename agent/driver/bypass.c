// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "driver/bypass.h"

static int vs_bypass_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

int vs_bypass_scan(struct vs_foreigns *f, const struct vs_driver_vnic *vnics,
		   size_t n)
{
	uint32_t *ports = calloc(n + 1, sizeof(*ports));
	int ret;

	if (!ports) {
		*f = (struct vs_foreigns){ .asked = true };
		return vs_error_set(&f->error, VS_OP_FIND_PROGRAMS,
				    VS_WHY_NO_MEMORY, ENOMEM, NULL);
	}
	for (size_t i = 0; i < n; i++)
		ports[i] = vnics[i].ifindex;
	qsort(ports, n, sizeof(*ports), vs_bypass_order);
	ret = vs_foreigns_scan(f, ports, n);
	free(ports);
	return ret;
}
