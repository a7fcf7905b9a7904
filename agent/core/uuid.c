// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/hex.h"
#include "core/uuid.h"

/*
 * The three ways of writing, by what stands before byte 0 .. byte 15. In
 * VMware's the middle is a dash that may have blanks around it.
 */
static const char *const vs_uuid_canonical[16] = {
	"", "", "", "", "-", "", "-", "", "-", "", "-", "", "", "", "", ""
};

static const char *const vs_uuid_vmware[16] = {
	"", " ", " ", " ", " ", " ", " ", " ",
	"-", " ", " ", " ", " ", " ", " ", " "
};

static const char *const vs_uuid_vmware_wide[16] = {
	"", " ", " ", " ", " ", " ", " ", " ",
	" - ", " ", " ", " ", " ", " ", " ", " "
};

static const char *const vs_uuid_bare[16] = {
	"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""
};

static bool vs_uuid_read(const char *s, const char *const *before,
			 struct vs_uuid *uuid)
{
	for (int i = 0; i < 16; i++) {
		size_t skip = strlen(before[i]);

		if (strncmp(s, before[i], skip) != 0)
			return false;
		s += skip;
		if (!vs_hex_byte(s, &uuid->b[i]))
			return false;
		s += 2;
	}
	return *s == '\0';
}

int vs_uuid_parse(const char *s, struct vs_uuid *uuid)
{
	struct vs_uuid u;

	if (!vs_uuid_read(s, vs_uuid_canonical, &u) &&
	    !vs_uuid_read(s, vs_uuid_vmware, &u) &&
	    !vs_uuid_read(s, vs_uuid_vmware_wide, &u) &&
	    !vs_uuid_read(s, vs_uuid_bare, &u))
		return -EINVAL;
	if (vs_uuid_is_nil(&u))
		return -ERANGE;
	*uuid = u;
	return 0;
}

/* bytes as digits, and a dash behind them */
static char *vs_uuid_group(char *p, const uint8_t *b, int n)
{
	for (int i = 0; i < n; i++)
		p = vs_hex_put(p, b[i]);
	*p = '-';
	return p + 1;
}

char *vs_uuid_format(const struct vs_uuid *uuid, char buf[VS_UUID_STR])
{
	char *p = buf;

	p = vs_uuid_group(p, uuid->b, 4);
	p = vs_uuid_group(p, uuid->b + 4, 2);
	p = vs_uuid_group(p, uuid->b + 6, 2);
	p = vs_uuid_group(p, uuid->b + 8, 2);
	p = vs_uuid_group(p, uuid->b + 10, 6);
	p[-1] = '\0';
	return buf;
}
