/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of rows that are there as a whole, set by libsmartcols: every list
 * but the driver's own, which may have 100,000 rows and come row by row
 * (cli/grid.h): the library takes 47,000 instructions for each.
 */
#ifndef VS_CLI_TABLE_H
#define VS_CLI_TABLE_H

#include "cli/out.h"

/**
 * vs_table_print() - print it
 * @sel: the columns
 * @rows: an array of objects
 *
 * Return: VS_EXIT_FINE, or VS_EXIT_FAILED when out of memory, which was said.
 */
enum vs_exit vs_table_print(const struct vs_selection *sel,
			    const json_t *rows);

#endif
