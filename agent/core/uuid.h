/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_UUID_H
#define VS_CORE_UUID_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** VS_UUID_STR - size of the canonical text form, terminator included */
#define VS_UUID_STR 37

/** struct vs_uuid - a VM's UUID, bytes in the order of the text form */
struct vs_uuid {
	uint8_t b[16];
};

/**
 * vs_uuid_parse() - read a UUID strictly
 * @s: the text: "421ea1b2-..." (8-4-4-4-12), 32 hex digits, or VMware's
 *     "42 1e a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e" (blanks may stand
 *     around the dash); any case
 * @uuid: written only on success
 *
 * Return: 0; -EINVAL: not a UUID; -ERANGE: the nil UUID, which names no VM.
 */
int vs_uuid_parse(const char *s, struct vs_uuid *uuid);

/**
 * vs_uuid_format() - print a UUID in canonical form, lower case
 * @uuid: what to print
 * @buf: where to
 *
 * Return: @buf.
 */
char *vs_uuid_format(const struct vs_uuid *uuid, char buf[VS_UUID_STR]);

/** vs_uuid_cmp() - order two UUIDs; <0, 0, >0 like memcmp() */
static inline int vs_uuid_cmp(const struct vs_uuid *a, const struct vs_uuid *b)
{
	return memcmp(a, b, sizeof(*a));
}

/** vs_uuid_is_nil() - true for the UUID of all zeros, "no VM" */
static inline bool vs_uuid_is_nil(const struct vs_uuid *uuid)
{
	static const struct vs_uuid nil;

	return vs_uuid_cmp(uuid, &nil) == 0;
}

#endif
