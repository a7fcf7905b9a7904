// SPDX-License-Identifier: GPL-2.0-only
/* Maintenance windows, and the way to the inventory, as a user sees them. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli.h"
#include "driver/file.h"
#include "recover/window.h"
#include "world.h"

#define WINDOW OUT_DIR "/window_test.json"
#define MEMORY OUT_DIR "/window_test.state"
#define WEB "421e0000-0000-0000-0000-000000000001"

/* VM 1 "web", with a vNIC that no port carries */
#define LACKING "{\"vms\":[{\"uuid\":\"" WEB "\",\"name\":\"web\"," \
	"\"vnics\":[{\"device_id\":0,\"mac\":\"00:50:56:00:00:0B\"}]}]}"
#define EMPTY "{\"vms\":[{\"uuid\":\"" WEB "\",\"name\":\"web\"," \
	"\"vnics\":[]}]}"

static struct cli *check(const char *inventory)
{
	struct vs_snapshot s = {
		.host = "node1", .has_ports = true,
		.foreign = { .asked = true, .tcx = true },
		.reading = { .info = { .state = VS_DRIVER_ONLINE },
			     .listed = true },
	};

	return cli_run("check --state " MEMORY " --window " WINDOW
		       " --driver %s --inventory %s", cli_snapshot(&s),
		       cli_inventory(inventory));
}

static struct cli *maintenance(const char *line)
{
	/* which VMs there are does not depend on where this runs */
	return cli_run("--inventory file:/none maintenance %s --window "
		       WINDOW, line);
}

static int fresh(void **state)
{
	(void)state;
	unlink(WINDOW);
	unlink(MEMORY);
	setenv("TZ", "UTC", 1);
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	return vs_i18n_init("en");
}

static void held_back(void **state)
{
	struct cli *c;

	(void)state;
	assert_int_equal(maintenance("start web --for 2h")->status, 0);
	c = check(LACKING);
	/* what is so is said; that it became so is not */
	assert_int_equal(c->status, VS_EXIT_OUT_OF_SYNC);
	assert_null(strstr(c->out, "Event ID: 368"));
	assert_non_null(strstr(c->out, "held back by maintenance: 1\n"));
	/* told already, so not counted again */
	check(LACKING);
	check(EMPTY);
	c = maintenance("status -o vm,state,held");
	assert_non_null(strstr(c->out, "\nweb open          2\n"));
	c = maintenance("stop");
	assert_int_equal(c->status, 0);
	assert_string_equal(c->out, "Maintenance of web is over; events held "
			    "back: 2 (368 Interfaces Out of Sync: 1, 9000 "
			    "Interfaces In Sync: 1)\n");
	assert_string_equal(maintenance("stop")->out,
			    "there is no maintenance\n");
	assert_non_null(strstr(check(LACKING)->out, "Event ID: 368"));
}

/* what is still so when it ends is told */
static void still_so(void **state)
{
	(void)state;
	maintenance("start");
	assert_null(strstr(check(LACKING)->out, "Event ID: 368"));
	maintenance("stop");
	assert_non_null(strstr(check(LACKING)->out, "Event ID: 368"));
}

static void others(void **state)
{
	(void)state;
	maintenance("start db " WEB);
	assert_null(strstr(check(LACKING)->out, "Event ID: 368"));
	assert_int_equal(maintenance("stop nobody")->status, 1);
	assert_int_equal(maintenance("stop " WEB)->status, 0);
	assert_non_null(strstr(check(LACKING)->out, "Event ID: 368"));
}

/* about the host: never held back */
static void host(void **state)
{
	struct cli *c;

	(void)state;
	maintenance("start");
	cli_inventory(EMPTY);
	c = cli_run("check --state " MEMORY " --window " WINDOW " --driver "
		    OUT_DIR "/cli.driver --inventory file:/none");
	assert_non_null(strstr(c->out, "Event ID: 742"));
}

static int locked(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	return fd;
}

/* everybody may open the folder: who locks that keeps nobody waiting */
static void waits_not(void **state)
{
	struct vs_windows w;
	struct vs_error error;
	int fd = locked(OUT_DIR, O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
	assert_true(w.lock >= 0);
	assert_int_equal(vs_windows_close(&w, &error), 0);
	close(fd);
	fd = locked(WINDOW ".lock", O_RDWR | O_CREAT);
	assert_int_equal(vs_windows_open(&w, WINDOW, &error), -EBUSY);
	assert_string_equal(error.detail, WINDOW
			    ": another process keeps it locked");
	assert_int_equal(vs_windows_close(&w, &error), 0);
	close(fd);
}

/* it ends by itself, and the next check sums up, once */
static void ends(void **state)
{
	struct vs_windows w;
	struct vs_error error;
	struct cli *c;

	(void)state;
	maintenance("start web");
	check(LACKING);
	assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
	w.v[0].end = vs_now() - 1;
	w.changed = true;
	assert_int_equal(vs_windows_close(&w, &error), 0);
	c = check(LACKING);
	assert_non_null(strstr(c->out, "Maintenance of web is over; events "
				       "held back: 1 ("));
	assert_non_null(strstr(c->out, "Event ID: 368"));
	c = check(LACKING);
	assert_null(strstr(c->out, "Maintenance"));
}

/* as if the clock had been put forward by that much since it was written */
static void put_forward(json_int_t ms, const char *boot)
{
	json_t *doc = json_load_file(WINDOW, 0, NULL);
	json_t *booted = json_object_get(doc, "booted");

	assert_true(json_is_integer(booted));
	json_integer_set(booted, json_integer_value(booted) - ms);
	if (boot)
		json_object_set_new(doc, "boot", json_string(boot));
	assert_int_equal(json_dump_file(doc, WINDOW, 0), 0);
	json_decref(doc);
}

/* whoever sets the clock does not end it, nor does it last longer */
static void clock_is_set(void **state)
{
	static const json_int_t rows[] = {
		0, 500, 86400000, -86400000, 3600000, -1,
	};
	struct vs_windows w;
	struct vs_error error;
	vs_time start, end;

	(void)state;
	maintenance("start web --for 1h");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		vs_time by = llabs(rows[i]) > 1000 ? rows[i] : 0, off;

		assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
		start = w.v[0].start;
		end = w.v[0].end;
		w.changed = true;
		assert_int_equal(vs_windows_close(&w, &error), 0);
		put_forward(rows[i], NULL);
		assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
		off = w.v[0].start - start - by;
		assert_row(i, llabs(off) < 1000);
		assert_row(i, w.v[0].end - w.v[0].start == end - start);
		assert_int_equal(vs_windows_close(&w, &error), 0);
	}
	/* another boot had another time */
	put_forward(86400000, "0123456789abcdef0123456789abcdef");
	assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
	assert_true(llabs(w.v[0].end - end) < 5000);
	assert_int_equal(vs_windows_close(&w, &error), 0);
	/* nor is a time that cannot be one */
	put_forward(INT64_MAX, NULL);
	assert_int_equal(vs_windows_open(&w, WINDOW, &error), 0);
	assert_int_equal(vs_windows_close(&w, &error), 0);
}

/* what nobody knows is refused, unless that cannot be known */
static void mistyped(void **state)
{
	struct cli *c;

	(void)state;
	check(LACKING);
	c = maintenance("start web wbe --driver " OUT_DIR "/cli.driver "
			"--inventory file:" OUT_DIR "/cli.inventory");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_string_equal(c->out, "");
	assert_non_null(strstr(c->err, "knows a VM \"wbe\"; "));
	assert_int_not_equal(access(WINDOW, F_OK), 0);
	c = maintenance("start web " WEB " --driver " OUT_DIR "/cli.driver "
			"--inventory file:" OUT_DIR "/cli.inventory");
	assert_int_equal(c->status, 0);
	c = maintenance("start wbe --driver " OUT_DIR "/cli.driver "
			"--inventory file:/none");
	assert_int_equal(c->status, 0);
}

/* what could not be written is not said to be so */
static void unwritten(void **state)
{
	struct cli *c;

	(void)state;
	c = cli_run("maintenance start --window /proc/none/window.json");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_string_equal(c->out, "");
	assert_true(*c->err);
	c = cli_run("maintenance start --json --window /proc/none/w.json");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_string_equal(c->out, "");
}

static void wrong(void **state)
{
	static const char *const rows[] = {
		"start --for 5", "start --for 8d", "start --for 0m",
		"start --for", "start a\x01", "status web", "",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, maintenance(rows[i])->status == VS_EXIT_USAGE);
	assert_int_not_equal(access(WINDOW, F_OK), 0);
}

/* a file that is damaged hides nothing, and is replaced by the next start */
static void damaged(void **state)
{
	static const char *const rows[] = {
		"", "[]", "{\"version\":2,\"windows\":[]}",
		"{\"version\":1,\"windows\":[{}]}",
		"{\"version\":1,\"windows\":[{\"start\":0,\"end\":"
		"9999999999999,\"held\":[{\"id\":0,\"count\":1}]}]}",
		"{\"version\":1,\"windows\":[{\"vm\":\"\",\"start\":0,"
		"\"end\":9999999999999,\"held\":[]}]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		FILE *f = fopen(WINDOW, "w");
		struct cli *c;

		fputs(rows[i], f);
		fclose(f);
		c = check(LACKING);
		assert_row(i, strstr(c->out, "Event ID: 368"));
		assert_row(i, *c->err);
		assert_row(i, maintenance("start web")->status == 0);
		assert_row(i, !*check(LACKING)->err);
	}
}

static void reaching(void **state)
{
	struct cli *c;

	(void)state;
	c = cli_run("connectivity --inventory libvirt:test:///default "
		    "-o step,result");
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->out, "shake hands with it     ok\n"));
	assert_non_null(strstr(c->out, "read the list           ok\n"));
	c = cli_run("connectivity --inventory %s -o step,result,detail",
		    cli_inventory(EMPTY));
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->out, "VMs: 1, vNICs: 0"));
	c = cli_run("connectivity --inventory file:/none -o step,result");
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	assert_non_null(strstr(c->out, "read the list           fail\n"));
	c = cli_run("connectivity -o step,result --inventory "
		    "libvirt:qemu+unix:///system?socket=/does/not/exist");
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	assert_non_null(strstr(c->out, "connect to its socket   fail\n"));
	assert_non_null(strstr(c->out, "shake hands with it     untried\n"));
	c = cli_run("connectivity --inventory ftp:x");
	assert_int_equal(c->status, VS_EXIT_USAGE);
}

/* nothing is done on the word of a snapshot, but it can be thought about */
static void snapshot(void **state)
{
	struct cli *c;

	(void)state;
	check(LACKING);
	c = cli_run("recover web --driver " OUT_DIR "/cli.driver --inventory "
		    "file:" OUT_DIR "/cli.inventory --connect "
		    "test:///default");
	assert_int_equal(c->status, VS_EXIT_USAGE);
	c = cli_run("recover web R0 --dry-run --driver " OUT_DIR
		    "/cli.driver --inventory file:" OUT_DIR "/cli.inventory");
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->out, "web: out of sync (only the Manager "
				       "has it)\nR0: wait a few minutes: it "
				       "passes by itself\n"));
	/* R1 and R2 fit, but libvirt does not know it */
	c = cli_run("recover web --dry-run --driver " OUT_DIR "/cli.driver "
		    "--inventory file:" OUT_DIR "/cli.inventory --connect "
		    "test:///default");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_non_null(strstr(c->out, "R1 cannot be done: "));
	c = cli_run("recover web R99");
	assert_int_equal(c->status, VS_EXIT_USAGE);
	c = cli_run("recover");
	assert_int_equal(c->status, VS_EXIT_USAGE);
}

#define T(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(held_back), T(still_so), T(others), T(host), T(ends),
		T(clock_is_set),
		T(waits_not),
		T(mistyped), T(unwritten), T(wrong), T(damaged),
		T(reaching), T(snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
