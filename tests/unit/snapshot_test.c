// SPDX-License-Identifier: GPL-2.0-only
/* Snapshots: written, read again, and refused when anything is wrong. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/file.h"
#include "driver/form.h"
#include "driver/snapshot.h"
#include "random.h"
#include "world.h"

#define FILE_PATH OUT_DIR "/snapshot_test.json"

static struct vs_error error;

static const struct vs_reader reader = { .file = "s.json", .error = &error };

static void fill_vnic(struct vs_driver_vnic *v, bool bound)
{
	v->id = UINT32_MAX + 7ull;
	v->ifindex = bound ? 3 : 4;
	strcpy(v->ifname, bound ? "tap0" : "tap\"1");
	v->mode = bound ? VMSAFE_NET_MODE_ENFORCING :
			  VMSAFE_NET_MODE_UNBOUND_DROP;
	if (!bound)
		return;
	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_STATS);
	v->vm_uuid = world_uuid(1);
	strcpy(v->vm_name, "web \xe4\xbb\xae\xe6\x83\xb3");
	v->device_id = 4095;
	v->mac = world_mac(5);
	v->stats.to_guest_bytes = INT64_MAX;
}

/* one of everything */
static void fill(struct vs_snapshot *s)
{
	struct vs_driver_reading *r = &s->reading;
	struct vs_driver_vm *vm = vs_vms_add(&r->table.vms);

	s->saved = 1795388725856;
	strcpy(s->host, "node1");
	strcpy(s->kernel, "6.1.0-56-amd64");
	r->info = (struct vs_driver_info){
		.state = VS_DRIVER_ONLINE, .abi_driver = 1, .abi_agent = 1,
		.epoch = 12,
	};
	r->listed = true;
	r->table.generation = 99;
	r->table.host = (struct vs_driver_host){
		.has = VS_ATTR_BIT(VMSAFE_NET_A_HOST_UNBOUND_DEFAULT),
		.instance = 0xfedcba9876543210, .generation = 99, .abi = 1,
		.unbound_default = VMSAFE_NET_VERDICT_DROP,
	};
	vm->uuid = world_uuid(1);
	strcpy(vm->name, "web \xe4\xbb\xae\xe6\x83\xb3");
	fill_vnic(vs_vnics_add(&r->table.vnics), true);
	fill_vnic(vs_vnics_add(&r->table.vnics), false);
	s->has_ports = true;
	s->ports.v = calloc(2, sizeof(*s->ports.v));
	s->ports.n = 2;
	s->ports.v[0] = (struct vs_host_port){
		.ifindex = 3, .ifname = "tap0", .kind = VS_LINK_TAP,
		.pid = 4711, .plugged = true, .vm = world_uuid(1),
		.vm_name = "web", .device_id = 0, .mac = world_mac(5),
	};
	s->ports.v[1] = (struct vs_host_port){
		.ifindex = 4, .ifname = "tap1", .kind = VS_LINK_TAP,
		.unheld = true,
		.device_id = VS_DEVICE_ID_NONE,
	};
}

static json_t *document(void)
{
	struct vs_snapshot s = { 0 };
	json_t *doc;

	fill(&s);
	doc = vs_snapshot_write(&s);
	assert_non_null(doc);
	vs_snapshot_free(&s);
	return doc;
}

static void round_trip(void **state)
{
	struct vs_snapshot a = { 0 }, b;
	json_t *first, *second;

	(void)state;
	fill(&a);
	first = vs_snapshot_write(&a);
	assert_int_equal(vs_snapshot_read(&b, first, &reader), 0);
	assert_int_equal(b.saved, a.saved);
	assert_string_equal(b.host, "node1");
	assert_int_equal(b.reading.info.state, VS_DRIVER_ONLINE);
	assert_int_equal(b.reading.info.epoch, 12);
	assert_true(b.reading.listed);
	assert_int_equal(b.reading.table.generation, 99);
	assert_true(b.reading.table.host.instance == 0xfedcba9876543210);
	assert_int_equal(b.reading.table.vnics.n, 2);
	assert_memory_equal(&b.reading.table.vnics.v[0],
			    &a.reading.table.vnics.v[0],
			    sizeof(struct vs_driver_vnic));
	assert_memory_equal(&b.reading.table.vnics.v[1],
			    &a.reading.table.vnics.v[1],
			    sizeof(struct vs_driver_vnic));
	assert_memory_equal(b.ports.v, a.ports.v, 2 * sizeof(*a.ports.v));
	/* and it is written as it was */
	second = vs_snapshot_write(&b);
	assert_true(json_equal(first, second));
	json_decref(first);
	json_decref(second);
	vs_snapshot_free(&a);
	vs_snapshot_free(&b);
}

static void every_state(void **state)
{
	(void)state;
	for (int i = VS_DRIVER_ONLINE; i < VS_DRIVER_STATE_COUNT; i++) {
		struct vs_snapshot a = { 0 }, b;
		json_t *doc;

		fill(&a);
		a.reading.info.state = i;
		a.reading.listed = i == VS_DRIVER_ONLINE ||
				   i == VS_DRIVER_APPLIANCE_LOST;
		vs_error_set_ioctl(&a.reading.info.error, "LIST_VNICS",
				   VS_WHY_SESSION_HELD, EBUSY);
		a.has_ports = false;
		vs_error_set(&a.ports_error, VS_OP_READ_PROC,
			     VS_WHY_NO_MEMORY, ENOMEM, "detail");
		doc = vs_snapshot_write(&a);
		assert_row(i, !vs_snapshot_read(&b, doc, &reader));
		assert_row(i, (int)b.reading.info.state == i);
		assert_row(i, b.reading.listed == a.reading.listed);
		assert_memory_equal(&b.reading.info.error,
				    &a.reading.info.error, sizeof(error));
		assert_memory_equal(&b.ports_error, &a.ports_error,
				    sizeof(error));
		json_decref(doc);
		vs_snapshot_free(&a);
		vs_snapshot_free(&b);
	}
}

/* the value that a path like "vnics.0.mac" leads to, or its parent's */
static json_t *walk(json_t *doc, const char *path, char *last)
{
	char *copy = strdup(path), *save, *key = strtok_r(copy, ".", &save);

	for (;;) {
		char *next = strtok_r(NULL, ".", &save);

		strcpy(last, key);
		if (!next)
			break;
		doc = json_is_array(doc) ? json_array_get(doc, atoi(key)) :
					   json_object_get(doc, key);
		key = next;
	}
	free(copy);
	return doc;
}

static const struct {
	const char *path;
	const char *value;	/* JSON; NULL: the key is removed */
	const char *what;
} refused[] = {
	{ "vmsafe_snapshot", NULL, "-: is not a snapshot of \"vmsafe "
	  "driver save\"" },
	{ "vmsafe_snapshot", "5", "vmsafe_snapshot: is not an object" },
	{ "vmsafe_snapshot.version", "2", "vmsafe_snapshot.version: "
	  "is a version that this program does not know" },
	{ "vmsafe_snapshot.version", NULL,
	  "vmsafe_snapshot.version: is missing" },
	{ "vmsafe_snapshot.host", "\"a\\u0007\"",
	  "vmsafe_snapshot.host: is not a name" },
	{ "vmsafe_snapshot.more", "1",
	  "vmsafe_snapshot: unknown key \"more\"" },
	{ "m\\ore", "1", "m\\\\ore: unknown key" },
	{ "driver", NULL, "driver: is not an object" },
	{ "driver.state", "\"fine\"",
	  "driver.state: is not a known word" },
	{ "driver.state", "\"unknown\"",
	  "driver.state: is not a known word" },
	{ "driver.state", "\"not-loaded\"", "driver.state: \"vms\" "
	  "and \"vnics\" are there in the states online and "
	  "appliance-lost, and in no other" },
	{ "vnics", NULL, "driver.state: \"vms\" and \"vnics\" are "
	  "there in the states online and appliance-lost, and in no "
	  "other" },
	{ "vnics", "{}", "vnics: is not a list" },
	{ "vnics.0", "[]", "vnics[0]: is not an object" },
	{ "vnics.0.id", "-1", "vnics[0].id: is out of range" },
	{ "vnics.0.id", "1.5", "vnics[0].id: is not a whole number" },
	{ "vnics.0.id", "\"1\"", "vnics[0].id: is not a whole number" },
	{ "vnics.0.id", NULL, "vnics[0].id: is missing" },
	{ "vnics.0.ifindex", "0", "vnics[0]: it names no port" },
	{ "vnics.0.ifindex", "4294967296",
	  "vnics[0].ifindex: is out of range" },
	{ "vnics.0.ifindex", "4",
	  "vnics: an ifindex is there twice" },
	{ "vnics.0.port", "\"\"", "vnics[0]: it names no port" },
	{ "vnics.0.port", "\"sixteen_bytes_xx\"",
	  "vnics[0].port: is too long" },
	{ "vnics.0.port", "5", "vnics[0].port: is not a string" },
	{ "vnics.0.mode", "\"off\"",
	  "vnics[0].mode: is not a known word" },
	{ "vnics.0.mode", NULL, "vnics[0].mode: is missing" },
	{ "vnics.0.device_id", "4096",
	  "vnics[0].device_id: is out of range" },
	{ "vnics.0.device_id", NULL,
	  "vnics[0]: the identity is not complete" },
	{ "vnics.0.vm_uuid", "\"00000000-0000-0000-0000-"
	  "000000000000\"", "vnics[0].vm_uuid: is not a UUID" },
	{ "vnics.0.mac", "\"junk\"",
	  "vnics[0].mac: is not a MAC address" },
	{ "vnics.0.mac", "\"01:00:00:00:00:01\"",
	  "vnics[0]: the identity is not valid" },
	{ "vnics.0.vm_name", "\"\"",
	  "vnics[0]: the identity is not valid" },
	{ "vnics.0.up", "1",
	  "vnics[0].up: is neither true nor false" },
	{ "vms.0.name", "\"a\\nb\"", "vms[0]: the name is not valid" },
	{ "vms.0.uuid", "\"1\"", "vms[0].uuid: is not a UUID" },
	{ "settings.instance", "\"12\"",
	  "settings.instance: is not 16 hexadecimal digits" },
	{ "settings.instance", "\"fedcba987654321g\"",
	  "settings.instance: is not 16 hexadecimal digits" },
	{ "settings.unbound_default", "\"maybe\"",
	  "settings.unbound_default: is not a known word" },
	{ "ports", NULL, "ports: one of \"ports\" and "
	  "\"ports_error\" is needed" },
	{ "ports", "5", "ports: is not a list" },
	{ "ports.1.kind", "\"tun\"", "ports[1]: it names no port" },
	{ "ports.1.ifindex", "3",
	  "ports: an ifindex is there twice" },
	{ "ports.0.mac", "\"00:00:00:00:00:00\"",
	  "ports[0]: the identity is not valid" },
	{ "ports.0.plugged", "\"yes\"",
	  "ports[0].plugged: is neither true nor false" },
	{ "ports.0.pid", "2147483648",
	  "ports[0].pid: is out of range" },
	{ "ports.0.unheld", "true", "ports[0]: it is held and not held" },
	{ "driver_error", "{\"op\":\"sing\"}",
	  "driver_error: is not a known error" },
	{ "driver_error", "{\"op\":\"ioctl\",\"errno\":\"EWHAT\"}",
	  "driver_error: is not a known error" },
	{ "driver_error", "{}", "driver_error.op: is missing" },
};

static void refusals(void **state)
{
	char want[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		json_t *doc = document(), *parent, *value = NULL;
		struct vs_snapshot s;
		char last[64];

		parent = walk(doc, refused[i].path, last);
		if (refused[i].value)
			value = json_loads(refused[i].value, JSON_DECODE_ANY,
					   NULL);
		if (json_is_array(parent))
			json_array_set_new(parent, atoi(last), value);
		else if (value)
			json_object_set_new(parent, last, value);
		else
			json_object_del(parent, last);
		assert_row(i, vs_snapshot_read(&s, doc, &reader) == -EINVAL);
		snprintf(want, sizeof(want), "s.json: %s", refused[i].what);
		assert_row_string(i, error.detail, want);
		vs_snapshot_free(&s);
		json_decref(doc);
	}
}

/* a hostile detail is going to be printed */
static void escaped(void **state)
{
	json_t *doc = document();
	struct vs_snapshot s;

	(void)state;
	json_object_set_new(doc, "driver_error",
			    json_pack("{ssss}", "op", "ioctl", "detail",
				      "\x1b[31mred"));
	assert_int_equal(vs_snapshot_read(&s, doc, &reader), 0);
	assert_string_equal(s.reading.info.error.detail, "\\x1B[31mred");
	vs_snapshot_free(&s);
	json_decref(doc);
}

static void files(void **state)
{
	struct vs_snapshot a = { 0 }, b;
	struct stat st;

	(void)state;
	unlink(FILE_PATH);
	fill(&a);
	assert_int_equal(vs_snapshot_save(&a, FILE_PATH, &error), 0);
	/* names and MACs are the tenants' */
	assert_int_equal(stat(FILE_PATH, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(vs_snapshot_load(&b, FILE_PATH, &error), 0);
	assert_int_equal(b.reading.table.vnics.n, 2);
	vs_snapshot_free(&b);
	/* over what is there */
	assert_int_equal(vs_snapshot_save(&a, FILE_PATH, &error), 0);
	vs_snapshot_free(&a);
	unlink(FILE_PATH);
}

static void bad_files(void **state)
{
	struct vs_snapshot s = { 0 };
	FILE *f;

	(void)state;
	assert_int_equal(vs_snapshot_load(&s, OUT_DIR "/none", &error),
			 -ENOENT);
	assert_int_equal(error.op, VS_OP_OPEN_FILE);
	assert_int_equal(vs_snapshot_load(&s, "/dev/zero", &error), -EINVAL);
	assert_int_equal(vs_snapshot_load(&s, OUT_DIR, &error), -EINVAL);
	f = fopen(FILE_PATH, "w");
	fputs("{\n\"a\": 1,\n\"a\": 2 }", f);
	fclose(f);
	assert_int_equal(vs_snapshot_load(&s, FILE_PATH, &error), -EINVAL);
	assert_int_equal(error.op, VS_OP_PARSE);
	assert_non_null(strstr(error.detail, "snapshot_test.json:3: dupl"));
	/* a device is not replaced by a file */
	assert_int_equal(vs_snapshot_save(&s, "/dev/null", &error), -EINVAL);
	assert_int_equal(vs_snapshot_save(&s, OUT_DIR "/none/s", &error),
			 -ENOENT);
	assert_int_equal(vs_snapshot_save(&s, OUT_DIR, &error), -EINVAL);
	unlink(FILE_PATH);
}

/* a document that is damaged anywhere is refused or means something */
static void random_damage(void **state)
{
	json_t *doc = document();
	char *text = json_dumps(doc, 0);
	size_t len = strlen(text);

	(void)state;
	srand(random_seed());
	json_decref(doc);
	for (int round = 0; round < 3000; round++) {
		char *copy = strdup(text);
		struct vs_snapshot s;

		for (int n = 1 + rand() % 3; n; n--)
			copy[rand() % len] = "{}[]\",:0159eabtrue"[rand() % 18];
		doc = json_loads(copy, JSON_REJECT_DUPLICATES, NULL);
		if (doc) {
			int ret = vs_snapshot_read(&s, doc, &reader);

			assert_true(ret == 0 || ret == -EINVAL);
			vs_snapshot_free(&s);
		}
		json_decref(doc);
		free(copy);
	}
	free(text);
}

/* names are bytes; JSON is UTF-8 */
static void names_that_are_no_text(void **state)
{
	struct vs_driver_vnic v = { .ifname = "a\xff\\" };
	json_t *row = vs_record_write(&vs_vnic_record, &v);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(row, "port")),
			    "a\\xFF\\\\");
	json_decref(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(every_state),
		cmocka_unit_test(refusals),
		cmocka_unit_test(escaped),
		cmocka_unit_test(files),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(random_damage),
		cmocka_unit_test(names_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
