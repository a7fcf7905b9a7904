// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/word.h"
#include "host/links.h"

static const char *const vs_link_kinds[] = {
	[VS_LINK_OTHER] = "other",
	[VS_LINK_TAP] = "tap",
	[VS_LINK_MACVTAP] = "macvtap",
	[VS_LINK_IPVTAP] = "ipvtap",
};

const char *vs_link_kind_word(enum vs_link_kind kind)
{
	return VS_WORD(vs_link_kinds, kind);
}

static enum vs_link_kind vs_link_kind(struct rtnl_link *from)
{
	const char *type = rtnl_link_get_type(from);

	if (!type)
		return VS_LINK_OTHER;
	/* a tun without Ethernet carries no vNIC */
	if (strcmp(type, "tun") == 0)
		return rtnl_link_get_arptype(from) == ARPHRD_ETHER ?
		       VS_LINK_TAP : VS_LINK_OTHER;
	if (strcmp(type, "macvtap") == 0)
		return VS_LINK_MACVTAP;
	return strcmp(type, "ipvtap") == 0 ? VS_LINK_IPVTAP : VS_LINK_OTHER;
}

/* a short file of sysfs as a terminated string */
static bool vs_sysfs_read(char *buf, size_t size, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	return true;
}

/*
 * The number of /dev/tapN. The sysfs that is mounted may show another network
 * namespace than ours: then what it says of a link of this name is no use.
 */
static dev_t vs_link_rdev(const struct vs_link *link)
{
	unsigned int major, minor;
	char path[96], text[32];

	snprintf(path, sizeof(path), "/sys/class/net/%s/ifindex", link->name);
	if (!vs_sysfs_read(text, sizeof(text), path) ||
	    strtoul(text, NULL, 10) != link->ifindex)
		return 0;
	snprintf(path, sizeof(path), "/sys/class/net/%s/tap%u/dev", link->name,
		 link->ifindex);
	if (!vs_sysfs_read(text, sizeof(text), path) ||
	    sscanf(text, "%u:%u", &major, &minor) != 2)
		return 0;
	return makedev(major, minor);
}

static void vs_link_take(struct vs_link *link, struct rtnl_link *from)
{
	struct nl_addr *mac = rtnl_link_get_addr(from);
	const char *name = rtnl_link_get_name(from);

	link->ifindex = rtnl_link_get_ifindex(from);
	link->master = rtnl_link_get_master(from);
	link->lower = rtnl_link_get_link(from);
	link->kind = vs_link_kind(from);
	link->up = rtnl_link_get_flags(from) & IFF_UP;
	link->carrier = rtnl_link_get_carrier(from);
	if (mac && nl_addr_get_len(mac) == sizeof(link->mac))
		memcpy(&link->mac, nl_addr_get_binary_addr(mac),
		       sizeof(link->mac));
	snprintf(link->name, sizeof(link->name), "%s", name ? name : "");
	if (link->kind == VS_LINK_MACVTAP || link->kind == VS_LINK_IPVTAP)
		link->rdev = vs_link_rdev(link);
}

int vs_links_take(struct vs_links *links, struct nl_cache *cache)
{
	struct nl_object *obj;

	*links = (struct vs_links){
		.v = calloc(nl_cache_nitems(cache) + 1, sizeof(*links->v)),
	};
	if (!links->v)
		return -ENOMEM;
	for (obj = nl_cache_get_first(cache); obj;
	     obj = nl_cache_get_next(obj)) {
		struct rtnl_link *link = (struct rtnl_link *)obj;

		/* a bridge tells of its ports apart, as if of other links */
		if (rtnl_link_get_family(link) == AF_UNSPEC)
			vs_link_take(&links->v[links->n++], link);
	}
	vs_links_sort(links);
	return 0;
}

/* the library retries a dump that a change has torn */
static int vs_links_ask(struct nl_sock *sock, struct nl_cache **cache)
{
	int err = nl_connect(sock, NETLINK_ROUTE);

	return err ? err : rtnl_link_alloc_cache(sock, AF_UNSPEC, cache);
}

int vs_links_read(struct vs_links *links, struct vs_error *error)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_cache *cache = NULL;
	int err, ret;

	*links = (struct vs_links){ 0 };
	if (!sock)
		return vs_error_set(error, VS_OP_LIST_LINKS, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	err = vs_links_ask(sock, &cache);
	if (err) {
		ret = vs_error_set(error, VS_OP_LIST_LINKS, VS_WHY_NONE, EIO,
				   "%s", nl_geterror(err));
	} else {
		ret = vs_links_take(links, cache);
		if (ret)
			vs_error_set(error, VS_OP_LIST_LINKS, VS_WHY_NO_MEMORY,
				     ret, NULL);
		nl_cache_free(cache);
	}
	nl_socket_free(sock);
	return ret;
}

static int vs_link_order(const void *a, const void *b)
{
	const struct vs_link *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

void vs_links_sort(struct vs_links *links)
{
	if (links->n)
		qsort(links->v, links->n, sizeof(*links->v), vs_link_order);
}

void vs_links_free(struct vs_links *links)
{
	free(links->v);
	*links = (struct vs_links){ 0 };
}

const struct vs_link *vs_links_by_index(const struct vs_links *links,
					uint32_t ifindex)
{
	const struct vs_link key = { .ifindex = ifindex };

	return links->n ? bsearch(&key, links->v, links->n, sizeof(key),
				  vs_link_order) : NULL;
}

const struct vs_link *vs_links_by_name(const struct vs_links *links,
				       const char *name)
{
	for (size_t i = 0; i < links->n; i++) {
		if (strcmp(links->v[i].name, name) == 0)
			return &links->v[i];
	}
	return NULL;
}

const struct vs_link *vs_links_by_rdev(const struct vs_links *links,
				       dev_t rdev)
{
	for (size_t i = 0; rdev && i < links->n; i++) {
		if (links->v[i].rdev == rdev)
			return &links->v[i];
	}
	return NULL;
}
