/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_INVENTORY_DOMAIN_H
#define VS_INVENTORY_DOMAIN_H

#include "core/feed.h"
#include "core/name.h"

/**
 * struct vs_domain - a libvirt domain, as far as the Manager's list goes
 * @next: for lists of them
 * @defined: of one that runs, what it is defined to be from its next start on;
 *           NULL: nothing, or nobody has asked
 * @uuid: its UUID
 * @name: its name, fitted (vs_name_fit())
 * @active: the XML is that of a running domain
 * @power: power state; who reads the XML sets it
 * @n_vnics: how many interfaces it has
 * @ports: by interface, the port that carries it; empty: not known
 * @vnics: in the order of the XML. Their device IDs are that order too, but
 *         for a running domain's: they are libvirt's aliases, net0, net1, ...,
 *         which stay what they are when an interface is unplugged
 */
struct vs_domain {
	struct vs_domain *next;
	struct vs_domain *defined;
	struct vs_uuid uuid;
	char name[VS_NAME_MAX + 1];
	bool active;
	enum vs_power power;
	size_t n_vnics;
	char (*ports)[VS_PORT_NAME];
	struct vs_vnic_fact vnics[];
};

/**
 * vs_domain_parse() - read a domain's XML
 * @xml: as libvirt gives it
 * @domain: for vs_domains_free(), on success
 * @why: on failure, what is wrong with it; a static text
 *
 * Return: 0; -EINVAL: not a domain that makes sense; -ENOMEM.
 */
int vs_domain_parse(const char *xml, struct vs_domain **domain,
		    const char **why);

/** vs_domains_free() - release a list of domains; NULL is fine */
void vs_domains_free(struct vs_domain *domains);

/**
 * vs_libvirt_domain() - a domain as it runs and as it is defined
 * @uri: libvirt's
 * @deadline: milliseconds
 * @vm: its UUID
 * @domains: for vs_domains_free(): first the one that is @active, if it runs,
 *           then its definition, if it has one; NULL: libvirt does not know it
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_libvirt_domain(const char *uri, unsigned int deadline,
		      const struct vs_uuid *vm, struct vs_domain **domains,
		      struct vs_error *error);

/** vs_domain_feed() - hand a domain to a feed; 0 or what that returned */
int vs_domain_feed(const struct vs_domain *domain, const struct vs_feed *feed);

#endif
