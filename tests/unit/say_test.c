// SPDX-License-Identifier: GPL-2.0-only
/* What is said when something goes wrong, and the exit status for it. */
#include "unit.h"

#include <errno.h>
#include <unistd.h>

#include "cli/cli.h"

/* run with standard error in a file, and read what it said */
static const char *said(void (*fn)(const void *arg), const void *arg)
{
	static char text[4096];
	int saved = dup(STDERR_FILENO);
	FILE *f = fopen(OUT_DIR "/said", "w+");
	size_t n;

	assert_non_null(f);
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	fn(arg);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void overflow(const void *arg)
{
	FILE *saved = stdout;

	/* it fails long before anybody flushes, and again each time */
	stdout = (FILE *)arg;
	for (int i = 0; i < 10000; i++)
		puts("x");
	fflush(stdout);
	assert_false(vs_flush());
	assert_false(vs_flush());
	stdout = saved;
}

/* output that cannot be written is not success, and it is said why */
static void no_room(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_string_equal(said(overflow, full), "vmsafe: the output cannot "
			    "be written: No space left on device\n");
	fclose(full);
	assert_true(vs_flush());
}

/** struct refusal - an error, what is to be said, and the two statuses */
struct refusal {
	struct vs_error error;
	const char *what;
	int changing, reading;
};

static void refuse(const void *arg)
{
	const struct refusal *r = arg;

	assert_int_equal(vs_say_refusal("tap\n9", &r->error), r->changing);
}

static void unread(const void *arg)
{
	const struct refusal *r = arg;

	assert_int_equal(vs_say_unread(&r->error), r->reading);
}

/* one line: which thing, what is wrong, what to do */
static void refusals(void **state)
{
	static const struct refusal rows[] = {
		{ { VS_OP_NETLINK, 0, ENOENT, "", "no such (attribute x)" },
		  "tap\\x0A9: the Filter Driver has no such port (ENOENT); "
		  "\"vmsafe vnic list\" shows what the Filter Driver has",
		  VS_EXIT_FAILED, VS_EXIT_FAILED },
		{ { VS_OP_NETLINK, 0, ENODEV, "", "no such (attribute x)" },
		  "tap\\x0A9: there is no such network device (ENODEV); "
		  "\"ip link\" shows those there are",
		  VS_EXIT_FAILED, VS_EXIT_UNAVAILABLE },
		{ { VS_OP_NETLINK, 0, EBUSY, "", "t is bound: unbind it" },
		  "tap\\x0A9: refused by the Filter Driver: t is bound: "
		  "unbind it (EBUSY)",
		  VS_EXIT_FAILED, VS_EXIT_UNAVAILABLE },
		{ { VS_OP_NETLINK, 0, EOPNOTSUPP, "", "" },
		  "tap\\x0A9: refused by the Filter Driver: Operation not "
		  "supported (EOPNOTSUPP)",
		  VS_EXIT_FAILED, VS_EXIT_UNAVAILABLE },
		{ { VS_OP_NETLINK, VS_WHY_NO_PERMISSION, EPERM, "", "" },
		  "asking the Filter Driver by netlink: EPERM: CAP_NET_ADMIN "
		  "is needed: run it as root of this host",
		  VS_EXIT_FAILED, VS_EXIT_UNAVAILABLE },
		{ { VS_OP_READ_PROC, 0, EACCES, "", "/proc" },
		  "reading the host's processes: EACCES: /proc: run it as "
		  "root of this host",
		  VS_EXIT_FAILED, VS_EXIT_UNAVAILABLE },
	};
	char want[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(want, sizeof(want), "vmsafe: %s\n", rows[i].what);
		assert_row_string(i, said(refuse, &rows[i]), want);
		said(unread, &rows[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_room),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
