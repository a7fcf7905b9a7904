/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of text for lists without end. Cells are taken row by row, and as
 * they come; what is kept of them is their text in one buffer, and how wide
 * each column has to be. All other lists are tables of a library (cli/table.h).
 */
#ifndef VS_CLI_GRID_H
#define VS_CLI_GRID_H

#include "cli/out.h"

/**
 * struct vs_grid - a table
 * @sel: its columns
 * @width: how many places on a terminal each needs
 * @column: the next cell's
 * @rows: how many are complete
 * @cells: the cells so far
 * @yes: what a boolean looks like
 * @no: likewise
 */
struct vs_grid {
	const struct vs_selection *sel;
	size_t width[VS_COLUMNS_MAX];
	size_t column;
	size_t rows;
	struct vs_buf cells;
	const char *yes;
	const char *no;
};

/** vs_grid_open() - begin a table; free it with vs_grid_close() */
void vs_grid_open(struct vs_grid *grid, const struct vs_selection *sel);

/** vs_grid_restart() - forget all rows */
void vs_grid_restart(struct vs_grid *grid);

/** vs_grid_plain() - the next cell, of printable ASCII characters */
void vs_grid_plain(struct vs_grid *grid, const char *s, size_t len);

/** vs_grid_room() - where the next cell's text goes; NULL: out of memory */
char *vs_grid_room(struct vs_grid *grid, size_t len);

/** vs_grid_took() - the cell's text was written there, all printable ASCII */
void vs_grid_took(struct vs_grid *grid, size_t len);

/**
 * vs_grid_text() - the next cell, of any bytes
 *
 * What moves, hides or reorders other text is escaped, as vs_name_escape()
 * does it, and so is what a terminal has no picture for.
 */
void vs_grid_text(struct vs_grid *grid, const char *s);

/** vs_grid_bool() - the next cell, yes or no */
void vs_grid_bool(struct vs_grid *grid, bool value);

/** vs_grid_none() - the next cell, where there is nothing to say */
void vs_grid_none(struct vs_grid *grid);

/**
 * vs_grid_print() - print the table
 *
 * Return: VS_EXIT_FINE, or VS_EXIT_FAILED when out of memory, which was said.
 */
enum vs_exit vs_grid_print(struct vs_grid *grid);

/** vs_grid_close() - release it */
void vs_grid_close(struct vs_grid *grid);

#endif
