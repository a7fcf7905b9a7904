// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/vnic.h"
#include "entries.h"
#include "world.h"

#define HAS(name) VS_ATTR_BIT(VMSAFE_NET_A_##name)

static const struct vs_driver_host settings = {
	.has = HAS(HOST_VNIC_LIMIT) | HAS(HOST_VNIC_COUNT) |
	       HAS(HOST_VM_COUNT) | HAS(HOST_APPLIANCE_STATE),
	.instance = 0x1234, .generation = 5, .abi = VMSAFE_NET_ABI_VERSION,
	.vnic_limit = 4096, .vnic_count = 2, .vm_count = 2,
	.appliance_state = VMSAFE_NET_APPLIANCE_STATE_ATTACHED,
};

static struct vs_driver_vm a_vm(unsigned int vm)
{
	struct vs_driver_vm v = {
		.has = HAS(VM_ID) | HAS(VM_VNIC_COUNT), .id = 10 * vm,
		.uuid = world_uuid(vm), .vnic_count = 1,
	};

	snprintf(v.name, sizeof(v.name), "vm%u", vm);
	return v;
}

static struct vs_driver_vnic a_port(const char *name, uint32_t ifindex,
				    uint64_t id)
{
	struct vs_driver_vnic v = {
		.has = HAS(VNIC_PORT_KIND) | HAS(VNIC_MTU) | HAS(VNIC_UP),
		.id = id, .ifindex = ifindex, .mtu = 1500, .up = 1,
		.port_kind = VMSAFE_NET_PORT_KIND_TAP,
		.mode = VMSAFE_NET_MODE_UNBOUND_PASS,
	};

	snprintf(v.ifname, sizeof(v.ifname), "%s", name);
	return v;
}

static struct vs_driver_vnic a_vnic(bool stats)
{
	struct vs_driver_vnic v = a_port("tap1", 1, 100);

	v.has |= HAS(VNIC_VM_UUID) | HAS(VNIC_VM_NAME) | HAS(VNIC_DEVICE_ID) |
		 HAS(VNIC_MAC) | HAS(VNIC_GUARD);
	v.mode = VMSAFE_NET_MODE_ENFORCING;
	v.vm_uuid = world_uuid(1);
	strcpy(v.vm_name, "vm1");
	v.mac = world_mac(1);
	if (!stats)
		return v;
	v.has |= HAS(VNIC_STATS) | HAS(VNIC_WIRE_MACS) | HAS(VNIC_PASSED);
	v.stats.from_guest_packets = 4711;
	v.n_wires = 1;
	v.wires[0] = (struct vs_driver_wire){ world_mac(1), 2500, 10 };
	v.n_passed = 1;
	v.passed[0] = (struct vs_driver_share){
		4711, 0, VMSAFE_NET_MODE_ENFORCING,
	};
	return v;
}

static void give(const struct vs_driver_part *part,
		 const struct vs_driver_vnic *v)
{
	if (!part->filter || vs_vnic_wanted(v, part->filter))
		part->vnics->take(part->vnics->ctx, v);
}

static void give_vnics(const struct entries *e,
		       const struct vs_driver_part *part)
{
	struct vs_driver_vnic v = a_vnic(part->filter && part->filter->stats);
	char name[VS_PORT_NAME];

	part->vnics->begin(part->vnics->ctx);
	give(part, &v);
	v = a_port("tap9", 9, 200);
	give(part, &v);
	for (unsigned int i = 0; i < e->more; i++) {
		snprintf(name, sizeof(name), "more%u", i);
		v = a_port(name, 1000 + i, 1000 + i);
		give(part, &v);
	}
}

static void give_vms(const struct vs_driver_part *part)
{
	part->vms->begin(part->vms->ctx);
	for (unsigned int i = 1; i <= 2; i++) {
		const struct vs_driver_vm vm = a_vm(i);

		part->vms->take(part->vms->ctx, &vm);
	}
}

int entries_list(struct entries *e, const struct vs_driver_part *part,
		 struct vs_driver_host *host, struct vs_error *error)
{
	if (e->unloaded)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NOT_LOADED,
				    ENOENT, NULL);
	*host = settings;
	if (e->restless)
		host->generation += e->restless--;
	if (part->vms)
		give_vms(part);
	if (part->vnics)
		give_vnics(e, part);
	return 0;
}

const struct vs_foreigns *entries_foreign(void)
{
	static struct vs_foreign xdp = {
		.ifindex = 9, .spot = VS_SPOT_XDP, .kind = "ebpf",
		.prog = { .id = 77, .name = "shortcut" },
	};
	static const struct vs_foreigns all = {
		.v = &xdp, .n = 1, .asked = true, .tcx = true,
	};

	return &all;
}

static void begin(void *ctx)
{
	(void)ctx;
}

static void keep_vm(void *ctx, const void *entry)
{
	*vs_vms_add(ctx) = *(const struct vs_driver_vm *)entry;
}

static void keep_vnic(void *ctx, const void *entry)
{
	*vs_vnics_add(ctx) = *(const struct vs_driver_vnic *)entry;
}

void entries_snapshot(struct entries *e, struct vs_snapshot *s)
{
	struct vs_driver_table *t = &s->reading.table;
	const struct vs_vnic_filter filter = { .stats = true };
	const struct vs_sink vms = { begin, keep_vm, &t->vms };
	const struct vs_sink vnics = { begin, keep_vnic, &t->vnics };
	const struct vs_driver_part part = { &filter, &vms, &vnics };
	struct vs_error error;

	*s = (struct vs_snapshot){ .saved = 1, .has_ports = true };
	s->reading.info.state = VS_DRIVER_ONLINE;
	s->reading.listed = true;
	assert_int_equal(entries_list(e, &part, &t->host, &error), 0);
	s->foreign = *entries_foreign();
	s->foreign.v = NULL;
	s->foreign.n = 0;
	*vs_foreigns_add(&s->foreign) = entries_foreign()->v[0];
}
