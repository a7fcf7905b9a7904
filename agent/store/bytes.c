// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hex.h"
#include "core/name.h"
#include "store/bytes.h"

bool vs_bytes_are_text(const char *s)
{
	uint32_t cp;
	size_t n;

	for (; s && *s; s += n) {
		n = vs_utf8_next(s, &cp);
		if (!n)
			return false;
	}
	return true;
}

void vs_bytes_write(const char *s, char *buf, size_t size)
{
	size_t used = 0;

	for (; *s && used + 2 < size; s++, used += 2)
		snprintf(buf + used, 3, "%02x", (unsigned char)*s);
	buf[used] = '\0';
}

int vs_bytes_read(const char *digits, char *buf, size_t size)
{
	size_t len = strlen(digits);

	if (len % 2 || len / 2 >= size)
		return -EINVAL;
	for (size_t i = 0; i < len; i += 2) {
		int high = vs_hex_digit(digits[i]);
		int low = vs_hex_digit(digits[i + 1]);

		if (high < 0 || low < 0 || !(high | low))
			return -EINVAL;
		buf[i / 2] = high << 4 | low;
	}
	buf[len / 2] = '\0';
	return 0;
}

void vs_bytes_cut(char *buf, size_t size, const char *s)
{
	size_t used = 0, n;
	uint32_t cp;

	for (; s && *s; s += n, used += n) {
		n = vs_utf8_next(s, &cp);
		n += !n;
		if (used + n >= size)
			break;
		memcpy(buf + used, s, n);
	}
	buf[used] = '\0';
}

char *vs_bytes_safe(const char *s)
{
	char none[1], *safe, *from, *to;
	size_t size = vs_name_escape(none, sizeof(none), s) + 1;

	safe = malloc(size);
	if (!safe)
		return NULL;
	vs_name_escape(safe, size, s);
	/* when backslashes are all that was escaped, the text was safe */
	for (from = safe, to = safe; *from; from++) {
		if (from[0] == '\\' && from[1] == '\\')
			from++;
		*to++ = *from;
	}
	*to = '\0';
	if (strcmp(safe, s) != 0)
		vs_name_escape(safe, size, s);
	return safe;
}

int vs_bytes_set(json_t *json, const char *key, const char *s)
{
	size_t size = s ? 2 * strlen(s) + 1 : 0;
	char other[32], *digits;
	int ret;

	if (!s)
		return 0;
	if (vs_bytes_are_text(s))
		return json_object_set_new(json, key, json_string(s)) ?
		       -ENOMEM : 0;
	digits = malloc(size);
	if (!digits)
		return -ENOMEM;
	vs_bytes_write(s, digits, size);
	snprintf(other, sizeof(other), "%s_bytes", key);
	ret = json_object_set_new(json, other, json_string(digits));
	free(digits);
	return ret ? -ENOMEM : 0;
}

int vs_bytes_get(const json_t *json, const char *key, char **s)
{
	const json_t *text = json_object_get(json, key), *digits;
	char other[32];
	size_t size;

	*s = NULL;
	snprintf(other, sizeof(other), "%s_bytes", key);
	digits = json_object_get(json, other);
	if (!text && !digits)
		return 0;
	if ((text && !json_is_string(text)) ||
	    (digits && !json_is_string(digits)) || !text == !digits)
		return -EINVAL;
	if (text) {
		*s = strdup(json_string_value(text));
		return *s ? 0 : -ENOMEM;
	}
	size = json_string_length(digits) / 2 + 1;
	*s = malloc(size);
	if (!*s)
		return -ENOMEM;
	return vs_bytes_read(json_string_value(digits), *s, size);
}
