// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel may answer, right and wrong, byte by byte. */
#include "unit.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>

#include "driver/entry.h"
#include "driver/event.h"
#include "driver/exchange.h"
#include "driver/family.h"
#include "random.h"

#define FAMILY 31
#define PORTID 4711
#define SEQ 7

/** struct answer - messages being put together */
struct answer {
	char buf[8192] __attribute__((aligned(8)));
	size_t len;
};

/** struct taken - what the callback saw */
struct taken {
	int n;
	int ret;
};

static int take(void *ctx, const struct nlmsghdr *nlh)
{
	struct taken *t = ctx;

	assert_int_equal(nlh->nlmsg_type, FAMILY);
	t->n++;
	return t->ret;
}

static struct nlmsghdr *message(struct answer *a, uint16_t type,
				uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(a->buf + a->len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = SEQ;
	nlh->nlmsg_pid = PORTID;
	return nlh;
}

static void finish(struct answer *a, const struct nlmsghdr *nlh)
{
	a->len += MNL_ALIGN(nlh->nlmsg_len);
}

static void entry(struct answer *a, uint16_t flags)
{
	struct nlmsghdr *nlh = message(a, FAMILY, flags);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	finish(a, nlh);
}

/* NLMSG_ERROR; @text, @offs and @missing go into the extack when set */
static void error(struct answer *a, int err, bool capped, const char *text,
		  uint32_t offs, uint32_t missing,
		  const struct vs_request *r)
{
	struct nlmsghdr *nlh = message(a, NLMSG_ERROR, NLM_F_ACK_TLVS |
				       (capped ? NLM_F_CAPPED : 0));
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	e->error = -err;
	e->msg = *r->nlh;
	if (!capped)
		memcpy(mnl_nlmsg_put_extra_header(nlh, r->nlh->nlmsg_len -
						  sizeof(e->msg)),
		       (char *)r->nlh + sizeof(e->msg),
		       r->nlh->nlmsg_len - sizeof(e->msg));
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	if (offs)
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, offs);
	if (missing)
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_MISS_TYPE, missing);
	finish(a, nlh);
}

static void done(struct answer *a, int code, uint16_t flags, const char *text)
{
	struct nlmsghdr *nlh = message(a, NLMSG_DONE, NLM_F_MULTI | flags);

	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(code)), &code,
	       sizeof(code));
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	finish(a, nlh);
}

/* a vnic-bind request: the attributes at known offsets */
static void request(struct vs_request *r)
{
	uint16_t id = 5000;
	uint32_t ifindex = 3;

	vs_request_init(r, FAMILY, VMSAFE_NET_CMD_VNIC_BIND, NLM_F_ACK,
			&vs_driver_vnic_attrs);
	r->nlh->nlmsg_seq = SEQ;
	vs_request_put(r, VMSAFE_NET_A_VNIC_IFINDEX, sizeof(ifindex), &ifindex);
	vs_request_put(r, VMSAFE_NET_A_VNIC_DEVICE_ID, sizeof(id), &id);
	vs_request_put_string(r, VMSAFE_NET_A_VNIC_VM_NAME, "web");
	assert_false(r->overflow);
}

#define OFFS_IFINDEX (NLMSG_HDRLEN + GENL_HDRLEN)
#define OFFS_DEVICE_ID (OFFS_IFINDEX + 8)

static struct vs_exchange exchange(const struct vs_request *r,
				   struct taken *t, struct vs_error *e)
{
	return (struct vs_exchange){
		.request = r, .fn = take, .ctx = t, .portid = PORTID,
		.error = e,
	};
}

static void acknowledged(void **state)
{
	struct answer a = { .len = 0 };
	struct taken t = { 0 };
	struct vs_error e;
	struct vs_request r;
	struct vs_exchange x = exchange(&r, &t, &e);

	(void)state;
	request(&r);
	entry(&a, 0);
	vs_exchange_feed(&x, a.buf, a.len);
	assert_false(x.done);
	a.len = 0;
	error(&a, 0, true, NULL, 0, 0, &r);
	vs_exchange_feed(&x, a.buf, a.len);
	assert_true(x.done);
	assert_int_equal(x.ret, 0);
	assert_int_equal(t.n, 1);
}

static void refusals(void **state)
{
	static const struct {
		int err;
		bool capped;
		const char *text;
		uint32_t offs, missing;
		enum vs_why why;
		const char *detail;
	} rows[] = {
		{ EEXIST, true, "held by port tap0", 0, 0, VS_WHY_NONE,
		  "held by port tap0" },
		{ EEXIST, false, "held by port tap0", 0, 0, VS_WHY_NONE,
		  "held by port tap0" },
		{ ERANGE, true, "too large", OFFS_DEVICE_ID, 0, VS_WHY_NONE,
		  "too large (attribute device-id)" },
		{ ERANGE, false, "too large", OFFS_DEVICE_ID, 0, VS_WHY_NONE,
		  "too large (attribute device-id)" },
		{ ENOENT, true, NULL, OFFS_IFINDEX, 0, VS_WHY_NONE,
		  "attribute ifindex" },
		{ EINVAL, true, "no MAC", 0, VMSAFE_NET_A_VNIC_MAC,
		  VS_WHY_NONE, "no MAC (missing attribute mac)" },
		{ EINVAL, true, NULL, 0, VMSAFE_NET_A_VNIC_MAC, VS_WHY_NONE,
		  "missing attribute mac" },
		{ EPERM, true, NULL, 0, 0, VS_WHY_NO_PERMISSION, "" },
		{ ENOMEM, true, NULL, 0, 0, VS_WHY_NO_MEMORY, "" },
		/* what does not point at an attribute */
		{ EINVAL, true, "odd", OFFS_DEVICE_ID + 2, 9999, VS_WHY_NONE,
		  "odd" },
		{ EINVAL, true, "odd", 0x7fffffff, 0, VS_WHY_NONE, "odd" },
		/* a tenant's name in it */
		{ EEXIST, true, "VM \x1b[31m\xff is there", 0, 0, VS_WHY_NONE,
		  "VM \\x1B[31m\\xFF is there" },
		/* the module is going, and gone; it is there and finds none */
		{ EPROTONOSUPPORT, true, NULL, 0, 0, VS_WHY_NOT_LOADED, "" },
		{ ENOENT, true, NULL, 0, 0, VS_WHY_NOT_LOADED, "" },
		{ ENOENT, true, "no such", 0, 0, VS_WHY_NONE, "no such" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer a = { .len = 0 };
		struct taken t = { 0 };
		struct vs_error e;
		struct vs_request r;
		struct vs_exchange x = exchange(&r, &t, &e);
		bool gone = rows[i].why == VS_WHY_NOT_LOADED;

		request(&r);
		error(&a, rows[i].err, rows[i].capped, rows[i].text,
		      rows[i].offs, rows[i].missing, &r);
		vs_exchange_feed(&x, a.buf, a.len);
		assert_row(i, x.done && x.ret == -(gone ? ENOENT :
							  rows[i].err));
		assert_row(i, e.op == VS_OP_NETLINK);
		assert_row(i, e.err == (gone ? 0 : rows[i].err));
		assert_row(i, e.why == rows[i].why);
		assert_row_string(i, e.detail, rows[i].detail);
		/* another bus has no module of ours behind it */
		x = exchange(&r, &t, &e);
		r.generic = false;
		vs_exchange_feed(&x, a.buf, a.len);
		assert_row(i, x.ret == -rows[i].err);
		assert_row(i, e.why == (gone ? VS_WHY_NONE : rows[i].why));
	}
}

static void dumps(void **state)
{
	struct answer a = { .len = 0 };
	struct taken t = { 0 };
	struct vs_error e;
	struct vs_request r;
	struct vs_exchange x = exchange(&r, &t, &e);

	(void)state;
	request(&r);
	entry(&a, NLM_F_MULTI);
	entry(&a, NLM_F_MULTI);
	done(&a, 0, 0, NULL);
	/* nothing after the end is looked at */
	entry(&a, NLM_F_MULTI);
	vs_exchange_feed(&x, a.buf, a.len);
	assert_true(x.done);
	assert_false(x.torn);
	assert_int_equal(x.ret, 0);
	assert_int_equal(t.n, 2);
}

/* a dump may fail as late as in its last message */
static void dump_fails_at_the_end(void **state)
{
	struct answer a = { .len = 0 };
	struct taken t = { 0 };
	struct vs_error e;
	struct vs_request r;
	struct vs_exchange x = exchange(&r, &t, &e);

	(void)state;
	request(&r);
	entry(&a, NLM_F_MULTI);
	done(&a, -EMSGSIZE, NLM_F_ACK_TLVS, "an entry does not fit");
	vs_exchange_feed(&x, a.buf, a.len);
	assert_true(x.done);
	assert_int_equal(x.ret, -EMSGSIZE);
	assert_string_equal(e.detail, "an entry does not fit");
}

static void torn_dumps(void **state)
{
	(void)state;
	/* the mark may be on an entry or on the end */
	for (int on_end = 0; on_end < 2; on_end++) {
		struct answer a = { .len = 0 };
		struct taken t = { 0 };
		struct vs_error e;
		struct vs_request r;
		struct vs_exchange x = exchange(&r, &t, &e);

		request(&r);
		entry(&a, on_end ? 0 : NLM_F_DUMP_INTR);
		done(&a, 0, on_end ? NLM_F_DUMP_INTR : 0, NULL);
		vs_exchange_feed(&x, a.buf, a.len);
		assert_true(x.done);
		assert_true(x.torn);
		assert_int_equal(x.ret, 0);
	}
}

/* an entry that cannot be read fails the dump, which is read to its end */
static void bad_entry(void **state)
{
	struct answer a = { .len = 0 };
	struct taken t = { .ret = -EBADMSG };
	struct vs_error e;
	struct vs_request r;
	struct vs_exchange x = exchange(&r, &t, &e);

	(void)state;
	request(&r);
	entry(&a, NLM_F_MULTI);
	entry(&a, NLM_F_MULTI);
	vs_exchange_feed(&x, a.buf, a.len);
	assert_false(x.done);
	a.len = 0;
	done(&a, 0, 0, NULL);
	vs_exchange_feed(&x, a.buf, a.len);
	assert_true(x.done);
	assert_int_equal(x.ret, -EBADMSG);
	assert_int_equal(e.why, VS_WHY_BAD_DATA);
	assert_int_equal(t.n, 1);
}

/* answers to somebody else, or to an earlier question */
static void not_ours(void **state)
{
	struct answer a = { .len = 0 };
	struct taken t = { 0 };
	struct vs_error e;
	struct vs_request r;
	struct vs_exchange x = exchange(&r, &t, &e);

	(void)state;
	request(&r);
	error(&a, EIO, true, NULL, 0, 0, &r);
	((struct nlmsghdr *)a.buf)->nlmsg_seq = SEQ - 1;
	vs_exchange_feed(&x, a.buf, a.len);
	assert_false(x.done);
	((struct nlmsghdr *)a.buf)->nlmsg_seq = SEQ;
	((struct nlmsghdr *)a.buf)->nlmsg_pid = 1;
	vs_exchange_feed(&x, a.buf, a.len);
	assert_false(x.done);
	((struct nlmsghdr *)a.buf)->nlmsg_pid = PORTID;
	vs_exchange_feed(&x, a.buf, a.len);
	assert_true(x.done);
	assert_int_equal(x.ret, -EIO);
}

/* a message cut anywhere is an error, or is not there yet, and is no crash */
static void cut_short(void **state)
{
	struct answer a = { .len = 0 };
	struct vs_request r;

	(void)state;
	request(&r);
	error(&a, EEXIST, false, "text", OFFS_DEVICE_ID, 0, &r);
	for (size_t len = 0; len < a.len; len++) {
		char *copy = malloc(len ? len : 1);
		struct taken t = { 0 };
		struct vs_error e;
		struct vs_exchange x = exchange(&r, &t, &e);

		memcpy(copy, a.buf, len);
		vs_exchange_feed(&x, copy, len);
		assert_int_equal(x.ret, len ? -EBADMSG : 0);
		free(copy);
	}
}

static void overflow(void **state)
{
	char name[VS_REQUEST_SIZE];
	struct vs_request r;

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	request(&r);
	vs_request_put_string(&r, VMSAFE_NET_A_VNIC_VM_NAME, name);
	assert_true(r.overflow);
}

/* a whole vnic message: @skip leaves an attribute out */
static struct nlmsghdr *vnic(struct answer *a, int skip, bool bound)
{
	static const uint8_t uuid[16] = { 1 }, mac[6] = { 2 };
	struct nlmsghdr *nlh = message(a, FAMILY, 0);
	struct genlmsghdr *genl;
	struct nlattr *nest;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = VMSAFE_NET_CMD_VNIC_NTF;
#define PUT(attr, call) \
	do { \
		if (skip != VMSAFE_NET_A_VNIC_##attr) \
			call; \
	} while (0)
	PUT(ID, mnl_attr_put_u64(nlh, VMSAFE_NET_A_VNIC_ID, 12));
	PUT(IFINDEX, mnl_attr_put_u32(nlh, VMSAFE_NET_A_VNIC_IFINDEX, 3));
	PUT(IFNAME, mnl_attr_put_strz(nlh, VMSAFE_NET_A_VNIC_IFNAME, "tap0"));
	PUT(MODE, mnl_attr_put_u32(nlh, VMSAFE_NET_A_VNIC_MODE,
				   VMSAFE_NET_MODE_ENFORCING));
	PUT(GENERATION, mnl_attr_put_u64(nlh, VMSAFE_NET_A_VNIC_GENERATION,
					 99));
	PUT(EVENT_SEQ, mnl_attr_put_u32(nlh, VMSAFE_NET_A_VNIC_EVENT_SEQ, 5));
	nest = mnl_attr_nest_start(nlh, VMSAFE_NET_A_VNIC_STATS);
	mnl_attr_put_u64(nlh, VMSAFE_NET_A_STATS_TO_GUEST_DROPS, 77);
	mnl_attr_nest_end(nlh, nest);
	/* of a newer driver */
	mnl_attr_put_u32(nlh, 200, 1);
	if (bound) {
		PUT(VM_UUID, mnl_attr_put(nlh, VMSAFE_NET_A_VNIC_VM_UUID, 16,
					  uuid));
		PUT(VM_NAME, mnl_attr_put_strz(nlh, VMSAFE_NET_A_VNIC_VM_NAME,
					       "web"));
		PUT(DEVICE_ID, mnl_attr_put_u16(nlh,
						VMSAFE_NET_A_VNIC_DEVICE_ID,
						1));
		PUT(MAC, mnl_attr_put(nlh, VMSAFE_NET_A_VNIC_MAC, 6, mac));
	}
	finish(a, nlh);
	return nlh;
}

static void entries(void **state)
{
	struct answer a = { .len = 0 };
	struct vs_driver_vnic v;
	struct vs_driver_fact fact;

	(void)state;
	assert_int_equal(vs_driver_vnic_read(&v, vnic(&a, -1, true)), 0);
	assert_int_equal(v.id, 12);
	assert_int_equal(v.generation, 99);
	assert_int_equal(v.stats.to_guest_drops, 77);
	assert_string_equal(v.ifname, "tap0");
	assert_string_equal(v.vm_name, "web");
	assert_true(vs_driver_vnic_is_bound(&v));
	fact = vs_driver_vnic_fact(&v);
	assert_int_equal(fact.mode, VS_MODE_ENFORCING);
	assert_int_equal(fact.device_id, 1);
	assert_true(fact.bound);
	a.len = 0;
	assert_int_equal(vs_driver_vnic_read(&v, vnic(&a, -1, false)), 0);
	assert_false(vs_driver_vnic_is_bound(&v));
}

static void entries_with_holes(void **state)
{
	static const int needed[] = {
		VMSAFE_NET_A_VNIC_ID, VMSAFE_NET_A_VNIC_IFINDEX,
		VMSAFE_NET_A_VNIC_IFNAME, VMSAFE_NET_A_VNIC_MODE,
		VMSAFE_NET_A_VNIC_GENERATION, VMSAFE_NET_A_VNIC_VM_NAME,
		VMSAFE_NET_A_VNIC_DEVICE_ID, VMSAFE_NET_A_VNIC_MAC,
	};
	struct vs_driver_vnic v;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		struct answer a = { .len = 0 };

		assert_row(i, vs_driver_vnic_read(&v, vnic(&a, needed[i],
							   true)) == -EBADMSG);
	}
}

static void odd_attributes(void **state)
{
	static const struct {
		uint16_t type;
		size_t len;
		const char *data;
	} rows[] = {
		{ VMSAFE_NET_A_VNIC_ID, 4, "abcd" },
		{ VMSAFE_NET_A_VNIC_IFINDEX, 8, "abcdefgh" },
		{ VMSAFE_NET_A_VNIC_IFINDEX, 0, "" },
		{ VMSAFE_NET_A_VNIC_VM_UUID, 15, "abcdefghijklmno" },
		{ VMSAFE_NET_A_VNIC_MAC, 7, "abcdefg" },
		{ VMSAFE_NET_A_VNIC_IFNAME, 16, "sixteen_bytes_xx" },
		{ VMSAFE_NET_A_VNIC_IFNAME, 6, "a\0bcd\0" },
		{ VMSAFE_NET_A_VNIC_WITH_STATS, 1, "x" },
		{ VMSAFE_NET_A_VNIC_STATS, 3, "abc" },
		{ VMSAFE_NET_A_VNIC_UP, 2, "ab" },
	};
	struct vs_driver_vnic v;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer a = { .len = 0 };
		struct nlmsghdr *nlh = vnic(&a, -1, true);

		mnl_attr_put(nlh, rows[i].type, rows[i].len, rows[i].data);
		assert_row(i, vs_driver_vnic_read(&v, nlh) == -EBADMSG);
	}
}

static void notices(void **state)
{
	struct answer a = { .len = 0 };
	struct vs_notice n;

	(void)state;
	assert_int_equal(vs_notice_read(FAMILY, vnic(&a, -1, true), &n), 0);
	assert_int_equal(n.kind, VS_NOTICE_VNIC);
	assert_int_equal(n.seq, 5);
	a.len = 0;
	assert_int_equal(vs_notice_read(FAMILY + 1, vnic(&a, -1, true), &n), 0);
	assert_int_equal(n.kind, VS_NOTICE_NONE);
}

static void missed(void **state)
{
	static const struct {
		uint32_t last, seq, missed;
	} rows[] = {
		{ 0, 1, 0 }, { 0, 3, 2 }, { 5, 6, 0 }, { 5, 9, 3 },
		{ 5, 5, 0 }, { 5, 4, 0 },	/* from before the start */
		{ UINT32_MAX, 0, 0 }, { UINT32_MAX, 2, 2 },
		{ UINT32_MAX - 1, 1, 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_notice_missed(rows[i].last, rows[i].seq) ==
			      rows[i].missed);
}

static struct nlmsghdr *family(struct answer *a, const char *name,
			       const char *group)
{
	struct nlmsghdr *nlh = message(a, GENL_ID_CTRL, 0);
	struct nlattr *groups, *one;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	one = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 9);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, group);
	mnl_attr_nest_end(nlh, one);
	mnl_attr_nest_end(nlh, groups);
	finish(a, nlh);
	return nlh;
}

static void families(void **state)
{
	struct vs_family f = { 0 };
	struct answer a = { .len = 0 };

	(void)state;
	assert_false(vs_family_read(family(&a, "vmsafe_ne", "events"), &f));
	assert_false(vs_family_read(family(&a, "vmsafe_net2", "events"), &f));
	assert_int_equal(f.id, 0);
	assert_true(vs_family_read(family(&a, "vmsafe_net", "events"), &f));
	assert_int_equal(f.id, FAMILY);
	assert_int_equal(f.events, 9);
	assert_true(vs_family_read(family(&a, "vmsafe_net", "other"), &f));
	assert_int_equal(f.events, 0);
}

/* flipped bits anywhere: nothing is read that is not there */
static void random_bytes(void **state)
{
	struct vs_request r;

	(void)state;
	srand(random_seed());
	request(&r);
	for (int round = 0; round < 20000; round++) {
		struct answer a = { .len = 0 };
		struct taken t = { 0 };
		struct vs_error e;
		struct vs_exchange x = exchange(&r, &t, &e);
		struct vs_notice n;
		struct nlmsghdr *nlh = vnic(&a, -1, true);
		size_t first = a.len;
		char *copy;

		error(&a, EEXIST, rand() & 1, "text", OFFS_DEVICE_ID, 0, &r);
		for (int flips = 1 + rand() % 8; flips; flips--)
			a.buf[rand() % a.len] ^= 1 << rand() % 8;
		copy = malloc(a.len);
		memcpy(copy, a.buf, a.len);
		nlh = (struct nlmsghdr *)copy;
		x.fn = NULL;
		vs_exchange_feed(&x, copy, a.len);
		if (vs_message_is_whole(nlh, first))
			vs_notice_read(nlh->nlmsg_type, nlh, &n);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acknowledged),
		cmocka_unit_test(refusals),
		cmocka_unit_test(dumps),
		cmocka_unit_test(dump_fails_at_the_end),
		cmocka_unit_test(torn_dumps),
		cmocka_unit_test(bad_entry),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(overflow),
		cmocka_unit_test(entries),
		cmocka_unit_test(entries_with_holes),
		cmocka_unit_test(odd_attributes),
		cmocka_unit_test(notices),
		cmocka_unit_test(missed),
		cmocka_unit_test(families),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
