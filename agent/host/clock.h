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

/** vs_clock_after() - when CLOCK_MONOTONIC will be @ms milliseconds on */
static inline struct timespec vs_clock_after(unsigned int ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000L;
	if (ts.tv_nsec >= 1000000000L) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000L;
	}
	return ts;
}

#endif
