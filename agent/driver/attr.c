// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "driver/attr.h"

static int vs_attr_read_all(const struct vs_attr_set *set, const void *attrs,
			    size_t len, char *to);

static int vs_attr_read_string(const struct vs_attr_def *def, const char *s,
			       size_t len, char *to)
{
	size_t n = strnlen(s, len);

	/* nothing but one terminator may follow the text */
	if (n >= def->size || len - n > 1)
		return -EBADMSG;
	memcpy(to, s, n);
	to[n] = '\0';
	return 0;
}

/* elements come one by one, and each is put behind the last */
static int vs_attr_read_element(const struct vs_attr_def *def,
				const void *attrs, size_t len, char *to)
{
	char *element;
	uint32_t n;

	memcpy(&n, to + def->count, sizeof(n));
	if (n >= def->cap)
		return -EBADMSG;
	element = to + def->offset + n * def->size;
	memset(element, 0, def->size);
	n++;
	memcpy(to + def->count, &n, sizeof(n));
	return vs_attr_read_all(def->nested, attrs, len, element);
}

/* those that are not just so many bytes */
static int vs_attr_read_other(const struct vs_attr_def *def, const void *data,
			      size_t len, char *to)
{
	switch (def->kind) {
	case VS_ATTR_STRING:
		return vs_attr_read_string(def, data, len, to + def->offset);
	case VS_ATTR_FLAG:
		return len ? -EBADMSG : 0;
	case VS_ATTR_NEST:
		return vs_attr_read_all(def->nested, data, len, to);
	default:
		return vs_attr_read_element(def, data, len, to);
	}
}

/* the sizes of most attributes, so that each of them is one move */
static inline void vs_attr_copy(char *to, const void *data, size_t len)
{
	if (len == 4)
		memcpy(to, data, 4);
	else if (len == 8)
		memcpy(to, data, 8);
	else if (len == 6)
		memcpy(to, data, 6);
	else if (len == 1)
		*to = *(const char *)data;
	else if (len == 16)
		memcpy(to, data, 16);
	else
		memcpy(to, data, len);
}

/* libmnl takes an attribute apart in five calls, and lists have many */
static int vs_attr_read_all(const struct vs_attr_set *set, const void *attrs,
			    size_t len, char *to)
{
	const struct nlattr *attr = attrs;
	uint64_t has = 0;

	while (len >= NLA_HDRLEN) {
		const struct vs_attr_def *def;
		size_t whole = attr->nla_len;
		size_t type = attr->nla_type & NLA_TYPE_MASK;
		const void *data = attr + 1;

		if (whole < NLA_HDRLEN || whole > len)
			return -EBADMSG;
		/* the last one need not be padded */
		len -= NLA_ALIGN(whole) < len ? NLA_ALIGN(whole) : len;
		attr = (const void *)((const char *)attr + NLA_ALIGN(whole));
		def = &set->defs[type];
		if (type >= set->n || def->kind == VS_ATTR_NONE)
			continue;
		whole -= NLA_HDRLEN;
		if (def->kind <= VS_ATTR_BYTES) {
			if (whole != def->size)
				return -EBADMSG;
			vs_attr_copy(to + def->offset, data, whole);
		} else if (vs_attr_read_other(def, data, whole, to)) {
			return -EBADMSG;
		}
		has |= VS_ATTR_BIT(type);
	}
	if (len)
		return -EBADMSG;
	if (set->has != VS_ATTR_NO_HAS)
		memcpy(to + set->has, &has, sizeof(has));
	return 0;
}

int vs_attr_read(const struct vs_attr_set *set, const struct nlmsghdr *nlh,
		 void *to)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (len < GENL_HDRLEN)
		return -EBADMSG;
	return vs_attr_read_all(set,
				mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
				len - GENL_HDRLEN, to);
}

int vs_attr_read_nested(const struct vs_attr_set *set,
			const struct nlattr *nest, void *to)
{
	return vs_attr_read_all(set, mnl_attr_get_payload(nest),
				mnl_attr_get_payload_len(nest), to);
}

const char *vs_attr_name(const struct vs_attr_set *set, unsigned int type)
{
	return set && type < set->n ? set->defs[type].name : NULL;
}
