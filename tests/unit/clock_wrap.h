/* SPDX-License-Identifier: GPL-2.0-only */
/* What the Makefile puts around the clocks; clock_test.c is they. */
#ifndef CLOCK_WRAP_H
#define CLOCK_WRAP_H

#include <time.h>

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);

#endif
