// SPDX-License-Identifier: GPL-2.0-only
/* What rtnetlink tells of foreign programs, right and wrong. */
#include "unit.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdlib.h>

#include "host/foreign_parse.h"
#include "random.h"

static char buf[4096] __attribute__((aligned(8)));

static struct nlmsghdr *message(uint16_t type, const void *head, size_t len)
{
	struct nlmsghdr *nlh;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(nlh, len), head, len);
	return nlh;
}

static struct nlmsghdr *tc_message(uint16_t type, const char *kind)
{
	const struct tcmsg tcm = { .tcm_ifindex = 7 };
	struct nlmsghdr *nlh = message(type, &tcm, sizeof(tcm));

	if (kind)
		mnl_attr_put_strz(nlh, TCA_KIND, kind);
	return nlh;
}

static void qdiscs(void **state)
{
	static const struct {
		const char *kind;
		int ret;
		bool clsact;
	} rows[] = {
		{ "clsact", 1, true }, { "ingress", 1, false },
		{ "fq_codel", 0, false }, { "clsac", 0, false },
		{ "a name that is longer than any", 0, false },
		{ NULL, 0, false },
	};
	struct vs_tc_link link;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct nlmsghdr *nlh = tc_message(RTM_NEWQDISC, rows[i].kind);

		assert_row(i, vs_foreign_read_qdisc(nlh, &link) ==
			      rows[i].ret);
		assert_row(i, link.ifindex == 7);
		assert_row(i, link.clsact == rows[i].clsact);
		nlh->nlmsg_len = NLMSG_HDRLEN + sizeof(struct tcmsg) - 1;
		assert_row(i, vs_foreign_read_qdisc(nlh, &link) == -EBADMSG);
	}
}

static void xdp(void **state)
{
	const struct ifinfomsg ifi = { .ifi_index = 9 };
	struct nlmsghdr *nlh = message(RTM_NEWLINK, &ifi, sizeof(ifi));
	uint32_t ids[3], ifindex;
	struct nlattr *nest;
	size_t n;

	(void)state;
	assert_int_equal(vs_foreign_read_link(nlh, &ifindex, ids, &n), 0);
	assert_int_equal(ifindex, 9);
	assert_int_equal(n, 0);
	nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	mnl_attr_put_u8(nlh, IFLA_XDP_ATTACHED, XDP_ATTACHED_MULTI);
	mnl_attr_put_u32(nlh, IFLA_XDP_SKB_PROG_ID, 12);
	mnl_attr_put_u32(nlh, IFLA_XDP_DRV_PROG_ID, 11);
	/* a number is four bytes */
	mnl_attr_put_u16(nlh, IFLA_XDP_HW_PROG_ID, 5);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(vs_foreign_read_link(nlh, &ifindex, ids, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(ids[0], 11);
	assert_int_equal(ids[1], 12);
	nlh->nlmsg_len = NLMSG_HDRLEN + 3;
	assert_int_equal(vs_foreign_read_link(nlh, &ifindex, ids, &n),
			 -EBADMSG);
}

/** struct act - an action: its kind, and what is special about it */
struct act {
	const char *kind;
	uint32_t bpf_id;
	bool classic;
	int eaction;
};

static void put_action(struct nlmsghdr *nlh, uint16_t n, const struct act *a)
{
	struct tc_mirred mirred = { .eaction = a->eaction, .ifindex = 42 };
	struct nlattr *nest = mnl_attr_nest_start(nlh, n), *options;

	mnl_attr_put_strz(nlh, TCA_ACT_KIND, a->kind);
	options = mnl_attr_nest_start(nlh, TCA_ACT_OPTIONS);
	if (a->eaction)
		mnl_attr_put(nlh, TCA_MIRRED_PARMS, sizeof(mirred), &mirred);
	if (a->bpf_id) {
		mnl_attr_put_u32(nlh, TCA_ACT_BPF_ID, a->bpf_id);
		mnl_attr_put_strz(nlh, TCA_ACT_BPF_NAME, "act");
		mnl_attr_put(nlh, TCA_ACT_BPF_TAG, 8, "\1\2\3\4\5\6\7\10");
	}
	if (a->classic)
		mnl_attr_put_u64(nlh, TCA_ACT_BPF_OPS, 0);
	mnl_attr_nest_end(nlh, options);
	mnl_attr_nest_end(nlh, nest);
}

/** struct row - a filter and what is to be made of it */
struct row {
	const char *kind;
	uint16_t attr;
	struct act acts[3];
	uint32_t bpf_id;
	bool ingress, egress;
	uint32_t target;
	const char *text;
};

static struct nlmsghdr *filter(const struct row *r)
{
	struct nlmsghdr *nlh = tc_message(RTM_NEWTFILTER, r->kind);
	struct nlattr *options = mnl_attr_nest_start(nlh, TCA_OPTIONS), *list;

	if (r->bpf_id) {
		mnl_attr_put_u32(nlh, TCA_BPF_ID, r->bpf_id);
		mnl_attr_put_strz(nlh, TCA_BPF_NAME, "spy.o:[tc]");
		mnl_attr_put(nlh, TCA_BPF_TAG, 8, "\xff\0\0\0\0\0\0\1");
	}
	if (r->acts[0].kind) {
		list = mnl_attr_nest_start(nlh, r->attr);
		for (uint16_t i = 0; i < 3 && r->acts[i].kind; i++)
			put_action(nlh, i + 1, &r->acts[i]);
		mnl_attr_nest_end(nlh, list);
	}
	mnl_attr_nest_end(nlh, options);
	return nlh;
}

static void filters(void **state)
{
	static const struct row rows[] = {
		{ .kind = "bpf", .bpf_id = 12, .ingress = true, .egress = true,
		  .text = "ebpf spy.o:[tc] tag ff00000000000001 id 12" },
		/* classic BPF, which picks a class */
		{ .kind = "bpf", .text = "bpf" },
		{ .kind = "fw", .text = "fw" },
		{ .kind = "matchall", .attr = TCA_MATCHALL_ACT,
		  .acts = { { "police" }, { "gact" } }, .text = "matchall" },
		{ .kind = "flower", .attr = TCA_FLOWER_ACT,
		  .acts = { { "pedit" }, { "csum" } }, .egress = true,
		  .text = "flower pedit" },
		{ .kind = "u32", .attr = TCA_U32_ACT,
		  .acts = { { "gact" },
			    { "mirred", .eaction = TCA_EGRESS_MIRROR } },
		  .ingress = true, .egress = true, .target = 42,
		  .text = "u32 mirred" },
		{ .kind = "basic", .attr = TCA_BASIC_ACT,
		  .acts = { { "mirred", .eaction = TCA_INGRESS_REDIR } },
		  .ingress = true, .egress = true, .text = "basic mirred" },
		{ .kind = "matchall", .attr = TCA_MATCHALL_ACT,
		  .acts = { { "bpf", .bpf_id = 3 } },
		  .ingress = true, .egress = true,
		  .text = "matchall bpf act tag 0102030405060708 id 3" },
		{ .kind = "matchall", .attr = TCA_MATCHALL_ACT,
		  .acts = { { "bpf", .classic = true } }, .text = "matchall" },
		/* what is not known may do anything */
		{ .kind = "matchall", .attr = TCA_MATCHALL_ACT,
		  .acts = { { "teleport" } }, .ingress = true, .egress = true,
		  .text = "matchall teleport" },
		{ .kind = "oracle", .ingress = true, .egress = true,
		  .text = "oracle" },
		{ .kind = "bpf", .attr = TCA_BPF_ACT, .bpf_id = 12,
		  .acts = { { "mirred", .eaction = TCA_EGRESS_REDIR } },
		  .ingress = true, .egress = true, .target = 42,
		  .text = "ebpf spy.o:[tc] tag ff00000000000001 id 12" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		const struct row *r = &rows[i / 2];
		bool egress = i & 1;
		bool counts = egress ? r->egress : r->ingress;
		struct vs_tc_finding f;
		struct vs_buf text = { 0 };

		assert_row(i, !vs_foreign_read_filter(filter(r), egress, &f));
		assert_row(i, f.counts == counts);
		assert_row(i, f.target == r->target);
		vs_foreign_text(&text, &f.foreign);
		if (counts)
			assert_row_string(i, vs_buf_str(&text) + 4, r->text);
		vs_buf_free(&text);
	}
}

/* a chain is announced by a message without options */
static void chain(void **state)
{
	struct vs_tc_finding f;

	(void)state;
	assert_int_equal(vs_foreign_read_filter(tc_message(RTM_NEWTFILTER,
							   "oracle"), false,
						&f), 0);
	assert_false(f.counts);
}

/* whatever comes: an answer, and no byte beyond the message is read */
static void noise(void **state)
{
	const struct row r = {
		.kind = "matchall", .attr = TCA_MATCHALL_ACT, .bpf_id = 7,
		.acts = { { "mirred", .eaction = 1 }, { "bpf", .bpf_id = 1 } },
	};

	(void)state;
	srandom(random_seed());
	for (int i = 0; i < 20000; i++) {
		struct nlmsghdr *nlh = filter(&r), *copy;
		uint32_t ids[3], ifindex, len;
		struct vs_tc_finding f;
		struct vs_tc_link link;
		size_t n;

		for (int k = random() % 4; k >= 0; k--)
			buf[NLMSG_HDRLEN + random() %
			    (nlh->nlmsg_len - NLMSG_HDRLEN)] = random();
		len = NLMSG_HDRLEN + random() %
		      (nlh->nlmsg_len - NLMSG_HDRLEN + 1);
		nlh->nlmsg_len = len;
		/* where the sanitizer sees its end */
		copy = malloc(len);
		memcpy(copy, nlh, len);
		vs_foreign_read_filter(copy, i & 1, &f);
		vs_foreign_read_qdisc(copy, &link);
		vs_foreign_read_link(copy, &ifindex, ids, &n);
		assert_true(n <= 3);
		free(copy);
	}
}

static void add(struct vs_foreigns *f, uint32_t ifindex, enum vs_spot spot)
{
	struct vs_foreign *foreign = vs_foreigns_add(f);

	assert_non_null(foreign);
	foreign->ifindex = ifindex;
	foreign->spot = spot;
	strcpy(foreign->kind, "ebpf");
}

static void by_port(void **state)
{
	struct vs_foreigns f = { 0 };
	struct vs_buf text = { 0 };
	size_t n;

	(void)state;
	/* nobody has asked, so nobody can say yes or unknown */
	assert_int_equal(vs_foreigns_of(NULL, 3), VS_BYPASS_NO);
	assert_int_equal(vs_foreigns_of(&f, 3), VS_BYPASS_NO);
	f.asked = true;
	add(&f, 5, VS_SPOT_TCX_EGRESS);
	add(&f, 3, VS_SPOT_TC_INGRESS);
	add(&f, 5, VS_SPOT_XDP);
	vs_foreigns_sort(&f);
	assert_ptr_equal(vs_foreigns_first(&f, 5, &n), &f.v[1]);
	assert_int_equal(n, 2);
	assert_null(vs_foreigns_first(&f, 4, &n));
	assert_int_equal(vs_foreigns_of(&f, 3), VS_BYPASS_YES);
	assert_int_equal(vs_foreigns_of(&f, 4), VS_BYPASS_NO);
	vs_error_set(&f.error, VS_OP_FIND_PROGRAMS, VS_WHY_NO_PERMISSION,
		     EPERM, "tcx");
	assert_int_equal(vs_foreigns_of(&f, 3), VS_BYPASS_YES);
	assert_int_equal(vs_foreigns_of(&f, 4), VS_BYPASS_UNKNOWN);
	strcpy(f.v[1].prog.name, "a\x1b[2J");
	vs_foreigns_text(&text, &f, 5);
	assert_string_equal(vs_buf_str(&text),
			    "xdp ebpf a\\x1B[2J, tcx-egress ebpf");
	vs_buf_free(&text);
	vs_foreigns_free(&f);
}

/* this host's loopback is nobody's port, but it can be looked at */
static void looked(void **state)
{
	const uint32_t lo = 1;
	struct vs_foreigns f;
	int ret = vs_foreigns_scan(&f, &lo, 1);

	(void)state;
	assert_true(f.asked);
	assert_int_equal(!ret, !f.error.op);
	if (ret)
		assert_int_equal(vs_foreigns_of(&f, lo), f.n ?
				 VS_BYPASS_YES : VS_BYPASS_UNKNOWN);
	vs_foreigns_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qdiscs),
		cmocka_unit_test(xdp),
		cmocka_unit_test(filters),
		cmocka_unit_test(chain),
		cmocka_unit_test(noise),
		cmocka_unit_test(by_port),
		cmocka_unit_test(looked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
