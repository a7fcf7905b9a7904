// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of VMs come from their owners and end up in logs and on terminals:
 * nothing but printable UTF-8 gets in.
 */
#include <linux/limits.h>
#include <linux/types.h>

#include <uapi/linux/vmsafe_net.h>

#include "name.h"

#define VSN_NAME_BAD	U32_MAX

/*
 * Take one character off @s, of at most @len bytes. Overlong forms, surrogates
 * and what lies beyond Unicode are bad.
 */
static u32 vsn_name_char(const u8 *s, size_t len, size_t *used)
{
	static const u32 least[] = { 0, 0x80, 0x800, 0x10000 };
	size_t more, i;
	u32 c;

	if (s[0] < 0x80) {
		*used = 1;
		return s[0];
	}
	if ((s[0] & 0xe0) == 0xc0)
		more = 1;
	else if ((s[0] & 0xf0) == 0xe0)
		more = 2;
	else if ((s[0] & 0xf8) == 0xf0)
		more = 3;
	else
		return VSN_NAME_BAD;
	if (more >= len)
		return VSN_NAME_BAD;

	c = s[0] & (0x3f >> more);
	for (i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return VSN_NAME_BAD;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return VSN_NAME_BAD;
	*used = more + 1;
	return c;
}

/**
 * vsn_name_valid - may this be the name of a VM?
 * @name: the bytes, without a terminating NUL
 * @len: how many
 *
 * Context: any.
 * Return: true for 1 to VMSAFE_NET_NAME_MAX bytes of valid UTF-8 without
 * control characters (C0, DEL, C1).
 */
bool vsn_name_valid(const char *name, size_t len)
{
	const u8 *s = (const u8 *)name;
	size_t used;
	u32 c;

	if (!len || len > VMSAFE_NET_NAME_MAX)
		return false;
	for (; len; s += used, len -= used) {
		c = vsn_name_char(s, len, &used);
		if (c == VSN_NAME_BAD || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}
