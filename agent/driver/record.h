/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures as JSON objects and back, by table: one table says what is
 * written and what is accepted.
 */
#ifndef VS_DRIVER_RECORD_H
#define VS_DRIVER_RECORD_H

#include <jansson.h>
#include <string.h>

#include "core/error.h"
#include "driver/field.h"

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

/** vs_record_has() - the bits of the members that are there */
static inline uint64_t vs_record_has(const struct vs_record *r,
				     const void *from)
{
	uint64_t has = 0;

	if (r->has != VS_RECORD_NO_HAS)
		memcpy(&has, (const char *)from + r->has, sizeof(has));
	return has;
}

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
