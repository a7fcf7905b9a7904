// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
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

char *vs_out_text(const json_t *value)
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
	status = vs_table_print(sel, rows);
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
