/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel module: load, unload, and why it is not loaded. */
#ifndef VS_DRIVER_MODULE_H
#define VS_DRIVER_MODULE_H

#include <limits.h>
#include <stdbool.h>

#include "core/error.h"

/** VS_MODULE_NAME - name of the module */
#define VS_MODULE_NAME "vmsafe_net"

/**
 * enum vs_module_problem - what keeps it from being there
 *
 * In the order in which they are to be told: each makes those after it matter
 * less.
 */
enum vs_module_problem {
	VS_MODULE_NO_SUPPORT,	/* this kernel cannot load modules */
	VS_MODULE_DISABLED,	/* it could, until modules_disabled was set */
	VS_MODULE_OTHER_KERNEL,	/* it is installed for other kernels only */
	VS_MODULE_NOT_INSTALLED,
	VS_MODULE_NOT_INDEXED,	/* it is there, but depmod was not run */
	VS_MODULE_WRONG_KERNEL,	/* what is there was built for another */
	VS_MODULE_UNSIGNED,	/* and the kernel takes only signed ones */
	VS_MODULE_LOCKDOWN,	/* unsigned, and the kernel is locked down */
	VS_MODULE_UNKNOWN_KEY,	/* signed, and not by whom the kernel knows */
	VS_MODULE_BLACKLISTED,
	VS_MODULE_REPLACED,	/* modprobe runs a command instead */
	VS_MODULE_PROBLEMS
};

/**
 * struct vs_module_report - all that bears on whether it can be loaded
 * @kernel: release of the running kernel
 * @loaded: it is loaded
 * @proc_hidden: of /proc only processes can be seen, as a confined service
 *               does: what else is there is not known
 * @files_hidden: likewise of /lib/modules
 * @no_modules: this kernel cannot load modules at all
 * @disabled: loading was switched off until the next boot
 * @path: the module's file for this kernel; empty: none
 * @indexed: depmod knows that file, so modprobe finds it
 * @other: else, a kernel release for which there is one; empty: none
 * @vermagic: the kernel that @path was built for; empty: not known
 * @is_signed: @path is signed
 * @signer: by whom, as its signature says; empty: not known
 * @key_refused: the kernel log says that a module was refused because its key
 *               is not known; it does not say which
 * @signature_needed: the kernel takes only signed modules
 * @lockdown: "integrity" or "confidentiality"; empty: none
 * @blacklisted: where: "modprobe.d" or "module_blacklist"; empty: nowhere
 * @install: command that modprobe runs instead of loading it; empty: none
 * @log: the kernel log's last word on it; empty: none
 */
struct vs_module_report {
	char kernel[80];
	bool loaded;
	bool proc_hidden;
	bool files_hidden;
	bool no_modules;
	bool disabled;
	char path[PATH_MAX];
	bool indexed;
	char other[80];
	char vermagic[128];
	bool is_signed;
	char signer[128];
	bool key_refused;
	bool signature_needed;
	char lockdown[24];
	char blacklisted[24];
	char install[256];
	char log[256];
};

/**
 * vs_module_examine() - find out; what cannot be found out is left empty
 * @r: the report
 * @root: what lies below: "" for this host, or a folder that has proc, sys,
 *        etc and lib like one
 *
 * The kernel log is read on this host only.
 */
void vs_module_examine(struct vs_module_report *r, const char *root);

/** vs_module_problems() - bit n is set for enum vs_module_problem n; 0: none
 * is known, or it is loaded
 */
unsigned int vs_module_problems(const struct vs_module_report *r);

/**
 * vs_module_load() - load it
 * @path: its file; NULL: the one that belongs to the running kernel
 * @error: why not, in its detail
 *
 * Return: 0; -EEXIST: it is loaded; another negative errno.
 */
int vs_module_load(const char *path, struct vs_error *error);

/**
 * vs_module_unload() - unload it
 * @error: why not, in its detail
 *
 * Return: 0; -ENOENT: it is not loaded; -EAGAIN: its device is open; another
 * negative errno.
 */
int vs_module_unload(struct vs_error *error);

#endif
