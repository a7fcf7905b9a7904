// SPDX-License-Identifier: GPL-2.0-only
/* What was printed is what a record of the kernel log is read as. */
#include "unit.h"

#include "core/name.h"
#include "driver/kmsg.h"

static void decoded(void **state)
{
	static const struct {
		const char *record, *text;
	} rows[] = {
		{ "6,1,2,-;vmsafe_net: plain", "vmsafe_net: plain" },
		{ "6,1,2,-,caller=T1;a;b\n SUBSYSTEM=net\n", "a;b" },
		/* a name in Japanese */
		{ "4,1,2,-;VM \\xe5\\x8f\\xb0\\xe5\\xb8\\xb3\\xef\\xbc\\x91 is",
		  "VM \xe5\x8f\xb0\xe5\xb8\xb3\xef\xbc\x91 is" },
		/* what was a backslash is one, once */
		{ "4,1,2,-;a\\x5cxe5b", "a\\xe5b" },
		{ "4,1,2,-;\\x1b[1m\\x0a", "\x1b[1m\n" },
		/* what the kernel does not write stays */
		{ "4,1,2,-;\\x00\\xE5\\xg0\\x5", "\\x00\\xE5\\xg0\\x5" },
		{ "4,1,2,-;\\", "\\" },
		{ "4,1,2,-;\\x", "\\x" },
		{ "4,1,2,-;", "" },
		{ "no record", NULL },
		{ "", NULL },
	};
	char record[128];
	const char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		strcpy(record, rows[i].record);
		text = vs_kmsg_text(record);
		assert_row(i, !text == !rows[i].text);
		if (text)
			assert_row_string(i, text, rows[i].text);
	}
}

/* on a terminal: letters as they are, and nothing that commands it */
static void shown(void **state)
{
	char record[] = "4,1,2,-;\\xe5\\x8f\\xb0 \\x1b[1m \\x5c \\xe5";
	char safe[64];

	(void)state;
	vs_name_escape(safe, sizeof(safe), vs_kmsg_text(record));
	assert_string_equal(safe, "\xe5\x8f\xb0 \\x1B[1m \\\\ \\xE5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoded),
		cmocka_unit_test(shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
