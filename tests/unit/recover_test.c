// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps that go through libvirt, on libvirt's own test driver: what they
 * refuse, what they leave behind when something fails half way, or the user
 * stops them, or libvirt hangs.
 */
#include "unit.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "core/text.h"
#include "po/i18n.h"
#include "recover/keep.h"
#include "recover/recover.h"
#include "virt_wrap.h"

#define URI "test:///default"
#define DOMAIN "test"
#define KEEP OUT_DIR "/keep"

/** struct fault - what libvirt is to do wrong */
static struct fault {
	bool save_hangs;	/* until it is aborted */
	bool save_deaf;		/* and an abort does not help */
	bool undefine_fails;
	bool define_fails;
	bool start_fails;
	bool shutdown_ignored;
} fault;

static unsigned int undefined;	/* what the last removal was told */
static atomic_bool aborted, released;
static bool stop;
static char said[8192];

/* leaves an error behind, as a call of libvirt that fails does */
static int fail_as_libvirt(virDomainPtr dom)
{
	assert_null(virDomainLookupByName(virDomainGetConnect(dom), "none"));
	return -1;
}

int __wrap_virDomainManagedSave(virDomainPtr dom, unsigned int flags)
{
	if (!fault.save_hangs)
		return __real_virDomainManagedSave(dom, flags);
	while (!released && (!aborted || fault.save_deaf))
		poll(NULL, 0, 10);
	return fail_as_libvirt(dom);
}

int __wrap_virDomainAbortJob(virDomainPtr dom)
{
	(void)dom;
	aborted = true;
	return 0;
}

int __wrap_virDomainCreate(virDomainPtr dom)
{
	if (fault.start_fails)
		return fail_as_libvirt(dom);
	return __real_virDomainCreate(dom);
}

int __wrap_virDomainShutdown(virDomainPtr dom)
{
	return fault.shutdown_ignored ? 0 : __real_virDomainShutdown(dom);
}

/* as real hypervisors do; the test driver knows of no NVRAM */
int __wrap_virDomainUndefineFlags(virDomainPtr dom, unsigned int flags)
{
	undefined = flags;
	return fault.undefine_fails ? fail_as_libvirt(dom) :
				      __real_virDomainUndefineFlags(dom, 0);
}

virDomainPtr __wrap_virDomainDefineXMLFlags(virConnectPtr conn,
					    const char *xml,
					    unsigned int flags)
{
	if (fault.define_fails)
		return virDomainLookupByName(conn, "none");
	return __real_virDomainDefineXMLFlags(conn, xml, flags);
}

int __wrap_virDomainMigrateToURI3(virDomainPtr dom, const char *uri,
				  virTypedParameterPtr params,
				  unsigned int n, unsigned int flags)
{
	(void)params;
	(void)n;
	assert_string_equal(uri, URI);
	assert_true(flags & VIR_MIGRATE_PERSIST_DEST);
	assert_true(flags & VIR_MIGRATE_UNDEFINE_SOURCE);
	return fail_as_libvirt(dom);
}

static void say(void *ctx, const char *text)
{
	(void)ctx;
	assert_true(strlen(said) + strlen(text) + 2 < sizeof(said));
	strcat(said, text);
	strcat(said, "\n");
}

static bool stopped(void *ctx)
{
	(void)ctx;
	return stop;
}

static const struct vs_progress progress = { .say = say, .stopped = stopped };

/** struct fixture - a recovery of the test driver's domain */
struct fixture {
	virConnectPtr conn;	/* keeps the driver's state alive */
	struct vs_look look;
	struct vs_recovery r;
};

static struct fixture fx;

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
	fault = (struct fault){ 0 };
	aborted = false;
	released = false;
	stop = false;
	*said = '\0';
	fx.conn = virConnectOpen(URI);
	assert_non_null(fx.conn);
	assert_int_equal(vs_look_open(&fx.look, "libvirt:" URI,
				      cli_snapshot(&s), &error), 0);
	assert_int_equal(vs_look_read(&fx.look, 1000, &error), 0);
	fx.r = (struct vs_recovery){
		.vm = DOMAIN, .uri = URI, .inventory = "libvirt:" URI,
		.keep = KEEP, .timeout = 1, .progress = &progress,
		.look = &fx.look, .clock = vs_now,
	};
	return 0;
}

static int done(void **state)
{
	(void)state;
	vs_recovery_free(&fx.r);
	vs_look_close(&fx.look);
	virConnectClose(fx.conn);
	return 0;
}

static virDomainPtr domain(void)
{
	virDomainPtr dom = virDomainLookupByName(fx.conn, DOMAIN);

	assert_non_null(dom);
	return dom;
}

static int domain_state(void)
{
	virDomainPtr dom = domain();
	int state = -1;

	virDomainGetState(dom, &state, NULL, 0);
	virDomainFree(dom);
	return state;
}

static int run(enum vs_step step)
{
	int ret = vs_recovery_plan(&fx.r, step);

	return ret ? ret : vs_recovery_run(&fx.r, step);
}

#define assert_text(buf, part) \
	do { \
		if (!strstr(vs_buf_str(&(buf)), part)) \
			fail_msg("\"%s\" is not in \"%s\"", part, \
				 vs_buf_str(&(buf))); \
	} while (0)

static void save(void **state)
{
	(void)state;
	assert_int_equal(run(VS_STEP_R1), 0);
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
	assert_string_equal(said, "saving test to disk\nstarting test\n");
}

/* called off while it saves: it is as it was */
static void save_stopped(void **state)
{
	(void)state;
	fault.save_hangs = true;
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R1), 0);
	fx.r.timeout = 600;
	stop = true;
	/* not even begun */
	assert_int_equal(vs_recovery_run(&fx.r, VS_STEP_R1), -ECANCELED);
	assert_false(aborted);
	assert_string_equal(said, "");
	fx.r.timeout = 1;
	stop = false;
	/* too slow: called off, which libvirt heeds */
	assert_int_equal(vs_recovery_run(&fx.r, VS_STEP_R1), -ETIMEDOUT);
	assert_true(aborted);
	assert_text(fx.r.why, "it takes too long");
	assert_string_equal(vs_buf_str(&fx.r.left), "");
	assert_non_null(strstr(said, "test runs on as before"));
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
}

/* saved, and then it does not start: said, with how to go on */
static void start_fails(void **state)
{
	virDomainPtr dom;

	(void)state;
	fault.start_fails = true;
	assert_true(run(VS_STEP_R1) < 0);
	assert_int_equal(domain_state(), VIR_DOMAIN_SHUTOFF);
	assert_text(fx.r.why, "test cannot be started: ");
	assert_text(fx.r.left, "is saved to disk and does not run; start it: "
		    "virsh -c 'test:///default' start 'test'");
	fault.start_fails = false;
	/* it does not run, so nothing can interrupt it */
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R2), -EPERM);
	/* and what it has saved must not be lost */
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R5), -EPERM);
	assert_text(fx.r.why, "its memory would be lost");
	dom = domain();
	assert_int_equal(virDomainCreate(dom), 0);
	virDomainFree(dom);
}

static void cycle(void **state)
{
	(void)state;
	assert_int_equal(run(VS_STEP_R2), 0);
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
	assert_string_equal(said, "asking test to shut down\n"
				  "starting test\n");
}

/* never powered off unless that was asked for */
static void cycle_ignored(void **state)
{
	(void)state;
	fault.shutdown_ignored = true;
	assert_int_equal(run(VS_STEP_R2), -ETIMEDOUT);
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
	assert_text(fx.r.why, "still runs 1 s after");
	assert_text(fx.r.left, "--force");
	fx.r.force = true;
	assert_int_equal(run(VS_STEP_R2), 0);
	assert_non_null(strstr(said, "powering test off"));
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
}

static void cycle_paused(void **state)
{
	virDomainPtr dom = domain();

	(void)state;
	assert_int_equal(virDomainSuspend(dom), 0);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R2), -EPERM);
	assert_text(fx.r.why, "is paused");
	assert_int_equal(virDomainResume(dom), 0);
	virDomainFree(dom);
}

static char *definition(void)
{
	virDomainPtr dom = domain();
	char *xml = virDomainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);

	virDomainFree(dom);
	assert_non_null(xml);
	return xml;
}

static bool is_kept(void)
{
	struct vs_buf path = { 0 };
	bool kept;

	vs_keep_path(&path, KEEP, &fx.r.virt.uuid);
	kept = access(vs_buf_str(&path), F_OK) == 0;
	vs_buf_free(&path);
	return kept;
}

/* is that the definition, and none of it kept elsewhere? @xml is released */
static void assert_defined(char *xml)
{
	char *now = definition();

	assert_string_equal(now, xml);
	assert_false(is_kept());
	free(now);
	free(xml);
}

static void register_again(void **state)
{
	virDomainPtr dom = domain();
	char *before = definition();
	int on = 0;

	(void)state;
	assert_int_equal(virDomainSetAutostart(dom, 1), 0);
	assert_int_equal(run(VS_STEP_R5), 0);
	assert_int_equal(undefined, 0);
	assert_defined(before);
	assert_int_equal(virDomainGetAutostart(dom, &on), 0);
	assert_int_equal(on, 1);
	assert_int_equal(domain_state(), VIR_DOMAIN_RUNNING);
	virDomainFree(dom);
}

/* what keeps an NVRAM is asked for; who cannot is not asked to do without */
static void register_nvram(void **state)
{
	static const char *const os[] = {
		"<os firmware='efi'>", "<os><loader type='pflash'>/c</loader>",
	};
	char *before = definition(), text[16384], *at = strstr(before, "<os>");
	char *defined;

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(os); i++) {
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - before),
			 before, os[i / 2], at + strlen("<os>"));
		virDomainFree(virDomainDefineXML(fx.conn, text));
		defined = definition();
		fault.undefine_fails = i % 2;
		assert_row(i, (run(VS_STEP_R5) < 0) == (i % 2));
		assert_row(i, undefined == VIR_DOMAIN_UNDEFINE_KEEP_NVRAM);
		undefined = 0;
		assert_defined(defined);
	}
	free(before);
}

/* the one that stands between the two: nothing is lost */
static void register_fails(void **state)
{
	struct vs_buf path = { 0 };
	char *before = definition(), text[16384] = "";
	FILE *f;

	(void)state;
	fault.define_fails = true;
	assert_true(run(VS_STEP_R5) < 0);
	assert_text(fx.r.left, "virsh -c 'test:///default' define '" KEEP "/");
	vs_keep_path(&path, KEEP, &fx.r.virt.uuid);
	f = fopen(vs_buf_str(&path), "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	unlink(vs_buf_str(&path));
	fault.define_fails = false;
	virDomainFree(virDomainDefineXML(fx.conn, text));
	assert_defined(before);
	vs_buf_free(&path);
}

static void register_nowhere(void **state)
{
	char *before = definition();

	(void)state;
	fx.r.keep = "/proc/none";
	assert_true(run(VS_STEP_R5) < 0);
	assert_text(fx.r.why, "so nothing was done");
	assert_defined(before);
}

static void new_macs(void **state)
{
	char *xml;

	(void)state;
	fx.r.new_macs = true;
	assert_int_equal(run(VS_STEP_R5), 0);
	xml = definition();
	assert_null(strstr(xml, "aa:bb:cc:dd:ee:ff"));
	assert_non_null(strstr(xml, "<mac address="));
	free(xml);
	assert_false(is_kept());
}

/* an entry of port @ifindex, in one bridge */
static struct vs_driver_vnic *entry(struct vs_snapshot *s, uint32_t ifindex)
{
	struct vs_driver_vnic *v = vs_vnics_add(&s->reading.table.vnics);

	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MASTER) |
		 VS_ATTR_BIT(VMSAFE_NET_A_VNIC_PORT_KIND);
	v->id = ifindex;
	v->ifindex = ifindex;
	v->port_kind = VMSAFE_NET_PORT_KIND_TAP;
	v->master = 100;
	sprintf(v->ifname, "tap%u", ifindex);
	return v;
}

/* a clone that kept the MAC of a VM that runs here */
static void clone_of_other(void **state)
{
	struct vs_host_port port = {
		.ifindex = 2, .kind = VS_LINK_TAP, .pid = 4002,
		.plugged = true, .ifname = "tap2", .vm_name = DOMAIN,
		.mac = { { 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff } },
	};
	struct vs_snapshot s = {
		.host = "node1", .has_ports = true,
		.reading = { .info = { .state = VS_DRIVER_ONLINE },
			     .listed = true },
	};
	virDomainPtr dom = domain();
	char uuid[VIR_UUID_STRING_BUFLEN];
	struct vs_driver_vnic *v;
	struct cli *c;

	(void)state;
	assert_int_equal(virDomainGetUUIDString(dom, uuid), 0);
	assert_int_equal(vs_uuid_parse(uuid, &port.vm), 0);
	virDomainFree(dom);
	s.ports.v = malloc(sizeof(port));
	assert_non_null(s.ports.v);
	s.ports.v[s.ports.n++] = port;
	entry(&s, 2);
	v = entry(&s, 1);
	strcpy(v->vm_name, "other");
	v->has |= VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_NAME) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_DEVICE_ID) |
		  VS_ATTR_BIT(VMSAFE_NET_A_VNIC_MAC);
	v->vm_uuid.b[0] = 1;
	v->mac = port.mac;
	c = cli_run("recover " DOMAIN " --dry-run --driver %s "
		    "--inventory libvirt:" URI, cli_snapshot(&s));
	vs_snapshot_free(&s);
	assert_string_equal(c->err, "");
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->out, "Cause: C3, "));
	assert_non_null(strstr(c->out, "\nR5: "));
	assert_non_null(strstr(c->out, "with new MAC addresses"));
	assert_non_null(strstr(c->out, "it gets new ones"));
}

/* a domain that would be gone when it is off */
static void transient(void **state)
{
	static const enum vs_step steps[] = { VS_STEP_R1, VS_STEP_R2,
					      VS_STEP_R5 };
	virDomainPtr dom = virDomainCreateXML(fx.conn,
		"<domain type='test'><name>passing</name><memory>8192</memory>"
		"<os><type>hvm</type></os></domain>", 0);

	(void)state;
	assert_non_null(dom);
	fx.r.vm = "passing";
	fx.r.look->engine = fx.look.engine;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		assert_row(i, vs_recovery_plan(&fx.r, steps[i]) == -EPERM);
		assert_text(fx.r.why, "has no definition");
	}
	virDomainDestroy(dom);
	virDomainFree(dom);
}

/* libvirt hangs: the step ends, and says what may still happen */
static void hangs(void **state)
{
	(void)state;
	fault.save_hangs = true;
	fault.save_deaf = true;
	assert_int_equal(run(VS_STEP_R1), -ETIMEDOUT);
	assert_true(aborted);
	assert_text(fx.r.left, "may be saved yet");
	released = true;
}

static void put_program(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), OUT_DIR "/bin/%s", name);
	unlink(path);
	assert_int_equal(vs_keep_write(path, text), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
}

/* an ssh that leads here, to a vmsafe that ends with @status */
static void put_ssh(const char *node, int status)
{
	char text[512];

	snprintf(text, sizeof(text), "#!/bin/sh\ncase $* in\n"
		 "*\"uname -n\") echo %s ;;\n*) echo said; exit %d ;;\nesac\n",
		 node, status);
	put_program("ssh", text);
}

static void migrate(void **state)
{
	char *path = strdup(getenv("PATH")), host[256] = "";

	(void)state;
	gethostname(host, sizeof(host) - 1);
	setenv("PATH", OUT_DIR "/bin:/usr/bin:/bin", 1);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R4), -EPERM);
	assert_text(fx.r.why, "R4 needs --to URI");
	fx.r.to = URI;
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R4), -EPERM);
	assert_text(fx.r.why, "give --ssh HOST");
	fx.r.ssh = "other";
	put_ssh("somewhere-else", 0);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R4), -EPERM);
	assert_text(fx.r.why, "--to leads to host");
	put_ssh(host, 5);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R4), -EPERM);
	assert_text(fx.r.why, "is not protected: \"vmsafe status\" there "
			      "ended with 5: said");
	put_ssh(host, 0);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R4), 0);
	/* it does not come to pass: it runs on here */
	assert_true(vs_recovery_run(&fx.r, VS_STEP_R4) < 0);
	assert_non_null(strstr(said, "test runs on here"));
	setenv("PATH", path, 1);
	free(path);
}

static void unreachable(void **state)
{
	(void)state;
	fx.r.uri = "qemu+unix:///system?socket=/does/not/exist";
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R1), -EIO);
	assert_text(fx.r.why, "cannot be reached: ");
	fx.r.uri = URI;
	fx.r.vm = "nobody";
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R1), -ENOENT);
	assert_text(fx.r.why, "has no domain \"nobody\"");
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R0), -ENOENT);
}

/* R0 ends when it is over, and when the user has enough */
static void waits(void **state)
{
	(void)state;
	fx.r.timeout = 0;
	assert_int_equal(run(VS_STEP_R0), -ETIMEDOUT);
	assert_int_equal(vs_recovery_state(&fx.r), VS_STATE_OUT_OF_SYNC);
	assert_int_equal(vs_recovery_plan(&fx.r, VS_STEP_R0), 0);
	stop = true;
	assert_int_equal(vs_recovery_run(&fx.r, VS_STEP_R0), -ECANCELED);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(save), T(save_stopped), T(start_fails), T(cycle),
		T(cycle_ignored), T(cycle_paused), T(register_again),
		T(register_nvram), T(register_fails), T(register_nowhere),
		T(new_macs), T(clone_of_other),
		T(transient), T(migrate), T(unreachable), T(waits), T(hangs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
