/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output. What is to be printed is JSON first; tables and "label: value"
 * lines are made of it, so both say the same.
 */
#ifndef VS_CLI_OUT_H
#define VS_CLI_OUT_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * struct vs_column - a column of a list
 * @name: its name for -o, and its key in JSON
 * @header: its heading; N_()
 * @right: numbers are set to the right
 * @extra: printed only when asked for by -o
 */
struct vs_column {
	const char *name;
	const char *header;
	bool right;
	bool extra;
};

/** VS_COLUMNS_MAX - the most columns a list has */
#define VS_COLUMNS_MAX 32

/**
 * struct vs_selection - the columns that are to be printed
 * @v: they, in order
 * @n: how many
 * @chosen: by -o: then JSON has only these as well
 */
struct vs_selection {
	const struct vs_column *v[VS_COLUMNS_MAX];
	size_t n;
	bool chosen;
};

/**
 * vs_out_select() - choose columns
 * @cli: -o is there
 * @cmd: the command
 * @columns: what there is, ended by one without a name
 * @sel: the choice
 * @status: VS_EXIT_USAGE when -o names another one, which was said
 *
 * Return: true to go on.
 */
bool vs_out_select(const struct vs_cli *cli, const struct vs_command *cmd,
		   const struct vs_column *columns, struct vs_selection *sel,
		   enum vs_exit *status);

/** vs_out_has() - is the column of that name among them? */
bool vs_out_has(const struct vs_selection *sel, const char *name);

/**
 * vs_out_rows() - print a list
 * @cli: as JSON or as a table
 * @sel: the columns
 * @rows: an array of objects; released. NULL: out of memory
 *
 * Return: VS_EXIT_FINE, or VS_EXIT_FAILED when out of memory, which was said.
 */
enum vs_exit vs_out_rows(const struct vs_cli *cli,
			 const struct vs_selection *sel, json_t *rows);

/** vs_out_chosen() - of rows, what -o asks for; @rows is released */
json_t *vs_out_chosen(const struct vs_selection *sel, json_t *rows);

/** struct vs_label - what a key of an object is called; N_() */
struct vs_label {
	const char *key;
	const char *label;
};

/**
 * vs_out_fields() - print one object
 * @cli: as JSON, or a line for each key that has a label and a value
 * @labels: the labels, in order, ended by one without a key
 * @object: released. NULL: out of memory
 *
 * Return: as vs_out_rows().
 */
enum vs_exit vs_out_fields(const struct vs_cli *cli,
			   const struct vs_label *labels, json_t *object);

/** vs_out_labels() - the lines of vs_out_fields() alone */
void vs_out_labels(const struct vs_label *labels, const json_t *object);

/**
 * vs_out_text() - a value as it may stand on a terminal
 *
 * Return: to be freed; NULL when out of memory.
 */
char *vs_out_text(const json_t *value);

/** vs_out_json() - print a document; released. As vs_out_rows() */
enum vs_exit vs_out_json(json_t *doc);

/** vs_out_line() - print a document on one line and flush it; released */
enum vs_exit vs_out_line(json_t *doc);

/** vs_out_no_memory() - says so; VS_EXIT_FAILED */
enum vs_exit vs_out_no_memory(void);

#endif
