/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a structure, and how each is written. */
#ifndef VS_DRIVER_FIELD_H
#define VS_DRIVER_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "driver/word.h"

struct vs_record;

/** enum vs_field_kind - how a member looks in JSON; the numbers come first */
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

/** VS_TAG_MAX - the longest VS_FIELD_TAG, in bytes */
#define VS_TAG_MAX 16

/** VS_FIELD_TEXT - room for the text of every member that is no string */
#define VS_FIELD_TEXT 48

/** vs_field_is_number() - is it a number in JSON? */
static inline bool vs_field_is_number(const struct vs_field *f)
{
	return f->kind <= VS_FIELD_PID;
}

/** vs_field_number() - that number, whatever the member's size */
static inline int64_t vs_field_number(const struct vs_field *f,
				      const void *from)
{
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		int64_t s64;
		pid_t pid;
	} n;

	switch (f->kind) {
	case VS_FIELD_U8:
		memcpy(&n.u8, from, sizeof(n.u8));
		return n.u8;
	case VS_FIELD_U16:
		memcpy(&n.u16, from, sizeof(n.u16));
		return n.u16;
	case VS_FIELD_U32:
		memcpy(&n.u32, from, sizeof(n.u32));
		return n.u32;
	case VS_FIELD_PID:
		memcpy(&n.pid, from, sizeof(n.pid));
		return n.pid;
	default:
		memcpy(&n.s64, from, sizeof(n.s64));
		return n.s64;
	}
}

/**
 * vs_field_put() - write a member as text, of printable ASCII characters
 * @f: the member; neither a string, which is its own text, nor a list, nor a
 *     boolean, whose text is the reader's
 * @from: where it is
 * @to: room for VS_FIELD_TEXT bytes; no terminator is written
 *
 * Return: the end of the text.
 */
char *vs_field_put(const struct vs_field *f, const void *from, char *to);

#endif
