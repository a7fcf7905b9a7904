// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that are not what the spec allows, made from tables of it: every
 * attribute of every operation missing, too short, too long, out of range,
 * unterminated, nested, unknown. Each is refused with a message that blames the
 * attribute, and changes nothing.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/op.h"
#include "lib/prog.h"
#include "lib/world.h"

FIXTURE(attrs)
{
	struct world w;
	const struct op *op;
	int tap;
	char ifname[IFNAMSIZ];
	struct subject s;
	uint64_t generation;
	uint32_t seq;
};

FIXTURE_VARIANT(attrs)
{
	enum op_number op;
};

FIXTURE_VARIANT_ADD(attrs, host_get) { OP_HOST_GET };
FIXTURE_VARIANT_ADD(attrs, host_set) { OP_HOST_SET };
FIXTURE_VARIANT_ADD(attrs, vm_get) { OP_VM_GET };
FIXTURE_VARIANT_ADD(attrs, vm_dump) { OP_VM_DUMP };
FIXTURE_VARIANT_ADD(attrs, vnic_get) { OP_VNIC_GET };
FIXTURE_VARIANT_ADD(attrs, vnic_dump) { OP_VNIC_DUMP };
FIXTURE_VARIANT_ADD(attrs, vnic_bind) { OP_VNIC_BIND };
FIXTURE_VARIANT_ADD(attrs, vnic_unbind) { OP_VNIC_UNBIND };
FIXTURE_VARIANT_ADD(attrs, vnic_set) { OP_VNIC_SET };
FIXTURE_VARIANT_ADD(attrs, port_add) { OP_PORT_ADD };
FIXTURE_VARIANT_ADD(attrs, port_del) { OP_PORT_DEL };
FIXTURE_VARIANT_ADD(attrs, vnic_probe) { OP_VNIC_PROBE };
FIXTURE_VARIANT_ADD(attrs, policy_set) { OP_POLICY_SET };

/*
 * One port that the operation can be tried on: for port-add a device that is
 * no port yet, for port-del one that is, else a bound tap.
 */
FIXTURE_SETUP(attrs)
{
	struct host host;
	struct vnic v;

	ASSERT_EQ(0, world_begin(&self->w));
	self->op = &ops[variant->op];
	self->s.identity = identity_of(7, 3);
	self->s.prog = prog_verdict(TC_ACT_OK);
	ASSERT_LE(0, self->s.prog);
	self->s.ifname = port_name(self->ifname, "prt");
	if (variant->op == OP_PORT_ADD || variant->op == OP_PORT_DEL) {
		self->tap = -1;
		ASSERT_EQ(0, link_add("dummy", self->ifname));
	} else {
		self->tap = tap_open(self->ifname);
		ASSERT_LE(0, self->tap);
	}
	if (variant->op == OP_PORT_DEL)
		ASSERT_EQ(0, vnic_port(&self->w.nl, VMSAFE_NET_CMD_PORT_ADD,
				       self->ifname, NULL));
	self->s.ifindex = if_nametoindex(self->ifname);
	if (variant->op != OP_PORT_ADD) {
		ASSERT_EQ(0, vnic_get(&self->w.nl, self->ifname, &v));
		self->s.id = v.id;
	}
	if (self->tap >= 0 && variant->op != OP_VNIC_BIND)
		ASSERT_EQ(0, vnic_bind(&self->w.nl, self->ifname,
				       &self->s.identity, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &host));
	self->generation = host.generation;
	self->seq = host.seq;
}

/* Nothing of all that was refused has left a trace. */
FIXTURE_TEARDOWN(attrs)
{
	close(self->tap);
	world_end(&self->w);
}

#define EXPECT_NOTHING_CHANGED()					\
do {									\
	struct host __host;						\
									\
	ASSERT_EQ(0, host_get(&self->w.nl, &__host));			\
	EXPECT_EQ(self->generation, __host.generation);			\
	EXPECT_EQ(self->seq, __host.seq);				\
} while (0)

/* Run what was begun; it has to be refused because of this attribute. */
#define EXPECT_BLAMED(attr_type, what, number)				\
do {									\
	int __err = op_run(&self->w.nl, self->op);			\
									\
	EXPECT_TRUE(__err == -EINVAL || __err == -ERANGE)		\
		TH_LOG("%s: attribute %u %s %ld gave %d",		\
		       self->op->name, attr_type, what,			\
		       (long)(number), __err);				\
	EXPECT_EQ(attr_type, self->w.nl.blamed)				\
		TH_LOG("%s: attribute %u %s %ld: '%s'",			\
		       self->op->name, attr_type, what,			\
		       (long)(number), self->w.nl.msg);			\
	EXPECT_STRNE("", self->w.nl.msg);				\
} while (0)

TEST_F(attrs, good)
{
	op_begin(&self->w.nl, self->op, &self->s, NULL);
	EXPECT_EQ(0, op_run(&self->w.nl, self->op))
		TH_LOG("'%s', %d", self->w.nl.msg, self->w.nl.blamed);
}

TEST_F(attrs, missing)
{
	const struct op_attr *attr;

	for (attr = self->op->attrs; attr->type; attr++) {
		if (!attr->required)
			continue;
		op_begin(&self->w.nl, self->op, &self->s, attr);
		EXPECT_EQ(-EINVAL, op_run(&self->w.nl, self->op));
		EXPECT_EQ(attr->type, self->w.nl.blamed);
		EXPECT_TRUE(self->w.nl.missing);
	}
	EXPECT_NOTHING_CHANGED();
}

/* Nothing at all: a refusal that says why, but for those that need nothing. */
TEST_F(attrs, empty)
{
	int err;

	nl_begin(&self->w.nl, self->op->cmd);
	err = op_run(&self->w.nl, self->op);
	if (self->op->dump || variant->op == OP_HOST_GET) {
		EXPECT_EQ(0, err);
	} else {
		EXPECT_EQ(-EINVAL, err);
		EXPECT_TRUE(self->w.nl.msg[0] || self->w.nl.missing);
	}
	EXPECT_NOTHING_CHANGED();
}

static bool is_string(const struct op_attr *attr)
{
	return attr->form == FORM_IFNAME || attr->form == FORM_NAME;
}

TEST_F(attrs, short)
{
	const struct op_attr *attr;
	char payload[128];
	size_t len, i;

	for (attr = self->op->attrs; attr->type; attr++) {
		len = op_payload(self->op, attr, &self->s, payload);
		/* A shorter string is unterminated. */
		for (i = 0; i < len; i++) {
			op_begin(&self->w.nl, self->op, &self->s, attr);
			nl_put(&self->w.nl, attr->type, payload, i);
			EXPECT_BLAMED(attr->type, "of length", i);
		}
	}
	EXPECT_NOTHING_CHANGED();
}

TEST_F(attrs, long)
{
	static const size_t more[] = { 1, 2, 4, 8, 60 };
	const struct op_attr *attr;
	char payload[256] = "";
	size_t len, i;

	for (attr = self->op->attrs; attr->type; attr++) {
		if (is_string(attr))
			continue;
		len = op_payload(self->op, attr, &self->s, payload);
		memset(payload + len, 0, sizeof(payload) - len);
		for (i = 0; i < ARRAY_SIZE(more); i++) {
			op_begin(&self->w.nl, self->op, &self->s, attr);
			nl_put(&self->w.nl, attr->type, payload, len + more[i]);
			EXPECT_BLAMED(attr->type, "of length", len + more[i]);
		}
	}
	EXPECT_NOTHING_CHANGED();
}

TEST_F(attrs, strings)
{
	const struct op_attr *attr;
	char text[256];
	size_t max;

	for (attr = self->op->attrs; attr->type; attr++) {
		if (!is_string(attr))
			continue;
		max = attr->form == FORM_NAME ? VMSAFE_NET_NAME_MAX : 15;
		memset(text, 'x', sizeof(text));
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put(&self->w.nl, attr->type, text, max);
		EXPECT_BLAMED(attr->type, "unterminated, of length", max);
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put(&self->w.nl, attr->type, text, 200);
		EXPECT_BLAMED(attr->type, "unterminated, of length", 200L);
		text[max + 1] = '\0';
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put_str(&self->w.nl, attr->type, text);
		EXPECT_BLAMED(attr->type, "too long by", 1L);
		text[200] = '\0';
		memset(text, 'x', 200);
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put_str(&self->w.nl, attr->type, text);
		EXPECT_BLAMED(attr->type, "too long, of length", 200L);
	}
	EXPECT_NOTHING_CHANGED();
}

/* Two strings in one: whoever reads it may read another one. */
TEST_F(attrs, strings_with_an_end_inside)
{
	const struct op_attr *attr;
	char text[64] = "";
	size_t len;

	for (attr = self->op->attrs; attr->type; attr++) {
		if (!is_string(attr))
			continue;
		len = op_payload(self->op, attr, &self->s, text);
		memcpy(text + len, "x", 2);
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put(&self->w.nl, attr->type, text, len + 2);
		/*
		 * What no policy finds a dump finds when it runs; 6.1 then
		 * passes the message on, and not the attribute.
		 */
		if (self->op->dump) {
			EXPECT_EQ(-EINVAL, op_run(&self->w.nl, self->op));
			EXPECT_STRNE("", self->w.nl.msg);
			continue;
		}
		EXPECT_BLAMED(attr->type, "with an end at", len);
	}
	EXPECT_NOTHING_CHANGED();
}

static void put_number(struct nl *nl, const struct op_attr *attr,
		       uint64_t value)
{
	if (attr->form == FORM_U8)
		nl_put_u8(nl, attr->type, value);
	else if (attr->form == FORM_U16)
		nl_put_u16(nl, attr->type, value);
	else
		nl_put_u32(nl, attr->type, value);
}

TEST_F(attrs, out_of_range)
{
	static const unsigned int bits[] = {
		[FORM_U8] = 8, [FORM_U16] = 16, [FORM_U32] = 32,
	};
	const struct op_attr *attr;
	uint64_t values[5];
	unsigned int i;

	for (attr = self->op->attrs; attr->type; attr++) {
		if (!attr->beyond)
			continue;
		values[0] = attr->beyond;
		values[1] = attr->beyond + 1;
		values[2] = (1ULL << bits[attr->form]) - 1;
		values[3] = 1ULL << (bits[attr->form] - 1);
		values[4] = 0;
		for (i = 0; i < (attr->below ? 5 : 4); i++) {
			op_begin(&self->w.nl, self->op, &self->s, attr);
			put_number(&self->w.nl, attr, values[i]);
			EXPECT_BLAMED(attr->type, "with value", values[i]);
			EXPECT_EQ(ERANGE, self->w.nl.error);
		}
	}
	EXPECT_NOTHING_CHANGED();
}

TEST_F(attrs, nested)
{
	const struct op_attr *attr;
	char payload[128];
	size_t len;

	for (attr = self->op->attrs; attr->type; attr++) {
		len = op_payload(self->op, attr, &self->s, payload);
		op_begin(&self->w.nl, self->op, &self->s, attr);
		nl_put(&self->w.nl, attr->type | NLA_F_NESTED, payload, len);
		EXPECT_BLAMED(attr->type, "marked as a nest, of length", len);
	}
	EXPECT_NOTHING_CHANGED();
}

static bool is_known(const struct op *op, unsigned int type)
{
	const struct op_attr *attr;

	for (attr = op->attrs; attr->type; attr++)
		if (attr->type == type)
			return true;
	return false;
}

/* Types of other operations, of none, and of the future. */
TEST_F(attrs, unknown)
{
	unsigned int type;

	for (type = 1; type < 64; type++) {
		if (is_known(self->op, type))
			continue;
		op_begin(&self->w.nl, self->op, &self->s, NULL);
		nl_put_u32(&self->w.nl, type, 1);
		EXPECT_BLAMED(type, "which is unknown, of length", 4L);
	}
	op_begin(&self->w.nl, self->op, &self->s, NULL);
	nl_put_u32(&self->w.nl, 0x3fff, 1);
	EXPECT_BLAMED(0x3fff, "which is unknown, of length", 4L);
	EXPECT_NOTHING_CHANGED();
}

TEST_F(attrs, bytes_left_over)
{
	struct nlmsghdr *request = &self->w.nl.request;
	int err;

	op_begin(&self->w.nl, self->op, &self->s, NULL);
	memset((char *)request + request->nlmsg_len, 0, 3);
	request->nlmsg_len += 3;
	err = op_run(&self->w.nl, self->op);
	EXPECT_EQ(-EINVAL, err);
	EXPECT_STRNE("", self->w.nl.msg);
	EXPECT_NOTHING_CHANGED();
}

/* A request that asks for something else than do or dump of this command. */
FIXTURE(command)
{
	struct world w;
};

FIXTURE_SETUP(command)
{
	ASSERT_EQ(0, world_begin(&self->w));
}

FIXTURE_TEARDOWN(command)
{
	world_end(&self->w);
}

TEST_F(command, unknown)
{
	static const unsigned int more[] = { 0, VMSAFE_NET_CMD_MAX + 1, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(more); i++) {
		nl_begin(&self->w.nl, more[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->w.nl));
		nl_begin(&self->w.nl, more[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_dump(&self->w.nl, NULL, NULL));
	}
}

TEST_F(command, notifications_cannot_be_asked_for)
{
	static const uint8_t ntfs[] = {
		VMSAFE_NET_CMD_HOST_NTF, VMSAFE_NET_CMD_VNIC_NTF,
		VMSAFE_NET_CMD_CLAIM_NTF,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ntfs); i++) {
		nl_begin(&self->w.nl, ntfs[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->w.nl));
	}
}

TEST_F(command, dump_of_what_is_no_table)
{
	unsigned int i;

	for (i = 0; i < OP_COUNT; i++) {
		if (ops[i].dump || ops[i].cmd == VMSAFE_NET_CMD_VM_GET ||
		    ops[i].cmd == VMSAFE_NET_CMD_VNIC_GET)
			continue;
		nl_begin(&self->w.nl, ops[i].cmd);
		EXPECT_EQ(-EOPNOTSUPP, nl_dump(&self->w.nl, NULL, NULL))
			TH_LOG("%s", ops[i].name);
	}
}

TEST_HARNESS_MAIN
