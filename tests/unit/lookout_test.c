// SPDX-License-Identifier: GPL-2.0-only
/* The lists of an entry in netlink's form, and what monitor makes of it. */
#include "unit.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>

#include "cli/notice.h"
#include "po/i18n.h"

static char buf[8192] __attribute__((aligned(8)));

/* an entry with @drops elements of the list of drops */
static struct nlmsghdr *entry(int drops)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u64(nlh, VMSAFE_NET_A_VNIC_ID, 1);
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_VNIC_IFINDEX, 2);
	mnl_attr_put_strz(nlh, VMSAFE_NET_A_VNIC_IFNAME, "tap0");
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_VNIC_MODE,
			 VMSAFE_NET_MODE_ENFORCING);
	mnl_attr_put_u64(nlh, VMSAFE_NET_A_VNIC_GENERATION, 3);
	for (int i = 0; i < drops; i++) {
		nest = mnl_attr_nest_start(nlh, VMSAFE_NET_A_VNIC_DROPS);
		mnl_attr_put_u32(nlh, VMSAFE_NET_A_DROPS_DIRECTION, i & 1);
		mnl_attr_put_u32(nlh, VMSAFE_NET_A_DROPS_REASON, i / 2);
		mnl_attr_put_u64(nlh, VMSAFE_NET_A_DROPS_PACKETS, 100 + i);
		mnl_attr_nest_end(nlh, nest);
	}
	return nlh;
}

static void lists(void **state)
{
	struct nlmsghdr *nlh = entry(3);
	struct vs_driver_vnic v;
	struct nlattr *nest;

	(void)state;
	nest = mnl_attr_nest_start(nlh, VMSAFE_NET_A_VNIC_WIRE_MACS);
	mnl_attr_put(nlh, VMSAFE_NET_A_WIRE_MAC_MAC, 6, "abcdef");
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_WIRE_MAC_FIRST_SEEN, 5000);
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_WIRE_MAC_LAST_SEEN, 4);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, VMSAFE_NET_A_VNIC_POLICIES);
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_POLICY_DIRECTION, 1);
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_POLICY_PROG_ID, 44);
	mnl_attr_put(nlh, VMSAFE_NET_A_POLICY_TAG, 8, "12345678");
	mnl_attr_put_u64(nlh, VMSAFE_NET_A_POLICY_ERRORS, 9);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, VMSAFE_NET_A_VNIC_DROPPED);
	mnl_attr_put_u32(nlh, VMSAFE_NET_A_DROPPED_MODE,
			 VMSAFE_NET_MODE_UNBOUND_DROP);
	mnl_attr_put_u64(nlh, VMSAFE_NET_A_DROPPED_TO_GUEST, 7);
	mnl_attr_nest_end(nlh, nest);
	assert_int_equal(vs_driver_vnic_read(&v, nlh), 0);
	assert_int_equal(v.n_drops, 3);
	assert_int_equal(v.drops[2].reason, 1);
	assert_int_equal(v.drops[2].direction, 0);
	assert_int_equal(v.drops[2].packets, 102);
	assert_int_equal(v.n_wires, 1);
	assert_memory_equal(&v.wires[0].mac, "abcdef", 6);
	assert_int_equal(v.wires[0].first_seen, 5000);
	assert_int_equal(v.n_policies, 1);
	assert_int_equal(v.policies[0].errors, 9);
	assert_memory_equal(v.policies[0].tag, "12345678", 8);
	assert_int_equal(v.n_passed, 0);
	assert_int_equal(v.n_dropped, 1);
	assert_int_equal(v.dropped[0].mode, VMSAFE_NET_MODE_UNBOUND_DROP);
	assert_int_equal(v.dropped[0].from_guest, 0);
	assert_int_equal(v.dropped[0].to_guest, 7);
}

/* a list is full, longer than any known, or its element is broken */
static void odd_lists(void **state)
{
	struct vs_driver_vnic v;
	struct nlmsghdr *nlh;

	(void)state;
	assert_int_equal(vs_driver_vnic_read(&v, entry(VS_DROPS_MAX)), 0);
	assert_int_equal(v.n_drops, VS_DROPS_MAX);
	assert_int_equal(vs_driver_vnic_read(&v, entry(VS_DROPS_MAX + 1)),
			 -EBADMSG);
	nlh = entry(1);
	mnl_attr_put(nlh, VMSAFE_NET_A_VNIC_DROPS, 3, "abc");
	assert_int_equal(vs_driver_vnic_read(&v, nlh), -EBADMSG);
}

static struct vs_notice notice(uint64_t id, uint32_t mode, uint32_t reason)
{
	return (struct vs_notice){
		.kind = VS_NOTICE_VNIC,
		.vnic = { .id = id, .ifindex = id, .mode = mode,
			  .reason = reason, .ifname = "tap0" },
	};
}

static void modes(void **state)
{
	static const struct {
		uint64_t id;		/* 0: the host */
		uint32_t mode, reason;
		const char *said;	/* NULL: no change of a mode */
	} rows[] = {
		{ 9, VMSAFE_NET_MODE_UNBOUND_PASS, VMSAFE_NET_REASON_PORT_NEW,
		  NULL },
		/* one that was missed comes late, and has its place before */
		{ 3, VMSAFE_NET_MODE_UNBOUND_PASS, VMSAFE_NET_REASON_UP,
		  NULL },
		{ 9, VMSAFE_NET_MODE_ENFORCING, VMSAFE_NET_REASON_BOUND,
		  "enforcing was unbound-pass because bound" },
		{ 9, VMSAFE_NET_MODE_ENFORCING, VMSAFE_NET_REASON_MTU, NULL },
		{ 0, 0, VMSAFE_NET_REASON_LOST, NULL },
		/* that changes no mode, and so is no cause */
		{ 0, 0, VMSAFE_NET_REASON_HEARTBEAT_STALE, NULL },
		{ 9, VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED,
		  VMSAFE_NET_REASON_MODE,
		  "appliance-lost-closed was enforcing because lost" },
		{ 0, 0, VMSAFE_NET_REASON_RESUMED, NULL },
		{ 9, VMSAFE_NET_MODE_ENFORCING, VMSAFE_NET_REASON_MODE,
		  "enforcing was appliance-lost-closed because resumed" },
		{ 0, 0, VMSAFE_NET_REASON_SET, NULL },
		{ 3, VMSAFE_NET_MODE_UNBOUND_DROP, VMSAFE_NET_REASON_MODE,
		  "unbound-drop was unbound-pass because set" },
		{ 9, VMSAFE_NET_MODE_ENFORCING, VMSAFE_NET_REASON_PORT_GONE,
		  NULL },
		{ 9, VMSAFE_NET_MODE_UNBOUND_PASS, VMSAFE_NET_REASON_UP,
		  NULL },
	};
	struct vs_lookout l = { .due = 1000000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_notice n = notice(rows[i].id, rows[i].mode,
					    rows[i].reason);
		struct vs_change change;
		struct vs_buf text = { 0 };

		if (!rows[i].id)
			n = (struct vs_notice){
				.kind = VS_NOTICE_HOST,
				.host = { .reason = rows[i].reason },
			};
		change = vs_lookout_note(&l, &n, 500);
		assert_row(i, change.is == !!rows[i].said);
		vs_notice_text(&text, &n, &change, 0);
		if (rows[i].said)
			assert_row(i, strstr(vs_buf_str(&text),
					     rows[i].said));
		else
			assert_row(i, !strstr(vs_buf_str(&text), " was "));
		vs_buf_free(&text);
	}
	assert_int_equal(l.n, 2);
	/* the ports are looked at soon, not at every notification */
	assert_int_equal(l.due, 500 + VS_LOOKOUT_PAUSE);
	free(l.modes);
}

static char said[1024];

static void say(void *ctx, const struct vs_driver_vnic *v,
		enum vs_bypass bypass, const struct vs_foreigns *f)
{
	struct vs_buf text = { 0 };

	(void)ctx;
	vs_notice_bypass_text(&text, v, bypass, f, 0);
	/* without the time */
	strcat(said, strstr(vs_buf_str(&text), "bypass"));
	strcat(said, ";");
	vs_buf_free(&text);
}

static void put(struct vs_foreigns *f, uint32_t ifindex, uint32_t id)
{
	struct vs_foreign *foreign = vs_foreigns_add(f);

	f->asked = true;
	foreign->ifindex = ifindex;
	foreign->prog.id = id;
	strcpy(foreign->kind, "ebpf");
}

static void changes(void **state)
{
	struct vs_driver_vnic v = { .id = 1, .ifindex = 2, .ifname = "tap0" };
	struct vs_vnics vnics = { .v = &v, .n = 1 };
	struct vs_foreigns none = { .asked = true }, one = { 0 }, two = { 0 };
	struct vs_foreigns failed = { .asked = true };

	(void)state;
	vs_error_set(&failed.error, VS_OP_FIND_PROGRAMS, VS_WHY_NONE, 5, NULL);
	put(&one, 2, 7);
	put(&two, 2, 8);
	put(&two, 3, 8);
	vs_lookout_compare(&none, &vnics, &none, say, NULL);
	assert_string_equal(said, "");
	vs_lookout_compare(&none, &vnics, &one, say, NULL);
	vs_lookout_compare(&one, &vnics, &one, say, NULL);
	vs_lookout_compare(&one, &vnics, &two, say, NULL);
	vs_lookout_compare(&two, &vnics, &failed, say, NULL);
	vs_lookout_compare(&failed, &vnics, &none, say, NULL);
	assert_string_equal(said,
			    "bypass bypassed port tap0 ifindex 2 id 1 by xdp "
			    "ebpf id 7;"
			    "bypass bypassed port tap0 ifindex 2 id 1 by xdp "
			    "ebpf id 8;"
			    "bypass unknown port tap0 ifindex 2 id 1;"
			    "bypass over port tap0 ifindex 2 id 1;");
	vs_foreigns_free(&one);
	vs_foreigns_free(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(odd_lists),
		cmocka_unit_test(modes),
		cmocka_unit_test(changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
