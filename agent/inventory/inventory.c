// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/buf.h"
#include "core/name.h"
#include "inventory/provider.h"
#include "po/i18n.h"

static const struct vs_inventory_ops *const vs_providers[] = {
	&vs_inventory_libvirt,
	&vs_inventory_file,
	&vs_inventory_vsphere,
};

#define VS_PROVIDERS (sizeof(vs_providers) / sizeof(*vs_providers))

static const struct vs_inventory_ops *vs_inventory_find(const char *uri,
							const char **rest)
{
	for (size_t i = 0; i < VS_PROVIDERS; i++) {
		size_t len = strlen(vs_providers[i]->scheme);

		if (strncmp(uri, vs_providers[i]->scheme, len) == 0 &&
		    uri[len] == ':') {
			*rest = uri + len + 1;
			return vs_providers[i];
		}
	}
	return NULL;
}

static int vs_inventory_refuse(const char *uri, struct vs_error *error)
{
	struct vs_buf forms = { 0 };
	char safe[160];
	int ret;

	for (size_t i = 0; i < VS_PROVIDERS; i++)
		vs_buf_addf(&forms, "%s%s", i ? ", " : "",
			    vs_providers[i]->form);
	vs_name_escape(safe, sizeof(safe), uri);
	ret = vs_error_set(error, VS_OP_CONNECT, VS_WHY_NONE, EINVAL,
			   _("\"%s\" is not an inventory; use one of: %s"),
			   safe, vs_buf_str(&forms));
	vs_buf_free(&forms);
	return ret;
}

int vs_inventory_open(const char *uri, struct vs_inventory **inv,
		      struct vs_error *error)
{
	const struct vs_inventory_ops *ops;
	const char *rest;
	int ret;

	ops = vs_inventory_find(uri, &rest);
	if (!ops)
		return vs_inventory_refuse(uri, error);
	if (!*rest)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NONE, EINVAL,
				    _("nothing follows \"%s\"; use: %s"), uri,
				    ops->form);
	ret = ops->open(rest, inv, error);
	if (!ret)
		(*inv)->deadline = VS_INVENTORY_DEADLINE;
	return ret;
}

const char *vs_inventory_warning(const char *uri)
{
	const char *warning;
	struct vs_inventory *inv;
	struct vs_error error;

	if (vs_inventory_open(uri, &inv, &error))
		return NULL;
	warning = inv->warning;
	vs_inventory_close(inv);
	return warning;
}

int vs_inventory_load(struct vs_inventory *inv, const struct vs_feed *feed,
		      struct vs_error *error)
{
	struct vs_error why = { 0 };
	int ret = inv->ops->load(inv, feed, &why);

	/* it was the feed that refused */
	if (ret && !why.err && !why.why)
		vs_error_set(&why, VS_OP_READ_VM, ret == -ENOMEM ?
			     VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA, ret, NULL);
	if (error)
		*error = why;
	return ret;
}

int vs_inventory_sync(struct vs_inventory *inv, struct vs_engine *e,
		      vs_time now, struct vs_error *error)
{
	struct vs_list_info info = { .read_at = now };
	struct vs_feed feed = vs_engine_feed(e);
	struct vs_error why = { 0 };
	int ret;

	vs_engine_begin(e, VS_SOURCE_MANAGER);
	ret = vs_inventory_load(inv, &feed, &why);
	if (ret)
		vs_engine_fail(e, VS_SOURCE_MANAGER, &why);
	else
		ret = vs_engine_commit(e, VS_SOURCE_MANAGER, &info);
	if (error)
		*error = why;
	return ret;
}

void vs_inventory_close(struct vs_inventory *inv)
{
	if (inv)
		inv->ops->close(inv);
}
