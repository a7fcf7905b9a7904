/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_CLOCK_H
#define VS_HOST_CLOCK_H

#include <time.h>

#include "core/facts.h"

/** vs_clock_ms() - milliseconds of a clock, e.g. CLOCK_BOOTTIME */
static inline vs_time vs_clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (vs_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/** vs_clock_steady() - milliseconds of a clock that nobody sets */
static inline vs_time vs_clock_steady(void)
{
	return vs_clock_ms(CLOCK_MONOTONIC);
}

#endif
