// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several at once: ports go while they are bound, listed and moved, sessions
 * are fought over, claims made in the same moment. The tables have to be right
 * afterwards, and the debug kernel silent.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/frame.h"
#include "lib/world.h"

#define THREADS	6

FIXTURE(races)
{
	struct world w;
	unsigned int rounds;
	char names[THREADS][IFNAMSIZ];
	struct host host;
};

FIXTURE_SETUP(races)
{
	unsigned int i;

	ASSERT_EQ(0, world_begin(&self->w));
	self->rounds = effort(150, 40);
	for (i = 0; i < THREADS; i++)
		port_name(self->names[i], "rc");
}

FIXTURE_TEARDOWN(races)
{
	world_end(&self->w);
}

/*
 * A thread's work; errors that a race may end in are not in @err. One leads,
 * for so many rounds, and the others go on until it stops them.
 */
struct worker {
	pthread_t thread;
	int (*work)(struct worker *w);
	const char *name;
	const char *other;
	unsigned int rounds;
	unsigned int number;
	atomic_bool *stop;
	pthread_barrier_t *barrier;
	struct nl nl;
	int err;
	int result;
};

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	w->err = nl_open(&w->nl);
	if (!w->err)
		w->err = w->work(w);
	nl_close(&w->nl);
	return NULL;
}

static int worker_start(struct worker *w)
{
	return -pthread_create(&w->thread, NULL, worker_main, w);
}

/* Another round? Stops the others at the last. */
static bool lead(struct worker *w, unsigned int round)
{
	if (round < w->rounds)
		return true;
	*w->stop = true;
	return false;
}

/* Give way, so that the leader gets at locks that are not fair. */
static bool follow(struct worker *w)
{
	nap();
	return !*w->stop;
}

/* An error that losing the race explains is none. */
static int lost(int err, int a, int b, int c)
{
	return err == -a || err == -b || err == -c ? 0 : err;
}

/* Every other one goes by "ip link del", the others with their guest. */
static int make_and_delete(struct worker *w)
{
	int tap, err = 0;
	unsigned int i;

	for (i = 0; lead(w, i) && !err; i++) {
		tap = tap_open(w->name);
		if (tap < 0)
			err = tap;
		else if (i % 2)
			err = link_del(w->name);
		close(tap);
	}
	*w->stop = true;
	return err;
}

static int bind_and_unbind(struct worker *w)
{
	struct identity id = identity_of(1, w->number);
	int err = 0;

	while (!err && follow(w)) {
		err = lost(vnic_bind(&w->nl, w->name, &id, NULL), ENOENT,
			   EBUSY, EEXIST);
		err = err ?: lost(vnic_unbind(&w->nl, w->name, NULL), ENOENT,
				  ENOTCONN, 0);
	}
	return err;
}

static int change_links(struct worker *w)
{
	int err = 0;

	while (!err && follow(w)) {
		err = lost(link_up(w->name, true), ENODEV, EINVAL, 0);
		err = err ?: lost(link_mtu(w->name, 1400), ENODEV, EINVAL, 0);
	}
	return err;
}

static int list_all(struct worker *w)
{
	struct vnic v[4];
	struct vm vm[4];
	struct host h;
	int ret = 0;

	while (ret >= 0 && follow(w)) {
		ret = vnic_list(&w->nl, v, 4);
		if (ret >= 0)
			ret = vm_list(&w->nl, NULL, vm, 4);
		if (ret >= 0)
			ret = host_get(&w->nl, &h);
	}
	return ret < 0 ? ret : 0;
}

#define RUN(workers)							\
do {									\
	unsigned int __i;						\
									\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++)			\
		ASSERT_EQ(0, worker_start(&(workers)[__i]));		\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++) {		\
		pthread_join((workers)[__i].thread, NULL);		\
		EXPECT_EQ(0, (workers)[__i].err)			\
			TH_LOG("worker %u", __i);			\
	}								\
} while (0)

#define EXPECT_EMPTY()							\
do {									\
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));		\
	EXPECT_EQ(0, self->host.vnics);					\
	EXPECT_EQ(0, self->host.bound);					\
	EXPECT_EQ(0, self->host.vms);					\
	EXPECT_EQ(0, vnic_list(&self->w.nl, NULL, 0));			\
	EXPECT_EQ(0, vm_list(&self->w.nl, NULL, NULL, 0));		\
} while (0)

/*
 * Whoever follows the events ends up with the table that there is. Returns the
 * number of entries, or an errno.
 */
static int replay(struct world *w)
{
	static struct event evs[8192];
	int i, n, vnics = 0;

	n = event_all(&w->events, &w->nl, evs, ARRAY_SIZE(evs));
	if (n < 0 || n > (int)ARRAY_SIZE(evs))
		return n < 0 ? n : -E2BIG;
	for (i = 0; i < n; i++) {
		vnics += evs[i].reason == VMSAFE_NET_REASON_PORT_NEW;
		vnics -= evs[i].reason == VMSAFE_NET_REASON_PORT_GONE;
	}
	return vnics;
}

TEST_F_TIMEOUT(races, ports_go_while_bound_and_listed, 120)
{
	atomic_bool stop = false;
	struct worker workers[] = {
		{ .work = make_and_delete, .name = self->names[0],
		  .rounds = self->rounds, .stop = &stop },
		{ .work = bind_and_unbind, .name = self->names[0],
		  .stop = &stop },
		{ .work = bind_and_unbind, .name = self->names[0], .number = 1,
		  .stop = &stop },
		{ .work = change_links, .name = self->names[0],
		  .stop = &stop },
		{ .work = list_all, .stop = &stop },
	};

	RUN(workers);
	EXPECT_EMPTY();
	EXPECT_EQ(0, replay(&self->w));
}

static int add_and_del_port(struct worker *w)
{
	int err = 0;

	while (!err && follow(w)) {
		err = lost(vnic_port(&w->nl, VMSAFE_NET_CMD_PORT_ADD, w->name,
				     NULL), ENODEV, EEXIST, 0);
		err = err ?: lost(vnic_port(&w->nl, VMSAFE_NET_CMD_PORT_DEL,
					    w->name, NULL), ENOENT, EBUSY, 0);
	}
	return err;
}

static int make_and_delete_link(struct worker *w)
{
	unsigned int i;
	int err = 0;

	for (i = 0; lead(w, i) && !err; i++)
		err = link_add("dummy", w->name) ?: link_del(w->name);
	*w->stop = true;
	return err;
}

TEST_F_TIMEOUT(races, ports_on_request_go, 120)
{
	atomic_bool stop = false;
	struct worker workers[] = {
		{ .work = make_and_delete_link, .name = self->names[0],
		  .rounds = self->rounds, .stop = &stop },
		{ .work = add_and_del_port, .name = self->names[0],
		  .stop = &stop },
		{ .work = add_and_del_port, .name = self->names[0],
		  .stop = &stop },
		{ .work = bind_and_unbind, .name = self->names[0],
		  .stop = &stop },
		{ .work = list_all, .stop = &stop },
	};

	RUN(workers);
	EXPECT_EMPTY();
	EXPECT_EQ(0, replay(&self->w));
}

/* All claim the same vNIC for a port of their own: one gets it. */
static int claim_once(struct worker *w)
{
	struct identity id = identity_of(1, 0);

	pthread_barrier_wait(w->barrier);
	w->result = vnic_bind(&w->nl, w->name, &id, NULL);
	return lost(w->result, EEXIST, 0, 0);
}

TEST_F_TIMEOUT(races, one_claim_wins, 120)
{
	unsigned int i, round, won;
	pthread_barrier_t barrier;
	int taps[THREADS];

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (i = 0; i < THREADS; i++) {
		taps[i] = tap_open(self->names[i]);
		ASSERT_LE(0, taps[i]);
	}
	for (round = 0; round < effort(30, 8); round++) {
		struct worker workers[THREADS] = { };

		for (i = 0; i < THREADS; i++) {
			workers[i].work = claim_once;
			workers[i].name = self->names[i];
			workers[i].barrier = &barrier;
		}
		RUN(workers);
		for (i = 0, won = 0; i < THREADS; i++) {
			if (workers[i].result)
				continue;
			won++;
			ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[i],
						 NULL));
		}
		EXPECT_EQ(1, won);
	}
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(round * (THREADS - 1), self->host.refused);
	for (i = 0; i < THREADS; i++)
		close(taps[i]);
}

static int attach_and_leave(struct worker *w)
{
	unsigned int i;
	uint64_t epoch;
	int fd, err = 0;

	for (i = 0; i < w->rounds && !err; i++) {
		fd = device_open();
		if (fd < 0)
			return fd;
		err = device_attach(fd, i % 3, 0, &epoch);
		if (!err) {
			w->result++;
			err = device_heartbeat(fd, epoch);
			if (i % 2)
				err = err ?: device_detach(fd, epoch);
		}
		err = lost(err, EBUSY, 0, 0);
		close(fd);
	}
	return err;
}

/* Epochs are given out one by one, whoever comes and goes by force or not. */
TEST_F_TIMEOUT(races, sessions, 120)
{
	struct worker workers[THREADS] = { };
	unsigned int i, attached = 0;

	for (i = 0; i < THREADS; i++) {
		workers[i].work = attach_and_leave;
		workers[i].rounds = self->rounds;
	}
	RUN(workers);
	for (i = 0; i < THREADS; i++)
		attached += workers[i].result;
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(attached, self->host.epoch);
	EXPECT_FALSE(host_has(&self->host, APPLIANCE_PID));
	EXPECT_NE(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->host.appliance);
}

static int move_to_and_fro(struct worker *w)
{
	int here = netns_here(), there = netns_new();
	int tap = tap_open(w->name);
	unsigned int i;
	int err = 0;

	if (here < 0 || there < 0 || tap < 0)
		return -ENODEV;
	for (i = 0; lead(w, i) && !err; i++) {
		err = link_move(w->name, there) ?: netns_enter(there) ?:
		      link_move(w->name, here) ?: netns_enter(here);
	}
	close(tap);
	close(there);
	close(here);
	*w->stop = true;
	return err;
}

TEST_F_TIMEOUT(races, ports_move_while_bound, 120)
{
	atomic_bool stop = false;
	struct worker workers[] = {
		{ .work = move_to_and_fro, .name = self->names[0],
		  .rounds = self->rounds, .stop = &stop },
		{ .work = bind_and_unbind, .name = self->names[0],
		  .stop = &stop },
		{ .work = list_all, .stop = &stop },
	};

	RUN(workers);
	EXPECT_EMPTY();
}

static int send_frames(struct worker *w)
{
	struct frame frame;
	int tap, err = 0;

	frame_make(&frame, 200);
	tap = tap_open(w->name);
	if (tap < 0)
		return tap;
	err = link_up(w->name, true);
	pthread_barrier_wait(w->barrier);
	while (!*w->stop && !err)
		err = frame_send(tap, &frame);
	close(tap);
	return err;
}

static int switch_modes(struct worker *w)
{
	struct identity id = identity_of(1, 0);
	unsigned int i;
	int err = 0;

	pthread_barrier_wait(w->barrier);
	for (i = 0; lead(w, i) && !err; i++)
		err = vnic_bind(&w->nl, w->name, &id, NULL) ?:
		      host_set(&w->nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			       i % 2) ?:
		      vnic_unbind(&w->nl, w->name, NULL);
	*w->stop = true;
	return err;
}

/* Packets on their way when the mode changes, and when the port goes. */
TEST_F_TIMEOUT(races, modes_change_under_traffic, 120)
{
	atomic_bool stop = false;
	pthread_barrier_t barrier;
	struct worker workers[] = {
		{ .work = send_frames, .name = self->names[0], .stop = &stop,
		  .barrier = &barrier },
		{ .work = switch_modes, .name = self->names[0], .stop = &stop,
		  .rounds = self->rounds, .barrier = &barrier },
	};

	pthread_barrier_init(&barrier, NULL, ARRAY_SIZE(workers));
	RUN(workers);
	EXPECT_EMPTY();
}

/* However many come at the same moment: never more than the limit. */
static int make_until_full(struct worker *w)
{
	char names[16][IFNAMSIZ];
	int taps[16], i;

	pthread_barrier_wait(w->barrier);
	for (i = 0; i < 16; i++) {
		taps[i] = tap_open(port_name(names[i], "lm"));
		if (taps[i] >= 0)
			w->result++;
		else if (taps[i] != -ENOSPC)
			return taps[i];
	}
	pthread_barrier_wait(w->barrier);
	pthread_barrier_wait(w->barrier);
	while (i--)
		if (taps[i] >= 0)
			close(taps[i]);
	return 0;
}

TEST_F_TIMEOUT(races, limit_holds, 120)
{
	struct worker workers[THREADS] = { };
	unsigned int i, made = 0;
	pthread_barrier_t barrier;

	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 40));
	for (i = 0; i < THREADS; i++) {
		workers[i].work = make_until_full;
		workers[i].barrier = &barrier;
		ASSERT_EQ(0, worker_start(&workers[i]));
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(40, self->host.vnics);
	EXPECT_EQ(40, vnic_list(&self->w.nl, NULL, 0));
	pthread_barrier_wait(&barrier);
	for (i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		EXPECT_EQ(0, workers[i].err);
		made += workers[i].result;
	}
	EXPECT_EQ(40, made);
	EXPECT_EMPTY();
}

TEST_HARNESS_MAIN
