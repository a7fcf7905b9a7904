// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "api/accept.h"

static const char *const vs_accept_known[] = { "en", "ja" };

/* a weight in thousandths: ";q=0.5" is 500, none is 1000, nonsense is 0 */
static int vs_accept_weight(const char *s, size_t len)
{
	static const int places[] = { 1000, 0, 100, 10, 1 };
	const char *q = memchr(s, ';', len);
	const char *end = s + len;
	int weight = 0;

	if (!q)
		return 1000;
	for (q++; q < end && (*q == ' ' || *q == '\t'); q++)
		;
	if (end - q < 3 || (*q | 0x20) != 'q' || q[1] != '=')
		return 0;
	q += 2;
	for (size_t i = 0; q < end && i < 5 && *q != ' '; i++, q++) {
		if (i == 1 ? *q != '.' : *q < '0' || *q > '9')
			return 0;
		weight += places[i] * (*q - '0') * (i != 1);
	}
	return weight > 1000 ? 0 : weight;
}

/* "ja", "ja-JP", "*"; @usual for the latter */
static const char *vs_accept_name(const char *s, size_t len, const char *usual)
{
	size_t n = strcspn(s, "-;, \t");

	if (n > len)
		n = len;
	if (n == 1 && *s == '*')
		return usual;
	for (size_t i = 0; i < 2; i++) {
		if (n == 2 && strncasecmp(s, vs_accept_known[i], 2) == 0)
			return vs_accept_known[i];
	}
	return NULL;
}

const char *vs_accept_language(const char *header, const char *usual)
{
	const char *best = usual;
	int most = 0;

	while (header && *header) {
		size_t len = strcspn(header, ",");
		const char *name;
		int weight;

		if (strchr(" \t,", *header)) {
			header++;
			continue;
		}
		name = vs_accept_name(header, len, usual);
		weight = name ? vs_accept_weight(header, len) : 0;
		if (weight > most) {
			most = weight;
			best = name;
		}
		header += len;
	}
	return best;
}
