// SPDX-License-Identifier: GPL-2.0-only
/* The inventory "vsphere:". */
#include <errno.h>
#include <stdlib.h>

#include "inventory/provider.h"
#include "po/i18n.h"
#include "vsphere/vcenter.h"
#include "vsphere/watch.h"

/**
 * struct vs_vsphere - an open one
 * @inv: what all have
 * @uri: where
 * @watch: hears of changes; NULL: does not
 */
struct vs_vsphere {
	struct vs_inventory inv;
	struct vs_vsphere_uri uri;
	struct vs_watch *watch;
};

static int vs_vsphere_open(const char *rest, struct vs_inventory **inv,
			   struct vs_error *error)
{
	struct vs_vsphere *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	ret = vs_vsphere_uri_parse(rest, &s->uri, error);
	if (ret) {
		free(s);
		return ret;
	}
	s->inv.ops = &vs_inventory_vsphere;
	if (s->uri.insecure)
		s->inv.warning = _("verify=none: whoever answers there counts "
				   "as vCenter and learns the password; use "
				   "ca-file= or sha256=");
	*inv = &s->inv;
	return 0;
}

static int vs_vsphere_load(struct vs_inventory *inv,
			   const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_vsphere *s = (struct vs_vsphere *)inv;
	struct vs_roster *roster;
	struct vs_vcenter v;
	int ret = vs_vcenter_init(&v, &s->uri, error);

	if (ret)
		return ret;
	v.deadline = inv->deadline;
	ret = vs_vcenter_list(&v, &roster, error);
	if (!ret) {
		vs_vcenter_logout(&v);
		ret = vs_roster_feed(roster, feed, error);
		vs_roster_free(roster);
	}
	vs_vcenter_free(&v);
	return ret;
}

static int vs_vsphere_watch(struct vs_inventory *inv,
			    const struct vs_watcher *to,
			    struct vs_error *error)
{
	struct vs_vsphere *s = (struct vs_vsphere *)inv;

	return vs_watch_start(&s->uri, inv->deadline, to, &s->watch, error);
}

static void vs_vsphere_want(struct vs_inventory *inv, bool afresh)
{
	struct vs_vsphere *s = (struct vs_vsphere *)inv;

	if (s->watch)
		vs_watch_want(s->watch, afresh);
}

static void vs_vsphere_unwatch(struct vs_inventory *inv)
{
	struct vs_vsphere *s = (struct vs_vsphere *)inv;

	vs_watch_stop(s->watch);
	s->watch = NULL;
}

static void vs_vsphere_close(struct vs_inventory *inv)
{
	vs_vsphere_unwatch(inv);
	free(inv);
}

const struct vs_inventory_ops vs_inventory_vsphere = {
	.scheme = "vsphere",
	.form = VS_VSPHERE_FORM,
	.open = vs_vsphere_open,
	.load = vs_vsphere_load,
	.watch = vs_vsphere_watch,
	.want = vs_vsphere_want,
	.unwatch = vs_vsphere_unwatch,
	.close = vs_vsphere_close,
};
