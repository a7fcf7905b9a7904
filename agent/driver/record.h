/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures as JSON objects and back, by table: one table says what is
 * written and what is accepted.
 */
#ifndef VS_DRIVER_RECORD_H
#define VS_DRIVER_RECORD_H

#include <jansson.h>

#include "core/error.h"
#include "driver/word.h"

/** enum vs_field_kind - how a member looks in JSON */
enum vs_field_kind {
	VS_FIELD_U8,
	VS_FIELD_U16,
	VS_FIELD_U32,
	VS_FIELD_U64,
	VS_FIELD_S64,
	VS_FIELD_PID,
	VS_FIELD_HEX,		/* uint64_t that is no number to count with */
	VS_FIELD_BOOL,
	VS_FIELD_FLAG,		/* uint8_t, 0 or 1, as a boolean */
	VS_FIELD_STRING,	/* char[size] */
	VS_FIELD_UUID,
	VS_FIELD_MAC,
	VS_FIELD_WORD,		/* uint32_t with a word of enum vs_words */
	VS_FIELD_TAG,		/* uint8_t[size], as hexadecimal digits */
	VS_FIELD_LIST,		/* an array of structures */
};

/**
 * struct vs_field - a member
 * @key: its key
 * @kind: its kind
 * @offset: where it is
 * @size: of a string or tag; of an element of a list
 * @max: the largest number, 0: what its type holds; of a list: how many
 *       elements there is room for
 * @words: of a word
 * @bit: of vs_record.has: tells whether it is there; 0: always
 * @count: of a list: offset of the uint32_t that counts the elements
 * @list: of a list: what its elements are
 */
struct vs_field {
	const char *key;
	enum vs_field_kind kind;
	size_t offset;
	size_t size;
	uint64_t max;
	enum vs_words words;
	uint64_t bit;
	size_t count;
	const struct vs_record *list;
};

/** VS_RECORD_NO_HAS - vs_record.has of a structure whose members all are */
#define VS_RECORD_NO_HAS SIZE_MAX

/**
 * struct vs_record - a structure
 * @fields: its members
 * @n: how many
 * @has: offset of the uint64_t that holds the fields' bits
 */
struct vs_record {
	const struct vs_field *fields;
	size_t n;
	size_t has;
};

/**
 * struct vs_reader - a document that is being read
 * @file: its name, safe to print
 * @error: what is wrong with it; never NULL
 */
struct vs_reader {
	const char *file;
	struct vs_error *error;
};

/** vs_json_text() - a string of any bytes; what is not UTF-8 is escaped */
json_t *vs_json_text(const char *s);

/** vs_record_write() - the object for a structure, or NULL: out of memory */
json_t *vs_record_write(const struct vs_record *r, const void *from);

/**
 * vs_record_read() - the structure for an object, strictly
 * @r: what it must be: every member without a bit, and nothing that is no
 *     member
 * @json: the object
 * @to: the structure, zeroed first
 * @reader: the document
 * @path: where in the document, e.g. "vnics[3]"
 *
 * Return: 0; -EINVAL: it is wrong, said in the reader's error.
 */
int vs_record_read(const struct vs_record *r, const json_t *json, void *to,
		   const struct vs_reader *reader, const char *path);

/** vs_reader_fail() - "FILE: PATH: what is wrong"; -EINVAL */
int vs_reader_fail(const struct vs_reader *reader, const char *path,
		   const char *what);

#endif
