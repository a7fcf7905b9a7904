// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>

#include "core/number.h"

int vs_number_parse(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	bool overflow = false;
	uint64_t n = 0;

	if (!*s || (s[0] == '0' && s[1]))
		return -EINVAL;
	/* read to the end even past an overflow: junk is the graver error */
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		overflow |= __builtin_mul_overflow(n, 10, &n);
		overflow |= __builtin_add_overflow(n, *s - '0', &n);
	}
	if (overflow || n < min || n > max)
		return -ERANGE;
	*out = n;
	return 0;
}

int vs_device_id_parse(const char *s, uint16_t *id)
{
	uint64_t n;
	int ret = vs_number_parse(s, 0, VS_DEVICE_ID_MAX, &n);

	if (!ret)
		*id = n;
	return ret;
}
