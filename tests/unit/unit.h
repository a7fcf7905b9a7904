/* SPDX-License-Identifier: GPL-2.0-only */
/* What every unit test includes: cmocka and what it needs before it. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* where random numbers begin: always alike, or at UNIT_SEED; never 0 */
static inline unsigned long long unit_seed(void)
{
	const char *s = getenv("UNIT_SEED");
	unsigned long long seed = s ? strtoull(s, NULL, 10) : 1;

	seed += !seed;
	printf("# UNIT_SEED=%llu\n", seed);
	fflush(stdout);
	return seed;
}

/* which row of a table failed; a loop over rows sets it */
#define assert_row(row, condition) \
	do { \
		if (!(condition)) \
			fail_msg("row %zu: %s", (size_t)(row), #condition); \
	} while (0)

#define assert_row_string(row, a, b) \
	do { \
		if (strcmp(a, b) != 0) \
			fail_msg("row %zu: \"%s\" is not \"%s\"", \
				 (size_t)(row), a, b); \
	} while (0)

#endif
