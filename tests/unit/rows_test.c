// SPDX-License-Identifier: GPL-2.0-only
/* Rows of lists, byte by byte: wide, hostile, absent, nested, none. */
#include "unit.h"

#include <stdlib.h>

#include "cli.h"
#include "cli/list.h"
#include "core/number.h"
#include "driver/attr.h"
#include "driver/form.h"
#include "world.h"

#define UUID1 "421e0000-0000-0000-0000-000000000001"

static const char *driver;

static struct vs_driver_vnic *add(struct vs_snapshot *s, unsigned int id,
				  const char *port)
{
	struct vs_driver_vnic *v = vs_vnics_add(&s->reading.table.vnics);

	v->id = id;
	v->ifindex = id + 10;
	v->mode = VMSAFE_NET_MODE_UNBOUND_PASS;
	strcpy(v->ifname, port);
	return v;
}

static void bind(struct vs_driver_vnic *v, const char *name)
{
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	v->mode = VMSAFE_NET_MODE_ENFORCING;
	v->vm_uuid = world_uuid(1);
	v->device_id = v->id;
	v->mac = world_mac(v->id);
	strcpy(v->vm_name, name);
}

static int setup(void **state)
{
	struct vs_snapshot s = {
		.reading = {
			.info = { .state = VS_DRIVER_ONLINE, .abi_driver = 1,
				  .abi_agent = 1 },
			.listed = true,
			.table = { .generation = 9 },
		},
	};
	struct vs_driver_vnic *v;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	vs_i18n_init("en");
	bind(add(&s, 1, "tap1"), "\xe6\x97\xa5\xe6\x9c\xac");
	bind(add(&s, 2, "tap2"), "a\\b\xe2\x80\xae");
	v = add(&s, 3, "t\"\x1b");
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_WIRE_MACS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DROPS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_UP);
	v->up = true;
	v->n_wires = 2;
	v->wires[0] = (struct vs_driver_wire){ world_mac(7), 12345, 0 };
	v->wires[1] = (struct vs_driver_wire){ world_mac(8), 100, 99 };
	driver = cli_snapshot(&s);
	vs_snapshot_free(&s);
	return 0;
}

static void is_printed(const char *line, const char *out)
{
	struct cli *c = cli_run("--driver %s %s", driver, line);

	assert_int_equal(c->status, 0);
	assert_string_equal(c->err, "");
	assert_string_equal(c->out, out);
}

/* what comes behind a wide or an escaped text stands where it should */
static void columns(void **state)
{
	(void)state;
	is_printed("vnic list -o vm_name,id,port,up,vm_name",
		   "VM         ID PORT   UP  VM\n"
		   "\xe6\x97\xa5\xe6\x9c\xac        1 tap1   -   "
		   "\xe6\x97\xa5\xe6\x9c\xac\n"
		   "a\\\\b\\u202E  2 tap2   -   a\\\\b\\u202E\n"
		   "-           3 t\"\\x1B yes -\n");
	is_printed("vnic list --port id:9 -o id,mac", "ID MAC\n");
}

/* everything that is there, and nothing else */
static void objects(void **state)
{
	(void)state;
	is_printed("vnic list --json --port ifindex:12",
		   "[\n"
		   "  {\n"
		   "    \"id\": 2,\n"
		   "    \"ifindex\": 12,\n"
		   "    \"port\": \"tap2\",\n"
		   "    \"mode\": \"enforcing\",\n"
		   "    \"vm_uuid\": \"" UUID1 "\",\n"
		   "    \"vm_name\": \"a\\\\b\xe2\x80\xae\",\n"
		   "    \"device_id\": 2,\n"
		   "    \"mac\": \"00:50:56:00:00:02\"\n"
		   "  }\n"
		   "]\n");
	is_printed("vnic list --json --port id:3",
		   "[\n"
		   "  {\n"
		   "    \"id\": 3,\n"
		   "    \"ifindex\": 13,\n"
		   "    \"port\": \"t\\\"\\u001B\",\n"
		   "    \"up\": true,\n"
		   "    \"mode\": \"unbound-pass\",\n"
		   "    \"wire_macs\": [\n"
		   "      {\n"
		   "        \"mac\": \"00:50:56:00:00:07\",\n"
		   "        \"first_seen\": 12345,\n"
		   "        \"last_seen\": 0\n"
		   "      },\n"
		   "      {\n"
		   "        \"mac\": \"00:50:56:00:00:08\",\n"
		   "        \"first_seen\": 100,\n"
		   "        \"last_seen\": 99\n"
		   "      }\n"
		   "    ],\n"
		   "    \"drops\": []\n"
		   "  }\n"
		   "]\n");
	is_printed("vnic list --json --port id:9", "[]\n");
}

/* what was asked for, in that order, each once, and null for what is not */
static void chosen(void **state)
{
	(void)state;
	is_printed("vnic list --json --port id:1 -o mac,id,guard,mac,pid",
		   "[\n"
		   "  {\n"
		   "    \"mac\": \"00:50:56:00:00:01\",\n"
		   "    \"id\": 1,\n"
		   "    \"guard\": null,\n"
		   "    \"pid\": null\n"
		   "  }\n"
		   "]\n");
}

static void numbers(void **state)
{
	static const int64_t rows[] = {
		0, 1, 9, 10, 11, 99, 100, 101, 109, 110, 999, 1000, 1005,
		12345, 99999, 100000, 4294967295, 4294967296,
		9007199254740993, INT64_MAX, -1, -10, -100, INT64_MIN,
	};
	char text[VS_NUMBER_STR], want[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len = vs_number_format(rows[i], text);

		snprintf(want, sizeof(want), "%lld", (long long)rows[i]);
		assert_row(i, len == strlen(want));
		assert_memory_equal(text, want, len);
	}
}

static void add_rows(struct vs_list *list, uint64_t first, uint64_t n)
{
	struct vs_driver_vnic v = { .mode = VMSAFE_NET_MODE_UNBOUND_PASS };

	for (uint64_t id = first; id < first + n; id++) {
		v.id = id;
		v.ifindex = id + 1;
		snprintf(v.ifname, sizeof(v.ifname), "%s%u",
			 id % 1000 ? "tap" : "\x1b", (unsigned int)id);
		vs_list_add(list, &v);
	}
}

/* a list of megabytes, begun again: every row is there, and once */
static void long_list(void **state)
{
	static const struct vs_cli cli = { .json = true };
	const struct vs_selection sel = { .n = 0 };
	FILE *before = stdout;
	struct vs_list list;
	json_t *rows, *row;
	char *text = NULL;
	size_t len, i;
	int status;

	(void)state;
	vs_list_open(&list, &cli, &sel, &vs_entry_record);
	add_rows(&list, 50000, 10000);
	vs_list_restart(&list);
	add_rows(&list, 0, 60000);
	stdout = open_memstream(&text, &len);
	status = vs_list_close(&list);
	fclose(stdout);
	stdout = before;
	assert_int_equal(status, VS_EXIT_FINE);
	assert_true(len > 5000000);
	rows = json_loadb(text, len, 0, NULL);
	assert_int_equal(json_array_size(rows), 60000);
	json_array_foreach(rows, i, row)
		assert_int_equal(json_integer_value(json_object_get(row, "id")),
				 i);
	json_decref(rows);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(objects),
		cmocka_unit_test(chosen),
		cmocka_unit_test(numbers),
		cmocka_unit_test(long_list),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
