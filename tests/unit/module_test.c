// SPDX-License-Identifier: GPL-2.0-only
/* Why the module is not loaded, found in folders that look like a host. */
#include "unit.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"
#include "driver/module.h"

#define ROOT OUT_DIR "/module_test.root"
#define KERNEL "6.1.0-56-amd64"
#define OTHER "6.1.0-42-amd64"
#define LIB "/lib/modules/"
#define DKMS "updates/dkms/vmsafe_net.ko"

/* a file below the root, with the folders above it */
static FILE *below(const char *path)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), ROOT "%s", path);
	for (char *s = full + strlen(ROOT); (s = strchr(s, '/')); s++) {
		*s = '\0';
		assert_true(!mkdir(full, 0700) || errno == EEXIST);
		*s = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	return f;
}

static void put(const char *path, const char *text)
{
	FILE *f = below(path);

	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* what a signed module ends in, but for the signature itself */
static void put_signature(FILE *f)
{
	/* signer, key ID and signature of four bytes each, in X.509's form */
	static const unsigned char tail[] = {
		's', 'i', 'g', 'n', 'k', 'e', 'y', '1', 0, 0, 0, 1,
		1, 4, 1, 4, 4, 0, 0, 0, 0, 0, 0, 4,
	};

	assert_int_equal(fwrite(tail, sizeof(tail), 1, f), 1);
	assert_true(fputs("~Module signature appended~\n", f) >= 0);
}

/* as little as a module can be: a section with what modinfo prints */
static void put_module(const char *path, const char *vermagic, bool is_signed)
{
	static const char names[] = "\0.modinfo\0.shstrtab";
	char info[128];
	size_t len = snprintf(info, sizeof(info), "vermagic=%s SMP", vermagic);
	Elf64_Ehdr head = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_REL, .e_machine = EM_X86_64,
		.e_version = EV_CURRENT, .e_ehsize = sizeof(head),
		.e_shoff = sizeof(head) + sizeof(info) + sizeof(names),
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 3,
		.e_shstrndx = 2,
	};
	Elf64_Shdr sections[3] = {
		[1] = { .sh_name = 1, .sh_type = SHT_PROGBITS,
			.sh_offset = sizeof(head), .sh_size = len + 1 },
		[2] = { .sh_name = 10, .sh_type = SHT_STRTAB,
			.sh_offset = sizeof(head) + sizeof(info),
			.sh_size = sizeof(names) },
	};
	FILE *f = below(path);

	assert_int_equal(fwrite(&head, sizeof(head), 1, f), 1);
	assert_int_equal(fwrite(info, sizeof(info), 1, f), 1);
	assert_int_equal(fwrite(names, sizeof(names), 1, f), 1);
	assert_int_equal(fwrite(sections, sizeof(sections), 1, f), 1);
	if (is_signed)
		put_signature(f);
	assert_int_equal(fclose(f), 0);
}

static void clear(void)
{
	assert_int_equal(system("rm -rf '" ROOT "'"), 0);
}

/* a host that could load it and has not */
static int healthy(void **state)
{
	(void)state;
	clear();
	put("/proc/sys/kernel/osrelease", KERNEL "\n");
	put("/proc/sys/kernel/modules_disabled", "0\n");
	put("/proc/modules", "");
	put("/proc/version", "Linux version " KERNEL "\n");
	put("/proc/cmdline", "quiet module_blacklist=floppy ro\n");
	put("/sys/module/module/parameters/sig_enforce", "N\n");
	put("/sys/kernel/security/lockdown",
	    "[none] integrity confidentiality\n");
	put("/etc/modprobe.d/a.conf", "blacklist floppy\n");
	put(LIB KERNEL "/modules.dep", "kernel/net/a.ko: b.ko\n" DKMS ":\n");
	put_module(LIB KERNEL "/" DKMS, KERNEL, false);
	return 0;
}

static int tidy(void **state)
{
	(void)state;
	clear();
	return 0;
}

static unsigned int examine(struct vs_module_report *r)
{
	vs_module_examine(r, ROOT);
	assert_string_equal(r->kernel, KERNEL);
	assert_string_equal(r->log, "");
	return vs_module_problems(r);
}

#define IS(problem) (1u << VS_MODULE_##problem)

static void loadable(void **state)
{
	struct vs_module_report r;

	(void)state;
	assert_int_equal(examine(&r), 0);
	assert_false(r.loaded);
	assert_string_equal(r.path, ROOT LIB KERNEL "/" DKMS);
	assert_string_equal(r.vermagic, KERNEL);
	assert_false(r.is_signed);
	assert_true(r.indexed);
}

static void loaded(void **state)
{
	struct vs_module_report r;

	(void)state;
	/* what would keep it from being loaded again does not matter */
	put("/sys/module/vmsafe_net/refcnt", "0\n");
	put("/etc/modprobe.d/b.conf", "blacklist vmsafe_net\n");
	assert_int_equal(examine(&r), 0);
	assert_true(r.loaded);
}

/* a file of the host, changed, and what comes of it */
static void each_problem(void **state)
{
	static const struct {
		const char *path, *text;
		unsigned int problems;
	} rows[] = {
		{ "/proc/sys/kernel/modules_disabled", "1\n", IS(DISABLED) },
		{ "/sys/module/module/parameters/sig_enforce", "Y\n",
		  IS(UNSIGNED) },
		{ "/sys/kernel/security/lockdown",
		  "none [integrity] confidentiality\n", IS(LOCKDOWN) },
		{ "/sys/kernel/security/lockdown",
		  "none integrity [confidentiality]\n", IS(LOCKDOWN) },
		{ "/etc/modprobe.d/b.conf", "blacklist vmsafe_net\n",
		  IS(BLACKLISTED) },
		/* the kernel takes one for the other */
		{ "/usr/lib/modprobe.d/b.conf", "blacklist vmsafe-net\n",
		  IS(BLACKLISTED) },
		{ "/run/modprobe.d/b.conf", "# blacklist vmsafe_net\n", 0 },
		{ "/etc/modprobe.d/b", "blacklist vmsafe_net\n", 0 },
		{ "/proc/cmdline", "ro module_blacklist=a,vmsafe_net quiet\n",
		  IS(BLACKLISTED) },
		{ "/proc/cmdline", "module_blacklist=vmsafe_net2\n", 0 },
		{ "/etc/modprobe.d/b.conf", "install vmsafe_net /bin/false\n",
		  IS(REPLACED) },
		{ LIB KERNEL "/modules.dep", "a.ko:\n", IS(NOT_INDEXED) },
		{ LIB KERNEL "/modules.dep", "x/not_vmsafe_net.ko:\n",
		  IS(NOT_INDEXED) },
	};
	struct vs_module_report r;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		healthy(state);
		put(rows[i].path, rows[i].text);
		assert_row(i, examine(&r) == rows[i].problems);
	}
	healthy(state);
	put("/etc/modprobe.d/b.conf", "install vmsafe_net /bin/echo \x1b[1m");
	examine(&r);
	assert_string_equal(r.install, "/bin/echo \\x1B[1m");
}

static void no_support(void **state)
{
	struct vs_module_report r;

	(void)state;
	assert_int_equal(remove(ROOT "/proc/modules"), 0);
	assert_int_equal(examine(&r), IS(NO_SUPPORT));
}

/* a service with ProcSubset=pid and ProtectKernelModules=: no false reason */
static void confined(void **state)
{
	struct vs_module_report r;

	(void)state;
	assert_int_equal(examine(&r), 0);
	assert_false(r.proc_hidden || r.files_hidden);
	assert_int_equal(system("rm -r " ROOT "/proc"), 0);
	put("/proc/1/comm", "init\n");
	vs_module_examine(&r, ROOT);
	assert_true(r.proc_hidden);
	assert_false(vs_module_problems(&r) & (IS(NO_SUPPORT) |
					       IS(DISABLED) |
					       IS(WRONG_KERNEL)));
	healthy(state);
	assert_int_equal(system("rm -r " ROOT "/lib/modules/*"), 0);
	assert_int_equal(chmod(ROOT "/lib/modules", 0), 0);
	assert_int_equal(examine(&r), 0);
	assert_true(r.files_hidden);
	assert_int_equal(chmod(ROOT "/lib/modules", 0700), 0);
	assert_int_equal(examine(&r), IS(NOT_INSTALLED));
}

/* this host's release is known, whatever /proc shows */
static void release(void **state)
{
	struct vs_module_report r;
	struct utsname uts;

	(void)state;
	assert_int_equal(uname(&uts), 0);
	vs_module_examine(&r, "");
	assert_string_equal(r.kernel, uts.release);
}

static void absent(void **state)
{
	struct vs_module_report r;

	(void)state;
	assert_int_equal(remove(ROOT LIB KERNEL "/" DKMS), 0);
	assert_int_equal(examine(&r), IS(NOT_INSTALLED));
	assert_string_equal(r.path, "");
	put_module(LIB OTHER "/extra/vmsafe_net.ko", OTHER, false);
	put_module(LIB "6.9/extra/vmsafe_net.ko", "6.9", false);
	put(LIB "5.10/modules.dep", "");
	assert_int_equal(examine(&r), IS(OTHER_KERNEL));
	assert_string_equal(r.other, OTHER);
	/* a list that names what has gone does not make it be there */
	put(LIB "5.10/modules.dep", "extra/vmsafe_net.ko.xz:\n");
	assert_int_equal(examine(&r), IS(OTHER_KERNEL));
	assert_string_equal(r.other, OTHER);
	put(LIB "5.10/extra/vmsafe_net.ko.xz", "");
	examine(&r);
	assert_string_equal(r.other, "5.10");
}

static void wrong_kernel(void **state)
{
	struct vs_module_report r;

	(void)state;
	put_module(LIB KERNEL "/" DKMS, OTHER, false);
	assert_int_equal(examine(&r), IS(WRONG_KERNEL));
	assert_string_equal(r.vermagic, OTHER);
}

/* signed, it passes what an unsigned one does not */
static void is_signed(void **state)
{
	struct vs_module_report r;

	(void)state;
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	put("/sys/kernel/security/lockdown", "none [integrity]\n");
	assert_int_equal(examine(&r), IS(UNSIGNED) | IS(LOCKDOWN));
	assert_string_equal(r.lockdown, "integrity");
	put_module(LIB KERNEL "/" DKMS, KERNEL, true);
	assert_int_equal(examine(&r), 0);
	assert_true(r.is_signed);
}

/* signed by somebody, which the kernel has refused: it does not know by whom */
static void unknown_key(void **state)
{
	struct vs_module_report r;

	(void)state;
	put_module(LIB KERNEL "/" DKMS, KERNEL, true);
	put("/sys/module/module/parameters/sig_enforce", "Y\n");
	assert_int_equal(examine(&r), 0);
	assert_string_equal(r.signer, "sign");
	r.key_refused = true;
	assert_int_equal(vs_module_problems(&r), IS(UNKNOWN_KEY));
	/* a kernel that takes any does not mind the key */
	r.signature_needed = false;
	assert_int_equal(vs_module_problems(&r), 0);
	/* unsigned, it is refused for that */
	r.signature_needed = true;
	r.is_signed = false;
	assert_int_equal(vs_module_problems(&r), IS(UNSIGNED));
}

/* a kernel that cannot load modules, if this is one */
static void kernel_without_modules(void **state)
{
	struct vs_module_report r;
	struct vs_error error;
	struct utsname uts;
	char want[256];
	struct cli *c;

	(void)state;
	if (!access("/proc/modules", F_OK))
		skip();
	vs_module_examine(&r, "");
	assert_true(vs_module_problems(&r) & IS(NO_SUPPORT));
	assert_int_equal(uname(&uts), 0);
	snprintf(want, sizeof(want),
		 "not loaded; kernel %s cannot load modules; boot a kernel "
		 "with CONFIG_MODULES\n", uts.release);
	c = cli_run("doctor --inventory file:/dev/null");
	assert_int_equal(c->status, 5);
	assert_non_null(strstr(c->out, want));
	c = cli_run("why --state none --inventory file:" OUT_DIR
		    "/module_test.json web");
	assert_int_equal(c->status, 5);
	snprintf(want, sizeof(want),
		 "Cause 1: C5, the Filter Driver is not properly loaded\n"
		 "Evidence:\n"
		 "  - the module vmsafe_net is not loaded\n"
		 "  - kernel %s cannot load modules\n", uts.release);
	assert_non_null(strstr(c->out, want));
	put_module("/vmsafe_net.ko", KERNEL, false);
	/* a sandbox may forbid to ask */
	if (vs_module_load(ROOT "/vmsafe_net.ko", &error) == -EPERM)
		return;
	assert_int_equal(error.err, ENOSYS);
	assert_string_equal(error.detail, "this kernel cannot load modules");
}

/* an inventory with a VM to ask about */
static int inventory(void **state)
{
	FILE *f = fopen(OUT_DIR "/module_test.json", "w");

	assert_non_null(f);
	assert_true(fputs("{ \"vms\": [ { \"name\": \"web\", \"uuid\": "
			  "\"5a3c1b52-93a0-4a3c-8a11-6d1c6f0d0501\", "
			  "\"vnics\": [ { \"device_id\": 0, \"mac\": "
			  "\"52:54:00:05:01:01\" } ] } ] }\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	return healthy(state);
}

/* several at once: the first is what to tell */
static void several(void **state)
{
	struct vs_module_report r;
	unsigned int problems;

	(void)state;
	put_module(LIB KERNEL "/" DKMS, OTHER, false);
	put("/etc/modprobe.d/b.conf", "blacklist vmsafe_net\n");
	put("/proc/sys/kernel/modules_disabled", "1\n");
	problems = examine(&r);
	assert_int_equal(problems, IS(DISABLED) | IS(WRONG_KERNEL) |
				   IS(BLACKLISTED));
}

/* nothing there at all, and paths that are too long */
static void hostile(void **state)
{
	struct vs_module_report r;
	char root[PATH_MAX + 64];

	(void)state;
	clear();
	vs_module_examine(&r, ROOT);
	assert_int_equal(vs_module_problems(&r), IS(NOT_INSTALLED));
	memset(root, 'a', sizeof(root));
	root[sizeof(root) - 1] = '\0';
	vs_module_examine(&r, root);
	assert_false(vs_module_problems(&r) & IS(NO_SUPPORT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(loadable, healthy),
		cmocka_unit_test_setup(loaded, healthy),
		cmocka_unit_test(each_problem),
		cmocka_unit_test_setup(no_support, healthy),
		cmocka_unit_test_setup(confined, healthy),
		cmocka_unit_test(release),
		cmocka_unit_test_setup(absent, healthy),
		cmocka_unit_test_setup(wrong_kernel, healthy),
		cmocka_unit_test_setup(is_signed, healthy),
		cmocka_unit_test_setup(unknown_key, healthy),
		cmocka_unit_test_setup(kernel_without_modules, inventory),
		cmocka_unit_test_setup(several, healthy),
		cmocka_unit_test_setup(hostile, healthy),
	};

	return cmocka_run_group_tests(tests, NULL, tidy);
}
