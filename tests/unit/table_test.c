// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables look the same, whether the library sets them or the grid, which is
 * for lists without end.
 */
#include "unit.h"

#include <stdlib.h>

#include "cli.h"
#include "cli/grid.h"
#include "cli/table.h"

static const struct vs_column columns[] = {
	{ .name = "name", .header = "NAME" },
	{ .name = "count", .header = "COUNT", .right = true },
	{ .name = "text", .header = "TEXT" },
};

/* of text, what lists may have to show */
static const char *const texts[] = {
	"", "-", "plain", "a\\b", "\\x1b", "\x1b[31m", "tab\there",
	"\"quoted\"", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	"a\xe2\x80\xae" "b", "e\xcc\x81", "\xef\xbd\xb1",
	"\xf0\x9f\x98\x80", "new\nline",
};

struct sheet {
	struct vs_selection sel;
	json_t *rows;
};

static void by_library(void *arg)
{
	const struct sheet *sheet = arg;

	assert_int_equal(vs_table_print(&sheet->sel, sheet->rows),
			 VS_EXIT_FINE);
}

static void by_grid(void *arg)
{
	const struct sheet *sheet = arg;
	struct vs_grid grid;
	const json_t *row;
	size_t i, j;

	vs_grid_open(&grid, &sheet->sel);
	json_array_foreach(sheet->rows, i, row) {
		for (j = 0; j < sheet->sel.n; j++) {
			const json_t *cell;

			cell = json_object_get(row, sheet->sel.v[j]->name);
			if (json_is_string(cell))
				vs_grid_text(&grid, json_string_value(cell));
			else if (json_is_boolean(cell))
				vs_grid_bool(&grid, json_is_true(cell));
			else
				vs_grid_none(&grid);
		}
	}
	assert_int_equal(vs_grid_print(&grid), VS_EXIT_FINE);
	vs_grid_close(&grid);
}

static void is_same(struct sheet *sheet)
{
	char *library = strdup(cli_output(by_library, sheet));

	assert_non_null(library);
	assert_string_equal(cli_output(by_grid, sheet), library);
	free(library);
}

static json_t *row(size_t i, size_t j)
{
	return json_pack("{s:s, s:o, s:s}", "name", texts[i], "count",
			 j % 3 ? json_boolean(j % 2) : json_null(),
			 "text", texts[j]);
}

static void same(void **state)
{
	struct sheet sheet = { .rows = json_array() };

	(void)state;
	vs_i18n_init("en");
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		sheet.sel.v[sheet.sel.n++] = &columns[i];
	is_same(&sheet);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_array_append_new(sheet.rows, row(i, i));
		is_same(&sheet);
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_array_clear(sheet.rows);
		for (size_t j = 0; j < ARRAY_SIZE(texts); j++)
			json_array_append_new(sheet.rows, row(i, j));
		is_same(&sheet);
	}
	json_decref(sheet.rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
