// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "core/number.h"
#include "policy/address.h"

int vs_address_parse(const char *s, struct vs_address *address)
{
	*address = (struct vs_address){ .family = 4 };
	if (inet_pton(AF_INET, s, address->b) == 1)
		return 0;
	address->family = 6;
	return inet_pton(AF_INET6, s, address->b) == 1 ? 0 : -EINVAL;
}

const char *vs_address_format(uint8_t family, const void *bytes,
			      char buf[VS_ADDRESS_STR])
{
	if (!inet_ntop(family == 4 ? AF_INET : AF_INET6, bytes, buf,
		       VS_ADDRESS_STR))
		*buf = '\0';
	return buf;
}

int vs_prefix_parse(const char *s, struct vs_address *address,
		    uint8_t mask[16])
{
	const char *slash = strchr(s, '/');
	char text[VS_ADDRESS_STR];
	size_t len = slash ? (size_t)(slash - s) : strlen(s);
	uint64_t bits;
	int ret, most;

	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, s, len);
	text[len] = '\0';
	if (vs_address_parse(text, address))
		return -EINVAL;
	most = address->family == 4 ? 32 : 128;
	bits = most;
	ret = slash ? vs_number_parse(slash + 1, 0, most, &bits) : 0;
	if (ret)
		return ret;
	memset(mask, 0, 16);
	for (uint64_t i = 0; i < bits; i++)
		mask[i / 8] |= 0x80 >> i % 8;
	for (int i = 0; i < 16; i++) {
		if (address->b[i] & ~mask[i])
			return -EDOM;
	}
	return 0;
}

int vs_prefix_length(const void *mask)
{
	const uint8_t *b = mask;
	int n = 0;

	for (int i = 0; i < 16; i++)
		n += __builtin_popcount(b[i]);
	return n;
}
