// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers without leftovers of the kernel's memory: names of every length, so
 * that each padding occurs, and entries of all kinds after one another. Every
 * read of the test library looks for such (lib/leak.h), here and in all other
 * tests; it finds more where memory that is not in use is filled with
 * something: scripts/vm --append slub_debug=P.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/leak.h"
#include "lib/prog.h"
#include "lib/world.h"

#define PORTS	12	/* every other one is bound */

FIXTURE(leaks)
{
	struct world w;
	int fd;
	int taps[PORTS];
	char names[PORTS][IFNAMSIZ];
	struct frame frame;
	struct counts c;
	struct event evs[8];
	struct vmsafe_net_ioc_vnic vnics[PORTS];
	struct vmsafe_net_ioc_vm vms[PORTS];
};

FIXTURE_SETUP(leaks)
{
	struct identity id;
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	frame_make(&self->frame, 60);
	for (i = 0; i < PORTS; i++) {
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
		ASSERT_EQ(0, link_up(self->names[i], true));
		id = identity_of(i + 1, i);
		if (i % 2)
			ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i],
					       &id, NULL));
		ASSERT_LE(0, event_all(&self->w.events, &self->w.nl, self->evs,
				       8));
	}
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, NULL));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, self->evs, 8));
}

FIXTURE_TEARDOWN(leaks)
{
	int i;

	close(self->fd);
	for (i = 0; i < PORTS; i++)
		close(self->taps[i]);
	world_end(&self->w);
}

/* The looking finds what it is to find. */
TEST(seen)
{
	struct {
		struct nlmsghdr nlh;
		struct nlattr outer;
		struct nlattr attr;
		unsigned char bytes[4];
	} m = {
		.nlh = { .nlmsg_len = sizeof(m) },
		.outer = { sizeof(m) - NLMSG_HDRLEN, NLA_F_NESTED | 1 },
		.attr = { NLA_HDRLEN + 1, 2 },
		.bytes = { 1 },
	};
	unsigned char run[] = { 1, 0x6b, 0x6b, 0x6b, 0x6b };

	EXPECT_FALSE(leak_in_message(&m.nlh, 0));
	m.bytes[3] = 7;
	EXPECT_TRUE(leak_in_message(&m.nlh, 0));
	m.outer.nla_type = 1;
	EXPECT_FALSE(leak_in_message(&m.nlh, 0));
	m.outer.nla_len++;
	EXPECT_TRUE(leak_in_message(&m.nlh, 0));
	EXPECT_TRUE(leak_in(run, sizeof(run)));
	EXPECT_FALSE(leak_in(run, sizeof(run) - 1));
}

/* Strings of each length, or of each padding, in answers, events and dumps. */
TEST_F(leaks, names)
{
	char name[VMSAFE_NET_NAME_MAX + 1] = "";
	struct identity id = identity_of(1, 0);
	struct nl *nl = &self->w.nl;
	struct vnic v;
	unsigned int len;

	id.name = name;
	for (len = 1; len <= VMSAFE_NET_NAME_MAX; len += effort(1, 5)) {
		memset(name, 'a', len);
		ASSERT_EQ(0, vnic_bind(nl, self->names[0], &id, &v));
		EXPECT_STREQ(name, v.name);
		EXPECT_EQ(1, event_all(&self->w.events, nl, self->evs, 8));
		EXPECT_EQ(PORTS, vnic_list(nl, NULL, 0));
		EXPECT_EQ(PORTS / 2 + 1, vm_list(nl, NULL, NULL, 0));
	}
	ASSERT_EQ(0, vnic_unbind(nl, self->names[0], &v));
	EXPECT_EQ(1, event_all(&self->w.events, nl, self->evs, 8));
}

/* Counters, learned MACs, policies, probes and a second claim. */
TEST_F(leaks, nested)
{
	struct identity id = identity_of(2, 1);
	int prog = prog_verdict(TC_ACT_SHOT);
	struct nl *nl = &self->w.nl;
	struct probe p[DIRS];
	int i;

	ASSERT_LE(0, prog);
	for (i = 0; i < PORTS; i++) {
		ASSERT_EQ(0, frame_send(self->taps[i], &self->frame));
		if (i % 2)
			ASSERT_EQ(0, policy_set(nl, self->names[i],
						i / 2 % DIRS, prog));
		ASSERT_EQ(0, frame_send(self->taps[i], &self->frame));
		EXPECT_EQ(0, counts_get(nl, self->names[i], &self->c));
		EXPECT_EQ(0, probe_run(nl, self->names[i], p));
		EXPECT_LE(0, event_all(&self->w.events, nl, self->evs, 8));
	}
	EXPECT_EQ(-EEXIST, vnic_bind(nl, self->names[0], &id, NULL));
	EXPECT_EQ(1, event_all(&self->w.events, nl, self->evs, 8));
	EXPECT_EQ(EVENT_CLAIM(VM_DEVICE), self->evs[0].reason);
	close(prog);
}

static bool zero_from(const char *text, size_t from, size_t size)
{
	for (; from < size; from++)
		if (text[from])
			return false;
	return true;
}

/* Unbound ones have nothing of the bound one before; names end in zeros. */
TEST_F(leaks, lists)
{
	static const struct vmsafe_net_ioc_vnic nobody;
	uint32_t i, vnics = PORTS, vms = PORTS;

	ASSERT_EQ(0, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS,
				 self->vnics, sizeof(*self->vnics), &vnics,
				 NULL));
	ASSERT_EQ(PORTS, vnics);
	for (i = 0; i < PORTS; i++) {
		struct vmsafe_net_ioc_vnic *v = &self->vnics[i];

		EXPECT_STREQ(self->names[i], v->ifname);
		EXPECT_TRUE(zero_from(v->ifname, strlen(v->ifname),
				      sizeof(v->ifname)));
		EXPECT_EQ(0, v->reserved);
		if (i % 2)
			continue;
		EXPECT_EQ(0, v->flags);
		EXPECT_EQ(0, v->device_id);
		EXPECT_EQ(0, v->failure_policy);
		EXPECT_EQ(0, memcmp(v->vm_uuid, nobody.vm_uuid,
				    sizeof(v->vm_uuid)));
		EXPECT_EQ(0, memcmp(v->mac, nobody.mac, sizeof(v->mac)));
	}
	ASSERT_EQ(0, device_list(self->fd, VMSAFE_NET_IOC_LIST_VMS, self->vms,
				 sizeof(*self->vms), &vms, NULL));
	ASSERT_EQ(PORTS / 2, vms);
	for (i = 0; i < vms; i++)
		EXPECT_TRUE(zero_from(self->vms[i].name,
				      strlen(self->vms[i].name),
				      sizeof(self->vms[i].name)));
}

TEST_HARNESS_MAIN
