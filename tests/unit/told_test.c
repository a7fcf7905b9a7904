// SPDX-License-Identifier: GPL-2.0-only
/*
 * What vmsafe is told by the agent: what root prints, who is only a member of
 * the group prints as well, without reading anything by itself.
 */
#include "unit.h"

#include <grp.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "serve.h"
#include "host/clock.h"
#include "recover/window.h"

/* nobody's, and a group that every Debian has */
#define NOBODY 65534
#define GROUP "daemon"

static gid_t group_id;

static int begin(void **state)
{
	const struct group *group = getgrnam(GROUP);

	(void)state;
	group_id = group ? group->gr_gid : 0;
	setenv("TZ", "UTC", 1);
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	return vs_i18n_init("en");
}

static void serve_how(const struct serving *how)
{
	if (geteuid() || !group_id)
		skip();
	serve(how);
	setenv("VMSAFE_SOCKET", serve_path(), 1);
}

static void serve_group(const char *windows)
{
	const struct serving how = { .group = GROUP, .windows = windows };

	serve_how(&how);
}

static const char check_text[] =
	"Host: node1\n"
	"Filter Driver: online\n"
	"vNICs: 1 not applicable, 1 in sync, 1 out of sync\n"
	"State: out of sync\n\n"
	"VM     DEVICE ID MAC               PORT STATE          REASON\n"
	"vm1            0 00:50:56:00:00:01 tap1 in sync        -\n";

static const char event_text[] =
	"Level: Warning\nEvent ID: 368\nEvent: Interfaces Out of Sync\n"
	"Origin: Manager\n";

static const struct {
	const char *line;
	int status;
	const char *out;	/* what is printed; NULL: nothing */
	const char *more;	/* likewise, may be NULL */
	const char *err;
} asked[] = {
	{ "check", 4, check_text, event_text, "" },
	{ "check", 4, "Steps: R1, R2\n", "MAC: 00:50:56:00:00:02 - "
	  "Device ID: 1 - Source: Manager\n", "" },
	{ "check vm2", 0, "State: in sync", "\nvm2 ", "" },
	{ "check vm1 -o mac,state", 4, "00:50:56:00:00:02 out of sync\n",
	  event_text, "" },
	{ "check vm1 --json", 4, "\"exit_status\": 4", "\"new\": false", "" },
	{ "check nobody", 1, NULL, NULL, "vmsafe: no list that could be read "
	  "has a VM \"nobody\"\n" },
	{ "check twin", 1, NULL, NULL, "vmsafe: several VMs are named \"twin\""
	  ", so give a UUID\n" },
	{ "why vm1", 4, "VM: vm1 (", "\n  1. R1: ", "" },
	{ "why vm1", 4, "State: out of sync (only the Manager has it)\n",
	  "The VM's MACs, as each says:\n", "" },
	{ "why vm1 --json", 4, "\"causes\": [", "\"steps\": [", "" },
	{ "why vm2", 0, "There is nothing to explain.\n", NULL, "" },
	{ "why nobody", 1, NULL, NULL, "vmsafe: no list that could be read "
	  "has a VM \"nobody\"\n" },
	{ "alerts", 0, "Warning", "368 Interfaces Out of Sync", "" },
	{ "alerts -o id,vm_uuid", 0, "368 421e0000-0000-0000-0000-"
	  "000000000001\n", NULL, "" },
	{ "alerts --json", 0, "\"id\": 368", "\"vm_name\": \"vm1\"", "" },
};

static void assert_says(size_t i, const char *who, const struct cli *c)
{
	if (c->status != asked[i].status ||
	    strcmp(c->err, asked[i].err) != 0 ||
	    (asked[i].out ? !strstr(c->out, asked[i].out) : *c->out) ||
	    (asked[i].more && !strstr(c->out, asked[i].more)))
		fail_msg("row %zu: %s: %s: %d\n%s%s", i, who, asked[i].line,
			 c->status, c->out, c->err);
}

static void member(void **state)
{
	static struct cli root;

	(void)state;
	serve_group(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		const struct cli *c;

		root = *cli_run("%s", asked[i].line);
		assert_says(i, "root", &root);
		c = cli_run_as(NOBODY, group_id, "%s", asked[i].line);
		assert_says(i, "a member", c);
		/* the age of an alert is that of the moment */
		if (strncmp(asked[i].line, "alerts", 6) != 0)
			assert_row_string(i, c->out, root.out);
	}
	serve_end();
}

/* in the language of who asks, also what the agent puts into words */
static void japanese(void **state)
{
	const struct cli *c;

	(void)state;
	serve_group(NULL);
	assert_int_equal(vs_i18n_init("ja"), 0);
	c = cli_run_as(NOBODY, group_id, "check");
	assert_int_equal(c->status, 4);
	assert_null(strstr(c->out, "out of sync"));
	assert_non_null(strstr(c->out, "MAC: 00:50:56:00:00:02 - "
			       "\343\203\207\343\203\220\343\202\244"
			       "\343\202\271 ID: 1"));
	c = cli_run_as(NOBODY, group_id, "why vm1");
	assert_int_equal(c->status, 4);
	assert_null(strstr(c->out, "Shut"));
	assert_non_null(strstr(c->out, "  1. R1: "));
	assert_int_equal(vs_i18n_init("en"), 0);
	serve_end();
}

/* what is old is not told as what is true now */
static void too_late(void **state)
{
	const struct serving deaf = { .group = GROUP, .deaf = true };
	static const char *const lines[] = { "check", "why vm1", "check vm1" };

	(void)state;
	serve_how(&deaf);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct cli *c = cli_run_as(NOBODY, group_id, "%s",
						 lines[i]);

		assert_row_string(i, c->err, "vmsafe: the inventory has not "
				  "answered in time; look at status later\n");
		assert_row_string(i, c->out, "");
		assert_int_equal(c->status, 5);
	}
	serve_end();
}

/* a line that comes, of "events --follow" */
static void expect_event(FILE *from, unsigned int id)
{
	char line[65536];
	json_t *json;

	assert_non_null(fgets(line, sizeof(line), from));
	json = json_loads(line, 0, NULL);
	if (json_integer_value(json_object_get(json, "id")) != id)
		fail_msg("not %u: %s", id, line);
	json_decref(json);
}

/* the last ones, then each as it comes */
static void follow(void **state)
{
	gid_t groups[] = { group_id };
	int pipes[2], status;
	FILE *from;
	pid_t pid;

	(void)state;
	if (!getenv("VMSAFE"))
		skip();
	serve_group(NULL);
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		if (setgroups(1, groups) || setgid(NOBODY) || setuid(NOBODY))
			_exit(255);
		execl(getenv("VMSAFE"), "vmsafe", "--json", "events",
		      "--follow", "--limit", "2", NULL);
		_exit(127);
	}
	close(pipes[1]);
	from = fdopen(pipes[0], "r");
	expect_event(from, 368);
	expect_event(from, 368);
	serve_event();
	expect_event(from, 295);
	serve_event();
	expect_event(from, 295);
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(fgetc(from), EOF);
	fclose(from);
	serve_end();
}

/* what is not left to the agent is asked of the Filter Driver, as before */
static void own(void **state)
{
	static const char *const lines[] = {
		"check --grace 0", "check --state none", "check --window none",
		"check --inventory file:/nowhere", "why vm1 --grace 5",
		"why vm1 --state none", "why vm1 --inventory file:/nowhere",
	};

	(void)state;
	serve_group(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct cli *c = cli_run_as(NOBODY, group_id, "%s",
						 lines[i]);

		if (strstr(c->out, "node1"))
			fail_msg("%s: %s", lines[i], c->out);
	}
	serve_end();
}

/* where no agent is, or none for us */
static void alone(void **state)
{
	static struct cli without;
	const struct cli *c;

	(void)state;
	serve_group(NULL);
	setenv("VMSAFE_SOCKET", "none", 1);
	without = *cli_run_as(NOBODY, group_id, "check vm1");
	assert_true(without.status != 4);
	assert_string_not_equal(without.err, "");
	setenv("VMSAFE_SOCKET", serve_path(), 1);
	c = cli_run_as(NOBODY, NOBODY, "check vm1");
	assert_int_equal(c->status, without.status);
	assert_string_equal(c->err, without.err);
	serve_end();
}

/* the agent has refused it: that is said, and nothing else is looked for */
static void refused(void **state)
{
	static const struct {
		const char *line;
		gid_t *group;
		int status;
		const char *why;
	} rows[] = {
		{ "events", NULL, 5, "as a member of the group" },
		{ "alerts", NULL, 5, "as a member of the group" },
		{ "events --limit 10001", &group_id, 1, "10000" },
		{ "events --vm \377", &group_id, 2, "no name of a VM" },
		{ "why \377", &group_id, 2, "no name of a VM" },
		{ "check \002", &group_id, 2, "no name of a VM" },
	};

	(void)state;
	serve_group(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const gid_t *group = rows[i].group;
		const struct cli *c = cli_run_as(NOBODY, group ? *group :
						 NOBODY, "%s", rows[i].line);

		if (c->status != rows[i].status ||
		    !strstr(c->err, rows[i].why))
			fail_msg("%s: %d %s", rows[i].line, c->status, c->err);
		assert_row_string(i, c->out, "");
	}
	serve_end();
}

/* a synchronisation is root's to ask for; others see what they can see */
static void sync_of_ours(void **state)
{
	const struct cli *c;
	json_t *doc;

	(void)state;
	serve_group(NULL);
	c = cli_run_as(NOBODY, group_id, "--json sync");
	assert_non_null(strstr(c->err, "warning: the agent did not do it: "
				       "only root may do that"));
	doc = json_loads(c->out, 0, NULL);
	if (!doc || json_integer_value(json_object_get(doc, "time")) <= 0)
		fail_msg("%d %s %s", c->status, c->out, c->err);
	json_decref(doc);
	serve_end();
}

/* a window of the agent's holds back what it does not hold from --window none
 */
static void held(void **state)
{
	char path[] = "/tmp/vmsafe-unit-XXXXXX";
	struct vs_windows windows;
	struct vs_error error;
	const struct cli *c;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	assert_int_equal(vs_windows_open(&windows, path, &error), 0);
	assert_non_null(vs_windows_add(&windows, "vm1",
				       vs_clock_ms(CLOCK_REALTIME), 1000));
	windows.changed = true;
	assert_int_equal(vs_windows_close(&windows, &error), 0);
	serve_group(path);
	c = cli_run_as(NOBODY, group_id, "check");
	assert_int_equal(c->status, 4);
	assert_null(strstr(c->out, "Event ID"));
	assert_non_null(strstr(c->out, "Events held back by maintenance: 1"));
	c = cli_run_as(NOBODY, group_id, "check --json");
	assert_non_null(strstr(c->out, "\"held\": 1"));
	serve_end();
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(member),
		cmocka_unit_test(japanese),
		cmocka_unit_test(too_late),
		cmocka_unit_test(follow),
		cmocka_unit_test(own),
		cmocka_unit_test(alone),
		cmocka_unit_test(refused),
		cmocka_unit_test(sync_of_ours),
		cmocka_unit_test(held),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
