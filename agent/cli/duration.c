// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "cli/duration.h"
#include "core/number.h"

int vs_duration_parse(const char *s, unsigned int max, unsigned int *seconds)
{
	static const struct {
		char letter;
		unsigned int seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	size_t len = strlen(s);
	char number[16];
	uint64_t n;

	if (len < 2 || len > sizeof(number))
		return -EINVAL;
	memcpy(number, s, len - 1);
	number[len - 1] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		int ret;

		if (units[i].letter != s[len - 1])
			continue;
		ret = vs_number_parse(number, 1, max / units[i].seconds, &n);
		if (!ret)
			*seconds = n * units[i].seconds;
		return ret;
	}
	return -EINVAL;
}
