// SPDX-License-Identifier: GPL-2.0-only
/* "vmsafe check": what it says, when, once or again, and its exit status. */
#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "world.h"

#define WEB "421e0000-0000-0000-0000-000000000001"
#define DB "421e0000-0000-0000-0000-000000000002"
#define MEMORY OUT_DIR "/check_test.state"

/* VMs 1 "web" and 2 "db" with a vNIC each, 11 and 22, bound to 3 and 4 */
#define VM(uuid, name, mac) \
	"{\"uuid\":\"" uuid "\",\"name\":\"" name "\",\"vnics\":" \
	"[{\"device_id\":0,\"mac\":\"00:50:56:00:00:" mac "\"}]}"
/* 64 bytes */
#define LONG "webserver-of-the-third-floor-in-the-building-behind-the-old-mill"
#define BOTH "{\"vms\":[" VM(WEB, "web", "0B") "," VM(DB, "db", "16") "]}"
#define OTHER_MAC "{\"vms\":[" VM(WEB, "web", "0C") "," \
	VM(DB, "db", "16") "]}"
#define BOTH_OTHER "{\"vms\":[" VM(WEB, "web", "0C") "," \
	VM(DB, "db", "17") "]}"
#define ONE_MORE "{\"vms\":[" VM(WEB, "web", "0B") "," VM(DB, "db", "16") \
	",{\"uuid\":\"421e0000-0000-0000-0000-000000000003\"," \
	"\"name\":\"web\",\"vnics\":[]}]}"

static void bound(struct vs_driver_table *t, unsigned int vm,
		  unsigned int ifindex, unsigned int mac, const char *name)
{
	struct vs_driver_vnic *v = vs_vnics_add(&t->vnics);
	struct vs_driver_vm *entry = vs_vms_add(&t->vms);

	entry->uuid = world_uuid(vm);
	v->vm_uuid = world_uuid(vm);
	strcpy(entry->name, name);
	strcpy(v->vm_name, name);
	sprintf(v->ifname, "tap%u", ifindex);
	v->id = ifindex;
	v->ifindex = ifindex;
	v->mac = world_mac(mac);
	v->mode = VMSAFE_NET_MODE_ENFORCING;
	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
}

static struct vs_snapshot online(void)
{
	struct vs_snapshot s = {
		.host = "node1", .has_ports = true,
		.foreign = { .asked = true, .tcx = true },
		.reading = { .info = { .state = VS_DRIVER_ONLINE },
			     .listed = true },
	};

	bound(&s.reading.table, 1, 3, 11, "web");
	bound(&s.reading.table, 2, 4, 22, "db");
	return s;
}

static const char *driver_is(enum vs_driver_state state, const char *ioctl)
{
	struct vs_snapshot s = online();
	const char *path;

	s.reading.info.state = state;
	s.reading.listed = state == VS_DRIVER_ONLINE ||
			   state == VS_DRIVER_APPLIANCE_LOST;
	if (ioctl)
		vs_error_set_ioctl(&s.reading.info.error, ioctl,
				   VS_WHY_SESSION_HELD, EBUSY);
	path = cli_snapshot(&s);
	vs_snapshot_free(&s);
	return path;
}

static int fresh(void **state)
{
	(void)state;
	unlink(MEMORY);
	setenv("TZ", "UTC", 1);
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	return vs_i18n_init("en");
}

/* what a check says from its first event on, without the times */
static const char *events(const struct cli *c)
{
	static char text[65536];
	const char *s = strstr(c->out, "\n\nTime: ");
	char *to = text;

	*to = '\0';
	for (s = s ? s + 2 : ""; *s;) {
		size_t n = strcspn(s, "\n") + 1;

		if (strncmp(s, "Time: ", 6) != 0) {
			memcpy(to, s, n);
			to += n;
			*to = '\0';
		}
		s += n;
	}
	return text;
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static struct cli *run(const char *driver, const char *inventory,
		       const char *more)
{
	return cli_run("check --state " MEMORY " --driver %s --inventory %s "
		       "%s", driver, inventory, more);
}

#define DISAGREE "Level: Warning\nEvent ID: 368\n" \
	"Event: Interfaces Out of Sync\nOrigin: Manager\n" \
	"Target: node1 / %s (%s)\nAction By: System\n" \
	"Cause: C7, the VM's MAC is not the same everywhere\n" \
	"Steps: R7, R2, R6\n" \
	"Description: The Manager and the Filter Driver do not agree on the " \
	"interfaces of this VM, so part of its traffic may be unprotected. " \
	"If that does not pass by itself, the VM needs attention. What only " \
	"one of the two lists has:\n"
#define AGREE "Level: Info\nEvent ID: 9000\n" \
	"Event: Interfaces In Sync\nOrigin: Manager\n" \
	"Target: node1 / %s (%s)\nAction By: System\n" \
	"Description: The Manager and the Filter Driver agree again on the " \
	"interfaces of this VM.\n"

static void assert_events(const struct cli *c, const char *fmt, ...)
{
	char want[8192];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(want, sizeof(want), fmt, ap);
	va_end(ap);
	assert_string_equal(events(c), want);
	assert_string_equal(c->err, "");
}

static void in_sync(void **state)
{
	static const char want[] =
		"Host: node1\n"
		"Filter Driver: online\n"
		"vNICs: 2 in sync\n"
		"State: in sync\n\n"
		"VM  DEVICE ID MAC               PORT STATE   REASON\n"
		"db          0 00:50:56:00:00:16 tap4 in sync -\n"
		"web         0 00:50:56:00:00:0B tap3 in sync -\n";
	struct cli *c = run(driver_is(VS_DRIVER_ONLINE, NULL),
			    cli_inventory(BOTH), "");

	(void)state;
	assert_int_equal(c->status, 0);
	assert_string_equal(c->out, want);
}

/* told at each check while it lasts, and its end once */
static void a_difference(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c;

	(void)state;
	for (int i = 0; i < 3; i++) {
		c = run(driver, cli_inventory(OTHER_MAC), "");
		assert_int_equal(c->status, VS_EXIT_OUT_OF_SYNC);
		assert_events(c, DISAGREE
			"MAC: 00:50:56:00:00:0C - Device ID: 0 - "
			"Source: Manager\n"
			"MAC: 00:50:56:00:00:0B - Device ID: 0 - "
			"Source: Filter Driver\n", "web", WEB);
	}
	c = run(driver, cli_inventory(BOTH), "");
	assert_int_equal(c->status, 0);
	assert_events(c, AGREE, "web", WEB);
	c = run(driver, cli_inventory(BOTH), "");
	assert_int_equal(c->status, 0);
	assert_events(c, "");
}

/* the second time it is not new, and its time is that of the first */
static void not_new(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	json_int_t time[2];
	int new[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct cli *c = run(driver, cli_inventory(OTHER_MAC),
				    "--json");
		json_t *doc = json_loads(c->out, 0, NULL), *event;

		event = json_array_get(json_object_get(doc, "events"), 0);
		time[i] = json_integer_value(json_object_get(event, "time"));
		new[i] = json_is_true(json_object_get(event, "new"));
		json_decref(doc);
		usleep(2000);
	}
	assert_true(new[0]);
	assert_false(new[1]);
	assert_true(time[0] && time[0] == time[1]);
}

static bool says(const struct cli *c, const char *text)
{
	return strstr(c->out, text);
}

static void japanese(void **state)
{
	struct cli *c;

	(void)state;
	assert_int_equal(vs_i18n_init("ja"), 0);
	c = run(driver_is(VS_DRIVER_ONLINE, NULL), cli_inventory(OTHER_MAC),
		"");
	assert_true(says(c, "\nレベル: 警告\nイベントID: 368\n"));
	assert_true(says(c, "\nイベント: "
			    "インタフェースの非同期\n"));
	assert_true(says(c, "\nMAC: 00:50:56:00:00:0C - "
			    "デバイス ID: 0 - "
			    "ダウンロード元: Manager\n"));
	assert_true(says(c, "\nMAC: 00:50:56:00:00:0B - "
			    "デバイス ID: 0 - "
			    "ダウンロード元: Filter Driver\n"));
	c = run(driver_is(VS_DRIVER_IOCTL_FAILS, "LIST_VNICS"),
		cli_inventory(BOTH), "");
	assert_true(says(c, "\nエラー: Operation failed. ioctl failed: "
			    "EBUSY (LIST_VNICS)\n"));
	vs_i18n_init("en");
}

/* each state of the driver is told apart, and its end is told once */
static void driver_states(void **state)
{
	static const struct {
		enum vs_driver_state state;
		const char *ioctl;
		const char *text;
		const char *back;
	} rows[] = {
		{ VS_DRIVER_NOT_LOADED, NULL, "Filter Driver Offline: not "
		  "loaded.", "Event ID: 5009" },
		{ VS_DRIVER_ABI_MISMATCH, NULL, "Filter Driver Offline: ABI "
		  "mismatch.", "Event ID: 5009" },
		{ VS_DRIVER_APPLIANCE_LOST, NULL, "Filter Driver Offline: "
		  "appliance lost.", "Event ID: 5009" },
		{ VS_DRIVER_IOCTL_FAILS, "ATTACH", "\nError: Operation "
		  "failed. ioctl failed: EBUSY (ATTACH)\n", "Event ID: 9001" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *inventory = cli_inventory(BOTH);
		struct cli *c;

		for (int again = 0; again < 2; again++) {
			c = run(driver_is(rows[i].state, rows[i].ioctl),
				inventory, "");
			assert_row(i, c->status == VS_EXIT_UNAVAILABLE);
			assert_row(i, strstr(events(c), rows[i].text));
		}
		c = run(driver_is(VS_DRIVER_ONLINE, NULL), inventory, "");
		assert_row(i, c->status == 0);
		assert_row(i, strstr(events(c), rows[i].back));
		c = run(driver_is(VS_DRIVER_ONLINE, NULL), inventory, "");
		assert_row(i, c->status == 0);
		assert_row_string(i, events(c), "");
	}
}

/* how often @what stands in @in */
static int times(const char *in, const char *what)
{
	int n = 0;

	while ((in = strstr(in, what))) {
		in += strlen(what);
		n++;
	}
	return n;
}

/* an inventory that is away: 742 and one 368, and nothing is said of VMs */
static void inventory_away(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	const char *inventory = cli_inventory(BOTH);
	struct cli *c;

	(void)state;
	assert_int_equal(unlink(inventory + strlen("file:")), 0);
	c = run(driver, inventory, "");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
		assert_int_equal(times(events(c), "Event ID: 742\n"), 1);
		assert_int_equal(times(events(c), "Event ID: 368\n"), 1);
		assert_int_equal(times(events(c), "Target: node1\n"), 2);
		assert_non_null(strstr(events(c), "\nError: Operation failed. "
				       "open failed: ENOENT\n"));
		assert_non_null(strstr(c->out, "vNICs: 2 unknown\n"));
		c = run(driver, inventory, "");
	}
	c = run(driver, cli_inventory(BOTH), "");
	assert_int_equal(times(events(c), "Event ID: "), 1);
	assert_int_equal(times(events(c), "Event ID: 743\n"), 1);
}

static void one_vm(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c;

	(void)state;
	c = run(driver, cli_inventory(BOTH_OTHER), "web");
	assert_int_equal(c->status, VS_EXIT_OUT_OF_SYNC);
	assert_non_null(strstr(events(c), "/ web ("));
	assert_null(strstr(c->out, "db"));
	c = run(driver, cli_inventory(OTHER_MAC), DB);
	assert_int_equal(c->status, 0);
	assert_null(strstr(c->out, "web"));
	/* what was found of web meanwhile is still remembered */
	c = run(driver, cli_inventory(BOTH), "");
	assert_int_equal(c->status, 0);
	assert_events(c, AGREE, "web", WEB);
}

static void no_such_vm(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c = run(driver, cli_inventory(BOTH), "nobody");

	(void)state;
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_string_equal(c->out, "");
	assert_string_equal(c->err, "vmsafe: no list that could be read has a "
				    "VM \"nobody\"\n");
	c = run(driver, cli_inventory(BOTH),
		"421e0000-0000-0000-0000-000000000009");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	c = run(driver, cli_inventory(ONE_MORE), "web");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_non_null(strstr(c->err, "several VMs are named \"web\""));
	assert_non_null(strstr(c->err, WEB));
	assert_non_null(strstr(c->err,
			       "421e0000-0000-0000-0000-000000000003"));
	c = run(driver, cli_inventory(ONE_MORE), WEB);
	assert_int_equal(c->status, 0);
	/* without the inventory nobody can say that it is not there */
	c = run(driver, "file:/none", "nobody");
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	/* of what is longer, as much is known as the driver takes */
	c = run(driver, cli_inventory("{\"vms\":[" VM(WEB, LONG, "0B") ","
				      VM(DB, "db", "16") "]}"), LONG "-5");
	assert_int_equal(c->status, VS_EXIT_FINE);
	assert_non_null(strstr(c->out, LONG));
	c = run(driver, cli_inventory("{\"vms\":[" VM(WEB, LONG, "0B") ","
				      VM(DB, LONG, "16") "]}"), LONG "-5");
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_non_null(strstr(c->err, "several VMs are named \"" LONG "-5\", "
			       "so give the UUID of one: "));
}

/* young differences are pending, and grow up from one check to the next */
static void young(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c;

	(void)state;
	c = run(driver, cli_inventory(OTHER_MAC), "--grace 3600");
	assert_int_equal(c->status, VS_EXIT_PENDING);
	assert_events(c, "");
	assert_non_null(strstr(c->out, "State: pending\n"));
	usleep(1100000);
	c = run(driver, cli_inventory(OTHER_MAC), "--grace 1");
	assert_int_equal(c->status, VS_EXIT_OUT_OF_SYNC);
	assert_non_null(strstr(events(c), "Event ID: 368\n"));
	/* what went away in time was never told, nor is its end */
	unlink(MEMORY);
	run(driver, cli_inventory(OTHER_MAC), "--grace 3600");
	c = run(driver, cli_inventory(BOTH), "--grace 3600");
	assert_int_equal(c->status, 0);
	assert_events(c, "");
}

/* each pair of inventory and driver has a memory of its own */
static void two_inventories(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c;

	(void)state;
	run(driver, cli_inventory(OTHER_MAC), "");
	c = run(driver, "file:/none", "");
	assert_null(strstr(events(c), "9000"));
	c = run(driver, cli_inventory(BOTH), "");
	assert_events(c, AGREE, "web", WEB);
}

static void no_memory(void **state)
{
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	struct cli *c;

	(void)state;
	/* by default a snapshot leaves none */
	c = cli_run("check --driver %s --inventory %s", driver,
		    cli_inventory(OTHER_MAC));
	assert_int_equal(c->status, VS_EXIT_OUT_OF_SYNC);
	c = cli_run("check --driver %s --inventory %s --state none", driver,
		    cli_inventory(BOTH));
	assert_int_equal(c->status, 0);
	assert_events(c, "");
	assert_int_not_equal(access(MEMORY, F_OK), 0);
	/* one that cannot be written is said, and is a failure */
	c = cli_run("check --driver %s --inventory %s --state /none/x",
		    driver, cli_inventory(BOTH));
	assert_int_equal(c->status, VS_EXIT_FAILED);
	assert_true(begins(c->err, "vmsafe: the next check will not know "
				   "what this one found: "));
}

/* a damaged memory is said once; the check starts afresh and repairs it */
static void damaged_memory(void **state)
{
	static const char *const rows[] = {
		"", "{", "[]", "{\"version\":2,\"checks\":[]}",
		"{\"version\":1}", "{\"version\":1,\"checks\":5}",
		"{\"version\":1,\"checks\":[{\"inventory\":\"%s\",\"driver\":"
		"\"%s\"}]}",
		"{\"version\":1,\"checks\":[{\"inventory\":\"%s\",\"driver\":"
		"\"%s\",\"alerts\":[{\"id\":368}],\"pending\":[]}]}",
		"{\"version\":1,\"checks\":[{\"inventory\":\"%s\",\"driver\":"
		"\"%s\",\"alerts\":[{\"id\":12,\"form\":0,\"since\":1,"
		"\"differences\":[]}],\"pending\":[]}]}",
		"{\"version\":1,\"checks\":[{\"inventory\":\"%s\",\"driver\":"
		"\"%s\",\"alerts\":[],\"pending\":[5]}]}",
	};
	const char *driver = driver_is(VS_DRIVER_ONLINE, NULL);
	const char *inventory = cli_inventory(BOTH);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		FILE *f = fopen(MEMORY, "w");
		struct cli *c;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		fprintf(f, rows[i], inventory, driver);
#pragma GCC diagnostic pop
		fclose(f);
		c = run(driver, inventory, "");
		assert_row(i, c->status == 0);
		assert_row(i, begins(c->err, "vmsafe: what earlier checks "
				     "found is lost: "));
		assert_row(i, strchr(c->err, '\n') ==
			      c->err + strlen(c->err) - 1);
		c = run(driver, inventory, "");
		assert_row_string(i, c->err, "");
	}
}

/* names of VMs and MACs are the tenants': nobody else reads them */
static void memory_is_private(void **state)
{
	struct stat st;

	(void)state;
	run(driver_is(VS_DRIVER_ONLINE, NULL), cli_inventory(OTHER_MAC), "");
	assert_int_equal(stat(MEMORY, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

#define T(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(in_sync), T(a_difference), T(not_new), T(japanese),
		T(driver_states), T(inventory_away), T(one_vm), T(no_such_vm),
		T(young), T(two_inventories), T(no_memory),
		T(damaged_memory), T(memory_is_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
