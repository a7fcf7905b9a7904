// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

#include "cli/grid.h"
#include "core/name.h"

/* what is printed at once */
#define VS_GRID_BLOCK 65536
/* what may be read and written behind the end of either buffer */
#define VS_GRID_SLACK 16

/** struct vs_cell - stands before the text of each cell */
struct vs_cell {
	uint32_t len;
	uint32_t width;
};

/* the next cell's text was written behind its head */
static void vs_grid_end_cell(struct vs_grid *grid, size_t len, size_t width)
{
	const struct vs_cell cell = { len, width };
	struct vs_buf *cells = &grid->cells;

	memcpy(cells->data + cells->len, &cell, sizeof(cell));
	cells->len += sizeof(cell) + len;
	if (grid->width[grid->column] < width)
		grid->width[grid->column] = width;
	if (++grid->column == grid->sel->n) {
		grid->column = 0;
		grid->rows++;
	}
}

char *vs_grid_room(struct vs_grid *grid, size_t len)
{
	char *to = vs_buf_room(&grid->cells, sizeof(struct vs_cell) + len);

	return to ? to + sizeof(struct vs_cell) : NULL;
}

void vs_grid_took(struct vs_grid *grid, size_t len)
{
	vs_grid_end_cell(grid, len, len);
}

void vs_grid_plain(struct vs_grid *grid, const char *s, size_t len)
{
	char *to = vs_grid_room(grid, len);

	if (!to)
		return;
	memcpy(to, s, len);
	vs_grid_end_cell(grid, len, len);
}

/* one character of escaped text; returns the bytes taken off @s */
static size_t vs_grid_picture(const char *s, char *to, size_t *len,
			      size_t *width)
{
	mbstate_t state = { 0 };
	wchar_t wc;
	size_t n = mbrtowc(&wc, s, MB_CUR_MAX, &state);
	int columns;

	if (n > MB_LEN_MAX || !n) {
		n = 1;
	} else if (iswprint(wc)) {
		/* a locale may call printable what it gives no width */
		columns = wcwidth(wc);
		memcpy(to, s, n);
		*len += n;
		*width += columns > 0 ? columns : 0;
		return n;
	}
	for (size_t i = 0; i < n; i++)
		sprintf(to + 4 * i, "\\x%02x", (unsigned char)s[i]);
	*len += 4 * n;
	*width += 4 * n;
	return n;
}

/* an escaped text has no more than four bytes for each of @s */
static void vs_grid_hostile(struct vs_grid *grid, const char *s)
{
	char none[1];
	size_t size = vs_name_escape(none, sizeof(none), s) + 1;
	char *safe = malloc(size), *p = safe;
	char *to = vs_grid_room(grid, 4 * size);
	size_t len = 0, width = 0;

	if (safe && to) {
		vs_name_escape(safe, size, s);
		while (*p)
			p += vs_grid_picture(p, to + len, &len, &width);
		vs_grid_end_cell(grid, len, width);
	}
	grid->cells.failed |= !safe;
	free(safe);
}

/* what stands in a cell as it is */
static const bool vs_grid_safe[256] = {
	[' ' ... '['] = true, [']' ... '~'] = true,
};

void vs_grid_text(struct vs_grid *grid, const char *s)
{
	const char *p = s;

	while (vs_grid_safe[(unsigned char)*p])
		p++;
	if (*p)
		vs_grid_hostile(grid, s);
	else
		vs_grid_plain(grid, s, p - s);
}

void vs_grid_bool(struct vs_grid *grid, bool value)
{
	vs_grid_text(grid, value ? grid->yes : grid->no);
}

void vs_grid_none(struct vs_grid *grid)
{
	vs_grid_plain(grid, "-", 1);
}

/* the headings are the first row */
void vs_grid_restart(struct vs_grid *grid)
{
	grid->cells.len = 0;
	grid->column = 0;
	grid->rows = 0;
	memset(grid->width, 0, sizeof(grid->width));
	for (size_t i = 0; i < grid->sel->n; i++)
		vs_grid_text(grid, _(grid->sel->v[i]->header));
}

void vs_grid_open(struct vs_grid *grid, const struct vs_selection *sel)
{
	*grid = (struct vs_grid){
		.sel = sel,
		.yes = _("yes"),
		.no = _("no"),
	};
	vs_grid_restart(grid);
}

/* both buffers end later than what is copied, so most is copied at once */
static char *vs_grid_copy(char *to, const char *from, size_t len)
{
	if (len <= VS_GRID_SLACK)
		memcpy(to, from, VS_GRID_SLACK);
	else
		memcpy(to, from, len);
	return to + len;
}

static char *vs_grid_spaces(char *to, size_t n)
{
	memset(to, ' ', VS_GRID_SLACK);
	if (n > VS_GRID_SLACK)
		memset(to, ' ', n);
	return to + n;
}

/* one row; what follows it */
static const char *vs_grid_row(const struct vs_grid *grid, const char *cells,
			       struct vs_buf *out)
{
	const struct vs_column *const *column = grid->sel->v;
	size_t n = grid->sel->n;

	for (size_t i = 0; i < n; i++) {
		struct vs_cell cell;
		size_t pad = 0;
		char *to;

		memcpy(&cell, cells, sizeof(cell));
		cells += sizeof(cell);
		if (grid->width[i] > cell.width)
			pad = grid->width[i] - cell.width;
		to = vs_buf_room(out, pad + cell.len + 1 + VS_GRID_SLACK);
		if (!to)
			return cells;
		if (column[i]->right)
			to = vs_grid_spaces(to, pad);
		to = vs_grid_copy(to, cells, cell.len);
		cells += cell.len;
		/* nothing but the end of the line follows the last one */
		if (i + 1 == n)
			*to++ = '\n';
		else
			to = vs_grid_spaces(to, 1 +
					    (column[i]->right ? 0 : pad));
		out->len = to - out->data;
	}
	return cells;
}

enum vs_exit vs_grid_print(struct vs_grid *grid)
{
	struct vs_buf out = { 0 };
	const char *cells;
	bool failed;

	/* so that every row finds its room at once, but for a huge one */
	vs_buf_room(&out, VS_GRID_BLOCK);
	vs_buf_room(&grid->cells, VS_GRID_SLACK);
	cells = grid->cells.data;
	if (grid->cells.failed || out.failed) {
		vs_buf_free(&out);
		return vs_out_no_memory();
	}
	/* headings without rows are no table */
	if (grid->rows == 1)
		memset(grid->width, 0, sizeof(grid->width));
	for (size_t i = 0; i < grid->rows && !out.failed; i++) {
		cells = vs_grid_row(grid, cells, &out);
		if (out.len >= VS_GRID_BLOCK / 2 || i + 1 == grid->rows) {
			fwrite(out.data, 1, out.len, stdout);
			out.len = 0;
		}
	}
	failed = out.failed;
	vs_buf_free(&out);
	return failed ? vs_out_no_memory() : VS_EXIT_FINE;
}

void vs_grid_close(struct vs_grid *grid)
{
	vs_buf_free(&grid->cells);
}
