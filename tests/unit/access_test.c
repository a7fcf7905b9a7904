// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Filter Driver's lists for those who may not read them: the agent tells
 * what the driver says. Here nobody may.
 */
#include "unit.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/page.h"
#include "cli.h"
#include "cli/access.h"
#include "client_wrap.h"
#include "entries.h"
#include "serve.h"

/* nobody's, and a group that every Debian has */
#define NOBODY 65534
#define GROUP "daemon"

static gid_t group_id;

/* as the kernel answers who lacks CAP_NET_ADMIN */
int __wrap_vs_client_open(struct vs_client *c, struct vs_error *error)
{
	memset(c, 0, sizeof(*c));
	return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NO_PERMISSION, EPERM,
			    NULL);
}

static int start(void **state)
{
	const struct group *group = getgrnam(GROUP);

	(void)state;
	group_id = group ? group->gr_gid : 0;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	return vs_i18n_init("en");
}

static void serve_entries(const struct entries *e)
{
	const struct serving how = { .group = GROUP, .entries = *e };

	if (geteuid() || !group_id)
		skip();
	serve(&how);
	setenv("VMSAFE_SOCKET", serve_path(), 1);
}

/* what the agent tells a member is what a snapshot of the driver has */
static void told(void **state)
{
	static const char *const lines[] = {
		"vm list", "vm list --json", "vm list -o vm_name,id",
		"vm show vm1", "vm show vm1 --json", "vnic list",
		"vnic list --json --stats",
		"vnic list --stats", "vnic list --vm vm1",
		"vnic list --vm 421e0000-0000-0000-0000-000000000001",
		"vnic list --port tap9", "vnic list --port tap7",
		"vnic list --port id:100",
		"vnic list --port ifindex:9 -o port,mode", "vnic show tap1",
		"vnic show tap1 --json", "vnic show tap9",
		"vnic show tap9 --json", "vnic show id:200", "host show",
		"host show --json",
		/* nothing of it is printed */
		"vm show vm3", "vnic list --vm vm3", "vnic show tap3",
		"vnic show id:7",
	};
	static struct cli saved;
	struct entries e = { 0 };
	struct vs_snapshot s;
	const char *file;

	(void)state;
	entries_snapshot(&e, &s);
	file = cli_snapshot(&s);
	vs_snapshot_free(&s);
	serve_entries(&e);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct cli *c;

		saved = *cli_run("--driver %s %s", file, lines[i]);
		c = cli_run_as(NOBODY, group_id, "%s", lines[i]);
		if (c->status != saved.status ||
		    strcmp(c->out, saved.out) != 0 ||
		    strcmp(c->err, saved.err) != 0)
			fail_msg("%s: %d\n%s%s--\n%d\n%s%s", lines[i],
				 c->status, c->out, c->err, saved.status,
				 saved.out, saved.err);
	}
	serve_end();
}

/* some lines of that, so that it is not two times nothing */
static void lines(void **state)
{
	const struct entries e = { 0 };
	const struct cli *c;

	(void)state;
	serve_entries(&e);
	c = cli_run_as(NOBODY, group_id, "vnic list -o port,vm_name,mode");
	assert_string_equal(c->out, "PORT VM  MODE\n"
			    "tap1 vm1 enforcing\n"
			    "tap9 -   unbound-pass\n");
	c = cli_run_as(NOBODY, group_id, "vm list -o vm_name,vnics");
	assert_string_equal(c->out, "VM  VNICS\nvm1     1\nvm2     1\n");
	c = cli_run_as(NOBODY, group_id, "vnic show tap9");
	assert_non_null(strstr(c->out, "shortcut"));
	c = cli_run_as(NOBODY, group_id, "vnic show tap7");
	assert_int_equal(c->status, 1);
	assert_string_equal(c->err, "vmsafe: the Filter Driver has no port "
			    "tap7\n");
	serve_end();
}

static const char refused[] =
	"vmsafe: asking the Filter Driver by netlink: EPERM: CAP_NET_ADMIN is "
	"needed: run it as root of this host or, while vmsafe-agent runs, as "
	"a member of the group vmsafe\n";

/* a stranger, and where no agent runs: one line, whatever is asked */
static void refusal(void **state)
{
	static const char *const asked[] = {
		"vm list", "vm show vm1", "vnic list", "vnic list --vm vm1",
		"vnic show tap1", "host show", "vnic list --json",
	};
	const struct entries e = { 0 };

	(void)state;
	serve_entries(&e);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(asked); i++) {
		const char *line = asked[i / 2];
		const struct cli *c;

		setenv("VMSAFE_SOCKET", i % 2 ? "none" : serve_path(), 1);
		c = cli_run_as(NOBODY, i % 2 ? group_id : NOBODY, "%s", line);
		assert_int_equal(c->status, 5);
		assert_row_string(i, c->out, "");
		assert_row_string(i, c->err, refused);
	}
	assert_int_equal(vs_i18n_init("ja"), 0);
	assert_null(strstr(cli_run("vnic list")->err, "run it as"));
	assert_int_equal(vs_i18n_init("en"), 0);
	serve_end();
}

/* what the agent has to say of the driver is said */
static void unloaded(void **state)
{
	const struct entries e = { .unloaded = true };
	const struct cli *c;

	(void)state;
	serve_entries(&e);
	c = cli_run_as(NOBODY, group_id, "vnic list");
	assert_int_equal(c->status, 5);
	assert_string_equal(c->out, "");
	assert_non_null(strstr(c->err, "not loaded"));
	assert_ptr_equal(strchr(c->err, '\n'), c->err + strlen(c->err) - 1);
	serve_end();
}

/** struct count - rows that came */
struct count {
	unsigned int begun;
	size_t n;
	uint64_t last;
};

static void count_begin(void *ctx)
{
	struct count *count = ctx;

	count->begun++;
	count->n = 0;
	count->last = 0;
}

static void count_take(void *ctx, const void *entry)
{
	const struct vs_driver_vnic *v = entry;
	struct count *count = ctx;

	assert_true(v->id > count->last);
	count->last = v->id;
	count->n++;
}

static bool count_vnics(struct count *count, enum vs_exit *status)
{
	const struct vs_sink sink = { count_begin, count_take, count };
	const struct vs_vnic_filter all = { 0 };
	struct vs_access a;
	bool ok;

	*count = (struct count){ 0 };
	assert_true(vs_access_open(&a, status));
	assert_true(a.by_agent);
	ok = vs_access_each_vnic(&a, &all, NULL, &sink, status);
	vs_access_close(&a);
	return ok;
}

/* each entry once, however many parts it takes */
static void many(void **state)
{
	const struct entries e = { .more = 2 * VS_PAGE_MAX - 1 };
	enum vs_exit status;
	struct count count;

	(void)state;
	serve_entries(&e);
	assert_true(count_vnics(&count, &status));
	assert_int_equal(count.n, e.more + 2);
	assert_int_equal(count.last, 1000 + e.more - 1);
	assert_int_equal(count.begun, 1);
	serve_end();
}

/* parts of two generations are no list: it is read anew, but not for ever */
static void restless(void **state)
{
	/* the first answer is that of the settings */
	struct entries e = { .more = VS_PAGE_MAX, .restless = 2 };
	enum vs_exit status;
	struct count count;

	(void)state;
	serve_entries(&e);
	assert_true(count_vnics(&count, &status));
	assert_int_equal(count.n, e.more + 2);
	assert_int_equal(count.begun, 2);
	serve_end();
	e.restless = 1000;
	serve_entries(&e);
	assert_false(count_vnics(&count, &status));
	assert_int_equal(status, 5);
	assert_int_equal(count.begun, 10);
	serve_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told),
		cmocka_unit_test(lines),
		cmocka_unit_test(refusal),
		cmocka_unit_test(unloaded),
		cmocka_unit_test(many),
		cmocka_unit_test(restless),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
