// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports that fail to come, or to change: for lack of memory, wherever the
 * driver takes some, and because somebody else in the kernel says no. A port
 * that is there is hooked and listed, and one that failed has left nothing.
 * Needs a kernel with fault injection; others skip it.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/fault.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/world.h"

/* So often in a row without harm: then it is not the driver's any more. */
#define ENTRY_DONE	5

struct stage {
	struct nl nl;
	int tap;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	struct probe p[DIRS];
	struct vnic v;
};

static int stage_begin(struct stage *st)
{
	st->tap = -1;
	port_name(st->name, "tap");
	port_name(st->other, "oth");
	return netns_enter_new() ?: nl_open(&st->nl);
}

static void stage_end(struct stage *st)
{
	close(st->tap);
	nl_close(&st->nl);
}

/* A device that is there is hooked, and one that failed has left nothing. */
#define EXPECT_WHOLE(st)						\
do {									\
	if (if_nametoindex((st)->name)) {				\
		EXPECT_EQ(1, vnic_list(&(st)->nl, &(st)->v, 1));	\
		EXPECT_STREQ((st)->name, (st)->v.ifname);		\
		EXPECT_EQ(0, probe_run(&(st)->nl, (st)->name, (st)->p)); \
		EXPECT_EQ(VMSAFE_NET_PROBE_RESULT_HOOKED |		\
			  VMSAFE_NET_PROBE_RESULT_PASSED,		\
			  (st)->p[FROM].result & (st)->p[TO].result);	\
	} else {							\
		EXPECT_EQ(0, vnic_list(&(st)->nl, NULL, 0));		\
	}								\
} while (0)

/* Another notifier says no, before ours has been asked or after. */
static int refuse(const char *event, const char *error)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/"
		 "notifier-error-inject/netdev/actions/%s/error", event);
	return file_put(path, error);
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

FIXTURE(creation)
{
	struct stage st;
};

/* How a kind of port is made, and how it goes. */
FIXTURE_VARIANT(creation)
{
	const char *kind;
	int (*make)(struct stage *st, const char *kind);
	int (*drop)(struct stage *st, int made);
};

static int make_tap(struct stage *st, const char *kind)
{
	return tap_open(st->name);
}

static int drop_tap(struct stage *st, int tap)
{
	return close(tap) ? -errno : 0;
}

static int make_link(struct stage *st, const char *kind)
{
	return link_add_on(kind, st->name, st->other);
}

static int drop_link(struct stage *st, int made)
{
	return link_del(st->name);
}

FIXTURE_VARIANT_ADD(creation, tap) { "tap", make_tap, drop_tap };
FIXTURE_VARIANT_ADD(creation, macvtap) { "macvtap", make_link, drop_link };
FIXTURE_VARIANT_ADD(creation, ipvtap) { "ipvtap", make_link, drop_link };

FIXTURE_SETUP(creation)
{
	if (fault_prepare())
		SKIP(return, "no fault injection in this kernel");
	ASSERT_EQ(0, stage_begin(&self->st));
	ASSERT_EQ(0, link_add("dummy", self->st.other));
}

FIXTURE_TEARDOWN(creation)
{
	stage_end(&self->st);
}

/* Nothing comes of a port that somebody refuses, early or late. */
TEST_F_TIMEOUT(creation, refused_by_others, 600)
{
	static const char * const events[] = {
		"NETDEV_POST_INIT", "NETDEV_REGISTER",
	};
	struct stage *st = &self->st;
	unsigned int i;
	int made;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		EXPECT_REFUSED(events[i], variant->make(st, variant->kind));
		EXPECT_EQ(0, if_nametoindex(st->name));
		EXPECT_WHOLE(st);
		made = variant->make(st, variant->kind);
		ASSERT_LE(0, made);
		EXPECT_NE(0, if_nametoindex(st->name));
		EXPECT_WHOLE(st);
		ASSERT_EQ(0, variant->drop(st, made));
	}
}

FIXTURE(change)
{
	struct stage st;
};

FIXTURE_SETUP(change)
{
	if (fault_prepare())
		SKIP(return, "no fault injection in this kernel");
	ASSERT_EQ(0, stage_begin(&self->st));
	self->st.tap = tap_open(self->st.name);
	ASSERT_LE(0, self->st.tap);
}

FIXTURE_TEARDOWN(change)
{
	stage_end(&self->st);
}

/* A bound port stays what it is when somebody refuses a change of it. */
TEST_F_TIMEOUT(change, refused_by_others, 600)
{
	static const char * const mtu_events[] = {
		"NETDEV_PRECHANGEMTU", "NETDEV_CHANGEMTU",
	};
	static const char * const upper_events[] = {
		"NETDEV_PRECHANGEUPPER", "NETDEV_CHANGEUPPER",
	};
	struct identity id = identity_of(1, 0);
	struct stage *st = &self->st;
	struct vnic before;
	unsigned int i;

	ASSERT_EQ(0, vnic_bind(&st->nl, st->name, &id, &before));
	EXPECT_REFUSED("NETDEV_CHANGENAME", link_rename(st->name, st->other));
	EXPECT_WHOLE(st);
	for (i = 0; i < 2; i++) {
		EXPECT_REFUSED(mtu_events[i], link_mtu(st->name, 1234));
		EXPECT_WHOLE(st);
		EXPECT_EQ(1500, st->v.mtu);
	}
	EXPECT_REFUSED("NETDEV_PRE_UP", link_up(st->name, true));
	EXPECT_WHOLE(st);
	EXPECT_EQ(0, st->v.up);
	ASSERT_EQ(0, link_add("bridge", st->other));
	for (i = 0; i < 2; i++) {
		EXPECT_REFUSED(upper_events[i],
			       link_master(st->name, st->other));
		EXPECT_WHOLE(st);
		EXPECT_FALSE(vnic_has(&st->v, MASTER));
	}
	EXPECT_EQ(before.id, st->v.id);
	EXPECT_EQ(0, memcmp(before.uuid, st->v.uuid, sizeof(before.uuid)));
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, st->v.mode);
	ASSERT_EQ(0, link_master(st->name, st->other));
	EXPECT_WHOLE(st);
	EXPECT_TRUE(vnic_has(&st->v, MASTER));
}

/*
 * A tap whose entry cannot be had does not come to be, for a port that nobody
 * filters must not exist. Which other of its allocations are the driver's, no
 * test can tell; they have their turn where a port is brought up.
 */
TEST_F_TIMEOUT(change, made_without_an_entry, 600)
{
	struct stage *st = &self->st;
	struct host before, after;
	int made, begun, ended;

	if (!fault_cache_can(FAULT_ENTRIES))
		SKIP(return, "the kernel was not started with slub_debug=A");
	ASSERT_EQ(0, host_get(&st->nl, &before));
	begun = fault_caches_begin();
	made = tap_open(st->other);
	ended = fault_caches_end();
	ASSERT_EQ(0, begun);
	ASSERT_EQ(0, ended);
	EXPECT_EQ(-ENOMEM, made);
	EXPECT_EQ(0, if_nametoindex(st->other));
	ASSERT_EQ(0, host_get(&st->nl, &after));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.seq, after.seq);
	EXPECT_EQ(1, after.vnics);
	EXPECT_WHOLE(st);
	made = tap_open(st->other);
	ASSERT_LE(0, made);
	EXPECT_EQ(2, vnic_list(&st->nl, NULL, 0));
	close(made);
}

/*
 * The one way to a port without an entry: it is moved to where there is no room
 * for it. It stays down until it can have one.
 */
static int lose_entry(struct stage *st, int here, int there)
{
	int err;

	err = link_up(st->name, false) ?:
	      host_set(&st->nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 1) ?:
	      link_move(st->name, there) ?: netns_enter(there) ?:
	      link_move(st->name, here) ?: netns_enter(here);
	return err ?: host_set(&st->nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 100);
}

/* Each allocation of an entry fails once, and the port stays down; or not. */
TEST_F_TIMEOUT(change, up_without_memory, 600)
{
	unsigned int nth, refused = 0, done = 0;
	int here = netns_here(), there = netns_new(), first, err, n;
	struct stage *st = &self->st;
	bool fired;

	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	first = tap_open(st->other);
	ASSERT_LE(0, first);
	ASSERT_EQ(0, lose_entry(st, here, there));
	for (nth = 1; done < ENTRY_DONE; nth++) {
		ASSERT_EQ(1, vnic_list(&st->nl, NULL, 0));
		fault_arm(nth);
		err = link_up(st->name, true);
		fired = fault_fired();
		n = vnic_list(&st->nl, NULL, 0);
		EXPECT_TRUE(fired || !err);
		EXPECT_TRUE(n == 2 || (n == 1 && err));
		refused += n == 1;
		done = n == 1 ? 0 : done + 1;
		if (n == 1)
			continue;
		EXPECT_EQ(0, probe_run(&st->nl, st->name, st->p));
		EXPECT_EQ(VMSAFE_NET_PROBE_RESULT_HOOKED |
			  VMSAFE_NET_PROBE_RESULT_PASSED,
			  st->p[FROM].result & st->p[TO].result);
		ASSERT_EQ(0, lose_entry(st, here, there));
	}
	/* An entry, two hooks and two places in tables are more than that. */
	EXPECT_LT(3, refused) TH_LOG("of %u", nth);
	close(first);
	close(there);
	close(here);
}

/* The kernel moves a device whoever says no: it is whole where it comes out. */
TEST_F_TIMEOUT(change, moved_against_others, 600)
{
	struct stage *st = &self->st;
	int there = netns_new();

	ASSERT_LE(0, there);
	ASSERT_EQ(0, refuse("NETDEV_REGISTER", "-12"));
	EXPECT_EQ(0, link_move(st->name, there));
	ASSERT_EQ(0, refuse("NETDEV_REGISTER", "0"));
	EXPECT_WHOLE(st);
	nl_close(&st->nl);
	ASSERT_EQ(0, netns_enter(there));
	ASSERT_EQ(0, nl_open(&st->nl));
	EXPECT_NE(0, if_nametoindex(st->name));
	EXPECT_WHOLE(st);
	close(there);
}

TEST_HARNESS_MAIN
