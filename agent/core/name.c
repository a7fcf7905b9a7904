// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"

/* number of bytes that a lead byte announces, and its payload */
static size_t vs_utf8_lead(unsigned char c, uint32_t *bits)
{
	if (c < 0x80) {
		*bits = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf) {
		*bits = c & 0x1f;
		return 2;
	}
	if (c >= 0xe0 && c <= 0xef) {
		*bits = c & 0x0f;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		*bits = c & 0x07;
		return 4;
	}
	return 0;
}

size_t vs_utf8_next(const char *s, uint32_t *cp)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c;
	size_t len = vs_utf8_lead(p[0], &c);

	*cp = p[0];
	/* the terminator is no continuation byte, so this stops in time */
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (!len || c < smallest[len] || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

static bool vs_cp_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f);
}

/*
 * Characters that move, hide or reorder what stands around them, or cannot be
 * seen, so that two names look the same: from the first to the last of each
 * row, in ascending order (Unicode 15: Bidi_Control, and of
 * Default_Ignorable_Code_Point all but variation selectors; line separators;
 * interlinear annotation)
 */
static const uint32_t vs_cp_hostile[][2] = {
	{ 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c },
	{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180e, 0x180e },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0x3164, 0x3164 }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
	{ 0xfff9, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe00ff },
};

static bool vs_cp_is_hostile(uint32_t cp)
{
	size_t n = sizeof(vs_cp_hostile) / sizeof(*vs_cp_hostile);

	for (size_t i = 0; i < n && cp >= vs_cp_hostile[i][0]; i++) {
		if (cp <= vs_cp_hostile[i][1])
			return true;
	}
	return vs_cp_is_control(cp);
}

/* what follows the printable ASCII characters, which most names are made of */
static const char *vs_name_beyond_ascii(const char *s)
{
	while (*s >= ' ' && *s < 0x7f)
		s++;
	return s;
}

int vs_name_check(const char *s)
{
	size_t len = strlen(s);

	if (!len)
		return -EINVAL;
	if (len > VS_NAME_MAX)
		return -ENAMETOOLONG;
	for (s = vs_name_beyond_ascii(s); *s; s = vs_name_beyond_ascii(s)) {
		uint32_t cp;
		size_t n = vs_utf8_next(s, &cp);

		if (!n)
			return -EILSEQ;
		if (vs_cp_is_control(cp))
			return -EINVAL;
		s += n;
	}
	return 0;
}

int vs_name_fit(char buf[VS_NAME_MAX + 1], const char *s)
{
	size_t used = 0;

	if (!*s)
		return -EINVAL;
	while (*s) {
		uint32_t cp;
		size_t n = vs_utf8_next(s, &cp);
		bool bad = !n || vs_cp_is_control(cp);
		size_t len = bad ? 1 : n;

		if (used + len > VS_NAME_MAX)
			break;
		memcpy(buf + used, bad ? "?" : s, len);
		used += len;
		s += n ? n : 1;
	}
	buf[used] = '\0';
	return 0;
}

bool vs_name_is(const char *known, const char *asked)
{
	char fitted[VS_NAME_MAX + 1];

	return strcmp(known, asked) == 0 ||
	       (vs_name_check(asked) && !vs_name_fit(fitted, asked) &&
		strcmp(known, fitted) == 0);
}

/* "\U000E0001" and its NUL are the longest */
#define VS_ESCAPE 11

/* one character of @s as it may be printed; returns the bytes taken off @s */
static size_t vs_name_escape_one(const char *s, char out[VS_ESCAPE])
{
	uint32_t cp;
	size_t n = vs_utf8_next(s, &cp);

	if (!n || cp < 0x20 || cp == 0x7f)
		snprintf(out, VS_ESCAPE, "\\x%02X", (unsigned int)cp & 0xff);
	else if (vs_cp_is_hostile(cp))
		snprintf(out, VS_ESCAPE, cp > 0xffff ? "\\U%08X" : "\\u%04X",
			 (unsigned int)cp);
	else if (cp == '\\')
		strcpy(out, "\\\\");
	else
		snprintf(out, VS_ESCAPE, "%.*s", (int)n, s);
	return n ? n : 1;
}

size_t vs_name_escape(char *buf, size_t size, const char *s)
{
	size_t total = 0, used = 0;
	bool full = false;

	for (s = s ? s : ""; *s;) {
		char one[VS_ESCAPE];
		size_t len;

		s += vs_name_escape_one(s, one);
		len = strlen(one);
		total += len;
		full |= used + len >= size;
		if (!full) {
			memcpy(buf + used, one, len);
			used += len;
		}
	}
	buf[used] = '\0';
	return total;
}

static char vs_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool vs_host_is(const char *a, const char *b)
{
	while (*a && vs_fold(*a) == vs_fold(*b)) {
		a++;
		b++;
	}
	if (!*a && !*b)
		return true;
	if (*a && *b)
		return false;
	/* one ended: it must have been a first label */
	return *a == '.' || *b == '.';
}
