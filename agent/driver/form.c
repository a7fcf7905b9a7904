// SPDX-License-Identifier: GPL-2.0-only
#include "driver/form.h"

/* a member that is always there; one that may be; one that is a word */
#define VS_ALWAYS(st, k, kd, member) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member) }
#define VS_MAY(st, k, kd, member, attr) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_##attr) }
#define VS_TERM(st, k, w, member, attr) \
	{ .key = k, .kind = VS_FIELD_WORD, .words = VS_WORDS_##w, \
	  .offset = offsetof(struct st, member), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_##attr) }

/* a list: its key, the record of an element, the array and its count */
#define VS_LIST(k, rec, array, cnt, attr) \
	{ .key = k, .kind = VS_FIELD_LIST, .list = &(rec), \
	  .offset = offsetof(struct vs_driver_vnic, array), \
	  .size = sizeof(*((struct vs_driver_vnic *)0)->array), \
	  .max = sizeof(((struct vs_driver_vnic *)0)->array) / \
		 sizeof(*((struct vs_driver_vnic *)0)->array), \
	  .count = offsetof(struct vs_driver_vnic, cnt), \
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_##attr) }
#define VS_WORDED(st, k, w, member) \
	{ .key = k, .kind = VS_FIELD_WORD, .words = VS_WORDS_##w, \
	  .offset = offsetof(struct st, member) }

#define VS_ITEMS(table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = VS_RECORD_NO_HAS }

#define VS_FORM(st, table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct st, has) }

static const struct vs_field vs_host_fields[] = {
	VS_ALWAYS(vs_driver_host, "instance", HEX, instance),
	VS_ALWAYS(vs_driver_host, "generation", U64, generation),
	VS_ALWAYS(vs_driver_host, "abi", U32, abi),
	VS_MAY(vs_driver_host, "event_seq", U32, event_seq, HOST_EVENT_SEQ),
	VS_TERM(vs_driver_host, "reason", REASON, reason, HOST_REASON),
	VS_MAY(vs_driver_host, "vnic_limit", U32, vnic_limit, HOST_VNIC_LIMIT),
	VS_MAY(vs_driver_host, "vnic_count", U32, vnic_count, HOST_VNIC_COUNT),
	VS_MAY(vs_driver_host, "bound_count", U32, bound_count,
	       HOST_BOUND_COUNT),
	VS_MAY(vs_driver_host, "vm_count", U32, vm_count, HOST_VM_COUNT),
	VS_MAY(vs_driver_host, "refused_claims", U64, refused_claims,
	       HOST_REFUSED_CLAIMS),
	VS_TERM(vs_driver_host, "unbound_default", VERDICT, unbound_default,
		HOST_UNBOUND_DEFAULT),
	VS_TERM(vs_driver_host, "failure_policy", FAILURE_POLICY,
		failure_policy, HOST_FAILURE_POLICY),
	VS_TERM(vs_driver_host, "appliance_state", APPLIANCE_STATE,
		appliance_state, HOST_APPLIANCE_STATE),
	VS_MAY(vs_driver_host, "appliance_pid", U32, appliance_pid,
	       HOST_APPLIANCE_PID),
	VS_MAY(vs_driver_host, "epoch", U64, epoch, HOST_EPOCH),
	VS_MAY(vs_driver_host, "heartbeat_interval", U32, heartbeat_interval,
	       HOST_HEARTBEAT_INTERVAL),
	VS_MAY(vs_driver_host, "heartbeat_tolerance", U32,
	       heartbeat_tolerance, HOST_HEARTBEAT_TOLERANCE),
};

static const struct vs_field vs_vm_fields[] = {
	VS_ALWAYS(vs_driver_vm, "uuid", UUID, uuid),
	VS_ALWAYS(vs_driver_vm, "name", STRING, name),
	VS_MAY(vs_driver_vm, "id", U64, id, VM_ID),
	VS_MAY(vs_driver_vm, "vnic_count", U32, vnic_count, VM_VNIC_COUNT),
};

static const struct vs_field vs_wire_fields[] = {
	VS_ALWAYS(vs_driver_wire, "mac", MAC, mac),
	VS_ALWAYS(vs_driver_wire, "first_seen", U32, first_seen),
	VS_ALWAYS(vs_driver_wire, "last_seen", U32, last_seen),
};

static const struct vs_field vs_drops_fields[] = {
	VS_WORDED(vs_driver_drops, "direction", DIRECTION, direction),
	VS_WORDED(vs_driver_drops, "reason", DROP_REASON, reason),
	VS_ALWAYS(vs_driver_drops, "packets", U64, packets),
};

static const struct vs_field vs_share_fields[] = {
	VS_WORDED(vs_driver_share, "mode", MODE, mode),
	VS_ALWAYS(vs_driver_share, "from_guest", U64, from_guest),
	VS_ALWAYS(vs_driver_share, "to_guest", U64, to_guest),
};

static const struct vs_field vs_policy_fields[] = {
	VS_WORDED(vs_driver_policy, "direction", DIRECTION, direction),
	VS_ALWAYS(vs_driver_policy, "prog_id", U32, prog_id),
	VS_ALWAYS(vs_driver_policy, "tag", TAG, tag),
	VS_ALWAYS(vs_driver_policy, "runs", U64, runs),
	VS_ALWAYS(vs_driver_policy, "drops", U64, drops),
	VS_ALWAYS(vs_driver_policy, "errors", U64, errors),
	VS_ALWAYS(vs_driver_policy, "attached", U64, attached),
};

static const struct vs_record vs_wire_record = VS_ITEMS(vs_wire_fields);
static const struct vs_record vs_drops_record = VS_ITEMS(vs_drops_fields);
static const struct vs_record vs_share_record = VS_ITEMS(vs_share_fields);
static const struct vs_record vs_policy_record = VS_ITEMS(vs_policy_fields);

static const struct vs_field vs_vnic_fields[] = {
	VS_ALWAYS(vs_driver_vnic, "id", U64, id),
	VS_ALWAYS(vs_driver_vnic, "ifindex", U32, ifindex),
	VS_ALWAYS(vs_driver_vnic, "port", STRING, ifname),
	VS_TERM(vs_driver_vnic, "kind", PORT_KIND, port_kind, VNIC_PORT_KIND),
	VS_MAY(vs_driver_vnic, "port_mac", MAC, port_mac, VNIC_PORT_MAC),
	VS_MAY(vs_driver_vnic, "master", U32, master, VNIC_MASTER),
	VS_MAY(vs_driver_vnic, "mtu", U32, mtu, VNIC_MTU),
	VS_MAY(vs_driver_vnic, "up", FLAG, up, VNIC_UP),
	VS_MAY(vs_driver_vnic, "created", U64, created, VNIC_CREATED),
	{ .key = "mode", .kind = VS_FIELD_WORD, .words = VS_WORDS_MODE,
	  .offset = offsetof(struct vs_driver_vnic, mode) },
	VS_MAY(vs_driver_vnic, "vm_uuid", UUID, vm_uuid, VNIC_VM_UUID),
	VS_MAY(vs_driver_vnic, "vm_name", STRING, vm_name, VNIC_VM_NAME),
	{ .key = "device_id", .kind = VS_FIELD_U16,
	  .offset = offsetof(struct vs_driver_vnic, device_id),
	  .max = VS_DEVICE_ID_MAX,
	  .bit = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) },
	VS_MAY(vs_driver_vnic, "mac", MAC, mac, VNIC_MAC),
	VS_TERM(vs_driver_vnic, "failure_policy", FAILURE_POLICY,
		failure_policy, VNIC_FAILURE_POLICY),
	VS_TERM(vs_driver_vnic, "guard", GUARD, guard, VNIC_GUARD),
	VS_MAY(vs_driver_vnic, "bypass", FLAG, bypass, VNIC_BYPASS),
	VS_MAY(vs_driver_vnic, "bound", U64, bound, VNIC_BOUND),
	VS_MAY(vs_driver_vnic, "from_guest_packets", U64,
	       stats.from_guest_packets, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "from_guest_bytes", U64,
	       stats.from_guest_bytes, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "from_guest_drops", U64,
	       stats.from_guest_drops, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "to_guest_packets", U64,
	       stats.to_guest_packets, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "to_guest_bytes", U64,
	       stats.to_guest_bytes, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "to_guest_drops", U64,
	       stats.to_guest_drops, VNIC_STATS),
	VS_MAY(vs_driver_vnic, "wire_others", U64, wire_others,
	       VNIC_WIRE_OTHERS),
	VS_MAY(vs_driver_vnic, "guard_hits", U64, guard_hits,
	       VNIC_GUARD_HITS),
	VS_LIST("wire_macs", vs_wire_record, wires, n_wires, VNIC_WIRE_MACS),
	VS_LIST("drops", vs_drops_record, drops, n_drops, VNIC_DROPS),
	VS_LIST("passed", vs_share_record, passed, n_passed, VNIC_PASSED),
	VS_LIST("dropped", vs_share_record, dropped, n_dropped, VNIC_DROPPED),
	VS_LIST("policies", vs_policy_record, policies, n_policies,
		VNIC_POLICIES),
	/* of notifications only; vs_entry_record ends before them */
	VS_TERM(vs_driver_vnic, "reason", REASON, reason, VNIC_REASON),
	VS_MAY(vs_driver_vnic, "event_seq", U32, event_seq, VNIC_EVENT_SEQ),
};

static const struct vs_field vs_claim_fields[] = {
	VS_TERM(vs_driver_claim, "claim", CLAIM_KIND, kind, CLAIM_KIND),
	VS_MAY(vs_driver_claim, "id", U64, id, CLAIM_ID),
	VS_MAY(vs_driver_claim, "ifindex", U32, ifindex, CLAIM_IFINDEX),
	VS_MAY(vs_driver_claim, "port", STRING, ifname, CLAIM_IFNAME),
	VS_MAY(vs_driver_claim, "vm_uuid", UUID, vm_uuid, CLAIM_VM_UUID),
	VS_MAY(vs_driver_claim, "vm_name", STRING, vm_name, CLAIM_VM_NAME),
	VS_MAY(vs_driver_claim, "device_id", U16, device_id, CLAIM_DEVICE_ID),
	VS_MAY(vs_driver_claim, "mac", MAC, mac, CLAIM_MAC),
	VS_MAY(vs_driver_claim, "holder_id", U64, holder_id, CLAIM_HOLDER_ID),
	VS_MAY(vs_driver_claim, "holder_ifindex", U32, holder_ifindex,
	       CLAIM_HOLDER_IFINDEX),
	VS_MAY(vs_driver_claim, "holder_port", STRING, holder_ifname,
	       CLAIM_HOLDER_IFNAME),
	VS_MAY(vs_driver_claim, "holder_vm_uuid", UUID, holder_vm_uuid,
	       CLAIM_HOLDER_VM_UUID),
	VS_MAY(vs_driver_claim, "holder_vm_name", STRING, holder_vm_name,
	       CLAIM_HOLDER_VM_NAME),
	VS_MAY(vs_driver_claim, "holder_device_id", U16, holder_device_id,
	       CLAIM_HOLDER_DEVICE_ID),
	VS_MAY(vs_driver_claim, "event_seq", U32, event_seq,
	       CLAIM_EVENT_SEQ),
};

const struct vs_record vs_host_record =
	VS_FORM(vs_driver_host, vs_host_fields);
const struct vs_record vs_vm_record = VS_FORM(vs_driver_vm, vs_vm_fields);
const struct vs_record vs_vnic_record =
	VS_FORM(vs_driver_vnic, vs_vnic_fields);
const struct vs_record vs_entry_record = {
	.fields = vs_vnic_fields,
	.n = sizeof(vs_vnic_fields) / sizeof(*vs_vnic_fields) - 2,
	.has = offsetof(struct vs_driver_vnic, has),
};

const struct vs_record vs_claim_record =
	VS_FORM(vs_driver_claim, vs_claim_fields);
