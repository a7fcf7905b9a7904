// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps that take more than one read: what stays in the table is listed exactly
 * once, whatever comes and goes meanwhile; a change in between marks the dump.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/world.h"

#define MOST	100
#define CHUNK	4000

FIXTURE(dumps)
{
	struct world w;
	struct nl nl;		/* for the dump; never read in one go */
	unsigned int count;
	char names[MOST][IFNAMSIZ];
	uint64_t ids[MOST];
	/* of the dump under way */
	uint64_t listed[4 * MOST];
	unsigned int found;
};

FIXTURE_SETUP(dumps)
{
	struct identity id;
	struct vnic v;
	unsigned int i;

	self->count = effort(MOST, 60);
	ASSERT_EQ(0, world_begin(&self->w));
	for (i = 0; i < self->count; i++) {
		/* A namespace gets rid of these all at once, unlike taps. */
		ASSERT_EQ(0, link_add("dummy", port_name(self->names[i], "d")));
		ASSERT_EQ(0, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD,
				       self->names[i], NULL));
		id = identity_of(i, 0);
		ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i], &id, &v));
		self->ids[i] = v.id;
	}
	ASSERT_EQ(0, nl_open_like(&self->nl, &self->w.nl));
	nl_begin(&self->nl, VMSAFE_NET_CMD_VNIC_GET);
}

FIXTURE_TEARDOWN(dumps)
{
	nl_close(&self->nl);
	world_end(&self->w);
}

struct listing {
	uint64_t *ids;
	unsigned int *count;
};

static int list_id(const struct nlmsghdr *nlh, void *arg)
{
	struct listing *l = arg;
	struct vnic v;
	int err = vnic_parse(nlh, &v);

	if (err)
		return err;
	if (*l->count == 4 * MOST)
		return -E2BIG;
	l->ids[(*l->count)++] = v.id;
	return 0;
}

#define STEP()								\
({									\
	struct listing __l = { self->listed, &self->found };		\
									\
	nl_dump_step(&self->nl, CHUNK, list_id, &__l);		\
})

#define FINISH()							\
do {									\
	int __ret = 1;							\
									\
	while (__ret == 1)						\
		__ret = STEP();						\
	ASSERT_EQ(0, __ret);						\
} while (0)

/* How often an ID was listed. */
static unsigned int times(const uint64_t *ids, unsigned int count, uint64_t id)
{
	unsigned int i, n = 0;

	for (i = 0; i < count; i++)
		n += ids[i] == id;
	return n;
}

#define EXPECT_ASCENDING()						\
do {									\
	unsigned int __i;						\
									\
	for (__i = 1; __i < self->found; __i++)				\
		EXPECT_LT(self->listed[__i - 1], self->listed[__i]);	\
} while (0)

TEST_F(dumps, quiet)
{
	unsigned int steps = 1;

	ASSERT_EQ(0, nl_dump_start(&self->nl));
	while (STEP() == 1)
		steps++;
	/* Small reads make many of them; else nothing here proves anything. */
	EXPECT_LT(3, steps);
	EXPECT_FALSE(self->nl.interrupted);
	ASSERT_EQ(self->count, self->found);
	EXPECT_EQ(0, memcmp(self->ids, self->listed,
			    self->count * sizeof(self->ids[0])));
}

#define EXPECT_TORN()							\
do {									\
	FINISH();							\
	EXPECT_TRUE(self->nl.interrupted);				\
	EXPECT_ASCENDING();						\
} while (0)

TEST_F(dumps, torn_by_new)
{
	char name[IFNAMSIZ];
	unsigned int i;
	int tap;

	ASSERT_EQ(0, nl_dump_start(&self->nl));
	ASSERT_EQ(1, STEP());
	tap = tap_open(port_name(name, "new"));
	ASSERT_LE(0, tap);
	EXPECT_TORN();
	for (i = 0; i < self->count; i++)
		EXPECT_EQ(1, times(self->listed, self->found, self->ids[i]));
	close(tap);
}

TEST_F(dumps, torn_by_gone)
{
	unsigned int i;

	ASSERT_EQ(0, nl_dump_start(&self->nl));
	ASSERT_EQ(1, STEP());
	/* One listed already, one that is next, one in the middle, the last. */
	ASSERT_EQ(0, link_del(self->names[0]));
	ASSERT_EQ(0, link_del(self->names[self->found]));
	ASSERT_EQ(0, link_del(self->names[self->count / 2]));
	ASSERT_EQ(0, link_del(self->names[self->count - 1]));
	EXPECT_TORN();
	for (i = 1; i < self->count - 1; i++) {
		if (i == self->count / 2)
			continue;
		EXPECT_GE(1, times(self->listed, self->found, self->ids[i]));
	}
	EXPECT_EQ(0, times(self->listed, self->found,
			   self->ids[self->count - 1]));
}

/* Content counts as well: the parts would not fit together. */
TEST_F(dumps, torn_by_change)
{
	ASSERT_EQ(0, nl_dump_start(&self->nl));
	ASSERT_EQ(1, STEP());
	ASSERT_EQ(0, link_mtu(self->names[1], 1234));
	EXPECT_TORN();
	EXPECT_EQ(self->count, self->found);
}

/*
 * The last entries wait to be read, the end has not been written yet. (It is as
 * soon as they are read: the kernel prepares one message ahead.)
 */
TEST_F(dumps, torn_at_the_end)
{
	unsigned int steps, round;

	/* The second time the kernel knows how much we read at once. */
	for (round = 0; round < 2; round++) {
		nl_begin(&self->nl, VMSAFE_NET_CMD_VNIC_GET);
		ASSERT_EQ(0, nl_dump_start(&self->nl));
		for (steps = 1; STEP() == 1; steps++)
			;
	}
	self->found = 0;
	nl_begin(&self->nl, VMSAFE_NET_CMD_VNIC_GET);
	ASSERT_EQ(0, nl_dump_start(&self->nl));
	while (steps-- > 2)
		ASSERT_EQ(1, STEP());
	ASSERT_EQ(0, link_mtu(self->names[1], 1234));
	ASSERT_EQ(1, STEP());
	EXPECT_EQ(self->count, self->found);
	EXPECT_FALSE(self->nl.interrupted);
	EXPECT_TORN();
}

/* Coming and going at every step, among entries that stay. */
TEST_F(dumps, churn)
{
	unsigned int i, at = 0;
	int ret = 1, tap;
	char name[IFNAMSIZ];

	ASSERT_EQ(0, nl_dump_start(&self->nl));
	while (ret == 1) {
		tap = tap_open(port_name(name, "new"));
		ASSERT_LE(0, tap);
		/* Every other one of ours goes, at its time or not. */
		if (at < self->count) {
			ASSERT_EQ(0, link_del(self->names[at]));
			at += 2;
		}
		close(tap);
		ret = STEP();
	}
	ASSERT_EQ(0, ret);
	EXPECT_TRUE(self->nl.interrupted);
	EXPECT_ASCENDING();
	for (i = 1; i < self->count; i += 2)
		EXPECT_EQ(1, times(self->listed, self->found, self->ids[i]));
}

/* Asked again it is whole. */
TEST_F(dumps, again)
{
	ASSERT_EQ(0, nl_dump_start(&self->nl));
	ASSERT_EQ(1, STEP());
	ASSERT_EQ(0, link_mtu(self->names[1], 1234));
	EXPECT_TORN();
	nl_begin(&self->nl, VMSAFE_NET_CMD_VNIC_GET);
	self->found = 0;
	ASSERT_EQ(0, nl_dump_start(&self->nl));
	FINISH();
	EXPECT_FALSE(self->nl.interrupted);
	EXPECT_EQ(self->count, self->found);
}

static int count_vm(const struct nlmsghdr *nlh, void *arg)
{
	++*(unsigned int *)arg;
	return 0;
}

TEST_F(dumps, vms_torn)
{
	int ret;

	nl_begin(&self->nl, VMSAFE_NET_CMD_VM_GET);
	ASSERT_EQ(0, nl_dump_start(&self->nl));
	ASSERT_EQ(1, nl_dump_step(&self->nl, CHUNK, count_vm, &self->found));
	ASSERT_EQ(0, link_del(self->names[self->count - 1]));
	do
		ret = nl_dump_step(&self->nl, CHUNK, count_vm, &self->found);
	while (ret == 1);
	ASSERT_EQ(0, ret);
	EXPECT_TRUE(self->nl.interrupted);
	/* Of few, the kernel had written them all. */
	EXPECT_GE(self->count, self->found);
	EXPECT_LE(self->count - 1, self->found);
}

/* A dump that nobody reads to its end, closed in the middle. */
TEST_F(dumps, given_up)
{
	struct nl second;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, nl_open_like(&second, &self->nl));
		nl_begin(&second, VMSAFE_NET_CMD_VNIC_GET);
		ASSERT_EQ(0, nl_dump_start(&second));
		nl_close(&second);
	}
}

TEST_HARNESS_MAIN
