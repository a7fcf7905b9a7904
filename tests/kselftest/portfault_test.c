// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports that fail to come, or to change: for lack of memory, at each place in
 * turn, and because somebody else in the kernel says no. A port that is there
 * is hooked and listed, and one that failed has left nothing. Needs a kernel
 * with fault injection; others skip it.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/fault.h"
#include "lib/world.h"

#define CREATION_MOST	1000	/* a device, with its queues and its sysfs */

FIXTURE(ports)
{
	struct nl nl;
	int tap;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	struct probe p[DIRS];
	struct vnic v;
};

FIXTURE_SETUP(ports)
{
	if (fault_prepare())
		SKIP(return, "no fault injection in this kernel");
	ASSERT_EQ(0, netns_enter_new());
	ASSERT_EQ(0, nl_open(&self->nl));
	self->tap = -1;
	port_name(self->name, "tap");
	port_name(self->other, "oth");
}

FIXTURE_TEARDOWN(ports)
{
	close(self->tap);
	nl_close(&self->nl);
}

/* A device that is there is hooked, and one that failed has left nothing. */
#define EXPECT_WHOLE(name)						\
do {									\
	if (if_nametoindex(name)) {					\
		EXPECT_EQ(1, vnic_list(&self->nl, &self->v, 1));	\
		EXPECT_STREQ(name, self->v.ifname);			\
		EXPECT_EQ(0, probe_run(&self->nl, name, self->p));	\
		EXPECT_EQ(VMSAFE_NET_PROBE_RESULT_HOOKED |		\
			  VMSAFE_NET_PROBE_RESULT_PASSED,		\
			  self->p[FROM].result & self->p[TO].result);	\
	} else {							\
		EXPECT_EQ(0, vnic_list(&self->nl, NULL, 0));		\
	}								\
} while (0)

/*
 * A tap that gets no entry cannot register, wherever memory lacks; the next one
 * of that name can.
 */
TEST_F_TIMEOUT(ports, tap_without_memory, 600)
{
	unsigned int nth, failed = 0;
	bool fired = true;

	for (nth = 1; fired; nth++) {
		ASSERT_GT(CREATION_MOST, nth);
		fault_arm(nth);
		self->tap = tap_open(self->name);
		fired = fault_fired();
		EXPECT_TRUE(fired || self->tap >= 0);
		EXPECT_TRUE(self->tap < 0 || if_nametoindex(self->name));
		EXPECT_WHOLE(self->name);
		failed += self->tap < 0;
		close(self->tap);
		self->tap = -1;
		EXPECT_EQ(0, if_nametoindex(self->name));
		EXPECT_EQ(0, vnic_list(&self->nl, NULL, 0));
	}
	EXPECT_LT(0, failed);
}

/* The other kinds, which rtnetlink makes. */
TEST_F_TIMEOUT(ports, links_without_memory, 900)
{
	static const char * const kinds[] = { "macvtap", "ipvtap" };
	unsigned int nth, kind, failed;
	bool fired;
	int err;

	ASSERT_EQ(0, link_add("dummy", self->other));
	for (kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		failed = 0;
		for (nth = 1, fired = true; fired; nth++) {
			ASSERT_GT(CREATION_MOST, nth);
			fault_arm(nth);
			err = link_add_on(kinds[kind], self->name, self->other);
			fired = fault_fired();
			EXPECT_TRUE(fired || !err);
			EXPECT_WHOLE(self->name);
			failed += !if_nametoindex(self->name);
			if (if_nametoindex(self->name))
				ASSERT_EQ(0, link_del(self->name));
			EXPECT_EQ(0, vnic_list(&self->nl, NULL, 0));
		}
		EXPECT_LT(0, failed);
	}
}

/* Another notifier says no, before ours has been asked or after. */
static int refuse(const char *event, const char *error)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/sys/kernel/debug/"
		 "notifier-error-inject/netdev/actions/%s/error", event);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, error, strlen(error)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* What is attempted gives -ENOMEM while this event is refused. */
#define EXPECT_REFUSED(event, attempt)					\
do {									\
	int __ret;							\
									\
	ASSERT_EQ(0, refuse(event, "-12"));				\
	__ret = (attempt);						\
	ASSERT_EQ(0, refuse(event, "0"));				\
	EXPECT_EQ(-ENOMEM, __ret) TH_LOG("%s", event);			\
} while (0)

/* Nothing comes of a port that somebody refuses, early or late. */
TEST_F_TIMEOUT(ports, creation_refused_by_others, 120)
{
	static const char * const events[] = {
		"NETDEV_POST_INIT", "NETDEV_REGISTER",
	};
	static const char * const kinds[] = { "macvtap", "ipvtap" };
	unsigned int i, kind;

	ASSERT_EQ(0, link_add("dummy", self->other));
	for (i = 0; i < ARRAY_SIZE(events); i++) {
		EXPECT_REFUSED(events[i], tap_open(self->name));
		EXPECT_EQ(0, if_nametoindex(self->name));
		EXPECT_WHOLE(self->name);
		self->tap = tap_open(self->name);
		ASSERT_LE(0, self->tap);
		EXPECT_WHOLE(self->name);
		close(self->tap);
		for (kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
			EXPECT_REFUSED(events[i],
				       link_add_on(kinds[kind], self->name,
						   self->other));
			EXPECT_EQ(0, if_nametoindex(self->name));
			EXPECT_WHOLE(self->name);
			ASSERT_EQ(0, link_add_on(kinds[kind], self->name,
						 self->other));
			EXPECT_WHOLE(self->name);
			ASSERT_EQ(0, link_del(self->name));
		}
	}
	self->tap = -1;
}

/* A bound port stays what it is when somebody refuses a change of it. */
TEST_F_TIMEOUT(ports, changes_refused_by_others, 120)
{
	static const char * const mtu_events[] = {
		"NETDEV_PRECHANGEMTU", "NETDEV_CHANGEMTU",
	};
	static const char * const upper_events[] = {
		"NETDEV_PRECHANGEUPPER", "NETDEV_CHANGEUPPER",
	};
	struct identity id = identity_of(1, 0);
	struct vnic before;
	unsigned int i;

	self->tap = tap_open(self->name);
	ASSERT_LE(0, self->tap);
	ASSERT_EQ(0, vnic_bind(&self->nl, self->name, &id, &before));
	EXPECT_REFUSED("NETDEV_CHANGENAME",
		       link_rename(self->name, self->other));
	EXPECT_WHOLE(self->name);
	for (i = 0; i < 2; i++) {
		EXPECT_REFUSED(mtu_events[i], link_mtu(self->name, 1234));
		EXPECT_WHOLE(self->name);
		EXPECT_EQ(1500, self->v.mtu);
	}
	EXPECT_REFUSED("NETDEV_PRE_UP", link_up(self->name, true));
	EXPECT_WHOLE(self->name);
	EXPECT_EQ(0, self->v.up);
	ASSERT_EQ(0, link_add("bridge", self->other));
	for (i = 0; i < 2; i++) {
		EXPECT_REFUSED(upper_events[i],
			       link_master(self->name, self->other));
		EXPECT_WHOLE(self->name);
		EXPECT_FALSE(vnic_has(&self->v, MASTER));
	}
	EXPECT_EQ(before.id, self->v.id);
	EXPECT_EQ(0, memcmp(before.uuid, self->v.uuid, sizeof(before.uuid)));
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, self->v.mode);
	ASSERT_EQ(0, link_master(self->name, self->other));
	EXPECT_WHOLE(self->name);
	EXPECT_TRUE(vnic_has(&self->v, MASTER));
}

/* The kernel moves a device whoever says no: it is whole where it comes out. */
TEST_F_TIMEOUT(ports, moved_against_others, 120)
{
	int there;

	self->tap = tap_open(self->name);
	ASSERT_LE(0, self->tap);
	there = netns_new();
	ASSERT_LE(0, there);
	ASSERT_EQ(0, refuse("NETDEV_REGISTER", "-12"));
	EXPECT_EQ(0, link_move(self->name, there));
	ASSERT_EQ(0, refuse("NETDEV_REGISTER", "0"));
	EXPECT_WHOLE(self->name);
	nl_close(&self->nl);
	ASSERT_EQ(0, netns_enter(there));
	ASSERT_EQ(0, nl_open(&self->nl));
	EXPECT_NE(0, if_nametoindex(self->name));
	EXPECT_WHOLE(self->name);
	close(there);
}

TEST_HARNESS_MAIN
