// SPDX-License-Identifier: GPL-2.0-only
/* The file inventory: what it takes, and each error with line and field. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gather.h"
#include "inventory/document.h"
#include "inventory/inventory.h"
#include "po/i18n.h"

#define U1 "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e"
#define U2 "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7f"
#define N64 "0123456789012345678901234567890123456789012345678901234567890123"
#define VM(fields) "{\"vms\": [\n{\"uuid\": \"" U1 "\",\n\"name\": \"a\",\n" \
	fields "}\n]}"
#define VNICS(list) VM("\"vnics\": [\n" list "]")

static int read_text(const char *text, struct gather *g,
		     struct vs_error *error)
{
	const struct vs_feed feed = gather_feed(g);
	size_t len = strlen(text);
	char *exact = malloc(len ? len : 1);
	int ret;

	/* so that a byte too far is noticed */
	assert_non_null(exact);
	memcpy(exact, text, len);
	memset(error, 0, sizeof(*error));
	ret = vs_document_read("inv.json", exact, len, &feed, error);
	free(exact);
	return ret;
}

static void good(void **state)
{
	static const struct {
		const char *text, *gathered;
	} rows[] = {
		{ "{\"vms\":[]}", "" },
		{ " {\n\t\"vms\" :\r\n [ ]\t}\n\n", "" },
		{ VM("\"vnics\": []"), U1 " a - running" },
		{ VNICS("{\"device_id\": 0, \"mac\": \"0050.5685.00b6\"}"),
		  U1 " a - running 0=00:50:56:85:00:B6" },
		{ "{\"vms\": [{\"vnics\": [], \"name\": \"\\u4eee\\u60f3\","
		  "\"uuid\": \"42 1E a1 b2 c3 d4 e5 f6-07 18 29 3a 4b 5c 6d 7e\""
		  "}]}", U1 " \xe4\xbb\xae\xe6\x83\xb3 - running" },
		{ VM("\"host\": \"n1\", \"power\": \"shut off\","
		     "\"protected\": false, \"template\": true, \"vnics\": []"),
		  U1 " a n1 shut off unprotected template" },
		{ VM("\"power\": \"paused\", \"protected\": true,"
		     "\"template\": false, \"vnics\": []"),
		  U1 " a - paused" },
		{ "{\"vms\": [{\"uuid\": \"" U2 "\", \"name\": \"b\","
		  "\"power\": \"suspended\", \"vnics\": ["
		  "{\"device_id\": 4095, \"mac\": \"02-00-00-00-00-01\"},"
		  "{\"device_id\": 3, \"mac\": \"020000000002\"}]},"
		  "{\"uuid\": \"" U1 "\", \"name\": \"b\", \"vnics\": ["
		  "{\"device_id\": 0, \"mac\": \"02:00:00:00:00:01\"}]}]}",
		  U2 " b - suspended 4095=02:00:00:00:00:01 "
		  "3=02:00:00:00:00:02\n"
		  U1 " b - running 0=02:00:00:00:00:01" },
	};
	struct vs_error error;
	struct gather g;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int ret = read_text(rows[i].text, &g, &error);

		assert_row_string(i, error.detail, "");
		assert_row(i, !ret);
		assert_row_string(i, g.text, rows[i].gathered);
	}
}

struct bad {
	const char *text, *detail;
};

static void refuse(const struct bad *rows, size_t n)
{
	struct vs_error error;
	struct gather g;

	for (size_t i = 0; i < n; i++) {
		assert_row(i, read_text(rows[i].text, &g, &error) == -EINVAL);
		assert_row_string(i, error.detail, rows[i].detail);
		assert_row(i, error.op == VS_OP_PARSE);
		assert_row(i, error.why == VS_WHY_BAD_DATA);
	}
}

/* the frame around the VMs */
static void bad_frames(void **state)
{
	static const char only[] = "\"vms\" expected, and nothing beside it";
	static const struct bad rows[] = {
		{ "", "inv.json:1: '{' expected" },
		{ "\n\n", "inv.json:3: '{' expected" },
		{ "[]", "inv.json:1: '{' expected" },
		{ "\xef\xbb\xbf{\"vms\": []}", "inv.json:1: '{' expected" },
		{ "{", "inv.json:1: " },
		{ "{}", "inv.json:1: " },
		{ "{\n\"VMs\": []}", "inv.json:2: " },
		{ "{\n\"vms", "inv.json:2: " },
		{ "{\"vms\\", "inv.json:1: " },
		{ "{\"vms\": [], \"vms\": []}", "inv.json:1: " },
		{ "{\"vms\": [],\n\"version\": 1}", "inv.json:1: " },
		{ "{\"vms\"\n[]}", "inv.json:2: ':' expected" },
		{ "{\"vms\":\n{}}", "inv.json:2: '[' expected" },
		{ "{\"vms\": null}", "inv.json:1: '[' expected" },
		{ "{\"vms\": [\n", "inv.json:2: vms[0]: must be an object" },
		{ "{\"vms\": [\n7]}", "inv.json:2: vms[0]: must be an object" },
		{ "{\"vms\": [\n[]]}",
		  "inv.json:2: vms[0]: must be an object" },
		{ "{\"vms\": []", "inv.json:1: '}' expected" },
		{ "{\"vms\": []\n]", "inv.json:2: '}' expected" },
		{ "{\"vms\": []}\n\n{", "inv.json:3: something follows the "
		  "inventory" },
	};
	struct vs_error error;
	struct gather g;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len = strlen(rows[i].detail);
		char want[160];

		/* a detail that ends in a blank is that of the frame's key */
		snprintf(want, sizeof(want), "%s%s", rows[i].detail,
			 rows[i].detail[len - 1] == ' ' ? only : "");
		assert_row(i, read_text(rows[i].text, &g, &error) == -EINVAL);
		assert_row_string(i, error.detail, want);
	}
}

/* what the parser itself refuses: its words, our line */
static void bad_syntax(void **state)
{
	static const struct bad rows[] = {
		{ "{\"vms\": [\n{\n\"uuid\" 1}]}",
		  "inv.json:3: vms[0]: ':' expected near '1'" },
		{ VM("\"vnics\": []") "x",
		  "inv.json:5: something follows the inventory" },
		{ "{\"vms\": [\n{\"name\": \"a\",\n\"name\": \"b\"}]}",
		  "inv.json:3: vms[0]: duplicate object key near '\"name\"'" },
		{ "{\"vms\": [\n{\"uuid\": \"" U1 "\",\n"
		  "\"name\": \"a\\u0000b\"}]}",
		  "inv.json:3: vms[0].name: has control characters in it" },
		{ "{\"vms\": [\n{\"name\": \"\x1b[2J\"}]}",
		  "inv.json:2: vms[0]: control character 0x1b near '\"'" },
		{ "{\"vms\": [\n\n{\"name\": \"\xff\"}]}",
		  "inv.json:3: vms[0]: unable to decode byte 0xff near '\"'" },
		{ "{\"vms\": [\n{\"name\": \"a\"",
		  "inv.json:2: vms[0]: '}' expected near end of file" },
	};

	(void)state;
	refuse(rows, ARRAY_SIZE(rows));
}

static void bad_vms(void **state)
{
	static const struct bad rows[] = {
		{ "{\"vms\": [\n\n{\"name\": \"a\", \"vnics\": []}]}",
		  "inv.json:3: vms[0].uuid: is missing" },
		{ "{\"vms\": [{\n\"uuid\": \"" U1 "\", \"vnics\": []}]}",
		  "inv.json:1: vms[0].name: is missing" },
		{ VM("\"power\": \"running\""),
		  "inv.json:2: vms[0].vnics: is missing" },
		{ "{\"vms\": [{\n\"uuid\": 7}]}",
		  "inv.json:2: vms[0].uuid: must be a string" },
		{ "{\"vms\": [{\n\n\"uuid\": \"zz\\u001b\"}]}",
		  "inv.json:3: vms[0].uuid: \"zz\\x1B\" is not a UUID" },
		{ "{\"vms\": [{\"uuid\":\n"
		  "\"00000000-0000-0000-0000-000000000000\"}]}",
		  "inv.json:1: vms[0].uuid: the nil UUID names no VM" },
		{ "{\"vms\": [{\"uuid\": \"" U1 "\",\n\"name\": \"\"}]}",
		  "inv.json:2: vms[0].name: is empty" },
		{ "{\"vms\": [{\"uuid\": \"" U1 "\",\n\"name\": null}]}",
		  "inv.json:2: vms[0].name: must be a string" },
		{ "{\"vms\": [{\"uuid\": \"" U1 "\",\n\"name\": \"a\\nb\"}]}",
		  "inv.json:2: vms[0].name: has control characters in it" },
		{ "{\"vms\": [{\"uuid\": \"" U1 "\",\n\"name\": \""
		  N64 "4\"}]}",
		  "inv.json:2: vms[0].name: is longer than 64 bytes" },
		{ VM("\"host\":\n\"\\u0085\""),
		  "inv.json:4: vms[0].host: has control characters in it" },
		{ VM("\"vnics\": [],\n\"power\": \"Running\""),
		  "inv.json:5: vms[0].power: \"Running\" is none of running, "
		  "shut off, paused, suspended" },
		{ VM("\"vnics\": [],\n\"power\": true"),
		  "inv.json:5: vms[0].power: must be a string" },
		{ VM("\"protected\": 1"),
		  "inv.json:4: vms[0].protected: must be true or false" },
		{ VM("\"template\": \"no\""),
		  "inv.json:4: vms[0].template: must be true or false" },
		{ VM("\"vnics\": {}"),
		  "inv.json:4: vms[0].vnics: must be an array" },
		{ VM("\"vnics\": [],\n\n\"cpu\\u001b\": {\"a\": [1, \"}\"]}"),
		  "inv.json:6: vms[0].cpu\\x1B: is not a field known here" },
		{ "{\"vms\": [" "{\"uuid\": \"" U1 "\", \"name\": \"a\","
		  "\"vnics\": []},\n{\"uuid\": \"" U2 "\", \"name\": \"a\","
		  "\"vnics\": []},\n{\"name\": \"c\",\n\"uuid\": "
		  "\"421EA1B2C3D4E5F60718293A4B5C6D7E\", \"vnics\": []}]}",
		  "inv.json:4: vms[2].uuid: is that of vms[0] too" },
		{ "{\"vms\": [{\"uuid\": \"" N64 N64 "\"}]}",
		  "inv.json:1: vms[0].uuid: \"" N64
		  "0123456789012345678901234567...\" is not a UUID" },
	};

	(void)state;
	refuse(rows, ARRAY_SIZE(rows));
}

#define MAC1 "\"mac\": \"02:00:00:00:00:01\""
#define MAC2 "\"mac\": \"02-00-00-00-00-02\""

static void bad_vnics(void **state)
{
	static const struct bad rows[] = {
		{ VNICS("7"),
		  "inv.json:5: vms[0].vnics[0]: must be an object" },
		{ VNICS("{" MAC1 "}"),
		  "inv.json:5: vms[0].vnics[0].device_id: is missing" },
		{ VNICS("{\"device_id\":\n0}"),
		  "inv.json:5: vms[0].vnics[0].mac: is missing" },
		{ VNICS("{\"device_id\": 0,\n\"mac\": \"zz\"}"),
		  "inv.json:6: vms[0].vnics[0].mac: "
		  "\"zz\" is not a MAC address" },
		{ VNICS("{\"device_id\": 0,\n\"mac\": 5}"),
		  "inv.json:6: vms[0].vnics[0].mac: must be a string" },
		{ VNICS("{\"device_id\": 0, \"mac\": \"ff:ff:ff:ff:ff:ff\"}"),
		  "inv.json:5: vms[0].vnics[0].mac: ff:ff:ff:ff:ff:ff is no "
		  "MAC address that a vNIC can have" },
		{ VNICS("{\"device_id\": 0, \"mac\": \"000000000000\"}"),
		  "inv.json:5: vms[0].vnics[0].mac: 000000000000 is no "
		  "MAC address that a vNIC can have" },
		{ VNICS("{\"device_id\": \"0\", " MAC1 "}"),
		  "inv.json:5: vms[0].vnics[0].device_id: must be a whole "
		  "number" },
		{ VNICS("{\"device_id\": 1.0, " MAC1 "}"),
		  "inv.json:5: vms[0].vnics[0].device_id: must be a whole "
		  "number" },
		{ VNICS("{\"device_id\": -1, " MAC1 "}"),
		  "inv.json:5: vms[0].vnics[0].device_id: -1 is not between 0 "
		  "and 4095" },
		{ VNICS("{\"device_id\": 4096, " MAC1 "}"),
		  "inv.json:5: vms[0].vnics[0].device_id: 4096 is not between "
		  "0 and 4095" },
		{ VNICS("{\"device_id\": 99999999999999999999, " MAC1 "}"),
		  "inv.json:5: vms[0]: too big integer near "
		  "'99999999999999999999'" },
		{ VNICS("{\"device_id\": 0, " MAC1 ",\n\"ip\": 0}"),
		  "inv.json:6: vms[0].vnics[0].ip: is not a field known here" },
		{ VNICS("{\"device_id\": 3, " MAC1 "},\n{\"device_id\": 0, "
			MAC2 "},\n{\"mac\": \"020000000003\",\n"
			"\"device_id\": 3}"),
		  "inv.json:8: vms[0].vnics[2].device_id: is that of vnics[0] "
		  "too" },
		{ VNICS("{\"device_id\": 3, " MAC1 "},\n{\"device_id\": 0, "
			MAC2 "},\n{\"mac\":\n\"020000000001\", "
			"\"device_id\": 7}"),
		  "inv.json:7: vms[0].vnics[2].mac: is that of vnics[0] too" },
		{ VNICS("{\"device_id\": 9, " MAC1 "},\n{\"device_id\": 9, "
			MAC2 "},\n{\"device_id\": 1, \"mac\": "
			"\"020000000003\"},\n{\"device_id\": 1, \"mac\": "
			"\"020000000004\"}"),
		  "inv.json:6: vms[0].vnics[1].device_id: is that of vnics[0] "
		  "too" },
		/* brackets and quotes in strings lead nobody astray */
		{ "{\"vms\": [{\"uuid\": \"" U1 "\", \"name\": \"}]\\\"{[,\","
		  "\"vnics\": [{\"device_id\": 0, " MAC1 "}\n, {\n"
		  "\"mac\": \"}\\\\\",\n\"device_id\": 1}]}]}",
		  "inv.json:3: vms[0].vnics[1].mac: \"}\\\\\" is not a MAC "
		  "address" },
	};

	(void)state;
	refuse(rows, ARRAY_SIZE(rows));
}

/* the line is right wherever the VM is */
static void far_down(void **state)
{
	static char text[65536];
	struct vs_error error;
	struct gather g;
	size_t len;

	(void)state;
	len = sprintf(text, "{\n  \"vms\": [\n");
	for (int i = 0; i < 20; i++)
		len += sprintf(text + len,
			       "    {\n      \"uuid\": \"421ea1b2-c3d4-e5f6-0718-"
			       "%012x\",\n      \"name\": \"vm%d\",\n"
			       "      \"vnics\": [\n        {\"device_id\": 0, "
			       "\"mac\": \"02:00:00:00:%02x:01\"},\n"
			       "        {\"device_id\": 1, "
			       "\"mac\": \"%s\"}\n      ]\n    }%s\n",
			       i + 1, i, i, i == 17 ? "zz" : "020000000002",
			       i < 19 ? "," : "");
	sprintf(text + len, "  ]\n}\n");
	assert_int_equal(read_text(text, &g, &error), -EINVAL);
	/* 2 lines, 17 VMs of 8, and the sixth of the next */
	assert_string_equal(error.detail,
			    "inv.json:144: vms[17].vnics[1].mac: "
			    "\"zz\" is not a MAC address");
	assert_non_null(strstr(g.text, "vm16"));
}

/* no prefix of a good file is a good file, and none does harm */
static void cut_short(void **state)
{
	static const char whole[] = VNICS("{\"device_id\": 0, " MAC1 "},"
					  "{\"device_id\": 1, " MAC2 "}");
	char text[sizeof(whole)];
	struct vs_error error;
	struct gather g;

	(void)state;
	assert_int_equal(read_text(whole, &g, &error), 0);
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		memcpy(text, whole, len);
		text[len] = '\0';
		assert_row(len, read_text(text, &g, &error) == -EINVAL);
		assert_row(len, strncmp(error.detail, "inv.json:", 9) == 0);
	}
	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (int c = 0; c < 256; c += 5) {
			strcpy(text, whole);
			text[i] = c ? c : ' ';
			read_text(text, &g, &error);
		}
	}
}

static void feed_refuses(void **state)
{
	const char *text = VM("\"vnics\": []");
	struct vs_error error;
	struct gather g;
	struct vs_feed feed = gather_feed(&g);

	(void)state;
	g.refuse = -ENOMEM;
	assert_int_equal(vs_document_read("inv.json", text, strlen(text),
					  &feed, &error), -ENOMEM);
}

static void in_japanese(void **state)
{
	struct vs_error error;
	struct gather g;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	assert_int_equal(vs_i18n_init("ja"), 0);
	read_text(VNICS("{\"device_id\": 0, \"mac\": \"zz\"}"), &g, &error);
	assert_string_equal(error.detail,
			    "inv.json:5: vms[0].vnics[0].mac: "
			    "\"zz\"はMACアドレスではありません");
	assert_int_equal(vs_i18n_init("en"), 0);
}

/* through the provider: files that are there, and that are not */
static void provider(void **state)
{
	static const struct {
		const char *path;
		int ret;
		enum vs_op op;
		const char *detail;
	} rows[] = {
		{ OUT_DIR "/inv-good.json", 0, VS_OP_NONE, "" },
		{ OUT_DIR "/inv-bad.json", -EINVAL, VS_OP_PARSE,
		  OUT_DIR "/inv-bad.json:1: '{' expected" },
		{ "/does/not/exist", -ENOENT, VS_OP_OPEN_FILE,
		  "/does/not/exist: No such file or directory" },
		{ "/", -EINVAL, VS_OP_READ_FILE, "/: is not a regular file" },
		{ "/dev/null", -EINVAL, VS_OP_READ_FILE,
		  "/dev/null: is not a regular file" },
		{ OUT_DIR "/inv-fifo", -EINVAL, VS_OP_READ_FILE,
		  OUT_DIR "/inv-fifo: is not a regular file" },
	};
	FILE *f = fopen(OUT_DIR "/inv-good.json", "w");

	(void)state;
	assert_non_null(f);
	fputs(VNICS("{\"device_id\": 0, " MAC1 "}"), f);
	fclose(f);
	f = fopen(OUT_DIR "/inv-bad.json", "w");
	assert_non_null(f);
	fclose(f);
	unlink(OUT_DIR "/inv-fifo");
	assert_int_equal(mkfifo(OUT_DIR "/inv-fifo", 0600), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_inventory *inv;
		struct vs_error error = { 0 };
		struct gather g;
		const struct vs_feed feed = gather_feed(&g);
		char uri[512];

		snprintf(uri, sizeof(uri), "file:%s", rows[i].path);
		assert_row(i, vs_inventory_open(uri, &inv, &error) == 0);
		assert_row(i, vs_inventory_load(inv, &feed, &error) ==
			   rows[i].ret);
		assert_row(i, error.op == rows[i].op);
		assert_row_string(i, error.detail, rows[i].detail);
		vs_inventory_close(inv);
	}
}

#define FORMS "libvirt:URI, file:PATH, vsphere://USER@HOST[:PORT]/" \
	"[DATACENTER][/host/NAME][?OPTIONS]"

static void uris(void **state)
{
	static const struct {
		const char *uri, *detail;
	} rows[] = {
		{ "", "\"\" is not an inventory; use one of: " FORMS },
		{ "inv.json", "\"inv.json\" is not an inventory; use one of: "
		  FORMS },
		{ "esx://host", "\"esx://host\" is not an inventory; use one "
		  "of: " FORMS },
		{ "FILE:x", "\"FILE:x\" is not an inventory; use one of: "
		  FORMS },
		{ "files:x\n", "\"files:x\\x0A\" is not an inventory; use "
		  "one of: " FORMS },
		{ "file:", "nothing follows \"file:\"; use: file:PATH" },
		{ "libvirt:", "nothing follows \"libvirt:\"; use: "
		  "libvirt:URI" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_inventory *inv = NULL;
		struct vs_error error;

		assert_row(i, vs_inventory_open(rows[i].uri, &inv, &error) ==
			   -EINVAL);
		assert_row_string(i, error.detail, rows[i].detail);
		assert_row(i, !inv);
	}
	vs_inventory_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad_frames),
		cmocka_unit_test(bad_syntax),
		cmocka_unit_test(bad_vms),
		cmocka_unit_test(bad_vnics),
		cmocka_unit_test(far_down),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(feed_refuses),
		cmocka_unit_test(in_japanese),
		cmocka_unit_test(provider),
		cmocka_unit_test(uris),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
