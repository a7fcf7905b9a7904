// SPDX-License-Identifier: GPL-2.0-only
/* What policies are told, what they say, and the commands about them. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/vmsafe_net.h>
#include <stdlib.h>

#include "cli.h"
#include "core/mac.h"
#include "policy/contents.h"
#include "policy/object.h"
#include "policy/record.h"
#include "policy/rule.h"
#include "policy/signature.h"

static int prepare(void **state)
{
	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	vs_i18n_init("en");
	return 0;
}

static void keep_line(void *ctx, const char *line)
{
	struct vs_buf *all = ctx;

	vs_buf_addf(all, "%s%s", all->len ? "\n" : "", line);
}

/* a line, read and printed again; NULL: just as it was */
static const struct {
	enum vs_policy_kind kind;
	const char *line, *again;
} good[] = {
	{ VS_POLICY_ALLOW_LIST, "in any any any any any", NULL },
	{ VS_POLICY_ALLOW_LIST, "  both\ttcp any any any 22 # ssh",
	  "both tcp any any any 22" },
	{ VS_POLICY_ALLOW_LIST, "out udp 10.0.0.0/8 any 10.0.0.1/32 53-53",
	  "out udp 10.0.0.0/8 any 10.0.0.1 53" },
	{ VS_POLICY_ALLOW_LIST, "in sctp any 0-65535 any 1-2",
	  "in sctp any any any 1-2" },
	{ VS_POLICY_ALLOW_LIST, "in 6 any any any 1", "in tcp any any any 1" },
	{ VS_POLICY_ALLOW_LIST, "in 0 any any any any", NULL },
	{ VS_POLICY_ALLOW_LIST, "in 255 any any any any", NULL },
	{ VS_POLICY_ALLOW_LIST, "in 136 any any any 7", NULL },
	{ VS_POLICY_ALLOW_LIST, "in icmp any any 0.0.0.0/0 any",
	  "in icmp 0.0.0.0/0 any any any" },
	{ VS_POLICY_ALLOW_LIST, "in icmpv6 ::/0 any 2001:db8::/32 any",
	  "in icmpv6 any any 2001:db8::/32 any" },
	{ VS_POLICY_ALLOW_LIST, "out tcp 2001:DB8::1/128 1 ::1 2",
	  "out tcp 2001:db8::1 1 ::1 2" },
	{ VS_POLICY_ALLOW_LIST, "out tcp 10.0.0.0/31 any any any", NULL },
	{ VS_POLICY_ALLOW_LIST, "   ", "" },
	{ VS_POLICY_ALLOW_LIST, "# in tcp", "" },
	{ VS_POLICY_ANTI_SPOOF, "52:54:00:ab:cd:01",
	  "52:54:00:AB:CD:01" },
	{ VS_POLICY_ANTI_SPOOF, "5254.00AB.CD01 router 10.0.0.1 dhcp-server",
	  "52:54:00:AB:CD:01 10.0.0.1 dhcp-server router" },
	{ VS_POLICY_ANTI_SPOOF, "52:54:00:AB:CD:01 10.0.0.1 2001:db8::1 ::",
	  NULL },
	{ VS_POLICY_PREVENTION, "1 tcp 80 \"GET /etc\"", NULL },
	{ VS_POLICY_PREVENTION, "4294967295 any any \"abcd\" # four",
	  "4294967295 any any \"abcd\"" },
	{ VS_POLICY_PREVENTION, "7 udp 65535 \"\\x00\\xff\\r\\n\\t\\\"\\\\ #\"",
	  "7 udp 65535 \"\\x00\\xFF\\x0D\\x0A\\x09\\\"\\\\ #\"" },
	{ VS_POLICY_PREVENTION,
	  "8 any any \"12345678901234567890123456789012\"", NULL },
	{ VS_POLICY_PREVENTION, "9 any any \"\xe4\xbe\xb5\xe5\"",
	  "9 any any \"\\xE4\\xBE\\xB5\\xE5\"" },
};

static void lines_that_are_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct vs_contents c = { .kind = good[i].kind };
		struct vs_buf why = { 0 }, all = { 0 };
		int ret = vs_contents_parse(&c, good[i].line, &why);

		assert_row_string(i, vs_buf_str(&why), "");
		assert_row(i, ret == 0);
		vs_contents_lines(&c, keep_line, &all);
		assert_row_string(i, vs_buf_str(&all), good[i].again ?
				  good[i].again : good[i].line);
		vs_contents_free(&c);
		vs_buf_free(&all);
	}
}

#define RULE "a rule is six words: in|out|both PROTOCOL SOURCE PORTS " \
	"TARGET PORTS"
#define SIGNATURE "a signature is: NUMBER tcp|udp|any PORT|any \"TEXT\""
#define ESCAPES "in TEXT there are \\xHH, \\\\, \\\", \\r, \\n and \\t"
#define PROTOCOLS "is no protocol; there are tcp, udp, sctp, icmp, icmpv6, " \
	"any and 0 to 255"
#define NO_ADDRESS "is no address, no prefix and not any"
#define NO_PORT "is no port, no range of ports and not any"

static const struct {
	enum vs_policy_kind kind;
	const char *line, *why;
} bad[] = {
	{ VS_POLICY_ALLOW_LIST, "in tcp any any any", RULE },
	{ VS_POLICY_ALLOW_LIST, "in tcp any any any any any", RULE },
	{ VS_POLICY_ALLOW_LIST, "In tcp any any any any",
	  "\"In\" is none of in, out, both" },
	{ VS_POLICY_ALLOW_LIST, "in\x1b tcp any any any any",
	  "\"in\\x1B\" is none of in, out, both" },
	{ VS_POLICY_ALLOW_LIST, "in TCP any any any any",
	  "\"TCP\" " PROTOCOLS },
	{ VS_POLICY_ALLOW_LIST, "in 256 any any any any",
	  "\"256\" " PROTOCOLS },
	{ VS_POLICY_ALLOW_LIST, "in 06 any any any any",
	  "\"06\" " PROTOCOLS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.256 any any any",
	  "\"10.0.0.256\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.1 any any any",
	  "\"10.1\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.0/33 any any any",
	  "\"10.0.0.0/33\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp ::/129 any any any",
	  "\"::/129\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.0/ any any any",
	  "\"10.0.0.0/\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.0/+8 any any any",
	  "\"10.0.0.0/+8\" " NO_ADDRESS },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.1/8 any any any",
	  "\"10.0.0.1/8\" has bits set behind the prefix" },
	{ VS_POLICY_ALLOW_LIST, "in tcp 2001:db8::1/64 any any any",
	  "\"2001:db8::1/64\" has bits set behind the prefix" },
	{ VS_POLICY_ALLOW_LIST, "in tcp 10.0.0.1 any ::1 any",
	  "\"::1\" is not of the same family as the other address" },
	{ VS_POLICY_ALLOW_LIST, "in tcp any 65536 any any",
	  "\"65536\" " NO_PORT },
	{ VS_POLICY_ALLOW_LIST, "in tcp any 1- any any", "\"1-\" " NO_PORT },
	{ VS_POLICY_ALLOW_LIST, "in tcp any -1 any any", "\"-1\" " NO_PORT },
	{ VS_POLICY_ALLOW_LIST, "in tcp any 1-2-3 any any",
	  "\"1-2-3\" " NO_PORT },
	{ VS_POLICY_ALLOW_LIST, "in tcp any 00000001 any any",
	  "\"00000001\" " NO_PORT },
	{ VS_POLICY_ALLOW_LIST, "in tcp any 2-1 any any",
	  "\"2-1\" ends before it begins" },
	{ VS_POLICY_ALLOW_LIST, "in icmp any 1 any any",
	  "\"icmp\" is a protocol without ports: give any for them" },
	{ VS_POLICY_ALLOW_LIST, "in any any any any 80",
	  "\"any\" is a protocol without ports: give any for them" },
	{ VS_POLICY_ANTI_SPOOF, "web 10.0.0.1",
	  "\"web\" is no MAC address that a vNIC can have" },
	{ VS_POLICY_ANTI_SPOOF, "01:00:5e:00:00:01",
	  "\"01:00:5e:00:00:01\" is no MAC address that a vNIC can have" },
	{ VS_POLICY_ANTI_SPOOF, "52:54:00:ab:cd:01 10.0.0.0/8",
	  "\"10.0.0.0/8\" is no IP address, and neither dhcp-server nor "
	  "router" },
	{ VS_POLICY_ANTI_SPOOF, "52:54:00:ab:cd:01 ::1 0:0::1",
	  "\"0:0::1\" is there twice" },
	{ VS_POLICY_PREVENTION, "1 tcp 80", SIGNATURE },
	{ VS_POLICY_PREVENTION, "1 tcp 80 GET", SIGNATURE },
	{ VS_POLICY_PREVENTION, "1 tcp 80 \"GET /\" x", SIGNATURE },
	{ VS_POLICY_PREVENTION, "0 tcp 80 \"GET /\"",
	  "\"0\" is not a number from 1 to 4294967295" },
	{ VS_POLICY_PREVENTION, "4294967296 tcp 80 \"GET /\"",
	  "\"4294967296\" is not a number from 1 to 4294967295" },
	{ VS_POLICY_PREVENTION, "1 icmp any \"GET /\"",
	  "\"icmp\" is none of tcp, udp, any" },
	{ VS_POLICY_PREVENTION, "1 tcp 0 \"GET /\"",
	  "\"0\" is no port and not any" },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abc\"",
	  "TEXT has to have 4 to 32 bytes" },
	{ VS_POLICY_PREVENTION,
	  "1 tcp any \"123456789012345678901234567890123\"",
	  "TEXT has to have 4 to 32 bytes" },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcdef",
	  "TEXT does not end with a quote" },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcdef\\", ESCAPES },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcd\\x", ESCAPES },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcd\\x1", ESCAPES },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcd\\x1g\"", ESCAPES },
	{ VS_POLICY_PREVENTION, "1 tcp any \"abcd\\0\"", ESCAPES },
	{ VS_POLICY_OTHER, "x", "this policy has nothing that can be set" },
};

static void lines_that_are_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vs_contents c = { .kind = bad[i].kind };
		struct vs_buf why = { 0 };
		int ret = vs_contents_parse(&c, bad[i].line, &why);

		assert_row_string(i, vs_buf_str(&why), bad[i].why);
		assert_row(i, ret < 0 && c.n == 0);
		vs_contents_free(&c);
		vs_buf_free(&why);
	}
}

/* what goes into the map, as the program on the other side reads it */
static void rule_as_the_program_has_it(void **state)
{
	struct vs_policy_rule r;
	struct vs_buf why = { 0 };
	uint8_t want[16] = { 10, 1 }, mask[16] = { 255, 255 };

	(void)state;
	assert_int_equal(vs_rule_parse("out tcp 10.1.0.0/16 any any 80-90",
				       &r, &why), 0);
	assert_int_equal(r.directions,
			 1 << VMSAFE_NET_DIRECTION_FROM_GUEST);
	assert_int_equal(r.family, 4);
	assert_int_equal(r.protocol, IPPROTO_TCP);
	assert_false(r.any_protocol || r.any_ports);
	assert_memory_equal(r.source, want, 16);
	assert_memory_equal(r.source_mask, mask, 16);
	assert_true(!r.target_mask[0] && !r.target_mask[1]);
	assert_int_equal(r.source_port[0], 0);
	assert_int_equal(r.source_port[1], 65535);
	assert_int_equal(r.target_port[0], 80);
	assert_int_equal(r.target_port[1], 90);
	assert_int_equal(vs_rule_parse("in any any any any any", &r, &why), 0);
	assert_int_equal(r.directions, 1 << VMSAFE_NET_DIRECTION_TO_GUEST);
	assert_true(r.any_protocol && r.any_ports && !r.family);
}

static void too_many(void **state)
{
	struct vs_contents c = { .kind = VS_POLICY_ALLOW_LIST };
	struct vs_buf why = { 0 };

	(void)state;
	for (int i = 0; i < VS_POLICY_RULES_MAX; i++)
		assert_int_equal(vs_contents_parse(&c, "in any any any any "
						   "any", &why), 0);
	assert_int_equal(vs_contents_parse(&c, "in any any any any any",
					   &why), -E2BIG);
	assert_string_equal(vs_buf_str(&why),
			    "there is room for 256 entries, not for more");
	assert_int_equal(c.n, VS_POLICY_RULES_MAX);
	vs_contents_free(&c);
	vs_buf_free(&why);
}

static void twice(void **state)
{
	struct vs_contents hosts = { .kind = VS_POLICY_ANTI_SPOOF };
	struct vs_contents sigs = { .kind = VS_POLICY_PREVENTION };
	struct vs_buf why = { 0 };

	(void)state;
	vs_contents_parse(&hosts, "52:54:00:00:00:01 10.0.0.1", &why);
	assert_int_equal(hosts.n, 2);
	assert_int_equal(hosts.hosts[0].flags, VS_POLICY_HOST_IPV4);
	assert_int_equal(vs_contents_parse(&hosts, "52-54-00-00-00-01",
					   &why), -EEXIST);
	assert_string_equal(vs_buf_str(&why),
			    "this MAC address has a line already");
	vs_buf_free(&why);
	vs_contents_parse(&sigs, "5 any any \"abcd\"", &why);
	assert_int_equal(vs_contents_parse(&sigs, "5 any any \"efgh\"", &why),
			 -EEXIST);
	assert_string_equal(vs_buf_str(&why), "number 5 is there already");
	vs_buf_free(&why);
	vs_contents_free(&hosts);
	vs_contents_free(&sigs);
}

/* signatures that begin alike share a bucket, as long as there is room */
static void buckets(void **state)
{
	struct vs_policy_bucket *b = calloc(VS_POLICY_BUCKETS_MAX, sizeof(*b));
	uint32_t *keys = calloc(VS_POLICY_BUCKETS_MAX, sizeof(*keys));
	struct vs_contents c = { .kind = VS_POLICY_PREVENTION };
	struct vs_buf why = { 0 };
	char line[64];

	(void)state;
	vs_contents_parse(&c, "100 any any \"rest!\"", &why);
	for (int i = 1; i <= VS_POLICY_BUCKET; i++) {
		snprintf(line, sizeof(line), "%d any any \"same%d\"", i, i);
		assert_int_equal(vs_contents_parse(&c, line, &why), 0);
	}
	assert_int_equal(vs_contents_buckets(&c, keys, b, &why), 2);
	assert_memory_equal(&keys[0], "rest", 4);
	assert_memory_equal(&keys[1], "same", 4);
	assert_int_equal(b[0].signatures[0].number, 100);
	assert_int_equal(b[0].signatures[1].number, 0);
	for (int i = 0; i < VS_POLICY_BUCKET; i++)
		assert_int_equal(b[1].signatures[i].number, i + 1);
	vs_contents_parse(&c, "5 any any \"same5\"", &why);
	memset(b, 0, VS_POLICY_BUCKETS_MAX * sizeof(*b));
	assert_int_equal(vs_contents_buckets(&c, keys, b, &why), -E2BIG);
	assert_string_equal(vs_buf_str(&why), "signature 5 begins like 4 "
			    "others: no more have room");
	vs_buf_free(&why);
	vs_contents_free(&c);
	free(keys);
	free(b);
}

static char *as_json(const struct vs_policy_line *line, const char *port)
{
	json_t *row = vs_policy_line_json(line, port);
	char *text = json_dumps(row, 0);

	json_decref(row);
	assert_non_null(text);
	return text;
}

static void record(void **state)
{
	struct vs_policy_record r = {
		.magic = VS_POLICY_RECORD_MAGIC, .ifindex = 7, .length = 60,
		.detail = 42, .reason = VS_POLICY_SIGNATURE, .vlan = 5,
		.direction = VMSAFE_NET_DIRECTION_TO_GUEST, .family = 6,
		.protocol = 6, .ethertype = 0x86dd, .source_port = 1,
		.target_port = 80, .source_mac = { 2, 0, 0, 0, 0, 0xab },
	};
	struct vs_policy_line line;
	char *text;

	(void)state;
	inet_pton(AF_INET6, "2001:db8::1", r.source);
	vs_policy_line_read(&line, &r, sizeof(r));
	assert_true(line.known);
	text = as_json(&line, "tap0");
	assert_string_equal(text, "{\"ifindex\": 7, \"port\": \"tap0\", "
		"\"direction\": \"to-guest\", \"reason\": \"signature\", "
		"\"signature\": 42, \"source_mac\": \"02:00:00:00:00:AB\", "
		"\"target_mac\": \"00:00:00:00:00:00\", \"ethertype\": 34525, "
		"\"vlan\": 5, \"source\": \"2001:db8::1\", \"target\": \"::\", "
		"\"protocol\": 6, \"source_port\": 1, \"target_port\": 80, "
		"\"length\": 60}");
	free(text);
}

/* whatever a program writes, something comes of it */
static void foreign_record(void **state)
{
	struct vs_policy_record r = { .magic = 1 };
	struct vs_policy_line line;
	char *text;

	(void)state;
	vs_policy_line_read(&line, "\x01\xff", 2);
	assert_false(line.known);
	text = as_json(&line, NULL);
	assert_string_equal(text, "{\"data\": \"01ff\"}");
	free(text);
	vs_policy_line_read(&line, &r, sizeof(r));
	assert_false(line.known);
	r.magic = VS_POLICY_RECORD_MAGIC;
	r.reason = 255;
	r.direction = 255;
	r.family = 255;
	vs_policy_line_read(&line, &r, sizeof(r));
	text = as_json(&line, NULL);
	assert_non_null(strstr(text, "\"reason\": \"unknown\""));
	assert_non_null(strstr(text, "\"direction\": \"unknown\""));
	free(text);
}

static void names(void **state)
{
	char name[VS_POLICY_NAME], path[200];

	(void)state;
	assert_int_equal(vs_object_name("/a.b/web_1-x.o", name), 0);
	assert_string_equal(name, "web_1-x");
	assert_int_equal(vs_object_name("web", name), 0);
	assert_int_equal(vs_object_name("a/.o", name), -EINVAL);
	assert_int_equal(vs_object_name("a.b.o", name), -EINVAL);
	assert_int_equal(vs_object_name("", name), -EINVAL);
	assert_int_equal(vs_object_name("a/", name), -EINVAL);
	memset(path, 'x', sizeof(path));
	path[63] = '\0';
	assert_int_equal(vs_object_name(path, name), 0);
	path[63] = 'x';
	path[64] = '\0';
	assert_int_equal(vs_object_name(path, name), -EINVAL);
	assert_int_equal(vs_policy_name_check("+new"), -EINVAL);
	assert_int_equal(vs_policy_name_check(".."), -EINVAL);
	assert_int_equal(vs_policy_name_check("-x"), -EINVAL);
	assert_int_equal(vs_policy_name_check("a/b"), -EINVAL);
}

#define NO_NAME "can be no name of a policy: it is 1 to 63 letters, digits, " \
	"\"_\" and \"-\" (see \"vmsafe policy"

/* all of these are refused before anything is touched */
static const struct {
	const char *line, *what;
} wrong_uses[] = {
	{ "policy", "a command is missing" },
	{ "policy attach a b", "the direction is missing: --in, --out or "
	  "--both" },
	{ "policy attach a --in", "an argument is missing: PORT|VM POLICY" },
	{ "policy attach a ../b --in", "\"../b\" " NO_NAME },
	{ "policy attach a b c --in", "one argument too many: \"c\"" },
	{ "policy attach a b --in -o nope", "no column \"nope\"; there are: "
	  "port,vm_name,device_id,direction,policy,tag,runs,drops,errors,"
	  "prog_id,mode,vm_uuid,id,ifindex,attached" },
	{ "policy detach", "an argument is missing: PORT|VM" },
	{ "policy load", "an argument is missing: FILE" },
	{ "policy load a.o --name \x1b", "\"\\x1B\" " NO_NAME },
	{ "policy load a.b.o", "no policy can have the file's name: give it "
	  "one with --name" },
	{ "policy unload +new", "\"+new\" " NO_NAME },
	{ "policy set a", "nothing to set: give entries, or --file" },
	{ "policy set a b --file c", "one argument too many: \"b\"" },
	{ "policy log a --count 0", "--count: \"0\" is not a number from 1 "
	  "to 4294967295" },
	{ "policy log", "an argument is missing: POLICY" },
	{ "policy list x", "one argument too many: \"x\"" },
	{ "vnic probe", "an argument is missing: PORT" },
	{ "vnic probe a/b", "\"a/b\" names no port; give its name, "
	  "ifindex:N or id:N" },
	{ "--driver x policy load a.o", "this works on this host, not on a "
	  "snapshot" },
	{ "--driver x policy log a", "this works on this host, not on a "
	  "snapshot" },
	{ "--driver x policy list", "this works on a running Filter Driver, "
	  "not on a snapshot" },
	{ "--driver x vnic probe a", "this works on a running Filter Driver, "
	  "not on a snapshot" },
};

static void wrong_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong_uses); i++) {
		struct cli *c = cli_run("%s", wrong_uses[i].line);

		assert_row(i, c->status == VS_EXIT_USAGE);
		assert_row_string(i, c->out, "");
		if (strncmp(c->err, "vmsafe: ", 8) != 0 ||
		    strncmp(c->err + 8, wrong_uses[i].what,
			    strlen(wrong_uses[i].what)) != 0)
			fail_msg("row %zu: \"%s\"", i, c->err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_are_right),
		cmocka_unit_test(lines_that_are_wrong),
		cmocka_unit_test(rule_as_the_program_has_it),
		cmocka_unit_test(too_many),
		cmocka_unit_test(twice),
		cmocka_unit_test(buckets),
		cmocka_unit_test(record),
		cmocka_unit_test(foreign_record),
		cmocka_unit_test(names),
		cmocka_unit_test(wrong_use),
	};

	return cmocka_run_group_tests_name("policy", tests, prepare, NULL);
}
