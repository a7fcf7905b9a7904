// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>

#include "host/link_cache.h"

/* bytes of notifications that may wait; the kernel caps it at rmem_max. The
 * library's own 32 KiB are a few dozen links.
 */
#define VS_LINK_CACHE_WAITING (1024 * 1024)

/* links asked for one by one; a dump of all is cheaper than many more */
#define VS_LINK_CACHE_ASK 32

static int vs_link_cache_heard(struct nl_msg *msg, void *arg)
{
	struct vs_link_cache *c = arg;

	if (c->heard)
		c->heard(c->ctx, nlmsg_hdr(msg));
	return NL_OK;
}

/* it listens before it asks, so that nothing falls between the two */
static int vs_link_cache_listen(struct vs_link_cache *c)
{
	int err = nl_connect(c->ask, NETLINK_ROUTE);

	if (!err)
		err = nl_cache_mngr_alloc(c->sock, NETLINK_ROUTE, 0, &c->mngr);
	if (!err)
		err = nl_socket_set_buffer_size(c->sock, VS_LINK_CACHE_WAITING,
						0);
	if (!err)
		err = nl_socket_modify_cb(c->sock, NL_CB_MSG_IN, NL_CB_CUSTOM,
					  vs_link_cache_heard, c);
	if (!err)
		err = nl_socket_add_membership(c->sock, RTNLGRP_TC);
	if (!err)
		err = nl_cache_mngr_add(c->mngr, "route/link", NULL, NULL,
					&c->links);
	return err;
}

int vs_link_cache_open(struct vs_link_cache *c, struct vs_error *error)
{
	int err = -NLE_NOMEM;

	c->sock = nl_socket_alloc();
	c->ask = nl_socket_alloc();
	if (c->sock && c->ask)
		err = vs_link_cache_listen(c);
	if (!err)
		return 0;
	vs_link_cache_close(c);
	return vs_error_set(error, VS_OP_LIST_LINKS, VS_WHY_NONE, EIO, "%s",
			    nl_geterror(err));
}

void vs_link_cache_close(struct vs_link_cache *c)
{
	/* the cache goes with its manager, the socket does not */
	nl_cache_mngr_free(c->mngr);
	nl_socket_free(c->ask);
	nl_socket_free(c->sock);
	c->links = NULL;
	c->mngr = NULL;
	c->ask = NULL;
	c->sock = NULL;
}

int vs_link_cache_fd(const struct vs_link_cache *c)
{
	return nl_cache_mngr_get_fd(c->mngr);
}

int vs_link_cache_run(struct vs_link_cache *c)
{
	/* the library says "out of memory" for what did not fit the buffer */
	return nl_cache_mngr_data_ready(c->mngr) < 0 ? -ENOBUFS : 0;
}

/*
 * The kernel tells nobody that a tap which is down was opened or let go of:
 * whether it has a carrier is asked, tap by tap, up to so many of them.
 */
static bool vs_link_cache_ask(struct vs_link_cache *c, struct vs_links *links)
{
	int asked = 0;

	for (size_t i = 0; i < links->n; i++) {
		struct vs_link *link = &links->v[i];
		struct rtnl_link *now;

		if (link->kind != VS_LINK_TAP || link->up)
			continue;
		if (++asked > VS_LINK_CACHE_ASK ||
		    rtnl_link_get_kernel(c->ask, link->ifindex, NULL, &now))
			return false;
		link->carrier = rtnl_link_get_carrier(now);
		rtnl_link_put(now);
	}
	return true;
}

int vs_link_cache_read(struct vs_link_cache *c, struct vs_links *links,
		       struct vs_error *error)
{
	int ret;

	if (!c->mngr)
		return vs_links_read(links, error);
	ret = vs_links_take(links, c->links);
	if (ret)
		return vs_error_set(error, VS_OP_LIST_LINKS, VS_WHY_NO_MEMORY,
				    ret, NULL);
	if (vs_link_cache_ask(c, links))
		return 0;
	vs_links_free(links);
	return vs_links_read(links, error);
}
