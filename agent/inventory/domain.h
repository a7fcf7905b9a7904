/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_INVENTORY_DOMAIN_H
#define VS_INVENTORY_DOMAIN_H

#include "core/feed.h"
#include "core/name.h"

/**
 * struct vs_domain - a libvirt domain, as far as the Manager's list goes
 * @next: for lists of them
 * @uuid: its UUID
 * @name: its name, fitted (vs_name_fit())
 * @active: the XML is that of a running domain
 * @power: power state; who reads the XML sets it
 * @n_vnics: how many interfaces it has
 * @vnics: in the order of the XML, which is what their device IDs are
 */
struct vs_domain {
	struct vs_domain *next;
	struct vs_uuid uuid;
	char name[VS_NAME_MAX + 1];
	bool active;
	enum vs_power power;
	size_t n_vnics;
	struct vs_vnic_fact vnics[];
};

/**
 * vs_domain_parse() - read a domain's XML
 * @xml: as libvirt gives it
 * @domain: from malloc(), on success
 * @why: on failure, what is wrong with it; a static text
 *
 * Return: 0; -EINVAL: not a domain that makes sense; -ENOMEM.
 */
int vs_domain_parse(const char *xml, struct vs_domain **domain,
		    const char **why);

/** vs_domain_feed() - hand a domain to a feed; 0 or what that returned */
int vs_domain_feed(const struct vs_domain *domain, const struct vs_feed *feed);

#endif
