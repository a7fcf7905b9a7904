// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an identity may be made of: names, UUIDs, MACs, device IDs; and that a
 * request takes effect whole or not at all.
 */
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/world.h"

FIXTURE(identity)
{
	struct world w;
	int tap;
	char ifname[IFNAMSIZ];
	struct identity id;
	struct vnic v;
	struct host before;
	struct host after;
};

FIXTURE_SETUP(identity)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->ifname, "tap"));
	ASSERT_LE(0, self->tap);
	self->id = identity_of(1, 0);
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
}

FIXTURE_TEARDOWN(identity)
{
	close(self->tap);
	world_end(&self->w);
}

#define EXPECT_NOTHING_CHANGED()					\
do {									\
	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));		\
	EXPECT_EQ(self->before.generation, self->after.generation);	\
	EXPECT_EQ(self->before.seq, self->after.seq);			\
} while (0)

#define SIXTY	"123456789 123456789 123456789 123456789 123456789 123456789 "

/* In this order: each has to be another than the one before. */
static const char * const good_names[] = {
	"a",
	" ",
	"two words",
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	"\xc2\xa0",			/* first after the C1 controls */
	"\xc3\xa9t\xc3\xa9",
	"\xdf\xbf",			/* last of two bytes */
	"\xe0\xa0\x80",			/* first of three */
	"\xe4\xbe\xb5\xe5\x85\xa5\xe9\x98\xb2\xe5\xbe\xa1",
	"\xed\x9f\xbf",			/* last before the surrogates */
	"\xee\x80\x80",			/* first after them */
	"\xef\xbf\xbd",
	"\xf0\x90\x80\x80",		/* first of four */
	"\xf4\x8f\xbf\xbf",		/* the last of all */
	SIXTY "\xf0\x9f\x98\x80",	/* 64 bytes, the last four one */
	"<script>&amp;%s%n\\x41`$(id)`'\"",
};

static const char * const bad_names[] = {
	"",
	SIXTY "01234",			/* 65 bytes */
	SIXTY "012\xc3\xa9",
	"\x01", "\t", "\n", "a\x1b[31m", "\x1f", "a\x7f", "\x7f",
	"\xc2\x80", "\xc2\x85", "\xc2\x9f", "a\xc2\x9bm",	/* C1 */
	"\x80", "\xbf", "a\x80",	/* continuation of nothing */
	"\xc3", "a\xe4\xbe", "\xf0\x9f\x98",	/* cut off */
	"\xc3(", "\xe4(\xb5", "\xf0\x9f(\x80",
	"\xc0\x80", "\xc0\xaf", "\xc1\xbf",	/* overlong */
	"\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf",
	"\xed\xa0\x80", "\xed\xbf\xbf",	/* surrogates */
	"\xed\xa0\xbd\xed\xb8\x80",
	"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf",
	"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80",
	"\xfe", "\xff", "\xff\xfe",
};

TEST_F(identity, good_names)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good_names); i++) {
		self->id.name = good_names[i];
		EXPECT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id,
				       &self->v))
			TH_LOG("name %u '%s': %s", i, good_names[i],
			       self->w.nl.msg);
		EXPECT_STREQ(good_names[i], self->v.name);
		ASSERT_EQ(0, vnic_get(&self->w.nl, self->ifname, &self->v));
		EXPECT_STREQ(good_names[i], self->v.name);
	}
}

TEST_F(identity, bad_names)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(bad_names); i++) {
		self->id.name = bad_names[i];
		err = vnic_bind(&self->w.nl, self->ifname, &self->id, NULL);
		EXPECT_TRUE(err == -EINVAL || err == -ERANGE)
			TH_LOG("name %u gave %d", i, err);
		EXPECT_EQ(VMSAFE_NET_A_VNIC_VM_NAME, self->w.nl.blamed);
		EXPECT_STRNE("", self->w.nl.msg);
	}
	EXPECT_NOTHING_CHANGED();
}

TEST_F(identity, bad_names_in_set)
{
	unsigned int i;
	int err;

	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	for (i = 0; i < ARRAY_SIZE(bad_names); i++) {
		nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
		nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME,
			   self->ifname);
		nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_VM_NAME,
			   bad_names[i]);
		err = nl_do(&self->w.nl);
		EXPECT_TRUE(err == -EINVAL || err == -ERANGE)
			TH_LOG("name %u gave %d", i, err);
		EXPECT_EQ(VMSAFE_NET_A_VNIC_VM_NAME, self->w.nl.blamed);
	}
	EXPECT_NOTHING_CHANGED();
}

TEST_F(identity, nil_uuid)
{
	memset(self->id.uuid, 0, sizeof(self->id.uuid));
	EXPECT_EQ(-EINVAL, vnic_bind(&self->w.nl, self->ifname, &self->id,
				     NULL));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_VM_UUID, self->w.nl.blamed);
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_NOTHING_CHANGED();
	self->id.uuid[15] = 1;
	EXPECT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id, NULL));
}

TEST_F(identity, macs)
{
	static const uint8_t bad[][6] = {
		{ 0, 0, 0, 0, 0, 0 },
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		{ 0x01, 0x00, 0x5e, 0, 0, 1 },
		{ 0x33, 0x33, 0, 0, 0, 1 },
		{ 0x03, 0, 0, 0, 0, 0 },
	};
	static const uint8_t good[][6] = {
		{ 0x00, 0x50, 0x56, 0x85, 0x00, 0xb6 },
		{ 0x02, 0, 0, 0, 0, 0 },
		{ 0, 0, 0, 0, 0, 1 },
		{ 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memcpy(self->id.mac, bad[i], 6);
		EXPECT_EQ(-EINVAL, vnic_bind(&self->w.nl, self->ifname,
					     &self->id, NULL))
			TH_LOG("MAC %u", i);
		EXPECT_EQ(VMSAFE_NET_A_VNIC_MAC, self->w.nl.blamed);
		EXPECT_STRNE("", self->w.nl.msg);
	}
	EXPECT_NOTHING_CHANGED();
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		memcpy(self->id.mac, good[i], 6);
		EXPECT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id,
				       &self->v));
		EXPECT_EQ(0, memcmp(good[i], self->v.mac, 6));
		EXPECT_EQ(0, vnic_unbind(&self->w.nl, self->ifname, NULL));
	}
}

TEST_F(identity, device_ids)
{
	static const uint16_t good[] = { 0, 1, 255, 256, 4094, 4095 };
	unsigned int i;

	self->id.device_id = VMSAFE_NET_DEVICE_ID_MAX + 1;
	EXPECT_EQ(-ERANGE, vnic_bind(&self->w.nl, self->ifname, &self->id,
				     NULL));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_DEVICE_ID, self->w.nl.blamed);
	EXPECT_NOTHING_CHANGED();
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		self->id.device_id = good[i];
		EXPECT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id,
				       &self->v));
		EXPECT_EQ(good[i], self->v.device_id);
		EXPECT_EQ(0, vnic_unbind(&self->w.nl, self->ifname, NULL));
	}
}

/* One good attribute does not take effect beside a bad one, in any order. */
TEST_F(identity, host_set_whole_or_not_at_all)
{
	int order;

	for (order = 0; order < 2; order++) {
		nl_begin(&self->w.nl, VMSAFE_NET_CMD_HOST_SET);
		if (order)
			nl_put_u32(&self->w.nl,
				   VMSAFE_NET_A_HOST_VNIC_LIMIT, 0);
		nl_put_u32(&self->w.nl, VMSAFE_NET_A_HOST_FAILURE_POLICY, 1);
		nl_put_u32(&self->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT, 1);
		if (!order)
			nl_put_u32(&self->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT,
				   VMSAFE_NET_VNIC_LIMIT_MAX + 1);
		EXPECT_EQ(-ERANGE, nl_do(&self->w.nl));
		EXPECT_EQ(VMSAFE_NET_A_HOST_VNIC_LIMIT, self->w.nl.blamed);
		EXPECT_STRNE("", self->w.nl.msg);
	}
	EXPECT_NOTHING_CHANGED();
	EXPECT_EQ(self->before.policy, self->after.policy);
	EXPECT_EQ(self->before.unbound_default, self->after.unbound_default);
	EXPECT_EQ(self->before.limit, self->after.limit);
}

/* The new name is fine, the MAC is somebody else's: nothing of it happens. */
TEST_F(identity, vnic_set_whole_or_not_at_all)
{
	struct identity other = identity_of(2, 0);
	char bridge[IFNAMSIZ], ifname[IFNAMSIZ];
	int tap = tap_open(port_name(ifname, "tap"));

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_add("bridge", port_name(bridge, "br")));
	ASSERT_EQ(0, link_master(self->ifname, bridge));
	ASSERT_EQ(0, link_master(ifname, bridge));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id, NULL));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, ifname, &other, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));

	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_VM_NAME, "new name");
	nl_put_u16(&self->w.nl, VMSAFE_NET_A_VNIC_DEVICE_ID, 17);
	nl_put_u32(&self->w.nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY, 1);
	nl_put(&self->w.nl, VMSAFE_NET_A_VNIC_MAC, self->id.mac, 6);
	EXPECT_EQ(-EEXIST, nl_do(&self->w.nl));
	EXPECT_NE(NULL, strstr(self->w.nl.msg, self->ifname));

	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));
	EXPECT_EQ(self->before.generation, self->after.generation);
	ASSERT_EQ(0, vnic_get(&self->w.nl, ifname, &self->v));
	EXPECT_STREQ(other.name, self->v.name);
	EXPECT_EQ(0, self->v.device_id);
	EXPECT_EQ(0, self->v.policy);
	EXPECT_EQ(0, memcmp(other.mac, self->v.mac, 6));
	close(tap);
}

TEST_F(identity, bind_whole_or_not_at_all)
{
	struct identity other = identity_of(1, 1);
	char ifname[IFNAMSIZ];
	int tap = tap_open(port_name(ifname, "tap"));

	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &self->id, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	/* The VM would get a new name by it, were it not for the device ID. */
	other.device_id = 0;
	other.name = "new name";
	EXPECT_EQ(-EEXIST, vnic_bind(&self->w.nl, ifname, &other, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));
	EXPECT_EQ(self->before.generation, self->after.generation);
	EXPECT_EQ(self->before.vms, self->after.vms);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->ifname, &self->v));
	EXPECT_STREQ("vm-1", self->v.name);
	close(tap);
}

TEST_HARNESS_MAIN
