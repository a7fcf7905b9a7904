// SPDX-License-Identifier: GPL-2.0-only
#include "cli/row.h"
#include "driver/form.h"

void vs_row_text(json_t *row, const char *key, const char *s)
{
	if (s && *s)
		json_object_set_new(row, key, vs_json_text(s));
}

json_t *vs_row_vm(const struct vs_driver_vm *vm)
{
	json_t *row = json_object();
	char uuid[VS_UUID_STR];

	vs_row_text(row, "vm_name", vm->name);
	vs_row_text(row, "vm_uuid", vs_uuid_format(&vm->uuid, uuid));
	json_object_set_new(row, "id", json_integer(vm->id));
	json_object_set_new(row, "vnics", json_integer(vm->vnic_count));
	return row;
}

json_t *vs_row_vnic(const struct vs_driver_vnic *vnic)
{
	struct vs_driver_vnic v = *vnic;

	/* of notifications only */
	v.has &= ~(VS_ATTR_BIT(VMSAFE_NET_A_VNIC_REASON) |
		   VS_ATTR_BIT(VMSAFE_NET_A_VNIC_EVENT_SEQ));
	return vs_record_write(&vs_vnic_record, &v);
}

json_t *vs_row_port(const struct vs_host_port *port)
{
	char uuid[VS_UUID_STR], mac[VS_MAC_STR];
	json_t *row = json_object();

	vs_row_text(row, "port", port->ifname);
	json_object_set_new(row, "ifindex", json_integer(port->ifindex));
	vs_row_text(row, "kind", vs_link_kind_word(port->kind));
	if (port->pid)
		json_object_set_new(row, "pid", json_integer(port->pid));
	json_object_set_new(row, "plugged", json_boolean(port->plugged));
	vs_row_text(row, "vm_name", port->vm_name);
	if (!vs_uuid_is_nil(&port->vm))
		vs_row_text(row, "vm_uuid", vs_uuid_format(&port->vm, uuid));
	if (port->device_id != VS_DEVICE_ID_NONE)
		json_object_set_new(row, "device_id",
				    json_integer(port->device_id));
	if (!vs_mac_is_zero(&port->mac))
		vs_row_text(row, "mac", vs_mac_format(&port->mac, mac));
	return row;
}
