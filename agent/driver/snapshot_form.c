// SPDX-License-Identifier: GPL-2.0-only
#include "driver/snapshot_form.h"

/* a member, and the bit that says whether it is there */
#define VS_PART(st, k, kd, member, b) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member), .bit = b }

#define VS_FORM(st, table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct st, has) }

static const struct vs_field vs_head_fields[] = {
	VS_PART(vs_snapshot_head, "version", U32, version, 0),
	VS_PART(vs_snapshot_head, "saved", S64, saved, 0),
	VS_PART(vs_snapshot_head, "booted", S64, booted, VS_SNAPSHOT_BOOTED),
	VS_PART(vs_snapshot_head, "host", STRING, host, 0),
	VS_PART(vs_snapshot_head, "kernel", STRING, kernel, 0),
};

static const struct vs_field vs_state_fields[] = {
	VS_PART(vs_snapshot_state, "state", STRING, state, 0),
	VS_PART(vs_snapshot_state, "abi_driver", U32, abi_driver, 0),
	VS_PART(vs_snapshot_state, "abi_agent", U32, abi_agent, 0),
	VS_PART(vs_snapshot_state, "epoch", U64, epoch, 0),
	VS_PART(vs_snapshot_state, "generation", U64, generation,
		VS_SNAPSHOT_GENERATION),
};

static const struct vs_field vs_port_fields[] = {
	VS_PART(vs_snapshot_port, "ifindex", U32, port.ifindex, 0),
	VS_PART(vs_snapshot_port, "port", STRING, port.ifname, 0),
	VS_PART(vs_snapshot_port, "kind", STRING, kind, 0),
	VS_PART(vs_snapshot_port, "plugged", BOOL, port.plugged, 0),
	VS_PART(vs_snapshot_port, "unheld", BOOL, port.unheld,
		VS_SNAPSHOT_UNHELD),
	VS_PART(vs_snapshot_port, "pid", PID, port.pid, VS_SNAPSHOT_PID),
	VS_PART(vs_snapshot_port, "vm_uuid", UUID, port.vm, VS_SNAPSHOT_VM),
	VS_PART(vs_snapshot_port, "vm_name", STRING, port.vm_name,
		VS_SNAPSHOT_NAME),
	{ .key = "device_id", .kind = VS_FIELD_U16,
	  .offset = offsetof(struct vs_snapshot_port, port.device_id),
	  .max = VS_DEVICE_ID_MAX, .bit = VS_SNAPSHOT_DEVICE_ID },
	VS_PART(vs_snapshot_port, "mac", MAC, port.mac, VS_SNAPSHOT_MAC),
};

static const struct vs_field vs_foreign_fields[] = {
	VS_PART(vs_snapshot_foreign, "ifindex", U32, foreign.ifindex, 0),
	VS_PART(vs_snapshot_foreign, "where", STRING, spot, 0),
	VS_PART(vs_snapshot_foreign, "kind", STRING, foreign.kind, 0),
	VS_PART(vs_snapshot_foreign, "action", STRING, foreign.action,
		VS_SNAPSHOT_ACTION),
	VS_PART(vs_snapshot_foreign, "prog_id", U32, foreign.prog.id,
		VS_SNAPSHOT_PROG),
	VS_PART(vs_snapshot_foreign, "tag", TAG, foreign.prog.tag,
		VS_SNAPSHOT_TAG),
	VS_PART(vs_snapshot_foreign, "name", STRING, foreign.prog.name,
		VS_SNAPSHOT_NAME),
	VS_PART(vs_snapshot_foreign, "via", STRING, foreign.via,
		VS_SNAPSHOT_VIA),
};

const struct vs_record vs_snapshot_foreign_record =
	VS_FORM(vs_snapshot_foreign, vs_foreign_fields);
const struct vs_record vs_snapshot_head_record =
	VS_FORM(vs_snapshot_head, vs_head_fields);
const struct vs_record vs_snapshot_state_record =
	VS_FORM(vs_snapshot_state, vs_state_fields);
const struct vs_record vs_snapshot_port_record =
	VS_FORM(vs_snapshot_port, vs_port_fields);
