// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "core/str.h"

struct vs_str *vs_str_get(const char *s, struct vs_str *near)
{
	struct vs_str *str;
	size_t size;

	if (near && strcmp(near->s, s) == 0)
		return vs_str_share(near);
	size = strlen(s) + 1;
	str = malloc(sizeof(*str) + size);
	if (!str)
		return NULL;
	str->refs = 1;
	memcpy(str->s, s, size);
	return str;
}

void vs_str_put(struct vs_str *str)
{
	if (str && !--str->refs)
		free(str);
}

bool vs_str_is(const struct vs_str *str, const char *s)
{
	return strcmp(str ? str->s : "", s ? s : "") == 0;
}
