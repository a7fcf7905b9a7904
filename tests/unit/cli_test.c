// SPDX-License-Identifier: GPL-2.0-only
/* Every command: help, wrong use, tables and JSON, exit statuses. */
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>

#include "cli.h"
#include "cli/help.h"
#include "world.h"

#define WEB "421e0000-0000-0000-0000-000000000001"

static const char *driver;	/* a snapshot: one VM with two vNICs, a port */

static void bind(struct vs_driver_vnic *v, unsigned int device_id)
{
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	v->vm_uuid = world_uuid(1);
	strcpy(v->vm_name, "web");
	v->device_id = device_id;
	v->mac = world_mac(device_id + 1);
	v->mode = VMSAFE_NET_MODE_ENFORCING;
}

static int prepare(void **state)
{
	struct vs_snapshot s = {
		.saved = 1795388725856, .host = "node1", .kernel = "6.1",
		.reading = {
			.info = { .state = VS_DRIVER_ONLINE, .abi_driver = 1,
				  .abi_agent = 1, .epoch = 2 },
			.listed = true,
			.table = { .generation = 9, .host = {
				.has = ~0ull, .abi = 1, .generation = 9,
				.vnic_limit = 100, .vnic_count = 3,
				.bound_count = 2, .vm_count = 1 } },
		},
		.has_ports = true,
	};
	struct vs_driver_vm *vm;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	setenv("TZ", "UTC", 1);
	vs_i18n_init("en");
	vm = vs_vms_add(&s.reading.table.vms);
	vm->has = ~0ull;
	vm->uuid = world_uuid(1);
	vm->vnic_count = 2;
	strcpy(vm->name, "web");
	for (int i = 0; i < 3; i++) {
		struct vs_driver_vnic *v;

		v = vs_vnics_add(&s.reading.table.vnics);
		v->id = i + 1;
		v->ifindex = i + 11;
		v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_PORT_KIND) |
			 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_STATS);
		v->stats.from_guest_packets = i * 1000;
		/* a name that wants to move the cursor */
		sprintf(v->ifname, i == 2 ? "tap\x1b[%dm" : "tap%d", i);
		if (i < 2)
			bind(v, i);
	}
	s.ports.v = calloc(1, sizeof(*s.ports.v));
	s.ports.n = 1;
	s.ports.v[0] = (struct vs_host_port){
		.ifindex = 11, .ifname = "tap0", .kind = VS_LINK_TAP,
		.pid = 4711, .plugged = true, .vm = world_uuid(1),
		.vm_name = "web", .device_id = 0, .mac = world_mac(1),
	};
	driver = cli_snapshot(&s);
	vs_snapshot_free(&s);
	return 0;
}

/* the command that a line of words ends in, for each there is */
static void each_command(const struct vs_command *cmd,
			 void (*fn)(const struct vs_command *cmd))
{
	fn(cmd);
	for (int i = 0; cmd->sub && cmd->sub[i]; i++)
		each_command(cmd->sub[i], fn);
}

static void has_help(const struct vs_command *cmd)
{
	struct cli *c = cli_run("%s --help", cmd->name);
	char first[256];

	assert_int_equal(c->status, 0);
	assert_string_equal(c->err, "");
	snprintf(first, sizeof(first), "Usage: vmsafe%s%s%s%s%s\n",
		 *cmd->name ? " " : "", cmd->name,
		 cmd->sub ? " COMMAND" : " [OPTION...]",
		 cmd->args ? " " : "", cmd->args ? cmd->args : "");
	assert_memory_equal(c->out, first, strlen(first));
	assert_non_null(strstr(c->out, cmd->summary));
	for (const struct vs_opt *o = cmd->opts; o && o->name; o++)
		assert_non_null(strstr(c->out, o->help));
	for (const struct vs_opt *o = vs_global_opts; o->name; o++)
		assert_non_null(strstr(c->out, o->help));
	for (int i = 0; cmd->sub && cmd->sub[i]; i++)
		assert_non_null(strstr(c->out, cmd->sub[i]->summary));
	/* -h is the same, and it comes before everything else */
	c = cli_run("%s -h", cmd->name);
	assert_int_equal(c->status, 0);
	c = cli_run("--help %s", cmd->name);
	assert_int_equal(c->status, 0);
}

static void help(void **state)
{
	FILE *main_c = fopen(UNIT_DIR "/../../kmod/main.c", "r");
	char line[256] = "";

	(void)state;
	each_command(&vs_cmd_main, has_help);
	/* one version, of module and agent */
	assert_non_null(main_c);
	while (!strstr(line, "MODULE_VERSION"))
		assert_non_null(fgets(line, sizeof(line), main_c));
	fclose(main_c);
	assert_string_equal(line, "MODULE_VERSION(\"" VS_VERSION "\");\n");
	assert_string_equal(cli_run("--version")->out, "vmsafe " VS_VERSION
			    "\n");
	assert_string_equal(cli_run("vnic list --version")->out,
			    "vmsafe " VS_VERSION "\n");
}

/* one clear line, nothing on standard output, status 2 */
static void is_refused(size_t row, const char *line, const char *what)
{
	struct cli *c = cli_run("%s", line);
	char want[256];

	snprintf(want, sizeof(want), "vmsafe: %s (see \"vmsafe", what);
	assert_row(row, c->status == VS_EXIT_USAGE);
	assert_row_string(row, c->out, "");
	if (strncmp(c->err, want, strlen(want)) != 0)
		fail_msg("row %zu: \"%s\"", row, c->err);
	assert_row(row, strchr(c->err, '\n') == c->err + strlen(c->err) - 1);
}

static const struct {
	const char *line, *what;
} wrong_uses[] = {
	{ "", "a command is missing" },
	{ "vnic", "a command is missing" },
	{ "--json", "a command is missing" },
	{ "stat", "unknown command \"stat\"" },
	{ "statuses", "unknown command \"statuses\"" },
	{ "vnic lis", "unknown command \"lis\"" },
	{ "vnic list2", "unknown command \"list2\"" },
	{ "list", "unknown command \"list\"" },
	{ "-- vnic\x1b", "unknown command \"vnic\\x1B\"" },
	{ "--jso status", "unknown option \"--jso\"" },
	{ "status --jsonx", "unknown option \"--jsonx\"" },
	{ "status --j", "unknown option \"--j\"" },
	{ "status -x", "unknown option \"-x\"" },
	{ "status --json=1", "--json takes no value" },
	{ "status --lang", "--lang needs a value: en|ja" },
	{ "vnic list -o", "--columns needs a value: COLUMN,..." },
	{ "status extra", "one argument too many: \"extra\"" },
	{ "check a b", "one argument too many: \"b\"" },
	{ "check -- --json b", "one argument too many: \"b\"" },
	{ "vm show", "an argument is missing: VM" },
	{ "vnic show", "an argument is missing: PORT" },
	{ "vnic show a b", "one argument too many: \"b\"" },
	{ "driver save", "an argument is missing: FILE" },
	{ "driver load a b", "one argument too many: \"b\"" },
	{ "status -o port", "-o is for lists" },
	{ "-o port driver status", "-o is for lists" },
	{ "vnic list -o port,nope", "no column \"nope\"; there are: "
	  "port,kind,vm_name,device_id,mac,mode,vm_uuid,"
	  "failure_policy,guard,bypass,id,ifindex,port_mac,master,mtu,"
	  "up,pid,plugged,created,bound,from_guest_packets,"
	  "from_guest_bytes,from_guest_drops,to_guest_packets,"
	  "to_guest_bytes,to_guest_drops,guard_hits,wire_others" },
	{ "vm list -o vm_name,", "no column \"\"; there are: "
	  "vm_name,vm_uuid,vnics,id,power,host,protected,template" },
	{ "vm list -o VM_NAME", "no column \"VM_NAME\"; there are: "
	  "vm_name,vm_uuid,vnics,id,power,host,protected,template" },
	{ "vnic list --source nowhere",
	  "--source is one of: driver|manager|host" },
	{ "vm list --source host",
	  "--source is one of: driver|manager" },
	{ "vnic list --source host --vm x", "--vm, --port and --stats "
	  "are for the driver's list" },
	{ "vnic list --port a/b", "\"a/b\" names no port; give its "
	  "name, ifindex:N or id:N" },
	{ "vnic show id:0", "\"id:0\" names no port; give its name, "
	  "ifindex:N or id:N" },
	{ "vnic show id:1x", "\"id:1x\" names no port; give its name, "
	  "ifindex:N or id:N" },
	{ "vnic show ifindex:2147483648", "\"ifindex:2147483648\" "
	  "names no port; give its name, ifindex:N or id:N" },
	{ "vnic show sixteen_bytes_xx", "\"sixteen_bytes_xx\" names "
	  "no port; give its name, ifindex:N or id:N" },
	{ "vnic show ..", "\"..\" names no port; give its name, "
	  "ifindex:N or id:N" },
	{ "bind", "an argument is missing: PORT | --auto" },
	{ "bind tap0", "--vm is missing" },
	{ "bind tap0 --vm " WEB, "--name is missing" },
	{ "bind tap0 --vm " WEB " --name a", "--device-id is missing" },
	{ "bind tap0 --vm " WEB " --name a --device-id 0",
	  "--mac is missing" },
	{ "bind tap0 --vm 1", "--vm: \"1\" is not a UUID of a VM" },
	{ "bind tap0 --vm 00000000-0000-0000-0000-000000000000",
	  "--vm: \"00000000-0000-0000-0000-000000000000\" is not a "
	  "UUID of a VM" },
	{ "bind tap0 --device-id 4096",
	  "--device-id: \"4096\" is not a number from 0 to 4095" },
	{ "bind tap0 --device-id -1",
	  "--device-id: \"-1\" is not a number from 0 to 4095" },
	{ "bind tap0 --device-id 1 --device-id=0x1",
	  "--device-id: \"0x1\" is not a number from 0 to 4095" },
	{ "bind tap0 --mac zz", "--mac: \"zz\" is not a MAC address" },
	{ "bind tap0 --mac 01:00:00:00:00:00",
	  "--mac: \"01:00:00:00:00:00\" is no MAC address that a vNIC "
	  "can have" },
	{ "bind tap0 --name=", "--name: \"\" is not 1 to 64 bytes of "
	  "UTF-8 without control characters" },
	{ "bind tap0 --name \xff", "--name: \"\\xFF\" is not 1 to 64 "
	  "bytes of UTF-8 without control characters" },
	{ "bind tap0 --failure-policy open",
	  "--failure-policy: \"open\" is none of the words known" },
	{ "bind tap0 --bypass 2",
	  "--bypass: \"2\" is not a number from 0 to 1" },
	{ "bind --auto tap0", "one argument too many: \"tap0\"" },
	{ "bind --auto --mac 52:54:00:00:00:01",
	  "--auto finds the identity out by itself" },
	{ "bind --dry-run tap0", "--dry-run goes with --auto" },
	{ "bind --port tap0 tap0", "--port goes with --auto" },
	{ "bind --auto --port id:x",
	  "\"id:x\" names no port; give its name, ifindex:N or id:N" },
	{ "bind tap0 -o port", "-o is for lists" },
	{ "vnic set tap0", "nothing is to be changed" },
	{ "host set", "nothing is to be changed" },
	{ "host set --limit 0",
	  "--limit: \"0\" is not a number from 1 to 1048576" },
	{ "host set --limit 1048577",
	  "--limit: \"1048577\" is not a number from 1 to 1048576" },
	{ "host set --limit 1e3",
	  "--limit: \"1e3\" is not a number from 1 to 1048576" },
	{ "host set --unbound-default maybe",
	  "--unbound-default: \"maybe\" is none of the words known" },
	{ "port add id:3", "give the interface's name or ifindex:N" },
	{ "monitor --count 0",
	  "--count: \"0\" is not a number from 1 to 4294967295" },
	{ "monitor --timeout 1s",
	  "--timeout: \"1s\" is not a number from 1 to 86400" },
	{ "check --grace -1",
	  "--grace: \"-1\" is not a number from 0 to 86400" },
	{ "check --grace 86401",
	  "--grace: \"86401\" is not a number from 0 to 86400" },
	/* a snapshot cannot be changed */
	{ "--driver x bind --auto", "this works on a running Filter "
	  "Driver, not on a snapshot" },
	{ "--driver x unbind a", "this works on a running Filter "
	  "Driver, not on a snapshot" },
	{ "--driver x vnic set a --mac 52:54:00:00:00:01", "this "
	  "works on a running Filter Driver, not on a snapshot" },
	{ "--driver x host set --limit 5", "this works on a running "
	  "Filter Driver, not on a snapshot" },
	{ "--driver x port add a", "this works on a running Filter "
	  "Driver, not on a snapshot" },
	{ "--driver x monitor", "nothing happens in a snapshot" },
	{ "--driver x driver load", "this works on this host, not on "
	  "a snapshot" },
	{ "--driver x driver unload", "this works on this host, not "
	  "on a snapshot" },
	{ "--driver x vnic show a --verify",
	  "a snapshot cannot be verified" },
};

static void wrong_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong_uses); i++)
		is_refused(i, wrong_uses[i].line, wrong_uses[i].what);
}

/* global options may stand anywhere, and "--" ends them */
static void options_anywhere(void **state)
{
	const char *want;
	char first[1024];

	(void)state;
	want = cli_run("--json --driver %s vm list", driver)->out;
	strcpy(first, want);
	assert_int_equal(*first, '[');
	assert_string_equal(cli_run("vm --json --driver=%s list", driver)->out,
			    first);
	assert_string_equal(cli_run("vm list --driver %s --json", driver)->out,
			    first);
	assert_string_equal(cli_run("vm --driver %s list -ovm_name",
				    driver)->out, "VM\nweb\n");
	assert_int_equal(cli_run("--driver %s vm show -- web", driver)->status,
			 0);
	assert_int_equal(cli_run("--driver %s vm show -- --json",
				 driver)->status, VS_EXIT_FAILED);
}

/* everything but the driver's path, and what comes of it */
struct printed {
	const char *line;
	const char *out;
};

static void are_printed(const struct printed *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cli *c = cli_run("--driver %s %s", driver,
					rows[i].line);

		assert_row(i, c->status == 0);
		assert_row_string(i, c->err, "");
		assert_row_string(i, c->out, rows[i].out);
	}
}

static void lists(void **state)
{
	static const struct printed rows[] = {
		{ "vm list",
		  "VM  UUID                                 VNICS\n"
		  "web " WEB "     2\n" },
		{ "vnic list --vm web",
		  "PORT KIND VM  DEVICE ID MAC               MODE\n"
		  "tap0 tap  web         0 00:50:56:00:00:01 enforcing\n"
		  "tap1 tap  web         1 00:50:56:00:00:02 enforcing\n" },
		{ "vnic list -o kind,vm_name,device_id,mac,mode,port",
		  "KIND VM  DEVICE ID MAC               MODE         PORT\n"
		  "tap  web         0 00:50:56:00:00:01 enforcing    tap0\n"
		  "tap  web         1 00:50:56:00:00:02 enforcing    tap1\n"
		  "tap  -           - -                 unbound-pass "
		  "tap\\x1B[2m\n" },
		{ "vnic list -o from_guest_packets,port,id --vm " WEB,
		  "FROM GUEST PACKETS PORT ID\n"
		  "                 0 tap0  1\n"
		  "              1000 tap1  2\n" },
		{ "vnic list --port ifindex:12 -o port,vm_uuid",
		  "PORT UUID\n"
		  "tap1 " WEB "\n" },
		{ "vnic list --port id:77",
		  "PORT KIND VM DEVICE ID MAC MODE\n" },
		{ "vnic list --source host -o port,pid,plugged,mac",
		  "PORT  PID PLUGGED MAC\n"
		  "tap0 4711 yes     00:50:56:00:00:01\n" },
		{ "vm show web",
		  "VM: web\n"
		  "UUID: " WEB "\n"
		  "vNICs: 2\n"
		  "PORT KIND VM  DEVICE ID MAC               MODE\n"
		  "tap0 tap  web         0 00:50:56:00:00:01 enforcing\n"
		  "tap1 tap  web         1 00:50:56:00:00:02 enforcing\n" },
	};

	(void)state;
	are_printed(rows, ARRAY_SIZE(rows));
}

static void lists_of_the_manager(void **state)
{
	static const struct printed rows[] = {
		{ "vm list --source manager -o vm_name,power,protected,vnics",
		  "VM  POWER    PROTECTED VNICS\n"
		  "db  running  yes           0\n"
		  "web shut off no            2\n"
		  "web running  yes           1\n" },
		{ "vnic list --source manager -o vm_name,device_id,mac",
		  "VM  DEVICE ID MAC\n"
		  "web         7 52:54:00:00:00:07\n"
		  "web         9 52:54:00:00:00:06\n"
		  "web         0 52:54:00:00:00:01\n" },
	};
	/* whatever the order that they come in */
	static const char json[] =
		"{\"vms\":[{\"uuid\":\"ffffffff-0000-0000-0000-000000000001\","
		"\"name\":\"web\",\"power\":\"running\",\"vnics\":"
		"[{\"device_id\":0,\"mac\":\"52:54:00:00:00:01\"}]},"
		"{\"uuid\":\"" WEB "\",\"name\":\"web\","
		"\"power\":\"shut off\",\"protected\":false,\"vnics\":"
		"[{\"device_id\":9,\"mac\":\"52:54:00:00:00:06\"},"
		"{\"device_id\":7,\"mac\":\"52:54:00:00:00:07\"}]},"
		"{\"uuid\":\"ffffffff-0000-0000-0000-000000000002\","
		"\"name\":\"db\",\"vnics\":[]}]}";
	const char *inventory = cli_inventory(json);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_string(i, cli_run("%s --inventory %s",
					     rows[i].line, inventory)->out,
				  rows[i].out);
}

static void shown(void **state)
{
	static const struct printed rows[] = {
		{ "vnic show id:2",
		  "Port: tap1\n"
		  "Creation ID: 2\n"
		  "Ifindex: 12\n"
		  "Kind: tap\n"
		  "Mode: enforcing\n"
		  "VM: web\n"
		  "UUID: " WEB "\n"
		  "Device ID: 1\n"
		  "MAC: 00:50:56:00:00:02\n"
		  "Packets from the guest: 1000\n"
		  "Bytes from the guest: 0\n"
		  "Drops from the guest: 0\n"
		  "Packets to the guest: 0\n"
		  "Bytes to the guest: 0\n"
		  "Drops to the guest: 0\n"
		  "Why this mode: the port has an identity\n"
		  "Bypass check: nobody has looked\n" },
		{ "status",
		  "Filter Driver: online\n"
		  "Generation: 9\n"
		  "VMs: 1\n"
		  "Ports: 3\n"
		  "Bound ports: 2\n"
		  "Unbound ports: pass\n"
		  "Appliance session: none\n"
		  "Appliance process: 0\n"
		  "Bypassed ports: 0\n"
		  "Bypass check: nobody has looked\n" },
	};

	(void)state;
	are_printed(rows, ARRAY_SIZE(rows));
}

static void not_found(void **state)
{
	static const struct {
		const char *line, *what;
	} rows[] = {
		{ "vm show db", "the Filter Driver knows no VM \"db\"" },
		{ "vm show \x1b", "the Filter Driver knows no VM \"\\x1B\"" },
		{ "vnic list --vm db", "the Filter Driver knows no VM \"db\"" },
		{ "vnic show tap9", "the Filter Driver has no port tap9" },
		{ "vnic show ifindex:9",
		  "the Filter Driver has no port ifindex:9" },
	};
	char want[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct cli *c = cli_run("--driver %s %s", driver,
					rows[i].line);

		snprintf(want, sizeof(want), "vmsafe: %s\n", rows[i].what);
		assert_row(i, c->status == VS_EXIT_FAILED);
		assert_row_string(i, c->out, "");
		assert_row_string(i, c->err, want);
	}
}

/* --json is one document, whatever happens to names */
static void json_everywhere(void **state)
{
	static const char *const lines[] = {
		"status", "driver status", "host show", "vm list", "vnic list",
		"vnic list --stats", "vnic list --source host", "vm show web",
		"vnic show tap0", "doctor", "check", "check web",
		"vnic list -o port,mac", "check -o vm_name,state",
		"vm list --source manager", "vnic list --source manager",
	};
	const char *inventory = cli_inventory("{\"vms\":[]}");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct cli *c = cli_run("--driver %s --inventory %s --json %s",
					driver, inventory, lines[i]);
		json_t *doc = json_loads(c->out, JSON_REJECT_DUPLICATES, NULL);

		if (!doc)
			fail_msg("row %zu: %s: \"%s\" \"%s\"", i, lines[i],
				 c->out, c->err);
		json_decref(doc);
		assert_row_string(i, c->err, "");
	}
}

static void json_columns(void **state)
{
	struct cli *c = cli_run("--driver %s --json vnic list -o port,mac "
				"--port ifindex:13", driver);
	json_t *doc = json_loads(c->out, 0, NULL), *want;

	(void)state;
	want = json_pack("[{ss,sn}]", "port", "tap\x1b[2m", "mac");
	assert_true(json_equal(doc, want));
	json_decref(doc);
	json_decref(want);
}

/* a snapshot or an inventory that is not there is a source that is not */
static void sources_away(void **state)
{
	struct cli *c;

	(void)state;
	c = cli_run("--driver /none vnic list");
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	assert_string_equal(c->err, "vmsafe: opening the file: ENOENT: /none: "
				    "No such file or directory\n");
	c = cli_run("--inventory file:/none vm list --source manager");
	assert_int_equal(c->status, VS_EXIT_UNAVAILABLE);
	assert_string_equal(c->out, "");
	c = cli_run("--driver %s --inventory what:ever check", driver);
	assert_int_equal(c->status, VS_EXIT_USAGE);
	assert_int_equal(strncmp(c->err, "vmsafe: --inventory: ", 21), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help),
		cmocka_unit_test(wrong_use),
		cmocka_unit_test(options_anywhere),
		cmocka_unit_test(lists),
		cmocka_unit_test(lists_of_the_manager),
		cmocka_unit_test(shown),
		cmocka_unit_test(not_found),
		cmocka_unit_test(json_everywhere),
		cmocka_unit_test(json_columns),
		cmocka_unit_test(sources_away),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
