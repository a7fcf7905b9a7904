// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path with real packets: every packet is seen in the right direction
 * and counted, from the first one on; and dropped where the mode says so.
 */
#include <errno.h>
#include <linux/virtio_net.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/frame.h"
#include "lib/world.h"

static const size_t sizes[] = { 14, 15, 42, 60, 64, 590, 1499, 1514 };

#define SIZES_SUM	(14 + 15 + 42 + 60 + 64 + 590 + 1499 + 1514)

FIXTURE(counters)
{
	struct world w;
	int tap;
	int packet;
	char name[IFNAMSIZ];
	struct frame frame;
	struct vnic_stats s;
};

FIXTURE_SETUP(counters)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	ASSERT_EQ(0, link_up(self->name, true));
	self->packet = packet_open(self->name);
	ASSERT_LE(0, self->packet);
	frame_make(&self->frame, 60);
}

FIXTURE_TEARDOWN(counters)
{
	close(self->packet);
	close(self->tap);
	world_end(&self->w);
}

/* All six counters of this port get there, and then are exactly this. */
#define EXPECT_COUNTERS_OF(name, fp, fb, fd, tp, tb, td)		\
do {									\
	struct vnic_stats *s = &self->s;				\
									\
	EXPECT_TRUE(until(!vnic_get_stats(&self->w.nl, name, s) &&	\
			  s->from_packets + s->from_drops +		\
			  s->to_packets + s->to_drops >=		\
			  (uint64_t)(fp) + (fd) + (tp) + (td)));	\
	EXPECT_EQ(fp, s->from_packets);					\
	EXPECT_EQ(fb, s->from_bytes);					\
	EXPECT_EQ(fd, s->from_drops);					\
	EXPECT_EQ(tp, s->to_packets);					\
	EXPECT_EQ(tb, s->to_bytes);					\
	EXPECT_EQ(td, s->to_drops);					\
} while (0)

#define EXPECT_COUNTERS(...)	EXPECT_COUNTERS_OF(self->name, __VA_ARGS__)

TEST_F(counters, from_guest)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		frame_make(&self->frame, sizes[i]);
		ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	}
	EXPECT_COUNTERS(ARRAY_SIZE(sizes), SIZES_SUM, 0, 0, 0, 0);
}

TEST_F(counters, to_guest)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		frame_make(&self->frame, sizes[i]);
		ASSERT_EQ(0, frame_send(self->packet, &self->frame));
		EXPECT_EQ(sizes[i], frame_recv(self->tap, UNTIL_MS));
	}
	EXPECT_COUNTERS(0, 0, 0, ARRAY_SIZE(sizes), SIZES_SUM, 0);
}

/* There is no moment between a tap's birth and its hooks. */
TEST_F(counters, from_the_first_packet_on)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		char name[IFNAMSIZ];
		int tap = tap_open(port_name(name, "new"));

		ASSERT_LE(0, tap);
		ASSERT_EQ(0, link_up(name, true));
		ASSERT_EQ(0, frame_send(tap, &self->frame));
		EXPECT_COUNTERS_OF(name, 1, 60, 0, 0, 0, 0);
		close(tap);
	}
}

TEST_F(counters, unbound_drop)
{
	unsigned int i;

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	for (i = 0; i < 3; i++)
		/* The sender is told of it or not. */
		frame_send(self->packet, &self->frame);
	EXPECT_COUNTERS(0, 0, 5, 0, 0, 3);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 0));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_PASS));
	ASSERT_EQ(0, frame_send(self->packet, &self->frame));
	EXPECT_EQ(60, frame_recv(self->tap, UNTIL_MS));
	EXPECT_COUNTERS(0, 0, 5, 1, 60, 3);
}

/* Where the default is drop, a new port drops from its first packet on. */
TEST_F(counters, unbound_drop_from_the_first)
{
	char name[IFNAMSIZ];
	int tap;

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	tap = tap_open(port_name(name, "new"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_up(name, true));
	ASSERT_EQ(0, frame_send(tap, &self->frame));
	EXPECT_COUNTERS_OF(name, 0, 0, 1, 0, 0, 0);
	close(tap);
}

TEST_F(counters, bound_passes)
{
	struct identity id = identity_of(1, 0);

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(0, 0, 1, 0, 0, 0);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 60, 1, 0, 0, 0);
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 60, 2, 0, 0, 0);
}

/* fail-closed drops while the appliance is lost, fail-open does not. */
TEST_F(counters, appliance_lost)
{
	struct identity id = identity_of(1, 0);
	int fd = device_open();
	struct event ev;
	uint64_t epoch;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	ASSERT_EQ(0, device_attach(fd, 30, 0, &epoch));
	ASSERT_EQ(0, event_until(&self->w.events, &ev,
				 VMSAFE_NET_REASON_LOST));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 60, 0, 0, 0, 0);
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->name);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
		   VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
	ASSERT_EQ(0, nl_do(&self->w.nl));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 60, 1, 0, 0, 0);
	ASSERT_EQ(0, device_heartbeat(fd, epoch));
	ASSERT_EQ(0, device_detach(fd, epoch));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(2, 120, 1, 0, 0, 0);
	close(fd);
}

/* Counted since the entry was made, whatever happens to it. */
TEST_F(counters, survive_changes)
{
	struct identity id = identity_of(1, 0);
	char other[IFNAMSIZ];

	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 60, 0, 0, 0, 0);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	ASSERT_EQ(0, link_up(self->name, false));
	ASSERT_EQ(0, link_rename(self->name, port_name(other, "oth")));
	EXPECT_COUNTERS_OF(other, 1, 60, 0, 0, 0, 0);
}

/* Between two ports of a bridge: out of the one guest, into the other. */
TEST_F(counters, over_a_bridge)
{
	char bridge[IFNAMSIZ], name[IFNAMSIZ];
	int tap = tap_open(port_name(name, "tap"));
	unsigned int i;

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_add("bridge", port_name(bridge, "br")));
	ASSERT_EQ(0, link_up(bridge, true));
	ASSERT_EQ(0, link_master(self->name, bridge));
	ASSERT_EQ(0, link_master(name, bridge));
	ASSERT_EQ(0, link_up(name, true));
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, frame_send(self->tap, &self->frame));
		EXPECT_EQ(60, frame_recv(tap, UNTIL_MS));
	}
	EXPECT_COUNTERS(10, 600, 0, 0, 0, 0);
	EXPECT_COUNTERS_OF(name, 0, 0, 0, 10, 600, 0);
	/* What the first drops does not get to the second. */
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(10, 600, 1, 0, 0, 0);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(tap, 50));
	EXPECT_COUNTERS_OF(name, 0, 0, 0, 10, 600, 0);
	close(tap);
}

/*
 * A tag that the kernel carries beside the packet is not in the bytes: at
 * ingress it always does, at egress not with what came in one piece.
 */
TEST_F(counters, vlan_tag_beside_the_packet)
{
	frame_make_tagged(&self->frame, 100);
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(1, 96, 0, 0, 0, 0);
	ASSERT_EQ(0, frame_send(self->packet, &self->frame));
	EXPECT_EQ(100, frame_recv(self->tap, UNTIL_MS));
	EXPECT_COUNTERS(1, 96, 0, 1, 100, 0);
}

/* A packet that is to be cut up later is one packet here. */
TEST_F(counters, gso_packet_counts_once)
{
	struct {
		struct virtio_net_hdr vnet;
		uint8_t bytes[20000];
	} packet = {
		.vnet = {
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
			.hdr_len = 14 + 20 + 20,
			.gso_size = 1448,
			.csum_start = 14 + 20,
			.csum_offset = 16,
		},
	};
	static const uint8_t headers[] = {
		/* Ethernet */
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 0,
		/* IPv4, 19986 bytes, TCP, 10.9.9.1 to 10.9.9.2 */
		0x45, 0, 0x4e, 0x12, 0, 1, 0x40, 0, 64, 6, 0, 0,
		10, 9, 9, 1, 10, 9, 9, 2,
		/* TCP from port 1 to port 2 */
		0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0,
		0, 0, 0, 0,
	};
	char name[IFNAMSIZ];
	int tap = tap_open_gso(port_name(name, "gso"));

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_up(name, true));
	memcpy(packet.bytes, headers, sizeof(headers));
	/* Without the two bytes that pad the structure. */
	memmove((char *)&packet + 10, packet.bytes, sizeof(packet.bytes));
	ASSERT_EQ(10 + 20000, write(tap, &packet, 10 + 20000))
		TH_LOG("%s", strerror(errno));
	EXPECT_COUNTERS_OF(name, 1, 20000, 0, 0, 0, 0);
	close(tap);
}

struct sender {
	pthread_t thread;
	int tap;
	int cpu;
	unsigned int count;
	struct frame *frame;
	int err;
};

static void *send_many(void *arg)
{
	struct sender *s = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(s->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		s->err = -errno;
	while (s->count-- && !s->err)
		s->err = frame_send(s->tap, s->frame);
	return NULL;
}

TEST_F(counters, all_cpus)
{
	unsigned int each = effort(2000, 300), i;
	struct sender senders[4] = { };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	for (i = 0; i < 4; i++) {
		senders[i].tap = self->tap;
		senders[i].cpu = i % cpus;
		senders[i].count = each;
		senders[i].frame = &self->frame;
		ASSERT_EQ(0, pthread_create(&senders[i].thread, NULL,
					    send_many, &senders[i]));
	}
	for (i = 0; i < 4; i++) {
		pthread_join(senders[i].thread, NULL);
		EXPECT_EQ(0, senders[i].err);
	}
	EXPECT_COUNTERS(4 * each, 4 * each * 60, 0, 0, 0, 0);
}

/*
 * macvtap and ipvtap are the guest's own end of the wire: what it sends leaves
 * through them, what it gets comes in by them.
 */
FIXTURE(mirrored)
{
	struct world w;
	char lower[IFNAMSIZ];
	char peer[IFNAMSIZ];
	char name[IFNAMSIZ];
	int tap;
	int packet;
	struct vnic v;
	struct frame frame;
	struct vnic_stats s;
};

FIXTURE_SETUP(mirrored)
{
	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, sysfs_here());
	ASSERT_EQ(0, veth_add(port_name(self->lower, "low"),
			      port_name(self->peer, "per")));
	ASSERT_EQ(0, link_up(self->lower, true));
	ASSERT_EQ(0, link_up(self->peer, true));
	ASSERT_EQ(0, link_add_on("macvtap", port_name(self->name, "mvt"),
				 self->lower));
	ASSERT_EQ(0, link_up(self->name, true));
	self->tap = mactap_open(self->name);
	ASSERT_LE(0, self->tap);
	self->packet = packet_open(self->peer);
	ASSERT_LE(0, self->packet);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->name, &self->v));
	frame_make(&self->frame, 60);
}

FIXTURE_TEARDOWN(mirrored)
{
	close(self->packet);
	close(self->tap);
	world_end(&self->w);
}

TEST_F(mirrored, from_guest)
{
	unsigned int i;

	for (i = 0; i < 7; i++)
		ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_COUNTERS(7, 420, 0, 0, 0, 0);
}

TEST_F(mirrored, to_guest)
{
	unsigned int i;

	frame_to(&self->frame, self->v.port_mac);
	for (i = 0; i < 7; i++) {
		ASSERT_EQ(0, frame_send(self->packet, &self->frame));
		EXPECT_EQ(60, frame_recv(self->tap, UNTIL_MS));
	}
	EXPECT_COUNTERS(0, 0, 0, 7, 420, 0);
}

TEST_F(mirrored, dropped)
{
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	frame_send(self->tap, &self->frame);
	frame_to(&self->frame, self->v.port_mac);
	ASSERT_EQ(0, frame_send(self->packet, &self->frame));
	EXPECT_COUNTERS(0, 0, 1, 0, 0, 1);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 50));
}

TEST_HARNESS_MAIN
