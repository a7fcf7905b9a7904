// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: what they prove is so, what is not so they do not prove, and neither
 * guest nor network nor counters ever see the frame.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/prog.h"
#include "lib/world.h"

#define MODE(name)	VMSAFE_NET_MODE_ ## name
#define REASON(name)	VMSAFE_NET_DROP_REASON_ ## name
#define HOOKED		VMSAFE_NET_PROBE_RESULT_HOOKED
#define POLICED		VMSAFE_NET_PROBE_RESULT_POLICED
#define PASSED		VMSAFE_NET_PROBE_RESULT_PASSED

/* A guest on a bridge with another, whose tap hears what the first sends. */
FIXTURE(probe)
{
	struct world w;
	int tap;
	int peer;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	char bridge[IFNAMSIZ];
	struct identity id;
	struct probe p[DIRS];
	struct counts c;
	struct vnic v;
};

FIXTURE_SETUP(probe)
{
	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, link_add("bridge", port_name(self->bridge, "br")));
	ASSERT_EQ(0, link_up(self->bridge, true));
	self->tap = tap_open(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	self->peer = tap_open(port_name(self->other, "oth"));
	ASSERT_LE(0, self->peer);
	ASSERT_EQ(0, link_master(self->name, self->bridge));
	ASSERT_EQ(0, link_master(self->other, self->bridge));
	ASSERT_EQ(0, link_up(self->name, true));
	ASSERT_EQ(0, link_up(self->other, true));
	self->id = identity_of(1, 0);
}

/* Nobody has seen or counted any frame, nor learned its address. */
FIXTURE_TEARDOWN(probe)
{
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 20));
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->peer, 20));
	EXPECT_EQ(0, counts_get(&self->w.nl, self->name, &self->c));
	EXPECT_EQ(0, counts_seen(&self->c, FROM));
	EXPECT_EQ(0, counts_seen(&self->c, TO));
	EXPECT_EQ(0, self->c.macs);
	close(self->peer);
	close(self->tap);
	world_end(&self->w);
}

#define PROBE()	ASSERT_EQ(0, probe_run(&self->w.nl, self->name, self->p))

#define EXPECT_PASS(dir, what, where)					\
do {									\
	EXPECT_EQ((what) | PASSED, self->p[dir].result);		\
	EXPECT_EQ(MODE(where), self->p[dir].mode);			\
	EXPECT_FALSE(self->p[dir].dropped);				\
} while (0)

#define EXPECT_DROP(dir, what, where, why)				\
do {									\
	EXPECT_EQ(what, self->p[dir].result);				\
	EXPECT_EQ(MODE(where), self->p[dir].mode);			\
	EXPECT_TRUE(self->p[dir].dropped);				\
	EXPECT_EQ(REASON(why), self->p[dir].reason);			\
} while (0)

TEST_F(probe, modes)
{
	int fd = device_open();

	ASSERT_LE(0, fd);
	PROBE();
	EXPECT_PASS(FROM, HOOKED, UNBOUND_PASS);
	EXPECT_PASS(TO, HOOKED, UNBOUND_PASS);
	ASSERT_EQ(0, host_set(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			      VMSAFE_NET_VERDICT_DROP));
	PROBE();
	EXPECT_DROP(FROM, HOOKED, UNBOUND_DROP, UNBOUND);
	EXPECT_DROP(TO, HOOKED, UNBOUND_DROP, UNBOUND);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	PROBE();
	EXPECT_PASS(FROM, HOOKED, ENFORCING);
	EXPECT_PASS(TO, HOOKED, ENFORCING);
	ASSERT_EQ(0, device_attach(fd, 60000, 0, NULL));
	close(fd);
	PROBE();
	EXPECT_PASS(FROM, HOOKED, APPLIANCE_LOST_OPEN);
	ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->name,
				  VMSAFE_NET_A_VNIC_FAILURE_POLICY,
				  VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED));
	PROBE();
	EXPECT_DROP(FROM, HOOKED, APPLIANCE_LOST_CLOSED, APPLIANCE_LOST);
	EXPECT_DROP(TO, HOOKED, APPLIANCE_LOST_CLOSED, APPLIANCE_LOST);
	ASSERT_EQ(0, vnic_set_bypass(&self->w.nl, self->name, true));
	PROBE();
	EXPECT_PASS(FROM, HOOKED, BYPASS);
	EXPECT_PASS(TO, HOOKED, BYPASS);
}

/* The policy that is said to be in force, in its direction only. */
TEST_F(probe, policies)
{
	int drop = prog_verdict(TC_ACT_SHOT), pass = prog_verdict(TC_ACT_OK);
	int map = map_array(1), count = prog_count(map, TC_ACT_OK);
	uint64_t counted;

	ASSERT_LE(0, drop);
	ASSERT_LE(0, pass);
	ASSERT_LE(0, count);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, FROM, drop));
	PROBE();
	EXPECT_DROP(FROM, HOOKED | POLICED, ENFORCING, POLICY);
	EXPECT_EQ(prog_id(drop), self->p[FROM].prog_id);
	EXPECT_PASS(TO, HOOKED, ENFORCING);
	EXPECT_EQ(0, self->p[TO].prog_id);
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, TO, count));
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, FROM, pass));
	PROBE();
	EXPECT_PASS(FROM, HOOKED | POLICED, ENFORCING);
	EXPECT_EQ(prog_id(pass), self->p[FROM].prog_id);
	EXPECT_PASS(TO, HOOKED | POLICED, ENFORCING);
	EXPECT_EQ(prog_id(count), self->p[TO].prog_id);
	/* It really ran, says the program itself. */
	ASSERT_EQ(0, map_get(map, 0, &counted));
	EXPECT_EQ(1, counted);
	/* With a policy attached, and nobody asking it: that is no proof. */
	ASSERT_EQ(0, vnic_set_bypass(&self->w.nl, self->name, true));
	PROBE();
	EXPECT_PASS(FROM, HOOKED, BYPASS);
	EXPECT_PASS(TO, HOOKED, BYPASS);
	ASSERT_EQ(0, map_get(map, 0, &counted));
	EXPECT_EQ(1, counted);
}

/* A verdict that is none, by both failure policies. */
TEST_F(probe, policy_errors)
{
	int prog = prog_verdict(TC_ACT_STOLEN);

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, TO, prog));
	PROBE();
	EXPECT_PASS(TO, HOOKED | POLICED, ENFORCING);
	ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->name,
				  VMSAFE_NET_A_VNIC_FAILURE_POLICY,
				  VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED));
	PROBE();
	EXPECT_DROP(TO, HOOKED | POLICED, ENFORCING, POLICY_ERROR);
}

/* It comes from the guest's own address, or the guard would meet it. */
TEST_F(probe, passes_the_guard)
{
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->name,
				  VMSAFE_NET_A_VNIC_GUARD,
				  VMSAFE_NET_GUARD_DROP));
	PROBE();
	EXPECT_PASS(FROM, HOOKED, ENFORCING);
	ASSERT_EQ(0, counts_get(&self->w.nl, self->name, &self->c));
	EXPECT_EQ(0, self->c.guard_hits);
}

/* What a policy does to the frame, or with it, goes nowhere either. */
TEST_F(probe, of_policies_that_do_things)
{
	int progs[] = {
		prog_redirect(if_nametoindex(self->other)),
		prog_write_byte(20, 0x77), prog_push_vlan(), prog_cut(20),
	};
	unsigned int i;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	for (i = 0; i < ARRAY_SIZE(progs); i++) {
		ASSERT_LE(0, progs[i]);
		ASSERT_EQ(0, policy_set(&self->w.nl, self->name, FROM,
					progs[i]));
		ASSERT_EQ(0, policy_set(&self->w.nl, self->name, TO,
					progs[i]));
		PROBE();
		EXPECT_PASS(FROM, HOOKED | POLICED, ENFORCING);
		EXPECT_PASS(TO, HOOKED | POLICED, ENFORCING);
	}
}

/* Ports that are down, without a bridge, of other kinds. */
TEST_F(probe, any_port)
{
	char low[IFNAMSIZ], mvt[IFNAMSIZ];

	ASSERT_EQ(0, link_up(self->name, false));
	PROBE();
	EXPECT_PASS(FROM, HOOKED, UNBOUND_PASS);
	ASSERT_EQ(0, link_add("dummy", port_name(low, "low")));
	ASSERT_EQ(0, link_add_on("macvtap", port_name(mvt, "mvt"), low));
	ASSERT_EQ(0, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD, low,
			       NULL));
	ASSERT_EQ(0, probe_run(&self->w.nl, mvt, self->p));
	EXPECT_PASS(FROM, HOOKED, UNBOUND_PASS);
	EXPECT_PASS(TO, HOOKED, UNBOUND_PASS);
	ASSERT_EQ(0, probe_run(&self->w.nl, low, self->p));
	EXPECT_PASS(FROM, HOOKED, UNBOUND_PASS);
	EXPECT_PASS(TO, HOOKED, UNBOUND_PASS);
}

/* It changes nothing, and so it is told to nobody. */
TEST_F(probe, silent)
{
	uint64_t generation;
	struct event ev;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_LT(0, event_all(&self->w.events, &self->w.nl, &ev, 1));
	generation = host_generation(&self->w.nl);
	PROBE();
	EXPECT_EQ(generation, host_generation(&self->w.nl));
	EXPECT_EQ(0, event_all(&self->w.events, &self->w.nl, &ev, 1));
}

TEST_F(probe, refused)
{
	EXPECT_EQ(-ENOENT, probe_run(&self->w.nl, "none", self->p));
	EXPECT_EQ(-ENOENT, probe_run(&self->w.nl, self->bridge, self->p));
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_PROBE);
	EXPECT_EQ(-EINVAL, nl_do(&self->w.nl));
	/* By VM and device as well, once it is bound. */
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_PROBE);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_VM_UUID, self->id.uuid, 16);
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 0);
	EXPECT_EQ(-ENOENT, nl_do(&self->w.nl));
}

TEST_HARNESS_MAIN
