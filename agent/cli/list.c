// SPDX-License-Identifier: GPL-2.0-only
/* The JSON is laid out as jansson does it for all other documents. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/list.h"
#include "core/huge.h"

#define VS_PUT(buf, literal) vs_buf_put(buf, literal, sizeof(literal) - 1)

/* a text as long as this is put aside, and another one is begun */
#define VS_LIST_LONG ((size_t)1 << 18)

/* spaces before the keys of objects in the array */
#define VS_INDENT 4

static void vs_json_record(struct vs_buf *out, const struct vs_record *r,
			   const char *from, size_t indent);

/* what stands in a JSON string as it is */
static const bool vs_json_plain[256] = {
	[' ' ... '!'] = true, ['#' ... '['] = true, [']' ... '~'] = true,
};

static char *vs_json_put_string(const char *s, char *to)
{
	*to++ = '"';
	for (; vs_json_plain[(unsigned char)*s]; s++)
		*to++ = *s;
	*to = '"';
	return *s ? NULL : to + 1;
}

/*
 * A value, into the room that vs_json_room() says. Return: its end; NULL: it
 * is a list, or a string that needs more.
 */
static char *vs_json_put(const struct vs_field *f, const char *from, char *to)
{
	if (vs_field_is_number(f))
		return to + vs_number_format(vs_field_number(f, from), to);
	switch (f->kind) {
	case VS_FIELD_LIST:
		return NULL;
	case VS_FIELD_STRING:
		return vs_json_put_string(from, to);
	case VS_FIELD_BOOL:
	case VS_FIELD_FLAG:
		/* both are a byte */
		memcpy(to, *from ? "true" : "false", 5);
		return to + (*from ? 4 : 5);
	default:
		*to = '"';
		to = vs_field_put(f, from, to + 1);
		*to = '"';
		return to + 1;
	}
}

/* @f: NULL: there is none such, which is "null" */
static size_t vs_json_room(const struct vs_field *f)
{
	return 2 + (f && f->kind == VS_FIELD_STRING ? f->size : VS_FIELD_TEXT);
}

static void vs_json_hostile(struct vs_buf *out, const char *s)
{
	json_t *text = vs_json_text(s);
	char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;

	if (quoted)
		vs_buf_put(out, quoted, strlen(quoted));
	else
		out->failed = true;
	free(quoted);
	json_decref(text);
}

static void vs_json_line(struct vs_buf *out, size_t indent)
{
	char *to = vs_buf_room(out, 1 + indent);

	if (!to)
		return;
	*to = '\n';
	memset(to + 1, ' ', indent);
	out->len += 1 + indent;
}

/* an array of objects, whose keys stand four spaces further in than its own */
static void vs_json_array(struct vs_buf *out, const struct vs_field *f,
			  const char *base, size_t indent)
{
	uint32_t n;

	memcpy(&n, base + f->count, sizeof(n));
	VS_PUT(out, "[");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			VS_PUT(out, ",");
		vs_json_line(out, indent + 2);
		vs_json_record(out, f->list, base + f->offset + i * f->size,
			       indent + 4);
	}
	if (n)
		vs_json_line(out, indent);
	VS_PUT(out, "]");
}

static void vs_json_value(struct vs_buf *out, const struct vs_field *f,
			  const char *base, size_t indent)
{
	char *to = vs_buf_room(out, vs_json_room(f));

	if (to)
		to = vs_json_put(f, base + f->offset, to);
	if (to)
		out->len = to - out->data;
	else if (f->kind == VS_FIELD_LIST)
		vs_json_array(out, f, base, indent);
	else if (f->kind == VS_FIELD_STRING)
		vs_json_hostile(out, base + f->offset);
}

/* an object of an object: never empty */
static void vs_json_record(struct vs_buf *out, const struct vs_record *r,
			   const char *from, size_t indent)
{
	uint64_t has = vs_record_has(r, from);
	const char *comma = "";

	VS_PUT(out, "{");
	for (size_t i = 0; i < r->n; i++) {
		const struct vs_field *f = &r->fields[i];

		if (f->bit && !(has & f->bit))
			continue;
		vs_buf_put(out, comma, strlen(comma));
		vs_json_line(out, indent);
		VS_PUT(out, "\"");
		vs_buf_put(out, f->key, strlen(f->key));
		VS_PUT(out, "\": ");
		vs_json_value(out, f, from, indent);
		comma = ",";
	}
	vs_json_line(out, indent - 2);
	VS_PUT(out, "}");
}

static uint32_t vs_member_value(const struct vs_member *m, const char *from)
{
	uint32_t u32;
	uint16_t u16;

	if (m->size == sizeof(u32)) {
		memcpy(&u32, from, sizeof(u32));
		return u32;
	}
	if (m->size == sizeof(u16)) {
		memcpy(&u16, from, sizeof(u16));
		return u16;
	}
	return *(const unsigned char *)from;
}

/* is it what the last row had? @to has room for VS_LIST_TEXT bytes */
static bool vs_member_repeat(const struct vs_member *m, const char *from,
			     char *to)
{
	if (!m->text_len || vs_member_value(m, from) != m->value)
		return false;
	memcpy(to, m->text, VS_LIST_TEXT);
	return true;
}

/* there is room for VS_LIST_TEXT bytes at @text, however many are its own */
static void vs_member_keep(struct vs_member *m, const char *from,
			   const char *text, size_t len)
{
	if (!m->size || len > VS_LIST_TEXT)
		return;
	m->value = vs_member_value(m, from);
	memcpy(m->text, text, VS_LIST_TEXT);
	m->text_len = len;
}

/*
 * A member with its lead, into the room of a row. Return: its end; NULL: the
 * text is at the end of the lead, and the rest needs more.
 */
static char *vs_list_put_json(struct vs_list *list, struct vs_member *m,
			      const char *from, char *to)
{
	char *end;

	if (vs_member_repeat(m, from, to))
		return to + m->text_len;
	memcpy(to, m->lead, sizeof(m->lead));
	end = vs_json_put(m->field, from, to + m->len);
	if (end)
		vs_member_keep(m, from, to, end - to);
	else
		list->text.len = to + m->len - list->text.data;
	return end;
}

static char *vs_list_put_gap(const struct vs_member *m, char *to)
{
	memcpy(to, m->lead, sizeof(m->lead));
	memcpy(to + m->len, "null", 4);
	return to + m->len + 4;
}

/* a long text does not grow in place, but by blocks */
static void vs_list_put_aside(struct vs_list *list)
{
	struct vs_buf *blocks = reallocarray(list->blocks, list->n_blocks + 1,
					     sizeof(*blocks));
	struct vs_buf more = { .cap = VS_HUGE_PAGE };

	if (blocks) {
		list->blocks = blocks;
		more.data = vs_huge_alloc(more.cap);
	}
	if (!more.data) {
		list->text.failed = true;
		return;
	}
	blocks[list->n_blocks++] = list->text;
	list->text = more;
}

static bool vs_list_is_empty(const struct vs_list *list)
{
	return !list->text.len && !list->n_blocks;
}

static char *vs_list_row(struct vs_list *list)
{
	struct vs_buf *out = &list->text;

	if (out->cap - out->len <= list->row && out->len >= VS_LIST_LONG &&
	    !out->failed)
		vs_list_put_aside(list);
	return out->failed ? NULL : vs_buf_room(out, list->row);
}

static void vs_list_add_json(struct vs_list *list, const char *from)
{
	uint64_t has = vs_record_has(list->record, from);
	bool first = vs_list_is_empty(list);
	char *to = vs_list_row(list), *end;
	struct vs_buf *out = &list->text;
	size_t brace = out->len + 4;

	if (!to)
		return;
	memcpy(to, first ? "[\n  " : ",\n  ", 4);
	to += 4;
	for (size_t i = 0; to && i < list->n; i++) {
		struct vs_member *m = &list->members[i];
		const struct vs_field *f = m->field;

		if (!f || (f->bit && !(has & f->bit))) {
			if (list->gaps)
				to = vs_list_put_gap(m, to);
			continue;
		}
		end = vs_list_put_json(list, m, from + f->offset, to);
		if (!end) {
			vs_json_value(out, f, from, VS_INDENT);
			end = vs_buf_room(out, list->row);
		}
		to = end;
	}
	if (!to)
		return;
	/* there is no comma before the first key */
	out->data[brace] = '{';
	memcpy(to, "\n  }", 4);
	out->len = to + 4 - out->data;
}

static void vs_list_put_cell(struct vs_grid *grid, struct vs_member *m,
			     const char *from)
{
	char *to = vs_grid_room(grid, VS_LIST_TEXT);
	size_t len = m->text_len;

	if (!to)
		return;
	if (!vs_member_repeat(m, from, to)) {
		len = vs_field_put(m->field, from, to) - to;
		vs_member_keep(m, from, to, len);
	}
	vs_grid_took(grid, len);
}

static void vs_list_add_row(struct vs_list *list, const char *from)
{
	uint64_t has = vs_record_has(list->record, from);
	struct vs_grid *grid = &list->grid;

	for (size_t i = 0; i < list->n; i++) {
		const struct vs_field *f = list->members[i].field;

		if (!f || (f->bit && !(has & f->bit)))
			vs_grid_none(grid);
		else if (f->kind == VS_FIELD_STRING)
			vs_grid_text(grid, from + f->offset);
		else if (f->kind == VS_FIELD_BOOL || f->kind == VS_FIELD_FLAG)
			vs_grid_bool(grid, from[f->offset]);
		else
			vs_list_put_cell(grid, &list->members[i],
					 from + f->offset);
	}
}

void vs_list_add(struct vs_list *list, const void *from)
{
	if (list->json)
		vs_list_add_json(list, from);
	else
		vs_list_add_row(list, from);
}

static const struct vs_field *vs_list_field(const struct vs_record *r,
					    const char *key)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->fields[i].key, key) == 0 &&
		    r->fields[i].kind != VS_FIELD_LIST)
			return &r->fields[i];
	}
	return NULL;
}

static size_t vs_member_size(const struct vs_field *field)
{
	if (!field)
		return 0;
	switch (field->kind) {
	case VS_FIELD_U8:
	case VS_FIELD_BOOL:
	case VS_FIELD_FLAG:
		return sizeof(uint8_t);
	case VS_FIELD_U16:
		return sizeof(uint16_t);
	case VS_FIELD_U32:
	case VS_FIELD_PID:
	case VS_FIELD_WORD:
		return sizeof(uint32_t);
	default:
		return 0;
	}
}

static void vs_list_member(struct vs_list *list, const char *name,
			   const struct vs_field *field)
{
	struct vs_member *m;

	/* an object has each key once */
	for (size_t i = 0; list->json && i < list->n; i++) {
		if (strcmp(list->members[i].name, name) == 0)
			return;
	}
	if (list->n == VS_LIST_MEMBERS)
		return;
	m = &list->members[list->n++];
	m->name = name;
	m->field = field;
	m->size = vs_member_size(field);
	m->len = snprintf(m->lead, sizeof(m->lead), ",\n%*s\"%s\": ",
			  VS_INDENT, "", name);
	list->row += VS_LIST_LEAD + vs_json_room(field);
}

void vs_list_open(struct vs_list *list, const struct vs_cli *cli,
		  const struct vs_selection *sel,
		  const struct vs_record *record)
{
	*list = (struct vs_list){
		.record = record,
		.json = cli->json,
		.gaps = sel->chosen,
		/* what stands around the members */
		.row = 16,
	};
	if (cli->json && !sel->chosen) {
		for (size_t i = 0; i < record->n; i++)
			vs_list_member(list, record->fields[i].key,
				       &record->fields[i]);
	} else {
		for (size_t i = 0; i < sel->n; i++)
			vs_list_member(list, sel->v[i]->name,
				       vs_list_field(record,
						     sel->v[i]->name));
	}
	if (!cli->json)
		vs_grid_open(&list->grid, sel);
}

static void vs_list_forget_blocks(struct vs_list *list)
{
	while (list->n_blocks)
		vs_buf_free(&list->blocks[--list->n_blocks]);
}

void vs_list_restart(struct vs_list *list)
{
	vs_list_forget_blocks(list);
	list->text.len = 0;
	if (!list->json)
		vs_grid_restart(&list->grid);
}

void vs_list_drop(struct vs_list *list)
{
	vs_grid_close(&list->grid);
	vs_buf_free(&list->text);
	vs_list_forget_blocks(list);
	free(list->blocks);
	list->blocks = NULL;
}

static enum vs_exit vs_list_print_json(struct vs_list *list)
{
	struct vs_buf *out = &list->text;

	if (vs_list_is_empty(list))
		VS_PUT(out, "[]\n");
	else
		VS_PUT(out, "\n]\n");
	if (out->failed)
		return vs_out_no_memory();
	for (size_t i = 0; i < list->n_blocks; i++)
		fwrite(list->blocks[i].data, 1, list->blocks[i].len, stdout);
	fwrite(out->data, 1, out->len, stdout);
	return VS_EXIT_FINE;
}

enum vs_exit vs_list_close(struct vs_list *list)
{
	enum vs_exit status = list->json ? vs_list_print_json(list) :
					   vs_grid_print(&list->grid);

	vs_list_drop(list);
	return status;
}
