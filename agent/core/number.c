// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>

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

/* 00 to 99 */
static const char vs_number_pairs[200] =
	"00010203040506070809"
	"10111213141516171819"
	"20212223242526272829"
	"30313233343536373839"
	"40414243444546474849"
	"50515253545556575859"
	"60616263646566676869"
	"70717273747576777879"
	"80818283848586878889"
	"90919293949596979899";

size_t vs_number_format(int64_t n, char buf[VS_NUMBER_STR])
{
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	/* one half takes the digits, the other is there to be copied */
	char digits[2 * VS_NUMBER_STR];
	char *p = digits + VS_NUMBER_STR;

	for (; rest >= 10; rest /= 100) {
		p -= 2;
		memcpy(p, vs_number_pairs + 2 * (rest % 100), 2);
	}
	/* what is left is one digit, or nothing */
	if (rest || p == digits + VS_NUMBER_STR)
		*--p = '0' + rest;
	if (n < 0)
		*--p = '-';
	memcpy(buf, p, VS_NUMBER_STR);
	return digits + VS_NUMBER_STR - p;
}

int vs_device_id_parse(const char *s, uint16_t *id)
{
	uint64_t n;
	int ret = vs_number_parse(s, 0, VS_DEVICE_ID_MAX, &n);

	if (!ret)
		*id = n;
	return ret;
}
