// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "po/i18n.h"
#include "vsphere/device.h"

/*
 * Ethernet cards of vSphere 6.5 to 8. A later kind shows by its MAC address,
 * which no other device has.
 */
static const char *const vs_card_types[] = {
	"VirtualE1000", "VirtualE1000e", "VirtualPCNet32",
	"VirtualSriovEthernetCard", "VirtualVmxnet", "VirtualVmxnet2",
	"VirtualVmxnet3", "VirtualVmxnet3Vrdma",
};

static bool vs_device_is_card(const struct vs_twig *device)
{
	for (size_t i = 0; i < sizeof(vs_card_types) / sizeof(*vs_card_types);
	     i++) {
		if (device->type && !strcmp(device->type, vs_card_types[i]))
			return true;
	}
	return vs_twig_find(device, "macAddress");
}

static bool vs_device_key(const char *s, int32_t *key)
{
	uint64_t n;

	if (!s || vs_number_parse(s, 0, INT32_MAX, &n))
		return false;
	*key = n;
	return true;
}

/* the name of a network, or the key of a port group of a distributed switch */
static void vs_device_network(const struct vs_twig *backing,
			      struct vs_card *card)
{
	const char *s = vs_twig_text(backing, "deviceName");

	if (!s)
		s = vs_twig_text(vs_twig_find(backing, "port"),
				 "portgroupKey");
	if (!s)
		s = vs_twig_text(backing, "opaqueNetworkId");
	snprintf(card->network, sizeof(card->network), "%s", s ? s : "");
}

/* NULL: fine */
static const char *vs_device_card(const struct vs_twig *device,
				  struct vs_card *card)
{
	const char *mac = vs_twig_text(device, "macAddress");
	const char *label = vs_twig_text(vs_twig_find(device, "deviceInfo"),
					 "label");
	const char *on = vs_twig_text(vs_twig_find(device, "connectable"),
				      "connected");

	*card = (struct vs_card){ 0 };
	if (!vs_device_key(vs_twig_text(device, "key"), &card->key))
		return N_("an Ethernet card has no key");
	snprintf(card->label, sizeof(card->label), "%s", label ? label : "");
	vs_device_network(vs_twig_find(device, "backing"), card);
	card->sriov = device->type && !strcmp(device->type,
					      "VirtualSriovEthernetCard");
	card->unplugged = on && (!strcmp(on, "false") || !strcmp(on, "0"));
	if (!mac || !*mac)
		return NULL;
	card->has_mac = !vs_mac_parse_guest(mac, &card->mac);
	card->bad_mac = !card->has_mac;
	return NULL;
}

/* a child is <VirtualDevice> in both kinds of answers */
int vs_device_cards(struct vs_entity *e, const struct vs_twig *value)
{
	const struct vs_twig *d;
	const char *why = NULL;
	struct vs_card *v;
	size_t n = 0;

	for (d = value ? value->child : NULL; d; d = d->next)
		n += vs_device_is_card(d);
	v = calloc(n ? n : 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	free(e->cards);
	e->cards = v;
	e->n_cards = n;
	for (d = value ? value->child : NULL; d && !why; d = d->next) {
		if (vs_device_is_card(d))
			why = vs_device_card(d, v++);
	}
	e->bad[VS_PROP_DEVICES] = why;
	return 0;
}

/* "ethernetN.filterM.onFailure" */
static bool vs_filter_key(const char *key, uint16_t *id)
{
	char number[8] = "";
	size_t n;

	if (strncmp(key, "ethernet", 8) != 0)
		return false;
	n = strspn(key + 8, "0123456789");
	if (!n || n >= sizeof(number))
		return false;
	memcpy(number, key + 8, n);
	key += 8 + n;
	if (strncmp(key, ".filter", 7) != 0 || vs_device_id_parse(number, id))
		return false;
	key += 7;
	n = strspn(key, "0123456789");
	return n && !strcmp(key + n, ".onFailure");
}

static enum vs_failure vs_filter_failure(const char *value)
{
	if (strcasecmp(value, "failOpen") == 0)
		return VS_FAILURE_OPEN;
	return strcasecmp(value, "failClosed") == 0 ? VS_FAILURE_CLOSED :
						      VS_FAILURE_UNSAID;
}

int vs_device_filters(struct vs_entity *e, const struct vs_twig *value)
{
	const struct vs_twig *o = value ? value->child : NULL;
	const char *key, *text;
	struct vs_filter f, *v;

	e->n_filters = 0;
	for (; o; o = o->next) {
		key = vs_twig_text(o, "key");
		text = vs_twig_text(o, "value");
		if (!key || !text || !vs_filter_key(key, &f.device_id))
			continue;
		f.failure = vs_filter_failure(text);
		v = reallocarray(e->filters, e->n_filters + 1, sizeof(*v));
		if (!v)
			return -ENOMEM;
		e->filters = v;
		v[e->n_filters++] = f;
	}
	return 0;
}

/* of several filters on one vNIC, the strictest decides */
enum vs_failure vs_device_failure(const struct vs_entity *e, uint16_t id)
{
	enum vs_failure failure = VS_FAILURE_UNSAID;

	for (size_t i = 0; i < e->n_filters; i++) {
		if (e->filters[i].device_id == id &&
		    e->filters[i].failure > failure)
			failure = e->filters[i].failure;
	}
	return failure;
}
