// SPDX-License-Identifier: GPL-2.0-only
#include "cli/doctor.h"
#include "core/name.h"
#include "driver/module.h"

static const char vs_module_check[] = N_("module");

/* not there at all, or not for this kernel */
static void vs_doctor_absent(struct vs_doctor *d,
			     const struct vs_module_report *r,
			     enum vs_module_problem problem)
{
	char other[VS_NAME_ESCAPED];

	vs_name_escape(other, sizeof(other), r->other);
	if (problem == VS_MODULE_OTHER_KERNEL)
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("build and install it for this kernel, or "
				 "boot that one"),
			       _("not loaded; it is installed for kernel %s, "
				 "but %s is running"), other, r->kernel);
	else if (problem == VS_MODULE_NOT_INSTALLED)
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("install it where modprobe looks for it, or "
				 "load a file of it with \"vmsafe driver load "
				 "PATH\""),
			       _("not loaded; no %s is installed for kernel "
				 "%s"), VS_MODULE_NAME ".ko", r->kernel);
	else if (problem == VS_MODULE_NOT_INDEXED)
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("run depmod"),
			       _("not loaded; %s is there, but modprobe does "
				 "not know it"), r->path);
	else
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("build it for this kernel"),
			       _("not loaded; %s was built for kernel %s, but "
				 "%s is running"), r->path, r->vermagic,
			       r->kernel);
}

/* it is there, and somebody does not want it */
static void vs_doctor_unwanted(struct vs_doctor *d,
			       const struct vs_module_report *r,
			       enum vs_module_problem problem)
{
	const char *check = vs_module_check;

	if (problem == VS_MODULE_UNSIGNED)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("sign it with a key that this kernel knows"),
			       _("not loaded; %s is not signed, and this "
				 "kernel takes only signed modules"), r->path);
	else if (problem == VS_MODULE_LOCKDOWN)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("sign it, or boot without lockdown"),
			       _("not loaded; %s is not signed, and the "
				 "kernel is locked down (%s)"), r->path,
			       r->lockdown);
	else if (problem == VS_MODULE_UNKNOWN_KEY)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("enrol that key, or sign it with one that "
				 "this kernel knows"),
			       _("not loaded; %s is signed by %s, and the "
				 "kernel has refused a module whose key it "
				 "does not know"),
			       r->path, *r->signer ? r->signer : "-");
	else if (problem == VS_MODULE_BLACKLISTED)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("take it off the list in /etc/modprobe.d or "
				 "on the kernel's command line"),
			       _("not loaded; it is blacklisted"));
	else
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("remove that from /etc/modprobe.d"),
			       _("not loaded; modprobe is told to run \"%s\" "
				 "instead"), r->install);
}

static void vs_doctor_problem(struct vs_doctor *d,
			      const struct vs_module_report *r,
			      enum vs_module_problem problem)
{
	const char *check = vs_module_check;

	if (problem == VS_MODULE_NO_SUPPORT)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("boot a kernel with CONFIG_MODULES"),
			       _("not loaded; kernel %s cannot load modules"),
			       r->kernel);
	else if (problem == VS_MODULE_DISABLED)
		vs_doctor_find(d, check, VS_FINDING_FAIL,
			       _("reboot: kernel.modules_disabled cannot be "
				 "taken back"),
			       _("not loaded; module loading is disabled"));
	else if (problem < VS_MODULE_UNSIGNED)
		vs_doctor_absent(d, r, problem);
	else
		vs_doctor_unwanted(d, r, problem);
}

void vs_doctor_module(struct vs_doctor *d)
{
	struct vs_module_report r;
	unsigned int problems;

	vs_module_examine(&r, "");
	if (r.loaded) {
		vs_doctor_find(d, vs_module_check, VS_FINDING_OK, NULL,
			       _("%s is loaded"), VS_MODULE_NAME);
		return;
	}
	problems = vs_module_problems(&r);
	if (problems)
		vs_doctor_problem(d, &r, __builtin_ctz(problems));
	else if (r.proc_hidden || r.files_hidden)
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("run this where all of /proc and "
				 "/lib/modules can be seen"),
			       _("not loaded; why cannot be seen from here"));
	else
		vs_doctor_find(d, vs_module_check, VS_FINDING_FAIL,
			       _("load it with \"vmsafe driver load\""),
			       _("not loaded; %s is there and nothing known is "
				 "in the way"), r.path);
	if (*r.log)
		vs_doctor_find(d, N_("kernel log"), VS_FINDING_WARN, NULL,
			       "%s", r.log);
}
