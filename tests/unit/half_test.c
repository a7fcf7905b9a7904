// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that are cut short between taking a VM away and bringing it back, on
 * libvirt's own test driver: what is written down meanwhile, what is made of
 * it afterwards, and of what somebody else puts in its place.
 */
#include "unit.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "po/i18n.h"
#include "recover/keep.h"
#include "recover/recover.h"
#include "virt_wrap.h"

#define URI "test:///default"
#define DOMAIN "test"
#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"
#define KEEP OUT_DIR "/half"

/* libvirt does what it is asked, and does not answer: as if we were killed */
static bool cut, cut_first;
static unsigned int written;	/* how often it was, before VM was touched */
static unsigned int defined, started;

/* is a step written down, and kept locked? */
static bool is_written(void)
{
	struct vs_half h;

	return access(KEEP "/" UUID ".json", F_OK) == 0 &&
	       vs_half_find(KEEP, DOMAIN, &h) == -ENOENT;
}

static int refuse(virDomainPtr dom)
{
	assert_null(virDomainLookupByName(virDomainGetConnect(dom), "none"));
	return -1;
}

int __wrap_virDomainManagedSave(virDomainPtr dom, unsigned int flags)
{
	written += is_written();
	return __real_virDomainManagedSave(dom, flags);
}

int __wrap_virDomainAbortJob(virDomainPtr dom)
{
	return refuse(dom);
}

int __wrap_virDomainCreate(virDomainPtr dom)
{
	if (cut)
		return refuse(dom);
	started++;
	return __real_virDomainCreate(dom);
}

int __wrap_virDomainShutdown(virDomainPtr dom)
{
	written += is_written();
	return __real_virDomainShutdown(dom);
}

int __wrap_virDomainUndefineFlags(virDomainPtr dom, unsigned int flags)
{
	written += is_written();
	if (cut_first)
		return refuse(dom);
	return __real_virDomainUndefineFlags(dom, flags & 0);
}

virDomainPtr __wrap_virDomainDefineXMLFlags(virConnectPtr conn,
					    const char *xml,
					    unsigned int flags)
{
	if (cut)
		return virDomainLookupByName(conn, "none");
	defined++;
	return __real_virDomainDefineXMLFlags(conn, xml, flags);
}

int __wrap_virDomainMigrateToURI3(virDomainPtr dom, const char *uri,
				  virTypedParameterPtr params,
				  unsigned int n, unsigned int flags)
{
	(void)uri;
	(void)params;
	(void)n;
	(void)flags;
	return refuse(dom);
}

static virConnectPtr conn;
static struct vs_look look;
static struct vs_recovery r;

static void recovery(void)
{
	r = (struct vs_recovery){
		.vm = DOMAIN, .uri = URI, .inventory = "libvirt:" URI,
		.keep = KEEP, .timeout = 1, .look = &look, .clock = vs_now,
	};
}

static int fresh(void **state)
{
	struct vs_snapshot s = {
		.host = "node1", .has_ports = true,
		.reading = { .info = { .state = VS_DRIVER_ONLINE },
			     .listed = true },
	};
	struct vs_error error;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	vs_i18n_init("en");
	assert_int_equal(system("rm -rf " KEEP), 0);
	cut = false;
	cut_first = false;
	written = 0;
	defined = 0;
	started = 0;
	conn = virConnectOpen(URI);
	assert_non_null(conn);
	assert_int_equal(vs_look_open(&look, "libvirt:" URI, cli_snapshot(&s),
				      &error), 0);
	assert_int_equal(vs_look_read(&look, 1000, &error), 0);
	recovery();
	return 0;
}

static int done(void **state)
{
	(void)state;
	vs_recovery_free(&r);
	vs_look_close(&look);
	virConnectClose(conn);
	return 0;
}

static int domain_state(void)
{
	virDomainPtr dom = virDomainLookupByName(conn, DOMAIN);
	int state = -1;

	if (dom) {
		virDomainGetState(dom, &state, NULL, 0);
		virDomainFree(dom);
	}
	return state;
}

static int run(enum vs_step step)
{
	int ret = vs_recovery_plan(&r, step);

	return ret ? ret : vs_recovery_run(&r, step);
}

/* the step, cut short; then the next command looks for what is left */
static void cut_short(enum vs_step step, struct vs_half *h)
{
	cut = true;
	assert_true(run(step) < 0);
	assert_int_equal(written, 1);
	cut = false;
	vs_recovery_free(&r);
	recovery();
	assert_int_equal(vs_half_find(KEEP, DOMAIN, h), 0);
	assert_int_equal(h->step, step);
	assert_string_equal(h->name, DOMAIN);
	assert_string_equal(h->uri, URI);
}

static bool is_left(void)
{
	return access(KEEP "/" UUID ".json", F_OK) == 0;
}

static bool is_kept(void)
{
	return access(KEEP "/" UUID ".xml", F_OK) == 0;
}

/* a step that comes to its end leaves nothing */
static void whole(void **state)
{
	static const enum vs_step steps[] = { VS_STEP_R1, VS_STEP_R2,
					      VS_STEP_R5 };
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_row(i, run(steps[i]) == 0);
		assert_row(i, written == i + 1);
		assert_row(i, !is_left());
	}
	/* nor one that libvirt refuses */
	cut_first = true;
	assert_true(run(VS_STEP_R5) < 0);
	assert_int_equal(written, 4);
	assert_false(is_left());
	assert_false(is_kept());
}

static void off(void **state)
{
	static const enum vs_step steps[] = { VS_STEP_R1, VS_STEP_R2 };
	struct vs_half h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		written = 0;
		cut_short(steps[i], &h);
		assert_row(i, domain_state() == VIR_DOMAIN_SHUTOFF);
		assert_row(i, vs_recovery_resume(&r, &h) == 0);
		assert_row(i, domain_state() == VIR_DOMAIN_RUNNING);
		assert_row(i, !is_left());
	}
}

/* somebody has started it since */
static void started_since(void **state)
{
	struct vs_half h;
	virDomainPtr dom;

	(void)state;
	cut_short(VS_STEP_R2, &h);
	dom = virDomainLookupByName(conn, DOMAIN);
	assert_int_equal(__real_virDomainCreate(dom), 0);
	virDomainFree(dom);
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
	assert_int_equal(started, 0);
	assert_false(is_left());
}

static void unregistered(void **state)
{
	virDomainPtr dom = virDomainLookupByName(conn, DOMAIN);
	char *before = virDomainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);
	struct vs_half h;
	char *after;
	int on = 0;

	(void)state;
	assert_int_equal(virDomainSetAutostart(dom, 1), 0);
	virDomainFree(dom);
	cut_short(VS_STEP_R5, &h);
	assert_true(h.autostart);
	assert_true(is_kept());
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
	assert_int_equal(defined, 1);
	dom = virDomainLookupByName(conn, DOMAIN);
	assert_non_null(dom);
	after = virDomainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);
	assert_string_equal(before, after);
	virDomainGetAutostart(dom, &on);
	assert_int_equal(on, 1);
	assert_false(is_left());
	assert_false(is_kept());
	virDomainFree(dom);
	free(before);
	free(after);
}

/* off as well, so that libvirt knows nothing of it */
static void unknown(void **state)
{
	virDomainPtr dom = virDomainLookupByName(conn, DOMAIN);
	struct vs_half h;

	(void)state;
	assert_int_equal(virDomainDestroy(dom), 0);
	cut_short(VS_STEP_R5, &h);
	virDomainFree(dom);
	assert_int_equal(domain_state(), -1);
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
	assert_int_equal(domain_state(), VIR_DOMAIN_SHUTOFF);
	assert_false(is_left());
	assert_false(is_kept());
	dom = virDomainLookupByName(conn, DOMAIN);
	assert_int_equal(virDomainCreate(dom), 0);
	virDomainFree(dom);
}

/* somebody has registered it since, otherwise: that is what counts */
static void registered_since(void **state)
{
	virDomainPtr dom = virDomainLookupByName(conn, DOMAIN);
	char *xml = virDomainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);
	char *mac = strstr(xml, "aa:bb:cc:dd:ee:ff"), *now;
	struct vs_half h;

	(void)state;
	virDomainFree(dom);
	assert_non_null(mac);
	cut_short(VS_STEP_R5, &h);
	mac[16] = 'e';
	virDomainFree(__real_virDomainDefineXMLFlags(conn, xml, 0));
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
	assert_int_equal(defined, 0);
	dom = virDomainLookupByName(conn, DOMAIN);
	now = virDomainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);
	assert_string_equal(xml, now);
	assert_false(is_left());
	/* what it was is not thrown away either */
	assert_true(is_kept());
	mac[16] = 'f';
	virDomainFree(__real_virDomainDefineXMLFlags(conn, xml, 0));
	virDomainFree(dom);
	free(xml);
	free(now);
}

static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), KEEP "/%s", name);
	assert_int_equal(vs_keep_write(path, text), 0);
}

/* another VM's definition, none, a link: nothing is registered */
static void no_definition(void **state)
{
	static const char *const texts[] = {
		"", "<domain/>", "junk", "<x><uuid>" UUID "</uuid></x>",
		"<domain><uuid>7695eb01-f6a4-8304-79aa-97f2502e193f</uuid>"
		"</domain>",
		"<!DOCTYPE d [<!ENTITY u SYSTEM \"/etc/hostname\">]>"
		"<domain><uuid>&u;</uuid></domain>",
	};
	char *text;
	struct vs_half h;

	(void)state;
	cut_short(VS_STEP_R5, &h);
	assert_int_equal(vs_keep_read(KEEP "/" UUID ".xml", &text), 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		put(UUID ".xml", texts[i]);
		assert_row(i, vs_recovery_resume(&r, &h) == -EINVAL);
		assert_row(i, is_left());
	}
	unlink(KEEP "/" UUID ".xml");
	assert_int_equal(vs_recovery_resume(&r, &h), -ENOENT);
	assert_int_equal(symlink("/etc/hostname", KEEP "/" UUID ".xml"), 0);
	assert_int_equal(vs_recovery_resume(&r, &h), -ELOOP);
	unlink(KEEP "/" UUID ".xml");
	assert_int_equal(mkfifo(KEEP "/" UUID ".xml", 0600), 0);
	assert_int_equal(vs_recovery_resume(&r, &h), -EINVAL);
	assert_int_equal(defined, 0);
	unlink(KEEP "/" UUID ".xml");
	put(UUID ".xml", text);
	free(text);
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
}

#define HALF "{\"version\":1,\"step\":\"R2\",\"vm\":\"" UUID "\"," \
	"\"name\":\"test\",\"uri\":\"" URI "\",\"began\":1000," \
	"\"autostart\":false,\"new_macs\":false}"

/** struct seen - what was found in the folder */
struct seen {
	size_t good;
	size_t bad;
};

static void see(void *ctx, const char *path, const struct vs_half *h)
{
	struct seen *s = ctx;

	assert_non_null(strstr(path, KEEP "/"));
	s->good += !!h;
	s->bad += !h;
}

/* @from in that text, once, as @to */
static char *altered(const char *from, const char *to)
{
	static char text[65536];
	const char *at = strstr(HALF, from);

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - HALF), HALF, to,
		 at + strlen(from));
	return text;
}

static void hostile(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{ "R2", "R3" }, { "R2", "R99" }, { "\"R2\"", "5" },
		{ ":1,", ":2," }, { UUID, "x" },
		{ UUID, "7695eb01-f6a4-8304-79aa-97f2502e193f" },
		{ "\"test\"", "\"a\\nb\"" }, { "\"test\"", "\"\\u001b[2J\"" },
		{ "\"test\"", "\"\\u202ex\"" }, { "1000", "\"x\"" },
		{ "}", ",\"more\":1}" }, { "{", "[" }, { "false", "0" },
		{ "\"began\":1000,", "" },
	};
	struct seen s = { 0 };
	char big[2048];

	(void)state;
	/* no folder is no trouble */
	assert_int_equal(vs_half_each(KEEP, see, &s), 0);
	put(UUID ".json", HALF);
	assert_int_equal(vs_half_each(KEEP, see, &s), 0);
	assert_int_equal(s.good, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		put(UUID ".json", altered(rows[i].from, rows[i].to));
		s = (struct seen){ 0 };
		assert_row(i, vs_half_each(KEEP, see, &s) == 0);
		assert_row(i, s.bad == 1 && !s.good);
	}
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	put(UUID ".json", altered("test", big));
	put("other.json", HALF);
	put("x" UUID ".json", HALF);
	s = (struct seen){ 0 };
	assert_int_equal(vs_half_each(KEEP, see, &s), 0);
	assert_int_equal(s.bad, 1);
	assert_int_equal(s.good, 0);
	unlink(KEEP "/" UUID ".json");
	assert_int_equal(symlink("other.json", KEEP "/" UUID ".json"), 0);
	assert_int_equal(vs_half_each(KEEP, see, &s), 0);
	unlink(KEEP "/" UUID ".json");
	assert_int_equal(mkfifo(KEEP "/" UUID ".json", 0600), 0);
	assert_int_equal(vs_half_each(KEEP, see, &s), 0);
	assert_int_equal(s.bad, 3);
	assert_int_equal(s.good, 0);
}

/* one that another process works on is not half done, nor to be finished */
static void under_way(void **state)
{
	struct vs_half h = { .step = VS_STEP_R5, .name = DOMAIN, .uri = URI };
	int to[2], from[2], status;
	char c = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(vs_uuid_parse(UUID, &h.vm), 0);
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	pid = fork();
	if (!pid) {
		close(to[1]);
		c = vs_half_write(KEEP, &h) >= 0;
		if (write(from[1], &c, 1) == 1 && read(to[0], &c, 1) >= 0)
			_exit(0);
		_exit(1);
	}
	assert_true(pid > 0);
	assert_int_equal(read(from[0], &c, 1), 1);
	assert_int_equal(c, 1);
	assert_int_equal(vs_half_find(KEEP, DOMAIN, &h), -ENOENT);
	assert_int_equal(vs_recovery_resume(&r, &h), -EBUSY);
	assert_int_equal(run(VS_STEP_R5), -EEXIST);
	assert_non_null(strstr(vs_buf_str(&r.why), "is under way"));
	assert_int_equal(written, 0);
	close(to[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* with the process, its lock is gone */
	assert_int_equal(vs_half_find(KEEP, UUID, &h), 0);
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
	close(to[0]);
	close(from[0]);
	close(from[1]);
}

/* another libvirt may have another VM of that UUID */
static void elsewhere(void **state)
{
	struct vs_half h;

	(void)state;
	cut_short(VS_STEP_R2, &h);
	r.uri = "test:///other";
	assert_int_equal(vs_recovery_resume(&r, &h), -EXDEV);
	assert_non_null(strstr(vs_buf_str(&r.why), "--connect " URI));
	assert_true(is_left());
	r.uri = URI;
	assert_int_equal(vs_recovery_resume(&r, &h), 0);
}

#define assert_said(text, part) \
	do { \
		if (!strstr(text, part)) \
			fail_msg("\"%s\" is not in \"%s\"", part, text); \
	} while (0)

/* whoever asks is told: which VM, which step, and what to run */
static void told(void **state)
{
	static const char text[] = "R2 of test was cut short, so that the VM "
		"may be off; \"vmsafe recover test\" finishes it";
	struct vs_snapshot s = {
		.host = "node1", .has_ports = true,
		.reading = { .info = { .state = VS_DRIVER_ONLINE },
			     .listed = true },
	};
	const char *driver = cli_snapshot(&s);
	struct cli *c;

	(void)state;
	put(UUID ".json", HALF);
	c = cli_run("doctor --keep " KEEP " --driver %s --inventory libvirt:"
		    URI, driver);
	assert_said(c->out, "warn  recovery: ");
	assert_said(c->out, text);
	c = cli_run("why test --keep " KEEP " --driver %s --inventory libvirt:"
		    URI, driver);
	assert_said(c->out, text);
	c = cli_run("why test --json --keep " KEEP " --driver %s --inventory "
		    "libvirt:" URI, driver);
	assert_said(c->out, "\"command\": \"vmsafe recover test\"");
	c = cli_run("recover test --dry-run --keep " KEEP " --driver %s "
		    "--inventory libvirt:" URI, driver);
	assert_int_equal(c->status, 0);
	assert_said(c->out, text);
	assert_said(c->out, "unless test runs by now: start it");
	assert_true(is_left());
	put(UUID ".json", "{}");
	c = cli_run("doctor --keep " KEEP " --driver %s --inventory libvirt:"
		    URI, driver);
	assert_said(c->out, UUID ".json is not what a recovery writes there");
	unlink(KEEP "/" UUID ".json");
	c = cli_run("doctor --keep " KEEP " --driver %s --inventory libvirt:"
		    URI, driver);
	assert_null(strstr(c->out, "recovery: "));
}

#define T(test) cmocka_unit_test_setup_teardown(test, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole), T(off), T(started_since), T(unregistered),
		T(unknown), T(registered_since), T(no_definition),
		T(hostile), T(under_way), T(elsewhere), T(told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
