// SPDX-License-Identifier: GPL-2.0-only
/*
 * core/ and the file inventory at 100,000 VMs with 200,000 vNICs. What is
 * asserted is memory and correctness; times are printed, for whoever compares
 * them on one machine. Each case is a process of its own, so that each has
 * its own peak of memory.
 */
#include "unit.h"

#include <endian.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/engine.h"
#include "inventory/inventory.h"

#define VMS 100000
#define VNICS (VMS * 2)
#define FILE_PATH OUT_DIR "/inv-100k.json"
#define MB 1024L	/* of ru_maxrss's kilobytes */

static double seconds(void)
{
	struct timespec t;

	/* time on the CPU: others may be at work on the machine */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static long peak(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return r.ru_maxrss;
}

/* UUIDs as random ones are, the same in every run */
static struct vs_uuid make_uuid(uint32_t vm)
{
	uint64_t x = vm * 0x9e3779b97f4a7c15u + 1, y = x * 0xbf58476d1ce4e5b9u;
	struct vs_uuid u;

	x ^= x >> 31;
	memcpy(u.b, &x, 8);
	memcpy(u.b + 8, &y, 8);
	memcpy(u.b + 12, &vm, 4);
	return u;
}

/* written at once: reading what was written in pieces costs more than it */
static struct vs_mac vnic_mac(uint32_t n)
{
	uint64_t x = htole64(2 | (uint64_t)htobe32(n) << 16);
	struct vs_mac mac;

	memcpy(&mac, &x, sizeof(mac));
	return mac;
}

/* made beforehand: making them is no part of what is measured */
static char names[VMS][24];
static struct vs_uuid uuids[VMS];

static void feed_manager(struct vs_engine *e)
{
	for (uint32_t vm = 0; vm < VMS; vm++) {
		struct vs_vm_fact fact = {
			.uuid = uuids[vm], .name = names[vm],
		};

		vs_engine_set_vm(e, &fact);
		for (uint32_t i = 0; i < 2; i++) {
			const struct vs_vnic_fact vnic = {
				.vm = fact.uuid, .device_id = i,
				.mac = vnic_mac(vm * 2 + i),
			};

			vs_engine_set_vnic(e, &vnic);
		}
	}
}

static void make_driver_fact(struct vs_driver_fact *f, uint32_t n,
			     const char *name)
{
	*f = (struct vs_driver_fact){
		.ifindex = n + 1, .creation_id = n + 1, .port = "vnet",
		.mode = VS_MODE_ENFORCING, .bound = true,
		.vm = uuids[n / 2], .vm_name = name,
		.device_id = n % 2, .mac = vnic_mac(n),
	};
}

static void feed_driver(struct vs_engine *e)
{
	struct vs_driver_fact f;

	for (uint32_t n = 0; n < VNICS; n++) {
		make_driver_fact(&f, n, names[n / 2]);
		vs_engine_set_driver_port(e, &f);
	}
}

static void feed_host(struct vs_engine *e)
{
	for (uint32_t n = 0; n < VNICS; n++) {
		struct vs_host_fact f = {
			.ifindex = n + 1, .port = "vnet", .pid = n + 1,
			.plugged = true, .vm = uuids[n / 2],
			.vm_name = names[n / 2], .device_id = n % 2,
			.mac = vnic_mac(n),
		};

		vs_engine_set_host_port(e, &f);
	}
}

static double feed(struct vs_engine *e, enum vs_source source)
{
	static void (*const how[])(struct vs_engine *e) = {
		feed_manager, feed_driver, feed_host
	};
	const struct vs_list_info info = { 0 };
	double start = seconds();

	vs_engine_begin(e, source);
	how[source](e);
	vs_engine_commit(e, source, &info);
	return (seconds() - start) * 1e3;
}

/* for scripts/bench */
static void figure(const char *name, double value)
{
	printf("# figure %s %.2f\n", name, value);
}

static void count_event(void *ctx, const struct vs_event *ev)
{
	(void)ev;
	++*(size_t *)ctx;
}

static double evaluate(struct vs_engine *e, vs_time now, size_t *events)
{
	double start = seconds();

	*events = 0;
	vs_engine_evaluate(e, now, count_event, events);
	return (seconds() - start) * 1e3;
}

static struct vs_engine *engine_open(void)
{
	const struct vs_engine_config config = { .hash_seed = 42 };

	return vs_engine_new(&config);
}

static bool all_in(const struct vs_engine *e, enum vs_state state)
{
	struct vs_host_view host;

	vs_engine_host(e, &host);
	return host.vms[state] == VMS && host.vnics[state] == VNICS;
}

/* one vNIC changes, again and again: what does one change cost? */
static double one_change(struct vs_engine *e, size_t *events)
{
	double start = seconds();
	struct vs_driver_fact f;
	size_t sum = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		make_driver_fact(&f, (i + !(i % 2)) * 7919 % VNICS, "web");
		f.mac.b[1] = i % 2 == 0;
		vs_engine_set_driver_port(e, &f);
		vs_engine_evaluate(e, i, count_event, &sum);
	}
	*events = sum;
	return (seconds() - start) / 20000 * 1e6;
}

static bool reconcile(void)
{
	struct vs_engine *e = engine_open();
	double start = seconds(), ms[VS_SOURCE_COUNT], all, again, changed;
	size_t events;
	bool good;

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		ms[i] = feed(e, i);
	all = evaluate(e, 1, &events);
	good = !events && all_in(e, VS_STATE_IN_SYNC);
	printf("# fed: Manager %.0f ms, driver %.0f ms, host %.0f ms; "
	       "evaluated: %.1f ms; together %.0f ms, %ld MB\n",
	       ms[0], ms[1], ms[2], all, (seconds() - start) * 1e3,
	       peak() / MB);
	good &= peak() < 120 * MB;
	figure("reconcile", (seconds() - start) * 1e3);
	figure("reconcile-memory", peak() / MB);

	changed = one_change(e, &events);
	printf("# one vNIC changed: %.2f us (%zu events)\n", changed, events);
	figure("one-change", changed);
	good &= events == 20000;

	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		ms[i] = feed(e, i);
	evaluate(e, 2, &events);
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		ms[i] = feed(e, i);
	again = evaluate(e, 3, &events);
	good &= !events && all_in(e, VS_STATE_IN_SYNC);
	printf("# the same lists again: Manager %.0f ms, driver %.0f ms, "
	       "host %.0f ms; evaluated: %.3f ms\n", ms[0], ms[1], ms[2],
	       again);
	vs_engine_free(e);
	return good;
}

/* the Manager and the driver alone, as offline */
static bool reconcile_two(void)
{
	struct vs_engine *e = engine_open();
	double start = seconds(), m, d, all;
	size_t events;
	bool good;

	m = feed(e, VS_SOURCE_MANAGER);
	d = feed(e, VS_SOURCE_DRIVER);
	all = evaluate(e, 1, &events);
	good = !events && all_in(e, VS_STATE_IN_SYNC) && peak() < 120 * MB;
	printf("# two lists: fed %.0f + %.0f ms; evaluated %.1f ms; "
	       "together %.0f ms, %ld MB\n", m, d, all,
	       (seconds() - start) * 1e3, peak() / MB);
	return good;
}

/* nothing is bound: the worst there can be, and every VM has an event */
static bool everything_differs(void)
{
	const struct vs_list_info info = { 0 };
	struct vs_engine *e = engine_open();
	double one, two;
	size_t events;
	bool good;

	feed(e, VS_SOURCE_MANAGER);
	vs_engine_begin(e, VS_SOURCE_DRIVER);
	vs_engine_commit(e, VS_SOURCE_DRIVER, &info);
	one = evaluate(e, 1, &events);
	good = events == VMS && all_in(e, VS_STATE_OUT_OF_SYNC);
	feed(e, VS_SOURCE_DRIVER);
	two = evaluate(e, 2, &events);
	good &= events == VMS && all_in(e, VS_STATE_IN_SYNC);
	printf("# all out of sync: %.0f ms; all in sync again: %.0f ms; "
	       "%ld MB\n", one, two, peak() / MB);
	return good && peak() < 120 * MB;
}

static void write_file(void)
{
	FILE *f = fopen(FILE_PATH, "w");

	fputs("{\n  \"vms\": [\n", f);
	for (uint32_t vm = 0; vm < VMS; vm++) {
		struct vs_uuid u = uuids[vm];
		char uuid[VS_UUID_STR], mac[2][VS_MAC_STR];
		struct vs_mac m[2] = { vnic_mac(vm * 2), vnic_mac(vm * 2 + 1) };

		fprintf(f, "    {\n      \"uuid\": \"%s\",\n"
			"      \"name\": \"web-server-%u\",\n"
			"      \"host\": \"node1\",\n"
			"      \"power\": \"running\",\n"
			"      \"protected\": true,\n      \"vnics\": [\n"
			"        { \"device_id\": 0, \"mac\": \"%s\" },\n"
			"        { \"device_id\": 1, \"mac\": \"%s\" }\n"
			"      ]\n    }%s\n", vs_uuid_format(&u, uuid), vm,
			vs_mac_format(&m[0], mac[0]),
			vs_mac_format(&m[1], mac[1]),
			vm < VMS - 1 ? "," : "");
	}
	fputs("  ]\n}\n", f);
	fclose(f);
}

/* the inventory from a file, then the driver's list, then the verdict */
static bool from_file(void)
{
	struct vs_engine *e = engine_open();
	struct vs_inventory *inv;
	struct vs_error error;
	double start, loaded;
	size_t events;
	bool good;

	start = seconds();
	if (vs_inventory_open("file:" FILE_PATH, &inv, &error) ||
	    vs_inventory_sync(inv, e, 0, &error))
		return false;
	loaded = seconds() - start;
	printf("# file of 100,000 VMs loaded: %.2f s, %ld MB\n", loaded,
	       peak() / MB);
	good = peak() < 200 * MB;
	feed(e, VS_SOURCE_DRIVER);
	evaluate(e, 1, &events);
	good &= !events && all_in(e, VS_STATE_IN_SYNC);
	vs_inventory_close(inv);
	vs_engine_free(e);
	return good;
}

static void apart(bool (*what)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		bool good = what();

		fflush(stdout);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void full_reconcile(void **state)
{
	(void)state;
	apart(reconcile);
}

static void two_lists(void **state)
{
	(void)state;
	apart(reconcile_two);
}

static void all_differ(void **state)
{
	(void)state;
	apart(everything_differs);
}

static void file_inventory(void **state)
{
	(void)state;
	write_file();
	apart(from_file);
	unlink(FILE_PATH);
}

/* the argument: which test; none: all */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_reconcile),
		cmocka_unit_test(two_lists),
		cmocka_unit_test(all_differ),
		cmocka_unit_test(file_inventory),
	};

	for (uint32_t vm = 0; vm < VMS; vm++) {
		snprintf(names[vm], sizeof(names[vm]), "web-server-%u", vm);
		uuids[vm] = make_uuid(vm);
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
