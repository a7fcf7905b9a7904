// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module leaves and comes back while ports are up, guests send, sockets
 * listen and requests are made: refused where somebody would miss it, clean
 * otherwise.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/frame.h"
#include "lib/module.h"
#include "lib/world.h"

#define PORTS	8

FIXTURE(unload)
{
	struct world w;
	int taps[PORTS];
	char names[PORTS][IFNAMSIZ];
	char bridge[IFNAMSIZ];
	struct frame frame;
	struct vnic v;
	struct vnic_stats s;
};

/* Ports on a bridge, up, every other one bound. */
FIXTURE_SETUP(unload)
{
	struct identity id;
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(0, link_up(self->bridge, true));
	for (i = 0; i < PORTS; i++) {
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
		ASSERT_EQ(0, link_master(self->names[i], self->bridge));
		ASSERT_EQ(0, link_up(self->names[i], true));
		id = identity_of(i, 0);
		if (i % 2)
			ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i],
					       &id, NULL));
	}
	frame_make(&self->frame, 60);
}

/* Whatever happened, the next test finds it loaded. */
FIXTURE_TEARDOWN(unload)
{
	int i;

	for (i = 0; i < PORTS; i++)
		close(self->taps[i]);
	world_end(&self->w);
	module_load();
}

/* Sockets know the family by a number that it does not keep. */
#define RECONNECT()							\
do {									\
	nl_close(&self->w.nl);						\
	ASSERT_EQ(0, nl_open(&self->w.nl));				\
} while (0)

TEST_F(unload, entries_and_listeners)
{
	struct host before, after;
	int i;

	ASSERT_EQ(0, host_get(&self->w.nl, &before));
	ASSERT_EQ(0, module_unload());
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_HOST_GET);
	EXPECT_EQ(-ENOENT, nl_do(&self->w.nl));
	EXPECT_EQ(-ENOENT, device_open());
	/* Guests go on, unfiltered. */
	ASSERT_EQ(0, frame_send(self->taps[0], &self->frame));
	for (i = 1; i < PORTS; i++)
		EXPECT_EQ(60, frame_recv(self->taps[i], UNTIL_MS));

	ASSERT_EQ(0, module_load());
	RECONNECT();
	ASSERT_EQ(0, host_get(&self->w.nl, &after));
	EXPECT_NE(before.instance, after.instance);
	EXPECT_EQ(PORTS, after.vnics);
	EXPECT_EQ(0, after.bound);
}

/* What was there before the module is found, hooked and listed as it is. */
TEST_F(unload, ports_found_at_load)
{
	int i;

	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, link_up(self->names[0], false));
	ASSERT_EQ(0, link_mtu(self->names[1], 1400));
	ASSERT_EQ(0, module_load());
	RECONNECT();
	for (i = 0; i < PORTS; i++) {
		ASSERT_EQ(0, vnic_get(&self->w.nl, self->names[i], &self->v));
		EXPECT_EQ(VMSAFE_NET_PORT_KIND_TAP, self->v.kind);
		EXPECT_EQ(if_nametoindex(self->names[i]), self->v.ifindex);
		EXPECT_EQ(if_nametoindex(self->bridge), self->v.master);
		EXPECT_EQ(i > 0, self->v.up);
		EXPECT_EQ(i == 1 ? 1400 : 1500, self->v.mtu);
		EXPECT_FALSE(vnic_has(&self->v, VM_UUID));
	}
	ASSERT_EQ(0, frame_send(self->taps[2], &self->frame));
	EXPECT_TRUE(until(!vnic_get_stats(&self->w.nl, self->names[2],
					  &self->s) &&
			  self->s.from_packets == 1));
	EXPECT_TRUE(until(!vnic_get_stats(&self->w.nl, self->names[3],
					  &self->s) &&
			  self->s.to_packets == 1));
}

TEST_F(unload, other_kinds_and_namespaces_found_at_load)
{
	char lower[IFNAMSIZ], mac[IFNAMSIZ], ip[IFNAMSIZ], veth[IFNAMSIZ];
	char other_lower[IFNAMSIZ], peer[IFNAMSIZ], tap_name[IFNAMSIZ];
	int here = netns_here(), there = netns_new(), tap;
	struct nl nl;

	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	ASSERT_EQ(0, veth_add(port_name(veth, "ve"), port_name(peer, "ve")));
	ASSERT_EQ(0, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD, veth,
			       NULL));
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, link_add("dummy", port_name(lower, "low")));
	ASSERT_EQ(0, link_add("dummy", port_name(other_lower, "low")));
	ASSERT_EQ(0, link_add_on("macvtap", port_name(mac, "mvt"), lower));
	ASSERT_EQ(0, link_add_on("ipvtap", port_name(ip, "ivt"), other_lower));
	ASSERT_EQ(0, netns_enter(there));
	tap = tap_open(port_name(tap_name, "tap"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, nl_open(&nl));
	EXPECT_EQ(1, vnic_list(&nl, &self->v, 1));
	EXPECT_STREQ(tap_name, self->v.ifname);
	nl_close(&nl);
	close(tap);
	ASSERT_EQ(0, netns_enter(here));
	RECONNECT();
	ASSERT_EQ(0, vnic_get(&self->w.nl, mac, &self->v));
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_MACVTAP, self->v.kind);
	ASSERT_EQ(0, vnic_get(&self->w.nl, ip, &self->v));
	EXPECT_EQ(VMSAFE_NET_PORT_KIND_IPVTAP, self->v.kind);
	/* What was asked for has to be asked for again. */
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, veth, NULL));
}

TEST_F(unload, refused_with_an_open_descriptor)
{
	int fd = device_open();
	uint64_t epoch;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, device_attach(fd, 0, 0, &epoch));
	EXPECT_EQ(-EAGAIN, module_unload());
	/* And nothing was half taken away. */
	EXPECT_EQ(0, device_heartbeat(fd, epoch));
	EXPECT_EQ(PORTS, vnic_list(&self->w.nl, NULL, 0));
	close(fd);
	EXPECT_EQ(0, module_unload());
}

/* A session that is over, with a timer that was armed. */
TEST_F(unload, after_a_session)
{
	int fd = device_open();

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_attach(fd, 1000, 0, NULL));
	close(fd);
	EXPECT_EQ(0, module_unload());
}

/* Its code is in use as long as the reader has not come to the end. */
TEST_F(unload, refused_during_a_dump)
{
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	nl_begin(&nl, VMSAFE_NET_CMD_VNIC_GET);
	ASSERT_EQ(0, nl_dump_start(&nl));
	EXPECT_EQ(-EAGAIN, module_unload());
	nl_close(&nl);
	EXPECT_EQ(0, module_unload_soon());
}

/* Entries whose memory waits for the last packet. */
TEST_F(unload, right_after_ports_went)
{
	int i;

	for (i = 0; i < PORTS; i++) {
		close(self->taps[i]);
		self->taps[i] = -1;
	}
	EXPECT_EQ(0, module_unload());
}

TEST_F(unload, device_node_comes_and_goes)
{
	struct stat st;

	ASSERT_EQ(0, stat(VMSAFE_NET_DEVICE_PATH, &st));
	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(-1, stat(VMSAFE_NET_DEVICE_PATH, &st));
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(0, stat(VMSAFE_NET_DEVICE_PATH, &st));
	EXPECT_EQ(-EEXIST, module_load());
}

TEST_F(unload, no_parameters)
{
	struct stat st;

	EXPECT_EQ(0, stat("/sys/module/vmsafe_net", &st));
	EXPECT_EQ(-1, stat("/sys/module/vmsafe_net/parameters", &st));
}

/* Threads that go on whatever happens to the module. */
struct noise {
	pthread_t thread;
	void (*make)(struct noise *n);
	const char *name;
	int tap;
	atomic_bool *stop;
	unsigned long done;
};

static void *noise_main(void *arg)
{
	struct noise *n = arg;

	while (!*n->stop)
		n->make(n);
	return NULL;
}

static void noise_send(struct noise *n)
{
	struct frame frame;
	int i;

	frame_make(&frame, 300);
	for (i = 0; i < 32; i++)
		n->done += !frame_send(n->tap, &frame);
	/* Not all the machine's time, there is a module to be loaded. */
	nap();
}

static void noise_request(struct noise *n)
{
	struct identity id = identity_of(99, 0);
	struct nl nl;

	nap();
	if (nl_open(&nl))
		return;
	n->done += !vnic_bind(&nl, n->name, &id, NULL);
	vnic_list(&nl, NULL, 0);
	vnic_unbind(&nl, n->name, NULL);
	nl_close(&nl);
}

static void noise_listen(struct noise *n)
{
	struct nl nl, req;

	nap();
	if (nl_open(&req))
		return;
	if (!nl_open(&nl)) {
		n->done += !event_join(&nl, &req);
		nl_close(&nl);
	}
	nl_close(&req);
}

static void noise_session(struct noise *n)
{
	int fd = device_open();

	nap();
	if (fd < 0)
		return;
	n->done += !device_attach(fd, 1, 0, NULL);
	close(fd);
}

static void noise_port(struct noise *n)
{
	char name[IFNAMSIZ];
	int tap = tap_open(port_name(name, "ns"));

	nap();
	if (tap < 0)
		return;
	n->done++;
	close(tap);
}

/*
 * In and out so many times, and until all others have done something;
 * churn_test does it 200 times.
 */
#define IN_AND_OUT_TIMES	effort(12, 5)
#define IN_AND_OUT(noises)						\
do {									\
	unsigned int __i, __round;					\
									\
	for (__i = 0; __i < ARRAY_SIZE(noises); __i++) {		\
		(noises)[__i].stop = &stop;				\
		ASSERT_EQ(0, pthread_create(&(noises)[__i].thread, NULL, \
					    noise_main, &(noises)[__i])); \
	}								\
	for (__round = 0; __round < IN_AND_OUT_TIMES; __round++) {	\
		EXPECT_EQ(0, module_unload_soon());			\
		EXPECT_EQ(0, module_load());				\
	}								\
	for (__i = 0; __i < ARRAY_SIZE(noises); __i++)			\
		EXPECT_TRUE(until((noises)[__i].done))			\
			TH_LOG("noise %u", __i);			\
	stop = true;							\
	for (__i = 0; __i < ARRAY_SIZE(noises); __i++)			\
		pthread_join((noises)[__i].thread, NULL);		\
} while (0)

TEST_F_TIMEOUT(unload, under_traffic, 300)
{
	atomic_bool stop = false;
	struct noise noises[] = {
		{ .make = noise_send, .tap = self->taps[0] },
		{ .make = noise_send, .tap = self->taps[1] },
	};

	IN_AND_OUT(noises);
	/* The last one sees packets again. */
	RECONNECT();
	ASSERT_EQ(0, frame_send(self->taps[0], &self->frame));
	EXPECT_TRUE(until(!vnic_get_stats(&self->w.nl, self->names[0],
					  &self->s) &&
			  self->s.from_packets > 0));
}

TEST_F_TIMEOUT(unload, under_requests, 300)
{
	atomic_bool stop = false;
	struct noise noises[] = {
		{ .make = noise_request, .name = self->names[0] },
		{ .make = noise_listen },
		{ .make = noise_session },
		{ .make = noise_port },
	};

	IN_AND_OUT(noises);
	RECONNECT();
	EXPECT_EQ(PORTS, vnic_list(&self->w.nl, NULL, 0));
}

/* Settings are those of the instance. */
TEST_F(unload, settings_do_not_outlive_it)
{
	struct host host;

	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 3));
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, module_load());
	RECONNECT();
	ASSERT_EQ(0, host_get(&self->w.nl, &host));
	EXPECT_EQ(65536, host.limit);
	EXPECT_EQ(PORTS, host.vnics);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_NONE, host.appliance);
	EXPECT_EQ(0, host.epoch);
}

TEST_HARNESS_MAIN
