// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/facts.h"
#include "core/hex.h"
#include "core/name.h"
#include "driver/record.h"
#include "po/i18n.h"

/* digits of a VS_FIELD_HEX */
#define VS_HEX_DIGITS 16

json_t *vs_json_text(const char *s)
{
	json_t *text = json_string(s);
	char *safe, none[1];
	size_t size;

	if (text)
		return text;
	size = vs_name_escape(none, sizeof(none), s) + 1;
	safe = malloc(size);
	if (!safe)
		return NULL;
	vs_name_escape(safe, size, s);
	text = json_string(safe);
	free(safe);
	return text;
}

static json_t *vs_field_list(const struct vs_field *f, const char *base)
{
	json_t *list = json_array();
	uint32_t n;

	memcpy(&n, base + f->count, sizeof(n));
	for (uint32_t i = 0; list && i < n; i++) {
		if (json_array_append_new(list,
					  vs_record_write(f->list, base +
							  f->offset +
							  i * f->size))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *vs_field_write(const struct vs_field *f, const char *base)
{
	const void *from = base + f->offset;
	char buf[VS_FIELD_TEXT];

	switch (f->kind) {
	case VS_FIELD_LIST:
		return vs_field_list(f, base);
	case VS_FIELD_BOOL:
		return json_boolean(*(const bool *)from);
	case VS_FIELD_FLAG:
		return json_boolean(*(const uint8_t *)from);
	case VS_FIELD_STRING:
		return vs_json_text(from);
	default:
		if (vs_field_is_number(f))
			return json_integer(vs_field_number(f, from));
		return json_stringn(buf, vs_field_put(f, from, buf) - buf);
	}
}

json_t *vs_record_write(const struct vs_record *r, const void *from)
{
	json_t *json = json_object();

	for (size_t i = 0; json && i < r->n; i++) {
		const struct vs_field *f = &r->fields[i];

		if (f->bit && !(vs_record_has(r, from) & f->bit))
			continue;
		if (json_object_set_new(json, f->key,
					vs_field_write(f, from))) {
			json_decref(json);
			json = NULL;
		}
	}
	return json;
}

int vs_reader_fail(const struct vs_reader *reader, const char *path,
		   const char *what)
{
	return vs_error_set(reader->error, VS_OP_PARSE, VS_WHY_BAD_DATA,
			    EINVAL, "%s: %s: %s", reader->file, path, what);
}

static uint64_t vs_field_max(const struct vs_field *f)
{
	if (f->max)
		return f->max;
	switch (f->kind) {
	case VS_FIELD_U8:
		return UINT8_MAX;
	case VS_FIELD_U16:
		return UINT16_MAX;
	case VS_FIELD_U32:
		return UINT32_MAX;
	case VS_FIELD_PID:
		return INT32_MAX;
	default:
		return INT64_MAX;
	}
}

static const char *vs_field_read_number(const struct vs_field *f,
					const json_t *json, void *to)
{
	int64_t n = json_integer_value(json);
	uint8_t u8 = n;
	uint16_t u16 = n;
	uint32_t u32 = n;

	if (!json_is_integer(json))
		return _("is not a whole number");
	if (n < 0 || (uint64_t)n > vs_field_max(f))
		return _("is out of range");
	if (f->kind == VS_FIELD_U8)
		memcpy(to, &u8, sizeof(u8));
	else if (f->kind == VS_FIELD_U16)
		memcpy(to, &u16, sizeof(u16));
	else if (f->kind == VS_FIELD_U32 || f->kind == VS_FIELD_PID)
		memcpy(to, &u32, sizeof(u32));
	else
		memcpy(to, &n, sizeof(n));
	return NULL;
}

static const char *vs_field_read_hex(const char *s, void *to)
{
	uint64_t n = 0;

	if (strlen(s) != VS_HEX_DIGITS)
		return _("is not 16 hexadecimal digits");
	for (; *s; s++) {
		int digit = vs_hex_digit(*s);

		if (digit < 0)
			return _("is not 16 hexadecimal digits");
		n = n << 4 | digit;
	}
	memcpy(to, &n, sizeof(n));
	return NULL;
}

static const char *vs_field_read_tag(const struct vs_field *f, const char *s,
				     uint8_t *to)
{
	if (strlen(s) != 2 * f->size)
		return _("is not a tag");
	for (size_t i = 0; i < f->size; i++) {
		int high = vs_hex_digit(s[2 * i]);
		int low = vs_hex_digit(s[2 * i + 1]);

		if (high < 0 || low < 0)
			return _("is not a tag");
		to[i] = high << 4 | low;
	}
	return NULL;
}

static const char *vs_field_read_string(const struct vs_field *f,
					const char *s, void *to)
{
	uint32_t word;

	switch (f->kind) {
	case VS_FIELD_HEX:
		return vs_field_read_hex(s, to);
	case VS_FIELD_TAG:
		return vs_field_read_tag(f, s, to);
	case VS_FIELD_UUID:
		return vs_uuid_parse(s, to) ? _("is not a UUID") : NULL;
	case VS_FIELD_MAC:
		return vs_mac_parse(s, to) ? _("is not a MAC address") : NULL;
	case VS_FIELD_WORD:
		if (vs_driver_word_parse(f->words, s, &word))
			return _("is not a known word");
		memcpy(to, &word, sizeof(word));
		return NULL;
	default:
		if (strlen(s) >= f->size)
			return _("is too long");
		memset(to, 0, f->size);
		strcpy(to, s);
		return NULL;
	}
}

/* NULL, or what is wrong */
static const char *vs_field_read(const struct vs_field *f, const json_t *json,
				 char *to)
{
	switch (f->kind) {
	case VS_FIELD_BOOL:
	case VS_FIELD_FLAG:
		if (!json_is_boolean(json))
			return _("is neither true nor false");
		if (f->kind == VS_FIELD_BOOL)
			*(bool *)to = json_is_true(json);
		else
			*(uint8_t *)to = json_is_true(json);
		return NULL;
	case VS_FIELD_U8:
	case VS_FIELD_U16:
	case VS_FIELD_U32:
	case VS_FIELD_U64:
	case VS_FIELD_S64:
	case VS_FIELD_PID:
		return vs_field_read_number(f, json, to);
	default:
		if (!json_is_string(json))
			return _("is not a string");
		return vs_field_read_string(f, json_string_value(json), to);
	}
}

static int vs_record_unknown(const struct vs_record *r, const json_t *json,
			     const struct vs_reader *reader, const char *path)
{
	char safe[64], what[sizeof(safe) + 64];
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)json, key, value) {
		size_t i = 0;

		while (i < r->n && strcmp(r->fields[i].key, key) != 0)
			i++;
		if (i < r->n)
			continue;
		vs_name_escape(safe, sizeof(safe), key);
		snprintf(what, sizeof(what), _("unknown key \"%s\""), safe);
		return vs_reader_fail(reader, path, what);
	}
	return 0;
}

static int vs_record_read_list(const struct vs_field *f, const json_t *json,
			       char *base, const struct vs_reader *reader,
			       const char *path)
{
	size_t n = json_array_size(json);
	uint32_t count = n;
	char where[160];

	if (!json_is_array(json))
		return vs_reader_fail(reader, path, _("is not a list"));
	if (n > f->max)
		return vs_reader_fail(reader, path, _("is too long"));
	for (size_t i = 0; i < n; i++) {
		snprintf(where, sizeof(where), "%s[%zu]", path, i);
		if (vs_record_read(f->list, json_array_get(json, i),
				   base + f->offset + i * f->size, reader,
				   where))
			return -EINVAL;
	}
	memcpy(base + f->count, &count, sizeof(count));
	return 0;
}

/* a member that is there (@value) or is not (NULL) */
static int vs_record_read_one(const struct vs_field *f, const json_t *value,
			      char *to, const struct vs_reader *reader,
			      const char *path)
{
	const char *wrong = NULL;
	char where[128];

	snprintf(where, sizeof(where), "%s%s%s", path, *path ? "." : "",
		 f->key);
	if (value && f->kind == VS_FIELD_LIST)
		return vs_record_read_list(f, value, to, reader, where);
	if (value)
		wrong = vs_field_read(f, value, to + f->offset);
	else if (!f->bit)
		wrong = _("is missing");
	return wrong ? vs_reader_fail(reader, where, wrong) : 0;
}

int vs_record_read(const struct vs_record *r, const json_t *json, void *to,
		   const struct vs_reader *reader, const char *path)
{
	uint64_t has = 0;

	if (!json_is_object(json))
		return vs_reader_fail(reader, path, _("is not an object"));
	for (size_t i = 0; i < r->n; i++) {
		const struct vs_field *f = &r->fields[i];
		const json_t *value = json_object_get(json, f->key);

		if (vs_record_read_one(f, value, to, reader, path))
			return -EINVAL;
		if (value)
			has |= f->bit;
	}
	if (r->has != VS_RECORD_NO_HAS)
		memcpy((char *)to + r->has, &has, sizeof(has));
	return vs_record_unknown(r, json, reader, path);
}
