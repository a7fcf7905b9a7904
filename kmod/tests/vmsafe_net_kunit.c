// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: what has no socket. A module of its own, for kernels with KUnit; the
 * code under test is compiled into it, so it runs with or without vmsafe_net.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "../mode.c"
#include "../name.c"
#include "../wire.c"

struct vsn_name_case {
	const char *what;
	const char *name;
	size_t len;
	bool valid;
};

#define VSN_NAME(what, name, valid) { what, name, sizeof(name) - 1, valid }
#define VSN_TEN	"0123456789"
#define VSN_SIXTY VSN_TEN VSN_TEN VSN_TEN VSN_TEN VSN_TEN VSN_TEN

static const struct vsn_name_case vsn_name_cases[] = {
	VSN_NAME("empty", "", false),
	VSN_NAME("one byte", "a", true),
	VSN_NAME("64 bytes", VSN_SIXTY "abcd", true),
	VSN_NAME("65 bytes", VSN_SIXTY "abcde", false),
	VSN_NAME("Japanese", "\xe4\xbb\xae\xe6\x83\xb3", true),
	VSN_NAME("last character of Unicode", "\xf4\x8f\xbf\xbf", true),
	VSN_NAME("beyond Unicode", "\xf4\x90\x80\x80", false),
	VSN_NAME("surrogate", "\xed\xa0\x80", false),
	VSN_NAME("before the surrogates", "\xed\x9f\xbf", true),
	VSN_NAME("overlong in two", "\xc1\xbf", false),
	VSN_NAME("overlong in three", "\xe0\x9f\xbf", false),
	VSN_NAME("overlong in four", "\xf0\x8f\xbf\xbf", false),
	VSN_NAME("cut in the middle", "a\xe4\xbb", false),
	VSN_NAME("tail without a head", "\xbb", false),
	VSN_NAME("head without a tail", "\xe4 a", false),
	VSN_NAME("0xff", "\xff", false),
	VSN_NAME("NUL inside", "a\0b", false),
	VSN_NAME("newline", "a\nb", false),
	VSN_NAME("escape", "\x1b[0m", false),
	VSN_NAME("DEL", "\x7f", false),
	VSN_NAME("first of C1", "\xc2\x80", false),
	VSN_NAME("last of C1", "\xc2\x9f", false),
	VSN_NAME("no-break space", "\xc2\xa0", true),
	VSN_NAME("space and punctuation", "web 01 <&>\"'%", true),
};

static void vsn_name_desc(const struct vsn_name_case *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vsn_name, vsn_name_cases, vsn_name_desc);

static void vsn_name_test(struct kunit *test)
{
	const struct vsn_name_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vsn_name_valid(c->name, c->len), c->valid);
}

struct vsn_mode_case {
	bool bypass;
	bool lost;
	u8 failure_policy;
	u8 mode;
};

#define VSN_OPEN	VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN
#define VSN_CLOSED	VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED

/* All there are. */
static const struct vsn_mode_case vsn_mode_cases[] = {
	{ false, false, VSN_OPEN, VMSAFE_NET_MODE_ENFORCING },
	{ false, false, VSN_CLOSED, VMSAFE_NET_MODE_ENFORCING },
	{ false, true, VSN_OPEN, VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN },
	{ false, true, VSN_CLOSED, VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED },
	{ true, false, VSN_OPEN, VMSAFE_NET_MODE_BYPASS },
	{ true, false, VSN_CLOSED, VMSAFE_NET_MODE_BYPASS },
	{ true, true, VSN_OPEN, VMSAFE_NET_MODE_BYPASS },
	{ true, true, VSN_CLOSED, VMSAFE_NET_MODE_BYPASS },
};

static void vsn_mode_desc(const struct vsn_mode_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s%s%s",
		 c->bypass ? "bypass, " : "", c->lost ? "lost, " : "",
		 c->failure_policy == VSN_CLOSED ? "closed" : "open");
}

KUNIT_ARRAY_PARAM(vsn_mode, vsn_mode_cases, vsn_mode_desc);

static void vsn_mode_test(struct kunit *test)
{
	const struct vsn_mode_case *c = test->param_value;
	u8 mode = vsn_mode_bound(c->bypass, c->lost, c->failure_policy);

	KUNIT_EXPECT_EQ(test, mode, c->mode);
	/* Closed means lost and fail-closed, and nothing else does. */
	KUNIT_EXPECT_EQ(test, vsn_mode_drops(mode),
			!c->bypass && c->lost &&
			c->failure_policy == VSN_CLOSED);
}

static void vsn_mode_unbound_test(struct kunit *test)
{
	u8 pass = vsn_mode_unbound(VMSAFE_NET_VERDICT_PASS);
	u8 drop = vsn_mode_unbound(VMSAFE_NET_VERDICT_DROP);

	KUNIT_EXPECT_EQ(test, pass, VMSAFE_NET_MODE_UNBOUND_PASS);
	KUNIT_EXPECT_EQ(test, drop, VMSAFE_NET_MODE_UNBOUND_DROP);
	KUNIT_EXPECT_FALSE(test, vsn_mode_drops(pass));
	KUNIT_EXPECT_TRUE(test, vsn_mode_drops(drop));
}

static bool vsn_wire_has(const struct vsn_wire *wire, u64 mac)
{
	int i;

	for (i = 0; i < VSN_WIRE_MACS; i++)
		if (wire->seen->macs[i].mac == mac)
			return true;
	return false;
}

/* Some MAC, another one for each @i. */
static u64 vsn_wire_number(u8 i)
{
	const u8 mac[VMSAFE_NET_MAC_LEN] = { 2, 0, 0, 0, 0, i };

	return vsn_wire_mac(mac);
}

static void vsn_wire_number_test(struct kunit *test)
{
	static const u8 mac[VMSAFE_NET_MAC_LEN] = { 2, 0xff, 0, 1, 0x80, 7 };
	static const u8 zero[VMSAFE_NET_MAC_LEN];
	u8 frame[2 * VMSAFE_NET_MAC_LEN], back[VMSAFE_NET_MAC_LEN];

	memset(frame, 0xa5, sizeof(frame));
	memcpy(frame, mac, sizeof(mac));
	KUNIT_EXPECT_EQ(test, vsn_wire_frame(frame), vsn_wire_mac(mac));
	KUNIT_EXPECT_EQ(test, vsn_wire_mac(mac) & VSN_WIRE_STAMP(U16_MAX),
			0ULL);
	vsn_wire_bytes(vsn_wire_mac(mac), back);
	KUNIT_EXPECT_EQ(test, memcmp(back, mac, sizeof(mac)), 0);
	KUNIT_EXPECT_EQ(test, vsn_wire_mac(zero), 0ULL);
}

static void vsn_wire_learn_test(struct kunit *test)
{
	struct vsn_wire wire = {};
	u8 i;

	KUNIT_EXPECT_FALSE(test, vsn_wire_known(&wire, vsn_wire_number(1)));
	for (i = 1; i <= VSN_WIRE_MACS; i++)
		vsn_wire_learn(&wire, vsn_wire_number(i));
	for (i = 1; i <= VSN_WIRE_MACS; i++)
		KUNIT_EXPECT_TRUE(test, vsn_wire_has(&wire,
						     vsn_wire_number(i)));
	KUNIT_EXPECT_EQ(test, atomic64_read(&wire.seen->others), 0LL);
	KUNIT_EXPECT_EQ(test, wire.hot & ~VSN_WIRE_STAMP(U16_MAX),
			vsn_wire_number(VSN_WIRE_MACS));
	vsn_wire_forget(&wire);
}

static void vsn_wire_evict_test(struct kunit *test)
{
	struct vsn_wire wire = {};
	u64 now = get_jiffies_64();
	u8 i;

	for (i = 1; i <= VSN_WIRE_MACS; i++)
		vsn_wire_learn(&wire, vsn_wire_number(i));
	/* The third was not seen for longest: 99 days at 250 Hz. */
	wire.seen->macs[0].last = now - 10;
	wire.seen->macs[1].last = now - 20;
	wire.seen->macs[2].last = now - (1ULL << 31);
	wire.seen->macs[3].last = now - 30;

	vsn_wire_learn(&wire, vsn_wire_number(99));

	KUNIT_EXPECT_TRUE(test, vsn_wire_has(&wire, vsn_wire_number(99)));
	KUNIT_EXPECT_FALSE(test, vsn_wire_has(&wire, vsn_wire_number(3)));
	KUNIT_EXPECT_EQ(test, atomic64_read(&wire.seen->others), 1LL);
	vsn_wire_forget(&wire);
}

static void vsn_wire_again_test(struct kunit *test)
{
	struct vsn_wire wire = {};

	vsn_wire_learn(&wire, vsn_wire_number(5));
	wire.seen->macs[0].first -= 100;
	wire.seen->macs[0].last -= 100;
	vsn_wire_learn(&wire, vsn_wire_number(5));

	KUNIT_EXPECT_GE(test, wire.seen->macs[0].last -
			wire.seen->macs[0].first, 100ULL);
	KUNIT_EXPECT_EQ(test, wire.seen->macs[1].mac, 0ULL);
	vsn_wire_forget(&wire);
}

static void vsn_wire_age_test(struct kunit *test)
{
	u64 year = 365ULL * 24 * 3600 * HZ;

	KUNIT_EXPECT_EQ(test, vsn_wire_age(year, year), 0U);
	KUNIT_EXPECT_EQ(test, vsn_wire_age(year, year + 1), 0U);
	KUNIT_EXPECT_EQ(test, vsn_wire_age(year + HZ, year), 1000U);
	KUNIT_EXPECT_EQ(test, vsn_wire_age(year, year - 48ULL * 24 * 3600 * HZ),
			48U * 24 * 3600 * 1000);
	KUNIT_EXPECT_EQ(test, vsn_wire_age(year, 0), U32_MAX);
}

static void vsn_wire_zero_test(struct kunit *test)
{
	struct vsn_wire wire = {};

	vsn_wire_learn(&wire, 0);
	KUNIT_EXPECT_PTR_EQ(test, wire.seen, (struct vsn_wire_seen *)NULL);
	KUNIT_EXPECT_EQ(test, wire.hot, 0ULL);
}

static struct kunit_case vsn_kunit_cases[] = {
	KUNIT_CASE_PARAM(vsn_name_test, vsn_name_gen_params),
	KUNIT_CASE_PARAM(vsn_mode_test, vsn_mode_gen_params),
	KUNIT_CASE(vsn_mode_unbound_test),
	KUNIT_CASE(vsn_wire_number_test),
	KUNIT_CASE(vsn_wire_learn_test),
	KUNIT_CASE(vsn_wire_evict_test),
	KUNIT_CASE(vsn_wire_again_test),
	KUNIT_CASE(vsn_wire_age_test),
	KUNIT_CASE(vsn_wire_zero_test),
	{}
};

static struct kunit_suite vsn_kunit_suite = {
	.name = "vmsafe_net",
	.test_cases = vsn_kunit_cases,
};

kunit_test_suite(vsn_kunit_suite);

MODULE_DESCRIPTION("KUnit tests of vmsafe_net");
MODULE_LICENSE("GPL");
