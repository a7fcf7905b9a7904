// SPDX-License-Identifier: GPL-2.0-only
/* Answers of vCenter: what a list and an update say of VMs. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "answer.h"

#define U "42000000-0000-0000-0000-00000000000"
#define P(name, val) "<propSet><name>" name "</name><val>" val \
	"</val></propSet>"
#define ID(n, name) P("name", name) P("config.uuid", U #n)
#define CARD(type, key, mac) "<VirtualDevice xsi:type=\"" type "\"><key>" key \
	"</key><deviceInfo><label>nic</label></deviceInfo><macAddress>" mac \
	"</macAddress></VirtualDevice>"
#define DISK "<VirtualDevice xsi:type=\"VirtualDisk\"><key>2000</key>" \
	     "</VirtualDevice>"
#define DEVICES(cards) P("config.hardware.device", cards)
#define HOST(ref, name) "<objects><obj type=\"HostSystem\">" ref "</obj>" \
	P("name", name) "</objects>"
#define HOSTS HOST("host-1", "esx1.example.org") HOST("host-2", "esx2")
#define A "00:50:56:00:00:0A"
#define B "00:50:56:00:00:0B"
#define CHANGE(ref, kind, body) "<objectSet><kind>" kind "</kind>" \
	"<obj type=\"VirtualMachine\">" ref "</obj>" body "</objectSet>"
#define SET(name, val) "<changeSet><name>" name "</name><op>assign</op><val>" \
	val "</val></changeSet>"

/* a list of both hosts and one VM with these properties, fed */
static int feed(struct vs_roster *r, struct gather *g, struct vs_error *error)
{
	struct vs_feed to = gather_feed(g);

	*error = (struct vs_error){ 0 };
	return vs_roster_feed(r, &to, error);
}

static struct vs_roster *roster_of(const char *node, const char *props)
{
	struct vs_roster *r = vs_roster_new(node);
	char buf[8192], xml[8192];

	assert_non_null(r);
	snprintf(xml, sizeof(xml), HOSTS "%s",
		 answer_vm(buf, sizeof(buf), "vm-1", props));
	assert_int_equal(answer_list(r, xml).ret, 0);
	return r;
}

/** struct mapping - properties, and the line that comes of them */
struct mapping {
	const char *props;
	const char *line;	/* NULL: refused */
};

static const struct mapping mappings[] = {
	{ ID(1, "web") DEVICES(DISK CARD("VirtualVmxnet3", "4000", A)
			       CARD("VirtualE1000", "4009", B)),
	  U "1 web - running 0=" A " 9=" B },
	{ ID(1, "web") DEVICES(CARD("VirtualSriovEthernetCard", "4001", A)
			       CARD("VirtualE1000e", "4002", B)),
	  U "1 web - running 1=" A " 2=" B },
	/* of a kind that is not known yet, told by its MAC address */
	{ ID(1, "web") DEVICES(CARD("VirtualVmxnet9", "4000", A)),
	  U "1 web - running 0=" A },
	{ ID(1, "none"), U "1 none - running" },
	{ ID(1, "none") DEVICES(DISK), U "1 none - running" },
	{ ID(1, "\350\262\241\345\213\231"),
	  U "1 \350\262\241\345\213\231 - running" },
	{ ID(1, "a%2fb%5cc%25d%41"), U "1 a/b\\c%d%41 - running" },
	{ ID(1, "a&lt;b&#x26;"), U "1 a<b& - running" },
	{ ID(1, "t") P("config.template", "true"),
	  U "1 t - running template" },
	{ ID(1, "s") P("runtime.powerState", "suspended"),
	  U "1 s - suspended" },
	{ ID(1, "o") P("runtime.powerState", "poweredOff"),
	  U "1 o - shut off" },
	{ ID(1, "d") P("runtime.connectionState", "disconnected"),
	  U "1 d - running" },
	{ ID(1, "i") P("runtime.connectionState", "inaccessible"),
	  U "1 i - running" },
	{ ID(1, "x") P("runtime.connectionState", "orphaned"), "" },
	{ P("name", "u"), NULL },
	{ P("name", "u") P("runtime.powerState", "poweredOff"), "" },
	{ P("name", "u") P("config.uuid", "x"), NULL },
	{ P("config.uuid", U "1"), NULL },
	{ ID(1, "w") P("config.uuid", "00000000-0000-0000-0000-000000000000"),
	  NULL },
	{ ID(1, "w") P("runtime.powerState", "dancing"), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "3999", A)), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "8096", A)), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "-1", A)), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "4000", "x")), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "4000",
				  "01:00:5E:00:00:01")), NULL },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "4000", "")), NULL },
	{ ID(1, "w") P("runtime.powerState", "poweredOff")
	  DEVICES(CARD("VirtualVmxnet3", "4000", "")), U "1 w - shut off" },
	{ ID(1, "w") DEVICES(CARD("VirtualVmxnet3", "4000", A)
			     CARD("VirtualVmxnet3", "4000", B)), NULL },
	{ ID(1, "w") P("runtime.host", "host-9"), NULL },
	{ ID(1, "w") P("runtime.host", "host-2"), "" },
};

static void test_mapping(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(mappings); i++) {
		struct vs_roster *r = roster_of("ESX1", mappings[i].props);
		struct vs_error error;
		struct gather g;
		int ret = feed(r, &g, &error);

		if (mappings[i].line) {
			assert_row(i, !ret);
			assert_row_string(i, g.text, mappings[i].line);
		} else {
			assert_row(i, ret == -EINVAL && *error.detail);
		}
		vs_roster_free(r);
	}
}

static void test_hosts(void **state)
{
	struct vs_roster *r = roster_of("", ID(1, "web"));
	struct vs_error error;
	struct gather g;

	(void)state;
	assert_int_equal(feed(r, &g, &error), 0);
	assert_string_equal(g.text, U "1 web esx1.example.org running");
	vs_roster_free(r);
	/* a list of a host that there is not is none */
	r = roster_of("esx3", ID(1, "web"));
	assert_int_equal(feed(r, &g, &error), -ENOENT);
	vs_roster_free(r);
	r = roster_of("esx1", ID(1, "web"));
	assert_int_equal(answer_list(r, HOST("host-7", "ESX1")).ret, 0);
	assert_int_equal(feed(r, &g, &error), -ENOTUNIQ);
	vs_roster_free(r);
}

/** struct seen - vNICs with what is not compared */
struct seen {
	struct vs_vnic_fact v[4];
	size_t n;
};

static int see_vm(void *ctx, const struct vs_vm_fact *fact)
{
	(void)ctx;
	(void)fact;
	return 0;
}

static int see_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	struct seen *seen = ctx;

	assert_true(seen->n < ARRAY_SIZE(seen->v));
	seen->v[seen->n++] = *fact;
	return 0;
}

#define OPTION(key, value) "<OptionValue><key>" key "</key><value>" value \
			   "</value></OptionValue>"

static void test_extras(void **state)
{
	static const char props[] = ID(1, "web") DEVICES(CARD("VirtualVmxnet3",
							      "4000", A)
		"<VirtualDevice xsi:type=\"VirtualE1000\"><key>4001</key>"
		"<backing><deviceName>VM Network</deviceName></backing>"
		"<connectable><connected>false</connected></connectable>"
		"<macAddress>" B "</macAddress></VirtualDevice>")
		P("config.extraConfig",
		  OPTION("ethernet0.filter0.name", "dvfilter")
		  OPTION("ethernet0.filter0.onFailure", "failOpen")
		  OPTION("ethernet0.filter12.onFailure", "failclosed")
		  OPTION("ethernet0.filter1.onFailure", "failOpen")
		  OPTION("ethernet1.filter1.onFailure", "failOpen")
		  OPTION("ethernet1.filter.onFailure", "failClosed")
		  OPTION("ethernet99999.filter1.onFailure", "failClosed")
		  OPTION("ethernet.filter1.onFailure", "failClosed"));
	struct vs_roster *r = roster_of("", props);
	struct seen seen = { 0 };
	const struct vs_feed to = { see_vm, see_vnic, &seen };
	struct vs_error error;

	(void)state;
	assert_int_equal(vs_roster_feed(r, &to, &error), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.v[0].failure, VS_FAILURE_CLOSED);
	assert_false(seen.v[0].unplugged);
	assert_int_equal(seen.v[1].failure, VS_FAILURE_OPEN);
	assert_true(seen.v[1].unplugged);
	vs_roster_free(r);
}

/* what we may not see is not what there is not */
static void test_missing(void **state)
{
	static const struct {
		const char *fault;
		int ret;
	} cases[] = {
		{ "NoPermission", -EREMOTEIO }, { "NotAuthenticated", -ENOKEY },
		{ "ManagedObjectNotFound", 0 },
	};
	char buf[2048], props[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vs_roster *r = vs_roster_new("");
		struct answer a;

		snprintf(props, sizeof(props), ID(1, "web") "<missingSet><path>"
			 "config.uuid</path><fault><fault xsi:type=\"%s\"/>"
			 "</fault></missingSet>", cases[i].fault);
		a = answer_list(r, answer_vm(buf, sizeof(buf), "vm-1", props));
		assert_row(i, a.ret == cases[i].ret);
		assert_row(i, !a.ret || strstr(a.error.detail,
					       cases[i].fault));
		assert_row(i, vs_roster_count(r) == 0);
		vs_roster_free(r);
	}
}

/* the same lines, in any order */
static void assert_lines(const char *text, const char *lines)
{
	char *copy = strdup(lines), *rest = copy, *line;

	assert_int_equal(strlen(text), strlen(lines));
	while ((line = strsep(&rest, "\n")))
		assert_non_null(strstr(text, line));
	free(copy);
}

static void expect(struct vs_roster *r, const char *update, bool all, size_t n,
		   const char *text)
{
	struct answer a = answer_update(r, update);
	struct vs_changes changes;
	struct vs_error error;
	struct gather g;

	assert_int_equal(a.ret, 0);
	vs_roster_changes(r, &changes);
	assert_int_equal(changes.all, all);
	if (!all)
		assert_int_equal(changes.n, n);
	assert_int_equal(feed(r, &g, &error), 0);
	assert_lines(g.text, text);
}

static void count_arrival(void *ctx, const struct vs_uuid *uuid)
{
	(void)uuid;
	(*(int *)ctx)++;
}

static void test_updates(void **state)
{
	static const char card[] = CARD("VirtualVmxnet3", "4000", B);
	struct vs_roster *r = roster_of("esx1", ID(1, "web"));
	struct vs_changes changes;
	char set[1024];
	int arrived = 0;

	(void)state;
	vs_roster_changes(r, &changes);
	assert_true(changes.all);
	snprintf(set, sizeof(set), CHANGE("vm-1", "modify", SET("%s", "%s")),
		 "config.hardware.device", card);
	expect(r, set, false, 1, U "1 web - running 0=" B);
	expect(r, CHANGE("vm-1", "modify", SET("name", "app")), false, 1,
	       U "1 app - running 0=" B);
	expect(r, CHANGE("vm-1", "modify", SET("runtime.host", "host-2")),
	       false, 1, "");
	vs_roster_arrived(r, count_arrival, &arrived);
	assert_int_equal(arrived, 0);
	expect(r, CHANGE("vm-1", "modify", SET("runtime.host", "host-1")),
	       false, 1, U "1 app - running 0=" B);
	vs_roster_arrived(r, count_arrival, &arrived);
	vs_roster_arrived(r, count_arrival, &arrived);
	assert_int_equal(arrived, 1);
	expect(r, CHANGE("vm-1", "modify", SET("config.uuid", U "2")), false,
	       2, U "2 app - running 0=" B);
	/* a clone has the UUID of its source: both are told, so all are */
	expect(r, CHANGE("vm-2", "enter", SET("name", "app")
			 SET("config.uuid", U "2") SET("runtime.host", "host-1")
			 SET("runtime.powerState", "poweredOff")), true, 0,
	       U "2 app - shut off\n" U "2 app - running 0=" B);
	expect(r, CHANGE("vm-2", "leave", ""), true, 0,
	       U "2 app - running 0=" B);
	expect(r, CHANGE("vm-1", "leave", ""), false, 1, "");
	expect(r, CHANGE("vm-1", "leave", ""), false, 0, "");
	vs_roster_free(r);
}

/* half of a property, or of a VM, is nothing to build on */
static void test_bad_updates(void **state)
{
	static const char *const cases[] = {
		CHANGE("vm-9", "modify", SET("name", "x")),
		CHANGE("vm-1", "modify", SET("config.hardware", "x")),
		CHANGE("vm-1", "modify",
		       SET("config.hardware.device[4000].macAddress", B)),
		CHANGE("vm-1", "modify", "<changeSet><name>"
		       "config.hardware.device</name><op>add</op><val/>"
		       "</changeSet>"),
		CHANGE("vm-1", "modify", "<changeSet><val/></changeSet>"),
		CHANGE("vm-1", "vanish", ""),
		"<objectSet><kind>leave</kind></objectSet>",
		"<objectSet><obj>vm-1</obj></objectSet>",
		"<objectSet><obj type=\"VirtualMachine\"/></objectSet>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vs_roster *r = roster_of("", ID(1, "web"));
		struct answer a = answer_update(r, cases[i]);

		assert_row(i, a.ret == -ESTALE || a.ret == -EINVAL);
		assert_row(i, *a.error.detail);
		vs_roster_free(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_extras),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_bad_updates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
