// SPDX-License-Identifier: GPL-2.0-only
/*
 * One kernel plays several hosts: nothing of one network namespace is seen or
 * meant in another, ports move as if they went and came, and a namespace may
 * end with everything in use.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/world.h"

FIXTURE(netns)
{
	struct world here;
	struct world there;
	int here_fd;
	int there_fd;
	char name[IFNAMSIZ];
	struct identity id;
	struct vnic v;
	struct event ev;
};

/* Two namespaces with a socket pair each; we are in the first. */
FIXTURE_SETUP(netns)
{
	ASSERT_EQ(0, world_begin(&self->there));
	self->there_fd = netns_here();
	ASSERT_LE(0, self->there_fd);
	ASSERT_EQ(0, world_begin(&self->here));
	self->here_fd = netns_here();
	ASSERT_LE(0, self->here_fd);
	port_name(self->name, "tap");
	self->id = identity_of(1, 0);
}

FIXTURE_TEARDOWN(netns)
{
	world_end(&self->here);
	world_end(&self->there);
}

#define EXPECT_ONE_EVENT(world, wanted)					\
do {									\
	ASSERT_EQ(1, event_all(&(world)->events, &(world)->nl,		\
			       &self->ev, 1));				\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
} while (0)

#define EXPECT_NO_EVENT(world)						\
	EXPECT_EQ(0, event_all(&(world)->events, &(world)->nl,		\
			       &self->ev, 1))

TEST_F(netns, tables_are_apart)
{
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	EXPECT_ONE_EVENT(&self->here, PORT_NEW);
	EXPECT_NO_EVENT(&self->there);
	ASSERT_EQ(0, vnic_get(&self->here.nl, self->name, &self->v));
	EXPECT_EQ(-ENOENT, vnic_get(&self->there.nl, self->name, NULL));
	EXPECT_EQ(-ENOENT, vnic_get_id(&self->there.nl, self->v.id, NULL));
	EXPECT_EQ(0, vnic_list(&self->there.nl, NULL, 0));
	EXPECT_EQ(-ENOENT, vnic_bind(&self->there.nl, self->name, &self->id,
				     NULL));
	EXPECT_EQ(1, host_generation(&self->there.nl));
	close(tap);
}

TEST_F(netns, settings_are_apart)
{
	struct host host;

	ASSERT_EQ(0, host_set(&self->there.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT,
			      5));
	EXPECT_NO_EVENT(&self->here);
	ASSERT_EQ(0, host_get(&self->here.nl, &host));
	EXPECT_EQ(65536, host.limit);
	EXPECT_EQ(1, host.generation);
}

/* One VM UUID and one MAC on two hosts: that is no second claim. */
TEST_F(netns, claims_are_apart)
{
	int tap = tap_open(self->name), other;

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_bind(&self->here.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, netns_enter(self->there_fd));
	other = tap_open(self->name);
	ASSERT_LE(0, other);
	EXPECT_EQ(0, vnic_bind(&self->there.nl, self->name, &self->id, NULL));
	close(tap);
	close(other);
}

/* But creation IDs are of the instance: none is ever used twice. */
TEST_F(netns, ids_are_common)
{
	struct host a, b;
	struct vnic v;
	int tap = tap_open(self->name), other;

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, netns_enter(self->there_fd));
	other = tap_open(self->name);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, vnic_get(&self->here.nl, self->name, &self->v));
	ASSERT_EQ(0, vnic_get(&self->there.nl, self->name, &v));
	EXPECT_NE(self->v.id, v.id);
	ASSERT_EQ(0, host_get(&self->here.nl, &a));
	ASSERT_EQ(0, host_get(&self->there.nl, &b));
	EXPECT_EQ(a.instance, b.instance);
	close(tap);
	close(other);
}

/* The opener's namespace counts, wherever it goes afterwards. */
TEST_F(netns, sessions_are_apart)
{
	int here = device_open(), there;
	struct host host;
	uint64_t epoch;

	ASSERT_LE(0, here);
	ASSERT_EQ(0, device_attach(here, 0, 0, &epoch));
	EXPECT_EQ(1, epoch);
	ASSERT_EQ(0, netns_enter(self->there_fd));
	there = device_open();
	ASSERT_LE(0, there);
	ASSERT_EQ(0, device_attach(there, 0, 0, &epoch));
	EXPECT_EQ(1, epoch);
	EXPECT_EQ(0, device_heartbeat(here, 1));
	close(here);
	ASSERT_EQ(0, host_get(&self->here.nl, &host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_RESET, host.appliance);
	ASSERT_EQ(0, host_get(&self->there.nl, &host));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, host.appliance);
	close(there);
}

TEST_F(netns, bound_port_moves)
{
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	EXPECT_ONE_EVENT(&self->here, PORT_NEW);
	ASSERT_EQ(0, vnic_bind(&self->here.nl, self->name, &self->id,
			       &self->v));
	EXPECT_ONE_EVENT(&self->here, BOUND);
	ASSERT_EQ(0, link_move(self->name, self->there_fd));
	EXPECT_ONE_EVENT(&self->here, PORT_GONE);
	EXPECT_EQ(self->v.id, self->ev.vnic.id);
	EXPECT_ONE_EVENT(&self->there, PORT_NEW);
	EXPECT_LT(self->v.id, self->ev.vnic.id);
	EXPECT_FALSE(vnic_has(&self->ev.vnic, VM_UUID));
	EXPECT_EQ(-ENOENT, vnic_get(&self->here.nl, self->name, NULL));
	ASSERT_EQ(0, vnic_get(&self->there.nl, self->name, &self->v));
	EXPECT_EQ(0, host_refused(&self->here.nl));
	close(tap);
	EXPECT_ONE_EVENT(&self->there, PORT_GONE);
}

/* Packets meet the hooks of the namespace they are in now. */
TEST_F(netns, hooks_move_along)
{
	static const char frame[60] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };
	struct vnic_stats s;
	int tap = tap_open(self->name);

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_move(self->name, self->there_fd));
	ASSERT_EQ(0, netns_enter(self->there_fd));
	ASSERT_EQ(0, link_up(self->name, true));
	ASSERT_EQ(60, write(tap, frame, sizeof(frame)));
	EXPECT_TRUE(until(!vnic_get_stats(&self->there.nl, self->name, &s) &&
			  s.from_packets == 1));
	close(tap);
}

/* A port on request is one as long as it stays: whoever moves it asks anew. */
TEST_F(netns, added_port_moves)
{
	ASSERT_EQ(0, link_add("dummy", self->name));
	ASSERT_EQ(0, vnic_port(&self->here.nl, VMSAFE_NET_CMD_PORT_ADD,
			       self->name, NULL));
	EXPECT_ONE_EVENT(&self->here, PORT_NEW);
	ASSERT_EQ(0, link_move(self->name, self->there_fd));
	EXPECT_ONE_EVENT(&self->here, PORT_GONE);
	EXPECT_NO_EVENT(&self->there);
	EXPECT_EQ(0, vnic_list(&self->there.nl, NULL, 0));
}

/* What a namespace is full of when it ends. Returns an errno. */
static int fill_namespace(int fds[2])
{
	char names[4][IFNAMSIZ], bridge[IFNAMSIZ];
	struct identity id;
	struct world w;
	int i, err;

	err = world_begin(&w) ?: link_add("bridge", port_name(bridge, "br"));
	for (i = 0; i < 4 && !err; i++) {
		id = identity_of(i / 2, i % 2);
		err = tap_open(port_name(names[i], "tap"));
		if (err < 0)
			return err;
		fds[0] = err;
		err = link_master(names[i], bridge) ?:
		      link_up(names[i], true) ?:
		      vnic_bind(&w.nl, names[i], &id, NULL);
	}
	fds[1] = device_open();
	return err ?: fds[1] < 0 ? fds[1] : device_attach(fds[1], 20, 1, NULL);
}

/* Its processes are killed with bound taps, sockets and a session. */
TEST_F(netns, ends_with_everything_in_use)
{
	unsigned int i, rounds = effort(30, 6);
	int fds[2], status;
	pid_t child;

	for (i = 0; i < rounds; i++) {
		child = fork();
		ASSERT_LE(0, child);
		if (!child)
			_exit(-fill_namespace(fds));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		ASSERT_EQ(0, status);
	}
}

/* A dump is under way in a namespace that has nobody else any more. */
TEST_F(netns, ends_during_a_dump)
{
	struct nl nl;
	int fds[2];

	EXPECT_EQ(0, fill_namespace(fds));
	ASSERT_EQ(0, nl_open(&nl));
	nl_begin(&nl, VMSAFE_NET_CMD_VNIC_GET);
	ASSERT_EQ(0, nl_dump_start(&nl));
	ASSERT_EQ(0, netns_enter(self->there_fd));
	ASSERT_EQ(1, nl_dump_step(&nl, NL_ANSWER_MAX, NULL, NULL));
	EXPECT_EQ(4, nl.answers);
	nl_close(&nl);
}

/* An open descriptor keeps its namespace: no ioctl finds it gone. */
TEST_F(netns, descriptor_keeps_its_namespace)
{
	struct vmsafe_net_ioc_version version;
	uint32_t count = 0;
	int fds[2];
	int fd;

	EXPECT_EQ(0, fill_namespace(fds));
	fd = fds[1];
	ASSERT_EQ(0, netns_enter(self->there_fd));
	EXPECT_EQ(0, device_version(fd, &version));
	EXPECT_EQ(-EMSGSIZE, device_list(fd, VMSAFE_NET_IOC_LIST_VNICS, NULL,
					 sizeof(struct vmsafe_net_ioc_vnic),
					 &count, NULL));
	EXPECT_EQ(4, count);
	close(fd);
}

/* Bind what comes into our namespace, and end it. */
static int bind_what_comes(int ready)
{
	struct identity id = identity_of(1, 0);
	struct world w;
	struct vnic v;
	int err = world_begin(&w);

	if (err || write(ready, "", 1) != 1)
		return err ?: -EPIPE;
	if (!until(vnic_list(&w.nl, &v, 1) == 1))
		return -ETIME;
	return vnic_bind(&w.nl, v.ifname, &id, NULL);
}

/* A tap's file outlives its device when another namespace takes that along. */
TEST_F(netns, tap_file_outlives_its_device)
{
	int tap = tap_open(self->name), there, pipes[2], status;
	char path[64], byte;
	pid_t child;

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, pipe(pipes));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		close(tap);
		_exit(-bind_what_comes(pipes[1]));
	}
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	snprintf(path, sizeof(path), "/proc/%d/ns/net", child);
	there = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, there);
	ASSERT_EQ(0, link_move(self->name, there));
	close(there);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, status);
	EXPECT_TRUE(until(write(tap, "", 1) < 0 && errno == EBADFD));
	close(tap);
}

TEST_HARNESS_MAIN
