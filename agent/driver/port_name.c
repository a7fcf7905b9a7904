// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "driver/client.h"

int vs_port_name_parse(const char *s, struct vs_port_name *port)
{
	uint64_t n;

	/* no interface name has a colon or a slash in it */
	*port = (struct vs_port_name){ 0 };
	if (strncmp(s, "id:", 3) == 0)
		return vs_number_parse(s + 3, 1, UINT64_MAX, &port->id) ?
		       -EINVAL : 0;
	if (strncmp(s, "ifindex:", 8) == 0) {
		if (vs_number_parse(s + 8, 1, INT32_MAX, &n))
			return -EINVAL;
		port->ifindex = n;
		return 0;
	}
	if (!*s || strlen(s) >= sizeof(port->ifname) || strpbrk(s, ":/ \t\n") ||
	    strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
		return -EINVAL;
	strcpy(port->ifname, s);
	return 0;
}
