// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/domain.h"
#include "po/i18n.h"

static bool vs_xml_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

/* the next sibling of that name, @node itself included */
static xmlNode *vs_xml_find(xmlNode *node, const char *name)
{
	while (node && !vs_xml_is(node, name))
		node = node->next;
	return node;
}

static xmlNode *vs_xml_child(xmlNode *node, const char *name)
{
	return node ? vs_xml_find(node->children, name) : NULL;
}

/* every <interface>, in order */
static xmlNode *vs_xml_interface(xmlNode *root, xmlNode *last)
{
	if (last)
		return vs_xml_find(last->next, "interface");
	return vs_xml_child(vs_xml_child(root, "devices"), "interface");
}

static size_t vs_xml_interfaces(xmlNode *root)
{
	xmlNode *node = NULL;
	size_t n = 0;

	while ((node = vs_xml_interface(root, node)))
		n++;
	return n;
}

static char *vs_xml_attribute(xmlNode *node, const char *child,
			      const char *name)
{
	node = vs_xml_child(node, child);
	return node ? (char *)xmlGetNoNsProp(node, BAD_CAST name) : NULL;
}

static int vs_domain_vnic(xmlNode *node, struct vs_vnic_fact *vnic)
{
	char *s = vs_xml_attribute(node, "mac", "address");
	int ret = s ? vs_mac_parse_guest(s, &vnic->mac) : -EINVAL;

	xmlFree(s);
	return ret;
}

/* a name that is too long to be a port's is none */
static void vs_domain_port(xmlNode *node, char port[VS_PORT_NAME])
{
	char *s = vs_xml_attribute(node, "target", "dev");

	if (s && strlen(s) < VS_PORT_NAME)
		strcpy(port, s);
	xmlFree(s);
}

/* the number in "net3", or VS_DEVICE_ID_NONE */
static uint16_t vs_domain_alias(xmlNode *node)
{
	char *s = vs_xml_attribute(node, "alias", "name");
	uint16_t id = VS_DEVICE_ID_NONE;

	if (s && strncmp(s, "net", 3) == 0)
		vs_device_id_parse(s + 3, &id);
	xmlFree(s);
	return id;
}

static int vs_domain_identity(xmlNode *root, struct vs_domain *d,
			      const char **why)
{
	xmlNode *node = vs_xml_child(root, "uuid");
	xmlChar *uuid = node ? xmlNodeGetContent(node) : NULL;
	xmlChar *name, *id;
	int ret = 0;

	node = vs_xml_child(root, "name");
	name = node ? xmlNodeGetContent(node) : NULL;
	*why = _("a domain without a valid UUID");
	if (!uuid || vs_uuid_parse((const char *)uuid, &d->uuid)) {
		ret = -EINVAL;
	} else if (!name || vs_name_fit(d->name, (const char *)name)) {
		*why = _("a domain without a name");
		ret = -EINVAL;
	}
	/* only what runs has an ID, so state and interfaces cannot disagree */
	id = xmlGetNoNsProp(root, BAD_CAST "id");
	d->active = id;
	xmlFree(id);
	xmlFree(uuid);
	xmlFree(name);
	return ret;
}

/* aliases, if every interface has one; positions otherwise */
static void vs_domain_number(xmlNode *root, struct vs_domain *d)
{
	xmlNode *node = NULL;
	bool all = d->active;

	for (size_t i = 0; i < d->n_vnics; i++) {
		node = vs_xml_interface(root, node);
		d->vnics[i].device_id = vs_domain_alias(node);
		all &= d->vnics[i].device_id != VS_DEVICE_ID_NONE;
	}
	for (size_t i = 0; i < d->n_vnics && !all; i++)
		d->vnics[i].device_id = i;
}

static int vs_domain_read(xmlNode *root, struct vs_domain *d,
			  const char **why)
{
	int ret = vs_domain_identity(root, d, why);
	xmlNode *node = NULL;

	vs_domain_number(root, d);
	for (size_t i = 0; i < d->n_vnics && !ret; i++) {
		node = vs_xml_interface(root, node);
		d->vnics[i].vm = d->uuid;
		vs_domain_port(node, d->ports[i]);
		*why = _("an interface without a valid MAC address");
		ret = vs_domain_vnic(node, &d->vnics[i]);
	}
	return ret ? -EINVAL : 0;
}

static int vs_domain_from(xmlDoc *doc, struct vs_domain **domain,
			  const char **why)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	struct vs_domain *d;
	size_t n;
	int ret;

	*why = _("not the XML of a domain");
	if (!root || !vs_xml_is(root, "domain"))
		return -EINVAL;
	n = vs_xml_interfaces(root);
	*why = _("more interfaces than there are device IDs");
	if (n > VS_DEVICE_ID_MAX + 1)
		return -EINVAL;
	d = calloc(1, sizeof(*d) + n * (sizeof(*d->vnics) + VS_PORT_NAME));
	if (!d)
		return -ENOMEM;
	d->n_vnics = n;
	d->ports = (void *)&d->vnics[n];
	ret = vs_domain_read(root, d, why);
	if (ret)
		free(d);
	else
		*domain = d;
	return ret;
}

int vs_domain_parse(const char *xml, struct vs_domain **domain,
		    const char **why)
{
	xmlDoc *doc = xmlReadMemory(xml, strlen(xml), "domain.xml", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
				    XML_PARSE_NOWARNING);
	int ret;

	*why = _("not the XML of a domain");
	if (!doc)
		return -EINVAL;
	ret = vs_domain_from(doc, domain, why);
	xmlFreeDoc(doc);
	return ret;
}

void vs_domains_free(struct vs_domain *domains)
{
	while (domains) {
		struct vs_domain *d = domains;

		domains = d->next;
		/* which has none of its own */
		free(d->defined);
		free(d);
	}
}

int vs_domain_feed(const struct vs_domain *d, const struct vs_feed *feed)
{
	struct vs_vm_fact fact = {
		.uuid = d->uuid,
		.name = d->name,
		.power = d->power,
	};
	int ret = feed->vm(feed->ctx, &fact);

	for (size_t i = 0; i < d->n_vnics && !ret; i++)
		ret = feed->vnic(feed->ctx, &d->vnics[i]);
	return ret;
}
