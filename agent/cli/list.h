/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists that grow with the table: structures become rows of a grid or objects
 * of a JSON array one by one, as they come, by the table that says what is in
 * them (driver/record.h). Nothing of them is kept but what will be printed,
 * and nothing is printed before the last has come.
 */
#ifndef VS_CLI_LIST_H
#define VS_CLI_LIST_H

#include "cli/grid.h"
#include "driver/record.h"

/** VS_LIST_MEMBERS - the most members that a row has */
#define VS_LIST_MEMBERS 40

/** VS_LIST_LEAD - room for the longest key, and for what stands around it */
#define VS_LIST_LEAD 32

/** VS_LIST_TEXT - the longest text that is kept for the next row */
#define VS_LIST_TEXT 64

/**
 * struct vs_member - a member of each row
 * @name: its column and its key
 * @field: where it comes from; NULL: these structures have none such
 * @lead: what stands before it in JSON
 * @len: the length of that
 * @size: of a small number, word or boolean, which rows mostly repeat; or 0
 * @value: of the last row; of no use without @text_len
 * @text: what was written for it, with the lead
 * @text_len: the length of that; 0: there is none
 */
struct vs_member {
	const char *name;
	const struct vs_field *field;
	char lead[VS_LIST_LEAD];
	size_t len;
	size_t size;
	uint32_t value;
	char text[VS_LIST_TEXT];
	size_t text_len;
};

/**
 * struct vs_list - a list that is being made
 * @record: what the structures are
 * @json: as JSON, else as a grid
 * @gaps: in JSON, what is not there is null, not left out
 * @members: what is printed of each
 * @n: how many that are
 * @grid: the rows
 * @text: the array, or the end of a long one
 * @blocks: what comes before it
 * @n_blocks: how many they are
 * @row: room that a row needs there, but for lists and hostile strings
 */
struct vs_list {
	const struct vs_record *record;
	bool json;
	bool gaps;
	struct vs_member members[VS_LIST_MEMBERS];
	size_t n;
	struct vs_grid grid;
	struct vs_buf text;
	struct vs_buf *blocks;
	size_t n_blocks;
	size_t row;
};

/**
 * vs_list_open() - begin a list
 * @list: the list; end it with vs_list_close() or vs_list_drop()
 * @cli: as JSON or as a table
 * @sel: the columns; in JSON, all that there is unless -o chose
 * @record: what the structures are
 */
void vs_list_open(struct vs_list *list, const struct vs_cli *cli,
		  const struct vs_selection *sel,
		  const struct vs_record *record);

/** vs_list_restart() - forget all rows: those who gave them begin again */
void vs_list_restart(struct vs_list *list);

/** vs_list_add() - a row */
void vs_list_add(struct vs_list *list, const void *from);

/** vs_list_drop() - print nothing of it */
void vs_list_drop(struct vs_list *list);

/** vs_list_close() - print it. Return: as vs_out_rows() */
enum vs_exit vs_list_close(struct vs_list *list);

#endif
