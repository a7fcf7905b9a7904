// SPDX-License-Identifier: GPL-2.0-only
/*
 * The appliance in the middle of traffic: killed, stopped, closed, taken over,
 * detached, restarted. Two guests send all the time, one fail-open and one
 * fail-closed: every packet is counted in the mode it met, each edge is told
 * once, and nothing passes the closed one while the appliance is away.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/prog.h"
#include "lib/world.h"

#define MODE(name)	VMSAFE_NET_MODE_ ## name
#define LOST		VMSAFE_NET_DROP_REASON_APPLIANCE_LOST
#define POLICY		VMSAFE_NET_DROP_REASON_POLICY

/* Heartbeats come ten times as often as promised: a busy machine is slow. */
#define INTERVAL	effort(400, 2000)
#define BEAT_MS		40

struct guest {
	pthread_t thread;
	int tap;
	char name[IFNAMSIZ];
	atomic_bool *stop;
	atomic_ulong sent;
	int err;
};

FIXTURE(appliance)
{
	struct world w;
	struct guest guests[2];
	atomic_bool stop;
	pid_t child;
	int pipe[2];
	struct event ev;
	struct counts c;
	struct counts before;
	struct host host;
};

#define OPEN	0
#define CLOSED	1

static void *guest_main(void *arg)
{
	struct guest *g = arg;
	struct frame frame;
	int i;

	frame_make(&frame, 60);
	/* One in two has what the policy drops. */
	for (i = 0; !*g->stop && !g->err; i++) {
		frame.bytes[20] = i % 2;
		g->err = frame_send(g->tap, &frame);
		g->sent += !g->err;
		if (i % 8 == 7)
			nap();
	}
	return NULL;
}

static int guest_start(struct guest *g, struct nl *nl, unsigned int number,
		       int prog)
{
	struct identity id = identity_of(1, number);
	int err;

	g->tap = tap_open(port_name(g->name, "tap"));
	if (g->tap < 0)
		return g->tap;
	err = link_up(g->name, true) ?:
	      vnic_bind(nl, g->name, &id, NULL) ?:
	      vnic_set_u32(nl, g->name, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
			   number == CLOSED) ?:
	      policy_set(nl, g->name, FROM, prog);
	return err ?: -pthread_create(&g->thread, NULL, guest_main, g);
}

/* An appliance as it should be; it says when it has the session. */
static void appliance_run(int ready, bool take)
{
	int fd = device_open(), err;
	uint64_t epoch;

	err = fd < 0 ? fd : take ? device_take(fd, INTERVAL, 1, &epoch) :
				   device_attach(fd, INTERVAL, 1, &epoch);
	if (write(ready, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	while (!err) {
		poll(NULL, 0, BEAT_MS);
		err = device_heartbeat(fd, epoch);
	}
	_exit(err == -ESTALE ? 0 : 1);
}

static int appliance_start(int *pipe, bool take, pid_t *child)
{
	int err = -EIO;

	*child = fork();
	if (*child < 0)
		return -errno;
	if (!*child)
		appliance_run(pipe[1], take);
	if (read(pipe[0], &err, sizeof(err)) != sizeof(err))
		return -EIO;
	return err;
}

FIXTURE_SETUP(appliance)
{
	int prog = prog_drop_byte(20, 1), i;

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, pipe(self->pipe));
	self->stop = false;
	ASSERT_EQ(0, appliance_start(self->pipe, false, &self->child));
	for (i = 0; i < 2; i++) {
		self->guests[i].stop = &self->stop;
		ASSERT_EQ(0, guest_start(&self->guests[i], &self->w.nl, i,
					 prog));
	}
	close(prog);
	ASSERT_LT(0, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
}

/* All that was sent is accounted for, whatever happened meanwhile. */
FIXTURE_TEARDOWN(appliance)
{
	struct guest *g;
	int i, status;

	self->stop = true;
	for (i = 0; i < 2; i++) {
		g = &self->guests[i];
		pthread_join(g->thread, NULL);
		EXPECT_EQ(0, g->err);
		EXPECT_LT(0, g->sent);
		EXPECT_TRUE(until(!counts_get(&self->w.nl, g->name,
					      &self->c) &&
				  counts_seen(&self->c, FROM) == g->sent));
		EXPECT_EQ(g->sent, counts_seen(&self->c, FROM));
		EXPECT_TRUE(counts_agree(&self->c));
		EXPECT_EQ(0, self->c.policy[FROM].errors);
		/* Lost or not: the policy is in force as long as packets go. */
		EXPECT_EQ(self->c.policy[FROM].runs,
			  self->c.total.from_packets +
			  self->c.drops[FROM][POLICY]);
		close(g->tap);
	}
	kill(self->child, SIGKILL);
	waitpid(self->child, &status, 0);
	world_end(&self->w);
}

#define EXPECT_HOST(wanted)						\
do {									\
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));	\
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, self->ev.cmd);		\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
} while (0)

/* Each of the two is told of, once, in the order they were made. */
#define EXPECT_MODES(open_mode, closed_mode)				\
do {									\
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));	\
	EXPECT_EQ(VMSAFE_NET_REASON_MODE, self->ev.reason);		\
	EXPECT_STREQ(self->guests[OPEN].name, self->ev.vnic.ifname);	\
	EXPECT_EQ(MODE(open_mode), self->ev.vnic.mode);			\
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));	\
	EXPECT_EQ(VMSAFE_NET_REASON_MODE, self->ev.reason);		\
	EXPECT_STREQ(self->guests[CLOSED].name, self->ev.vnic.ifname);	\
	EXPECT_EQ(MODE(closed_mode), self->ev.vnic.mode);		\
} while (0)

#define EXPECT_NO_MORE()						\
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, &self->ev, 1))

/* A few more packets of this guest have been sent and counted. */
#define MORE_PACKETS(g)							\
do {									\
	unsigned long __sent = (g)->sent + 20;				\
									\
	ASSERT_TRUE(until((g)->sent >= __sent &&			\
			  !counts_get(&self->w.nl, (g)->name,		\
				      &self->c) &&			\
			  counts_seen(&self->c, FROM) >= __sent));	\
} while (0)

/* The closed one lets nothing by, the open one goes on with its policy. */
#define EXPECT_CLOSED_AND_OPEN()					\
do {									\
	struct guest *__g = &self->guests[CLOSED];			\
									\
	MORE_PACKETS(__g);						\
	ASSERT_EQ(0, counts_get(&self->w.nl, __g->name, &self->before)); \
	MORE_PACKETS(__g);						\
	EXPECT_EQ(self->before.total.from_packets,			\
		  self->c.total.from_packets);				\
	EXPECT_EQ(self->before.drops[FROM][POLICY],			\
		  self->c.drops[FROM][POLICY]);				\
	EXPECT_LT(self->before.drops[FROM][LOST],			\
		  self->c.drops[FROM][LOST]);				\
	__g = &self->guests[OPEN];					\
	ASSERT_EQ(0, counts_get(&self->w.nl, __g->name, &self->before)); \
	MORE_PACKETS(__g);						\
	EXPECT_LT(self->before.passed[MODE(APPLIANCE_LOST_OPEN)][FROM],	\
		  self->c.passed[MODE(APPLIANCE_LOST_OPEN)][FROM]);	\
	EXPECT_LT(self->before.drops[FROM][POLICY],			\
		  self->c.drops[FROM][POLICY]);				\
	EXPECT_EQ(0, self->c.drops[FROM][LOST]);			\
} while (0)

/* Both pass what their policy lets pass, and drop the rest. */
#define EXPECT_ENFORCING()						\
do {									\
	int __i;							\
									\
	for (__i = 0; __i < 2; __i++) {					\
		struct guest *__g = &self->guests[__i];			\
									\
		MORE_PACKETS(__g);					\
		ASSERT_EQ(0, counts_get(&self->w.nl, __g->name,		\
					&self->before));		\
		MORE_PACKETS(__g);					\
		EXPECT_LT(self->before.passed[MODE(ENFORCING)][FROM],	\
			  self->c.passed[MODE(ENFORCING)][FROM]);	\
		EXPECT_LT(self->before.drops[FROM][POLICY],		\
			  self->c.drops[FROM][POLICY]);			\
		EXPECT_EQ(self->before.drops[FROM][LOST],		\
			  self->c.drops[FROM][LOST]);			\
	}								\
} while (0)

static void end(pid_t *child, int signal)
{
	int status;

	kill(*child, signal);
	waitpid(*child, &status, 0);
}

TEST_F_TIMEOUT(appliance, killed_and_restarted, 120)
{
	EXPECT_ENFORCING();
	end(&self->child, SIGKILL);
	EXPECT_HOST(RESET);
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	EXPECT_CLOSED_AND_OPEN();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_RESET, self->host.appliance);
	ASSERT_EQ(0, appliance_start(self->pipe, false, &self->child));
	EXPECT_HOST(ATTACHED);
	EXPECT_EQ(self->host.epoch + 1, self->ev.host.epoch);
	EXPECT_MODES(ENFORCING, ENFORCING);
	EXPECT_ENFORCING();
	EXPECT_NO_MORE();
}

/* It misses its heartbeats, and makes up for it when it goes on. */
TEST_F_TIMEOUT(appliance, stopped_and_continued, 120)
{
	kill(self->child, SIGSTOP);
	EXPECT_HOST(LOST);
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	EXPECT_CLOSED_AND_OPEN();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_LOST, self->host.appliance);
	EXPECT_EQ(self->child, self->host.pid);
	kill(self->child, SIGCONT);
	EXPECT_HOST(RESUMED);
	EXPECT_EQ(self->host.epoch, self->ev.host.epoch);
	EXPECT_MODES(ENFORCING, ENFORCING);
	EXPECT_ENFORCING();
	EXPECT_NO_MORE();
}

/* From one that is well: no packet notices. */
TEST_F_TIMEOUT(appliance, taken_over, 120)
{
	pid_t old = self->child;
	int status;

	ASSERT_EQ(-EBUSY, appliance_start(self->pipe, false, &self->child));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	ASSERT_EQ(0, appliance_start(self->pipe, true, &self->child));
	EXPECT_HOST(TAKEN_OVER);
	/* The old one learns of it by its next heartbeat, and goes. */
	ASSERT_EQ(old, waitpid(old, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_HOST(HEARTBEAT_STALE);
	EXPECT_ENFORCING();
	EXPECT_NO_MORE();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(self->child, self->host.pid);
	ASSERT_EQ(0, counts_get(&self->w.nl, self->guests[CLOSED].name,
				&self->c));
	EXPECT_EQ(0, self->c.drops[FROM][LOST]);
}

/* From one that hangs: it comes back to a session that is not its own. */
TEST_F_TIMEOUT(appliance, taken_over_while_stopped, 120)
{
	pid_t old = self->child;
	int status;

	kill(old, SIGSTOP);
	EXPECT_HOST(LOST);
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	ASSERT_EQ(0, appliance_start(self->pipe, true, &self->child));
	EXPECT_HOST(TAKEN_OVER);
	EXPECT_MODES(ENFORCING, ENFORCING);
	EXPECT_ENFORCING();
	kill(old, SIGCONT);
	ASSERT_EQ(old, waitpid(old, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_HOST(HEARTBEAT_STALE);
	EXPECT_NO_MORE();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->host.appliance);
}

/* A clean detach leaves everything in force; a forced reset does not. */
TEST_F_TIMEOUT(appliance, detached_and_closed, 120)
{
	int fd = device_open();
	uint64_t epoch;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_take(fd, 60000, 0, &epoch));
	EXPECT_HOST(TAKEN_OVER);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_HEARTBEAT_STALE));
	ASSERT_EQ(0, device_detach(fd, epoch));
	EXPECT_HOST(DETACHED);
	EXPECT_ENFORCING();
	ASSERT_EQ(0, device_attach(fd, 60000, 0, &epoch));
	EXPECT_HOST(ATTACHED);
	close(fd);
	EXPECT_HOST(RESET);
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	EXPECT_CLOSED_AND_OPEN();
	EXPECT_NO_MORE();
}

/*
 * Its process dies and another one goes on with the same descriptor, which a
 * supervisor keeps: within the tolerance that is nobody's business.
 */
TEST_F_TIMEOUT(appliance, restarted_within_tolerance, 120)
{
	int fd = device_open(), i, status;
	uint64_t epoch;
	pid_t child;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_take(fd, 10000, 1000, &epoch));
	EXPECT_HOST(TAKEN_OVER);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_HEARTBEAT_STALE));
	for (i = 0; i < 3; i++) {
		child = fork();
		ASSERT_LE(0, child);
		if (!child)
			_exit(device_heartbeat(fd, epoch) ? 1 :
			      raise(SIGKILL));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
		EXPECT_ENFORCING();
	}
	EXPECT_NO_MORE();
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->host.appliance);
	EXPECT_EQ(epoch, self->host.epoch);
	close(fd);
	EXPECT_HOST(RESET);
}

/* Stopped, but not for too long: no edge, no packet lost. */
TEST_F_TIMEOUT(appliance, stopped_within_tolerance, 120)
{
	pid_t old = self->child;
	int fd = device_open(), status;
	uint64_t epoch;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, device_take(fd, 10000, 1000, &epoch));
	ASSERT_EQ(old, waitpid(old, &status, 0));
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_HEARTBEAT_STALE));
	self->child = fork();
	ASSERT_LE(0, self->child);
	while (!self->child && !device_heartbeat(fd, epoch))
		poll(NULL, 0, BEAT_MS);
	kill(self->child, SIGSTOP);
	EXPECT_ENFORCING();
	kill(self->child, SIGCONT);
	EXPECT_ENFORCING();
	EXPECT_NO_MORE();
	ASSERT_EQ(0, counts_get(&self->w.nl, self->guests[CLOSED].name,
				&self->c));
	EXPECT_EQ(0, self->c.drops[FROM][LOST]);
	close(fd);
}

/*
 * To the packet: so many sent in each state, with nobody else sending, are so
 * many passed and dropped for the reason that state gives.
 */
FIXTURE(exactly)
{
	struct world w;
	int taps[2];
	char names[2][IFNAMSIZ];
	int fd;
	struct frame frame;
	struct counts c;
	struct event ev;
	unsigned int passed[2];
	unsigned int policed[2];
	unsigned int lost[2];
};

FIXTURE_SETUP(exactly)
{
	int prog = prog_drop_byte(20, 1), i;
	struct identity id;

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, world_begin(&self->w));
	for (i = 0; i < 2; i++) {
		id = identity_of(1, i);
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
		ASSERT_EQ(0, link_up(self->names[i], true));
		ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i], &id,
				       NULL));
		ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->names[i],
					  VMSAFE_NET_A_VNIC_FAILURE_POLICY,
					  i == CLOSED));
		ASSERT_EQ(0, policy_set(&self->w.nl, self->names[i], FROM,
					prog));
	}
	close(prog);
	frame_make(&self->frame, 60);
}

FIXTURE_TEARDOWN(exactly)
{
	int i;

	for (i = 0; i < 2; i++)
		close(self->taps[i]);
	close(self->fd);
	world_end(&self->w);
}

#define EACH	24	/* packets per state, one in four the policy drops */
/* Whoever asks for the counters knows that the change of modes is over. */
#define SEND(is_lost)							\
do {									\
	unsigned int __i, __port;					\
									\
	for (__port = 0; __port < 2; __port++) {			\
		bool __closed = (is_lost) && __port == CLOSED;		\
									\
		ASSERT_EQ(0, counts_get(&self->w.nl,			\
					self->names[__port], &self->c)); \
		for (__i = 0; __i < EACH; __i++) {			\
			self->frame.bytes[20] = __i % 4;		\
			ASSERT_EQ(0, frame_send(self->taps[__port],	\
						&self->frame));		\
		}							\
		self->passed[__port] += __closed ? 0 : EACH * 3 / 4;	\
		self->policed[__port] += __closed ? 0 : EACH / 4;	\
		self->lost[__port] += __closed ? EACH : 0;		\
		EXPECT_TRUE(until(!counts_get(&self->w.nl,		\
					      self->names[__port],	\
					      &self->c) &&		\
				  counts_seen(&self->c, FROM) ==	\
				  self->passed[__port] +		\
				  self->policed[__port] +		\
				  self->lost[__port]));			\
		EXPECT_EQ(self->passed[__port],				\
			  self->c.total.from_packets);			\
		EXPECT_EQ(self->policed[__port],			\
			  self->c.drops[FROM][POLICY]);			\
		EXPECT_EQ(self->lost[__port],				\
			  self->c.drops[FROM][LOST]);			\
		EXPECT_TRUE(counts_agree(&self->c));			\
	}								\
} while (0)

TEST_F_TIMEOUT(exactly, in_each_state, 120)
{
	unsigned int round, lost_open = 0, i;
	uint64_t epoch;

	self->fd = device_open();
	for (round = 0; round < 3; round++) {
		/* Closed, missed, and closed again. */
		ASSERT_LE(0, self->fd);
		ASSERT_EQ(0, device_attach(self->fd, round == 1 ? 1 : 600000, 0,
					   &epoch));
		if (round == 1) {
			ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
						 VMSAFE_NET_REASON_LOST));
			SEND(true);
			lost_open += EACH * 3 / 4;
			ASSERT_EQ(0, device_detach(self->fd, epoch));
			continue;
		}
		SEND(false);
		close(self->fd);
		ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
					 VMSAFE_NET_REASON_RESET));
		SEND(true);
		lost_open += EACH * 3 / 4;
		self->fd = device_open();
	}
	ASSERT_EQ(0, counts_get(&self->w.nl, self->names[OPEN], &self->c));
	EXPECT_EQ(lost_open,
		  self->c.passed[MODE(APPLIANCE_LOST_OPEN)][FROM]);
	EXPECT_EQ(self->passed[OPEN] - lost_open,
		  self->c.passed[MODE(ENFORCING)][FROM]);
	EXPECT_EQ(lost_open / 3,
		  self->c.dropped[MODE(APPLIANCE_LOST_OPEN)][FROM]);
	EXPECT_EQ(self->policed[OPEN] - lost_open / 3,
		  self->c.dropped[MODE(ENFORCING)][FROM]);
	ASSERT_EQ(0, counts_get(&self->w.nl, self->names[CLOSED], &self->c));
	EXPECT_EQ(self->lost[CLOSED],
		  self->c.dropped[MODE(APPLIANCE_LOST_CLOSED)][FROM]);
	EXPECT_EQ(self->policed[CLOSED],
		  self->c.dropped[MODE(ENFORCING)][FROM]);
	EXPECT_EQ(0, self->c.passed[MODE(APPLIANCE_LOST_OPEN)][FROM]);
	for (i = 0; i < 2; i++)
		EXPECT_LT(0, self->passed[i]);
	EXPECT_EQ(3 * EACH, self->lost[CLOSED]);
	EXPECT_EQ(0, self->lost[OPEN]);
}

TEST_HARNESS_MAIN
