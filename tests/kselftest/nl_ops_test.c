// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the operations do when all is well: settings, look-ups by every name an
 * entry has, filtered dumps, and the life of a binding.
 */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/world.h"

#define PORTS	6

FIXTURE(ops)
{
	struct world w;
	int taps[PORTS];
	char names[PORTS][IFNAMSIZ];
	struct vnic v[PORTS];
	struct vnic one;
	struct host host;
};

/* VMs 1 and 2 with two vNICs each, device IDs 0 and 1; two unbound ports. */
FIXTURE_SETUP(ops)
{
	struct identity id;
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	for (i = 0; i < PORTS; i++) {
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
		id = identity_of(i / 2 + 1, i % 2);
		if (i < 4)
			ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i],
					       &id, NULL));
	}
	ASSERT_EQ(PORTS, vnic_list(&self->w.nl, self->v, PORTS));
}

FIXTURE_TEARDOWN(ops)
{
	int i;

	for (i = 0; i < PORTS; i++)
		close(self->taps[i]);
	world_end(&self->w);
}

TEST_F(ops, host_get)
{
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_NE(0, self->host.instance);
	EXPECT_EQ(VMSAFE_NET_ABI_VERSION, self->host.abi);
	EXPECT_EQ(65536, self->host.limit);
	EXPECT_EQ(PORTS, self->host.vnics);
	EXPECT_EQ(4, self->host.bound);
	EXPECT_EQ(2, self->host.vms);
	EXPECT_EQ(0, self->host.refused);
	EXPECT_EQ(VMSAFE_NET_VERDICT_PASS, self->host.unbound_default);
	EXPECT_EQ(VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN, self->host.policy);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_NONE, self->host.appliance);
	EXPECT_EQ(self->v[0].generation, self->host.generation);
	EXPECT_EQ(VMSAFE_NET_REASON_NONE, self->host.reason);
}

TEST_F(ops, host_set_each)
{
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 100));
	ASSERT_EQ(1, self->w.nl.answers);
	ASSERT_EQ(0, host_parse(&self->w.nl.answer, &self->host));
	EXPECT_EQ(100, self->host.limit);
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			      VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(100, self->host.limit);
	EXPECT_EQ(VMSAFE_NET_VERDICT_DROP, self->host.unbound_default);
	EXPECT_EQ(VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED, self->host.policy);
}

TEST_F(ops, host_set_extremes)
{
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT,
			      VMSAFE_NET_VNIC_LIMIT_MAX));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_VNIC_LIMIT_MAX, self->host.limit);
	/* Below what there is: nothing is removed. */
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 1));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(1, self->host.limit);
	EXPECT_EQ(PORTS, self->host.vnics);
}

TEST_F(ops, host_set_all_at_once)
{
	struct event ev;

	nl_begin(&self->w.nl, VMSAFE_NET_CMD_HOST_SET);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 77);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_HOST_FAILURE_POLICY, 1);
	ASSERT_EQ(0, nl_do(&self->w.nl));
	ASSERT_EQ(0, event_until(&self->w.events, &ev,
				 VMSAFE_NET_REASON_SET));
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, ev.cmd);
	EXPECT_EQ(77, ev.host.limit);
	EXPECT_EQ(1, ev.host.policy);
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, NULL, 0));
}

/* The host's policy is for bindings to come, not for those there are. */
TEST_F(ops, host_policy_is_for_new_bindings)
{
	struct identity id = identity_of(3, 0);

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			      VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[0], &self->one));
	EXPECT_EQ(VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN, self->one.policy);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[4], &id, &self->one));
	EXPECT_EQ(VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED, self->one.policy);
}

TEST_F(ops, unbound_default_shows_in_modes)
{
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[4], &self->one));
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_DROP, self->one.mode);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[0], &self->one));
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, self->one.mode);
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[0], &self->one));
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_DROP, self->one.mode);
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_PASS));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[0], &self->one));
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_PASS, self->one.mode);
}

TEST_F(ops, entry_of_a_bound_tap)
{
	struct identity id = identity_of(1, 1);
	struct vnic *v = &self->one;
	struct timespec now;

	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[1], v));
	clock_gettime(CLOCK_BOOTTIME, &now);
	EXPECT_NE(0, v->id);
	EXPECT_EQ(if_nametoindex(self->names[1]), v->ifindex);
	EXPECT_STREQ(self->names[1], v->ifname);
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_TAP, v->kind);
	EXPECT_EQ(1500, v->mtu);
	EXPECT_EQ(0, v->up);
	EXPECT_FALSE(vnic_has(v, MASTER));
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, v->mode);
	EXPECT_EQ(0, memcmp(id.uuid, v->uuid, sizeof(v->uuid)));
	EXPECT_STREQ(id.name, v->name);
	EXPECT_EQ(1, v->device_id);
	EXPECT_EQ(0, memcmp(id.mac, v->mac, sizeof(v->mac)));
	EXPECT_LT(0, v->created);
	EXPECT_LE(v->created, v->bound);
	EXPECT_LE(v->bound, now.tv_sec * 1000000000ULL + now.tv_nsec);
	EXPECT_FALSE(vnic_has(v, STATS));
	EXPECT_TRUE(vnic_has(v, PORT_MAC));
	EXPECT_EQ(VMSAFE_NET_REASON_NONE, v->reason);
}

TEST_F(ops, entry_of_an_unbound_tap)
{
	struct vnic *v = &self->one;

	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[5], v));
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_PASS, v->mode);
	EXPECT_FALSE(vnic_has(v, VM_UUID));
	EXPECT_FALSE(vnic_has(v, VM_NAME));
	EXPECT_FALSE(vnic_has(v, DEVICE_ID));
	EXPECT_FALSE(vnic_has(v, MAC));
	EXPECT_FALSE(vnic_has(v, FAILURE_POLICY));
	EXPECT_FALSE(vnic_has(v, BOUND));
}

#define ASK(...)							\
({									\
	struct nl *nl = &self->w.nl;					\
									\
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);				\
	__VA_ARGS__;							\
	vnic_answer(nl, &self->one);					\
})

#define BY_ID(v)	nl_put_u64(nl, VMSAFE_NET_A_VNIC_ID, (v).id)
#define BY_INDEX(v)	nl_put_u32(nl, VMSAFE_NET_A_VNIC_IFINDEX, (v).ifindex)
#define BY_NAME(v)	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, (v).ifname)
#define BY_UUID(v)	nl_put(nl, VMSAFE_NET_A_VNIC_VM_UUID, (v).uuid, 16)
#define BY_DEVICE(v)	nl_put_u16(nl, VMSAFE_NET_A_VNIC_DEVICE_ID, \
				   (v).device_id)

TEST_F(ops, vnic_get_by_each)
{
	struct vnic *v = &self->v[3];

	ASSERT_EQ(0, ASK(BY_ID(*v)));
	EXPECT_EQ(v->id, self->one.id);
	ASSERT_EQ(0, ASK(BY_INDEX(*v)));
	EXPECT_EQ(v->id, self->one.id);
	ASSERT_EQ(0, ASK(BY_NAME(*v)));
	EXPECT_EQ(v->id, self->one.id);
	ASSERT_EQ(0, ASK(BY_UUID(*v), BY_DEVICE(*v)));
	EXPECT_EQ(v->id, self->one.id);
	ASSERT_EQ(0, ASK(BY_ID(*v), BY_INDEX(*v), BY_NAME(*v), BY_UUID(*v),
			 BY_DEVICE(*v)));
	EXPECT_EQ(v->id, self->one.id);
}

TEST_F(ops, vnic_get_all_must_agree)
{
	struct vnic *a = &self->v[0], *b = &self->v[3];

	EXPECT_EQ(-ENOENT, ASK(BY_ID(*a), BY_INDEX(*b)));
	EXPECT_EQ(-ENOENT, ASK(BY_ID(*a), BY_NAME(*b)));
	EXPECT_EQ(-ENOENT, ASK(BY_INDEX(*a), BY_NAME(*b)));
	EXPECT_EQ(-ENOENT, ASK(BY_NAME(*a), BY_UUID(*b), BY_DEVICE(*b)));
	EXPECT_EQ(-ENOENT, ASK(BY_UUID(*a), BY_DEVICE(*b), BY_ID(*b)));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_LE(0, self->w.nl.blamed);
}

TEST_F(ops, vnic_get_none)
{
	struct vnic none = { .id = UINT64_MAX, .ifindex = 0x7fffffff,
		.ifname = "none", .uuid = { 1 }, .device_id = 1 };

	EXPECT_EQ(-ENOENT, ASK(BY_ID(none)));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_ID, self->w.nl.blamed);
	EXPECT_EQ(-ENOENT, ASK(BY_INDEX(none)));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_IFINDEX, self->w.nl.blamed);
	EXPECT_EQ(-ENOENT, ASK(BY_NAME(none)));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_IFNAME, self->w.nl.blamed);
	EXPECT_EQ(-ENOENT, ASK(BY_UUID(none), BY_DEVICE(none)));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_VM_UUID, self->w.nl.blamed);
	/* A device that is there, but is no port. */
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, "lo", NULL));
}

TEST_F(ops, vnic_get_needs_a_name)
{
	EXPECT_EQ(-EINVAL, ASK());
	EXPECT_STRNE("", self->w.nl.msg);
	/* One half of a pair. */
	EXPECT_EQ(-EINVAL, ASK(BY_UUID(self->v[0])));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_DEVICE_ID, self->w.nl.blamed);
	EXPECT_EQ(-EINVAL, ASK(BY_DEVICE(self->v[0])));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_VM_UUID, self->w.nl.blamed);
}

#define DUMP(...)							\
({									\
	struct nl *nl = &self->w.nl;					\
									\
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);				\
	__VA_ARGS__;							\
	vnic_dump(nl, found, PORTS);					\
})

TEST_F(ops, dump_is_in_order)
{
	int i;

	for (i = 0; i < PORTS; i++)
		EXPECT_STREQ(self->names[i], self->v[i].ifname);
	for (i = 1; i < PORTS; i++)
		EXPECT_LT(self->v[i - 1].id, self->v[i].id);
	EXPECT_FALSE(self->w.nl.interrupted);
}

TEST_F(ops, dump_filters)
{
	struct vnic found[PORTS], *v = &self->v[3];

	EXPECT_EQ(PORTS, DUMP());
	EXPECT_EQ(2, DUMP(BY_UUID(*v)));
	EXPECT_EQ(self->v[2].id, found[0].id);
	EXPECT_EQ(self->v[3].id, found[1].id);
	EXPECT_EQ(1, DUMP(BY_INDEX(*v)));
	EXPECT_EQ(v->id, found[0].id);
	EXPECT_EQ(1, DUMP(BY_NAME(*v)));
	EXPECT_EQ(v->id, found[0].id);
	EXPECT_EQ(1, DUMP(BY_ID(*v)));
	EXPECT_EQ(v->id, found[0].id);
	EXPECT_EQ(1, DUMP(BY_UUID(*v), BY_DEVICE(*v)));
	EXPECT_EQ(v->id, found[0].id);
	EXPECT_EQ(2, DUMP(BY_DEVICE(*v)));
	EXPECT_EQ(0, DUMP(BY_UUID(*v), BY_INDEX(self->v[0])));
	EXPECT_EQ(0, DUMP(BY_NAME(((struct vnic){ .ifname = "none" }))));
}

/* An alternative name is one, whatever is asked by it. */
TEST_F(ops, alternative_names)
{
	struct vnic found[PORTS], alt = { };

	port_name(alt.ifname, "alt");
	EXPECT_EQ(0, DUMP(BY_NAME(alt)));
	ASSERT_EQ(0, link_altname(self->names[3], alt.ifname));
	ASSERT_EQ(0, vnic_get(&self->w.nl, alt.ifname, &self->one));
	EXPECT_EQ(self->v[3].id, self->one.id);
	EXPECT_EQ(1, DUMP(BY_NAME(alt)));
	EXPECT_EQ(self->v[3].id, found[0].id);
	EXPECT_STREQ(self->names[3], found[0].ifname);
}

TEST_F(ops, dump_with_stats)
{
	struct vnic found[PORTS];
	int i;

	ASSERT_EQ(PORTS, DUMP(nl_put(nl, VMSAFE_NET_A_VNIC_WITH_STATS, NULL,
				     0)));
	for (i = 0; i < PORTS; i++) {
		EXPECT_TRUE(vnic_has(&found[i], STATS));
		EXPECT_EQ(0, found[i].stats.from_packets);
		EXPECT_EQ(0, found[i].stats.to_drops);
	}
	ASSERT_EQ(PORTS, DUMP());
	EXPECT_FALSE(vnic_has(&found[0], STATS));
}

TEST_F(ops, vm_get)
{
	struct identity id = identity_of(2, 0), none = identity_of(3, 0);
	struct vm vm;

	ASSERT_EQ(0, vm_get(&self->w.nl, id.uuid, &vm));
	EXPECT_NE(0, vm.id);
	EXPECT_STREQ(id.name, vm.name);
	EXPECT_EQ(2, vm.vnics);
	EXPECT_EQ(0, memcmp(id.uuid, vm.uuid, sizeof(vm.uuid)));
	EXPECT_EQ(host_generation(&self->w.nl), vm.generation);
	EXPECT_EQ(-ENOENT, vm_get(&self->w.nl, none.uuid, &vm));
	EXPECT_EQ(VMSAFE_NET_A_VM_UUID, self->w.nl.blamed);
	EXPECT_STRNE("", self->w.nl.msg);
}

TEST_F(ops, vm_dump)
{
	struct identity id = identity_of(2, 0), none = identity_of(3, 0);
	struct vm vms[3];

	ASSERT_EQ(2, vm_list(&self->w.nl, NULL, vms, 3));
	EXPECT_LT(vms[0].id, vms[1].id);
	EXPECT_STREQ("vm-1", vms[0].name);
	EXPECT_STREQ("vm-2", vms[1].name);
	EXPECT_EQ(1, vm_list(&self->w.nl, id.uuid, vms, 3));
	EXPECT_STREQ("vm-2", vms[0].name);
	EXPECT_EQ(0, vm_list(&self->w.nl, none.uuid, vms, 3));
}

TEST_F(ops, vm_lives_as_long_as_a_binding)
{
	struct identity id = identity_of(2, 0);
	struct vm before, vm;

	ASSERT_EQ(0, vm_get(&self->w.nl, id.uuid, &before));
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[2], NULL));
	ASSERT_EQ(0, vm_get(&self->w.nl, id.uuid, &vm));
	EXPECT_EQ(1, vm.vnics);
	EXPECT_EQ(before.id, vm.id);
	close(self->taps[3]);
	self->taps[3] = -1;
	EXPECT_EQ(-ENOENT, vm_get(&self->w.nl, id.uuid, &vm));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(1, self->host.vms);
	EXPECT_EQ(2, self->host.bound);
	/* It comes back as another one. */
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[2], &id, NULL));
	ASSERT_EQ(0, vm_get(&self->w.nl, id.uuid, &vm));
	EXPECT_LT(before.id, vm.id);
}

/* A VM has one name, the one given last. */
TEST_F(ops, vm_has_one_name)
{
	struct identity id = identity_of(2, 7);
	struct vm vm;

	id.name = "renamed";
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[4], &id, NULL));
	ASSERT_EQ(0, vm_get(&self->w.nl, id.uuid, &vm));
	EXPECT_STREQ("renamed", vm.name);
	EXPECT_EQ(3, vm.vnics);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[2], &self->one));
	EXPECT_STREQ("renamed", self->one.name);
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[3]);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_VM_NAME, "again");
	ASSERT_EQ(0, vnic_answer(&self->w.nl, &self->one));
	EXPECT_STREQ("again", self->one.name);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[4], &self->one));
	EXPECT_STREQ("again", self->one.name);
}

TEST_F(ops, bind_by_id_and_index)
{
	struct identity id = identity_of(3, 0);

	vnic_bind_begin(&self->w.nl, &id);
	nl_put_u64(&self->w.nl, VMSAFE_NET_A_VNIC_ID, self->v[4].id);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, &self->one));
	EXPECT_EQ(self->v[4].id, self->one.id);
	EXPECT_TRUE(vnic_has(&self->one, VM_UUID));
	id = identity_of(3, 1);
	vnic_bind_begin(&self->w.nl, &id);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_IFINDEX, self->v[5].ifindex);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, &self->one));
	EXPECT_EQ(self->v[5].id, self->one.id);
}

TEST_F(ops, bind_again_changes_nothing)
{
	struct identity id = identity_of(1, 0);
	struct host before, after;

	ASSERT_EQ(0, host_get(&self->w.nl, &before));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[0], &id, &self->one));
	EXPECT_EQ(self->v[0].bound, self->one.bound);
	ASSERT_EQ(0, host_get(&self->w.nl, &after));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.seq, after.seq);
}

TEST_F(ops, bind_to_something_else_is_refused)
{
	struct identity other_vm = identity_of(9, 0);
	struct identity other_device = identity_of(1, 5);
	struct identity other_mac = identity_of(1, 0);
	uint64_t generation = host_generation(&self->w.nl);

	other_mac.mac[5] = 0x77;
	EXPECT_EQ(-EBUSY, vnic_bind(&self->w.nl, self->names[0], &other_vm,
				    NULL));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_EQ(-EBUSY, vnic_bind(&self->w.nl, self->names[0],
				    &other_device, NULL));
	EXPECT_EQ(-EBUSY, vnic_bind(&self->w.nl, self->names[0], &other_mac,
				    NULL));
	EXPECT_EQ(generation, host_generation(&self->w.nl));
}

TEST_F(ops, unbind)
{
	struct identity id = identity_of(1, 0);

	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[0], &self->one));
	EXPECT_EQ(self->v[0].id, self->one.id);
	EXPECT_FALSE(vnic_has(&self->one, VM_UUID));
	EXPECT_EQ(-ENOTCONN, vnic_unbind(&self->w.nl, self->names[0], NULL));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_EQ(-ENOENT, vnic_unbind(&self->w.nl, "none", NULL));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_IFNAME, self->w.nl.blamed);
	/* The same entry can be bound again, to whatever. */
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[0], &id, &self->one));
	EXPECT_EQ(self->v[0].id, self->one.id);
	EXPECT_LT(self->v[0].bound, self->one.bound);
}

TEST_F(ops, unbind_by_vm_and_device)
{
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_UNBIND);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_VM_UUID, self->v[3].uuid, 16);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 1);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, &self->one));
	EXPECT_EQ(self->v[3].id, self->one.id);
	EXPECT_FALSE(vnic_has(&self->one, VM_UUID));
}

TEST_F(ops, set)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 0x99 };
	struct identity old = identity_of(1, 1);

	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_u64(&self->w.nl, VMSAFE_NET_A_VNIC_ID, self->v[1].id);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 4095);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_MAC, mac, sizeof(mac));
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
		   VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, &self->one));
	EXPECT_EQ(4095, self->one.device_id);
	EXPECT_EQ(0, memcmp(mac, self->one.mac, sizeof(mac)));
	EXPECT_EQ(VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED, self->one.policy);
	EXPECT_STREQ("vm-1", self->one.name);
	EXPECT_EQ(self->v[1].id, self->one.id);
	EXPECT_EQ(self->v[1].bound, self->one.bound);
	/* What it had before is free for others. */
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[4], &old, NULL));
}

TEST_F(ops, set_refused)
{
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[0]);
	EXPECT_EQ(-EINVAL, nl_do(&self->w.nl));
	EXPECT_STRNE("", self->w.nl.msg);
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[5]);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 1);
	EXPECT_EQ(-ENOTCONN, nl_do(&self->w.nl));
	EXPECT_STRNE("", self->w.nl.msg);
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, "none");
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 1);
	EXPECT_EQ(-ENOENT, nl_do(&self->w.nl));
}

/* Both uAPIs count alike, whatever happens. */
TEST_F(ops, one_generation)
{
	struct identity id = identity_of(3, 0);
	uint64_t before, after;
	int fd, i;

	fd = device_open();
	ASSERT_LE(0, fd);
	for (i = 0, before = 0; i < 6; i++, before = after) {
		switch (i) {
		case 0:
			ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[4],
					       &id, NULL));
			break;
		case 1:
			ASSERT_EQ(0, link_up(self->names[4], true));
			break;
		case 2:
			ASSERT_EQ(0, link_mtu(self->names[4], 1400));
			break;
		case 3:
			ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[4],
						 NULL));
			break;
		case 4:
			close(self->taps[5]);
			self->taps[5] = -1;
			break;
		case 5:
			self->taps[5] = tap_open(self->names[5]);
			break;
		}
		after = host_generation(&self->w.nl);
		EXPECT_LT(before, after);
		EXPECT_EQ(after, device_generation(fd));
		ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[0],
				      &self->one));
		EXPECT_EQ(after, self->one.generation);
	}
	close(fd);
}

TEST_HARNESS_MAIN
