/* SPDX-License-Identifier: GPL-2.0-only */
/* The links of this network namespace. */
#ifndef VS_HOST_LINKS_H
#define VS_HOST_LINKS_H

#include "core/facts.h"

struct nl_cache;

/** enum vs_link_kind - what a link is, as far as it matters here */
enum vs_link_kind {
	VS_LINK_OTHER,
	VS_LINK_TAP,
	VS_LINK_MACVTAP,
	VS_LINK_IPVTAP,
	VS_LINK_KIND_COUNT
};

/**
 * struct vs_link - a link
 * @ifindex: its number
 * @master: that of the bridge it is in; 0: none
 * @lower: that of the link it stands on; 0: none
 * @kind: its kind
 * @up: administratively up
 * @carrier: has a carrier; a tap has none while nothing has it open
 * @mac: its own address, which is not the guest's
 * @name: its name
 * @rdev: device number of /dev/tapN, of macvtaps and ipvtaps; 0: not known
 */
struct vs_link {
	uint32_t ifindex;
	uint32_t master;
	uint32_t lower;
	enum vs_link_kind kind;
	bool up;
	bool carrier;
	struct vs_mac mac;
	char name[VS_PORT_NAME];
	dev_t rdev;
};

/** struct vs_links - links by ifindex */
struct vs_links {
	struct vs_link *v;
	size_t n;
};

/**
 * vs_links_read() - ask the kernel for all links
 * @links: replaced; free with vs_links_free()
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_links_read(struct vs_links *links, struct vs_error *error);

/**
 * vs_links_take() - copy the links of a cache
 * @links: replaced; free with vs_links_free()
 * @cache: of libnl
 *
 * Return: 0 or -ENOMEM.
 */
int vs_links_take(struct vs_links *links, struct nl_cache *cache);

/** vs_links_sort() - put links that were filled in by hand in order */
void vs_links_sort(struct vs_links *links);

/** vs_links_free() - release them */
void vs_links_free(struct vs_links *links);

/** vs_links_by_index() - the link of that number, or NULL */
const struct vs_link *vs_links_by_index(const struct vs_links *links,
					uint32_t ifindex);

/** vs_links_by_name() - the link of that name, or NULL */
const struct vs_link *vs_links_by_name(const struct vs_links *links,
				       const char *name);

/** vs_links_by_rdev() - the link of that /dev/tapN, or NULL */
const struct vs_link *vs_links_by_rdev(const struct vs_links *links,
				       dev_t rdev);

/** vs_link_is_port() - may a VM's process hold it? */
static inline bool vs_link_is_port(const struct vs_link *link)
{
	return link->kind != VS_LINK_OTHER;
}

/** vs_link_kind_word() - "tap", "macvtap", "ipvtap", "other" */
const char *vs_link_kind_word(enum vs_link_kind kind);

#endif
