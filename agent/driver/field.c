// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "core/hex.h"
#include "core/mac.h"
#include "core/number.h"
#include "core/uuid.h"
#include "driver/field.h"

/* all 16 digits */
static char *vs_field_put_hex(const void *from, char *to)
{
	uint64_t n;

	memcpy(&n, from, sizeof(n));
	for (int shift = 56; shift >= 0; shift -= 8)
		to = vs_hex_put(to, n >> shift);
	return to;
}

static char *vs_field_put_tag(const struct vs_field *f, const uint8_t *from,
			      char *to)
{
	for (size_t i = 0; i < f->size && i < VS_TAG_MAX; i++)
		to = vs_hex_put(to, from[i]);
	return to;
}

static char *vs_field_put_word(const struct vs_field *f, const void *from,
			       char *to)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	/* no word is as long as VS_FIELD_TEXT */
	return stpcpy(to, vs_driver_word(f->words, value));
}

char *vs_field_put(const struct vs_field *f, const void *from, char *to)
{
	switch (f->kind) {
	case VS_FIELD_UUID:
		vs_uuid_format(from, to);
		return to + VS_UUID_STR - 1;
	case VS_FIELD_MAC:
		vs_mac_format(from, to);
		return to + VS_MAC_STR - 1;
	case VS_FIELD_WORD:
		return vs_field_put_word(f, from, to);
	case VS_FIELD_HEX:
		return vs_field_put_hex(from, to);
	case VS_FIELD_TAG:
		return vs_field_put_tag(f, from, to);
	default:
		return to + vs_number_format(vs_field_number(f, from), to);
	}
}
