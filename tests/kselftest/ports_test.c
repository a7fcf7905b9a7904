// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices are ports and from when on: taps, macvtaps and ipvtaps as they
 * register, others on request; and that a name or ifindex used again is a new
 * entry.
 */
#include <errno.h>
#include <linux/if_tun.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/guest.h"
#include "lib/host.h"
#include "lib/world.h"

FIXTURE(ports)
{
	struct world w;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	struct vnic v;
	struct vnic again;
	struct event ev;
};

FIXTURE_SETUP(ports)
{
	ASSERT_EQ(0, world_begin(&self->w));
	port_name(self->name, "prt");
	port_name(self->other, "oth");
}

FIXTURE_TEARDOWN(ports)
{
	world_end(&self->w);
}

#define EXPECT_ONE_EVENT(wanted)					\
do {									\
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, &self->ev,	\
			       1));					\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
} while (0)

#define EXPECT_NO_EVENT()						\
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, &self->ev, 1))

#define PORT_ADD(name)							\
	vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD, name, &self->v)
#define PORT_DEL(name)							\
	vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_DEL, name, &self->v)

TEST_F(ports, tap)
{
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	EXPECT_ONE_EVENT(PORT_NEW);
	EXPECT_EQ(VMSAFE_NET_CMD_VNIC_NTF, self->ev.cmd);
	EXPECT_STREQ(self->name, self->ev.vnic.ifname);
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_TAP, self->ev.vnic.kind);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	EXPECT_EQ(self->ev.vnic.id, self->v.id);
	EXPECT_EQ(VMSAFE_NET_MODE_UNBOUND_PASS, self->v.mode);
	close(tap);
	EXPECT_ONE_EVENT(PORT_GONE);
	EXPECT_EQ(self->v.id, self->ev.vnic.id);
	EXPECT_STREQ(self->name, self->ev.vnic.ifname);
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, self->name, NULL));
}

TEST_F(ports, macvtap)
{
	ASSERT_EQ(0, link_add("dummy", self->other));
	EXPECT_NO_EVENT();
	ASSERT_EQ(0, link_add_on("macvtap", self->name, self->other));
	EXPECT_ONE_EVENT(PORT_NEW);
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_MACVTAP, self->ev.vnic.kind);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	ASSERT_EQ(0, link_del(self->name));
	EXPECT_ONE_EVENT(PORT_GONE);
}

TEST_F(ports, ipvtap)
{
	ASSERT_EQ(0, link_add("dummy", self->other));
	ASSERT_EQ(0, link_add_on("ipvtap", self->name, self->other));
	EXPECT_ONE_EVENT(PORT_NEW);
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_IPVTAP, self->ev.vnic.kind);
	ASSERT_EQ(0, link_del(self->name));
	EXPECT_ONE_EVENT(PORT_GONE);
}

/* The lower device takes its macvtaps along. */
TEST_F(ports, macvtap_lower_goes)
{
	ASSERT_EQ(0, link_add("dummy", self->other));
	ASSERT_EQ(0, link_add_on("macvtap", self->name, self->other));
	EXPECT_ONE_EVENT(PORT_NEW);
	ASSERT_EQ(0, link_del(self->other));
	EXPECT_ONE_EVENT(PORT_GONE);
}

/* Devices that look alike and carry no vNIC. */
TEST_F(ports, not_by_themselves)
{
	static const char * const kinds[] = {
		"dummy", "bridge", "macvlan", "ipvlan",
	};
	char name[IFNAMSIZ], peer[IFNAMSIZ];
	unsigned int i;

	ASSERT_EQ(0, link_add("dummy", self->other));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, link_add(kinds[i], port_name(name, "no")));
	for (; i < 4; i++) {
		ASSERT_EQ(0, link_add_on(kinds[i], port_name(name, "no"),
					 self->other));
		/* ipvlan and macvlan do not share a device. */
		ASSERT_EQ(0, link_del(name));
	}
	ASSERT_EQ(0, veth_add(port_name(name, "no"), port_name(peer, "no")));
	EXPECT_NO_EVENT();
	EXPECT_EQ(0, vnic_list(&self->w.nl, NULL, 0));
}

TEST_F(ports, veth_on_request)
{
	ASSERT_EQ(0, veth_add(self->name, self->other));
	ASSERT_EQ(0, PORT_ADD(self->name));
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_OTHER, self->v.kind);
	EXPECT_EQ(if_nametoindex(self->name), self->v.ifindex);
	EXPECT_ONE_EVENT(PORT_NEW);
	EXPECT_EQ(self->v.id, self->ev.vnic.id);
	EXPECT_EQ(-EEXIST, PORT_ADD(self->name));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_NO_EVENT();
	ASSERT_EQ(0, PORT_DEL(self->name));
	EXPECT_EQ(self->ev.vnic.id, self->v.id);
	EXPECT_ONE_EVENT(PORT_GONE);
	EXPECT_EQ(-ENOENT, PORT_DEL(self->name));
	/* Once more, as another entry. */
	ASSERT_EQ(0, PORT_ADD(self->name));
	EXPECT_LT(self->ev.vnic.id, self->v.id);
	EXPECT_ONE_EVENT(PORT_NEW);
	ASSERT_EQ(0, link_del(self->other));
	EXPECT_ONE_EVENT(PORT_GONE);
}

TEST_F(ports, add_by_ifindex)
{
	struct nl *nl = &self->w.nl;

	ASSERT_EQ(0, link_add("dummy", self->name));
	ASSERT_EQ(0, link_add("dummy", self->other));
	nl_begin(nl, VMSAFE_NET_CMD_PORT_ADD);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_IFINDEX, if_nametoindex(self->name));
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, self->other);
	EXPECT_EQ(-ENODEV, nl_do(nl));
	EXPECT_NO_EVENT();
	nl_begin(nl, VMSAFE_NET_CMD_PORT_ADD);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_IFINDEX, if_nametoindex(self->name));
	ASSERT_EQ(0, vnic_answer(nl, &self->v));
	EXPECT_STREQ(self->name, self->v.ifname);
}

TEST_F(ports, add_refused)
{
	int tap = tap_open(self->other);

	ASSERT_LE(0, tap);
	EXPECT_ONE_EVENT(PORT_NEW);
	EXPECT_EQ(-ENODEV, PORT_ADD("none"));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_IFNAME, self->w.nl.blamed);
	EXPECT_EQ(-EOPNOTSUPP, PORT_ADD("lo"));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_EQ(-EEXIST, PORT_ADD(self->other));
	EXPECT_NO_EVENT();
	close(tap);
}

/* Even where all that is unbound is dropped, a refusal costs no packet. */
TEST_F(ports, add_refused_under_traffic)
{
	struct identity id = identity_of(1, 1);
	struct vnic_stats s;
	struct guest g;
	unsigned int i;

	ASSERT_EQ(0, guest_start(&g, 1, NULL));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, g.names[0], &id, NULL));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	for (i = 0; i < 500; i++)
		ASSERT_EQ(-EEXIST, PORT_ADD(g.names[0]));
	EXPECT_EQ(0, guest_stop(&g));
	ASSERT_EQ(0, vnic_get_stats(&self->w.nl, g.names[0], &s));
	EXPECT_EQ(g.sent[0], s.from_packets);
	EXPECT_EQ(0, s.from_drops);
	guest_close(&g);
}

TEST_F(ports, add_what_is_not_ethernet)
{
	int tun = tun_open(self->name);

	ASSERT_LE(0, tun);
	EXPECT_EQ(-EOPNOTSUPP, PORT_ADD(self->name));
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_NO_EVENT();
	close(tun);
}

TEST_F(ports, del_refused)
{
	struct identity id = identity_of(1, 0);
	int tap = tap_open(self->other);

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_add("dummy", self->name));
	EXPECT_EQ(-ENOENT, PORT_DEL(self->name));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_IFNAME, self->w.nl.blamed);
	EXPECT_EQ(-EOPNOTSUPP, PORT_DEL(self->other));
	EXPECT_STRNE("", self->w.nl.msg);
	ASSERT_EQ(0, PORT_ADD(self->name));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	EXPECT_EQ(-EBUSY, PORT_DEL(self->name));
	EXPECT_STRNE("", self->w.nl.msg);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, NULL));
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	EXPECT_EQ(0, PORT_DEL(self->name));
	close(tap);
}

/* The same name again, even the same ifindex: nothing is inherited. */
TEST_F(ports, name_used_again)
{
	struct identity id = identity_of(1, 0);
	uint64_t last = 0;
	int i, tap;

	for (i = 0; i < 8; i++) {
		tap = tap_open(self->name);
		ASSERT_LE(0, tap);
		ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
		EXPECT_LT(last, self->v.id);
		EXPECT_FALSE(vnic_has(&self->v, VM_UUID));
		last = self->v.id;
		/* Free again although nobody unbound it. */
		ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
		close(tap);
		EXPECT_EQ(-ENOENT, vnic_get_id(&self->w.nl, last, NULL));
	}
}

TEST_F(ports, ifindex_used_again)
{
	struct identity id = identity_of(1, 0);
	int tap = tap_open(self->name);
	int here = netns_here();
	int there = netns_new();

	ASSERT_LE(0, tap);
	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	/* Moved away and back a device keeps its ifindex, if it is free. */
	ASSERT_EQ(0, link_move(self->name, there));
	ASSERT_EQ(0, netns_enter(there));
	ASSERT_EQ(0, link_move(self->name, here));
	ASSERT_EQ(0, netns_enter(here));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->again));
	EXPECT_EQ(self->v.ifindex, self->again.ifindex);
	EXPECT_LT(self->v.id, self->again.id);
	EXPECT_FALSE(vnic_has(&self->again, VM_UUID));
	close(tap);
}

/* The type is what the descriptor's holder says; a tap stays a tap. */
TEST_F(ports, type_changed)
{
	int tap = tap_open(self->name);
	int tun = tun_open(self->other);
	int here = netns_here();
	int there = netns_new();

	ASSERT_LE(0, tap);
	ASSERT_LE(0, tun);
	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	ASSERT_EQ(0, ioctl(tap, TUNSETLINK, ARPHRD_NONE));
	ASSERT_EQ(0, ioctl(tun, TUNSETLINK, ARPHRD_ETHER));
	ASSERT_EQ(0, link_move(self->name, there));
	ASSERT_EQ(0, link_move(self->other, there));
	ASSERT_EQ(0, netns_enter(there));
	ASSERT_EQ(0, link_move(self->name, here));
	ASSERT_EQ(0, link_move(self->other, here));
	ASSERT_EQ(0, netns_enter(here));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_TAP, self->v.kind);
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, self->other, NULL));
	close(tap);
	close(tun);
}

/* What left with its port comes in the event as it was. */
TEST_F(ports, bound_port_goes)
{
	struct identity id = identity_of(4, 2);
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	close(tap);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_PORT_GONE));
	EXPECT_STREQ(self->name, self->ev.vnic.ifname);
	EXPECT_EQ(0, memcmp(id.uuid, self->ev.vnic.uuid, sizeof(id.uuid)));
	EXPECT_STREQ(id.name, self->ev.vnic.name);
	EXPECT_EQ(2, self->ev.vnic.device_id);
	EXPECT_NO_EVENT();
}

/* The name is not what an entry is known by. */
TEST_F(ports, renamed)
{
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	ASSERT_EQ(0, link_rename(self->name, self->other));
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, self->name, NULL));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->other, &self->again));
	EXPECT_EQ(self->v.id, self->again.id);
	close(tap);
}

TEST_HARNESS_MAIN
