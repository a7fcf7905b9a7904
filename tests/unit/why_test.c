// SPDX-License-Identifier: GPL-2.0-only
/* "vmsafe why" on snapshots: each cause, its evidence, its steps. */
#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "cli.h"
#include "recover/case.h"
#include "world.h"

#define SECOND 1000000000ull
#define NOW 1795388725856	/* milliseconds; booted 1000 s before */

/** struct scene - what a snapshot is made of, and an inventory */
struct scene {
	struct vs_snapshot s;
	char vms[16384];
};

static int prepare(void **state)
{
	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	setenv("TZ", "UTC", 1);
	return vs_i18n_init("en");
}

static struct scene scene(void)
{
	return (struct scene){ .s = {
		.saved = NOW, .booted = NOW - 1000 * 1000,
		.host = "node1", .kernel = "6.1", .has_ports = true,
		.foreign = { .asked = true, .tcx = true },
		.reading = {
			.info = { .state = VS_DRIVER_ONLINE, .abi_driver = 1,
				  .abi_agent = 1, .epoch = 2 },
			.listed = true,
			.table = { .generation = 9, .host = {
				.has = ~0ull, .abi = 1, .generation = 9,
				.vnic_limit = 100 } },
		},
	} };
}

/* VM n is "vm<n>" and has the MAC @mac in the inventory */
static void manager(struct scene *s, unsigned int vm, unsigned int mac)
{
	size_t len = strlen(s->vms);
	struct vs_uuid uuid = world_uuid(vm);
	struct vs_mac m = world_mac(mac);
	char text[VS_UUID_STR], addr[VS_MAC_STR];

	snprintf(s->vms + len, sizeof(s->vms) - len,
		 "%s{\"uuid\":\"%s\",\"name\":\"vm%u\",\"vnics\":"
		 "[{\"device_id\":0,\"mac\":\"%s\"}]}", len ? "," : "",
		 vs_uuid_format(&uuid, text), vm, vs_mac_format(&m, addr));
}

/* an entry of port @ifindex, @age seconds old, bound to @vm unless that is 0 */
static struct vs_driver_vnic *entry(struct scene *s, unsigned int ifindex,
				    unsigned int vm, unsigned int mac,
				    unsigned int age)
{
	struct vs_driver_vnic *v = vs_vnics_add(&s->s.reading.table.vnics);

	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_CREATED) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MASTER) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_PORT_KIND) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_WIRE_MACS);
	v->id = ifindex;
	v->ifindex = ifindex;
	v->created = (1000 - age) * SECOND;
	v->port_kind = VMSAFE_NET_PORT_KIND_TAP;
	v->master = 100;
	v->mode = VMSAFE_NET_MODE_UNBOUND_PASS;
	sprintf(v->ifname, "tap%u", ifindex);
	if (!vm)
		return v;
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	v->mode = VMSAFE_NET_MODE_ENFORCING;
	v->vm_uuid = world_uuid(vm);
	v->mac = world_mac(mac);
	sprintf(v->vm_name, "vm%u", vm);
	return v;
}

/* process @pid of VM @vm holds port @ifindex */
static void held(struct scene *s, unsigned int ifindex, unsigned int vm,
		 unsigned int mac, pid_t pid)
{
	struct vs_host_ports *p = &s->s.ports;

	p->v = reallocarray(p->v, p->n + 1, sizeof(*p->v));
	assert_non_null(p->v);
	p->v[p->n] = (struct vs_host_port){
		.ifindex = ifindex, .kind = VS_LINK_TAP, .pid = pid,
		.plugged = true, .vm = world_uuid(vm), .mac = world_mac(mac),
	};
	sprintf(p->v[p->n].ifname, "tap%u", ifindex);
	sprintf(p->v[p->n++].vm_name, "vm%u", vm);
}

/* VM @vm as it should be: MAC @vm on port @vm, old */
static void fine(struct scene *s, unsigned int vm)
{
	manager(s, vm, vm);
	entry(s, vm, vm, vm, 900);
	held(s, vm, vm, vm, 4000 + vm);
}

/* "vmsafe why VM --json", and what holds of any answer */
static json_t *why(struct scene *s, const char *vm, const char *more,
		   int status)
{
	const char *driver = cli_snapshot(&s->s), *inventory;
	char text[20000];
	struct cli *c;
	json_t *doc;

	snprintf(text, sizeof(text), "{\"vms\":[%s]}", s->vms);
	inventory = cli_inventory(text);
	c = cli_run("why %s --json --driver %s --inventory %s %s", vm, driver,
		    inventory, more);
	assert_string_equal(c->err, "");
	assert_int_equal(c->status, status);
	doc = json_loads(c->out, 0, NULL);
	assert_non_null(doc);
	assert_int_equal(json_integer_value(json_object_get(doc,
							    "exit_status")),
			 status);
	c = cli_run("check %s --driver %s --inventory %s %s", vm, driver,
		    inventory, more);
	assert_int_equal(c->status, status);
	vs_snapshot_free(&s->s);
	return doc;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "-";
}

/* the causes in order, each with its clues: "C3: mac-held claims-refused\n" */
static const char *causes(const json_t *doc)
{
	static char text[4096];
	const json_t *cause, *clue;
	size_t i, j;

	*text = '\0';
	json_array_foreach(json_object_get(doc, "causes"), i, cause) {
		strcat(strcat(text, text_of(cause, "cause")), ":");
		json_array_foreach(json_object_get(cause, "evidence"), j,
				   clue) {
			strcat(strcat(text, " "), text_of(clue, "clue"));
		}
		strcat(text, "\n");
	}
	return text;
}

static const char *steps(const json_t *doc)
{
	static char text[256];
	const json_t *step;
	size_t i;

	*text = '\0';
	json_array_foreach(json_object_get(doc, "steps"), i, step) {
		strcat(text, i ? " " : "");
		strcat(text, text_of(step, "step"));
	}
	return text;
}

static void expect(struct scene *s, const char *vm, const char *more,
		   int status, const char *wanted, const char *wanted_steps)
{
	json_t *doc = why(s, vm, more, status);

	assert_string_equal(causes(doc), wanted);
	assert_string_equal(steps(doc), wanted_steps);
	json_decref(doc);
}

static void in_sync(void **state)
{
	struct scene s = scene();

	(void)state;
	fine(&s, 1);
	expect(&s, "vm1", "", 0, "", "");
	/* nor is anything wrong with a VM that is not compared */
	s = scene();
	strcpy(s.vms, "{\"uuid\":\"421e0000-0000-0000-0000-000000000001\","
	       "\"name\":\"vm1\",\"power\":\"shut off\",\"vnics\":[]}");
	expect(&s, "vm1", "", 0, "", "");
}

/* VM 1 came 7 seconds ago, and nobody has bound it yet */
static struct scene young(void)
{
	struct scene s = scene();

	manager(&s, 1, 1);
	entry(&s, 1, 0, 0, 7);
	held(&s, 1, 1, 1, 4001);
	return s;
}

static void just_created(void **state)
{
	struct scene s = young();

	(void)state;
	expect(&s, "vm1", "", 4, "C1: new-port\n", "R0 R7");
	s = young();
	expect(&s, "vm1", "--grace 60", 3, "C1: pending new-port\n", "R0 R7");
	/* older than the grace that was given */
	s = young();
	expect(&s, "vm1", "--grace 5", 3, "C1: pending\n", "R0 R7");
	/* a file that lies about the time proves nothing */
	s = young();
	s.s.booted = 1;
	s.s.saved = INT64_MAX;
	expect(&s, "vm1", "", 4, "", "R7 R2");
}

static void inventory_away(void **state)
{
	struct scene s = scene();
	struct cli *c;

	(void)state;
	fine(&s, 1);
	c = cli_run("why vm1 --driver %s --inventory file:/nowhere/at.all",
		    cli_snapshot(&s.s));
	vs_snapshot_free(&s.s);
	assert_int_equal(c->status, 5);
	assert_non_null(strstr(c->out, "\nCause 1: C2, "));
	assert_non_null(strstr(c->out, "ENOENT"));
	assert_non_null(strstr(c->out, "  1. R9: "));
}

static void cloned(void **state)
{
	struct scene s = scene();

	(void)state;
	/* unbound, since another VM has the MAC */
	fine(&s, 1);
	manager(&s, 2, 1);
	entry(&s, 5, 0, 0, 600);
	held(&s, 5, 2, 1, 4005);
	s.s.reading.table.host.refused_claims = 3;
	expect(&s, "vm2", "", 4, "C3: mac-held mac-twice claims-refused\n",
	       "P2 R5 R2");
}

/* @n VMs that came @age seconds ago, unbound; and so many that have gone */
static struct scene burst(unsigned int n, unsigned int age, unsigned int gone)
{
	struct scene s = scene();

	for (unsigned int i = 1; i <= n; i++) {
		entry(&s, i, 0, 0, age);
		held(&s, i, i, i, 4000 + i);
	}
	for (unsigned int i = 1; i <= gone; i++)
		manager(&s, 100 + i, 100 + i);
	return s;
}

static void other_bridge(void **state)
{
	struct scene s = scene();
	json_t *doc;

	(void)state;
	/* the same MAC in two bridges is no conflict; nor is one that is off */
	fine(&s, 1);
	manager(&s, 2, 1);
	entry(&s, 5, 0, 0, 600)->master = 200;
	held(&s, 5, 2, 1, 4005);
	doc = why(&s, "vm2", "", 4);
	assert_string_equal(causes(doc), "");
	json_decref(doc);
	/* nor are two taps in none */
	s = scene();
	fine(&s, 1);
	s.s.reading.table.vnics.v[0].master = 0;
	manager(&s, 2, 1);
	entry(&s, 5, 0, 0, 600)->master = 0;
	held(&s, 5, 2, 1, 4005);
	doc = why(&s, "vm2", "", 4);
	assert_string_equal(causes(doc), "");
	json_decref(doc);
	/* and who has just gone sends nothing */
	s = burst(5, 20, 0);
	manager(&s, 1, 1);
	manager(&s, 101, 1);
	doc = why(&s, "vm1", "", 4);
	assert_string_equal(causes(doc),
			    "C6: burst departed\nC1: new-port\n");
	json_decref(doc);
}

static void two_processes(void **state)
{
	struct scene s = scene();

	(void)state;
	fine(&s, 1);
	entry(&s, 5, 0, 0, 600);
	held(&s, 5, 1, 1, 3999);
	expect(&s, "vm1", "", 4, "C3: two-processes device-held\n",
	       "P2 R5 R2");
}

static struct scene lost(enum vmsafe_net_appliance_state state)
{
	struct scene s = scene();

	fine(&s, 1);
	s.s.reading.info.state = VS_DRIVER_APPLIANCE_LOST;
	s.s.reading.table.host.appliance_state = state;
	s.s.reading.table.host.appliance_pid = 77;
	s.s.reading.table.vnics.v[0].mode =
		VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED;
	return s;
}

static void appliance(void **state)
{
	struct scene s = lost(VMSAFE_NET_APPLIANCE_STATE_RESET);

	(void)state;
	expect(&s, "vm1", "", 5, "C4: session-reset mode-lost\n", "R3 R7");
	s = lost(VMSAFE_NET_APPLIANCE_STATE_ATTACHED);
	expect(&s, "vm1", "", 5, "C4: session-taken mode-lost\n", "R3 R7");
	s = lost(VMSAFE_NET_APPLIANCE_STATE_LOST);
	expect(&s, "vm1", "", 5, "C5: appliance-lost\n", "R10 R11 R7");
	/* with a difference of the VM's own besides */
	s = lost(VMSAFE_NET_APPLIANCE_STATE_RESET);
	s.s.reading.table.vnics.v[0].mac = world_mac(9);
	expect(&s, "vm1", "", 5, "C4: session-reset mode-lost\n"
	       "C7: mac-differs\n", "R3 R7");
}

static void driver(void **state)
{
	static const struct {
		enum vs_driver_state state;
		bool error;
		const char *causes;
	} rows[] = {
		{ VS_DRIVER_NOT_LOADED, false, "C5: not-loaded\n" },
		{ VS_DRIVER_ABI_MISMATCH, false, "C5: abi-mismatch\n" },
		{ VS_DRIVER_IOCTL_FAILS, true, "C5: ioctl-failed\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s = scene();

		fine(&s, 1);
		s.s.reading.info.state = rows[i].state;
		s.s.reading.listed = false;
		if (rows[i].error)
			vs_error_set_ioctl(&s.s.reading.info.error,
					   "LIST_VNICS", VS_WHY_NONE, EIO);
		expect(&s, "vm1", "", 5, rows[i].causes, "R10 R11 R7");
	}
}

static void recomposed(void **state)
{
	struct scene s = burst(5, 20, 3);

	(void)state;
	expect(&s, "vm2", "", 4, "C6: burst departed\nC1: new-port\n",
	       "P1 R7 R0");
	/* one that went with them */
	s = burst(5, 20, 3);
	expect(&s, "vm102", "", 4, "C6: burst departed\n", "P1 R7 R0");
	/* too few, or too long ago */
	s = burst(4, 20, 3);
	expect(&s, "vm2", "", 4, "C1: new-port\n", "R0 R7");
	s = burst(5, 500, 3);
	expect(&s, "vm2", "", 4, "", "R7 R2");
	s = burst(5, 200, 3);
	expect(&s, "vm2", "", 4, "C6: burst departed\n", "P1 R7 R0");
	/* it has to be one of them */
	s = burst(5, 20, 0);
	manager(&s, 50, 50);
	entry(&s, 50, 50, 51, 900);
	held(&s, 50, 50, 50, 4050);
	expect(&s, "vm50", "", 4, "C7: mac-differs\n", "R7 R2 R6");
	/* with MACs that the Manager does not know yet */
	s = burst(5, 20, 0);
	for (unsigned int i = 1; i <= 5; i++)
		manager(&s, i, 60 + i);
	expect(&s, "vm3", "", 4,
	       "C6: burst\nC7: mac-differs\nC1: new-port\n", "P1 R7 R0");
}

static const char *mac_of(const json_t *doc, const char *witness)
{
	const json_t *macs = json_object_get(doc, "macs");

	return text_of(json_array_get(macs, 0), witness);
}

static void other_mac(void **state)
{
	struct scene s = scene();
	json_t *doc;

	(void)state;
	fine(&s, 1);
	s.s.reading.table.vnics.v[0].wires[0].mac = world_mac(1);
	s.s.reading.table.vnics.v[0].n_wires = 1;
	manager(&s, 2, 4);
	entry(&s, 2, 2, 3, 900);
	held(&s, 2, 2, 2, 4002);
	s.s.reading.table.vnics.v[1].wires[0].mac = world_mac(5);
	s.s.reading.table.vnics.v[1].n_wires = 1;
	doc = why(&s, "vm2", "", 4);
	assert_string_equal(causes(doc),
			    "C7: mac-differs mac-differs wire-differs\n");
	assert_string_equal(steps(doc), "R7 R2 R6");
	assert_int_equal(json_array_size(json_object_get(doc, "macs")), 1);
	assert_string_equal(mac_of(doc, "inventory"), "00:50:56:00:00:04");
	assert_string_equal(mac_of(doc, "process"), "00:50:56:00:00:02");
	assert_string_equal(mac_of(doc, "driver"), "00:50:56:00:00:03");
	assert_string_equal(mac_of(doc, "definition"), "-");
	json_decref(doc);
}

/* what none of the causes explains has steps all the same */
static void unexplained(void **state)
{
	struct scene s = scene();

	(void)state;
	manager(&s, 1, 1);
	expect(&s, "vm1", "", 4, "", "R1 R2");
}

static void as_text(void **state)
{
	static const char wanted[] =
		"VM: vm2 (421e0000-0000-0000-0000-000000000002)\n"
		"State: out of sync (the MACs differ)\n"
		"Filter Driver: online\n"
		"\n"
		"Cause 1: C7, the VM's MAC is not the same everywhere\n"
		"Evidence:\n"
		"  - vNIC 0: the inventory has 00:50:56:00:00:04, the running "
		"process has 00:50:56:00:00:02\n"
		"Steps:\n"
		"  1. R5: remove the VM from the inventory and register it "
		"again\n"
		"  2. R2: shut the VM down and power it on (no reboot)\n"
		"  3. R6: remove an interface that is no longer used\n"
		"\n"
		"The VM's MACs, as each says:\n"
		"DEVICE ID DEFINITION DOMAIN PROCESS           "
		"INVENTORY         DRIVER            WIRE\n"
		"        0 -          -      00:50:56:00:00:02 "
		"00:50:56:00:00:04 00:50:56:00:00:02 -\n";
	struct scene s = scene();
	struct cli *c;
	const char *path;
	char text[20000];

	(void)state;
	manager(&s, 2, 4);
	entry(&s, 2, 2, 2, 900);
	held(&s, 2, 2, 2, 4002);
	path = cli_snapshot(&s.s);
	snprintf(text, sizeof(text), "{\"vms\":[%s]}", s.vms);
	c = cli_run("why vm2 --driver %s --inventory %s", path,
		    cli_inventory(text));
	vs_snapshot_free(&s.s);
	assert_int_equal(c->status, 4);
	assert_string_equal(c->err, "");
	assert_string_equal(c->out, wanted);
}

/* a list that was read too long ago, which a command never has */
static void stale(void **state)
{
	const struct vs_engine_config config = { .max_age = 60000 };
	const struct vs_snapshot host = { 0 };
	struct vs_case w = { .host = &host };
	struct vs_diagnosis d;
	struct world world;

	(void)state;
	world_open_config(&world, &config);
	world_ready(&world);
	world_after(&world, 90000);
	world_keep(&world, VS_SOURCE_DRIVER);
	world_evaluate(&world);
	w.engine = world.e;
	w.now = world.now;
	assert_int_equal(vs_case_gather(&w), 0);
	vs_diagnose(&w.evidence, &d);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.v[0].cause, VS_CAUSE_C2);
	assert_int_equal(d.v[0].clues[0].kind, VS_CLUE_STALE);
	assert_string_equal(d.v[0].clues[0].value[0], "90");
	vs_case_free(&w);
	world_close(&world);
}

/* a check's events name it, new ones and those that are open */
static void in_events(void **state)
{
	struct scene s = scene();
	const char *path, *memory = OUT_DIR "/why_test.state";
	json_t *doc, *event;
	struct cli *c;

	(void)state;
	remove(memory);
	s.s.reading.info.state = VS_DRIVER_NOT_LOADED;
	s.s.reading.listed = false;
	path = cli_snapshot(&s.s);
	vs_snapshot_free(&s.s);
	for (int i = 0; i < 2; i++) {
		c = cli_run("check --json --state %s --driver %s "
			    "--inventory %s", memory, path,
			    cli_inventory("{\"vms\":[]}"));
		doc = json_loads(c->out, 0, NULL);
		event = json_array_get(json_object_get(doc, "events"), 0);
		assert_string_equal(text_of(event, "cause"), "C5");
		assert_int_equal(json_array_size(json_object_get(event,
								 "steps")), 3);
		json_decref(doc);
	}
	c = cli_run("check --state %s --driver %s --inventory %s", memory,
		    path, cli_inventory("{\"vms\":[]}"));
	assert_non_null(strstr(c->out, "\nCause: C5, the Filter Driver is not "
			       "properly loaded\nSteps: R10, R11, R7\n"
			       "Description: "));
	remove(memory);
}

static void refusals(void **state)
{
	struct scene s = scene();
	const char *path;
	struct cli *c;

	(void)state;
	fine(&s, 1);
	path = cli_snapshot(&s.s);
	vs_snapshot_free(&s.s);
	assert_int_equal(cli_run("why")->status, 2);
	assert_int_equal(cli_run("why a b")->status, 2);
	assert_int_equal(cli_run("why a --grace 1d")->status, 2);
	c = cli_run("why vm7 --driver %s --inventory %s", path,
		    cli_inventory("{\"vms\":[]}"));
	assert_int_equal(c->status, 1);
	assert_string_equal(c->out, "");
	assert_string_equal(c->err, "vmsafe: no list that could be read has a "
			    "VM \"vm7\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_sync),
		cmocka_unit_test(just_created),
		cmocka_unit_test(inventory_away),
		cmocka_unit_test(cloned),
		cmocka_unit_test(other_bridge),
		cmocka_unit_test(two_processes),
		cmocka_unit_test(appliance),
		cmocka_unit_test(driver),
		cmocka_unit_test(recomposed),
		cmocka_unit_test(other_mac),
		cmocka_unit_test(unexplained),
		cmocka_unit_test(as_text),
		cmocka_unit_test(stale),
		cmocka_unit_test(in_events),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
