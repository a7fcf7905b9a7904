// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: one for each change, with the right reason and the entry as it
 * is then, numbered without gaps, and none for what changes nothing.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/world.h"

FIXTURE(events)
{
	struct world w;
	int tap;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	char bridge[IFNAMSIZ];
	struct event ev;
	struct vnic v;
	uint64_t generation;
};

FIXTURE_SETUP(events)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	port_name(self->other, "oth");
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	self->generation = self->v.generation;
}

FIXTURE_TEARDOWN(events)
{
	close(self->tap);
	world_end(&self->w);
}

/*
 * Exactly one event, of this vNIC; the table is what the event says, and it has
 * another generation than before.
 */
#define EXPECT_VNIC_EVENT(wanted)					\
do {									\
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, &self->ev,	\
			       1));					\
	EXPECT_EQ(VMSAFE_NET_CMD_VNIC_NTF, self->ev.cmd);		\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
	EXPECT_EQ(self->v.id, self->ev.vnic.id);			\
	EXPECT_EQ(self->v.ifindex, self->ev.vnic.ifindex);		\
	EXPECT_LT(self->generation, self->ev.generation);		\
	EXPECT_EQ(self->ev.generation, host_generation(&self->w.nl));	\
	self->generation = self->ev.generation;				\
	ASSERT_EQ(0, vnic_get_id(&self->w.nl, self->v.id, &self->v));	\
	EXPECT_STREQ(self->v.ifname, self->ev.vnic.ifname);		\
	EXPECT_EQ(self->v.mtu, self->ev.vnic.mtu);			\
	EXPECT_EQ(self->v.up, self->ev.vnic.up);			\
	EXPECT_EQ(self->v.master, self->ev.vnic.master);		\
	EXPECT_EQ(self->v.mode, self->ev.vnic.mode);			\
	EXPECT_EQ(0, memcmp(self->v.port_mac, self->ev.vnic.port_mac,	\
			    6));					\
} while (0)

#define EXPECT_NO_EVENT()						\
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, &self->ev, 1))

TEST_F(events, bind_set_unbind)
{
	struct identity id = identity_of(1, 0);

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	EXPECT_VNIC_EVENT(BOUND);
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, self->ev.vnic.mode);
	EXPECT_STREQ(id.name, self->ev.vnic.name);
	EXPECT_EQ(0, memcmp(id.uuid, self->ev.vnic.uuid, sizeof(id.uuid)));
	EXPECT_EQ(0, memcmp(id.mac, self->ev.vnic.mac, sizeof(id.mac)));
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->name);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 9);
	ASSERT_EQ(0, nl_do(&self->w.nl));
	EXPECT_VNIC_EVENT(SET);
	EXPECT_EQ(9, self->ev.vnic.device_id);
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	EXPECT_VNIC_EVENT(UNBOUND);
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_PASS, self->ev.vnic.mode);
	EXPECT_FALSE(vnic_has(&self->ev.vnic, VM_UUID));
}

TEST_F(events, up_and_down)
{
	ASSERT_EQ(0, link_up(self->name, true));
	EXPECT_VNIC_EVENT(UP);
	EXPECT_EQ(1, self->ev.vnic.up);
	ASSERT_EQ(0, link_up(self->name, true));
	EXPECT_NO_EVENT();
	ASSERT_EQ(0, link_up(self->name, false));
	EXPECT_VNIC_EVENT(DOWN);
	EXPECT_EQ(0, self->ev.vnic.up);
	ASSERT_EQ(0, link_up(self->name, false));
	EXPECT_NO_EVENT();
}

TEST_F(events, mtu)
{
	ASSERT_EQ(0, link_mtu(self->name, 9000));
	EXPECT_VNIC_EVENT(MTU);
	EXPECT_EQ(9000, self->ev.vnic.mtu);
	ASSERT_EQ(0, link_mtu(self->name, 9000));
	EXPECT_NO_EVENT();
}

TEST_F(events, address)
{
	static const uint8_t mac[] = { 0xfe, 0x50, 0x56, 1, 2, 3 };

	ASSERT_EQ(0, link_mac(self->name, mac));
	EXPECT_VNIC_EVENT(ADDRESS);
	EXPECT_EQ(0, memcmp(mac, self->ev.vnic.port_mac, 6));
	ASSERT_EQ(0, link_mac(self->name, mac));
	EXPECT_NO_EVENT();
}

TEST_F(events, rename)
{
	ASSERT_EQ(0, link_rename(self->name, self->other));
	EXPECT_VNIC_EVENT(RENAMED);
	EXPECT_STREQ(self->other, self->ev.vnic.ifname);
	ASSERT_EQ(0, link_rename(self->other, self->other));
	EXPECT_NO_EVENT();
}

TEST_F(events, rename_while_up)
{
	ASSERT_EQ(0, link_up(self->name, true));
	EXPECT_VNIC_EVENT(UP);
	/* Kernels before 6.2 refuse it, and then there is nothing to tell. */
	if (link_rename(self->name, self->other) == -EBUSY) {
		EXPECT_NO_EVENT();
		return;
	}
	EXPECT_VNIC_EVENT(RENAMED);
	EXPECT_STREQ(self->other, self->v.ifname);
}

TEST_F(events, relink)
{
	char second[IFNAMSIZ];

	ASSERT_EQ(0, link_add("bridge", port_name(second, "br")));
	ASSERT_EQ(0, link_master(self->name, self->bridge));
	EXPECT_VNIC_EVENT(RELINKED);
	EXPECT_EQ(if_nametoindex(self->bridge), self->ev.vnic.master);
	ASSERT_EQ(0, link_master(self->name, self->bridge));
	EXPECT_NO_EVENT();
	/* The kernel leaves the one before it joins the other. */
	ASSERT_EQ(0, link_master(self->name, second));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	EXPECT_EQ(if_nametoindex(second), self->v.master);
	self->generation = self->v.generation;
	ASSERT_EQ(0, link_master(self->name, NULL));
	EXPECT_VNIC_EVENT(RELINKED);
	EXPECT_FALSE(vnic_has(&self->ev.vnic, MASTER));
}

TEST_F(events, bridge_deleted)
{
	ASSERT_EQ(0, link_master(self->name, self->bridge));
	EXPECT_VNIC_EVENT(RELINKED);
	ASSERT_EQ(0, link_del(self->bridge));
	EXPECT_VNIC_EVENT(RELINKED);
	EXPECT_FALSE(vnic_has(&self->ev.vnic, MASTER));
}

/* A bound port keeps its identity through all of it. */
TEST_F(events, all_while_bound)
{
	static const uint8_t mac[] = { 0xfe, 0x50, 0x56, 9, 8, 7 };
	struct identity id = identity_of(1, 0);

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	EXPECT_VNIC_EVENT(BOUND);
	ASSERT_EQ(0, link_mac(self->name, mac));
	EXPECT_VNIC_EVENT(ADDRESS);
	ASSERT_EQ(0, link_up(self->name, true));
	EXPECT_VNIC_EVENT(UP);
	ASSERT_EQ(0, link_mtu(self->name, 1300));
	EXPECT_VNIC_EVENT(MTU);
	ASSERT_EQ(0, link_up(self->name, false));
	EXPECT_VNIC_EVENT(DOWN);
	ASSERT_EQ(0, link_rename(self->name, self->other));
	EXPECT_VNIC_EVENT(RENAMED);
	EXPECT_STREQ(id.name, self->v.name);
	EXPECT_EQ(0, memcmp(id.mac, self->v.mac, 6));
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, self->v.mode);
	EXPECT_NO_EVENT();
}

TEST_F(events, host_set_tells_each_mode)
{
	struct event evs[3];

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, evs, 3));
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, evs[0].cmd);
	EXPECT_EQ(VMSAFE_NET_REASON_SET, evs[0].reason);
	EXPECT_EQ(VMSAFE_NET_VERDICT_DROP, evs[0].host.unbound_default);
	EXPECT_EQ(VMSAFE_NET_CMD_VNIC_NTF, evs[1].cmd);
	EXPECT_EQ(VMSAFE_NET_REASON_MODE, evs[1].reason);
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_DROP, evs[1].vnic.mode);
}

/* Changes of devices that are no ports are nobody's business. */
TEST_F(events, others_are_silent)
{
	ASSERT_EQ(0, link_add("dummy", self->other));
	ASSERT_EQ(0, link_up(self->other, true));
	ASSERT_EQ(0, link_mtu(self->other, 1000));
	ASSERT_EQ(0, link_up(self->bridge, true));
	ASSERT_EQ(0, link_del(self->other));
	EXPECT_NO_EVENT();
}

TEST_F(events, requests_are_silent)
{
	struct host h;
	struct vm vm;

	ASSERT_EQ(0, host_get(&self->w.nl, &h));
	ASSERT_EQ(1, vnic_list(&self->w.nl, &self->v, 1));
	ASSERT_EQ(0, vm_list(&self->w.nl, NULL, &vm, 1));
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, "none", NULL));
	EXPECT_EQ(-EINVAL, vnic_bind(&self->w.nl, self->name,
				     &(struct identity){ .name = "" }, NULL));
	EXPECT_NO_EVENT();
}

/* A second listener hears the same, under the same numbers. */
TEST_F(events, two_listeners)
{
	struct nl second;
	struct event a, b;
	int i;

	ASSERT_EQ(0, nl_open(&second));
	ASSERT_EQ(0, event_join(&second, &self->w.nl));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, link_up(self->name, i % 2));
	for (i = 1; i < 10; i++) {
		ASSERT_EQ(0, event_next(&self->w.events, &a, UNTIL_MS));
		ASSERT_EQ(0, event_next(&second, &b, UNTIL_MS));
		EXPECT_EQ(a.seq, b.seq);
		EXPECT_EQ(a.reason, b.reason);
		EXPECT_EQ(a.generation, b.generation);
	}
	nl_close(&second);
}

/* Numbers go on while nobody listens. */
TEST_F(events, numbers_without_listener)
{
	struct host before, after;

	nl_close(&self->w.events);
	ASSERT_EQ(0, host_get(&self->w.nl, &before));
	ASSERT_EQ(0, link_up(self->name, true));
	ASSERT_EQ(0, link_mtu(self->name, 1000));
	ASSERT_EQ(0, host_get(&self->w.nl, &after));
	EXPECT_EQ(before.seq + 2, after.seq);
}

/*
 * Someone who does not read loses events: ENOBUFS says so once, the gap in the
 * numbers says how many, and the table is right nevertheless.
 */
TEST_F(events, overflow)
{
	unsigned int i, seen = 0, changes = effort(1200, 400);
	int small = 1, err;
	struct host h;

	ASSERT_EQ(0, setsockopt(self->w.events.fd, SOL_SOCKET, SO_RCVBUF,
				&small, sizeof(small)));
	for (i = 0; i < changes; i++)
		ASSERT_EQ(0, link_mtu(self->name, 1000 + i % 2));
	err = event_next(&self->w.events, &self->ev, UNTIL_MS);
	EXPECT_EQ(-ENOBUFS, err);
	while (!event_next(&self->w.events, &self->ev, 0))
		seen++;
	EXPECT_GT(changes, seen);
	/* What is told from now on shows the gap. */
	ASSERT_EQ(0, link_mtu(self->name, 777));
	EXPECT_EQ(-ESTALE, event_next(&self->w.events, &self->ev, UNTIL_MS));
	ASSERT_EQ(0, host_get(&self->w.nl, &h));
	EXPECT_EQ(h.seq, self->ev.seq);
	EXPECT_EQ(777, self->ev.vnic.mtu);
}

TEST_HARNESS_MAIN
