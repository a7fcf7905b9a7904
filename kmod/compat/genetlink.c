// SPDX-License-Identifier: GPL-2.0-only
/* What kernels before 6.2 lack of generic netlink. Empty for later ones. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#ifndef VSN_HAVE_GENL_SPLIT_OPS

/* The family has some fifteen entries; a larger table is refused at load. */
#define VSN_COMPAT_OPS_MAX	32

static struct genl_ops vsn_compat_ops[VSN_COMPAT_OPS_MAX];

/**
 * vsn_compat_genl_register - register a family whose table is split
 * @family: the family, its ops one entry per command and kind
 *
 * Entries of the same command become one. Both kinds must take the same
 * attributes, because the folded entry has one policy for both.
 *
 * Context: process, once.
 * Return: 0, -E2BIG for too large a table, -EINVAL for kinds of one command
 * that differ, or what genl_register_family() returns.
 */
int vsn_compat_genl_register(struct genl_family *family)
{
	const struct genl_ops *op = family->ops;
	const struct genl_ops *end = op + family->n_ops;
	struct genl_ops *to = NULL;
	unsigned int n = 0;

	for (; op < end; op++) {
		if (to && to->cmd == op->cmd) {
			if (to->maxattr != op->maxattr)
				return -EINVAL;
			to->dumpit = op->dumpit;
			to->flags |= op->flags;
			continue;
		}
		if (n == VSN_COMPAT_OPS_MAX)
			return -E2BIG;
		to = &vsn_compat_ops[n++];
		*to = *op;
	}
	family->ops = vsn_compat_ops;
	family->n_ops = n;
	return genl_register_family(family);
}

#endif /* VSN_HAVE_GENL_SPLIT_OPS */

#ifdef VSN_COMPAT_EXTACK_FMT

/*
 * A buffer is used again after as many further refusals; it is read as soon as
 * the handler returns. Its last byte is never written, so that even then it is
 * a string.
 */
#define VSN_COMPAT_EXTACK_RING	64
#define VSN_COMPAT_EXTACK_LEN	96

/**
 * vsn_compat_extack_fmt - set a formatted extack message
 * @extack: where to, may be NULL
 * @fmt: as for printf()
 *
 * Context: any.
 */
void vsn_compat_extack_fmt(struct netlink_ext_ack *extack, const char *fmt, ...)
{
	static char ring[VSN_COMPAT_EXTACK_RING][VSN_COMPAT_EXTACK_LEN + 1];
	static atomic_t next;
	char *text;
	va_list args;

	if (!extack)
		return;
	text = ring[(unsigned int)atomic_inc_return(&next) %
		    VSN_COMPAT_EXTACK_RING];
	va_start(args, fmt);
	vscnprintf(text, VSN_COMPAT_EXTACK_LEN, fmt, args);
	va_end(args);
	extack->_msg = text;
}

#endif /* VSN_COMPAT_EXTACK_FMT */
