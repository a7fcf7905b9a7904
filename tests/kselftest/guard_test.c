// SPDX-License-Identifier: GPL-2.0-only
/*
 * MACs on the wire: what a guest really sends from is learned, and a guard may
 * count, tell or drop what is not its own.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/world.h"

#define GUARD(name)	VMSAFE_NET_GUARD_ ## name
#define SOURCE_MAC	VMSAFE_NET_DROP_REASON_SOURCE_MAC
#define MACS		4

FIXTURE(guard)
{
	struct world w;
	int tap;
	int packet;
	char name[IFNAMSIZ];
	struct identity id;
	struct frame own;
	struct frame other;
	struct counts c;
	struct event ev;
	struct vnic v;
};

static void frame_from(struct frame *f, const uint8_t *mac)
{
	memcpy(f->bytes + 6, mac, 6);
}

FIXTURE_SETUP(guard)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	ASSERT_EQ(0, link_up(self->name, true));
	self->packet = packet_open(self->name);
	ASSERT_LE(0, self->packet);
	self->id = identity_of(1, 0);
	frame_make(&self->own, 60);
	frame_from(&self->own, self->id.mac);
	frame_make(&self->other, 60);
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
}

FIXTURE_TEARDOWN(guard)
{
	close(self->packet);
	close(self->tap);
	world_end(&self->w);
}

#define SET_GUARD(wanted)						\
	vnic_set_u32(&self->w.nl, self->name, VMSAFE_NET_A_VNIC_GUARD,	\
		     GUARD(wanted))

#define EXPECT_SEEN(count)						\
	ASSERT_TRUE(until(!counts_get(&self->w.nl, self->name,		\
				      &self->c) &&			\
			  counts_seen(&self->c, FROM) == (count)))

/* One of each, its own and a foreign one. */
#define SEND_BOTH()							\
do {									\
	ASSERT_EQ(0, frame_send(self->tap, &self->own));		\
	ASSERT_EQ(0, frame_send(self->tap, &self->other));		\
} while (0)

TEST_F(guard, off_by_default)
{
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, &self->v));
	EXPECT_EQ(GUARD(OFF), self->v.guard);
	SEND_BOTH();
	EXPECT_SEEN(2);
	EXPECT_EQ(2, self->c.total.from_packets);
	EXPECT_EQ(0, self->c.guard_hits);
	EXPECT_NE(NULL, counts_mac(&self->c, self->id.mac));
	EXPECT_NE(NULL, counts_mac(&self->c, self->other.bytes + 6));
}

TEST_F(guard, warn)
{
	unsigned int i;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, SET_GUARD(WARN));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	for (i = 0; i < 50; i++)
		SEND_BOTH();
	EXPECT_SEEN(100);
	EXPECT_EQ(100, self->c.total.from_packets);
	EXPECT_EQ(50, self->c.guard_hits);
	EXPECT_EQ(0, self->c.total.from_drops);
	/* Told, but not of each. */
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));
	EXPECT_EQ(VMSAFE_NET_REASON_SOURCE_MAC, self->ev.reason);
	EXPECT_STREQ(self->name, self->ev.vnic.ifname);
	EXPECT_GT(10, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
}

/* A guest that goes on is told of again; one that stops is not. */
TEST_F(guard, told_again)
{
	int i;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, SET_GUARD(WARN));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, frame_send(self->tap, &self->other));
		ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));
		EXPECT_EQ(VMSAFE_NET_REASON_SOURCE_MAC, self->ev.reason);
	}
	EXPECT_EQ(-ETIMEDOUT, event_next(&self->w.events, &self->ev, 1500));
}

TEST_F(guard, drop)
{
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, SET_GUARD(DROP));
	SEND_BOTH();
	EXPECT_SEEN(2);
	EXPECT_EQ(1, self->c.total.from_packets);
	EXPECT_EQ(1, self->c.drops[FROM][SOURCE_MAC]);
	EXPECT_EQ(1, self->c.guard_hits);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_SOURCE_MAC));
	/* What is sent to the guest comes from anybody. */
	ASSERT_EQ(0, frame_send(self->packet, &self->other));
	EXPECT_EQ(60, frame_recv(self->tap, UNTIL_MS));
	/* The binding's MAC counts, whatever it was. */
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->name);
	self->own.bytes[11] ^= 1;
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_MAC, self->own.bytes + 6, 6);
	ASSERT_EQ(0, nl_do(&self->w.nl));
	SEND_BOTH();
	EXPECT_SEEN(4);
	EXPECT_EQ(2, self->c.total.from_packets);
	/* And off is off again. */
	ASSERT_EQ(0, SET_GUARD(OFF));
	SEND_BOTH();
	EXPECT_SEEN(6);
	EXPECT_EQ(4, self->c.total.from_packets);
	EXPECT_EQ(2, self->c.guard_hits);
	EXPECT_TRUE(counts_agree(&self->c));
}

/* Whatever the appliance does, the guard stays; a bypass is one. */
TEST_F(guard, drop_while_lost)
{
	int fd = device_open();

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, SET_GUARD(DROP));
	ASSERT_EQ(0, device_attach(fd, 60000, 0, NULL));
	close(fd);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	EXPECT_EQ(VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN, self->v.mode);
	SEND_BOTH();
	EXPECT_SEEN(2);
	EXPECT_EQ(1, self->c.drops[FROM][SOURCE_MAC]);
	ASSERT_EQ(0, vnic_set_bypass(&self->w.nl, self->name, true));
	SEND_BOTH();
	EXPECT_SEEN(4);
	EXPECT_EQ(1, self->c.drops[FROM][SOURCE_MAC]);
	EXPECT_EQ(3, self->c.total.from_packets);
}

static void numbered(struct frame *f, uint8_t number)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 7, number };

	frame_from(f, mac);
}

/* Unbound ones learn as well: it is how a clone is found. */
TEST_F(guard, four_most_recent)
{
	static const uint8_t order[] = { 1, 2, 3, 4, 1, 5, 6 };
	const struct wire_mac *mac;
	unsigned int i;

	/* Some time apart, so that it can be said which is older. */
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		uint64_t start = now_ms();

		numbered(&self->own, order[i]);
		ASSERT_EQ(0, frame_send(self->tap, &self->own));
		EXPECT_SEEN(i + 1);
		ASSERT_TRUE(until(now_ms() > start + 30));
	}
	/* 5 took the place of 2, and 6 that of 3. */
	EXPECT_EQ(MACS, self->c.macs);
	EXPECT_EQ(2, self->c.others);
	for (i = 1; i <= 6; i++) {
		numbered(&self->own, i);
		mac = counts_mac(&self->c, self->own.bytes + 6);
		EXPECT_EQ(i == 2 || i == 3, !mac) TH_LOG("MAC %u", i);
		if (mac)
			EXPECT_LE(mac->last, mac->first);
	}
	/* 1 was seen first before 4, and last after it. */
	numbered(&self->own, 1);
	numbered(&self->other, 4);
	mac = counts_mac(&self->c, self->own.bytes + 6);
	ASSERT_NE(NULL, mac);
	EXPECT_LT(mac->last, mac->first);
	EXPECT_LT(counts_mac(&self->c, self->other.bytes + 6)->first,
		  mac->first);
	EXPECT_GT(counts_mac(&self->c, self->other.bytes + 6)->last,
		  mac->last);
}

/* What the host sends to the guest is not the guest's. */
TEST_F(guard, learns_from_the_guest_only)
{
	ASSERT_EQ(0, frame_send(self->packet, &self->other));
	EXPECT_EQ(60, frame_recv(self->tap, UNTIL_MS));
	ASSERT_EQ(0, counts_get(&self->w.nl, self->name, &self->c));
	EXPECT_EQ(0, self->c.macs);
	/* Also what is dropped shows who is there. */
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(0, frame_send(self->tap, &self->other));
	EXPECT_SEEN(1);
	EXPECT_NE(NULL, counts_mac(&self->c, self->other.bytes + 6));
}

/* A flood of MACs ends in four and a number. */
TEST_F(guard, many_macs)
{
	unsigned int i, count = effort(2000, 300);

	for (i = 0; i < count; i++) {
		self->own.bytes[9] = i >> 16;
		self->own.bytes[10] = i >> 8;
		self->own.bytes[11] = i;
		ASSERT_EQ(0, frame_send(self->tap, &self->own));
	}
	EXPECT_SEEN(count);
	EXPECT_EQ(MACS, self->c.macs);
	EXPECT_EQ(count - MACS, self->c.others);
	EXPECT_NE(NULL, counts_mac(&self->c, self->own.bytes + 6));
}

/* A flood past the guard is a flood of packets, not of notifications. */
TEST_F(guard, flood_is_told_once_a_second)
{
	unsigned int i, count = effort(3000, 300);
	uint64_t start = now_ms();

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, SET_GUARD(DROP));
	ASSERT_EQ(2, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	for (i = 0; i < count; i++)
		ASSERT_EQ(0, frame_send(self->tap, &self->other));
	EXPECT_SEEN(count);
	EXPECT_EQ(count, self->c.drops[FROM][SOURCE_MAC]);
	EXPECT_EQ(count, self->c.guard_hits);
	EXPECT_GE((now_ms() - start) / 1000 + 2,
		  event_all(&self->w.events, &self->w.nl, &self->ev, 1));
}

TEST_HARNESS_MAIN
