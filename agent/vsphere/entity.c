// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hex.h"
#include "core/word.h"
#include "po/i18n.h"
#include "vsphere/device.h"

/* vCenter's key of ethernet0 */
#define VS_CARD_KEY 4000

static const char *const vs_prop_paths[] = {
	[VS_PROP_NAME] = "name",
	[VS_PROP_UUID] = "config.uuid",
	[VS_PROP_INSTANCE] = "config.instanceUuid",
	[VS_PROP_TEMPLATE] = "config.template",
	[VS_PROP_DEVICES] = "config.hardware.device",
	[VS_PROP_EXTRA] = "config.extraConfig",
	[VS_PROP_HOST] = "runtime.host",
	[VS_PROP_POWER] = "runtime.powerState",
	[VS_PROP_CONNECTION] = "runtime.connectionState",
};

const char *vs_prop_path(enum vs_prop prop)
{
	return VS_WORD(vs_prop_paths, prop);
}

struct vs_entity *vs_entity_new(const char *ref, bool is_vm)
{
	struct vs_entity *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->is_vm = is_vm;
	e->power = VS_POWER_OFF;
	e->ref = strdup(ref);
	if (e->ref)
		return e;
	free(e);
	return NULL;
}

void vs_entity_free(struct vs_entity *e)
{
	if (!e)
		return;
	free(e->cards);
	free(e->filters);
	free(e->ref);
	free(e);
}

/* in names of vCenter "%", "/" and "\" stand as %25, %2f and %5c */
static int vs_entity_name(struct vs_entity *e, const char *s)
{
	char *copy = strdup(s), *to = copy;
	uint8_t byte;

	if (!copy)
		return -ENOMEM;
	for (; *s; s++) {
		*to = *s;
		if (*s == '%' && vs_hex_byte(s + 1, &byte) &&
		    (byte == '%' || byte == '/' || byte == '\\')) {
			*to = byte;
			s += 2;
		}
		to++;
	}
	*to = '\0';
	e->bad[VS_PROP_NAME] = NULL;
	if (vs_name_fit(e->name, copy)) {
		*e->name = '\0';
		e->bad[VS_PROP_NAME] = N_("it has no name");
	}
	free(copy);
	return 0;
}

static const char *vs_entity_uuid(const char *s, struct vs_uuid *uuid,
				  bool *has)
{
	*has = *s && !vs_uuid_parse(s, uuid);
	return *s && !*has ? N_("its UUID is none") : NULL;
}

static const char *vs_entity_bool(const char *s, bool *to)
{
	*to = !strcmp(s, "true") || !strcmp(s, "1");
	return *to || !*s || !strcmp(s, "false") || !strcmp(s, "0") ? NULL :
	       N_("whether it is a template is not said");
}

static const char *vs_entity_power(const char *s, enum vs_power *power)
{
	*power = VS_POWER_OFF;
	if (!*s || strcmp(s, "poweredOff") == 0)
		return NULL;
	*power = VS_POWER_SUSPENDED;
	if (strcmp(s, "suspended") == 0)
		return NULL;
	*power = VS_POWER_RUNNING;
	return strcmp(s, "poweredOn") == 0 ? NULL :
	       N_("its power state is not known here");
}

static enum vs_reached vs_entity_reached(const char *s)
{
	if (strcmp(s, "orphaned") == 0)
		return VS_REACHED_ORPHANED;
	return !*s || strcmp(s, "connected") == 0 ? VS_REACHED :
						    VS_REACHED_LOST;
}

static const char *vs_entity_host(struct vs_entity *e, const char *s)
{
	char before[sizeof(e->host)];

	if (strlen(s) >= sizeof(e->host))
		return N_("its host has no valid reference");
	strcpy(before, e->host);
	strcpy(e->host, s);
	e->moved |= *before && *s && strcmp(before, s) != 0;
	return NULL;
}

static int vs_entity_take(struct vs_entity *e, enum vs_prop prop,
			  const struct vs_twig *value)
{
	const char *s = value ? value->text : "";
	const char **bad = &e->bad[prop];

	switch (prop) {
	case VS_PROP_NAME:
		return vs_entity_name(e, s);
	case VS_PROP_UUID:
		*bad = vs_entity_uuid(s, &e->uuid, &e->has_uuid);
		return 0;
	case VS_PROP_INSTANCE:
		*bad = vs_entity_uuid(s, &e->instance, &e->has_instance);
		return 0;
	case VS_PROP_TEMPLATE:
		*bad = vs_entity_bool(s, &e->is_template);
		return 0;
	case VS_PROP_DEVICES:
		return vs_device_cards(e, value);
	case VS_PROP_EXTRA:
		return vs_device_filters(e, value);
	case VS_PROP_HOST:
		*bad = vs_entity_host(e, s);
		return 0;
	case VS_PROP_POWER:
		*bad = vs_entity_power(s, &e->power);
		return 0;
	case VS_PROP_CONNECTION:
		e->reached = vs_entity_reached(s);
		return 0;
	case VS_PROP_COUNT:
		break;
	}
	return -ESTALE;
}

int vs_entity_set(struct vs_entity *e, const char *path,
		  const struct vs_twig *value)
{
	for (int i = 0; i < VS_PROP_COUNT; i++) {
		if (strcmp(path, vs_prop_paths[i]) == 0)
			return vs_entity_take(e, i, value);
	}
	return -ESTALE;
}

static int vs_entity_fail(const struct vs_entity *e, const char *why,
			  struct vs_error *error)
{
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), *e->name ? e->name : e->ref);
	return vs_error_set(error, VS_OP_READ_VM, VS_WHY_BAD_DATA, EINVAL,
			    "%s: %s", safe, why);
}

static int vs_entity_card_fail(const struct vs_entity *e,
			       const struct vs_card *card, const char *why,
			       struct vs_error *error)
{
	char what[256], safe[128];

	vs_name_escape(safe, sizeof(safe), card->label);
	snprintf(what, sizeof(what), "%s (%d): %s", safe, card->key, why);
	return vs_entity_fail(e, what, error);
}

static int vs_entity_card(const struct vs_entity *e,
			  const struct vs_card *card,
			  const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_vnic_fact fact = {
		.vm = e->uuid,
		.device_id = card->key - VS_CARD_KEY,
		.mac = card->mac,
		.unplugged = card->unplugged,
	};

	if (card->key < VS_CARD_KEY ||
	    card->key > VS_CARD_KEY + VS_DEVICE_ID_MAX)
		return vs_entity_card_fail(e, card,
					   _("its key is not that of an "
					     "Ethernet card"), error);
	if (card->bad_mac)
		return vs_entity_card_fail(e, card,
					   _("its MAC address is none that a "
					     "vNIC can have"), error);
	/* a VM that never ran may not have been given one yet */
	if (!card->has_mac && e->power == VS_POWER_OFF)
		return 0;
	if (!card->has_mac)
		return vs_entity_card_fail(e, card, _("it has no MAC address"),
					   error);
	fact.failure = vs_device_failure(e, fact.device_id);
	return feed->vnic(feed->ctx, &fact);
}

static bool vs_entity_same_key(const struct vs_entity *e, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (e->cards[k].key == e->cards[i].key)
			return true;
	}
	return false;
}

int vs_entity_feed(const struct vs_entity *e, const char *host,
		   const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_vm_fact fact = {
		.uuid = e->uuid,
		.name = e->name,
		.host = host,
		.power = e->power,
		.is_template = e->is_template,
	};
	int ret;

	for (int i = 0; i < VS_PROP_COUNT; i++) {
		if (e->bad[i])
			return vs_entity_fail(e, _(e->bad[i]), error);
	}
	if (!*e->name)
		return vs_entity_fail(e, _("it has no name"), error);
	ret = feed->vm(feed->ctx, &fact);
	for (size_t i = 0; i < e->n_cards && !ret; i++) {
		if (vs_entity_same_key(e, i))
			return vs_entity_card_fail(e, &e->cards[i],
						   _("another one has its "
						     "key"), error);
		ret = vs_entity_card(e, &e->cards[i], feed, error);
	}
	return ret;
}
