// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that do more than judge, and packets that are more than a frame:
 * each is judged once and counted once, and nothing leaves by another door.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/file.h"
#include "lib/frame.h"
#include "lib/prog.h"
#include "lib/world.h"

#define REASON(name)	VMSAFE_NET_DROP_REASON_ ## name

/* A guest, its neighbour on the bridge, and one that is on none. */
FIXTURE(hostile)
{
	struct world w;
	int tap;
	int packet;
	int peer;
	int away;
	char name[IFNAMSIZ];
	char peer_name[IFNAMSIZ];
	char away_name[IFNAMSIZ];
	char bridge[IFNAMSIZ];
	int map;
	struct frame frame;
	struct counts c;
};

FIXTURE_SETUP(hostile)
{
	struct identity id = identity_of(1, 0);

	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(0, link_up(self->bridge, true));
	self->tap = tap_open_gso(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	self->peer = tap_open(port_name(self->peer_name, "per"));
	ASSERT_LE(0, self->peer);
	self->away = tap_open(port_name(self->away_name, "awy"));
	ASSERT_LE(0, self->away);
	ASSERT_EQ(0, link_master(self->name, self->bridge));
	ASSERT_EQ(0, link_master(self->peer_name, self->bridge));
	ASSERT_EQ(0, link_up(self->name, true));
	ASSERT_EQ(0, link_up(self->peer_name, true));
	ASSERT_EQ(0, link_up(self->away_name, true));
	self->packet = packet_open(self->name);
	ASSERT_LE(0, self->packet);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &id, NULL));
	self->map = map_array(1);
	ASSERT_LE(0, self->map);
	frame_make(&self->frame, 80);
}

FIXTURE_TEARDOWN(hostile)
{
	close(self->packet);
	close(self->away);
	close(self->peer);
	close(self->tap);
	world_end(&self->w);
}

#define ATTACH(dir, prog)						\
do {									\
	ASSERT_LE(0, prog);						\
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, dir, prog))	\
		TH_LOG("%s", self->w.nl.msg);				\
} while (0)

#define EXPECT_SEEN(from, to)						\
	ASSERT_TRUE(until(!counts_get(&self->w.nl, self->name,		\
				      &self->c) &&			\
			  counts_seen(&self->c, FROM) == (from) &&	\
			  counts_seen(&self->c, TO) == (to)))

/* The guest's side has a virtio header before each packet. */
static int send_with(int tap, const struct virtio_net_hdr *vnet,
		     const void *bytes, size_t len)
{
	struct iovec iov[] = {
		{ .iov_base = (void *)vnet, .iov_len = sizeof(*vnet) },
		{ .iov_base = (void *)bytes, .iov_len = len },
	};
	ssize_t n = writev(tap, iov, 2);

	return n < 0 ? -errno : 0;
}

static int send_plain(int tap, const void *bytes, size_t len)
{
	static const struct virtio_net_hdr none;

	return send_with(tap, &none, bytes, len);
}

static int set_failure(struct nl *nl, const char *name, bool closed)
{
	return vnic_set_u32(nl, name, VMSAFE_NET_A_VNIC_FAILURE_POLICY, closed);
}

/* What the next frame that gets there holds at this offset, or an errno. */
static int byte_of_next(int tap, unsigned int offset)
{
	uint8_t bytes[256] = { };
	ssize_t n = -1;

	until((n = read(tap, bytes, sizeof(bytes))) > 0);
	return n <= (ssize_t)offset ? -ENOMSG : bytes[offset];
}

TEST_F(hostile, redirects_nothing)
{
	int prog = prog_redirect(if_nametoindex(self->away_name));
	unsigned int closed;

	ATTACH(FROM, prog);
	ATTACH(TO, prog);
	for (closed = 0; closed < 2; closed++) {
		ASSERT_EQ(0, set_failure(&self->w.nl, self->name, closed));
		ASSERT_EQ(0, send_plain(self->tap, self->frame.bytes, 80));
		frame_send(self->packet, &self->frame);
		EXPECT_SEEN(closed + 1, closed + 1);
		EXPECT_EQ(1, self->c.total.from_packets);
		EXPECT_EQ(1, self->c.total.to_packets);
		EXPECT_EQ(closed, self->c.drops[FROM][REASON(POLICY_ERROR)]);
		EXPECT_EQ(closed, self->c.drops[TO][REASON(POLICY_ERROR)]);
	}
	EXPECT_EQ(80, frame_recv(self->peer, UNTIL_MS));
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->peer, 20));
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->away, 20));
	/* No redirect was left behind for somebody else's packet. */
	ASSERT_EQ(0, policy_detach(&self->w.nl, self->name, FROM));
	ASSERT_EQ(0, send_plain(self->tap, self->frame.bytes, 80));
	EXPECT_EQ(80, frame_recv(self->peer, UNTIL_MS));
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->away, 20));
}

/* A copy is the program's own business; the packet is counted once. */
TEST_F(hostile, sends_copies)
{
	int prog = prog_clone(if_nametoindex(self->away_name));
	struct vnic_stats s;

	ATTACH(FROM, prog);
	ASSERT_EQ(0, send_plain(self->tap, self->frame.bytes, 80));
	EXPECT_EQ(80, frame_recv(self->peer, UNTIL_MS));
	EXPECT_EQ(80, frame_recv(self->away, UNTIL_MS));
	EXPECT_SEEN(1, 0);
	ASSERT_EQ(0, vnic_get_stats(&self->w.nl, self->away_name, &s));
	EXPECT_EQ(1, s.to_packets);
}

TEST_F(hostile, changes_what_passes)
{
	int prog = prog_write_byte(40, 0x77);

	ATTACH(FROM, prog);
	ASSERT_EQ(0, send_plain(self->tap, self->frame.bytes, 80));
	EXPECT_EQ(0x77, byte_of_next(self->peer, 40));
	ASSERT_EQ(0, policy_detach(&self->w.nl, self->name, FROM));
	ATTACH(TO, prog);
	ASSERT_EQ(0, frame_send(self->packet, &self->frame));
	EXPECT_EQ(0x77, byte_of_next(self->tap, 40 +
				     sizeof(struct virtio_net_hdr)));
	/* Counted as it came. */
	EXPECT_SEEN(1, 1);
	EXPECT_EQ(80, self->c.total.from_bytes);
	EXPECT_EQ(80, self->c.total.to_bytes);
}

/* Headers come and lengths go: whatever it leaves has to be a packet. */
TEST_F(hostile, pushes_and_cuts)
{
	int progs[] = { prog_push_vlan(), prog_cut(20), prog_cut(14),
			prog_cut(9000), prog_cut(0) };
	unsigned int i, n = ARRAY_SIZE(progs);

	for (i = 0; i < n; i++) {
		ATTACH(FROM, progs[i]);
		ATTACH(TO, progs[i]);
		ASSERT_EQ(0, send_plain(self->tap, self->frame.bytes, 80));
		frame_send(self->packet, &self->frame);
		EXPECT_SEEN(i + 1, i + 1);
	}
	EXPECT_EQ(n * 80, self->c.total.from_bytes);
	EXPECT_EQ(n * 80, self->c.total.to_bytes);
	EXPECT_EQ(0, self->c.total.from_drops + self->c.total.to_drops);
}

#define IP(proto, len) \
	0x45, 0, (len) >> 8, (len) & 0xff, 0, 1, 0, 0, 64, proto, 0, 0,	\
	10, 9, 9, 1, 10, 9, 9, 2
#define ETH(proto) \
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1,		\
	(proto) >> 8, (proto) & 0xff

/* Frames that are said to get past filters, each seen exactly once. */
static const struct {
	const char *what;
	unsigned int len;
	uint8_t bytes[80];
} frames[] = {
	{ "a VLAN tag", 80, { ETH(0x8100), 0, 42, 0x08, 0 } },
	{ "two VLAN tags", 80, { ETH(0x88a8), 0, 42, 0x81, 0, 0, 7, 8, 0 } },
	{ "priority tag", 80, { ETH(0x8100), 0xe0, 0, 0x08, 0 } },
	{ "first fragment", 60, { ETH(0x0800), 0x45, 0, 0, 46, 0, 9, 0x20, 0,
				  64, 17, 0, 0, 10, 9, 9, 1, 10, 9, 9, 2 } },
	{ "later fragment", 60, { ETH(0x0800), 0x45, 0, 0, 46, 0, 9, 0, 3,
				  64, 17, 0, 0, 10, 9, 9, 1, 10, 9, 9, 2 } },
	{ "IPv6 extension headers", 80,
	  { ETH(0x86dd), 0x60, 0, 0, 0, 0, 26, 0, 64,
	    [38] = 1, [54] = 60, [62] = 43, [70] = 17 } },
	{ "Ethernet header alone", 14, { ETH(0x88b5) } },
	{ "runt", 15, { ETH(0x0800), 0x45 } },
	{ "802.3 length", 60, { ETH(0x0026), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 } },
	{ "length beyond the end", 34, { ETH(0x0800), IP(17, 1500) } },
	{ "broadcast from a broadcast", 60,
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x88, 0xb5 } },
	{ "nothing but zeros", 60, { 0 } },
};

TEST_F(hostile, every_frame_is_judged_once)
{
	int prog = prog_count(self->map, TC_ACT_SHOT);
	uint64_t judged;
	unsigned int i;

	ATTACH(FROM, prog);
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		ASSERT_EQ(0, send_plain(self->tap, frames[i].bytes,
					frames[i].len))
			TH_LOG("%s", frames[i].what);
		EXPECT_SEEN(i + 1, 0);
		ASSERT_EQ(0, map_get(self->map, 0, &judged));
		EXPECT_EQ(i + 1, judged) TH_LOG("%s", frames[i].what);
	}
	EXPECT_EQ(i, self->c.drops[FROM][REASON(POLICY)]);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->peer, 20));
}

/* Less than a header is no frame: it gets nowhere, and not to us either. */
TEST_F(hostile, less_than_a_header)
{
	int prog = prog_count(self->map, TC_ACT_OK), one = 1;
	unsigned int len, direct;
	uint64_t judged;

	ATTACH(FROM, prog);
	ATTACH(TO, prog);
	for (len = 0; len < 14; len++)
		EXPECT_EQ(-EINVAL, send_plain(self->tap, frames[0].bytes, len))
			TH_LOG("%u bytes", len);
	for (direct = 0; direct < 2; direct++) {
		for (len = 0; len < 14; len++)
			EXPECT_EQ(-1, write(self->packet, frames[0].bytes, len))
				TH_LOG("%u bytes", len);
		ASSERT_EQ(0, setsockopt(self->packet, SOL_PACKET,
					PACKET_QDISC_BYPASS, &one,
					sizeof(one)));
	}
	EXPECT_SEEN(0, 0);
	ASSERT_EQ(0, map_get(self->map, 0, &judged));
	EXPECT_EQ(0, judged);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->peer, 20));
}

/* The same to the guest; a sender may choose to go past its own queue. */
TEST_F(hostile, every_frame_to_the_guest)
{
	int prog = prog_count(self->map, TC_ACT_SHOT), one = 1;
	unsigned int i, sent = 0, direct;
	uint64_t judged;

	ATTACH(TO, prog);
	for (direct = 0; direct < 2; direct++) {
		for (i = 0; i < ARRAY_SIZE(frames); i++) {
			/* The kernel itself sends nothing of this length. */
			if (frames[i].len <= 14)
				continue;
			if (write(self->packet, frames[i].bytes,
				  frames[i].len) < 0 && errno != ENOBUFS)
				continue;
			sent++;
			EXPECT_SEEN(0, sent);
			ASSERT_EQ(0, map_get(self->map, 0, &judged));
			EXPECT_EQ(sent, judged) TH_LOG("%s", frames[i].what);
		}
		ASSERT_EQ(0, setsockopt(self->packet, SOL_PACKET,
					PACKET_QDISC_BYPASS, &one,
					sizeof(one)));
	}
	EXPECT_LT(ARRAY_SIZE(frames), sent);
	EXPECT_EQ(sent, self->c.drops[TO][REASON(POLICY)]);
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 20));
}

/* 64 KB that are to be cut up later are judged in one piece. */
TEST_F(hostile, large_packet)
{
	static const uint8_t headers[] = {
		ETH(0x0800), IP(6, 60000),
		0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0,
		0, 0, 0, 0,
	};
	static const struct virtio_net_hdr vnet = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = sizeof(headers),
		.gso_size = 1448,
		.csum_start = 14 + 20,
		.csum_offset = 16,
	};
	size_t len = 14 + 60000;
	uint8_t *bytes = calloc(1, len);
	int prog = prog_count(self->map, TC_ACT_SHOT);
	int write_deep = prog_write_byte(50000, 0x77);
	uint64_t judged;

	ASSERT_NE(NULL, bytes);
	memcpy(bytes, headers, sizeof(headers));
	ATTACH(FROM, prog);
	ASSERT_EQ(0, send_with(self->tap, &vnet, bytes, len));
	EXPECT_SEEN(1, 0);
	ASSERT_EQ(0, map_get(self->map, 0, &judged));
	EXPECT_EQ(1, judged);
	EXPECT_EQ(1, self->c.drops[FROM][REASON(POLICY)]);
	/* Written to deep inside, where it is not linear. */
	ATTACH(FROM, write_deep);
	ASSERT_EQ(0, send_with(self->tap, &vnet, bytes, len));
	EXPECT_SEEN(2, 0);
	EXPECT_EQ(len, self->c.total.from_bytes);
	free(bytes);
}

/* As large as they come: 64 KB of IP, in segments of 1448 bytes. */
#define LARGE	(14 + 65535)

static const struct {
	const char *what;
	unsigned int len;
	struct virtio_net_hdr vnet;
	uint8_t bytes[80];
} large[] = {
	{ "IPv4 TCP", LARGE,
	  { VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_TCPV4,
	    14 + 20 + 20, 1448, 14 + 20, 16 },
	  { ETH(0x0800), IP(6, 65535), 0, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1,
	    0x50, 0x10, 1, 0 } },
	{ "IPv6 TCP", LARGE,
	  { VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_TCPV6,
	    14 + 40 + 20, 1428, 14 + 40, 16 },
	  { ETH(0x86dd), 0x60, 0, 0, 0, 0xff, 0xd7, 6, 64,
	    [22] = 0xfd, [37] = 1, [38] = 0xfd, [53] = 2, [55] = 1, [57] = 2,
	    [61] = 1, [65] = 1, [66] = 0x50, [67] = 0x10, [68] = 1 } },
	{ "IPv4 TCP behind a VLAN tag", LARGE,
	  { VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_GSO_TCPV4,
	    18 + 20 + 20, 1448, 18 + 20, 16 },
	  { ETH(0x8100), 0, 42, 8, 0, IP(6, 65531), 0, 1, 0, 2, 0, 0, 0, 1,
	    0, 0, 0, 1, 0x50, 0x10, 1, 0 } },
};

/* Both ways, dropped and passed: one packet each time, judged in one piece. */
TEST_F(hostile, large_packets_both_ways)
{
	const int verdicts[] = { TC_ACT_SHOT, TC_ACT_OK };
	uint8_t *bytes = calloc(1, LARGE);
	unsigned int i, v, sent = 0;
	uint64_t judged;
	int one = 1, prog;

	ASSERT_NE(NULL, bytes);
	ASSERT_EQ(0, setsockopt(self->packet, SOL_PACKET, PACKET_VNET_HDR,
				&one, sizeof(one)));
	for (v = 0; v < 2; v++) {
		prog = prog_count(self->map, verdicts[v]);
		ATTACH(FROM, prog);
		ATTACH(TO, prog);
		for (i = 0; i < ARRAY_SIZE(large); i++) {
			memcpy(bytes, large[i].bytes, sizeof(large[i].bytes));
			ASSERT_EQ(0, send_with(self->tap, &large[i].vnet,
					       bytes, large[i].len))
				TH_LOG("%s", large[i].what);
			/* What is dropped on the way may say so. */
			send_with(self->packet, &large[i].vnet, bytes,
				  large[i].len);
			sent++;
			EXPECT_SEEN(sent, sent);
			ASSERT_EQ(0, map_get(self->map, 0, &judged));
			EXPECT_EQ(2 * sent, judged)
				TH_LOG("%s", large[i].what);
		}
		close(prog);
	}
	EXPECT_EQ(sent / 2, self->c.drops[FROM][REASON(POLICY)]);
	EXPECT_EQ(sent / 2, self->c.drops[TO][REASON(POLICY)]);
	EXPECT_EQ(sent / 2, self->c.total.from_packets);
	EXPECT_EQ(sent / 2, self->c.total.to_packets);
	free(bytes);
}

static int pktgen(const char *file, const char *command)
{
	char path[64], line[64];

	snprintf(path, sizeof(path), "/proc/thread-self/net/pktgen/%s", file);
	snprintf(line, sizeof(line), "%s\n", command);
	return file_put(path, line);
}

/* The only known source of packets that somebody else holds as well. */
static int send_shared(const char *ifname, unsigned int count)
{
	char add[32], number[32];

	snprintf(add, sizeof(add), "add_device %s", ifname);
	snprintf(number, sizeof(number), "count %u", count);
	return pktgen("kpktgend_0", add) ?:
	       pktgen(ifname, "xmit_mode netif_receive") ?:
	       pktgen(ifname, "pkt_size 100") ?:
	       pktgen(ifname, "burst 8") ?: pktgen(ifname, number) ?:
	       pktgen(ifname, "dst_mac ff:ff:ff:ff:ff:ff") ?:
	       pktgen("pgctrl", "start") ?:
	       pktgen("kpktgend_0", "rem_device_all");
}

/*
 * What is written to a packet that others hold is lost, and so they do not see
 * it; the verdict counts all the same.
 */
TEST_F(hostile, packets_that_others_hold)
{
	int progs[] = { prog_write_byte(60, 0x77), prog_push_vlan(),
			prog_cut(40), prog_redirect(1) };
	int look = prog_drop_byte(60, 0x77), drop = prog_verdict(TC_ACT_SHOT);
	struct identity id = identity_of(2, 0);
	unsigned int i, sent = 0;
	struct counts peer;
	bool loaded = access("/proc/thread-self/net/pktgen", F_OK);

	/* Not for longer than it takes: each namespace gets its threads. */
	if (loaded)
		ASSERT_EQ(0, system("modprobe pktgen"));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->peer_name, &id, NULL));
	ASSERT_LE(0, look);
	ASSERT_EQ(0, policy_set(&self->w.nl, self->peer_name, TO, look));
	for (i = 0; i < ARRAY_SIZE(progs); i++) {
		ATTACH(FROM, progs[i]);
		ASSERT_EQ(0, send_shared(self->name, 64));
		sent += 64;
		EXPECT_SEEN(sent, 0);
		EXPECT_EQ(sent, self->c.total.from_packets);
		EXPECT_EQ(64, self->c.policy[FROM].runs);
	}
	EXPECT_EQ(64, self->c.policy[FROM].errors);
	ASSERT_TRUE(until(!counts_get(&self->w.nl, self->peer_name, &peer) &&
			  counts_seen(&peer, TO) == sent));
	EXPECT_EQ(0, peer.drops[TO][REASON(POLICY)]);
	ATTACH(FROM, drop);
	ASSERT_EQ(0, send_shared(self->name, 64));
	EXPECT_SEEN(sent + 64, 0);
	EXPECT_EQ(64, self->c.drops[FROM][REASON(POLICY)]);
	if (loaded)
		EXPECT_EQ(0, system("rmmod pktgen"));
}

TEST_HARNESS_MAIN
