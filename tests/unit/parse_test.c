// SPDX-License-Identifier: GPL-2.0-only
/* The parsers of core/: everything they take, every way to be wrong. */
#include "unit.h"

#include <errno.h>
#include <locale.h>

#include "core/facts.h"
#include "core/mac.h"
#include "core/name.h"
#include "core/number.h"
#include "core/uuid.h"

static void uuid_forms(void **state)
{
	static const char canonical[] = "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e";
	static const char *const good[] = {
		canonical,
		"421EA1B2-C3D4-E5F6-0718-293A4B5C6D7E",
		"421Ea1B2-c3D4-e5F6-0718-293A4b5C6d7E",
		"421ea1b2c3d4e5f60718293a4b5c6d7e",
		"42 1e a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e",
		"42 1E A1 B2 C3 D4 E5 F6-07 18 29 3A 4B 5C 6D 7E",
		"42 1e a1 b2 c3 d4 e5 f6 - 07 18 29 3a 4b 5c 6d 7e",
	};
	char buf[VS_UUID_STR];
	struct vs_uuid u;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_row(i, vs_uuid_parse(good[i], &u) == 0);
		assert_row_string(i, vs_uuid_format(&u, buf), canonical);
	}
}

static void uuid_refusals(void **state)
{
	static const struct {
		const char *s;
		int ret;
	} rows[] = {
		{ "", -EINVAL },
		{ " ", -EINVAL },
		{ "4", -EINVAL },
		{ "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7", -EINVAL },
		{ "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e ", -EINVAL },
		{ " 421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e0", -EINVAL },
		{ "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7g", -EINVAL },
		{ "421ea1b2c-3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "421ea1b2-c3d4e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "421ea1b2--c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "{421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e}", -EINVAL },
		{ "urn:uuid:421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "421ea1b2c3d4e5f60718293a4b5c6d7", -EINVAL },
		{ "421ea1b2c3d4e5f60718293a4b5c6d7e7", -EINVAL },
		{ "42 1e a1 b2 c3 d4 e5 f6 07 18 29 3a 4b 5c 6d 7e", -EINVAL },
		{ "42 1e a1 b2 c3 d4 e5 f6- 07 18 29 3a 4b 5c 6d 7e", -EINVAL },
		{ "42 1e a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e ", -EINVAL },
		{ "42  1e a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", -EINVAL },
		{ "42\t1e a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e", -EINVAL },
		{ "0x1ea1b2-c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "-21ea1b2-c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "+21ea1b2-c3d4-e5f6-0718-293a4b5c6d7e", -EINVAL },
		{ "00000000-0000-0000-0000-000000000000", -ERANGE },
		{ "00000000000000000000000000000000", -ERANGE },
		{ "00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00", -ERANGE },
	};
	static const struct vs_uuid before = { { 1, 2, 3 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_uuid u = before;

		assert_row(i, vs_uuid_parse(rows[i].s, &u) == rows[i].ret);
		assert_row(i, vs_uuid_cmp(&u, &before) == 0);
	}
}

static void mac_forms(void **state)
{
	static const char *const good[] = {
		"00:50:56:85:00:B6", "00:50:56:85:00:b6", "00-50-56-85-00-b6",
		"00-50-56-85-00-B6", "0050568500b6", "0050568500B6",
		"0050.5685.00b6", "0050.5685.00B6",
	};
	char buf[VS_MAC_STR];
	struct vs_mac m;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_row(i, vs_mac_parse(good[i], &m) == 0);
		assert_row_string(i, vs_mac_format(&m, buf),
				  "00:50:56:85:00:B6");
		assert_row(i, vs_mac_parse_guest(good[i], &m) == 0);
	}
}

static void mac_refusals(void **state)
{
	static const struct {
		const char *s;
		int any;
		int guest;
	} rows[] = {
		{ "", -EINVAL, -EINVAL },
		{ "zz", -EINVAL, -EINVAL },
		{ "00:50:56:85:00", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:b", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:b6:", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:b6:01", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:b6 ", -EINVAL, -EINVAL },
		{ " 00:50:56:85:00:b6", -EINVAL, -EINVAL },
		{ "00:50-56:85:00:b6", -EINVAL, -EINVAL },
		{ "0:50:56:85:0:b6", -EINVAL, -EINVAL },
		{ "00:50:56:85:00:g6", -EINVAL, -EINVAL },
		{ "00 50 56 85 00 b6", -EINVAL, -EINVAL },
		{ "0050:5685:00b6", -EINVAL, -EINVAL },
		{ "0050.5685.00b", -EINVAL, -EINVAL },
		{ "0050.5685:00b6", -EINVAL, -EINVAL },
		{ "00.50.56.85.00.b6", -EINVAL, -EINVAL },
		{ "0050568500b", -EINVAL, -EINVAL },
		{ "0050568500b66", -EINVAL, -EINVAL },
		{ "0x50568500b6", -EINVAL, -EINVAL },
		{ "00:00:00:00:00:00", 0, -ERANGE },
		{ "01:00:5e:00:00:01", 0, -ERANGE },
		{ "ff:ff:ff:ff:ff:ff", 0, -ERANGE },
		{ "33-33-00-00-00-01", 0, -ERANGE },
		{ "fe:50:56:85:00:b6", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_mac m = { { 9 } };

		assert_row(i, vs_mac_parse_guest(rows[i].s, &m) ==
			   rows[i].guest);
		assert_row(i, !rows[i].guest || m.b[0] == 9);
		assert_row(i, vs_mac_parse(rows[i].s, &m) == rows[i].any);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *s;
		uint64_t min, max;
		int ret;
		uint64_t n;
	} rows[] = {
		{ "0", 0, 9, 0, 0 },
		{ "9", 0, 9, 0, 9 },
		{ "10", 0, 9, -ERANGE, 0 },
		{ "1", 2, 9, -ERANGE, 0 },
		{ "18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", 0, UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999", 0, UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999x", 0, UINT64_MAX, -EINVAL, 0 },
		{ "", 0, 9, -EINVAL, 0 },
		{ " 1", 0, 9, -EINVAL, 0 },
		{ "1 ", 0, 9, -EINVAL, 0 },
		{ "+1", 0, 9, -EINVAL, 0 },
		{ "-1", 0, 9, -EINVAL, 0 },
		{ "-0", 0, 9, -EINVAL, 0 },
		{ "01", 0, 9, -EINVAL, 0 },
		{ "00", 0, 9, -EINVAL, 0 },
		{ "0x1", 0, 9, -EINVAL, 0 },
		{ "1.0", 0, 9, -EINVAL, 0 },
		{ "1e0", 0, 9, -EINVAL, 0 },
		{ "1,000", 0, 9999, -EINVAL, 0 },
		{ "\xef\xbc\x91", 0, 9, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t n = 77;

		assert_row(i, vs_number_parse(rows[i].s, rows[i].min,
					      rows[i].max, &n) == rows[i].ret);
		assert_row(i, n == (rows[i].ret ? 77 : rows[i].n));
	}
}

static void device_ids(void **state)
{
	static const struct {
		const char *s;
		int ret;
		uint16_t id;
	} rows[] = {
		{ "0", 0, 0 }, { "4095", 0, 4095 }, { "4096", -ERANGE, 7 },
		{ "65536", -ERANGE, 7 }, { "-1", -EINVAL, 7 },
		{ "x", -EINVAL, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint16_t id = 7;

		assert_row(i, vs_device_id_parse(rows[i].s, &id) ==
			   rows[i].ret);
		assert_row(i, id == rows[i].id);
	}
}

#define SIXTY "012345678901234567890123456789012345678901234567890123456789"

static void names(void **state)
{
	static const struct {
		const char *s;
		int ret;
	} rows[] = {
		{ "a", 0 },
		{ "web server 1", 0 },
		{ "\xe4\xbb\xae\xe6\x83\xb3\xe3\x83\x9e", 0 },
		{ "\xf0\x9f\x98\x80", 0 },
		{ "\xc2\xa0", 0 },			/* U+00A0, not C1 */
		{ "\xf4\x8f\xbf\xbf", 0 },		/* U+10FFFF */
		{ SIXTY "0123", 0 },
		{ SIXTY "01234", -ENAMETOOLONG },
		{ SIXTY "01\xe4\xbb\xae", -ENAMETOOLONG },
		{ "", -EINVAL },
		{ "a\nb", -EINVAL },
		{ "a\tb", -EINVAL },
		{ "\x1b[31m", -EINVAL },
		{ "a\x7f", -EINVAL },
		{ "\xc2\x80", -EINVAL },		/* U+0080, C1 */
		{ "\xc2\x9b" "31m", -EINVAL },		/* U+009B, CSI */
		{ "\xc2\x9f", -EINVAL },		/* U+009F, C1 */
		{ "\x80", -EILSEQ },
		{ "a\xff", -EILSEQ },
		{ "\xc0\xaf", -EILSEQ },		/* overlong */
		{ "\xc1\xbf", -EILSEQ },
		{ "\xe0\x80\xaf", -EILSEQ },
		{ "\xe0\x9f\xbf", -EILSEQ },
		{ "\xf0\x8f\xbf\xbf", -EILSEQ },
		{ "\xed\xa0\x80", -EILSEQ },		/* surrogates */
		{ "\xed\xbf\xbf", -EILSEQ },
		{ "\xf4\x90\x80\x80", -EILSEQ },	/* U+110000 */
		{ "\xf5\x80\x80\x80", -EILSEQ },
		{ "\xe4\xbb", -EILSEQ },		/* cut off */
		{ "\xe4\xbb" "a", -EILSEQ },
		{ "\xf0\x9f\x98", -EILSEQ },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_name_check(rows[i].s) == rows[i].ret);
}

static void name_escape(void **state)
{
	static const struct {
		const char *s, *safe;
	} rows[] = {
		{ NULL, "" },
		{ "", "" },
		{ "web1", "web1" },
		{ "\xe4\xbb\xae", "\xe4\xbb\xae" },
		{ "a\nb", "a\\x0Ab" },
		{ "\x1b[2J", "\\x1B[2J" },
		{ "\x7f", "\\x7F" },
		{ "\xc2\x9b" "2J", "\\u009B2J" },
		{ "\xe2\x80\xae", "\\u202E" },	/* right-to-left override */
		{ "\xe2\x80\xa8", "\\u2028" },	/* line separator */
		{ "\xe2\x81\xa6", "\\u2066" },
		{ "\xd8\x9c", "\\u061C" },
		{ "\xef\xbb\xbf", "\\uFEFF" },
		{ "we\xe2\x80\x8b" "b", "we\\u200Bb" },	/* no width */
		{ "\xc2\xad", "\\u00AD" },
		{ "\xe2\x80\x8a", "\xe2\x80\x8a" },
		{ "\xe2\x80\x90", "\xe2\x80\x90" },
		{ "\xf3\xa0\x81\x81" "1", "\\U000E00411" },	/* a tag */
		{ "\xff\xfe", "\\xFF\\xFE" },
		{ "\xe4\xbb", "\\xE4\\xBB" },
		{ "a\\x0Ab", "a\\\\x0Ab" },	/* not to be mistaken */
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_row(i, vs_name_escape(buf, sizeof(buf), rows[i].s) ==
			   strlen(rows[i].safe));
		assert_row_string(i, buf, rows[i].safe);
	}
}

static void name_escape_bounds(void **state)
{
	char hostile[VS_NAME_MAX + 1], buf[VS_NAME_ESCAPED];

	(void)state;
	memset(hostile, 1, VS_NAME_MAX);
	hostile[VS_NAME_MAX] = '\0';
	assert_int_equal(vs_name_escape(buf, sizeof(buf), hostile),
			 VS_NAME_ESCAPED - 1);
	/* never a part of a character, never past the end */
	assert_int_equal(vs_name_escape(buf, 6, "ab\x01z"), 7);
	assert_string_equal(buf, "ab");
	assert_int_equal(vs_name_escape(buf, 4, "a\xe4\xbb\xae"), 4);
	assert_string_equal(buf, "a");
	assert_int_equal(vs_name_escape(buf, 1, "a"), 1);
	assert_string_equal(buf, "");
}

static void name_fit(void **state)
{
	static const struct {
		const char *s;
		int ret;
		const char *fit;
	} rows[] = {
		{ "web1", 0, "web1" },
		{ "", -EINVAL, NULL },
		{ "a\nb\xff\xc2\x85", 0, "a?b??" },
		{ SIXTY SIXTY, 0, SIXTY "0123" },
		{ SIXTY "012\xe4\xbb\xae", 0, SIXTY "012" },
	};
	char buf[VS_NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_row(i, vs_name_fit(buf, rows[i].s) == rows[i].ret);
		if (rows[i].ret)
			continue;
		assert_row_string(i, buf, rows[i].fit);
		assert_row(i, vs_name_check(buf) == 0);
	}
}

static void words(void **state)
{
	enum vs_power power;

	(void)state;
	for (int i = 0; i < VS_POWER_COUNT; i++) {
		assert_int_equal(vs_power_parse(vs_power_word(i), &power), 0);
		assert_int_equal(power, i);
	}
	assert_int_equal(vs_power_parse("Running", &power), -EINVAL);
	assert_int_equal(vs_power_parse("", &power), -EINVAL);
	assert_string_equal(vs_source_word(99), "unknown");
	assert_string_equal(vs_driver_state_word(VS_DRIVER_NOT_LOADED),
			    "not-loaded");
	assert_string_equal(vs_mode_word(VS_MODE_LOST_CLOSED),
			    "appliance-lost-closed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uuid_forms),
		cmocka_unit_test(uuid_refusals),
		cmocka_unit_test(mac_forms),
		cmocka_unit_test(mac_refusals),
		cmocka_unit_test(numbers),
		cmocka_unit_test(device_ids),
		cmocka_unit_test(names),
		cmocka_unit_test(name_escape),
		cmocka_unit_test(name_escape_bounds),
		cmocka_unit_test(name_fit),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
