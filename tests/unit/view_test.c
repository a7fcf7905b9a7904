// SPDX-License-Identifier: GPL-2.0-only
/* What commands show of a host on which everything happens at once. */
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli.h"
#include "driver/file.h"
#include "world.h"

#define WEB "421e0000-0000-0000-0000-000000000001"
#define GOLDEN UNIT_DIR "/golden/summarize.txt"
#define INVENTORY "{\"vms\":[{\"uuid\":\"" WEB "\",\"name\":\"web\"," \
	"\"vnics\":[{\"device_id\":0,\"mac\":\"00:50:56:00:00:01\"}," \
	"{\"device_id\":1,\"mac\":\"00:50:56:00:00:02\"}]}]}"

static struct vs_snapshot host;

static struct vs_driver_vnic *entry(unsigned int n, const char *port)
{
	struct vs_driver_vnic *v = vs_vnics_add(&host.reading.table.vnics);

	v->id = 10 + n;
	v->ifindex = 20 + n;
	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_PORT_KIND) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_STATS);
	v->mode = VMSAFE_NET_MODE_UNBOUND_PASS;
	strcpy(v->ifname, port);
	return v;
}

static struct vs_driver_vnic *bound(unsigned int n, const char *port,
				    unsigned int vm, const char *name,
				    unsigned int device_id)
{
	struct vs_driver_vnic *v = entry(n, port);

	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	v->vm_uuid = world_uuid(vm);
	strcpy(v->vm_name, name);
	v->device_id = device_id;
	v->mac = world_mac(vm * 16 + device_id - 15);
	v->mode = VMSAFE_NET_MODE_ENFORCING;
	return v;
}

static void vm(unsigned int n, const char *name)
{
	struct vs_driver_vm *v = vs_vms_add(&host.reading.table.vms);

	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VM_ID);
	v->id = 7 - n;
	v->uuid = world_uuid(n);
	strcpy(v->name, name);
}

/* everything that the driver counts */
static void fill_counts(struct vs_driver_vnic *v)
{
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_WIRE_MACS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_WIRE_OTHERS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_GUARD) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_GUARD_HITS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DROPS) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_PASSED) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DROPPED) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_POLICIES);
	v->mode = VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED;
	v->guard = VMSAFE_NET_GUARD_DROP;
	v->guard_hits = 4;
	v->wire_others = 3;
	v->n_wires = 1;
	v->wires[0] = (struct vs_driver_wire){ world_mac(1), 61005, 9 };
	v->n_drops = 2;
	v->drops[0] = (struct vs_driver_drops){
		4, VMSAFE_NET_DIRECTION_FROM_GUEST,
		VMSAFE_NET_DROP_REASON_SOURCE_MAC };
	v->drops[1] = (struct vs_driver_drops){
		50, VMSAFE_NET_DIRECTION_TO_GUEST,
		VMSAFE_NET_DROP_REASON_APPLIANCE_LOST };
	v->n_passed = 2;
	v->passed[0] = (struct vs_driver_share){
		1, 2, VMSAFE_NET_MODE_UNBOUND_PASS };
	v->passed[1] = (struct vs_driver_share){
		3, 4, VMSAFE_NET_MODE_ENFORCING };
	v->n_dropped = 2;
	v->dropped[0] = (struct vs_driver_share){
		4, 0, VMSAFE_NET_MODE_ENFORCING };
	v->dropped[1] = (struct vs_driver_share){
		0, 50, VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED };
	v->n_policies = 1;
	v->policies[0] = (struct vs_driver_policy){
		.runs = 7, .drops = 1, .errors = 2, .attached = 5,
		.direction = VMSAFE_NET_DIRECTION_TO_GUEST, .prog_id = 33,
		.tag = { 0xab, 1, 2, 3, 4, 5, 6, 0xff },
	};
}

static void foreign(uint32_t ifindex, enum vs_spot spot, const char *kind,
		    const char *action, uint32_t id)
{
	struct vs_foreign *f = vs_foreigns_add(&host.foreign);

	f->ifindex = ifindex;
	f->spot = spot;
	strcpy(f->kind, kind);
	strcpy(f->action, action);
	f->prog.id = id;
	if (id) {
		strcpy(f->prog.name, "spy");
		f->prog.tag[7] = 0x2a;
	}
}

static int prepare(void **state)
{
	struct vs_driver_vnic *v;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	setenv("TZ", "UTC", 1);
	host = (struct vs_snapshot){
		.host = "node1", .has_ports = true,
		.foreign = { .asked = true, .tcx = true },
		.reading = {
			.info = { .state = VS_DRIVER_APPLIANCE_LOST,
				  .abi_driver = 1, .abi_agent = 1 },
			.listed = true,
		},
	};
	host.reading.table.host = (struct vs_driver_host){
		.has = VS_ATTR_BIT(VMSAFE_NET_A_HOST_APPLIANCE_STATE) |
		       VS_ATTR_BIT(VMSAFE_NET_A_HOST_APPLIANCE_PID) |
		       VS_ATTR_BIT(VMSAFE_NET_A_HOST_EPOCH),
		.abi = 1, .epoch = 12, .appliance_pid = 4711,
		.appliance_state = VMSAFE_NET_APPLIANCE_STATE_LOST,
	};
	vm(1, "web");
	vm(2, "a 'quoted' name");
	entry(0, "tap9");
	bound(1, "tap1", 1, "web", 1);
	fill_counts(bound(2, "tap0", 1, "web", 0));
	v = bound(3, "veth0", 2, "a 'quoted' name", 4095);
	v->port_kind = VMSAFE_NET_PORT_KIND_OTHER;
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_FAILURE_POLICY);
	v->failure_policy = VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED;
	foreign(21, VS_SPOT_TCX_INGRESS, "ebpf", "", 5);
	foreign(21, VS_SPOT_TC_EGRESS, "flower", "mirred", 0);
	vs_foreigns_sort(&host.foreign);
	return vs_i18n_init("en");
}

static int forget(void **state)
{
	(void)state;
	vs_snapshot_free(&host);
	return 0;
}

/* a file's text, without the lines that are comments */
static const char *golden(void)
{
	static char text[8192];
	FILE *f = fopen(GOLDEN, "r");
	char line[256];
	size_t len = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#')
			continue;
		assert_true(len + strlen(line) < sizeof(text));
		len += sprintf(text + len, "%s", line);
	}
	fclose(f);
	return text;
}

static void summarize(void **state)
{
	struct cli *c = cli_run("summarize --driver %s", cli_snapshot(&host));
	json_t *doc, *slot;

	(void)state;
	assert_string_equal(c->err, "");
	assert_int_equal(c->status, 0);
	assert_string_equal(c->out, golden());
	/* words for programs are the same in every language */
	assert_int_equal(vs_i18n_init("ja"), 0);
	c = cli_run("summarize --driver %s", cli_snapshot(&host));
	vs_i18n_init("en");
	assert_string_equal(c->out, golden());
	c = cli_run("summarize --json --driver %s", cli_snapshot(&host));
	doc = json_loads(c->out, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(doc, "filters")), 3);
	slot = json_array_get(json_object_get(doc, "filters"), 0);
	slot = json_array_get(json_object_get(slot, "ports"), 0);
	slot = json_array_get(json_object_get(slot, "slots"), 0);
	assert_string_equal(json_string_value(json_object_get(slot,
							      "name")),
			    "nic-5-eth4095-vmsafe-net.0");
	json_decref(doc);
}

static void summarize_offline(void **state)
{
	struct vs_snapshot off = { .has_ports = true };
	struct cli *c;

	(void)state;
	off.reading.info.state = VS_DRIVER_NOT_LOADED;
	vs_error_set(&off.reading.info.error, VS_OP_NETLINK,
		     VS_WHY_NOT_LOADED, 2, NULL);
	c = cli_run("summarize --driver %s", cli_snapshot(&off));
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	assert_string_equal(c->out, "");
	assert_non_null(strstr(c->err, "is not loaded"));
}

static void has_lines(const struct cli *c, const char *const *lines)
{
	for (; *lines; lines++) {
		const char *at = strstr(c->out, *lines);

		if (!at || (at != c->out && at[-1] != '\n') ||
		    at[strlen(*lines)] != '\n')
			fail_msg("no line \"%s\" in:\n%s", *lines, c->out);
	}
}

static void shown(void **state)
{
	static const char *const counts[] = {
		"Mode: appliance-lost-closed", "Source-MAC guard: drop",
		"Frames that the guard met: 4", "Bypassed: no",
		"Wire MACs that made room: 3",
		"Why this mode: the appliance missed its heartbeats; the "
		"failure policy holds",
		"Wire MAC: 00:50:56:00:00:01, first seen 61.005 s ago, last "
		"0.009 s ago",
		"Passed: in mode unbound-pass 1 from the guest, 2 to the "
		"guest",
		"Passed: in mode enforcing 3 from the guest, 4 to the guest",
		"Dropped: in mode enforcing 4 from the guest, 0 to the guest",
		"Dropped: in mode appliance-lost-closed 0 from the guest, 50 "
		"to the guest",
		"Dropped: for source-mac 4 from the guest",
		"Dropped: for appliance-lost 50 to the guest",
		"Policy: to the guest - id 33 tag ab010203040506ff, run 7 "
		"times, 1 drops, 2 errors",
		"Bypass check: XDP, tc and tcx were looked at", NULL
	};
	static const char *const ja[] = {
		"モード: appliance-lost-closed",
		"破棄: 理由source-mac 4個 (ゲストから)",
		"通過: モードenforcingでゲストから3個、"
		"ゲストへ4個",
		"破棄: モードappliance-lost-closedでゲストから0個、"
		"ゲストへ50個", NULL
	};
	static const char *const bypassed[] = {
		"Mode: enforcing", "Bypassed: yes",
		"Bypassed by: tc-egress flower mirred",
		"Bypassed by: tcx-ingress ebpf spy tag 000000000000002a id 5",
		NULL
	};
	const char *path = cli_snapshot(&host);

	(void)state;
	has_lines(cli_run("vnic show tap0 --driver %s", path), counts);
	assert_int_equal(vs_i18n_init("ja"), 0);
	has_lines(cli_run("vnic show tap0 --driver %s", path), ja);
	vs_i18n_init("en");
	has_lines(cli_run("vnic show tap1 --driver %s", path), bypassed);
}

static void shown_json(void **state)
{
	struct cli *c = cli_run("vnic show tap0 --json --driver %s",
				cli_snapshot(&host));
	json_t *doc = json_loads(c->out, 0, NULL), *item;

	(void)state;
	item = json_array_get(json_object_get(doc, "drops"), 1);
	assert_string_equal(json_string_value(json_object_get(item,
							      "reason")),
			    "appliance-lost");
	item = json_array_get(json_object_get(doc, "dropped"), 1);
	assert_string_equal(json_string_value(json_object_get(item, "mode")),
			    "appliance-lost-closed");
	assert_int_equal(json_integer_value(json_object_get(item,
							    "to_guest")), 50);
	item = json_array_get(json_object_get(doc, "wire_macs"), 0);
	assert_int_equal(json_integer_value(json_object_get(item,
							    "first_seen")),
			 61005);
	item = json_array_get(json_object_get(doc, "policies"), 0);
	assert_string_equal(json_string_value(json_object_get(item, "tag")),
			    "ab010203040506ff");
	assert_string_equal(json_string_value(json_object_get(doc,
							      "mode_reason")),
			    "appliance-lost");
	assert_true(json_is_false(json_object_get(doc, "bypassed")));
	json_decref(doc);
}

static void status(void **state)
{
	static const char *const lines[] = {
		"Bypassed ports: 1",
		"Bypassed: tap1 (web): tc-egress flower mirred, tcx-ingress "
		"ebpf spy tag 000000000000002a id 5", NULL
	};

	(void)state;
	has_lines(cli_run("status --driver %s", cli_snapshot(&host)), lines);
}

/* one vNIC of two is bypassed: it is not in sync, though the lists agree */
static void checked(void **state)
{
	static const char *const lines[] = {
		"vNICs: 1 not applicable, 1 in sync, 2 out of sync",
		"Event ID: 9004", "Event: Interface Bypassed",
		"Target: node1 / web (" WEB ")",
		"MAC: 00:50:56:00:00:02 - Device ID: 1 - Port: tap1 - "
		"tc-egress flower mirred, tcx-ingress ebpf spy tag "
		"000000000000002a id 5", NULL
	};
	const char *path = cli_snapshot(&host);
	struct cli *c;
	json_t *doc;

	(void)state;
	c = cli_run("check --driver %s --inventory %s", path,
		    cli_inventory(INVENTORY));
	has_lines(c, lines);
	c = cli_run("check web --json --driver %s --inventory %s", path,
		    cli_inventory(INVENTORY));
	doc = json_loads(c->out, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(doc, "state")),
			    "out-of-sync");
	assert_non_null(strstr(c->out, "\"reason\": \"bypassed\""));
	json_decref(doc);
}

/* who could not look must not say "none" */
static void not_known(void **state)
{
	static const char *const lines[] = {
		"Bypass check: not complete, so \"none\" is not known: looking "
		"for programs on ports: EPERM: CAP_NET_ADMIN is needed: tcx",
		NULL
	};
	struct vs_error *error = &host.foreign.error;
	struct cli *c;

	(void)state;
	vs_error_set(error, VS_OP_FIND_PROGRAMS, VS_WHY_NO_PERMISSION, 1,
		     "tcx");
	c = cli_run("vnic show tap0 --driver %s", cli_snapshot(&host));
	has_lines(c, lines);
	assert_null(strstr(c->out, "Bypassed:"));
	c = cli_run("check --driver %s --inventory %s", cli_snapshot(&host),
		    cli_inventory(INVENTORY));
	has_lines(c, lines);
	assert_non_null(strstr(c->out, "it is not known whether it is"));
	*error = (struct vs_error){ 0 };
}

/* nothing is lost on the way through a file, and old files still load */
static void snapshots(void **state)
{
	struct vs_error error;
	const struct vs_reader reader = { .file = "f", .error = &error };
	json_t *doc = vs_snapshot_write(&host), *again, *list;
	struct vs_snapshot s;

	(void)state;
	assert_int_equal(vs_snapshot_read(&s, doc, &reader), 0);
	assert_memory_equal(&s.reading.table.vnics.v[2],
			    &host.reading.table.vnics.v[2],
			    sizeof(struct vs_driver_vnic));
	assert_int_equal(s.foreign.n, host.foreign.n);
	assert_memory_equal(s.foreign.v, host.foreign.v,
			    s.foreign.n * sizeof(*s.foreign.v));
	again = vs_snapshot_write(&s);
	assert_true(json_equal(doc, again));
	json_decref(again);
	vs_snapshot_free(&s);

	/* more than there is room for, or what is no program */
	list = json_object_get(json_array_get(json_object_get(doc, "vnics"),
					      2), "wire_macs");
	for (int i = 0; i < VS_WIRES_MAX; i++)
		json_array_append(list, json_array_get(list, 0));
	assert_int_equal(vs_snapshot_read(&s, doc, &reader), -22);
	assert_string_equal(error.detail, "f: vnics[2].wire_macs: is too "
			    "long");
	vs_snapshot_free(&s);
	while (json_array_size(list) > 1)
		json_array_remove(list, 0);
	list = json_object_get(json_object_get(doc, "foreign"), "programs");
	json_object_set_new(json_array_get(list, 1), "where",
			    json_string("attic"));
	assert_int_equal(vs_snapshot_read(&s, doc, &reader), -22);
	assert_string_equal(error.detail,
			    "f: foreign.programs[1]: it names no port");
	vs_snapshot_free(&s);

	json_object_del(doc, "foreign");
	assert_int_equal(vs_snapshot_read(&s, doc, &reader), 0);
	assert_false(s.foreign.asked);
	vs_snapshot_free(&s);
	json_decref(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summarize),
		cmocka_unit_test(summarize_offline),
		cmocka_unit_test(shown),
		cmocka_unit_test(shown_json),
		cmocka_unit_test(status),
		cmocka_unit_test(checked),
		cmocka_unit_test(not_known),
		cmocka_unit_test(snapshots),
	};

	return cmocka_run_group_tests(tests, prepare, forget);
}
