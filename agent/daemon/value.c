// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/number.h"
#include "daemon/value.h"

/** struct vs_unit - a unit of time */
struct vs_unit {
	const char *name;
	int64_t ms;
};

static const struct vs_unit vs_units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "sec", 1000 },
	{ "second", 1000 },
	{ "seconds", 1000 },
	{ "m", 60000 },
	{ "min", 60000 },
	{ "minute", 60000 },
	{ "minutes", 60000 },
	{ "h", 3600000 },
	{ "hour", 3600000 },
	{ "hours", 3600000 },
	{ "d", 86400000 },
	{ "day", 86400000 },
	{ "days", 86400000 },
	{ "w", 604800000 },
	{ "week", 604800000 },
	{ "weeks", 604800000 },
};

static const char vs_digits[] = "0123456789";
static const char vs_letters[] = "abcdefghijklmnopqrstuvwxyz";

static int64_t vs_unit_find(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(vs_units) / sizeof(*vs_units); i++) {
		if (strlen(vs_units[i].name) == len &&
		    memcmp(vs_units[i].name, name, len) == 0)
			return vs_units[i].ms;
	}
	return 0;
}

/* "12 s": how much of @s it was, or a negative errno */
static int vs_value_part(const char *s, vs_time *ms)
{
	size_t digits = strspn(s, vs_digits), blanks, letters;
	char text[20] = "";
	int64_t unit;
	uint64_t n;
	int ret;

	if (!digits)
		return -EINVAL;
	if (digits >= sizeof(text))
		return -ERANGE;
	memcpy(text, s, digits);
	ret = vs_number_parse(text, 0, VS_VALUE_DURATION_MAX, &n);
	blanks = strspn(s + digits, " ");
	letters = strspn(s + digits + blanks, vs_letters);
	unit = vs_unit_find(s + digits + blanks, letters);
	if (ret || !unit)
		return ret ? ret : -EINVAL;
	if ((int64_t)n > VS_VALUE_DURATION_MAX / unit)
		return -ERANGE;
	*ms = n * unit;
	return digits + blanks + letters;
}

int vs_value_duration(const char *s, vs_time *out)
{
	vs_time sum = 0, ms = 0;
	int len;

	if (strcmp(s, "0") == 0) {
		*out = 0;
		return 0;
	}
	do {
		len = vs_value_part(s, &ms);
		if (len < 0)
			return len;
		sum += ms;
		if (sum > VS_VALUE_DURATION_MAX)
			return -ERANGE;
		s += len;
		s += strspn(s, " ");
	} while (*s);
	*out = sum;
	return 0;
}

int vs_value_switch(const char *s, bool *out)
{
	static const char *const words[] = {
		"off", "on", "no", "yes", "false", "true",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(s, words[i]) == 0) {
			*out = i % 2;
			return 0;
		}
	}
	return -EINVAL;
}
