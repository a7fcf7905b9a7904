/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_HEX_H
#define VS_CORE_HEX_H

#include <stdbool.h>
#include <stdint.h>

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

#endif
