// SPDX-License-Identifier: GPL-2.0-only
/* The history and the engine's memory over restarts, clean and not. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/alert.h"
#include "store.h"
#include "store/model.h"
#include "world.h"

#define VMS 6

/* what a run over the same facts says, from an engine that knew nothing */
static void look(struct vs_history *h, struct world *w)
{
	struct vs_error error;

	vs_history_begin(h, &error);
	world_after(w, 1000);
	for (char *line = strtok(w->said, "\n"); line;
	     line = strtok(NULL, "\n")) {
		unsigned int id = strtoul(line, &line, 10), vm = 0;

		if (strncmp(line, " vm", 3) == 0)
			vm = strtoul(line + 3, NULL, 10);
		vs_history_add(h, store_event(id, w->now, vm));
	}
	vs_history_save(h, w->e);
	vs_history_commit(h, &error);
}

/* in round n, a VM comes out of sync or gets back */
static void facts(struct world *w, unsigned int round)
{
	world_ready(w);
	for (unsigned int vm = 1; vm <= VMS; vm++) {
		bool bound = !(round & (1u << (vm - 1)));

		world_vm(w, vm);
		world_vnic(w, vm, 0, vm);
		if (bound)
			world_bound(w, vm, vm, 0, vm);
	}
}

/* a whole life: start, remember, one look, end */
static void life(struct vs_history *h, unsigned int round)
{
	struct vs_error error = { 0 };
	struct world w;

	world_open(&w, 0, 1);
	w.now = 1000000 + round * 10000;
	assert_int_equal(vs_history_restore(h, w.e, &error), 0);
	facts(&w, round);
	look(h, &w);
	world_close(&w);
}

static int check_order(void *ctx, uint64_t seq, const struct vs_event *event)
{
	int *open = ctx;
	unsigned int vm = strtoul(event->vm_name + 2, NULL, 10);

	(void)seq;
	/* out of sync and in sync take turns: none lost, none doubled */
	assert_true(vm >= 1 && vm <= VMS);
	assert_int_equal(event->id, open[vm] ? 9000 : 368);
	open[vm] = !open[vm];
	return 0;
}

static void check_history(const char *path, unsigned int round)
{
	struct vs_history *h = store_open(path);
	struct vs_history_query q = { 0 };
	struct vs_error error;
	int open[VMS + 1] = { 0 };

	life(h, round);
	assert_int_equal(vs_history_each(h, &q, check_order, open, &error),
			 0);
	for (unsigned int vm = 1; vm <= VMS; vm++)
		assert_int_equal(open[vm], !!(round & (1u << (vm - 1))));
	vs_history_close(h);
}

/** struct fuse - at which statement a process ends */
struct fuse {
	int left;
};

static int burn(unsigned int type, void *ctx, void *p, void *x)
{
	struct fuse *fuse = ctx;

	(void)type;
	(void)p;
	(void)x;
	if (!fuse->left--)
		_exit(7);
	return 0;
}

/* S04: the process ends before its n-th statement, for every n */
static void every_statement(void **state)
{
	const char *path = store_path();
	int status = 7, n;

	(void)state;
	vs_history_close(store_open(path));
	for (n = 0; status == 7; n++) {
		unsigned int round = n % 2 ? 0x2a : 0x15;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid) {
			struct vs_history *h = store_open(path);
			struct fuse fuse = { n };

			sqlite3_trace_v2(h->db, SQLITE_TRACE_STMT, burn,
					 &fuse);
			life(h, round);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		status = WEXITSTATUS(status);
		check_history(path, round);
	}
	assert_int_equal(status, 0);
	/* there were statements to end before */
	assert_true(n > 10);
}

static unsigned int killed_seed(void)
{
	const char *seed = getenv("UNIT_SEED");
	unsigned int n = getpid();

	if (seed)
		n = strtoul(seed, NULL, 10);
	print_message("UNIT_SEED=%u\n", n);
	return n;
}

/* S04: kill -9 at random moments of an endless churn */
static void killed(void **state)
{
	const char *path = store_path();
	unsigned int seed = killed_seed();

	(void)state;
	vs_history_close(store_open(path));
	for (int i = 0; i < 25; i++) {
		char byte;
		int pipes[2], status;
		pid_t pid;

		assert_int_equal(pipe(pipes), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (!pid) {
			struct vs_history *h = store_open(path);

			for (unsigned int round = 1;; round++) {
				life(h, round * 7 % 64);
				if (write(pipes[1], "", 1) != 1)
					_exit(1);
			}
		}
		close(pipes[1]);
		/* it is well on its way */
		for (int j = 0; j < 3; j++)
			assert_int_equal(read(pipes[0], &byte, 1), 1);
		usleep(rand_r(&seed) % 20000);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		close(pipes[0]);
		check_history(path, rand_r(&seed) % 64);
	}
}

static long size_of(const char *path)
{
	return store_number(path, "PRAGMA page_count");
}

/* S05: 100 restarts: nothing is said again, nothing grows */
static void restarted(void **state)
{
	const char *path = store_path();
	struct vs_history *h;
	long size = 0;
	struct stat st;
	char wal[128];

	(void)state;
	for (int i = 0; i < 100; i++) {
		h = store_open(path);
		life(h, 0x15);
		assert_int_equal(store_count(h), 3);
		vs_history_close(h);
		if (i == 1)
			size = size_of(path);
	}
	assert_int_equal(size_of(path), size);
	assert_int_equal(store_number(path, "SELECT count(*) FROM alert"), 3);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &st), -1);
}

/* a difference that is pending stays so old as it is */
static void pending(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_error error;
	struct world w;

	(void)state;
	world_open(&w, 10000, 1);
	facts(&w, 1);
	look(h, &w);
	assert_int_equal(store_count(h), 0);
	world_close(&w);
	vs_history_close(h);
	assert_int_equal(store_number(path, "SELECT count(*) FROM pending"),
			 1);
	h = store_open(path);
	world_open(&w, 10000, 1);
	w.now += 8000;
	assert_int_equal(vs_history_restore(h, w.e, &error), 0);
	facts(&w, 1);
	look(h, &w);
	assert_int_equal(store_count(h), 0);
	w.now += 1500;
	look(h, &w);
	assert_int_equal(store_count(h), 1);
	world_close(&w);
	vs_history_close(h);
	assert_int_equal(store_number(path, "SELECT count(*) FROM pending"),
			 0);
}

static int alert_line(void *ctx, const struct vs_alert *alert)
{
	char *text = ctx;

	sprintf(text + strlen(text), "%u/%u %s %zu\n", alert->id, alert->form,
		alert->vm_name ? alert->vm_name : "-", alert->n_differences);
	return 0;
}

/* open alerts of every kind, told by a reader; damaged ones cost no other */
static void alerts(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path), *reader;
	struct vs_error error;
	struct world w;
	char text[512] = "";

	(void)state;
	world_open(&w, 0, 1);
	facts(&w, 1);
	world_plugged(&w, 40, 0, 0, 0);
	world_plugged(&w, 41, 0, 0, 0);
	world_unbound(&w, 40);
	world_unbound(&w, 41);
	look(h, &w);
	world_fail(&w, VS_SOURCE_MANAGER);
	look(h, &w);
	world_driver(&w, VS_DRIVER_APPLIANCE_LOST);
	look(h, &w);
	reader = store_reader(path);
	assert_int_equal(vs_history_each_alert(reader, alert_line, text,
					       &error), 0);
	assert_string_equal(text, "368/1 vm1 1\n368/1 - 1\n368/1 - 1\n"
			    "368/3 - 0\n742/0 - 0\n5008/0 - 0\n");
	world_close(&w);
	vs_history_close(h);
	store_sql(path, "UPDATE alert SET data = 'x' WHERE key LIKE '742%'");
	*text = '\0';
	assert_int_equal(vs_history_each_alert(reader, alert_line, text,
					       &error), -EUCLEAN);
	assert_non_null(strstr(text, "5008/0"));
	assert_null(strstr(text, "742"));
	assert_true(error.op);
	vs_history_close(reader);
	h = store_open(path);
	world_open(&w, 0, 1);
	assert_int_equal(vs_history_restore(h, w.e, &error), -EUCLEAN);
	assert_true(error.op);
	world_close(&w);
	vs_history_close(h);
}

/* the Manager's list, from one engine through the file to another */
static void inventory(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_vm_fact off = world_vm_fact(9);
	struct vs_feed feed;
	struct vs_error error;
	struct vs_vm_view view;
	struct world w, other;
	vs_time read_at = 0;
	struct stat a, b;
	char wal[128];

	(void)state;
	world_open(&w, 0, 1);
	world_open(&other, 0, 1);
	feed = vs_engine_feed(other.e);
	assert_int_equal(vs_history_inventory_load(h, &feed, &read_at,
						   &error), -ENOENT);
	facts(&w, 0);
	world_vnic(&w, 2, 1, 77);
	off.power = VS_POWER_SUSPENDED;
	off.host = "node2";
	off.is_template = true;
	off.name = "\xe4\xbb\xae\xe6\x83\xb3'; DROP TABLE event; --";
	vs_engine_set_vm(w.e, &off);
	world_after(&w, 1000);
	assert_int_equal(vs_history_inventory_save(h, w.e, 4711, &error), 0);
	/* the same once more writes nothing */
	snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &a), 0);
	assert_int_equal(vs_history_inventory_save(h, w.e, 4711, &error), 0);
	assert_int_equal(stat(wal, &b), 0);
	assert_int_equal(a.st_size, b.st_size);
	vs_history_close(h);
	h = store_open(path);
	vs_engine_begin(other.e, VS_SOURCE_MANAGER);
	assert_int_equal(vs_history_inventory_load(h, &feed, &read_at,
						   &error), 0);
	assert_int_equal(read_at, 4711);
	vs_engine_commit(other.e, VS_SOURCE_MANAGER,
			 &(struct vs_list_info){ .read_at = read_at });
	world_after(&other, 1000);
	assert_int_equal(vs_engine_vm(other.e, &off.uuid, &view), 0);
	assert_string_equal(view.name, off.name);
	assert_string_equal(view.host, "node2");
	assert_true(view.is_template && view.in_manager);
	assert_int_equal(view.power, VS_POWER_SUSPENDED);
	strcpy(error.detail, world_vnics(&w, 2));
	/* no Filter Driver there: the Manager's side is what can be compared */
	assert_non_null(strstr(world_vnics(&other, 2), "1:4d"));
	/* VMs that are gone go from the file */
	vs_engine_del_vm(w.e, &off.uuid);
	world_after(&w, 1000);
	assert_int_equal(vs_history_inventory_save(h, w.e, 4712, &error), 0);
	assert_int_equal(store_number(path, "SELECT count(*) FROM inventory"),
			 VMS + 1);
	store_sql(path, "UPDATE inventory SET data = '{}' WHERE key LIKE "
		  "'421e%3'");
	assert_int_equal(vs_history_inventory_load(h, &feed, &read_at,
						   &error), -EUCLEAN);
	vs_history_close(h);
	world_close(&w);
	world_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement),
		cmocka_unit_test(killed),
		cmocka_unit_test(restarted),
		cmocka_unit_test(pending),
		cmocka_unit_test(alerts),
		cmocka_unit_test(inventory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
