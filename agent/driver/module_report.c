// SPDX-License-Identifier: GPL-2.0-only
/* What bears on whether the module can be loaded. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/name.h"
#include "driver/kmsg.h"
#include "driver/module.h"

/* where modprobe's configuration is, as kmod has it */
static const char *const vs_report_configs[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/lib/modprobe.d", "/usr/lib/modprobe.d",
};

#define VS_REPORT_CONFIGS \
	(sizeof(vs_report_configs) / sizeof(*vs_report_configs))

/* "dir/name"; what would be too long is no path at all */
static void vs_report_join(char path[PATH_MAX], const char *dir,
			   const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		*path = '\0';
}

/* a file below the root as a terminated string, its first line */
static bool vs_report_read(const char *root, const char *path, char *buf,
			   size_t size)
{
	char full[PATH_MAX];
	ssize_t n;
	int fd;

	snprintf(full, sizeof(full), "%s%s", root, path);
	fd = open(full, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, buf, size - 1);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return false;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

static bool vs_report_has(const char *root, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return !access(full, F_OK);
}

/* is it not there? What cannot be looked at may be */
static bool vs_report_lacks(const char *root, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return access(full, F_OK) && errno == ENOENT;
}

static bool vs_report_is(const char *root, const char *path, char value)
{
	char text[8];

	return vs_report_read(root, path, text, sizeof(text)) &&
	       *text == value;
}

/* "none [integrity] confidentiality" */
static void vs_report_lockdown(struct vs_module_report *r, const char *root)
{
	char text[128], *from, *to;

	if (!vs_report_read(root, "/sys/kernel/security/lockdown", text,
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
		else if (strcmp(key, "signer") == 0)
			vs_name_escape(r->signer, sizeof(r->signer), value);
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
			strcpy(r->blacklisted, "modprobe.d");
	}
	if (it)
		kmod_config_iter_free_iter(it);
}

/* the kernel's own list, which not even root gets past */
static void vs_report_cmdline(struct vs_module_report *r, const char *root)
{
	char text[4096], *save, *word, *name, *more;

	if (!vs_report_read(root, "/proc/cmdline", text, sizeof(text)))
		return;
	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, "module_blacklist=", 17) != 0)
			continue;
		for (name = strtok_r(word + 17, ",", &more); name;
		     name = strtok_r(NULL, ",", &more)) {
			if (strcmp(name, VS_MODULE_NAME) == 0)
				strcpy(r->blacklisted, "module_blacklist");
		}
	}
}

static void vs_report_install(struct vs_module_report *r,
			      const struct kmod_ctx *ctx)
{
	struct kmod_config_iter *it = kmod_config_get_install_commands(ctx);

	while (it && kmod_config_iter_next(it)) {
		if (strcmp(kmod_config_iter_get_key(it), VS_MODULE_NAME) == 0)
			vs_name_escape(r->install, sizeof(r->install),
				       kmod_config_iter_get_value(it));
	}
	if (it)
		kmod_config_iter_free_iter(it);
}

/* modprobe's configuration, and the module's file */
static void vs_report_kmod(struct vs_module_report *r, const char *root)
{
	char paths[VS_REPORT_CONFIGS][PATH_MAX];
	const char *config[VS_REPORT_CONFIGS + 1] = { NULL };
	struct kmod_module *mod;
	struct kmod_ctx *ctx;

	for (size_t i = 0; i < VS_REPORT_CONFIGS; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s%s", root,
			 vs_report_configs[i]);
		config[i] = paths[i];
	}
	ctx = kmod_new(NULL, config);
	if (!ctx)
		return;
	kmod_set_log_priority(ctx, 0);
	vs_report_blacklist(r, ctx);
	vs_report_install(r, ctx);
	if (*r->path && !kmod_module_new_from_path(ctx, r->path, &mod)) {
		vs_report_info(r, mod);
		kmod_module_unref(mod);
	}
	kmod_unref(ctx);
}

/* vmsafe_net.ko, vmsafe_net.ko.xz ... */
static bool vs_report_is_module(const char *name)
{
	size_t len = strlen(VS_MODULE_NAME ".ko");

	return strncmp(name, VS_MODULE_NAME ".ko", len) == 0 &&
	       (!name[len] || name[len] == '.');
}

/*
 * The module in depmod's list, of which each line is "PATH: WHAT IT NEEDS".
 * What modprobe reads is made with it.
 */
static bool vs_report_indexed(const char *dir, char path[PATH_MAX])
{
	char name[PATH_MAX], line[PATH_MAX], *slash;
	bool found = false;
	FILE *f;

	vs_report_join(name, dir, "modules.dep");
	f = fopen(name, "re");
	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, ":\n")] = '\0';
		slash = strrchr(line, '/');
		found = vs_report_is_module(slash ? slash + 1 : line);
	}
	if (f)
		fclose(f);
	/* a path from the root on is taken as it is */
	if (found && *line == '/')
		snprintf(path, PATH_MAX, "%s", line);
	else if (found)
		vs_report_join(path, dir, line);
	return found && !access(path, F_OK);
}

/* the module in a folder, not below it */
static bool vs_report_in(const char *dir, char path[PATH_MAX])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool found = false;

	while (d && !found && (entry = readdir(d))) {
		found = vs_report_is_module(entry->d_name);
		if (found)
			vs_report_join(path, dir, entry->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

/* the module of one kernel, whether depmod knows it or not */
static bool vs_report_of(const char *dir, char path[PATH_MAX], bool *indexed)
{
	/* where an external module is installed */
	static const char *const below[] = {
		"updates/dkms", "updates", "extra", "kernel/net", ".",
	};
	char folder[PATH_MAX];

	*indexed = vs_report_indexed(dir, path);
	if (*indexed)
		return true;
	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		vs_report_join(folder, dir, below[i]);
		if (vs_report_in(folder, path))
			return true;
	}
	*path = '\0';
	return false;
}

/* another kernel's; of several, the first by name */
static void vs_report_other(struct vs_module_report *r, const char *modules)
{
	char dir[PATH_MAX], path[PATH_MAX];
	DIR *d = opendir(modules);
	struct dirent *entry;
	bool indexed;

	while (d && (entry = readdir(d))) {
		if (*entry->d_name == '.' ||
		    strcmp(entry->d_name, r->kernel) == 0 ||
		    strlen(entry->d_name) >= sizeof(r->other) ||
		    (*r->other && strcmp(entry->d_name, r->other) > 0))
			continue;
		vs_report_join(dir, modules, entry->d_name);
		if (vs_report_of(dir, path, &indexed))
			strcpy(r->other, entry->d_name);
	}
	if (d)
		closedir(d);
}

/* ProtectKernelModules= puts an empty folder there that is nobody's to read */
static bool vs_report_covered(const char *dir)
{
	struct stat st;

	if (stat(dir, &st))
		return errno != ENOENT;
	return !(st.st_mode & 0777) || access(dir, R_OK | X_OK);
}

static void vs_report_file(struct vs_module_report *r, const char *root)
{
	char modules[PATH_MAX], dir[PATH_MAX];

	vs_report_join(modules, root, "lib/modules");
	r->files_hidden = vs_report_covered(modules);
	vs_report_join(dir, modules, r->kernel);
	if (!vs_report_of(dir, r->path, &r->indexed))
		vs_report_other(r, modules);
}

static void vs_report_log_line(void *ctx, const char *text)
{
	static const char own[] = VS_MODULE_NAME ":";
	struct vs_module_report *r = ctx;
	/* which module it was is not said, so an unsigned one was another */
	bool refused = r->is_signed &&
		       strstr(text, "module with unavailable key is rejected");

	r->key_refused |= refused;
	if (refused || strncmp(text, own, strlen(own)) == 0)
		vs_name_escape(r->log, sizeof(r->log), text);
}

/*
 * A service may see of /proc the processes only (subset=pid): then neither
 * what is missing there nor what it says in files can be known. Every kernel
 * has /proc/version.
 */
static void vs_report_kernel(struct vs_module_report *r, const char *root)
{
	struct utsname uts;

	r->proc_hidden = !vs_report_has(root, "/proc/version");
	if (!*root && !uname(&uts))
		snprintf(r->kernel, sizeof(r->kernel), "%s", uts.release);
	else
		vs_report_read(root, "/proc/sys/kernel/osrelease", r->kernel,
			       sizeof(r->kernel));
	r->no_modules = !r->proc_hidden &&
			vs_report_lacks(root, "/proc/modules");
}

void vs_module_examine(struct vs_module_report *r, const char *root)
{
	memset(r, 0, sizeof(*r));
	vs_report_kernel(r, root);
	r->loaded = vs_report_has(root, "/sys/module/" VS_MODULE_NAME);
	r->disabled = vs_report_is(root, "/proc/sys/kernel/modules_disabled",
				   '1');
	r->signature_needed =
		vs_report_is(root, "/sys/module/module/parameters/sig_enforce",
			     'Y');
	vs_report_lockdown(r, root);
	vs_report_file(r, root);
	vs_report_kmod(r, root);
	vs_report_cmdline(r, root);
	if (!*root)
		vs_kmsg_each("", vs_report_log_line, r);
}

unsigned int vs_module_problems(const struct vs_module_report *r)
{
	bool is[VS_MODULE_PROBLEMS] = {
		[VS_MODULE_NO_SUPPORT] = r->no_modules,
		[VS_MODULE_DISABLED] = r->disabled,
		[VS_MODULE_OTHER_KERNEL] = !*r->path && *r->other &&
			!r->files_hidden,
		[VS_MODULE_NOT_INSTALLED] = !*r->path && !*r->other &&
			!r->files_hidden,
		[VS_MODULE_NOT_INDEXED] = *r->path && !r->indexed,
		[VS_MODULE_WRONG_KERNEL] = *r->vermagic && *r->kernel &&
			strcmp(r->vermagic, r->kernel) != 0,
		[VS_MODULE_UNSIGNED] = *r->path && r->signature_needed &&
			!r->is_signed,
		[VS_MODULE_LOCKDOWN] = *r->path && *r->lockdown &&
			!r->is_signed,
		[VS_MODULE_UNKNOWN_KEY] = *r->path && r->is_signed &&
			r->signature_needed && r->key_refused,
		[VS_MODULE_BLACKLISTED] = *r->blacklisted,
		[VS_MODULE_REPLACED] = *r->install,
	};
	unsigned int bits = 0;

	for (int i = 0; i < VS_MODULE_PROBLEMS && !r->loaded; i++)
		bits |= (unsigned int)is[i] << i;
	return bits;
}
