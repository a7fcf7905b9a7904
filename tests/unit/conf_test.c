// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's configuration: what is taken, and how the rest is refused. */
#include "unit.h"

#include <stdlib.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/conf.h"
#include "daemon/value.h"

#define CONF OUT_DIR "/conf_test.conf"

static void duration(void **state)
{
	static const struct {
		const char *text;
		int ret;
		vs_time ms;
	} rows[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "500ms", 0, 500 },
		{ "2 min", 0, 120000 },
		{ "1h 30min", 0, 5400000 },
		{ "1h30min", 0, 5400000 },
		{ "1week", 0, 604800000 },
		{ "3 days", 0, 259200000 },
		{ "315619200000ms", 0, 315619200000 },
		{ "315619200001ms", -ERANGE, 0 },
		{ "3653d 1ms", -ERANGE, 0 },
		{ "99999999999999999999s", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "5", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "-1s", -EINVAL, 0 },
		{ "+1s", -EINVAL, 0 },
		{ "1.5s", -EINVAL, 0 },
		{ "01s", -EINVAL, 0 },
		{ "1S", -EINVAL, 0 },
		{ "1s!", -EINVAL, 0 },
		{ "1s 5", -EINVAL, 0 },
		{ "1 fortnight", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		vs_time ms = -7;

		assert_row(i, vs_value_duration(rows[i].text, &ms) ==
			      rows[i].ret);
		assert_row(i, ms == (rows[i].ret ? -7 : rows[i].ms));
	}
}

static void write_conf(const char *text, size_t len)
{
	FILE *f = fopen(CONF, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* load the text; what is wrong with it, without the name of the file */
static struct vs_conf *load(const char *text, size_t len, int *ret,
			    char why[4096])
{
	struct vs_buf buf = { 0 };
	struct vs_conf *conf;
	char *p;

	write_conf(text, len);
	*ret = vs_conf_load(&conf, CONF, &buf);
	assert_non_null(conf);
	*why = '\0';
	p = buf.data;
	while (p && *p) {
		char *end = strchr(p, '\n');

		assert_non_null(end);
		assert_int_equal(strncmp(p, CONF ":", strlen(CONF) + 1), 0);
		p += strlen(CONF) + 1;
		strncat(why, p, end + 1 - p);
		p = end + 1;
	}
	vs_buf_free(&buf);
	return conf;
}

static void defaults(void **state)
{
	struct vs_conf *conf;
	char why[4096];
	int ret;

	(void)state;
	conf = load("#\n", 2, &ret, why);
	assert_int_equal(ret, 0);
	assert_string_equal(conf->inventory, "libvirt:qemu:///system");
	assert_string_equal(conf->hypervisor, "qemu:///system");
	assert_int_equal(conf->grace, 120000);
	assert_int_equal(conf->debounce, 2);
	assert_int_equal(conf->retention, 604800000);
	assert_true(conf->bind);
	assert_false(conf->driver_optional);
	assert_null(conf->syslog);
	assert_string_equal(conf->socket, "/run/vmsafe/agent.sock");
	assert_true(vs_conf_records(conf, 368));
	assert_true(vs_conf_forwards(conf, 368));
	vs_conf_free(conf);
}

static void everything(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# comment\n"
		"; another\n"
		"\n"
		"[agent]\n"
		"host = node1.example.org\n"
		"[inventory]  # of VMs\n"
		"uri=file:/srv/inventory.json\n"
		"\trefresh = 5min   ; often enough\n"
		"timeout = 1s\r\n"
		"max-age = 0\n"
		"[check]\n"
		"grace = 0\n"
		"debounce = 1\n"
		"[driver]\n"
		"mode = optional\n"
		"heartbeat = 100ms\n"
		"tolerance = 1000\n"
		"[binder]\n"
		"bind = off\n"
		"hypervisor = none\n"
		"[history]\n"
		"database = /srv/events.db\n"
		"retention = 1 d\n"
		"[forward]\n"
		"syslog = tcp:[::1]:514\n"
		"[api]\n"
		"socket = /srv/agent.sock\n"
		"[events]\n"
		"default = record\n"
		"368 = record, forward\n"
		"5009 = none";
	struct vs_conf *conf;
	char why[4096];
	int ret;

	(void)state;
	conf = load(text, sizeof(text) - 1, &ret, why);
	assert_string_equal(why, "");
	assert_int_equal(ret, 0);
	assert_string_equal(conf->host, "node1.example.org");
	assert_string_equal(conf->inventory, "file:/srv/inventory.json");
	assert_int_equal(conf->refresh, 300000);
	assert_int_equal(conf->timeout, 1000);
	assert_int_equal(conf->max_age, 0);
	assert_int_equal(conf->grace, 0);
	assert_int_equal(conf->debounce, 1);
	assert_true(conf->driver_optional);
	assert_int_equal(conf->heartbeat, 100);
	assert_int_equal(conf->tolerance, 1000);
	assert_false(conf->bind);
	assert_null(conf->hypervisor);
	assert_string_equal(conf->database, "/srv/events.db");
	assert_int_equal(conf->retention, 86400000);
	assert_string_equal(conf->syslog, "tcp:[::1]:514");
	assert_string_equal(conf->socket, "/srv/agent.sock");
	assert_true(vs_conf_records(conf, 742));
	assert_false(vs_conf_forwards(conf, 742));
	assert_true(vs_conf_forwards(conf, 368));
	assert_false(vs_conf_records(conf, 5009));
	vs_conf_free(conf);
}

#define NO_SIGN "not of the form \"key = value\": the \"=\" is missing\n"

static const struct {
	const char *text;
	const char *why;
} refusals[] = {
	{ "[check]\ngrace\n", "2: " NO_SIGN },
	{ "[check]\ngrace: 5s\n", "2: " NO_SIGN },
	{ "[check]\n= 5s\n", "2: nothing stands before \"=\"\n" },
	{ "grace = 5s\n", "1: no section stands before \"grace\"\n" },
	{ "[check]\nGrace = 5s\n",
	  "2: section [check] has no key \"Grace\"\n" },
	{ "[agent]\ngrace = 5s\n",
	  "2: section [agent] has no key \"grace\"\n" },
	{ "[cheque]\ngrace = 5s\n[check]\ngrace = x\n",
	  "1: there is no section [cheque]\n"
	  "4: grace = x: not a duration, such as 500ms, 30s, 2min, 1h or "
	  "1week\n" },
	{ "[check\ngrace = 5s\n", "1: a \"]\" is missing\n" },
	{ "[check] grace = 5s\n", "1: nothing may follow \"]\"\n" },
	{ "[]\n", "1: there is no section []\n" },
	{ "[api]\nsocket = agent.sock\n", "2: socket = agent.sock: neither an "
	  "absolute path of at most 99 bytes nor \"none\"\n" },
	{ "[\033[31m]\n", "1: there is no section [\\x1B[31m]\n" },
	{ "[check]\ngrace = 5s\n[agent]\n[check]\ngrace = 5s\n",
	  "5: \"grace\" was given before\n" },
	{ "[check]\ngrace =\n", "2: grace = : not a duration, such as 500ms, "
	  "30s, 2min, 1h or 1week\n" },
	{ "[check]\ngrace = 25h\n",
	  "2: grace = 25h: out of range, which is 0 ms to 86400000 ms\n" },
	{ "[check]\ndebounce = 0\n",
	  "2: debounce = 0: not a number from 1 to 100\n" },
	{ "[check]\ndebounce = 2s\n",
	  "2: debounce = 2s: not a number from 1 to 100\n" },
	{ "[binder]\nbind = 1\n",
	  "2: bind = 1: neither \"on\" nor \"off\"\n" },
	{ "[driver]\nmode = off\n",
	  "2: mode = off: neither \"required\" nor \"optional\"\n" },
	{ "[agent]\nhost = a\x01\n",
	  "2: host = a\\x01: not the name of a host\n" },
	{ "[inventory]\nuri = esx:host\n",
	  "2: uri = esx:host: \"esx:host\" is not an inventory; use one of: "
	  "libvirt:URI, file:PATH, vsphere://USER@HOST[:PORT]/"
	  "[DATACENTER][/host/NAME][?OPTIONS]\n" },
	{ "[inventory]\nuri = file:\n", "2: uri = file:: nothing follows "
	  "\"file:\"; use: file:PATH\n" },
	{ "[inventory]\nuri = file:list.json\n",
	  "2: uri = file:list.json: not an absolute path\n" },
	{ "[binder]\nhypervisor = qemu\n", "2: hypervisor = qemu: neither a "
	  "URI of libvirt, such as qemu:///system, nor \"none\"\n" },
	{ "[history]\ndatabase = events.db\n",
	  "2: database = events.db: not an absolute path\n" },
	{ "[forward]\nsyslog = udp:loghost:514\n",
	  "2: syslog = udp:loghost:514: \"udp:loghost:514\" is no receiver of "
	  "syslog messages; give udp:ADDRESS:PORT or tcp:ADDRESS:PORT, with "
	  "an IP address, one of IPv6 in brackets\n" },
	{ "[events]\n369 = record\n", "2: there is no event \"369\"\n" },
	{ "[events]\n368 = yes\n", "2: 368 = yes: none of \"record\", "
	  "\"forward\", \"record, forward\" and \"none\"\n" },
	{ "[events]\n368 = record\n368 = none\n",
	  "3: \"368\" was given before\n" },
	{ "[inventory]\nrefresh = 10min\n", "2: max-age has to be longer than "
	  "refresh and timeout together, or the list would always be too "
	  "old\n" },
};

static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct vs_conf *conf;
		char why[4096];
		int ret;

		conf = load(refusals[i].text, strlen(refusals[i].text), &ret,
			    why);
		assert_row_string(i, why, refusals[i].why);
		assert_row(i, ret == -EINVAL);
		vs_conf_free(conf);
	}
}

/* inih would cut such lines in two, or end at the NUL byte */
static void odd_lines(void **state)
{
	static const char nul[] = "[check]\ngrace = 5s\0bind\n";
	char text[1024] = "[history]\ndatabase = /", why[4096];
	struct vs_conf *conf;
	int ret;

	(void)state;
	conf = load(nul, sizeof(nul) - 1, &ret, why);
	assert_int_equal(ret, -EINVAL);
	assert_string_equal(why, "2: a NUL byte\n");
	vs_conf_free(conf);
	memset(text + strlen(text), 'x', 200);
	strcat(text, "\n[check]\ngrace = 5s\n");
	conf = load(text, strlen(text), &ret, why);
	assert_int_equal(ret, -EINVAL);
	assert_string_equal(why, "2: the line is longer than 199 bytes\n");
	vs_conf_free(conf);
}

/* a file of nothing but mistakes does not bury its reader */
static void many(void **state)
{
	struct vs_buf text = { 0 };
	struct vs_conf *conf;
	char why[8192];
	int ret;

	(void)state;
	for (int i = 0; i < 25; i++)
		vs_buf_add(&text, "x\n");
	write_conf(text.data, strlen(text.data));
	vs_buf_free(&text);
	ret = vs_conf_load(&conf, CONF, &text);
	assert_int_equal(ret, -EINVAL);
	snprintf(why, sizeof(why), "%s: and 15 problems more\n", CONF);
	assert_non_null(strstr(vs_buf_str(&text), why));
	assert_non_null(strstr(vs_buf_str(&text), ":10: "));
	assert_null(strstr(vs_buf_str(&text), ":11: "));
	vs_buf_free(&text);
	vs_conf_free(conf);
}

static void absent(void **state)
{
	struct vs_buf why = { 0 };
	struct vs_conf *conf;

	(void)state;
	unlink(CONF);
	assert_int_equal(vs_conf_load(&conf, CONF, &why), -ENOENT);
	assert_string_equal(vs_buf_str(&why),
			    CONF ": No such file or directory\n");
	vs_buf_free(&why);
	vs_conf_free(conf);
}

static void unfit(const char *path, const char *what)
{
	struct vs_buf why = { 0 };
	struct vs_conf *conf;
	char line[128];

	snprintf(line, sizeof(line), "%s: %s\n", path, what);
	assert_int_equal(vs_conf_load(&conf, path, &why), -EINVAL);
	assert_string_equal(vs_buf_str(&why), line);
	vs_buf_free(&why);
	vs_conf_free(conf);
}

/* nothing that has no end, or that one would wait for */
static void no_files(void **state)
{
	struct vs_buf why = { 0 };
	struct vs_conf *conf;

	(void)state;
	unfit(".", "is not a regular file");
	unfit("/dev/zero", "is not a regular file");
	unlink(CONF);
	assert_int_equal(mkfifo(CONF, 0600), 0);
	unfit(CONF, "is not a regular file");
	unlink(CONF);
	write_conf("", 0);
	unfit(CONF, "is empty; for the defaults, have a comment in it");
	assert_int_equal(truncate(CONF, 1LL << 40), 0);
	unfit(CONF, "is too large for a configuration");
	write_conf("#\n", 2);
	assert_int_equal(vs_conf_load(&conf, CONF, &why), 0);
	vs_conf_free(conf);
	assert_int_equal(vs_conf_load(&conf, "/dev/null", &why), 0);
	vs_conf_free(conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(duration),
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything),
		cmocka_unit_test(refused),
		cmocka_unit_test(odd_lines),
		cmocka_unit_test(many),
		cmocka_unit_test(absent),
		cmocka_unit_test(no_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
