// SPDX-License-Identifier: GPL-2.0-only
/* The libvirt inventory, on libvirt's own test driver and on bad servers. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gather.h"
#include "inventory/domain.h"
#include "inventory/inventory.h"
#include "world.h"

#define NODE OUT_DIR "/node.xml"
#define NODE_URI "libvirt:test://" NODE
#define U "421ea1b2-c3d4-e5f6-0718-00000000000"

/* the domain of that name vanishes, or fails, when its XML is asked for */
static const char *vanishing, *failing;

char *__real_virDomainGetXMLDesc(virDomainPtr dom, unsigned int flags);
char *__wrap_virDomainGetXMLDesc(virDomainPtr dom, unsigned int flags);

char *__wrap_virDomainGetXMLDesc(virDomainPtr dom, unsigned int flags)
{
	virConnectPtr conn = virDomainGetConnect(dom);

	if (vanishing && strcmp(virDomainGetName(dom), vanishing) == 0) {
		/* sets the error that a domain leaves behind */
		assert_null(virDomainLookupByName(conn, "no such domain"));
		return NULL;
	}
	if (failing && strcmp(virDomainGetName(dom), failing) == 0) {
		assert_null(virNetworkLookupByName(conn, "no such network"));
		return NULL;
	}
	return __real_virDomainGetXMLDesc(dom, flags);
}

static void put_domain(FILE *f, unsigned int n, const char *name, int runstate,
		       const char *interfaces)
{
	fprintf(f, "<domain type='test' xmlns:test="
		"'http://libvirt.org/schemas/domain/test/1.0'>"
		"<name>%s</name><uuid>" U "%u</uuid><memory>8192</memory>"
		"<os><type>hvm</type></os><devices>%s</devices>"
		"<test:runstate>%d</test:runstate></domain>\n",
		name, n, interfaces, runstate);
}

static int write_node(void **state)
{
	FILE *f = fopen(NODE, "w");

	(void)state;
	assert_non_null(f);
	fputs("<node>", f);
	put_domain(f, 1, "web", VIR_DOMAIN_RUNNING,
		   "<interface type='bridge'><source bridge='br0'/>"
		   "<mac address='52:54:00:00:00:0A'/></interface>"
		   "<interface type='bridge'><source bridge='br0'/>"
		   "<mac address='52:54:00:00:00:0b'/></interface>");
	put_domain(f, 2, "off", VIR_DOMAIN_SHUTOFF,
		   "<interface type='bridge'><source bridge='br0'/>"
		   "<mac address='52:54:00:00:00:0c'/></interface>");
	put_domain(f, 3, "paused", VIR_DOMAIN_PAUSED, "");
	put_domain(f, 4, "a name of more than sixty-four bytes, as libvirt "
		   "takes them, cut here", VIR_DOMAIN_RUNNING, "");
	fputs("</node>", f);
	fclose(f);
	return 0;
}

static int load(const char *uri, struct gather *g, struct vs_error *error)
{
	const struct vs_feed feed = gather_feed(g);
	struct vs_inventory *inv;
	int ret;

	memset(error, 0, sizeof(*error));
	assert_int_equal(vs_inventory_open(uri, &inv, error), 0);
	ret = vs_inventory_load(inv, &feed, error);
	vs_inventory_close(inv);
	return ret;
}

/* is @line one of the lines of @text? their order is libvirt's */
static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	while (text) {
		if (strncmp(text, line, len) == 0 &&
		    (text[len] == '\n' || !text[len]))
			return true;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return false;
}

static size_t count_lines(const char *text)
{
	size_t n = *text != '\0';

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void domains(void **state)
{
	static const char *const lines[] = {
		U "1 web - running 0=52:54:00:00:00:0A 1=52:54:00:00:00:0B",
		U "2 off - shut off 0=52:54:00:00:00:0C",
		U "3 paused - paused",
		U "4 a name of more than sixty-four bytes, as libvirt takes "
		"them, cut - running",
	};
	struct vs_error error;
	struct gather g;

	(void)state;
	assert_int_equal(load(NODE_URI, &g, &error), 0);
	assert_int_equal(count_lines(g.text), ARRAY_SIZE(lines));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!has_line(g.text, lines[i]))
			fail_msg("row %zu: not in\n%s", i, g.text);
	}
}

/* one domain, as it runs and as it is defined to run the next time */
static void one_domain(void **state)
{
	struct vs_domain *d;
	struct vs_error error;
	struct vs_uuid uuid;

	(void)state;
	assert_int_equal(vs_uuid_parse(U "1", &uuid), 0);
	assert_int_equal(vs_libvirt_domain("test://" NODE, 20000, &uuid, &d,
					   &error), 0);
	assert_non_null(d);
	assert_true(d->active);
	assert_int_equal(d->n_vnics, 2);
	assert_non_null(d->next);
	assert_false(d->next->active);
	assert_int_equal(d->next->n_vnics, 2);
	assert_int_equal(d->next->vnics[1].mac.b[5], 0x0b);
	assert_null(d->next->next);
	vs_domains_free(d);
	/* one that does not run has its definition alone */
	vs_uuid_parse(U "2", &uuid);
	assert_int_equal(vs_libvirt_domain("test://" NODE, 20000, &uuid, &d,
					   &error), 0);
	assert_non_null(d);
	assert_false(d->active);
	assert_null(d->next);
	vs_domains_free(d);
	/* one that is not there is no failure; no libvirt is one */
	vs_uuid_parse(U "9", &uuid);
	assert_int_equal(vs_libvirt_domain("test://" NODE, 20000, &uuid, &d,
					   &error), 0);
	assert_null(d);
	assert_true(vs_libvirt_domain("test:///does/not/exist.xml", 20000,
				      &uuid, &d, &error) < 0);
	assert_null(d);
	assert_int_equal(error.op, VS_OP_CONNECT);
}

static void built_in(void **state)
{
	struct vs_error error;
	struct gather g;

	(void)state;
	assert_int_equal(load("libvirt:test:///default", &g, &error), 0);
	assert_int_equal(count_lines(g.text), 1);
	assert_non_null(strstr(g.text, " test - running"));
}

/* gone between the list and its turn: as if it had not been listed */
static void vanished(void **state)
{
	struct vs_error error;
	struct gather g;

	(void)state;
	vanishing = "web";
	assert_int_equal(load(NODE_URI, &g, &error), 0);
	vanishing = NULL;
	assert_int_equal(count_lines(g.text), 3);
	assert_null(strstr(g.text, "web"));
}

/* any other error makes the whole list unknown: it would not be complete */
static void failed(void **state)
{
	struct vs_error error;
	struct gather g;

	(void)state;
	failing = "off";
	assert_int_equal(load(NODE_URI, &g, &error), -EIO);
	failing = NULL;
	assert_string_equal(g.text, "");
	assert_int_equal(error.op, VS_OP_READ_VM);
	assert_int_equal(strncmp(error.detail, "off: ", 5), 0);
	assert_non_null(strstr(error.detail, "no such network"));
}

/* what libvirt says goes into the error and nowhere else */
static void unreachable(void **state)
{
	static const char *const uris[] = {
		"libvirt:test:///does/not/exist.xml",
		"libvirt:nosuch:///system",
		"libvirt:qemu+unix:///system?socket=/does/not/exist",
		"libvirt:not a uri\x1b",
	};
	int err = dup(STDERR_FILENO);
	int quiet = open(OUT_DIR "/stderr", O_RDWR | O_CREAT | O_TRUNC, 0600);

	(void)state;
	assert_true(err >= 0 && quiet >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(uris); i++) {
		struct vs_error error;
		struct gather g;
		int ret;

		dup2(quiet, STDERR_FILENO);
		ret = load(uris[i], &g, &error);
		dup2(err, STDERR_FILENO);
		assert_row(i, ret < 0);
		assert_row(i, error.op == VS_OP_CONNECT);
		assert_row(i, error.why == VS_WHY_UNREACHABLE);
		assert_row(i, strlen(error.detail) > 10);
		assert_row(i, !strchr(error.detail, '\x1b'));
		assert_row_string(i, g.text, "");
	}
	assert_int_equal(lseek(quiet, 0, SEEK_END), 0);
	close(quiet);
	close(err);
}

static int listen_at(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_true(strlen(path) < sizeof(addr.sun_path));
	strcpy(addr.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static int threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

/* a load's thread goes a moment after the load */
static bool alone(void)
{
	for (int i = 0; i < 3000 && threads() > 1; i++)
		poll(NULL, 0, 10);
	return threads() == 1;
}

/* a server that takes the connection and never says a word */
static void silent(void **state)
{
	char path[] = "/tmp/vmsafe-unit-XXXXXX", socket_path[64], uri[128];
	struct vs_inventory *inv;
	struct vs_error error = { 0 };
	struct gather g;
	const struct vs_feed feed = gather_feed(&g);
	int fd;

	(void)state;
	assert_true(alone());
	assert_non_null(mkdtemp(path));
	snprintf(socket_path, sizeof(socket_path), "%s/sock", path);
	fd = listen_at(socket_path);
	snprintf(uri, sizeof(uri), "libvirt:qemu+unix:///system?socket=%s",
		 socket_path);
	assert_int_equal(vs_inventory_open(uri, &inv, &error), 0);
	assert_int_equal(inv->deadline, VS_INVENTORY_DEADLINE);
	inv->deadline = 300;
	assert_int_equal(vs_inventory_load(inv, &feed, &error), -ETIMEDOUT);
	assert_int_equal(error.why, VS_WHY_TIMEOUT);
	assert_int_equal(error.err, ETIMEDOUT);
	assert_string_equal(error.detail, uri + strlen("libvirt:"));
	vs_inventory_close(inv);
	/* hang up: the thread that was left behind ends, and frees its job */
	assert_int_equal(threads(), 2);
	close(fd);
	unlink(socket_path);
	rmdir(path);
	assert_true(alone());
}

/* into the engine and back out: unreachable is unknown, never empty */
static void sync_engine(void **state)
{
	struct vs_inventory *good, *bad;
	struct vs_error error;
	struct vs_uuid uuid;
	struct vs_vm_view view;
	struct world w;

	(void)state;
	assert_int_equal(vs_uuid_parse(U "1", &uuid), 0);
	assert_int_equal(vs_inventory_open(NODE_URI, &good, &error), 0);
	assert_int_equal(vs_inventory_open("libvirt:test:///does/not/exist",
					   &bad, &error), 0);
	world_open(&w, 0, 1);
	world_ready(&w);
	assert_int_equal(vs_inventory_sync(good, w.e, w.now, &error), 0);
	assert_string_equal(world_evaluate(&w),
			    "368 web manager:0:0a manager:1:0b");
	assert_true(vs_inventory_sync(bad, w.e, w.now, NULL) < 0);
	assert_string_equal(world_after(&w, 1), "742\n368 inventory");
	assert_int_equal(vs_engine_vm(w.e, &uuid, &view), 0);
	assert_int_equal(view.state, VS_STATE_UNKNOWN);
	assert_int_equal(vs_inventory_sync(good, w.e, w.now, NULL), 0);
	assert_string_equal(world_after(&w, 1), "743");
	assert_int_equal(vs_engine_vm(w.e, &uuid, &view), 0);
	assert_int_equal(view.state, VS_STATE_OUT_OF_SYNC);
	vs_inventory_close(good);
	vs_inventory_close(bad);
	world_close(&w);
}

#define DOMAIN(attr, devices) "<domain " attr "><name>d</name><uuid>" U \
	"1</uuid><devices>" devices "</devices></domain>"
#define NIC(mac) "<interface><mac address='" mac "'/></interface>"

static void xml(void **state)
{
	static const struct {
		const char *xml;
		int ret;
		bool active;
		size_t n;
		const char *why;
	} rows[] = {
		{ DOMAIN("type='kvm' id='3'", NIC("525400000001")), 0, true, 1,
		  NULL },
		{ DOMAIN("type='kvm'", NIC("525400000001")), 0, false, 1,
		  NULL },
		{ DOMAIN("", ""), 0, false, 0, NULL },
		{ DOMAIN("", "<disk/>" NIC("525400000001") "<a>"
			 NIC("525400000009") "</a>" NIC("525400000002")),
		  0, false, 2, NULL },
		{ "<domain><name>d</name><uuid>" U "1</uuid></domain>", 0,
		  false, 0, NULL },
		{ "", -EINVAL, false, 0, "not the XML of a domain" },
		{ "<domain>", -EINVAL, false, 0, "not the XML of a domain" },
		{ "<network/>", -EINVAL, false, 0, "not the XML of a domain" },
		{ "<domain/>", -EINVAL, false, 0,
		  "a domain without a valid UUID" },
		{ "<domain><uuid>1</uuid><name>d</name></domain>", -EINVAL,
		  false, 0, "a domain without a valid UUID" },
		{ "<domain><uuid>" U "1</uuid></domain>", -EINVAL, false, 0,
		  "a domain without a name" },
		{ "<domain><uuid>" U "1</uuid><name/></domain>", -EINVAL,
		  false, 0, "a domain without a name" },
		{ DOMAIN("", "<interface/>"), -EINVAL, false, 0,
		  "an interface without a valid MAC address" },
		{ DOMAIN("", "<interface><mac/></interface>"), -EINVAL, false,
		  0, "an interface without a valid MAC address" },
		{ DOMAIN("", NIC("525400000001") NIC("zz")), -EINVAL, false, 0,
		  "an interface without a valid MAC address" },
		{ DOMAIN("", NIC("ff:ff:ff:ff:ff:ff")), -EINVAL, false, 0,
		  "an interface without a valid MAC address" },
		{ "<!DOCTYPE d [<!ENTITY e SYSTEM '/etc/passwd'>]><domain>"
		  "<uuid>" U "1</uuid><name>&e;</name></domain>", -EINVAL,
		  false, 0, "a domain without a name" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_domain *d = NULL;
		const char *why = NULL;

		assert_row(i, vs_domain_parse(rows[i].xml, &d, &why) ==
			   rows[i].ret);
		if (rows[i].ret) {
			assert_row_string(i, why, rows[i].why);
			assert_row(i, !d);
			continue;
		}
		assert_row(i, d->active == rows[i].active);
		assert_row(i, d->n_vnics == rows[i].n);
		for (size_t k = 0; k < d->n_vnics; k++) {
			assert_row(i, d->vnics[k].device_id == k);
			assert_row(i, d->vnics[k].mac.b[5] == k + 1);
		}
		vs_domains_free(d);
	}
}

#define ALIAS(mac, name, port) \
	"<interface><mac address='" mac "'/><target dev='" port "'/>" \
	"<alias name='" name "'/></interface>"

/* after net0 was unplugged, net1 is still what it is bound as */
static void aliases(void **state)
{
	static const struct {
		const char *xml;
		uint16_t id[2];
		const char *port;
	} rows[] = {
		{ DOMAIN("id='1'",
			 ALIAS("525400000001", "net1", "vnet7")
			 ALIAS("525400000002", "net4", "vnet9")),
		  { 1, 4 }, "vnet7" },
		/* of one that does not run, they mean nothing yet */
		{ DOMAIN("",
			 ALIAS("525400000001", "net1", "vnet7")
			 ALIAS("525400000002", "net4", "vnet9")),
		  { 0, 1 }, "vnet7" },
		{ DOMAIN("id='1'",
			 ALIAS("525400000001", "net1", "much-too-long-for-it")
			 ALIAS("525400000002", "ua-mine", "vnet9")),
		  { 0, 1 }, "" },
		{ DOMAIN("id='1'",
			 ALIAS("525400000001", "net1", "vnet7")
			 ALIAS("525400000002", "net4096", "vnet9")),
		  { 0, 1 }, "vnet7" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_domain *d = NULL;
		const char *why;

		assert_row(i, !vs_domain_parse(rows[i].xml, &d, &why));
		assert_row(i, d->n_vnics == 2);
		assert_row(i, d->vnics[0].device_id == rows[i].id[0]);
		assert_row(i, d->vnics[1].device_id == rows[i].id[1]);
		assert_row_string(i, d->ports[0], rows[i].port);
		assert_row_string(i, d->ports[1], "vnet9");
		vs_domains_free(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains),
		cmocka_unit_test(one_domain),
		cmocka_unit_test(built_in),
		cmocka_unit_test(vanished),
		cmocka_unit_test(failed),
		cmocka_unit_test(unreachable),
		cmocka_unit_test(silent),
		cmocka_unit_test(sync_engine),
		cmocka_unit_test(xml),
		cmocka_unit_test(aliases),
	};

	return cmocka_run_group_tests(tests, write_node, NULL);
}
