// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, so many times, with guests that send all the while:
 * bound and unbound, policies swapped, appliances that come and go, ports made
 * and deleted, namespaces that end, the module itself. The kernel has to stay
 * silent, and the counters to add up to the packets sent.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/module.h"
#include "lib/prog.h"
#include "lib/world.h"

#define GUESTS		4
#define MANY		64

/* One who sends through some taps in turn, until it is told to stop. */
struct guest {
	pthread_t thread;
	int taps[MANY];
	char names[MANY][IFNAMSIZ];
	unsigned int count;
	unsigned long sent;
	int err;
	atomic_bool *stop;
};

static void *guest_main(void *arg)
{
	struct guest *g = arg;
	struct frame frame;
	unsigned int i;

	frame_make(&frame, 100);
	for (i = 0; !*g->stop && !g->err; i++) {
		frame.bytes[6 + 5] = i;
		frame.bytes[20] = i;
		g->err = frame_send(g->taps[i % g->count], &frame);
		g->sent += !g->err;
		if (i % 16 == 15)
			nap();
	}
	return NULL;
}

static int guest_make(struct guest *g, unsigned int count, atomic_bool *stop)
{
	int err = 0;

	memset(g, 0, sizeof(*g));
	g->stop = stop;
	for (; g->count < count && !err; g->count++) {
		g->taps[g->count] = tap_open(port_name(g->names[g->count],
						       "st"));
		if (g->taps[g->count] < 0)
			return g->taps[g->count];
		err = link_up(g->names[g->count], true);
	}
	return err ?: -pthread_create(&g->thread, NULL, guest_main, g);
}

static int guest_end(struct guest *g)
{
	unsigned int i;

	pthread_join(g->thread, NULL);
	for (i = 0; i < g->count; i++)
		close(g->taps[i]);
	return g->err;
}

/* One who does something to the guests' ports, so many times. */
struct worker {
	pthread_t thread;
	int (*work)(struct worker *w, unsigned int round);
	const struct guest *guests;
	const int *progs;
	unsigned int rounds;
	unsigned int number;
	struct nl nl;
	int err;
};

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	w->err = nl_open(&w->nl);
	for (i = 0; i < w->rounds && !w->err; i++)
		w->err = w->work(w, i);
	nl_close(&w->nl);
	return NULL;
}

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

static const char *port_of(const struct worker *w, unsigned int round)
{
	return w->guests[(w->number + round) % GUESTS].names[0];
}

static int bind_and_unbind(struct worker *w, unsigned int round)
{
	unsigned int port = (w->number + round) % GUESTS;
	struct identity id = identity_of(1, port);
	const char *name = port_of(w, round);

	return forgive(round / GUESTS % 2 ?
		       vnic_unbind(&w->nl, name, NULL) :
		       vnic_bind(&w->nl, name, &id, NULL));
}

static int swap_policies(struct worker *w, unsigned int round)
{
	const char *name = port_of(w, round);
	unsigned int dir = round / 2 % DIRS;

	return forgive(round % 7 == 6 ?
		       policy_detach(&w->nl, name, dir) :
		       policy_set(&w->nl, name, dir, w->progs[round % 4]));
}

static int change_settings(struct worker *w, unsigned int round)
{
	const char *name = port_of(w, round);

	switch (round % 4) {
	case 0:
		return forgive(vnic_set_bypass(&w->nl, name, round & 8));
	case 1:
		return forgive(vnic_set_u32(&w->nl, name,
					    VMSAFE_NET_A_VNIC_GUARD,
					    round / 4 % 3));
	case 2:
		return forgive(vnic_set_u32(&w->nl, name,
					    VMSAFE_NET_A_VNIC_FAILURE_POLICY,
					    round / 4 % 2));
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
	return forgive(err);
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
	      policy_set(&w->nl, name, round % DIRS, w->progs[round % 4]);
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

FIXTURE(stress)
{
	struct world w;
	atomic_bool stop;
	int progs[4];
	struct guest guests[GUESTS];
	struct counts c;
	struct host host;
};

FIXTURE_SETUP(stress)
{
	int map = map_array(1), i;

	ASSERT_EQ(0, world_begin(&self->w));
	self->stop = false;
	self->progs[0] = prog_verdict(TC_ACT_OK);
	self->progs[1] = prog_drop_byte(20, 7);
	self->progs[2] = prog_count(map, TC_ACT_OK);
	self->progs[3] = prog_write_byte(30, 1);
	for (i = 0; i < 4; i++)
		ASSERT_LE(0, self->progs[i]);
}

FIXTURE_TEARDOWN(stress)
{
	int i;

	for (i = 0; i < 4; i++)
		close(self->progs[i]);
	world_end(&self->w);
	module_load();
}

#define RUN(workers)							\
do {									\
	unsigned int __i;						\
									\
	for (__i = 0; __i < GUESTS; __i++)				\
		ASSERT_EQ(0, guest_make(&self->guests[__i], 1,		\
					&self->stop));			\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++) {		\
		(workers)[__i].guests = self->guests;			\
		(workers)[__i].progs = self->progs;			\
		(workers)[__i].number = __i;				\
		ASSERT_EQ(0, pthread_create(&(workers)[__i].thread,	\
					    NULL, worker_main,		\
					    &(workers)[__i]));		\
	}								\
	for (__i = 0; __i < ARRAY_SIZE(workers); __i++) {		\
		pthread_join((workers)[__i].thread, NULL);		\
		EXPECT_EQ(0, (workers)[__i].err)			\
			TH_LOG("worker %u", __i);			\
	}								\
	self->stop = true;						\
} while (0)

/* Each packet was passed in one mode or dropped for one reason. */
#define EXPECT_ALL_COUNTED()						\
do {									\
	struct guest *__g;						\
									\
	for (__g = self->guests; __g < self->guests + GUESTS; __g++) {	\
		pthread_join(__g->thread, NULL);			\
		EXPECT_EQ(0, __g->err);					\
		EXPECT_LT(0, __g->sent);				\
		EXPECT_TRUE(until(!counts_get(&self->w.nl,		\
					      __g->names[0],		\
					      &self->c) &&		\
				  counts_seen(&self->c, FROM) ==	\
				  __g->sent));				\
		EXPECT_EQ(__g->sent, counts_seen(&self->c, FROM));	\
		EXPECT_TRUE(counts_agree(&self->c));			\
		close(__g->taps[0]);					\
	}								\
} while (0)

/* Four on one port, and nothing else to do for the kernel. */
TEST_F_TIMEOUT(stress, bound_and_policed_by_four, 300)
{
	unsigned int i, rounds = effort(2500, 40);
	struct worker workers[] = {
		{ .work = bind_and_unbind }, { .work = swap_policies },
		{ .work = bind_and_unbind }, { .work = swap_policies },
	};

	for (i = 0; i < ARRAY_SIZE(workers); i++)
		workers[i].rounds = rounds;
	RUN(workers);
	EXPECT_ALL_COUNTED();
}

TEST_F_TIMEOUT(stress, everything_at_once, 300)
{
	unsigned int i, rounds = effort(600, 20);
	struct worker workers[] = {
		{ .work = bind_and_unbind }, { .work = swap_policies },
		{ .work = change_settings }, { .work = come_and_go },
		{ .work = make_and_delete }, { .work = look },
	};

	for (i = 0; i < ARRAY_SIZE(workers); i++)
		workers[i].rounds = rounds;
	RUN(workers);
	EXPECT_ALL_COUNTED();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(0, self->host.vnics);
	EXPECT_EQ(0, self->host.bound);
	EXPECT_EQ(0, self->host.vms);
}

/* A host with a guest that sends, an appliance and policies; then killed. */
static void host_of_its_own(int ready, int prog)
{
	static struct guest guest;
	struct identity id;
	atomic_bool stop = false;
	struct world w;
	int fd, err;

	err = world_begin(&w) ?: guest_make(&guest, 2, &stop);
	id = identity_of(1, 0);
	err = err ?: vnic_bind(&w.nl, guest.names[0], &id, NULL) ?:
	      policy_set(&w.nl, guest.names[0], FROM, prog) ?:
	      policy_set(&w.nl, guest.names[0], TO, prog);
	fd = device_open();
	err = err ?: fd < 0 ? fd : device_attach(fd, 20, 0, NULL);
	while (!err && guest.sent < 50)
		nap();
	if (write(ready, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	pause();
}

TEST_F_TIMEOUT(stress, namespaces_end_under_load, 300)
{
	unsigned int i, rounds = effort(60, 4);
	int pipes[2], err, status;
	uint32_t id;
	pid_t child;

	ASSERT_EQ(0, pipe(pipes));
	id = prog_id(self->progs[2]);
	for (i = 0; i < rounds; i++) {
		child = fork();
		ASSERT_LE(0, child);
		if (!child)
			host_of_its_own(pipes[1], self->progs[2]);
		ASSERT_EQ(sizeof(err), read(pipes[0], &err, sizeof(err)));
		EXPECT_EQ(0, err);
		kill(child, SIGKILL);
		ASSERT_EQ(child, waitpid(child, &status, 0));
	}
	/* With the last of them its program goes, too. */
	close(self->progs[2]);
	self->progs[2] = -1;
	EXPECT_TRUE(until(prog_exists(id) == 0));
}

/* The module goes, and takes all that was attached along. */
TEST_F_TIMEOUT(stress, module_goes_under_load, 600)
{
	unsigned int i, rounds = effort(60, 8);
	struct guest *g = &self->guests[0];
	uint32_t id;
	int prog;

	ASSERT_EQ(0, guest_make(g, MANY, &self->stop));
	for (i = 0; i < rounds; i++) {
		struct identity who = identity_of(1, i);
		const char *name = g->names[i % MANY];
		int fd = device_open();

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, device_attach(fd, 10, 0, NULL));
		prog = prog_drop_byte(20, i);
		id = prog_id(prog);
		nl_close(&self->w.nl);
		ASSERT_EQ(0, nl_open(&self->w.nl));
		ASSERT_EQ(0, vnic_bind(&self->w.nl, name, &who, NULL));
		ASSERT_EQ(0, policy_set(&self->w.nl, name, FROM, prog));
		ASSERT_EQ(0, policy_set(&self->w.nl, name, TO, prog));
		close(prog);
		EXPECT_EQ(-EAGAIN, module_unload());
		close(fd);
		ASSERT_EQ(0, module_unload_soon());
		EXPECT_TRUE(until(prog_exists(id) == 0));
		ASSERT_EQ(0, module_load());
	}
	self->stop = true;
	EXPECT_EQ(0, guest_end(g));
	EXPECT_LT(0, g->sent);
}

TEST_HARNESS_MAIN
