// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/name.h"
#include "driver/module.h"
#include "po/i18n.h"

/* the library's own messages would come on top of ours */
static void vs_module_log(void *data, int priority, const char *file, int line,
			  const char *fn, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static struct kmod_ctx *vs_module_ctx(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, vs_module_log, NULL);
	return ctx;
}

static bool vs_module_is_signed(const struct kmod_module *mod)
{
	struct kmod_list *list = NULL, *item;
	bool is = false;

	if (kmod_module_get_info(mod, &list) < 0)
		return false;
	kmod_list_foreach(item, list) {
		if (strcmp(kmod_module_info_get_key(item), "sig_id") == 0)
			is = true;
	}
	kmod_module_info_free_list(list);
	return is;
}

static const char *vs_module_refusal(const struct kmod_module *mod, int err)
{
	switch (err) {
	case ENOSYS:
		return _("this kernel cannot load modules");
	case EEXIST:
		return _("it is loaded already");
	case ENOENT:
		return _("it needs something that this kernel does not have");
	case ENOEXEC:
		return _("it was built for another kernel");
	case EKEYREJECTED:
	case ENOKEY:
	case EBADMSG:
		if (mod && vs_module_is_signed(mod))
			return _("the kernel does not know the key that it is "
				 "signed with, or it was changed since");
		return _("the kernel takes only modules signed with a key "
			 "that it knows");
	case EPERM:
		return geteuid() ? _("only root may do that") :
		       _("the kernel refuses it: it is locked down, module "
			 "loading is disabled, or CAP_SYS_MODULE is missing");
	default:
		return strerror(err);
	}
}

static int vs_module_refused(struct vs_error *error, enum vs_op op,
			     const struct kmod_module *mod, int err)
{
	err = err < 0 ? -err : err;
	return vs_error_set(error, op, VS_WHY_NONE, err, "%s",
			    vs_module_refusal(mod, err));
}

static int vs_module_load_file(struct kmod_ctx *ctx, const char *path,
			       struct vs_error *error)
{
	struct kmod_module *mod;
	char safe[160];
	int ret;

	vs_name_escape(safe, sizeof(safe), path);
	if (access(path, R_OK))
		return vs_error_set(error, VS_OP_LOAD_MODULE, VS_WHY_NONE,
				    errno, "%s: %s", safe, strerror(errno));
	ret = kmod_module_new_from_path(ctx, path, &mod);
	if (ret < 0)
		return vs_error_set(error, VS_OP_LOAD_MODULE, VS_WHY_NONE, ret,
				    "%s: %s", safe, strerror(-ret));
	/* this loads one module and no other */
	if (strcmp(kmod_module_get_name(mod), VS_MODULE_NAME) != 0) {
		ret = vs_error_set(error, VS_OP_LOAD_MODULE, VS_WHY_NONE,
				   EINVAL, _("%s is not %s.ko"), safe,
				   VS_MODULE_NAME);
	} else {
		ret = kmod_module_insert_module(mod, 0, NULL);
		if (ret < 0)
			vs_module_refused(error, VS_OP_LOAD_MODULE, mod, ret);
	}
	kmod_module_unref(mod);
	return ret < 0 ? ret : 0;
}

static int vs_module_load_installed(struct kmod_ctx *ctx,
				    struct vs_error *error)
{
	struct kmod_list *list = NULL;
	struct kmod_module *mod;
	struct utsname uts = { 0 };
	int ret;

	uname(&uts);
	ret = kmod_module_new_from_lookup(ctx, VS_MODULE_NAME, &list);
	if (ret < 0 || !list)
		return vs_error_set(error, VS_OP_LOAD_MODULE, VS_WHY_NONE,
				    ENOENT,
				    _("no module %s is installed for kernel "
				      "%s; give the path of %s.ko"),
				    VS_MODULE_NAME, uts.release,
				    VS_MODULE_NAME);
	mod = kmod_module_get_module(list);
	ret = kmod_module_probe_insert_module(mod, KMOD_PROBE_FAIL_ON_LOADED,
					      NULL, NULL, NULL, NULL);
	if (ret < 0)
		vs_module_refused(error, VS_OP_LOAD_MODULE, mod, ret);
	kmod_module_unref(mod);
	kmod_module_unref_list(list);
	return ret < 0 ? ret : 0;
}

int vs_module_load(const char *path, struct vs_error *error)
{
	struct kmod_ctx *ctx = vs_module_ctx();
	int ret;

	if (!ctx)
		return vs_error_set(error, VS_OP_LOAD_MODULE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = path ? vs_module_load_file(ctx, path, error) :
		     vs_module_load_installed(ctx, error);
	kmod_unref(ctx);
	return ret;
}

static int vs_module_remove(struct kmod_module *mod, struct vs_error *error)
{
	const char *why = NULL;
	int ret;

	if (kmod_module_get_initstate(mod) < 0)
		return vs_error_set(error, VS_OP_UNLOAD_MODULE,
				    VS_WHY_NOT_LOADED, ENOENT, NULL);
	ret = kmod_module_remove_module(mod, KMOD_REMOVE_NOLOG);
	if (ret >= 0)
		return 0;
	if (ret == -EAGAIN)
		why = _("a process has its device open");
	else if (ret == -EBUSY)
		why = _("it is being loaded or unloaded");
	if (why)
		return vs_error_set(error, VS_OP_UNLOAD_MODULE, VS_WHY_NONE,
				    ret, "%s", why);
	return vs_module_refused(error, VS_OP_UNLOAD_MODULE, mod, ret);
}

int vs_module_unload(struct vs_error *error)
{
	struct kmod_ctx *ctx = vs_module_ctx();
	struct kmod_module *mod;
	int ret = ctx ? kmod_module_new_from_name(ctx, VS_MODULE_NAME, &mod) :
			-ENOMEM;

	if (ret < 0) {
		ret = vs_module_refused(error, VS_OP_UNLOAD_MODULE, NULL, ret);
	} else {
		ret = vs_module_remove(mod, error);
		kmod_module_unref(mod);
	}
	kmod_unref(ctx);
	return ret;
}
