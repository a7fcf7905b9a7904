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
 * struct vs_module_report - all that bears on whether it can be loaded
 * @kernel: release of the running kernel
 * @loaded: it is loaded
 * @no_modules: this kernel cannot load modules at all
 * @disabled: loading was switched off until the next boot
 * @path: the module's file for this kernel; empty: none
 * @other: else, a kernel release for which there is one; empty: none
 * @vermagic: the kernel that @path was built for; empty: not known
 * @is_signed: @path is signed
 * @signature_needed: the kernel takes only signed modules
 * @lockdown: "integrity" or "confidentiality"; empty: none
 * @blacklisted: in modprobe's configuration or on the kernel's command line
 * @install: command that modprobe runs instead of loading it; empty: none
 * @log: the kernel log's last word on it; empty: none
 */
struct vs_module_report {
	char kernel[80];
	bool loaded;
	bool no_modules;
	bool disabled;
	char path[PATH_MAX];
	char other[80];
	char vermagic[128];
	bool is_signed;
	bool signature_needed;
	char lockdown[24];
	bool blacklisted;
	char install[256];
	char log[256];
};

/** vs_module_examine() - find out; what cannot be found out is left empty */
void vs_module_examine(struct vs_module_report *r);

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
