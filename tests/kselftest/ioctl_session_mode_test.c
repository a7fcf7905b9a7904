// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of bound vNICs, those that fail open and those that fail closed,
 * as the appliance's session is lost, resumed, given up and taken over.
 */
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/world.h"

/* Short enough to be lost while a test waits, long enough to be kept alive. */
#define INTERVAL	50
#define TOLERANCE	2

FIXTURE(session_mode)
{
	struct world w;
	int fd;
	int open_tap;
	int closed_tap;
	char open_name[IFNAMSIZ];
	char closed_name[IFNAMSIZ];
	uint64_t epoch;
	struct event ev;
};

FIXTURE_SETUP(session_mode)
{
	struct identity a = identity_of(1, 0), b = identity_of(1, 1);

	ASSERT_EQ(0, world_begin(&self->w));
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	self->open_tap = tap_open(port_name(self->open_name, "opn"));
	ASSERT_LE(0, self->open_tap);
	self->closed_tap = tap_open(port_name(self->closed_name, "cls"));
	ASSERT_LE(0, self->closed_tap);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->open_name, &a, NULL));
	vnic_bind_begin(&self->w.nl, &b);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->closed_name);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
		   VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, NULL));
}

FIXTURE_TEARDOWN(session_mode)
{
	close(self->fd);
	close(self->open_tap);
	close(self->closed_tap);
	world_end(&self->w);
}

#define EXPECT_MODES(when_open, when_closed)				\
do {									\
	struct vnic o, c;						\
									\
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->open_name, &o));	\
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->closed_name, &c));	\
	EXPECT_EQ(VMSAFE_NET_MODE_ ## when_open, o.mode);		\
	EXPECT_EQ(VMSAFE_NET_MODE_ ## when_closed, c.mode);		\
} while (0)

TEST_F(session_mode, without_session)
{
	EXPECT_MODES(ENFORCING, ENFORCING);
}

TEST_F(session_mode, lost_and_resumed)
{
	uint64_t generation;

	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, TOLERANCE,
				   &self->epoch));
	EXPECT_MODES(ENFORCING, ENFORCING);
	generation = host_generation(&self->w.nl);
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_LOST));
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));
	EXPECT_EQ(VMSAFE_NET_REASON_MODE, self->ev.reason);
	EXPECT_STREQ(self->open_name, self->ev.vnic.ifname);
	EXPECT_EQ(VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN, self->ev.vnic.mode);
	ASSERT_EQ(0, event_next(&self->w.events, &self->ev, UNTIL_MS));
	EXPECT_EQ(VMSAFE_NET_REASON_MODE, self->ev.reason);
	EXPECT_STREQ(self->closed_name, self->ev.vnic.ifname);
	EXPECT_EQ(VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED, self->ev.vnic.mode);
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	EXPECT_LT(generation, host_generation(&self->w.nl));
	ASSERT_EQ(0, device_heartbeat(self->fd, self->epoch));
	EXPECT_MODES(ENFORCING, ENFORCING);
}

TEST_F(session_mode, detach_leaves_enforcement)
{
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL * 100, TOLERANCE,
				   &self->epoch));
	ASSERT_EQ(0, device_detach(self->fd, self->epoch));
	EXPECT_MODES(ENFORCING, ENFORCING);
}

/* A session without promise comes and goes unnoticed, even by force. */
TEST_F(session_mode, no_promise_reset_leaves_modes)
{
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, NULL));
	close(self->fd);
	self->fd = -1;
	EXPECT_MODES(ENFORCING, ENFORCING);
}

TEST_F(session_mode, reset_of_a_promise_is_a_loss)
{
	int other;

	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, TOLERANCE, NULL));
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_RESET));
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_MODE));
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);

	/* A visitor does not mend it, an appliance does. */
	other = device_open();
	ASSERT_LE(0, other);
	ASSERT_EQ(0, device_attach(other, 0, 0, &self->epoch));
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
	ASSERT_EQ(0, device_detach(other, self->epoch));
	ASSERT_EQ(0, device_attach(other, 60000, 0, NULL));
	EXPECT_MODES(ENFORCING, ENFORCING);
	close(other);
}

/* What is bound while the appliance is lost starts in that mode. */
TEST_F(session_mode, bound_while_lost)
{
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->closed_name, NULL));
	ASSERT_EQ(0, device_attach(self->fd, INTERVAL, 0, NULL));
	ASSERT_EQ(0, event_until(&self->w.events, &self->ev,
				 VMSAFE_NET_REASON_LOST));
	vnic_bind_begin(&self->w.nl, &(struct identity){
		.uuid = { 9 }, .name = "late", .mac = { 2, 0, 0, 0, 0, 9 } });
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->closed_name);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
		   VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
	ASSERT_EQ(0, vnic_answer(&self->w.nl, NULL));
	EXPECT_MODES(APPLIANCE_LOST_OPEN, APPLIANCE_LOST_CLOSED);
}

TEST_HARNESS_MAIN
