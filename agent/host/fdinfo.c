// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "host/fdinfo.h"

#define VS_FDINFO_KEY "iff:\t"

bool vs_fdinfo_ifname(const char *text, size_t len, char ifname[VS_PORT_NAME])
{
	const size_t key = strlen(VS_FDINFO_KEY);
	const char *end = text + len;

	while (text < end) {
		const char *eol = memchr(text, '\n', end - text);
		size_t n;

		if (!eol)
			eol = end;
		n = eol - text;
		if (n > key && n - key < VS_PORT_NAME &&
		    memcmp(text, VS_FDINFO_KEY, key) == 0 &&
		    !memchr(text, '\0', n)) {
			memcpy(ifname, text + key, n - key);
			ifname[n - key] = '\0';
			return true;
		}
		text = eol + 1;
	}
	return false;
}
