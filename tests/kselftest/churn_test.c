// SPDX-License-Identifier: GPL-2.0-only
/*
 * Things that go while they are in use, again and again: the module under 64
 * ports that send, ports that change their namespace while they are bound, and
 * namespaces that end with a port, an appliance and policies in them.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/guest.h"
#include "lib/module.h"
#include "lib/prog.h"
#include "lib/world.h"

FIXTURE(loads)
{
	struct world w;
	struct guest guest;
	struct host host;
	struct vnic_stats s;
};

FIXTURE_SETUP(loads)
{
	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, guest_start(&self->guest, GUEST_PORTS, NULL));
}

FIXTURE_TEARDOWN(loads)
{
	guest_close(&self->guest);
	world_end(&self->w);
	module_load();
}

/*
 * Each load finds all ports and counts what they send; each unload is refused
 * while an appliance is there, and gives back what was attached.
 */
TEST_F_TIMEOUT(loads, under_traffic, 4200)
{
	unsigned int i, rounds = effort(15, 200);
	struct guest *g = &self->guest;

	for (i = 0; i < rounds; i++) {
		struct identity who = identity_of(1, i);
		const char *name = g->names[i % GUEST_PORTS];
		int fd = device_open(), prog = prog_drop_byte(20, i);
		uint32_t id = prog_id(prog);

		ASSERT_LE(0, fd);
		ASSERT_LE(0, prog);
		nl_close(&self->w.nl);
		ASSERT_EQ(0, nl_open(&self->w.nl));
		ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
		EXPECT_EQ(GUEST_PORTS, self->host.vnics);
		EXPECT_EQ(0, self->host.bound);
		ASSERT_EQ(0, device_attach(fd, 10, 0, NULL));
		ASSERT_EQ(0, vnic_bind(&self->w.nl, name, &who, NULL));
		ASSERT_EQ(0, policy_set(&self->w.nl, name, FROM, prog));
		ASSERT_EQ(0, policy_set(&self->w.nl, name, TO, prog));
		close(prog);
		EXPECT_TRUE(until(vnic_get_stats(&self->w.nl, name, &self->s) ||
				  self->s.from_packets + self->s.from_drops));
		EXPECT_EQ(-EAGAIN, module_unload());
		close(fd);
		ASSERT_EQ(0, module_unload_soon());
		EXPECT_TRUE(until(prog_exists(id) == 0));
		ASSERT_EQ(0, module_load());
	}
	EXPECT_EQ(0, guest_stop(g));
	/* All have been sending all the while. */
	for (i = 0; i < GUEST_PORTS; i++)
		EXPECT_LT(rounds, g->sent[i]);
}

FIXTURE(moves)
{
	struct world worlds[2];
	int netns[2];
	int home;
	int progs[2];
	struct guest guest;
	struct host host;
	struct vnic v;
};

FIXTURE_SETUP(moves)
{
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, world_begin(&self->worlds[i]));
		self->netns[i] = netns_here();
		ASSERT_LE(0, self->netns[i]);
		self->progs[i] = prog_drop_byte(20, i);
		ASSERT_LE(0, self->progs[i]);
	}
	ASSERT_EQ(0, netns_enter(self->netns[0]));
	self->home = self->netns[0];
}

FIXTURE_TEARDOWN(moves)
{
	int i;

	for (i = 0; i < 2; i++) {
		close(self->progs[i]);
		world_end(&self->worlds[i]);
	}
}

/*
 * There and back, bound and policed each time, by a guest that sends whenever
 * it is up. What it was, it leaves behind.
 */
TEST_F_TIMEOUT(moves, while_bound, 4200)
{
	unsigned int i, rounds = effort(100, 1000);
	struct identity id = identity_of(1, 0);
	struct guest *g = &self->guest;
	const char *name = g->names[0];
	struct nl *nl;

	ASSERT_EQ(0, guest_start(g, 1, NULL));
	for (i = 0; i < rounds; i++) {
		nl = &self->worlds[i % 2].nl;
		ASSERT_EQ(0, vnic_get(nl, name, &self->v));
		EXPECT_FALSE(vnic_has(&self->v, VM_UUID));
		EXPECT_FALSE(self->v.up && i);
		ASSERT_EQ(0, vnic_bind(nl, name, &id, NULL));
		ASSERT_EQ(0, policy_set(nl, name, FROM, self->progs[0]));
		ASSERT_EQ(0, policy_set(nl, name, TO, self->progs[1]));
		ASSERT_EQ(0, link_up(name, true));
		EXPECT_TRUE(until(vnic_get_stats(nl, name, &self->v.stats) ||
				  self->v.stats.from_packets));
		ASSERT_EQ(0, link_move(name, self->netns[1 - i % 2]));
		EXPECT_EQ(-ENOENT, vnic_get(nl, name, NULL));
		ASSERT_EQ(0, netns_enter(self->netns[1 - i % 2]));
	}
	EXPECT_EQ(0, guest_stop(g));
	guest_close(g);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, host_get(&self->worlds[i].nl, &self->host));
		EXPECT_EQ(0, self->host.vnics);
		EXPECT_EQ(0, self->host.bound);
		EXPECT_EQ(0, self->host.vms);
	}
}

/*
 * A host that is nobody's any more: its port is held by a tap's file that is
 * open elsewhere, and that goes on sending until there is no port left.
 */
#define HOSTS	8

struct hosts {
	pthread_t thread;
	/* A number that is used again must not be sent to. */
	pthread_mutex_t lock;
	int taps[HOSTS];
	atomic_bool stop;
	atomic_ulong sent;
};

static void *send_to_the_end(void *arg)
{
	struct hosts *h = arg;
	struct frame frame;
	unsigned int i;

	frame_make(&frame, 100);
	for (i = 0; !h->stop; i++) {
		frame.bytes[6 + 5] = i;
		pthread_mutex_lock(&h->lock);
		h->sent += !frame_send(h->taps[i % HOSTS], &frame);
		pthread_mutex_unlock(&h->lock);
		if (i % HOSTS == HOSTS - 1)
			nap();
	}
	return NULL;
}

/* The tap's file is of the namespace that we are in. */
static int host_make(int tap, const char *name, const int progs[2], int home)
{
	struct identity id = identity_of(1, 0);
	int there = netns_new(), fd = -1, err;
	struct nl nl;

	if (there < 0)
		return there;
	nl.fd = -1;
	err = link_move(name, there) ?: netns_enter(there);
	if (!err) {
		fd = device_open();
		err = fd < 0 ? fd : device_attach(fd, 20, 0, NULL);
		err = err ?: nl_open(&nl) ?: link_up(name, true) ?:
		      vnic_bind(&nl, name, &id, NULL) ?:
		      policy_set(&nl, name, FROM, progs[0]) ?:
		      policy_set(&nl, name, TO, progs[1]);
		nl_close(&nl);
		/* By force, and with it the last one who was there goes. */
		close(fd);
		err = netns_enter(home) ?: err;
	}
	close(there);
	return err;
}

static bool tap_is_dead(int tap)
{
	return tap < 0 || (write(tap, "", 1) < 0 && errno == EBADFD);
}

static void tap_replace(struct hosts *h, unsigned int number, int tap)
{
	pthread_mutex_lock(&h->lock);
	close(h->taps[number]);
	h->taps[number] = tap;
	pthread_mutex_unlock(&h->lock);
}

/* Some at a time: the kernel ends in one go what waits for it. */
TEST_F_TIMEOUT(moves, namespaces_end_in_use, 4200)
{
	unsigned int i, rounds = effort(60, 1000);
	struct hosts h = { .lock = PTHREAD_MUTEX_INITIALIZER };
	char name[IFNAMSIZ];
	uint32_t ids[2];
	int tap, err;

	for (i = 0; i < HOSTS; i++)
		h.taps[i] = -1;
	for (i = 0; i < 2; i++)
		ids[i] = prog_id(self->progs[i]);
	ASSERT_EQ(0, pthread_create(&h.thread, NULL, send_to_the_end, &h));
	for (i = 0; i < rounds; i++) {
		EXPECT_TRUE(until(tap_is_dead(h.taps[i % HOSTS])));
		tap = tap_open(port_name(name, "en"));
		ASSERT_LE(0, tap);
		tap_replace(&h, i % HOSTS, tap);
		err = host_make(tap, name, self->progs, self->home);
		EXPECT_EQ(0, err);
		if (err)
			break;
	}
	for (i = 0; i < HOSTS; i++)
		EXPECT_TRUE(until(tap_is_dead(h.taps[i])));
	h.stop = true;
	pthread_join(h.thread, NULL);
	for (i = 0; i < HOSTS; i++)
		tap_replace(&h, i, -1);
	EXPECT_LT(rounds, h.sent);
	/* None of them has kept a program. */
	for (i = 0; i < 2; i++) {
		close(self->progs[i]);
		self->progs[i] = -1;
		EXPECT_TRUE(until(prog_exists(ids[i]) == 0));
	}
	ASSERT_EQ(0, host_get(&self->worlds[0].nl, &self->host));
	EXPECT_EQ(0, self->host.vnics);
}

TEST_HARNESS_MAIN
