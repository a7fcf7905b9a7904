// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/entry.h"

#define VS_FIELD(st, attr, nm, kd, member)				\
	[attr] = { .name = nm, .kind = kd,				\
		   .offset = offsetof(struct st, member),		\
		   .size = sizeof(((struct st *)0)->member) }

#define VS_HOST(attr, nm, kd, member) \
	VS_FIELD(vs_driver_host, VMSAFE_NET_A_HOST_##attr, nm, kd, member)
#define VS_VM(attr, nm, kd, member) \
	VS_FIELD(vs_driver_vm, VMSAFE_NET_A_VM_##attr, nm, kd, member)
#define VS_STAT(attr, nm, member) \
	VS_FIELD(vs_driver_vnic, VMSAFE_NET_A_STATS_##attr, nm, VS_ATTR_U64, \
		 stats.member)
#define VS_VNIC(attr, nm, kd, member) \
	VS_FIELD(vs_driver_vnic, VMSAFE_NET_A_VNIC_##attr, nm, kd, member)
#define VS_CLAIM(attr, nm, kd, member) \
	VS_FIELD(vs_driver_claim, VMSAFE_NET_A_CLAIM_##attr, nm, kd, member)

/* a list: the attribute of an element, and the array that takes them */
#define VS_VNIC_LIST(attr, nm, set, array, cnt)			\
	[VMSAFE_NET_A_VNIC_##attr] = {				\
		.name = nm, .kind = VS_ATTR_LIST, .nested = &(set),	\
		.offset = offsetof(struct vs_driver_vnic, array),	\
		.size = sizeof(*((struct vs_driver_vnic *)0)->array),	\
		.cap = sizeof(((struct vs_driver_vnic *)0)->array) /	\
		       sizeof(*((struct vs_driver_vnic *)0)->array),	\
		.count = offsetof(struct vs_driver_vnic, cnt) }

#define VS_ITEMS(table) { \
	.defs = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = VS_ATTR_NO_HAS }

#define VS_SET(st, table) { \
	.defs = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct st, has) }

static const struct vs_attr_def vs_host_defs[] = {
	VS_HOST(INSTANCE, "instance", VS_ATTR_U64, instance),
	VS_HOST(GENERATION, "generation", VS_ATTR_U64, generation),
	VS_HOST(EVENT_SEQ, "event-seq", VS_ATTR_U32, event_seq),
	VS_HOST(REASON, "reason", VS_ATTR_U32, reason),
	VS_HOST(ABI, "abi", VS_ATTR_U32, abi),
	VS_HOST(VNIC_LIMIT, "vnic-limit", VS_ATTR_U32, vnic_limit),
	VS_HOST(VNIC_COUNT, "vnic-count", VS_ATTR_U32, vnic_count),
	VS_HOST(BOUND_COUNT, "bound-count", VS_ATTR_U32, bound_count),
	VS_HOST(VM_COUNT, "vm-count", VS_ATTR_U32, vm_count),
	VS_HOST(REFUSED_CLAIMS, "refused-claims", VS_ATTR_U64, refused_claims),
	VS_HOST(UNBOUND_DEFAULT, "unbound-default", VS_ATTR_U32,
		unbound_default),
	VS_HOST(FAILURE_POLICY, "failure-policy", VS_ATTR_U32, failure_policy),
	VS_HOST(APPLIANCE_STATE, "appliance-state", VS_ATTR_U32,
		appliance_state),
	VS_HOST(APPLIANCE_PID, "appliance-pid", VS_ATTR_U32, appliance_pid),
	VS_HOST(EPOCH, "epoch", VS_ATTR_U64, epoch),
	VS_HOST(HEARTBEAT_INTERVAL, "heartbeat-interval", VS_ATTR_U32,
		heartbeat_interval),
	VS_HOST(HEARTBEAT_TOLERANCE, "heartbeat-tolerance", VS_ATTR_U32,
		heartbeat_tolerance),
};

static const struct vs_attr_def vs_vm_defs[] = {
	VS_VM(ID, "id", VS_ATTR_U64, id),
	VS_VM(UUID, "uuid", VS_ATTR_BYTES, uuid),
	VS_VM(NAME, "name", VS_ATTR_STRING, name),
	VS_VM(VNIC_COUNT, "vnic-count", VS_ATTR_U32, vnic_count),
	VS_VM(GENERATION, "generation", VS_ATTR_U64, generation),
};

static const struct vs_attr_def vs_stats_defs[] = {
	VS_STAT(FROM_GUEST_PACKETS, "from-guest-packets", from_guest_packets),
	VS_STAT(FROM_GUEST_BYTES, "from-guest-bytes", from_guest_bytes),
	VS_STAT(FROM_GUEST_DROPS, "from-guest-drops", from_guest_drops),
	VS_STAT(TO_GUEST_PACKETS, "to-guest-packets", to_guest_packets),
	VS_STAT(TO_GUEST_BYTES, "to-guest-bytes", to_guest_bytes),
	VS_STAT(TO_GUEST_DROPS, "to-guest-drops", to_guest_drops),
};

static const struct vs_attr_set vs_stats_attrs = VS_ITEMS(vs_stats_defs);

static const struct vs_attr_def vs_wire_defs[] = {
	VS_FIELD(vs_driver_wire, VMSAFE_NET_A_WIRE_MAC_MAC, "mac",
		 VS_ATTR_BYTES, mac),
	VS_FIELD(vs_driver_wire, VMSAFE_NET_A_WIRE_MAC_FIRST_SEEN,
		 "first-seen", VS_ATTR_U32, first_seen),
	VS_FIELD(vs_driver_wire, VMSAFE_NET_A_WIRE_MAC_LAST_SEEN,
		 "last-seen", VS_ATTR_U32, last_seen),
};

static const struct vs_attr_set vs_wire_attrs = VS_ITEMS(vs_wire_defs);

static const struct vs_attr_def vs_drops_defs[] = {
	VS_FIELD(vs_driver_drops, VMSAFE_NET_A_DROPS_DIRECTION, "direction",
		 VS_ATTR_U32, direction),
	VS_FIELD(vs_driver_drops, VMSAFE_NET_A_DROPS_REASON, "reason",
		 VS_ATTR_U32, reason),
	VS_FIELD(vs_driver_drops, VMSAFE_NET_A_DROPS_PACKETS, "packets",
		 VS_ATTR_U64, packets),
};

static const struct vs_attr_set vs_drops_attrs = VS_ITEMS(vs_drops_defs);

/* What passed and what was dropped in a mode is told alike. */
static_assert((int)VMSAFE_NET_A_DROPPED_MODE ==
	      (int)VMSAFE_NET_A_PASSED_MODE &&
	      (int)VMSAFE_NET_A_DROPPED_FROM_GUEST ==
	      (int)VMSAFE_NET_A_PASSED_FROM_GUEST &&
	      (int)VMSAFE_NET_A_DROPPED_TO_GUEST ==
	      (int)VMSAFE_NET_A_PASSED_TO_GUEST, "one set reads both");

static const struct vs_attr_def vs_share_defs[] = {
	VS_FIELD(vs_driver_share, VMSAFE_NET_A_PASSED_MODE, "mode",
		 VS_ATTR_U32, mode),
	VS_FIELD(vs_driver_share, VMSAFE_NET_A_PASSED_FROM_GUEST,
		 "from-guest", VS_ATTR_U64, from_guest),
	VS_FIELD(vs_driver_share, VMSAFE_NET_A_PASSED_TO_GUEST, "to-guest",
		 VS_ATTR_U64, to_guest),
};

static const struct vs_attr_set vs_share_attrs = VS_ITEMS(vs_share_defs);

#define VS_POLICY(attr, nm, kd, member) \
	VS_FIELD(vs_driver_policy, VMSAFE_NET_A_POLICY_##attr, nm, kd, member)

static const struct vs_attr_def vs_policy_defs[] = {
	VS_POLICY(DIRECTION, "direction", VS_ATTR_U32, direction),
	VS_POLICY(PROG_ID, "prog-id", VS_ATTR_U32, prog_id),
	VS_POLICY(TAG, "tag", VS_ATTR_BYTES, tag),
	VS_POLICY(RUNS, "runs", VS_ATTR_U64, runs),
	VS_POLICY(DROPS, "drops", VS_ATTR_U64, drops),
	VS_POLICY(ERRORS, "errors", VS_ATTR_U64, errors),
	VS_POLICY(ATTACHED, "attached", VS_ATTR_U64, attached),
};

static const struct vs_attr_set vs_policy_attrs =
	VS_SET(vs_driver_policy, vs_policy_defs);

static const struct vs_attr_def vs_vnic_defs[] = {
	VS_VNIC(ID, "id", VS_ATTR_U64, id),
	VS_VNIC(IFINDEX, "ifindex", VS_ATTR_U32, ifindex),
	VS_VNIC(IFNAME, "ifname", VS_ATTR_STRING, ifname),
	VS_VNIC(PORT_KIND, "port-kind", VS_ATTR_U32, port_kind),
	VS_VNIC(PORT_MAC, "port-mac", VS_ATTR_BYTES, port_mac),
	VS_VNIC(MASTER, "master", VS_ATTR_U32, master),
	VS_VNIC(MTU, "mtu", VS_ATTR_U32, mtu),
	VS_VNIC(UP, "up", VS_ATTR_U8, up),
	VS_VNIC(CREATED, "created", VS_ATTR_U64, created),
	VS_VNIC(MODE, "mode", VS_ATTR_U32, mode),
	VS_VNIC(VM_UUID, "vm-uuid", VS_ATTR_BYTES, vm_uuid),
	VS_VNIC(VM_NAME, "vm-name", VS_ATTR_STRING, vm_name),
	VS_VNIC(DEVICE_ID, "device-id", VS_ATTR_U16, device_id),
	VS_VNIC(MAC, "mac", VS_ATTR_BYTES, mac),
	VS_VNIC(FAILURE_POLICY, "failure-policy", VS_ATTR_U32, failure_policy),
	VS_VNIC(BOUND, "bound", VS_ATTR_U64, bound),
	[VMSAFE_NET_A_VNIC_WITH_STATS] = {
		.name = "with-stats", .kind = VS_ATTR_FLAG },
	[VMSAFE_NET_A_VNIC_STATS] = {
		.name = "stats", .kind = VS_ATTR_NEST,
		.nested = &vs_stats_attrs },
	VS_VNIC(GENERATION, "generation", VS_ATTR_U64, generation),
	VS_VNIC(EVENT_SEQ, "event-seq", VS_ATTR_U32, event_seq),
	VS_VNIC(REASON, "reason", VS_ATTR_U32, reason),
	VS_VNIC(GUARD, "guard", VS_ATTR_U32, guard),
	VS_VNIC(BYPASS, "bypass", VS_ATTR_U8, bypass),
	VS_VNIC(WIRE_OTHERS, "wire-others", VS_ATTR_U64, wire_others),
	VS_VNIC(GUARD_HITS, "guard-hits", VS_ATTR_U64, guard_hits),
	VS_VNIC_LIST(WIRE_MACS, "wire-macs", vs_wire_attrs, wires, n_wires),
	VS_VNIC_LIST(DROPS, "drops", vs_drops_attrs, drops, n_drops),
	VS_VNIC_LIST(PASSED, "passed", vs_share_attrs, passed, n_passed),
	VS_VNIC_LIST(DROPPED, "dropped", vs_share_attrs, dropped, n_dropped),
	VS_VNIC_LIST(POLICIES, "policies", vs_policy_attrs, policies,
		     n_policies),
};

static const struct vs_attr_def vs_claim_defs[] = {
	VS_CLAIM(KIND, "kind", VS_ATTR_U32, kind),
	VS_CLAIM(ID, "id", VS_ATTR_U64, id),
	VS_CLAIM(IFINDEX, "ifindex", VS_ATTR_U32, ifindex),
	VS_CLAIM(IFNAME, "ifname", VS_ATTR_STRING, ifname),
	VS_CLAIM(VM_UUID, "vm-uuid", VS_ATTR_BYTES, vm_uuid),
	VS_CLAIM(VM_NAME, "vm-name", VS_ATTR_STRING, vm_name),
	VS_CLAIM(DEVICE_ID, "device-id", VS_ATTR_U16, device_id),
	VS_CLAIM(MAC, "mac", VS_ATTR_BYTES, mac),
	VS_CLAIM(HOLDER_ID, "holder-id", VS_ATTR_U64, holder_id),
	VS_CLAIM(HOLDER_IFINDEX, "holder-ifindex", VS_ATTR_U32,
		 holder_ifindex),
	VS_CLAIM(HOLDER_IFNAME, "holder-ifname", VS_ATTR_STRING,
		 holder_ifname),
	VS_CLAIM(HOLDER_VM_UUID, "holder-vm-uuid", VS_ATTR_BYTES,
		 holder_vm_uuid),
	VS_CLAIM(HOLDER_VM_NAME, "holder-vm-name", VS_ATTR_STRING,
		 holder_vm_name),
	VS_CLAIM(HOLDER_DEVICE_ID, "holder-device-id", VS_ATTR_U16,
		 holder_device_id),
	VS_CLAIM(GENERATION, "generation", VS_ATTR_U64, generation),
	VS_CLAIM(EVENT_SEQ, "event-seq", VS_ATTR_U32, event_seq),
};

const struct vs_attr_set vs_driver_host_attrs =
	VS_SET(vs_driver_host, vs_host_defs);
const struct vs_attr_set vs_driver_vm_attrs =
	VS_SET(vs_driver_vm, vs_vm_defs);
const struct vs_attr_set vs_driver_vnic_attrs =
	VS_SET(vs_driver_vnic, vs_vnic_defs);
const struct vs_attr_set vs_driver_claim_attrs =
	VS_SET(vs_driver_claim, vs_claim_defs);

static bool vs_has_all(uint64_t has, uint64_t need)
{
	return (has & need) == need;
}

int vs_driver_host_read(struct vs_driver_host *h, const struct nlmsghdr *nlh)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_HOST_ABI) |
			      VS_ATTR_BIT(VMSAFE_NET_A_HOST_INSTANCE) |
			      VS_ATTR_BIT(VMSAFE_NET_A_HOST_GENERATION);

	memset(h, 0, sizeof(*h));
	if (vs_attr_read(&vs_driver_host_attrs, nlh, h) ||
	    !vs_has_all(h->has, need))
		return -EBADMSG;
	return 0;
}

int vs_driver_vm_read(struct vs_driver_vm *vm, const struct nlmsghdr *nlh)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_VM_UUID) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VM_NAME) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VM_GENERATION);

	memset(vm, 0, sizeof(*vm));
	if (vs_attr_read(&vs_driver_vm_attrs, nlh, vm) ||
	    !vs_has_all(vm->has, need) || vs_uuid_is_nil(&vm->uuid))
		return -EBADMSG;
	return 0;
}

int vs_driver_vnic_read(struct vs_driver_vnic *v, const struct nlmsghdr *nlh)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_ID) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VNIC_IFINDEX) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VNIC_IFNAME) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MODE) |
			      VS_ATTR_BIT(VMSAFE_NET_A_VNIC_GENERATION);
	const uint64_t identity = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
				  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
				  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);

	/* elements of lists are cleared as they come */
	memset(v, 0, offsetof(struct vs_driver_vnic, wires));
	if (vs_attr_read(&vs_driver_vnic_attrs, nlh, v) ||
	    !vs_has_all(v->has, need) || !v->ifindex)
		return -EBADMSG;
	if (vs_driver_vnic_is_bound(v) && !vs_has_all(v->has, identity))
		return -EBADMSG;
	return 0;
}

int vs_driver_claim_read(struct vs_driver_claim *c, const struct nlmsghdr *nlh)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_CLAIM_KIND) |
			      VS_ATTR_BIT(VMSAFE_NET_A_CLAIM_EVENT_SEQ);

	memset(c, 0, sizeof(*c));
	if (vs_attr_read(&vs_driver_claim_attrs, nlh, c) ||
	    !vs_has_all(c->has, need))
		return -EBADMSG;
	return 0;
}

struct vs_driver_fact vs_driver_vnic_fact(const struct vs_driver_vnic *v)
{
	static const enum vs_mode modes[] = {
		[VMSAFE_NET_MODE_UNBOUND_PASS] = VS_MODE_UNBOUND_PASS,
		[VMSAFE_NET_MODE_UNBOUND_DROP] = VS_MODE_UNBOUND_DROP,
		[VMSAFE_NET_MODE_ENFORCING] = VS_MODE_ENFORCING,
		[VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN] = VS_MODE_LOST_OPEN,
		[VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED] = VS_MODE_LOST_CLOSED,
		[VMSAFE_NET_MODE_BYPASS] = VS_MODE_BYPASS,
	};
	struct vs_driver_fact fact = {
		.ifindex = v->ifindex,
		.creation_id = v->id,
		.mode = v->mode < sizeof(modes) / sizeof(*modes) ?
			modes[v->mode] : VS_MODE_UNKNOWN,
		.bound = vs_driver_vnic_is_bound(v),
		.vm = v->vm_uuid,
		.vm_name = *v->vm_name ? v->vm_name : NULL,
		.device_id = v->device_id,
		.mac = v->mac,
	};

	snprintf(fact.port, sizeof(fact.port), "%s", v->ifname);
	return fact;
}
