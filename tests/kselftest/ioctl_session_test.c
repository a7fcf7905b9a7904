// SPDX-License-Identifier: GPL-2.0-only
/*
 * The appliance's session: one holder, epochs, heartbeats, and the three ways
 * it ends; as the ioctls answer, as netlink shows it, and as events tell it.
 */
#include <errno.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/world.h"

/* Short enough to be lost while a test waits, long enough to be kept alive. */
#define INTERVAL	50
#define TOLERANCE	2

FIXTURE(session)
{
	struct world w;
	int fd;
	int other;
	uint64_t epoch;
	struct host host;
	struct event ev;
};

FIXTURE_SETUP(session)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	self->other = device_open();
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(session)
{
	close(self->fd);
	close(self->other);
	world_end(&self->w);
}

#define EXPECT_APPLIANCE(wanted)					\
do {									\
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));		\
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ ## wanted,		\
		  self->host.appliance);				\
} while (0)

#define EXPECT_HOST_EVENT(wanted)					\
do {									\
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));	\
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, self->ev.cmd);		\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
} while (0)

#define EXPECT_NO_MORE_EVENTS()						\
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, NULL, 0))

TEST_F(session, before_any)
{
	EXPECT_APPLIANCE(NONE);
	EXPECT_EQ(0, self->host.epoch);
	EXPECT_FALSE(host_has(&self->host, APPLIANCE_PID));
}

TEST_F(session, version_needs_none)
{
	struct vmsafe_net_ioc_version version;

	ASSERT_EQ(0, device_version(self->fd, &version));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->host));
	EXPECT_EQ(VMSAFE_NET_ABI_VERSION, version.abi);
	EXPECT_EQ(self->host.abi, version.abi);
	EXPECT_EQ(self->host.instance, version.instance);
	EXPECT_NE(0, version.instance);
	EXPECT_EQ(self->host.generation, version.generation);
}

TEST_F(session, attach)
{
	ASSERT_EQ(0, device_attach(self->fd, 1000, 3, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->ev.host.appliance);
	EXPECT_EQ(self->epoch, self->ev.host.epoch);
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(self->epoch, self->host.epoch);
	EXPECT_EQ(getpid(), self->host.pid);
	EXPECT_EQ(1000, self->host.interval);
	EXPECT_EQ(3, self->host.tolerance);
	EXPECT_NO_MORE_EVENTS();
}

TEST_F(session, attach_ranges)
{
	EXPECT_EQ(-EINVAL, device_attach(self->fd,
					 VMSAFE_NET_HEARTBEAT_INTERVAL_MAX + 1,
					 0, NULL));
	EXPECT_EQ(-EINVAL, device_attach(self->fd, UINT32_MAX, 0, NULL));
	EXPECT_EQ(-EINVAL, device_attach(self->fd, 1,
					 VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX + 1,
					 NULL));
	EXPECT_EQ(-EINVAL, device_attach(self->fd, 1, UINT32_MAX, NULL));
	EXPECT_APPLIANCE(NONE);
	EXPECT_EQ(0, self->host.epoch);
	EXPECT_EQ(0, device_attach(self->fd, VMSAFE_NET_HEARTBEAT_INTERVAL_MAX,
				   VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX, NULL));
	EXPECT_APPLIANCE(ATTACHED);
}

TEST_F(session, one_holder)
{
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	EXPECT_EQ(-EBUSY, device_attach(self->other, 0, 0, NULL));
	EXPECT_EQ(-EBUSY, device_attach(self->fd, 0, 0, NULL));
	EXPECT_EQ(-ENOTCONN, device_heartbeat(self->other, self->epoch));
	EXPECT_EQ(-ENOTCONN, device_detach(self->other, self->epoch));
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(self->epoch, self->host.epoch);
	EXPECT_EQ(0, device_heartbeat(self->fd, self->epoch));
	EXPECT_EQ(0, device_detach(self->fd, self->epoch));
	EXPECT_EQ(0, device_attach(self->other, 0, 0, NULL));
}

TEST_F(session, none_held)
{
	struct vmsafe_net_ioc_verify verify = {
		.size = sizeof(verify),
		.vm_uuid = { 1 },
	};
	uint32_t count = 0;

	EXPECT_EQ(-ENOTCONN, device_heartbeat(self->fd, 0));
	EXPECT_EQ(-ENOTCONN, device_detach(self->fd, 0));
	EXPECT_EQ(-ENOTCONN, device_list(self->fd, VMSAFE_NET_IOC_LIST_VMS,
					 NULL, sizeof(struct vmsafe_net_ioc_vm),
					 &count, NULL));
	EXPECT_EQ(-ENOTCONN, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS,
					 NULL,
					 sizeof(struct vmsafe_net_ioc_vnic),
					 &count, NULL));
	EXPECT_EQ(-ENOTCONN, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					  &verify));
}

TEST_F(session, other_epoch)
{
	static const int64_t offs[] = { -1, 1, 1LL << 32, INT64_MIN };
	unsigned int i;

	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	for (i = 0; i < ARRAY_SIZE(offs); i++) {
		EXPECT_EQ(-ESTALE, device_heartbeat(self->fd,
						    self->epoch + offs[i]));
		EXPECT_EQ(-ESTALE, device_detach(self->fd,
						 self->epoch + offs[i]));
	}
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(0, device_heartbeat(self->fd, self->epoch));
}

/* Told of, but not more often than once a second. */
TEST_F(session, refused_heartbeats)
{
	int i;

	EXPECT_EQ(-ENOTCONN, device_heartbeat(self->fd, 1));
	EXPECT_HOST_EVENT(HEARTBEAT_UNKNOWN);
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	for (i = 0; i < 20; i++)
		EXPECT_EQ(-ESTALE, device_heartbeat(self->fd, self->epoch - 1));
	EXPECT_GT(10, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	EXPECT_TRUE(until(({
		EXPECT_EQ(-ESTALE, device_heartbeat(self->fd, self->epoch - 1));
		!event_next(&self->w.events, &self->ev, 0);
	})));
	EXPECT_EQ(VMSAFE_NET_REASON_HEARTBEAT_STALE, self->ev.reason);
}

TEST_F(session, taken_over)
{
	struct vmsafe_net_ioc_attach attach = {
		.size = sizeof(attach),
		.flags = VMSAFE_NET_IOC_ATTACH_TAKEOVER,
	};
	uint32_t count = 0;

	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	/* Nobody takes it from oneself. */
	EXPECT_EQ(-EBUSY, device_ioctl(self->fd, VMSAFE_NET_IOC_ATTACH,
				       &attach));
	ASSERT_EQ(0, device_ioctl(self->other, VMSAFE_NET_IOC_ATTACH,
				  &attach));
	EXPECT_EQ(self->epoch + 1, attach.epoch);
	EXPECT_HOST_EVENT(TAKEN_OVER);
	EXPECT_EQ(attach.epoch, self->ev.host.epoch);
	EXPECT_EQ(-ESTALE, device_heartbeat(self->fd, self->epoch));
	EXPECT_EQ(-ESTALE, device_heartbeat(self->fd, attach.epoch));
	EXPECT_EQ(-ESTALE, device_detach(self->fd, attach.epoch));
	EXPECT_EQ(-ESTALE, device_list(self->fd, VMSAFE_NET_IOC_LIST_VMS,
				       NULL, sizeof(struct vmsafe_net_ioc_vm),
				       &count, NULL));
	EXPECT_EQ(0, device_heartbeat(self->other, attach.epoch));
	/* The one who lost it goes, and that is nothing to the session. */
	close(self->fd);
	self->fd = -1;
	EXPECT_APPLIANCE(ATTACHED);
	/* Nothing to take: an attach like any other. */
	ASSERT_EQ(0, device_detach(self->other, attach.epoch));
	ASSERT_EQ(0, device_ioctl(self->other, VMSAFE_NET_IOC_ATTACH,
				  &attach));
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_ATTACHED));
}

TEST_F(session, epochs_grow_by_one)
{
	uint64_t epoch;
	int i;

	for (i = 1; i <= 5; i++) {
		ASSERT_EQ(0, device_attach(self->fd, 0, 0, &epoch));
		EXPECT_EQ(i, epoch);
		EXPECT_EQ(-EBUSY, device_attach(self->other, 0, 0, NULL));
		ASSERT_EQ(0, device_detach(self->fd, epoch));
		EXPECT_APPLIANCE(NONE);
		EXPECT_EQ(i, self->host.epoch);
	}
}

TEST_F(session, detach)
{
	ASSERT_EQ(0, device_attach(self->fd, 1000, 3, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	ASSERT_EQ(0, device_detach(self->fd, self->epoch));
	EXPECT_HOST_EVENT(DETACHED);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_NONE, self->ev.host.appliance);
	EXPECT_FALSE(host_has(&self->ev.host, APPLIANCE_PID));
	EXPECT_APPLIANCE(NONE);
	EXPECT_FALSE(host_has(&self->host, APPLIANCE_PID));
	EXPECT_EQ(-ENOTCONN, device_detach(self->fd, self->epoch));
	close(self->fd);
	self->fd = -1;
	EXPECT_NO_MORE_EVENTS();
	EXPECT_APPLIANCE(NONE);
}

TEST_F(session, close_is_a_reset)
{
	ASSERT_EQ(0, device_attach(self->fd, 1000, 3, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	close(self->fd);
	self->fd = -1;
	EXPECT_HOST_EVENT(RESET);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_RESET, self->ev.host.appliance);
	EXPECT_APPLIANCE(RESET);
	EXPECT_FALSE(host_has(&self->host, APPLIANCE_PID));
	EXPECT_EQ(self->epoch, self->host.epoch);
	EXPECT_EQ(0, device_attach(self->other, 0, 0, NULL));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_NO_MORE_EVENTS();
}

TEST_F(session, close_without_session)
{
	close(self->other);
	self->other = -1;
	EXPECT_NO_MORE_EVENTS();
	EXPECT_APPLIANCE(NONE);
}

/* The session is the open file's, not one descriptor's. */
TEST_F(session, last_close_counts)
{
	int copy = dup(self->fd);

	ASSERT_LE(0, copy);
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	close(self->fd);
	self->fd = -1;
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(0, device_heartbeat(copy, self->epoch));
	close(copy);
	EXPECT_APPLIANCE(RESET);
}

TEST_F(session, killed_is_a_reset)
{
	int status, fd;
	pid_t child;

	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		fd = device_open();
		_exit(fd < 0 || device_attach(fd, 60000, 3, NULL) || pause());
	}
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));
	EXPECT_EQ(VMSAFE_NET_REASON_ATTACHED, self->ev.reason);
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(child, self->host.pid);
	kill(child, SIGKILL);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_HOST_EVENT(RESET);
	EXPECT_APPLIANCE(RESET);
}

TEST_F(session, lost_after_one_too_many)
{
	uint64_t before = now_ms();

	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, TOLERANCE,
				   &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_HOST_EVENT(LOST);
	/* All that is tolerated, and one more; a busy machine's ticks lag. */
	EXPECT_LT(TOLERANCE * INTERVAL, now_ms() - before);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_LOST, self->ev.host.appliance);
	EXPECT_APPLIANCE(LOST);
	EXPECT_EQ(getpid(), self->host.pid);
	EXPECT_EQ(-EBUSY, device_attach(self->other, 0, 0, NULL));
	EXPECT_NO_MORE_EVENTS();
}

TEST_F(session, heartbeat_resumes)
{
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, TOLERANCE,
				   &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_HOST_EVENT(LOST);
	EXPECT_EQ(-ESTALE, device_heartbeat(self->fd, self->epoch + 1));
	EXPECT_HOST_EVENT(HEARTBEAT_STALE);
	EXPECT_APPLIANCE(LOST);
	EXPECT_EQ(0, device_heartbeat(self->fd, self->epoch));
	EXPECT_HOST_EVENT(RESUMED);
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->ev.host.appliance);
	/* And may be lost again. */
	EXPECT_HOST_EVENT(LOST);
}

TEST_F(session, lost_then_detached)
{
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_HOST_EVENT(LOST);
	EXPECT_EQ(0, device_detach(self->fd, self->epoch));
	EXPECT_HOST_EVENT(DETACHED);
	EXPECT_APPLIANCE(NONE);
}

TEST_F(session, lost_then_closed)
{
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_HOST_EVENT(LOST);
	close(self->fd);
	self->fd = -1;
	EXPECT_HOST_EVENT(RESET);
	EXPECT_APPLIANCE(RESET);
}

/* Heartbeats at any time within the tolerance keep it alive. */
TEST_F(session, tolerated)
{
	uint64_t end = now_ms() + 12 * INTERVAL;

	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, 10, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	while (now_ms() < end) {
		EXPECT_EQ(-ETIMEDOUT, event_next(&self->w.events, &self->ev,
						 2 * INTERVAL));
		ASSERT_EQ(0, device_heartbeat(self->fd, self->epoch));
	}
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_NO_MORE_EVENTS();
}

/* A heartbeat starts the count anew; the old deadline means nothing. */
TEST_F(session, heartbeat_rearms)
{
	uint64_t beat;

	ASSERT_EQ(0, device_attach(self->fd, 4 * INTERVAL, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_EQ(-ETIMEDOUT, event_next(&self->w.events, &self->ev,
					 2 * INTERVAL));
	beat = now_ms();
	ASSERT_EQ(0, device_heartbeat(self->fd, self->epoch));
	EXPECT_HOST_EVENT(LOST);
	EXPECT_LT(3 * INTERVAL, now_ms() - beat);
}

TEST_F(session, no_promise_no_loss)
{
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_EQ(-ETIMEDOUT, event_next(&self->w.events, &self->ev,
					 6 * INTERVAL));
	EXPECT_APPLIANCE(ATTACHED);
}

/* What an ended session promised does not haunt the next one. */
TEST_F(session, old_timer_is_gone)
{
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, 0, &self->epoch));
	ASSERT_EQ(0, device_detach(self->fd, self->epoch));
	ASSERT_EQ(0, device_attach(self->other, 0, 0, NULL));
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_HOST_EVENT(DETACHED);
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_EQ(-ETIMEDOUT, event_next(&self->w.events, &self->ev,
					 4 * INTERVAL));
	EXPECT_APPLIANCE(ATTACHED);
}

/* Everybody reads the number that is right where they are. */
TEST_F(session, pid_of_another_namespace)
{
	int status, ready[2];
	pid_t child;
	char byte;

	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		byte = device_attach(self->fd, 0, 0, NULL) ||
		       host_get(&self->w.nl, &self->host) ? 0 : self->host.pid;
		_exit(write(ready[1], &byte, 1) != 1 || pause());
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	EXPECT_EQ(1, byte);
	EXPECT_HOST_EVENT(ATTACHED);
	EXPECT_EQ(child, self->ev.host.pid);
	EXPECT_APPLIANCE(ATTACHED);
	EXPECT_EQ(child, self->host.pid);
	kill(child, SIGKILL);
	ASSERT_EQ(child, waitpid(child, &status, 0));
}

/* What cannot be seen from where one is has no number there. */
TEST_F(session, pid_outside_of_the_namespace)
{
	int status;
	pid_t child;

	ASSERT_EQ(0, device_attach(self->fd, 0, 0, NULL));
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(host_get(&self->w.nl, &self->host) ||
		      !host_has(&self->host, APPLIANCE_PID) ||
		      self->host.pid);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
