/* SPDX-License-Identifier: GPL-2.0-only */
/* What vCenter says of a VM or a host, property by property. */
#ifndef VS_VSPHERE_ENTITY_H
#define VS_VSPHERE_ENTITY_H

#include <stdbool.h>

#include "core/feed.h"
#include "core/name.h"
#include "core/table.h"
#include "vsphere/tree.h"

/** enum vs_prop - the properties that are asked for */
enum vs_prop {
	VS_PROP_NAME,		/* of hosts too */
	VS_PROP_UUID,
	VS_PROP_INSTANCE,
	VS_PROP_TEMPLATE,
	VS_PROP_DEVICES,
	VS_PROP_EXTRA,
	VS_PROP_HOST,
	VS_PROP_POWER,
	VS_PROP_CONNECTION,
	VS_PROP_COUNT
};

/** vs_prop_path() - what vCenter calls it, e.g. "config.uuid" */
const char *vs_prop_path(enum vs_prop prop);

/**
 * struct vs_card - an Ethernet card
 * @key: vCenter's key of the device
 * @mac: its MAC address
 * @has_mac: it has one
 * @bad_mac: it has something else
 * @unplugged: it is not connected
 * @sriov: it goes past every switch of the host
 * @label: e.g. "Network adapter 1"
 * @network: what it is connected to: a name, or the key of a port group
 */
struct vs_card {
	int32_t key;
	struct vs_mac mac;
	bool has_mac;
	bool bad_mac;
	bool unplugged;
	bool sriov;
	char label[64];
	char network[96];
};

/** struct vs_filter - a failure policy, of ethernetN.filterM.onFailure */
struct vs_filter {
	uint16_t device_id;
	enum vs_failure failure;
};

/** enum vs_reached - does vCenter reach the VM? */
enum vs_reached {
	VS_REACHED,
	VS_REACHED_LOST,	/* its host or its files are out of reach */
	VS_REACHED_ORPHANED,	/* its host does not have it any longer */
};

/**
 * struct vs_entity - a VM or a host
 * @node: by @ref
 * @by_uuid: by @uuid, while @has_uuid
 * @ref: vCenter's name for it, e.g. "vm-42"
 * @is_vm: it is a VM
 * @moved: it was on another host before this update
 * @bad: by property, what is wrong with its value; NULL: nothing. N_()
 * @name: its name, unescaped and fitted; empty: none
 * @host: @ref of its host; empty: none
 * @uuid: BIOS UUID
 * @has_uuid: there is one
 * @instance: UUID within vCenter
 * @has_instance: there is one
 * @power: power state
 * @is_template: is a template
 * @reached: can vCenter reach it?
 * @cards: its Ethernet cards
 * @n_cards: how many
 * @filters: failure policies
 * @n_filters: how many
 */
struct vs_entity {
	struct vs_node node;
	struct vs_node by_uuid;
	char *ref;
	bool is_vm;
	bool moved;
	const char *bad[VS_PROP_COUNT];
	char name[VS_NAME_MAX + 1];
	char host[64];
	struct vs_uuid uuid;
	bool has_uuid;
	struct vs_uuid instance;
	bool has_instance;
	enum vs_power power;
	bool is_template;
	enum vs_reached reached;
	struct vs_card *cards;
	size_t n_cards;
	struct vs_filter *filters;
	size_t n_filters;
};

/** vs_entity_new() - one of which nothing is known; NULL: out of memory */
struct vs_entity *vs_entity_new(const char *ref, bool is_vm);

/** vs_entity_free() - release it; NULL is fine */
void vs_entity_free(struct vs_entity *e);

/**
 * vs_entity_set() - take a property
 * @e: the VM or host
 * @path: the property's name
 * @value: its value; NULL: it has none
 *
 * A value that makes no sense is kept as such in @bad: whether it matters
 * depends on where the VM is.
 *
 * Return: 0; -ESTALE: only a part of a property changed, so that it has to be
 * read as a whole; -ENOMEM.
 */
int vs_entity_set(struct vs_entity *e, const char *path,
		  const struct vs_twig *value);

/**
 * vs_entity_feed() - hand a VM to a feed
 * @e: the VM, which has a UUID
 * @host: name of its host; NULL: this one
 * @feed: takes it
 * @error: what is wrong with it
 *
 * Return: 0; -EINVAL: what is known of it makes no sense; or what @feed
 * returned.
 */
int vs_entity_feed(const struct vs_entity *e, const char *host,
		   const struct vs_feed *feed, struct vs_error *error);

#endif
