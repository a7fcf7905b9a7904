// SPDX-License-Identifier: GPL-2.0-only
/* The inventory's list as rows. */
#include <errno.h>

#include "cli/row.h"
#include "cli/source.h"
#include "inventory/inventory.h"

/**
 * struct vs_manager - rows that are being collected
 * @vm: the row of the VM that came last; its vNICs follow
 * @vnics_of: how many vNICs it has
 */
struct vs_manager {
	json_t *vms;
	json_t *vnics;
	json_t *vm;
	json_int_t vnics_of;
};

static int vs_manager_vm(void *ctx, const struct vs_vm_fact *fact)
{
	struct vs_manager *m = ctx;
	char uuid[VS_UUID_STR];
	json_t *row = json_object();

	vs_row_text(row, "vm_name", fact->name);
	vs_row_text(row, "vm_uuid", vs_uuid_format(&fact->uuid, uuid));
	vs_row_text(row, "host", fact->host);
	vs_row_text(row, "power", vs_power_word(fact->power));
	json_object_set_new(row, "protected",
			    json_boolean(!fact->unprotected));
	json_object_set_new(row, "template", json_boolean(fact->is_template));
	json_object_set_new(row, "vnics", json_integer(0));
	m->vm = row;
	m->vnics_of = 0;
	return json_array_append_new(m->vms, row) ? -ENOMEM : 0;
}

static int vs_manager_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	struct vs_manager *m = ctx;
	char mac[VS_MAC_STR];
	json_t *row = json_object();

	json_object_set(row, "vm_name", json_object_get(m->vm, "vm_name"));
	json_object_set(row, "vm_uuid", json_object_get(m->vm, "vm_uuid"));
	json_object_set_new(row, "device_id", json_integer(fact->device_id));
	vs_row_text(row, "mac", vs_mac_format(&fact->mac, mac));
	json_object_set_new(m->vm, "vnics", json_integer(++m->vnics_of));
	return json_array_append_new(m->vnics, row) ? -ENOMEM : 0;
}

bool vs_source_manager(const struct vs_cli *cli, json_t **vms, json_t **vnics,
		       enum vs_exit *status)
{
	struct vs_manager m = { .vms = json_array(), .vnics = json_array() };
	const struct vs_feed feed = { vs_manager_vm, vs_manager_vnic, &m };
	struct vs_inventory *inv = NULL;
	struct vs_error error;

	*status = VS_EXIT_FINE;
	if (vs_inventory_open(cli->inventory, &inv, &error)) {
		vs_say("--inventory: %s", error.detail);
		*status = VS_EXIT_USAGE;
	} else if (vs_inventory_load(inv, &feed, &error)) {
		vs_say_error(&error);
		*status = VS_EXIT_UNAVAILABLE;
	}
	vs_inventory_close(inv);
	*vms = m.vms;
	*vnics = m.vnics;
	if (!*status)
		return true;
	json_decref(m.vms);
	json_decref(m.vnics);
	return false;
}
