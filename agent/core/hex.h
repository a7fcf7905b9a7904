/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_HEX_H
#define VS_CORE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* the two digits of every byte, one after the other */
extern const char vs_hex_lower[512];
extern const char vs_hex_upper[512];

/** vs_hex_digit() - value of a hexadecimal digit of either case, or -1 */
static inline int vs_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/** vs_hex_byte() - read exactly two hexadecimal digits */
static inline bool vs_hex_byte(const char *s, uint8_t *byte)
{
	int hi = vs_hex_digit(s[0]);
	int lo = hi < 0 ? -1 : vs_hex_digit(s[1]);

	if (lo < 0)
		return false;
	*byte = hi << 4 | lo;
	return true;
}

/** vs_hex_put() - write a byte as two lower-case digits; what follows them */
static inline char *vs_hex_put(char *to, uint8_t byte)
{
	memcpy(to, vs_hex_lower + 2 * byte, 2);
	return to + 2;
}

/** vs_hex_text() - @n bytes as lower-case digits; @out: 2 * @n + 1 of them */
static inline const char *vs_hex_text(char *out, const uint8_t *bytes, size_t n)
{
	char *to = out;

	for (size_t i = 0; i < n; i++)
		to = vs_hex_put(to, bytes[i]);
	*to = '\0';
	return out;
}

#endif
