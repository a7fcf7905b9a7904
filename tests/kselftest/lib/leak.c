// SPDX-License-Identifier: GPL-2.0-only
#include "leak.h"

#include <stdint.h>

#define LEAK_RUN	4

bool leak_search = true;

bool leak_in(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	unsigned int run = 0;
	size_t i;

	if (!leak_search)
		return false;
	for (i = 0; i < len; i++) {
		run = i && bytes[i] == bytes[i - 1] ? run + 1 : 1;
		if (run >= LEAK_RUN && (bytes[i] == 0x6b || bytes[i] == 0xfe))
			return true;
	}
	return false;
}

static bool leak_between(const char *at, size_t len)
{
	const struct nlattr *attr;
	size_t i, whole;

	for (; len; at += whole, len -= whole) {
		attr = (const void *)at;
		if (len < NLA_HDRLEN || attr->nla_len < NLA_HDRLEN)
			return true;
		whole = NLA_ALIGN(attr->nla_len);
		if (whole > len)
			return true;
		for (i = attr->nla_len; i < whole; i++)
			if (at[i])
				return true;
		if (attr->nla_type & NLA_F_NESTED &&
		    leak_between(at + NLA_HDRLEN, attr->nla_len - NLA_HDRLEN))
			return true;
	}
	return false;
}

bool leak_in_message(const struct nlmsghdr *nlh, size_t header)
{
	header += NLMSG_HDRLEN;
	if (!leak_search)
		return false;
	return nlh->nlmsg_len < header || leak_in(nlh, nlh->nlmsg_len) ||
	       leak_between((const char *)nlh + header,
			    nlh->nlmsg_len - header);
}
