// SPDX-License-Identifier: GPL-2.0-only
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"
#include "core/buf.h"
#include "core/name.h"

enum vs_exit vs_out_no_memory(void)
{
	vs_say("%s", _("out of memory"));
	return VS_EXIT_FAILED;
}

static void vs_select(struct vs_selection *sel, const struct vs_column *col)
{
	if (sel->n < VS_COLUMNS_MAX)
		sel->v[sel->n++] = col;
}

static const struct vs_column *vs_column_find(const struct vs_column *columns,
					      const char *name, size_t len)
{
	for (; columns->name; columns++) {
		if (strlen(columns->name) == len &&
		    strncmp(columns->name, name, len) == 0)
			return columns;
	}
	return NULL;
}

static enum vs_exit vs_column_unknown(const struct vs_command *cmd,
				      const struct vs_column *columns,
				      const char *name, size_t len)
{
	struct vs_buf known = { 0 };
	char raw[64], safe[256];

	for (; columns->name; columns++)
		vs_buf_addf(&known, "%s%s", known.len ? "," : "",
			    columns->name);
	snprintf(raw, sizeof(raw), "%.*s", (int)len, name);
	vs_name_escape(safe, sizeof(safe), raw);
	vs_say_usage(cmd, _("no column \"%s\"; there are: %s"), safe,
		     vs_buf_str(&known));
	vs_buf_free(&known);
	return VS_EXIT_USAGE;
}

bool vs_out_select(const struct vs_cli *cli, const struct vs_command *cmd,
		   const struct vs_column *columns, struct vs_selection *sel,
		   enum vs_exit *status)
{
	const char *name = cli->columns;

	*sel = (struct vs_selection){ .chosen = name };
	if (!name) {
		for (; columns->name; columns++) {
			if (!columns->extra)
				vs_select(sel, columns);
		}
		return true;
	}
	for (;;) {
		size_t len = strcspn(name, ",");
		const struct vs_column *col;

		col = vs_column_find(columns, name, len);
		if (!col) {
			*status = vs_column_unknown(cmd, columns, name, len);
			return false;
		}
		vs_select(sel, col);
		if (!name[len])
			return true;
		name += len + 1;
	}
}

bool vs_out_has(const struct vs_selection *sel, const char *name)
{
	for (size_t i = 0; i < sel->n; i++) {
		if (strcmp(sel->v[i]->name, name) == 0)
			return true;
	}
	return false;
}

/* a value as it may stand on a terminal */
static char *vs_out_text(const json_t *value)
{
	const char *s = json_string_value(value);
	char number[32];
	size_t size;
	char *text;

	if (s) {
		size = vs_name_escape(number, 1, s) + 1;
		text = malloc(size);
		if (text)
			vs_name_escape(text, size, s);
		return text;
	}
	if (json_is_boolean(value))
		return strdup(json_is_true(value) ? _("yes") : _("no"));
	if (!json_is_integer(value))
		return strdup("-");
	snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(value));
	return strdup(number);
}

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

	for (i = 0; i < sel->n; i++) {
		struct libscols_column *column;

		column = scols_table_new_column(table, _(sel->v[i]->header), 0,
						sel->v[i]->right ?
						SCOLS_FL_RIGHT : 0);
		/* what we have escaped is not to be escaped once more */
		if (!column || scols_column_set_safechars(column, "\\"))
			return -1;
	}
	json_array_foreach(rows, i, row) {
		if (vs_table_line(table, sel, row))
			return -1;
	}
	return 0;
}

/* the library prints nothing of a table without lines */
static void vs_out_headers(const struct vs_selection *sel)
{
	for (size_t i = 0; i < sel->n; i++)
		printf("%s%s", i ? " " : "", _(sel->v[i]->header));
	puts("");
}

static enum vs_exit vs_out_table(const struct vs_selection *sel,
				 const json_t *rows)
{
	struct libscols_table *table = scols_new_table();
	enum vs_exit status = VS_EXIT_FINE;

	if (!json_array_size(rows))
		vs_out_headers(sel);
	else if (!table || vs_table_fill(table, sel, rows))
		status = vs_out_no_memory();
	else
		scols_print_table(table);
	scols_unref_table(table);
	return status;
}

json_t *vs_out_chosen(const struct vs_selection *sel, json_t *rows)
{
	json_t *chosen, *row;
	size_t i, j;

	if (!sel->chosen)
		return rows;
	chosen = json_array();
	json_array_foreach(rows, i, row) {
		json_t *some = json_object();

		for (j = 0; j < sel->n; j++) {
			json_t *value = json_object_get(row, sel->v[j]->name);

			json_object_set_new(some, sel->v[j]->name, value ?
					    json_incref(value) : json_null());
		}
		json_array_append_new(chosen, some);
	}
	json_decref(rows);
	return chosen;
}

enum vs_exit vs_out_rows(const struct vs_cli *cli,
			 const struct vs_selection *sel, json_t *rows)
{
	enum vs_exit status;

	if (!rows)
		return vs_out_no_memory();
	if (cli->json)
		return vs_out_json(vs_out_chosen(sel, rows));
	status = vs_out_table(sel, rows);
	json_decref(rows);
	return status;
}

void vs_out_labels(const struct vs_label *labels, const json_t *object)
{
	for (; labels->key; labels++) {
		const json_t *value = json_object_get(object, labels->key);
		char *text;

		if (!value || json_is_null(value))
			continue;
		text = vs_out_text(value);
		printf("%s: %s\n", _(labels->label), text ? text : "?");
		free(text);
	}
}

enum vs_exit vs_out_fields(const struct vs_cli *cli,
			   const struct vs_label *labels, json_t *object)
{
	if (!object)
		return vs_out_no_memory();
	if (cli->json)
		return vs_out_json(object);
	vs_out_labels(labels, object);
	json_decref(object);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_out_dump(json_t *doc, size_t flags)
{
	/* a write that fails shows when standard output is flushed */
	char *text = doc ? json_dumps(doc, flags) : NULL;

	json_decref(doc);
	if (!text)
		return vs_out_no_memory();
	puts(text);
	free(text);
	return VS_EXIT_FINE;
}

enum vs_exit vs_out_json(json_t *doc)
{
	return vs_out_dump(doc, JSON_INDENT(2));
}

enum vs_exit vs_out_line(json_t *doc)
{
	enum vs_exit status = vs_out_dump(doc, JSON_COMPACT);

	fflush(stdout);
	return status;
}
