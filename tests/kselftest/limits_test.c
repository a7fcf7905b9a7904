// SPDX-License-Identifier: GPL-2.0-only
/*
 * The limit of entries: a port beyond it is refused together with its device,
 * and it is said before it is reached.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/world.h"

#define LIMIT	10

FIXTURE(limits)
{
	struct world w;
	int taps[LIMIT + 1];
	char names[LIMIT + 1][IFNAMSIZ];
	struct event ev;
	struct host host;
};

FIXTURE_SETUP(limits)
{
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT,
			      LIMIT));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	for (i = 0; i <= LIMIT; i++) {
		port_name(self->names[i], "tap");
		self->taps[i] = -1;
	}
}

FIXTURE_TEARDOWN(limits)
{
	int i;

	for (i = 0; i <= LIMIT; i++)
		close(self->taps[i]);
	world_end(&self->w);
}

#define FILL(from, to)							\
do {									\
	int __i;							\
									\
	for (__i = (from); __i < (to); __i++) {				\
		self->taps[__i] = tap_open(self->names[__i]);		\
		ASSERT_LE(0, self->taps[__i]);				\
	}								\
} while (0)

#define EXPECT_NEXT(wanted)						\
do {									\
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));	\
	EXPECT_EQ(VMSAFE_NET_REASON_ ## wanted, self->ev.reason);	\
} while (0)

#define EXPECT_NO_MORE()						\
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, &self->ev, 1))

/* 80 % of 10 are 8: said at the eighth, once. */
TEST_F(limits, near)
{
	FILL(0, 7);
	ASSERT_EQ(7, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	FILL(7, 8);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NEXT(LIMIT_NEAR);
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, self->ev.cmd);
	EXPECT_EQ(8, self->ev.host.vnics);
	EXPECT_EQ(LIMIT, self->ev.host.limit);
	FILL(8, 10);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NO_MORE();
}

/* Once more only after it was not so in between. */
TEST_F(limits, near_again)
{
	FILL(0, 8);
	ASSERT_EQ(9, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	close(self->taps[7]);
	EXPECT_NEXT(PORT_GONE);
	FILL(7, 8);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NEXT(LIMIT_NEAR);
	EXPECT_NO_MORE();
}

/* A port that comes and goes at the edge is not told of each time. */
TEST_F(limits, near_has_two_edges)
{
	int i;

	/* Near from 8 of 9 on, and no more at 6. */
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 9));
	FILL(0, 8);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_LIMIT_NEAR));
	for (i = 0; i < 3; i++) {
		close(self->taps[7]);
		EXPECT_NEXT(PORT_GONE);
		FILL(7, 8);
		EXPECT_NEXT(PORT_NEW);
	}
	close(self->taps[7]);
	close(self->taps[6]);
	EXPECT_NEXT(PORT_GONE);
	EXPECT_NEXT(PORT_GONE);
	FILL(6, 8);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NEXT(PORT_NEW);
	EXPECT_NEXT(LIMIT_NEAR);
	EXPECT_NO_MORE();
}

TEST_F(limits, near_by_lowering)
{
	FILL(0, 4);
	ASSERT_EQ(4, event_all(&self->w.events, &self->w.nl, &self->ev, 1));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 5));
	EXPECT_NEXT(SET);
	EXPECT_NEXT(LIMIT_NEAR);
	EXPECT_NO_MORE();
}

TEST_F(limits, reached)
{
	FILL(0, LIMIT);
	ASSERT_EQ(LIMIT + 1, event_all(&self->w.events, &self->w.nl, &self->ev,
				       1));
	EXPECT_EQ(-ENOSPC, tap_open(self->names[LIMIT]));
	EXPECT_EQ(0, if_nametoindex(self->names[LIMIT]));
	EXPECT_NEXT(LIMIT_REACHED);
	EXPECT_EQ(VMSAFE_NET_CMD_HOST_NTF, self->ev.cmd);
	EXPECT_EQ(LIMIT, self->ev.host.vnics);
	EXPECT_NO_MORE();
	EXPECT_EQ(LIMIT, vnic_list(&self->w.nl, NULL, 0));
	/* One goes, one may come. */
	close(self->taps[3]);
	self->taps[3] = tap_open(self->names[LIMIT]);
	EXPECT_LE(0, self->taps[3]);
}

TEST_F(limits, macvtap_refused)
{
	char lower[IFNAMSIZ], name[IFNAMSIZ];

	FILL(0, LIMIT);
	ASSERT_EQ(0, link_add("dummy", port_name(lower, "low")));
	EXPECT_EQ(-ENOSPC, link_add_on("macvtap", port_name(name, "mvt"),
				       lower));
	EXPECT_EQ(0, if_nametoindex(name));
}

TEST_F(limits, port_add_refused)
{
	char name[IFNAMSIZ];

	FILL(0, LIMIT);
	ASSERT_EQ(0, link_add("dummy", port_name(name, "dmy")));
	EXPECT_EQ(-ENOSPC, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD,
				     name, NULL));
	EXPECT_STRNE("", self->w.nl.msg);
	/* Asked for by hand, the device stays. */
	EXPECT_NE(0, if_nametoindex(name));
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, name, NULL));
}

/* What is bound can be unbound and bound at the limit. */
TEST_F(limits, binding_needs_no_room)
{
	struct identity id = identity_of(1, 0);

	FILL(0, LIMIT);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[0], &id, NULL));
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->names[0], NULL));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[1], &id, NULL));
}

TEST_F(limits, raised)
{
	FILL(0, LIMIT);
	EXPECT_EQ(-ENOSPC, tap_open(self->names[LIMIT]));
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT,
			      LIMIT + 1));
	FILL(LIMIT, LIMIT + 1);
}

TEST_F(limits, lowered_below)
{
	FILL(0, 6);
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 2));
	EXPECT_EQ(6, vnic_list(&self->w.nl, NULL, 0));
	EXPECT_EQ(-ENOSPC, tap_open(self->names[LIMIT]));
	close(self->taps[0]);
	self->taps[0] = -1;
	EXPECT_EQ(-ENOSPC, tap_open(self->names[LIMIT]));
}

/* A flood of refusals is not a flood of events. */
TEST_F(limits, reached_is_rate_limited)
{
	unsigned int i, tries = effort(200, 50);
	int count;

	FILL(0, LIMIT);
	for (i = 0; i < tries; i++)
		ASSERT_EQ(-ENOSPC, tap_open(self->names[LIMIT]));
	count = event_all(&self->w.events, &self->w.nl, &self->ev, 1);
	EXPECT_LT(LIMIT + 1, count);
	EXPECT_GT(LIMIT + 1 + (int)tries / 2, count);
}

/*
 * Moving a device to another namespace cannot be refused by anybody. Beyond the
 * limit there it has no entry, and does not come up.
 */
TEST_F(limits, moved_into_a_full_namespace)
{
	int here = netns_here(), there = netns_new();
	char name[IFNAMSIZ];
	int tap;

	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	FILL(0, LIMIT);
	ASSERT_EQ(0, netns_enter(there));
	tap = tap_open(port_name(name, "tap"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_up(name, true));
	ASSERT_EQ(0, link_move(name, here));
	ASSERT_EQ(0, netns_enter(here));
	EXPECT_NE(0, if_nametoindex(name));
	EXPECT_EQ(-ENOENT, vnic_get(&self->w.nl, name, NULL));
	EXPECT_EQ(-ENOSPC, link_up(name, true));
	close(self->taps[0]);
	self->taps[0] = -1;
	/* With room for it, it comes up and is listed. */
	EXPECT_EQ(0, link_up(name, true));
	EXPECT_EQ(0, vnic_get(&self->w.nl, name, NULL));
	close(tap);
}

TEST_HARNESS_MAIN
