// SPDX-License-Identifier: GPL-2.0-only
/* What bears on whether the module can be loaded. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/name.h"
#include "driver/module.h"

#define VS_MODULE_DIR "/lib/modules"

/* a short file as a terminated string without its newline */
static bool vs_report_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return false;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

static bool vs_report_is(const char *path, char value)
{
	char text[8];

	return vs_report_read(path, text, sizeof(text)) && *text == value;
}

/* "none [integrity] confidentiality" */
static void vs_report_lockdown(struct vs_module_report *r)
{
	char text[128], *from, *to;

	if (!vs_report_read("/sys/kernel/security/lockdown", text,
			    sizeof(text)))
		return;
	from = strchr(text, '[');
	to = from ? strchr(from, ']') : NULL;
	if (!to || strncmp(from, "[none]", 6) == 0)
		return;
	*to = '\0';
	snprintf(r->lockdown, sizeof(r->lockdown), "%s", from + 1);
}

static void vs_report_info(struct vs_module_report *r,
			   const struct kmod_module *mod)
{
	struct kmod_list *list = NULL, *item;

	if (kmod_module_get_info(mod, &list) < 0)
		return;
	kmod_list_foreach(item, list) {
		const char *key = kmod_module_info_get_key(item);
		const char *value = kmod_module_info_get_value(item);

		if (strcmp(key, "vermagic") == 0)
			vs_name_escape(r->vermagic, sizeof(r->vermagic),
				       value);
		else if (strcmp(key, "sig_id") == 0)
			r->is_signed = true;
	}
	kmod_module_info_free_list(list);
	/* "6.1.0-42-amd64 SMP preempt ...": the kernel is the first word */
	r->vermagic[strcspn(r->vermagic, " ")] = '\0';
}

static void vs_report_blacklist(struct vs_module_report *r,
				const struct kmod_ctx *ctx)
{
	struct kmod_config_iter *it = kmod_config_get_blacklists(ctx);

	while (it && kmod_config_iter_next(it)) {
		if (strcmp(kmod_config_iter_get_key(it), VS_MODULE_NAME) == 0)
			r->blacklisted = true;
	}
	if (it)
		kmod_config_iter_free_iter(it);
}

/* the kernel's own list, which not even root gets past */
static void vs_report_cmdline(struct vs_module_report *r)
{
	char text[4096], *save, *word, *name, *more;

	if (!vs_report_read("/proc/cmdline", text, sizeof(text)))
		return;
	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, "module_blacklist=", 17) != 0)
			continue;
		for (name = strtok_r(word + 17, ",", &more); name;
		     name = strtok_r(NULL, ",", &more))
			r->blacklisted |= strcmp(name, VS_MODULE_NAME) == 0;
	}
}

static void vs_report_installed(struct vs_module_report *r,
				struct kmod_ctx *ctx)
{
	struct kmod_list *list = NULL;
	struct kmod_module *mod;
	const char *text;

	if (kmod_module_new_from_lookup(ctx, VS_MODULE_NAME, &list) < 0 ||
	    !list)
		return;
	mod = kmod_module_get_module(list);
	text = kmod_module_get_path(mod);
	if (text) {
		snprintf(r->path, sizeof(r->path), "%s", text);
		vs_report_info(r, mod);
	}
	text = kmod_module_get_install_commands(mod);
	if (text)
		vs_name_escape(r->install, sizeof(r->install), text);
	kmod_module_unref(mod);
	kmod_module_unref_list(list);
}

/* is there one for that kernel? */
static bool vs_report_has(const char *kernel)
{
	struct kmod_list *list = NULL;
	char dir[PATH_MAX];
	struct kmod_ctx *ctx;
	bool has = false;

	snprintf(dir, sizeof(dir), VS_MODULE_DIR "/%s", kernel);
	ctx = kmod_new(dir, NULL);
	if (!ctx)
		return false;
	kmod_set_log_priority(ctx, 0);
	if (kmod_module_new_from_lookup(ctx, VS_MODULE_NAME, &list) >= 0 &&
	    list)
		has = true;
	kmod_module_unref_list(list);
	kmod_unref(ctx);
	return has;
}

static void vs_report_other(struct vs_module_report *r)
{
	DIR *dir = opendir(VS_MODULE_DIR);
	struct dirent *d;

	while (dir && !*r->other && (d = readdir(dir))) {
		if (*d->d_name != '.' && strcmp(d->d_name, r->kernel) != 0 &&
		    strlen(d->d_name) < sizeof(r->other) &&
		    vs_report_has(d->d_name))
			strcpy(r->other, d->d_name);
	}
	if (dir)
		closedir(dir);
}

/* "6,1234,5678,-;vmsafe_net: version magic ..." */
static void vs_report_log_line(struct vs_module_report *r, char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, VS_MODULE_NAME ":", strlen(VS_MODULE_NAME) + 1) == 0)
		vs_name_escape(r->log, sizeof(r->log), text);
}

static void vs_report_log(struct vs_module_report *r)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char record[8192];
	ssize_t n;

	if (fd < 0)
		return;
	/* one record a read; EPIPE is a record that was overwritten */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		vs_report_log_line(r, record);
	}
	close(fd);
}

void vs_module_examine(struct vs_module_report *r)
{
	struct utsname uts = { 0 };
	struct kmod_ctx *ctx;

	memset(r, 0, sizeof(*r));
	uname(&uts);
	snprintf(r->kernel, sizeof(r->kernel), "%s", uts.release);
	r->no_modules = access("/proc/modules", F_OK);
	r->loaded = !access("/sys/module/" VS_MODULE_NAME, F_OK);
	r->disabled = vs_report_is("/proc/sys/kernel/modules_disabled", '1');
	r->signature_needed =
		vs_report_is("/sys/module/module/parameters/sig_enforce", 'Y');
	vs_report_lockdown(r);
	vs_report_cmdline(r);
	ctx = kmod_new(NULL, NULL);
	if (ctx) {
		kmod_set_log_priority(ctx, 0);
		vs_report_installed(r, ctx);
		vs_report_blacklist(r, ctx);
		kmod_unref(ctx);
	}
	if (!*r->path)
		vs_report_other(r);
	vs_report_log(r);
}
