// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "host/optstr.h"

/* the end of the part that begins at @s: a lone comma, or the end of it all */
static const char *vs_optstr_end(const char *s)
{
	for (; *s; s++) {
		if (*s != ',')
			continue;
		if (s[1] != ',')
			break;
		s++;
	}
	return s;
}

/* a copy with double commas made single */
static char *vs_optstr_value(const char *s, const char *end)
{
	char *value = malloc(end - s + 1), *p = value;

	if (!value)
		return NULL;
	while (s < end) {
		if (*s == ',')
			s++;
		*p++ = *s++;
	}
	*p = '\0';
	return value;
}

static bool vs_optstr_is(const char *s, size_t len, const char *key)
{
	return key && strlen(key) == len && memcmp(s, key, len) == 0;
}

char *vs_optstr_get(const char *s, const char *key, const char *implied)
{
	const char *from = NULL, *to = NULL;
	bool on = false, first = true;

	for (;;) {
		const char *end = vs_optstr_end(s);
		const char *eq = memchr(s, '=', end - s);

		if (eq ? vs_optstr_is(s, eq - s, key) :
		    first && implied ? strcmp(key, implied) == 0 :
		    vs_optstr_is(s, end - s, key)) {
			on = !eq && !(first && implied);
			from = eq ? eq + 1 : s;
			to = end;
		}
		if (!*end)
			break;
		first = false;
		s = end + 1;
	}
	if (!from)
		return NULL;
	return on ? strdup("on") : vs_optstr_value(from, to);
}
