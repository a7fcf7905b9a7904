// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/hex.h"
#include "core/mac.h"

/* six bytes, with @sep before every @group-th but the first */
static bool vs_mac_read(const char *s, char sep, int group,
			struct vs_mac *mac)
{
	for (int i = 0; i < 6; i++) {
		if (sep && i && i % group == 0 && *s++ != sep)
			return false;
		if (!vs_hex_byte(s, &mac->b[i]))
			return false;
		s += 2;
	}
	return *s == '\0';
}

int vs_mac_parse(const char *s, struct vs_mac *mac)
{
	struct vs_mac m;

	if (!vs_mac_read(s, ':', 1, &m) && !vs_mac_read(s, '-', 1, &m) &&
	    !vs_mac_read(s, '.', 2, &m) && !vs_mac_read(s, '\0', 1, &m))
		return -EINVAL;
	*mac = m;
	return 0;
}

int vs_mac_parse_guest(const char *s, struct vs_mac *mac)
{
	struct vs_mac m;
	int ret = vs_mac_parse(s, &m);

	if (ret)
		return ret;
	if (!vs_mac_is_guest(&m))
		return -ERANGE;
	*mac = m;
	return 0;
}

char *vs_mac_format(const struct vs_mac *mac, char buf[VS_MAC_STR])
{
	char *p = buf;

	for (int i = 0; i < 6; i++) {
		memcpy(p, vs_hex_upper + 2 * mac->b[i], 2);
		p[2] = ':';
		p += 3;
	}
	p[-1] = '\0';
	return buf;
}
