/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NETLINK_PEN_H
#define _VSN_NETLINK_PEN_H

#include <linux/kconfig.h>
#include <linux/string.h>
#include <net/netlink.h>

/**
 * struct vsn_pen - writes attributes into room that was looked for before
 * @at: where the next one goes
 *
 * For what is put a hundred thousand times. nla_put() looks for room each time,
 * and that is most of what it costs.
 */
struct vsn_pen {
	void *at;
};

/* Most bytes that an attribute takes, padding for alignment included. */
#define VSN_PEN_SIZE(payload)	(nla_total_size(payload) + NLA_HDRLEN)

/* Write the header; returns where @len bytes have to go. */
static __always_inline void *vsn_pen_attr(struct vsn_pen *pen, int attr,
					  size_t len)
{
	struct nlattr *nla = pen->at;

	nla->nla_type = attr;
	nla->nla_len = nla_attr_size(len);
	/* What does not fill its last word is followed by zeros. */
	if (len % NLA_ALIGNTO)
		memset(pen->at + nla_total_size(len) - NLA_ALIGNTO, 0,
		       NLA_ALIGNTO);
	pen->at += nla_total_size(len);
	return nla_data(nla);
}

static __always_inline void vsn_pen_bytes(struct vsn_pen *pen, int attr,
					  const void *value, size_t len)
{
	memcpy(vsn_pen_attr(pen, attr, len), value, len);
}

static __always_inline void vsn_pen_u8(struct vsn_pen *pen, int attr, u8 value)
{
	vsn_pen_bytes(pen, attr, &value, sizeof(value));
}

static __always_inline void vsn_pen_u16(struct vsn_pen *pen, int attr,
					u16 value)
{
	vsn_pen_bytes(pen, attr, &value, sizeof(value));
}

static __always_inline void vsn_pen_u32(struct vsn_pen *pen, int attr,
					u32 value)
{
	vsn_pen_bytes(pen, attr, &value, sizeof(value));
}

/* @pad: attribute that aligns it, where that matters */
static __always_inline void vsn_pen_u64(struct vsn_pen *pen, int attr,
					u64 value, int pad)
{
	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    IS_ALIGNED((unsigned long)pen->at, sizeof(value)))
		vsn_pen_attr(pen, pad, 0);
	vsn_pen_bytes(pen, attr, &value, sizeof(value));
}

static __always_inline void vsn_pen_string(struct vsn_pen *pen, int attr,
					   const char *value)
{
	vsn_pen_bytes(pen, attr, value, strlen(value) + 1);
}

#endif /* _VSN_NETLINK_PEN_H */
