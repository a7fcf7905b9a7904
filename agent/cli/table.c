// SPDX-License-Identifier: GPL-2.0-only
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/table.h"

static int vs_table_line(struct libscols_table *table,
			 const struct vs_selection *sel, const json_t *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	if (!line)
		return -1;
	for (size_t i = 0; i < sel->n; i++) {
		char *text = vs_out_text(json_object_get(row,
							 sel->v[i]->name));

		/* takes the text over */
		if (!text || scols_line_refer_data(line, i, text)) {
			free(text);
			return -1;
		}
	}
	return 0;
}

static int vs_table_fill(struct libscols_table *table,
			 const struct vs_selection *sel, const json_t *rows)
{
	const json_t *row;
	size_t i;

	/* what we have escaped is not to be escaped once more */
	scols_table_enable_noencoding(table, 1);
	for (i = 0; i < sel->n; i++) {
		if (!scols_table_new_column(table, _(sel->v[i]->header), 0,
					    sel->v[i]->right ?
					    SCOLS_FL_RIGHT : 0))
			return -1;
	}
	json_array_foreach(rows, i, row) {
		if (vs_table_line(table, sel, row))
			return -1;
	}
	return 0;
}

/* the library prints nothing of a table without lines */
static void vs_table_headers(const struct vs_selection *sel)
{
	for (size_t i = 0; i < sel->n; i++)
		printf("%s%s", i ? " " : "", _(sel->v[i]->header));
	puts("");
}

enum vs_exit vs_table_print(const struct vs_selection *sel, const json_t *rows)
{
	struct libscols_table *table = scols_new_table();
	enum vs_exit status = VS_EXIT_FINE;

	if (!json_array_size(rows))
		vs_table_headers(sel);
	else if (!table || vs_table_fill(table, sel, rows) ||
		 scols_print_table(table))
		status = vs_out_no_memory();
	scols_unref_table(table);
	return status;
}
