// SPDX-License-Identifier: GPL-2.0-only
/* What is read off QEMU command lines and /proc, however odd they are. */
#include "unit.h"

#include <stdlib.h>

#include "host/cmdline.h"
#include "host/fdinfo.h"
#include "host/optstr.h"
#include "host/qemu.h"
#include "random.h"

#define UUID "421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e"

/** struct str - bytes of which some may be NUL */
struct str {
	const char *text;
	size_t len;
};

#define STR(s) { (s), sizeof(s) - 1 }

static void option_strings(void **state)
{
	static const struct {
		const char *s, *key, *implied, *value;
	} rows[] = {
		{ "tap,id=n0,fd=33", "id", "type", "n0" },
		{ "tap,id=n0,fd=33", "type", "type", "tap" },
		{ "tap,id=n0,fd=33", "type", NULL, NULL },
		{ "tap,id=n0,fd=33", "fd", "type", "33" },
		{ "tap,id=n0,fd=33", "f", "type", NULL },
		{ "tap,id=n0,fd=33", "fds", "type", NULL },
		{ "type=tap,id=n0", "type", "type", "tap" },
		{ "a,,b,id=x", "name", "name", "a,b" },
		{ "a,,,id=x", "name", "name", "a," },
		{ "a,,,id=x", "id", "name", "x" },
		{ ",,,,", "name", "name", ",," },
		{ "n,v=a,,b=c,,", "v", "name", "a,b=c," },
		{ "n,v=1,v=2", "v", "name", "2" },
		{ "n,v=", "v", "name", "" },
		{ "n,v", "v", "name", "on" },
		{ "n,=x,v=1", "v", "name", "1" },
		{ "n,,=x,v=1", "n,", "name", NULL },
		{ "", "name", "name", "" },
		{ "", "v", "name", NULL },
		{ ",", "v", "name", NULL },
		{ ",v=1", "v", "name", "1" },
		{ "guest=a=b", "guest", "guest", "a=b" },
		{ "debug-threads=on", "guest", "guest", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *value = vs_optstr_get(rows[i].s, rows[i].key,
					    rows[i].implied);

		assert_row(i, !value == !rows[i].value);
		if (value)
			assert_row_string(i, value, rows[i].value);
		free(value);
	}
}

static void fdinfo(void **state)
{
	static const struct {
		struct str str;
		const char *ifname;
	} rows[] = {
		{ STR("pos:\t0\nflags:\t02\niff:\tvnet0\n"), "vnet0" },
		{ STR("iff:\tvnet0"), "vnet0" },
		{ STR("iff:\tfifteen_bytes_x\n"), "fifteen_bytes_x" },
		{ STR("iff:\tsixteen_bytes_xx\n"), NULL },
		{ STR("iff:\t\xff\xfe\n"), "\xff\xfe" },
		{ STR("iff:\t\n"), NULL },
		{ STR("iff:\t"), NULL },
		{ STR("iff:\tv\0x\n"), NULL },
		{ STR("iff: vnet0\n"), NULL },
		{ STR("xiff:\tvnet0\n"), NULL },
		{ STR("\n\niff:\tvnet0\n"), "vnet0" },
		{ STR("iff"), NULL },
		{ STR(""), NULL },
		{ STR("pos:\t0\nflags:\t02\nmnt_id:\t9\n"), NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		/* a copy without a terminator, so that reading on is caught */
		char *text = malloc(rows[i].str.len + 1);
		char ifname[VS_PORT_NAME] = "before";
		bool found;

		memcpy(text, rows[i].str.text, rows[i].str.len);
		text = realloc(text, rows[i].str.len ? rows[i].str.len : 1);
		found = vs_fdinfo_ifname(text, rows[i].str.len, ifname);
		assert_row(i, found == !!rows[i].ifname);
		assert_row_string(i, ifname, found ? rows[i].ifname :
						     "before");
		free(text);
	}
}

static void cmdlines(void **state)
{
	static const struct {
		struct str str;
		size_t argc;
		const char *last;
	} rows[] = {
		{ STR("a\0b\0c\0"), 3, "c" },
		{ STR("a\0b\0c"), 3, "c" },
		{ STR("a\0\0\0"), 3, "" },
		{ STR("\0"), 1, "" },
		{ STR("renamed itself"), 1, "renamed itself" },
		{ STR(""), 0, NULL },
	};
	struct vs_cmdline c;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct str *s = &rows[i].str;

		assert_row(i, !vs_cmdline_split(&c, s->text, s->len));
		assert_row(i, c.argc == rows[i].argc);
		if (rows[i].last)
			assert_row_string(i, c.argv[c.argc - 1], rows[i].last);
		vs_cmdline_free(&c);
	}
}

/* "name uuid | 0 MAC tap ifname fds | ...": what was made of a command line */
static const char *describe(const char *line)
{
	static char text[4096];
	char uuid[VS_UUID_STR], mac[VS_MAC_STR], *copy = strdup(line), *save;
	const char *argv[64] = { "qemu-system-x86_64" };
	struct vs_qemu q;
	size_t argc = 1, n;

	/* a tilde stands for the blank within an argument */
	for (char *s = strtok_r(copy, " ", &save); s;
	     s = strtok_r(NULL, " ", &save)) {
		for (char *p = s; *p; p++)
			*p = *p == '~' ? ' ' : *p;
		argv[argc++] = s;
	}
	assert_int_equal(vs_qemu_parse(&q, argv, argc), 0);
	n = sprintf(text, "%s %s", *q.name ? q.name : "-",
		    vs_uuid_is_nil(&q.uuid) ? "-" :
					      vs_uuid_format(&q.uuid, uuid));
	for (size_t i = 0; i < q.n_nics; i++) {
		const struct vs_qemu_nic *nic = &q.nics[i];

		n += sprintf(text + n, " | %u %s %s %s", nic->device_id,
			     vs_mac_is_zero(&nic->mac) ? "-" :
				vs_mac_format(&nic->mac, mac) + 12,
			     nic->tap ? "tap" : "other",
			     *nic->ifname ? nic->ifname : "-");
		for (size_t j = 0; j < nic->n_fds; j++)
			n += sprintf(text + n, " %d", nic->fds[j]);
	}
	vs_qemu_free(&q);
	free(copy);
	return text;
}

#define DIGITS "01234567890123456789012345678901234567890123456789"
#define MAC(n) "mac=52:54:00:00:00:" n

static const struct {
	const char *line, *what;
} lines[] = {
	{ "", "- -" },
	/* as libvirt 9 writes it */
	{ "-name guest=web,debug-threads=on -S -uuid " UUID
	  " -nodefaults -netdev "
	  "{\"type\":\"tap\",\"fd\":\"33\",\"vhost\":true,"
	  "\"vhostfd\":\"35\",\"id\":\"hostnet0\"} -device "
	  "{\"driver\":\"virtio-net-pci\",\"netdev\":\"hostnet0\","
	  "\"id\":\"net0\",\"mac\":\"52:54:00:00:00:01\","
	  "\"bus\":\"pci.1\"}",
	  "web " UUID " | 0 00:01 tap - 33" },
	{ "-netdev {\"type\":\"tap\",\"fds\":\"33:34\",\"id\":\"n\"} "
	  "-device {\"driver\":\"e1000\",\"netdev\":\"n\","
	  "\"mac\":\"52:54:00:00:00:01\"}",
	  "- - | 0 00:01 tap - 33 34" },
	/* as libvirt 6 wrote it */
	{ "-name guest=a,,b -netdev tap,fd=33,id=hostnet0,vhost=on "
	  "-device virtio-net-pci,netdev=hostnet0,id=net0,"
	  MAC("0a") ",bus=pci.0,addr=0x3",
	  "a,b - | 0 00:0A tap - 33" },
	/* by hand */
	{ "-name web -netdev tap,ifname=tap0,script=no,id=n0 "
	  "-device e1000,netdev=n0," MAC("01"),
	  "web - | 0 00:01 tap tap0" },
	{ "--uuid " UUID " --netdev tap,id=n0 --device e1000,netdev=n0,"
	  MAC("01"), "- " UUID " | 0 00:01 tap -" },
	{ "-nic tap,ifname=t0,model=e1000," MAC("01")
	  " -nic user," MAC("02"),
	  "- - | 0 00:01 tap t0 | 1 00:02 other -" },
	{ "-nic none", "- -" },
	{ "-net nic,macaddr=52:54:00:00:00:01,model=e1000 "
	  "-net tap,ifname=t0", "- - | 0 00:01 tap t0" },
	{ "-net nic,netdev=n," MAC("01") " -netdev tap,id=n,ifname=t0",
	  "- - | 0 00:01 tap t0" },
	{ "-netdev bridge,id=n,br=br0 -device e1000,netdev=n,"
	  MAC("01"), "- - | 0 00:01 tap -" },
	/* two of a kind on one hub cannot be told apart */
	{ "-net nic," MAC("01") " -net nic," MAC("02")
	  " -net tap,ifname=t0",
	  "- - | 0 00:01 other - | 1 00:02 other -" },
	/* the place on the command line is the device ID */
	{ "-netdev tap,id=b,fd=4 -netdev tap,id=a,fd=3 "
	  "-device e1000,netdev=a," MAC("01")
	  " -device e1000,netdev=b," MAC("02"),
	  "- - | 0 00:01 tap - 3 | 1 00:02 tap - 4" },
	{ "-netdev user,id=a -device e1000,netdev=a," MAC("01")
	  " -device virtio-net-pci," MAC("02")
	  " -netdev tap,id=b,fd=3 -device e1000,netdev=b," MAC("03"),
	  "- - | 0 00:01 other - | 1 00:02 other - | "
	  "2 00:03 tap - 3" },
	{ "-device virtio-blk-pci,drive=d -device usb-tablet "
	  "-device vfio-pci,host=1", "- -" },
	/* a backend belongs to one NIC */
	{ "-netdev tap,id=a,fd=3 -device e1000,netdev=a," MAC("01")
	  " -device e1000,netdev=a," MAC("02"),
	  "- - | 0 00:01 tap - 3 | 1 00:02 other -" },
	/* descriptors that are no numbers, or too many */
	{ "-netdev tap,id=a,fd=monitor_name -device e1000,netdev=a,"
	  MAC("01"), "- - | 0 00:01 tap -" },
	{ "-netdev tap,id=a,fds=3:x:-1:99999999999:4 "
	  "-device e1000,netdev=a," MAC("01"),
	  "- - | 0 00:01 tap - 3 4" },
	{ "-netdev tap,id=a,ifname=longer_than_fifteen "
	  "-device e1000,netdev=a," MAC("01"),
	  "- - | 0 00:01 tap -" },
	/* the last word counts */
	{ "-uuid " UUID " -uuid nonsense -name a -name b", "b -" },
	{ "-uuid 00000000-0000-0000-0000-000000000000", "- -" },
	/* a value is no option, whatever it looks like */
	{ "-append -uuid -name real -kernel -name",
	  "real -" },
	{ "-append root=x~-uuid~" UUID " -name real", "real -" },
	{ "-S -enable-kvm -name real -nographic", "real -" },
	{ "disk.img -name real", "real -" },
	{ "-name", "- -" },
	{ "-uuid", "- -" },
	/* names that the Filter Driver would not take */
	{ "-name bad\001name", "- -" },
	{ "-name bad\xff", "- -" },
	{ "-name debug-threads=on", "- -" },
	{ "-name " DIGITS "012345678901234",
	  DIGITS "01234567890123 -" },
	{ "-name " DIGITS "0123456789012\xc3\xa4",
	  DIGITS "0123456789012 -" },
	/* what is no JSON is nothing */
	{ "-netdev {\"type\":\"tap\" -device {} -device {]",
	  "- -" },
	{ "-device {\"driver\":5,\"netdev\":\"x\"}",
	  "- - | 0 34:56 other -" },
	{ "-device {\"driver\":\"e1000\",\"mac\":5}",
	  "- - | 0 - other -" },
	{ "-device e1000,mac=01:00:00:00:00:01",
	  "- - | 0 - other -" },
	{ "-device e1000,mac=junk", "- - | 0 - other -" },
};

static void command_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_row_string(i, describe(lines[i].line), lines[i].what);
}

/* the MACs that QEMU chooses; tried against QEMU 7.2 */
static void chosen_macs(void **state)
{
	static const struct {
		const char *line, *what;
	} rows[] = {
		{ "-device e1000", "- - | 0 34:56 other -" },
		{ "-device e1000 -device e1000",
		  "- - | 0 34:56 other - | 1 34:57 other -" },
		{ "-device e1000,mac=00:00:00:00:00:00",
		  "- - | 0 34:56 other -" },
		{ "-device e1000,mac=52:54:00:12:34:56 -device e1000",
		  "- - | 0 34:56 other - | 1 34:57 other -" },
		/* only what was made before is left out */
		{ "-device e1000 -device e1000,mac=52:54:00:12:34:57 "
		  "-device e1000", "- - | 0 34:56 other - | 1 34:57 other - | "
		  "2 34:58 other -" },
		{ "-device e1000,mac=52:54:00:99:34:56 -device e1000",
		  "- - | 0 34:56 other - | 1 34:56 other -" },
		/* -nic comes first, JSON last */
		{ "-device e1000 -nic user",
		  "- - | 0 34:57 other - | 1 34:56 other -" },
		{ "-device {\"driver\":\"e1000\"} -device e1000",
		  "- - | 0 34:57 other - | 1 34:56 other -" },
		/* a MAC may come from elsewhere */
		{ "-readconfig file -device e1000", "- - | 0 - other -" },
		{ "-set device.x.mac=1 -device e1000", "- - | 0 - other -" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_string(i, describe(rows[i].line), rows[i].what);
}

static void programs(void **state)
{
	static const struct {
		const char *path;
		bool is;
	} rows[] = {
		{ "/usr/bin/qemu-system-x86_64", true },
		{ "/usr/bin/qemu-system-x86_64 (deleted)", true },
		{ "qemu-system-aarch64", true },
		{ "/usr/libexec/qemu-kvm", true },
		{ "/usr/libexec/qemu-kvm (deleted)", true },
		{ "/usr/bin/kvm", true },
		{ "/usr/bin/qemu-img", false },
		{ "/usr/sbin/openvpn", false },
		{ "/tmp/qemu-system-x86_64/sh", false },
		{ "/usr/bin/kvmtool", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_qemu_is_program(rows[i].path) == rows[i].is);
}

/* anything at all on a command line: nothing is read that is not there */
static void random_lines(void **state)
{
	static const char *const bits[] = {
		"-netdev", "-device", "-nic", "-net", "-uuid", "-name", "tap,",
		"type=tap", "id=n", "netdev=n", "{", "}", "\"netdev\":\"n\"",
		"\"type\":\"tap\"", "\"driver\":\"e1000\"", ",", ",,", "=",
		"mac=52:54:00:00:00:01", "fd=3", "fds=3:4:5", ":", "nic",
		"e1000", "ifname=", "\"", "\\", "\xff", UUID, "none", "guest=",
	};

	(void)state;
	random_seed();
	for (int round = 0; round < 20000; round++) {
		char text[1024];
		struct vs_cmdline c;
		struct vs_qemu q;
		size_t len = 0;

		for (int n = random_pick(40); n; n--) {
			const char *bit = bits[random_pick(ARRAY_SIZE(bits))];
			size_t size = strlen(bit);

			memcpy(text + len, bit, size);
			len += size;
			if (!random_pick(2))
				text[len++] = '\0';
		}
		assert_int_equal(vs_cmdline_split(&c, text, len), 0);
		assert_int_equal(vs_qemu_parse(&q, c.argv, c.argc), 0);
		for (size_t i = 0; i < q.n_nics; i++) {
			assert_int_equal(q.nics[i].device_id, i);
			assert_true(vs_mac_is_zero(&q.nics[i].mac) ||
				    vs_mac_is_guest(&q.nics[i].mac));
		}
		assert_true(!*q.name || !vs_name_check(q.name));
		vs_qemu_free(&q);
		vs_cmdline_free(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(option_strings),
		cmocka_unit_test(fdinfo),
		cmocka_unit_test(cmdlines),
		cmocka_unit_test(command_lines),
		cmocka_unit_test(chosen_macs),
		cmocka_unit_test(programs),
		cmocka_unit_test(random_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
