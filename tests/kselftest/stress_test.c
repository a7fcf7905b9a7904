// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, so many times, with guests that send all the while:
 * bound and unbound, policies swapped, appliances that come and go, ports made
 * and deleted, namespaces that end, the module itself. The kernel has to stay
 * silent, and the counters to add up to the packets sent.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/guest.h"
#include "lib/module.h"
#include "lib/prog.h"
#include "lib/world.h"

#define GUESTS		4
#define PROGS		4

/*
 * One who does something to the guests' ports: @rounds times with success, if
 * @successes, else @rounds times.
 */
struct worker {
	pthread_t thread;
	int (*work)(struct worker *w, unsigned int round);
	const struct guest *guests;
	const int *progs;
	unsigned int rounds;
	unsigned int number;
	bool successes;
	unsigned int done;
	struct nl nl;
	int home;
	int err;
};

/* What somebody else may have done in between is no error. */
static int forgive(int err)
{
	switch (err) {
	case -ENOTCONN:
	case -ENOENT:
	case -EBUSY:
	case -EEXIST:
	case -ESTALE:
		return 0;
	default:
		return err;
	}
}

/* Others have to be unlucky very often to make it end before its time. */
#define TRIES_PER_SUCCESS	50

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	unsigned int i, tries = w->rounds;
	int err;

	if (w->successes)
		tries *= TRIES_PER_SUCCESS;
	w->home = netns_here();
	w->err = w->home < 0 ? w->home : nl_open(&w->nl);
	for (i = 0; i < tries && w->done < w->rounds && !w->err; i++) {
		err = w->work(w, i);
		w->done += !err;
		w->err = forgive(err);
		/* Locks are not fair, and waiting for one may mean to spin. */
		nap();
	}
	nl_close(&w->nl);
	close(w->home);
	return NULL;
}

static const char *port_of(const struct worker *w, unsigned int round)
{
	return w->guests[(w->number + round) % GUESTS].names[0];
}

static int bind_and_unbind(struct worker *w, unsigned int round)
{
	unsigned int port = (w->number + round) % GUESTS;
	struct identity id = identity_of(1, port);
	const char *name = port_of(w, round);

	return round / GUESTS % 2 ? vnic_unbind(&w->nl, name, NULL) :
				    vnic_bind(&w->nl, name, &id, NULL);
}

static int swap_policies(struct worker *w, unsigned int round)
{
	const char *name = port_of(w, round);
	unsigned int dir = round / 2 % DIRS;

	return round % 7 == 6 ? policy_detach(&w->nl, name, dir) :
		policy_set(&w->nl, name, dir, w->progs[round % PROGS]);
}

/*
 * The same, all on one vNIC; each success is a change of its own. The last one
 * leaves it bound, for those who have not come to their end.
 */
static int bind_one(struct worker *w, unsigned int round)
{
	bool unbind = round % 3 == 2 && w->done + 1 < w->rounds;
	const char *name = w->guests[0].names[0];
	struct identity id = identity_of(1, 0);
	char vm_name[32];

	snprintf(vm_name, sizeof(vm_name), "vm-%u-%u", w->number, round);
	id.name = vm_name;
	return unbind ? vnic_unbind(&w->nl, name, NULL) :
			vnic_bind(&w->nl, name, &id, NULL);
}

static int police_one(struct worker *w, unsigned int round)
{
	const char *name = w->guests[0].names[0];
	unsigned int dir = round / 2 % DIRS;

	return round % 7 == 6 ? policy_detach(&w->nl, name, dir) :
		policy_set(&w->nl, name, dir, w->progs[round % PROGS]);
}

static int change_settings(struct worker *w, unsigned int round)
{
	const char *name = port_of(w, round);

	switch (round % 4) {
	case 0:
		return vnic_set_bypass(&w->nl, name, round & 8);
	case 1:
		return vnic_set_u32(&w->nl, name, VMSAFE_NET_A_VNIC_GUARD,
				    round / 4 % 3);
	case 2:
		return vnic_set_u32(&w->nl, name,
				    VMSAFE_NET_A_VNIC_FAILURE_POLICY,
				    round / 4 % 2);
	default:
		return host_set(&w->nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
				round / 4 % 2);
	}
}

static int come_and_go(struct worker *w, unsigned int round)
{
	int fd = device_open(), err;
	uint64_t epoch;

	if (fd < 0)
		return fd;
	err = round % 3 ? device_attach(fd, 1 + round % 5, 0, &epoch) :
			  device_take(fd, 60000, 0, &epoch);
	err = err ?: device_heartbeat(fd, epoch);
	if (!err && round % 2)
		err = device_detach(fd, epoch);
	close(fd);
	return err;
}

static int make_and_delete(struct worker *w, unsigned int round)
{
	struct identity id = identity_of(2, w->number);
	char name[IFNAMSIZ];
	int tap, err;

	tap = tap_open(port_name(name, "mk"));
	if (tap < 0)
		return tap;
	err = vnic_bind(&w->nl, name, &id, NULL) ?:
	      policy_set(&w->nl, name, round % DIRS, w->progs[round % PROGS]);
	/* Every other one goes as an administrator takes it away. */
	if (!err && round % 2)
		err = link_del(name);
	close(tap);
	return err;
}

static int look(struct worker *w, unsigned int round)
{
	struct probe p[DIRS];
	struct counts c;
	int ret;

	/* While packets come, totals and parts are not of one moment. */
	ret = probe_run(&w->nl, port_of(w, round), p) ?:
	      counts_get(&w->nl, port_of(w, round), &c) ?:
	      vnic_list(&w->nl, NULL, 0);
	return ret < 0 ? ret : 0;
}

/* A namespace that ends with a port bound and policed, and an appliance. */
static int leave_namespaces(struct worker *w, unsigned int round)
{
	struct identity id = identity_of(1, 0);
	int err = netns_enter_new(), tap, fd;
	char name[IFNAMSIZ];
	struct nl nl;

	if (err)
		return err;
	tap = tap_open(port_name(name, "lv"));
	fd = device_open();
	err = tap < 0 ? tap : fd < 0 ? fd : 0;
	err = err ?: device_attach(fd, 1, 0, NULL) ?: nl_open(&nl);
	if (!err) {
		err = link_up(name, true) ?: vnic_bind(&nl, name, &id, NULL) ?:
		      policy_set(&nl, name, FROM, w->progs[round % PROGS]);
		nl_close(&nl);
	}
	close(fd);
	close(tap);
	return netns_enter(w->home) ?: err;
}

/* Somebody may have the device open for a moment: it waits for its turn. */
static int unload_and_load(struct worker *w, unsigned int round)
{
	return module_unload_soon() ?: module_load();
}

FIXTURE(stress)
{
	struct world w;
	char bridge[IFNAMSIZ];
	int progs[PROGS];
	struct guest guests[GUESTS];
	struct host host;
	struct host before;
};

FIXTURE_SETUP(stress)
{
	int map = map_array(1), i;

	ASSERT_EQ(0, world_begin(&self->w));
	self->progs[0] = prog_verdict(TC_ACT_OK);
	self->progs[1] = prog_drop_byte(20, 7);
	self->progs[2] = prog_count(map, TC_ACT_OK);
	self->progs[3] = prog_write_byte(30, 1);
	for (i = 0; i < PROGS; i++)
		ASSERT_LE(0, self->progs[i]);
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(0, link_up(self->bridge, true));
	/* What one sends goes to all others: both directions are in use. */
	for (i = 0; i < GUESTS; i++)
		ASSERT_EQ(0, guest_start(&self->guests[i], 1, self->bridge));
}

FIXTURE_TEARDOWN(stress)
{
	int i;

	for (i = 0; i < GUESTS; i++)
		guest_close(&self->guests[i]);
	for (i = 0; i < PROGS; i++)
		close(self->progs[i]);
	world_end(&self->w);
	module_load();
}

#define RUN(workers, count)						\
do {									\
	unsigned int __i;						\
									\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++) {		\
		(workers)[__i].guests = self->guests;			\
		(workers)[__i].progs = self->progs;			\
		(workers)[__i].number = __i;				\
		if (!(workers)[__i].rounds)				\
			(workers)[__i].rounds = (count);		\
		ASSERT_EQ(0, pthread_create(&(workers)[__i].thread,	\
					    NULL, worker_main,		\
					    &(workers)[__i]));		\
	}								\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++) {		\
		pthread_join((workers)[__i].thread, NULL);		\
		EXPECT_EQ(0, (workers)[__i].err)			\
			TH_LOG("worker %u", __i);			\
	}								\
	for (__i = 0; __i < GUESTS; __i++) {				\
		EXPECT_EQ(0, guest_stop(&self->guests[__i]));		\
		EXPECT_LT(0, self->guests[__i].sent[0]);		\
	}								\
} while (0)

/* Each packet was passed in one mode or dropped for one reason. */
#define EXPECT_ALL_COUNTED()						\
do {									\
	unsigned int __i;						\
									\
	for (__i = 0; __i < GUESTS; __i++)				\
		EXPECT_EQ(0, guest_counted(&self->guests[__i], 0,	\
					   &self->w.nl, 0));		\
} while (0)

/*
 * Four on one vNIC, 10,000 times together. What was granted was done and told
 * once, what was refused not at all.
 */
TEST_F_TIMEOUT(stress, one_vnic_by_four, 900)
{
	struct worker workers[] = {
		{ .work = bind_one, .successes = true },
		{ .work = police_one, .successes = true },
		{ .work = bind_one, .successes = true },
		{ .work = police_one, .successes = true },
	};
	unsigned int i, rounds = effort(500, 2500);

	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	RUN(workers, rounds);
	for (i = 0; i < ARRAY_SIZE(workers); i++)
		EXPECT_EQ(rounds, workers[i].done) TH_LOG("worker %u", i);
	EXPECT_ALL_COUNTED();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(4 * rounds, self->host.seq - self->before.seq);
	EXPECT_EQ(4 * rounds, self->host.generation - self->before.generation);
	EXPECT_EQ(1, self->host.bound);
}

TEST_F_TIMEOUT(stress, everything_at_once, 900)
{
	struct worker workers[] = {
		{ .work = bind_and_unbind }, { .work = swap_policies },
		{ .work = change_settings }, { .work = come_and_go },
		{ .work = make_and_delete }, { .work = look },
		{ .work = leave_namespaces, .rounds = effort(10, 5) },
	};
	unsigned int i;

	RUN(workers, effort(200, 40));
	EXPECT_ALL_COUNTED();
	for (i = 0; i < GUESTS; i++)
		guest_close(&self->guests[i]);
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(0, self->host.vnics);
	EXPECT_EQ(0, self->host.bound);
	EXPECT_EQ(0, self->host.vms);
}

/* With it the family's number goes, and is another one afterwards; while it is
 * going, no dump begins.
 */
static int again(struct worker *w, unsigned int round)
{
	static int (*const works[])(struct worker *w, unsigned int round) = {
		bind_and_unbind, swap_policies, change_settings, come_and_go,
		make_and_delete, look, leave_namespaces,
	};
	int err = works[round % ARRAY_SIZE(works)](w, round);

	if (err == -ENOENT || err == -EPROTO) {
		nl_close(&w->nl);
		if (nl_open(&w->nl))
			w->nl.fd = -1;
		err = 0;
	}
	return err == -ENODEV || err == -EBADF || err == -EPROTONOSUPPORT ?
	       0 : err;
}

/* And the module goes and comes: what counts is what the last one counts. */
TEST_F_TIMEOUT(stress, everything_and_the_module, 900)
{
	struct worker workers[] = {
		{ .work = again }, { .work = again }, { .work = again },
		{ .work = unload_and_load, .rounds = effort(10, 5) },
	};
	unsigned int i;

	RUN(workers, effort(100, 40));
	EXPECT_EQ(workers[3].rounds, workers[3].done);
	nl_close(&self->w.nl);
	ASSERT_EQ(0, nl_open(&self->w.nl));
	for (i = 0; i < GUESTS; i++) {
		guest_close(&self->guests[i]);
		ASSERT_EQ(0, guest_start(&self->guests[i], 1, self->bridge));
		EXPECT_TRUE(until(self->guests[i].sent[0] >= 100));
		EXPECT_EQ(0, guest_stop(&self->guests[i]));
	}
	EXPECT_ALL_COUNTED();
}

TEST_HARNESS_MAIN
