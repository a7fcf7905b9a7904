// SPDX-License-Identifier: GPL-2.0-only
/* Which inventory vmsafe reads: what was given, the agent's, its file's. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "cli/inventory.h"
#include "serve.h"

#define NOBODY 65534

#define CONF OUT_DIR "/inventory.conf"
#define WINDOW OUT_DIR "/inventory.window"
#define DB OUT_DIR "/inventory.db"

/* what the agent that serve() runs says that it reads */
#define OF_AGENT "/nowhere"
#define OF_CONF "/elsewhere"

static const char good[] = "[inventory]\nuri = file:" OF_CONF "\n";
/* wrong in two places, and yet it names the inventory */
static const char bad[] = "[inventory]\nuri = file:" OF_CONF "\n"
			  "refresh = soon\ncolour = red\n";

static int begin(void **state)
{
	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	return vs_i18n_init("en");
}

static void configure(const char *text)
{
	FILE *f = fopen(CONF, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	setenv("VMSAFE_CONF", CONF, 1);
	setenv("VMSAFE_SOCKET", "none", 1);
}

/* those that say what they have read */
static const char *const tellers[] = {
	"connectivity --timeout 1", "doctor", "vm list --source manager",
	"vnic list --source manager", "check --state none",
};

static void assert_reads(const char *options, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(tellers); i++) {
		const struct cli *c = cli_run("%s%s", options, tellers[i]);

		if (!strstr(c->out, path) && !strstr(c->err, path))
			fail_msg("%s%s: not %s: %s%s", options, tellers[i],
				 path, c->out, c->err);
		if (strstr(c->err, "warning"))
			fail_msg("%s%s: %s", options, tellers[i], c->err);
	}
}

static void chosen(void **state)
{
	const struct serving how = { 0 };

	(void)state;
	configure(good);
	assert_reads("", OF_CONF);
	assert_reads("--inventory file:/given ", "/given");
	serve(&how);
	setenv("VMSAFE_SOCKET", serve_path(), 1);
	assert_reads("", OF_AGENT);
	assert_reads("--inventory file:/given ", "/given");
	serve_end();
	/* its socket is there still, and nobody at it */
	assert_reads("", OF_CONF);
}

/* nothing says another: a file that says nothing, none to be read */
static void usual(void **state)
{
	const struct cli *c;

	(void)state;
	configure("#\n");
	c = cli_run("connectivity --timeout 1");
	assert_non_null(strstr(c->out, "qemu:///system"));
	assert_null(strstr(c->err, "warning"));
	configure(good);
	setenv("VMSAFE_CONF", "none", 1);
	c = cli_run("connectivity --timeout 1");
	assert_non_null(strstr(c->out, "qemu:///system"));
	assert_null(strstr(c->err, "warning"));
}

static void assert_hypervisor(const char *inventory, const char *uri)
{
	char *found = vs_cli_hypervisor(inventory);

	if (uri)
		assert_string_equal(found, uri);
	else
		assert_null(found);
	free(found);
}

/* whose domains the VMs are of an inventory that is not libvirt's */
static void hypervisor(void **state)
{
	struct cli *c;

	(void)state;
	configure("[binder]\nhypervisor = test:///default\n");
	assert_hypervisor("file:" OF_CONF, "test:///default");
	assert_hypervisor("libvirt:qemu:///session", "qemu:///session");
	c = cli_run("recover test R1 --dry-run --inventory %s",
		    cli_inventory("{\"vms\":[]}"));
	assert_int_equal(c->status, VS_EXIT_FINE);
	assert_non_null(strstr(c->out, "save test with its memory to disk"));
	configure("[binder]\nhypervisor = none\n");
	assert_hypervisor("file:" OF_CONF, NULL);
	/* wrong elsewhere, and yet it names one */
	configure("[binder]\nhypervisor = test:///default\nbind = maybe\n");
	assert_hypervisor("file:" OF_CONF, "test:///default");
	setenv("VMSAFE_CONF", OUT_DIR "/not/there", 1);
	assert_hypervisor("file:" OF_CONF, "qemu:///system");
	setenv("VMSAFE_CONF", "none", 1);
	assert_hypervisor("vsphere://a@b/", "qemu:///system");
}

/* a snapshot is of any host: what this one's agent reads is not meant */
static void snapshot(void **state)
{
	const struct vs_snapshot s = {
		.saved = 1, .host = "node1", .kernel = "6.1",
	};
	const char *driver = cli_snapshot(&s);
	const struct cli *c;

	(void)state;
	configure(bad);
	c = cli_run("--driver %s vm list --source manager", driver);
	assert_null(strstr(c->err, OF_CONF));
	assert_null(strstr(c->err, "warning"));
}

/* which commands read the inventory: these look for it, others do not */
static const struct {
	const char *line;
	bool asks;
} commands[] = {
	{ "connectivity", true },
	{ "doctor", true },
	{ "vm list --source manager", true },
	{ "vnic list --source manager", true },
	{ "check --state none", true },
	{ "why web --state none", true },
	{ "sync --db " DB, true },
	{ "recover web R9 --dry-run", true },
	{ "maintenance start web --for 5m --window " WINDOW " --db " DB,
	  true },
	{ "maintenance status --window " WINDOW, false },
	{ "maintenance start --for 5m --window " WINDOW " --db " DB, false },
	{ "maintenance stop --window " WINDOW " --db " DB, false },
	{ "status", false },
	{ "vm list", false },
	{ "vnic list", false },
	{ "host show", false },
	{ "summarize", false },
	{ "connectivity --help", false },
	{ "connectivity one", false },
	{ "check --inventory file:/given --state none", false },
};

#define DOUBT "vmsafe: warning: " CONF ":3: "

static size_t count(const char *s, const char *what)
{
	size_t n = 0;

	while ((s = strstr(s, what))) {
		s += strlen(what);
		n++;
	}
	return n;
}

static void doubt(void **state)
{
	(void)state;
	configure(bad);
	unlink(WINDOW);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct cli *c = cli_run("%s", commands[i].line);

		if (count(c->err, DOUBT) != commands[i].asks ||
		    count(c->err, "warning") != commands[i].asks ||
		    strstr(c->err, ":4: "))
			fail_msg("%s: %s", commands[i].line, c->err);
		if (commands[i].asks && !strstr(c->err, "so the inventory is "
						"taken to be file:" OF_CONF
						", unless --inventory "))
			fail_msg("%s: %s", commands[i].line, c->err);
	}
	unlink(WINDOW);
	unlink(DB);
}

/* R8 says what to restart; of a file that is who writes it */
static void to_restart(void **state)
{
	const struct cli *c;
	const char *file;

	(void)state;
	configure(good);
	file = cli_inventory("{\"vms\":[{\"uuid\":\"6f1d4f0e-5f0a-4c57-9b40-"
			     "0d5a5a5e0a01\",\"name\":\"web\",\"vnics\":[]}]}");
	c = cli_run("recover web R8 --db " DB " --inventory %s", file);
	if (!strstr(c->out, "the inventory is a file, /") ||
	    strstr(c->out, "libvirt"))
		fail_msg("%s%s", c->out, c->err);
	unlink(DB);
}

static void assert_doubts(const struct cli *c, const char *why)
{
	if (count(c->err, why) != 1 || count(c->err, "warning") != 1 ||
	    !strstr(c->err, "the inventory is taken to be "
			    "libvirt:qemu:///system, unless"))
		fail_msg("not %s: %s", why, c->err);
	assert_non_null(strstr(c->out, "qemu:///system"));
}

/* what cannot be read says no inventory, and that is no secret */
static void unreadable(void **state)
{
	static const char *const lines[] = {
		"[inventory]\nuri = what:ever\n", "[inventroy]\nuri = file:/x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		configure(lines[i]);
		assert_doubts(cli_run("connectivity --timeout 1"), CONF ":");
	}
	setenv("VMSAFE_CONF", OUT_DIR "/not/there", 1);
	assert_doubts(cli_run("connectivity --timeout 1"),
		      OUT_DIR "/not/there: No such file or directory; so");
	setenv("VMSAFE_CONF", "/dev", 1);
	assert_doubts(cli_run("connectivity --timeout 1"),
		      "/dev: is not a regular file; so");
}

static void denied(void **state)
{
	char path[] = "/tmp/vmsafe-unit-XXXXXX";
	int fd;

	(void)state;
	if (geteuid())
		skip();
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	configure(good);
	setenv("VMSAFE_CONF", path, 1);
	assert_doubts(cli_run_as(NOBODY, NOBODY, "connectivity --timeout 1"),
		      ": Permission denied; so");
	unlink(path);
}

/* what is dangerous is said of every URI that is used */
static void dangerous(void **state)
{
	const struct cli *c;

	(void)state;
	configure("[inventory]\n"
		  "uri = vsphere://u@127.0.0.1:1/?verify=none\n");
	c = cli_run("vm list --source manager");
	assert_int_equal(count(c->err, "warning"), 1);
	assert_non_null(strstr(c->err, "verify=none"));
	c = cli_run("vm list");
	assert_int_equal(count(c->err, "warning"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen),
		cmocka_unit_test(usual),
		cmocka_unit_test(snapshot),
		cmocka_unit_test(hypervisor),
		cmocka_unit_test(doubt),
		cmocka_unit_test(to_restart),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(denied),
		cmocka_unit_test(dangerous),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
