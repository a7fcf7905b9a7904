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
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

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
