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

static int vs_attr_read_one(const struct vs_attr_def *def,
			    const struct nlattr *attr, char *to)
{
	static const size_t sizes[] = {
		[VS_ATTR_U8] = 1, [VS_ATTR_U16] = 2, [VS_ATTR_U32] = 4,
		[VS_ATTR_U64] = 8,
	};
	const void *data = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	size_t want = def->size;

	switch (def->kind) {
	case VS_ATTR_U8:
	case VS_ATTR_U16:
	case VS_ATTR_U32:
	case VS_ATTR_U64:
		want = sizes[def->kind];
		/* fallthrough */
	case VS_ATTR_BYTES:
		if (len != want)
			return -EBADMSG;
		memcpy(to + def->offset, data, len);
		return 0;
	case VS_ATTR_STRING:
		return vs_attr_read_string(def, data, len, to + def->offset);
	case VS_ATTR_FLAG:
		return len ? -EBADMSG : 0;
	case VS_ATTR_NEST:
		return vs_attr_read_all(def->nested, data, len, to);
	case VS_ATTR_LIST:
		return vs_attr_read_element(def, data, len, to);
	case VS_ATTR_NONE:
		break;
	}
	return 0;
}

static int vs_attr_read_all(const struct vs_attr_set *set, const void *attrs,
			    size_t len, char *to)
{
	const struct nlattr *attr = attrs;
	const char *end = (const char *)attrs + len;
	uint64_t has = 0;

	for (; mnl_attr_ok(attr, end - (const char *)attr);
	     attr = mnl_attr_next(attr)) {
		uint16_t type = mnl_attr_get_type(attr);
		int ret;

		if (type >= set->n || set->defs[type].kind == VS_ATTR_NONE)
			continue;
		ret = vs_attr_read_one(&set->defs[type], attr, to);
		if (ret)
			return ret;
		has |= VS_ATTR_BIT(type);
	}
	if ((const char *)attr < end)
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
