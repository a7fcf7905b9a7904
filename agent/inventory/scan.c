// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "inventory/scan.h"

void vs_scan_to(struct vs_scan *s, const char *at)
{
	const char *nl = s->at;

	while ((nl = memchr(nl, '\n', at - nl))) {
		s->line++;
		nl++;
	}
	s->at = at;
}

char vs_scan_peek(struct vs_scan *s)
{
	const char *p = s->at;

	while (p < s->end && (*p == ' ' || *p == '\t' || *p == '\r' ||
			      *p == '\n'))
		p++;
	vs_scan_to(s, p);
	return p < s->end ? *p : 0;
}

bool vs_scan_take(struct vs_scan *s, char c)
{
	if (vs_scan_peek(s) != c || !c)
		return false;
	s->at++;
	return true;
}

bool vs_scan_string(struct vs_scan *s, const char **text, size_t *len)
{
	const char *p;

	if (vs_scan_peek(s) != '"')
		return false;
	for (p = s->at + 1; p < s->end && *p != '"' && *p != '\n'; p++)
		p += *p == '\\';
	if (p >= s->end || *p != '"')
		return false;
	*text = s->at + 1;
	*len = p - *text;
	s->at = p + 1;
	return true;
}

/* take a valid value, whatever it is */
static void vs_scan_skip(struct vs_scan *s)
{
	const char *text;
	size_t len, depth = 0;

	do {
		char c = vs_scan_peek(s);

		if (!c)
			return;
		if (c == '"') {
			if (!vs_scan_string(s, &text, &len))
				return;
			continue;
		}
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		s->at++;
		/* the rest of a number or word */
		while (!depth && s->at < s->end &&
		       !strchr(",]} \t\r\n", *s->at))
			s->at++;
	} while (depth);
}

bool vs_scan_child(struct vs_scan *s, size_t n)
{
	bool object = vs_scan_peek(s) == '{';
	const char *text;
	size_t len;

	if (!object && vs_scan_peek(s) != '[')
		return false;
	s->at++;
	while (vs_scan_peek(s) && !strchr("]}", vs_scan_peek(s))) {
		if (!n--)
			return true;
		if (object && (!vs_scan_string(s, &text, &len) ||
			       !vs_scan_take(s, ':')))
			return false;
		vs_scan_skip(s);
		vs_scan_take(s, ',');
	}
	return false;
}
