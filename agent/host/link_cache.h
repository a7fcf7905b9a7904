/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The links of this network namespace, kept as they change: libnl's link
 * cache, dumped once and fed by rtnetlink's notifications since.
 */
#ifndef VS_HOST_LINK_CACHE_H
#define VS_HOST_LINK_CACHE_H

#include <linux/netlink.h>

#include "core/error.h"
#include "host/links.h"

struct nl_cache;
struct nl_cache_mngr;
struct nl_sock;

/**
 * vs_link_heard_fn - a notification came
 * @ctx: the owner's
 * @nlh: a message of RTNLGRP_LINK or RTNLGRP_TC, whole; the cache does not
 *       have it yet
 */
typedef void (*vs_link_heard_fn)(void *ctx, const struct nlmsghdr *nlh);

/**
 * struct vs_link_cache - the links, and a socket that tells of changes
 * @sock: hears of links, of filters and queueing disciplines
 * @ask: asks for what nobody tells
 * @mngr: takes what it hears into @links; NULL: not open
 * @links: as they were after the last vs_link_cache_run()
 * @heard: called for each notification; NULL: nobody wants to know
 * @ctx: its
 */
struct vs_link_cache {
	struct nl_sock *sock;
	struct nl_sock *ask;
	struct nl_cache_mngr *mngr;
	struct nl_cache *links;
	vs_link_heard_fn heard;
	void *ctx;
};

/**
 * vs_link_cache_open() - listen, then ask the kernel for all links
 * @c: filled in; @heard and @ctx are its owner's to set before
 * @error: why it failed
 *
 * Return: 0; -EIO: the library says why in the error's detail.
 */
int vs_link_cache_open(struct vs_link_cache *c, struct vs_error *error);

/** vs_link_cache_close() - fine twice, and where it was never open */
void vs_link_cache_close(struct vs_link_cache *c);

/** vs_link_cache_fd() - readable when vs_link_cache_run() is due */
int vs_link_cache_fd(const struct vs_link_cache *c);

/**
 * vs_link_cache_run() - take what came
 * @c: open
 *
 * Return: 0; -ENOBUFS: notifications were lost, or could not be taken in: the
 * cache is not to be trusted any more, close it and open it anew.
 */
int vs_link_cache_run(struct vs_link_cache *c);

/**
 * vs_link_cache_read() - the links, as of the last run
 * @c: where it is not open, the kernel is asked for all of them
 * @links: replaced; free with vs_links_free()
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_link_cache_read(struct vs_link_cache *c, struct vs_links *links,
		       struct vs_error *error);

#endif
