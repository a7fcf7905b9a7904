// SPDX-License-Identifier: GPL-2.0-only
#include "cli/row.h"
#include "driver/form.h"
#include "driver/snapshot_form.h"

/* a member of a structure, and the bit that says whether it is there */
#define VS_PART(st, k, kd, member, b) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member), .bit = b }

static const struct vs_field vs_row_vm_fields[] = {
	VS_PART(vs_driver_vm, "vm_name", STRING, name, 0),
	VS_PART(vs_driver_vm, "vm_uuid", UUID, uuid, 0),
	VS_PART(vs_driver_vm, "id", U64, id, 0),
	VS_PART(vs_driver_vm, "vnics", U32, vnic_count, 0),
};

static const struct vs_field vs_row_port_fields[] = {
	VS_PART(vs_snapshot_port, "port", STRING, port.ifname, 0),
	VS_PART(vs_snapshot_port, "ifindex", U32, port.ifindex, 0),
	VS_PART(vs_snapshot_port, "kind", STRING, kind, 0),
	VS_PART(vs_snapshot_port, "pid", PID, port.pid, VS_SNAPSHOT_PID),
	VS_PART(vs_snapshot_port, "plugged", BOOL, port.plugged, 0),
	VS_PART(vs_snapshot_port, "vm_name", STRING, port.vm_name,
		VS_SNAPSHOT_NAME),
	VS_PART(vs_snapshot_port, "vm_uuid", UUID, port.vm, VS_SNAPSHOT_VM),
	VS_PART(vs_snapshot_port, "device_id", U16, port.device_id,
		VS_SNAPSHOT_DEVICE_ID),
	VS_PART(vs_snapshot_port, "mac", MAC, port.mac, VS_SNAPSHOT_MAC),
};

const struct vs_record vs_row_vm_record = {
	.fields = vs_row_vm_fields,
	.n = sizeof(vs_row_vm_fields) / sizeof(*vs_row_vm_fields),
	.has = VS_RECORD_NO_HAS,
};

const struct vs_record vs_row_port_record = {
	.fields = vs_row_port_fields,
	.n = sizeof(vs_row_port_fields) / sizeof(*vs_row_port_fields),
	.has = offsetof(struct vs_snapshot_port, has),
};

void vs_row_text(json_t *row, const char *key, const char *s)
{
	if (s && *s)
		json_object_set_new(row, key, vs_json_text(s));
}

json_t *vs_row_vm(const struct vs_driver_vm *vm)
{
	return vs_record_write(&vs_row_vm_record, vm);
}

json_t *vs_row_vnic(const struct vs_driver_vnic *vnic)
{
	return vs_record_write(&vs_entry_record, vnic);
}

json_t *vs_row_port(const struct vs_host_port *port)
{
	struct vs_snapshot_port p;

	vs_snapshot_port_set(&p, port);
	return vs_record_write(&vs_row_port_record, &p);
}
