// SPDX-License-Identifier: GPL-2.0-only
/*
 * Second claims, which is how a cloned VM shows: on a VM's device ID anywhere,
 * on a MAC within one L2 domain. Refused, counted, told and logged.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/world.h"

FIXTURE(claims)
{
	struct world w;
	int taps[3];
	char names[3][IFNAMSIZ];
	char bridge[IFNAMSIZ];
	char other_bridge[IFNAMSIZ];
	struct identity first;
	struct identity clone;
	struct event ev;
	struct host before;
	struct host after;
};

/* The holder is bound on a bridge; the clone's tap is not linked yet. */
FIXTURE_SETUP(claims)
{
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	for (i = 0; i < 3; i++) {
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
	}
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(0, link_add("bridge", port_name(self->other_bridge, "br")));
	ASSERT_EQ(0, link_master(self->names[0], self->bridge));
	self->first = identity_of(1, 0);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[0], &self->first,
			       NULL));
	/* A clone with a UUID of its own, but the same MAC. */
	self->clone = identity_of(2, 5);
	memcpy(self->clone.mac, self->first.mac, sizeof(self->clone.mac));
	ASSERT_LE(0, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
}

FIXTURE_TEARDOWN(claims)
{
	int i;

	for (i = 0; i < 3; i++)
		close(self->taps[i]);
	world_end(&self->w);
}

/* Exactly this one event, and the counters that go with it. */
#define EXPECT_CLAIM(which, refused_more)				\
do {									\
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, &self->ev,	\
			       1));					\
	EXPECT_EQ(EVENT_CLAIM(which), self->ev.reason);			\
	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));		\
	EXPECT_EQ(self->before.refused + (refused_more),		\
		  self->after.refused);					\
} while (0)

#define EXPECT_REFUSED(which)						\
do {									\
	EXPECT_NE(NULL, strstr(self->w.nl.msg, self->names[0]))		\
		TH_LOG("'%s' does not name the holder",			\
		       self->w.nl.msg);					\
	EXPECT_CLAIM(which, 1);						\
	EXPECT_EQ(self->before.generation, self->after.generation);	\
	EXPECT_EQ(self->before.generation, self->ev.generation);	\
} while (0)

TEST_F(claims, device_id)
{
	struct claim *c = &self->ev.claim;
	struct identity id = identity_of(1, 0);
	struct vnic holder, claimant;

	id.mac[5] = 0x42;
	id.name = "clone";
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, self->names[1], &id, NULL));
	EXPECT_REFUSED(VM_DEVICE);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[0], &holder));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[1], &claimant));
	EXPECT_FALSE(vnic_has(&claimant, VM_UUID));
	EXPECT_EQ(claimant.id, c->id);
	EXPECT_EQ(claimant.ifindex, c->ifindex);
	EXPECT_STREQ(self->names[1], c->ifname);
	EXPECT_EQ(0, memcmp(id.uuid, c->uuid, sizeof(id.uuid)));
	EXPECT_STREQ("clone", c->name);
	EXPECT_EQ(0, c->device_id);
	EXPECT_EQ(0, memcmp(id.mac, c->mac, sizeof(id.mac)));
	EXPECT_EQ(holder.id, c->holder_id);
	EXPECT_EQ(holder.ifindex, c->holder_ifindex);
	EXPECT_STREQ(self->names[0], c->holder_ifname);
	EXPECT_EQ(0, memcmp(id.uuid, c->holder_uuid, sizeof(id.uuid)));
	EXPECT_STREQ("vm-1", c->holder_name);
	EXPECT_EQ(0, c->holder_device_id);
}

/* S15 */
TEST_F(claims, mac_on_one_bridge)
{
	struct claim *c = &self->ev.claim;

	ASSERT_EQ(0, link_master(self->names[1], self->bridge));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, self->names[1],
				     &self->clone, NULL));
	EXPECT_REFUSED(MAC);
	EXPECT_EQ(0, memcmp(self->clone.uuid, c->uuid, sizeof(c->uuid)));
	EXPECT_EQ(5, c->device_id);
	EXPECT_EQ(0, memcmp(self->first.mac, c->mac, sizeof(c->mac)));
	EXPECT_EQ(0, memcmp(self->first.uuid, c->holder_uuid,
			    sizeof(c->holder_uuid)));
	EXPECT_STREQ("vm-1", c->holder_name);
	/* The driver has not half taken it: another MAC will do. */
	self->clone.mac[5] = 0x42;
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
}

TEST_F(claims, mac_on_two_bridges)
{
	ASSERT_EQ(0, link_master(self->names[1], self->other_bridge));
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
	EXPECT_EQ(0, host_refused(&self->w.nl));
}

TEST_F(claims, mac_on_no_bridge)
{
	struct identity third = identity_of(3, 0);

	memcpy(third.mac, self->first.mac, sizeof(third.mac));
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[2], &third, NULL));
	EXPECT_EQ(0, host_refused(&self->w.nl));
}

/* Freed in time, it is no second claim. */
TEST_F(claims, after_unbind)
{
	ASSERT_EQ(0, link_master(self->names[1], self->bridge));
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[0], NULL));
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
	/* Now the one that had it is second. */
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, self->names[0], &self->first,
				     NULL));
}

TEST_F(claims, after_holder_is_gone)
{
	ASSERT_EQ(0, link_master(self->names[1], self->bridge));
	close(self->taps[0]);
	self->taps[0] = -1;
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
}

TEST_F(claims, set_device_id)
{
	struct identity second = identity_of(1, 1);

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &second, NULL));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[1]);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 0);
	EXPECT_EQ(-EEXIST, nl_do(&self->w.nl));
	EXPECT_REFUSED(VM_DEVICE);
}

TEST_F(claims, set_mac)
{
	self->clone.mac[5] = 0x42;
	ASSERT_EQ(0, link_master(self->names[1], self->bridge));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[1]);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_MAC, self->first.mac, 6);
	EXPECT_EQ(-EEXIST, nl_do(&self->w.nl));
	EXPECT_REFUSED(MAC);
}

/* Setting what one has oneself claims nothing. */
TEST_F(claims, set_own)
{
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[0]);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 0);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_MAC, self->first.mac, 6);
	EXPECT_EQ(0, nl_do(&self->w.nl));
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));
	EXPECT_EQ(self->before.generation, self->after.generation);
}

/* Bound first, linked to the holder's bridge afterwards: told, both stay. */
TEST_F(claims, relinked)
{
	struct event evs[2];
	struct vnic v;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &self->clone,
			       NULL));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, NULL, 0));
	ASSERT_EQ(0, link_master(self->names[1], self->bridge));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, evs, 2));
	EXPECT_EQ(VMSAFE_NET_REASON_RELINKED, evs[0].reason);
	EXPECT_EQ(EVENT_CLAIM(MAC_RELINKED), evs[1].reason);
	EXPECT_STREQ(self->names[1], evs[1].claim.ifname);
	EXPECT_STREQ(self->names[0], evs[1].claim.holder_ifname);
	EXPECT_EQ(0, host_refused(&self->w.nl));
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[1], &v));
	EXPECT_TRUE(vnic_has(&v, VM_UUID));
	/* And if they part, they may live on. */
	ASSERT_EQ(0, link_master(self->names[1], NULL));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, evs, 2));
}

/* A veth that was made a port is on the bridge like any other. */
TEST_F(claims, mac_of_a_veth)
{
	char name[IFNAMSIZ], peer[IFNAMSIZ];

	ASSERT_EQ(0, veth_add(port_name(name, "ve"), port_name(peer, "vp")));
	ASSERT_EQ(0, link_master(name, self->bridge));
	ASSERT_EQ(0, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD, name,
			       NULL));
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, name, &self->clone, NULL));
}

TEST_F(claims, mac_of_macvtaps)
{
	char lower[2][IFNAMSIZ], name[3][IFNAMSIZ];
	struct identity id[3] = { identity_of(5, 0), identity_of(6, 0),
		identity_of(7, 0) };
	int i;

	for (i = 0; i < 3; i++) {
		if (i < 2)
			ASSERT_EQ(0, link_add("dummy",
					      port_name(lower[i], "low")));
		/* Two on the first device, one on the second. */
		ASSERT_EQ(0, link_add_on("macvtap", port_name(name[i], "mvt"),
					 lower[i / 2]));
		memcpy(id[i].mac, self->first.mac, sizeof(id[i].mac));
	}
	EXPECT_EQ(0, vnic_bind(&self->w.nl, name[0], &id[0], NULL));
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, name[1], &id[1], NULL));
	EXPECT_NE(NULL, strstr(self->w.nl.msg, name[0]));
	EXPECT_EQ(0, vnic_bind(&self->w.nl, name[2], &id[2], NULL));
}

/* ipvtaps all have the MAC of their lower device: that is no clone. */
TEST_F(claims, mac_of_ipvtaps)
{
	char lower[IFNAMSIZ], name[2][IFNAMSIZ];
	struct identity id[2] = { identity_of(5, 0), identity_of(6, 0) };
	int i;

	ASSERT_EQ(0, link_add("dummy", port_name(lower, "low")));
	memcpy(id[1].mac, id[0].mac, sizeof(id[0].mac));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, link_add_on("ipvtap", port_name(name[i], "ivt"),
					 lower));
		EXPECT_EQ(0, vnic_bind(&self->w.nl, name[i], &id[i], NULL));
	}
}

/* Read what the kernel says until a line holds all three; for at most 20 s. */
static bool kmsg_has(int fd, const char *a, const char *b, const char *c)
{
	uint64_t deadline = now_ms() + UNTIL_MS;
	char line[2048];
	ssize_t n;

	while (now_ms() < deadline) {
		n = read(fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0)
			continue;	/* overwritten meanwhile: go on */
		line[n] = '\0';
		if (strstr(line, a) && strstr(line, b) && strstr(line, c))
			return true;
	}
	return false;
}

/* The log is rate-limited and others may have used it up: try until it is. */
TEST_F(claims, logged)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct identity id = identity_of(1, 0);
	bool logged = false;

	ASSERT_LE(0, fd);
	ASSERT_LE(0, lseek(fd, 0, SEEK_END));
	EXPECT_TRUE(until(({
		EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, self->names[1], &id,
					     NULL));
		logged = kmsg_has(fd, "vmsafe_net: ", self->names[0],
				  self->names[1]);
		poll(NULL, 0, logged ? 0 : 500);
		logged;
	})));
	close(fd);
}

TEST_F(claims, log_is_rate_limited)
{
	unsigned int i, seen = 0, claims = effort(500, 200);
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct identity id = identity_of(1, 0);

	ASSERT_LE(0, fd);
	ASSERT_LE(0, lseek(fd, 0, SEEK_END));
	for (i = 0; i < claims; i++)
		EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, self->names[1], &id,
					     NULL));
	while (kmsg_has(fd, "vmsafe_net: ", self->names[0], self->names[1]))
		seen++;
	EXPECT_GT(claims / 2, seen);
	/* But all are counted. */
	EXPECT_EQ(claims, host_refused(&self->w.nl));
	close(fd);
}

TEST_HARNESS_MAIN
