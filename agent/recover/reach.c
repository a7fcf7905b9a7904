// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/text.h"
#include "core/word.h"
#include "host/clock.h"
#include "inventory/call.h"
#include "inventory/inventory.h"
#include "po/i18n.h"
#include "recover/reach.h"
#include "recover/reach_socket.h"
#include "vsphere/vcenter.h"

static const char *const vs_reach_words[] = {
	[VS_REACH_OK] = "ok",
	[VS_REACH_NONE] = "none",
	[VS_REACH_FAIL] = "fail",
	[VS_REACH_UNTRIED] = "untried",
};

static const char *const vs_reach_names[] = {
	[VS_REACH_URI] = N_("understand the URI"),
	[VS_REACH_NAME] = N_("resolve the host's name"),
	[VS_REACH_SOCKET] = N_("connect to its socket"),
	[VS_REACH_HANDSHAKE] = N_("shake hands with it"),
	[VS_REACH_LIST] = N_("read the list"),
};

const char *vs_reach_word(enum vs_reach_result result)
{
	return VS_WORD(vs_reach_words, result);
}

const char *vs_reach_name(enum vs_reach_step step)
{
	return VS_WORD(vs_reach_names, step);
}

/**
 * struct vs_reacher - on the way
 * @inventory: its URI
 * @libvirt: libvirt's URI; NULL: another inventory
 * @vsphere: it is vCenter, of which @vcenter says where
 * @vcenter: "
 * @uri: taken apart
 * @target: addresses, once resolved
 */
struct vs_reacher {
	const char *inventory;
	const char *libvirt;
	bool vsphere;
	struct vs_vsphere_uri vcenter;
	struct vs_reach_uri uri;
	struct vs_reach_target target;
	unsigned int deadline;
	struct vs_reach_row *row;
};

static int vs_reach_is(struct vs_reacher *x, int ret, const char *advice,
		       const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int vs_reach_is(struct vs_reacher *x, int ret, const char *advice,
		       const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(x->row->detail, sizeof(x->row->detail), fmt, ap);
	va_end(ap);
	x->row->result = ret ? VS_REACH_FAIL : VS_REACH_OK;
	x->row->advice = ret ? advice : NULL;
	return ret;
}

static int vs_reach_none(struct vs_reacher *x, const char *why)
{
	x->row->result = VS_REACH_NONE;
	snprintf(x->row->detail, sizeof(x->row->detail), "%s", why);
	return 0;
}

static int vs_reach_uri_step(struct vs_reacher *x)
{
	struct vs_inventory *inv = NULL;
	char safe[256];
	struct vs_error error;
	int ret = vs_inventory_open(x->inventory, &inv, &error);

	vs_inventory_close(inv);
	if (ret)
		return vs_reach_is(x, ret, NULL, "%s", error.detail);
	vs_name_escape(safe, sizeof(safe), x->inventory);
	if (x->vsphere) {
		vs_vsphere_uri_parse(x->inventory + strlen("vsphere:"),
				     &x->vcenter, &error);
		snprintf(x->uri.host, sizeof(x->uri.host), "%s",
			 x->vcenter.host);
		x->uri.port = x->vcenter.port;
	}
	if (x->libvirt && vs_reach_parse(&x->uri, x->libvirt))
		return vs_reach_is(x, -EINVAL, NULL,
				   _("\"%s\" is no URI of libvirt"), safe);
	return vs_reach_is(x, 0, NULL, "%s", safe);
}

static int vs_reach_name_step(struct vs_reacher *x)
{
	char why[128], host[VS_REACH_HOST];
	int ret;

	if (!*x->uri.host)
		return vs_reach_none(x, _("it is on this host"));
	vs_name_escape(host, sizeof(host), x->uri.host);
	ret = vs_reach_resolve(&x->target, x->uri.host, x->uri.port,
			       x->deadline, why, sizeof(why));
	if (ret)
		return vs_reach_is(x, ret, _("check the name, and "
					     "/etc/resolv.conf"), "%s: %s",
				   host, why);
	return vs_reach_is(x, 0, NULL, "%s: %s", host, x->target.first);
}

static int vs_reach_socket_step(struct vs_reacher *x)
{
	const char *refused =
		_("check that the service runs there and that no firewall is "
		  "in between");
	char where[192];
	int ret;

	if (x->uri.port)
		ret = vs_reach_tcp(&x->target, x->deadline, where,
				   sizeof(where));
	else if (x->uri.n_sockets)
		ret = vs_reach_unix(&x->uri, where, sizeof(where));
	else
		return vs_reach_none(x, _("nothing is connected to"));
	if (ret)
		return vs_reach_is(x, ret, refused, "%s: %s", where,
				   strerror(-ret));
	return vs_reach_is(x, 0, NULL, "%s", where);
}

/** struct vs_handshake - a connection of libvirt, being made */
struct vs_handshake {
	struct vs_call call;
	char *uri;
	unsigned long version;
	char message[256];
};

static int vs_handshake_do(struct vs_call *call)
{
	struct vs_handshake *h = (struct vs_handshake *)call;
	virConnectPtr conn = virConnectOpenReadOnly(h->uri);
	const virError *e;
	int ret;

	ret = conn ? virConnectGetLibVersion(conn, &h->version) : -1;
	if (ret) {
		e = virGetLastError();
		vs_name_escape(h->message, sizeof(h->message),
			       e && e->message ? e->message : "");
	}
	if (conn)
		virConnectClose(conn);
	return ret ? -EIO : 0;
}

static void vs_handshake_free(struct vs_call *call)
{
	struct vs_handshake *h = (struct vs_handshake *)call;

	free(h->uri);
	free(h);
}

/* what there is to do about an error of vCenter */
static const char *vs_reach_vcenter_advice(const struct vs_error *error)
{
	switch (error->why) {
	case VS_WHY_DENIED:
		return _("check user, password and what the user may see");
	case VS_WHY_NONE:
		return _("correct what --inventory says");
	default:
		return _("check the message above, then restart vCenter (R8)");
	}
}

static int vs_reach_error(struct vs_reacher *x, int ret, const char *advice,
			  const struct vs_error *error)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_reach_is(x, ret, advice, "%s", vs_buf_str(&text));
	vs_buf_free(&text);
	return ret;
}

static int vs_reach_vcenter(struct vs_reacher *x)
{
	struct vs_vcenter v;
	struct vs_error error;
	int ret = vs_vcenter_init(&v, &x->vcenter, &error);

	if (!ret) {
		v.deadline = x->deadline;
		ret = vs_vcenter_login(&v, &error);
		vs_vcenter_logout(&v);
		vs_vcenter_free(&v);
	}
	if (ret)
		return vs_reach_error(x, ret, vs_reach_vcenter_advice(&error),
				      &error);
	return vs_reach_is(x, 0, NULL, "%s", v.about);
}

static int vs_reach_handshake_step(struct vs_reacher *x)
{
	const char *restart = _("restart libvirt (R8)");
	struct vs_handshake *h;
	int ret;

	if (x->vsphere)
		return vs_reach_vcenter(x);
	if (!x->libvirt)
		return vs_reach_none(x, _("it is a file"));
	h = calloc(1, sizeof(*h));
	if (!h)
		return vs_reach_is(x, -ENOMEM, NULL, "%s", _("out of memory"));
	h->call.fn = vs_handshake_do;
	h->call.free = vs_handshake_free;
	h->uri = strdup(x->libvirt);
	ret = h->uri ? vs_call_run(&h->call, x->deadline, NULL, NULL) :
		       -ENOMEM;
	if (ret == -EIO)
		vs_reach_is(x, ret, restart, "%s", h->message);
	else if (ret)
		vs_reach_is(x, ret, restart, "%s", strerror(-ret));
	else
		vs_reach_is(x, 0, NULL, "libvirt %lu.%lu.%lu",
			    h->version / 1000000, h->version / 1000 % 1000,
			    h->version % 1000);
	vs_call_put(&h->call);
	return ret;
}

static int vs_reach_count_vm(void *ctx, const struct vs_vm_fact *fact)
{
	(void)fact;
	((size_t *)ctx)[0]++;
	return 0;
}

static int vs_reach_count_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	(void)fact;
	((size_t *)ctx)[1]++;
	return 0;
}

static int vs_reach_list_step(struct vs_reacher *x)
{
	size_t n[2] = { 0 };
	const struct vs_feed feed = { vs_reach_count_vm, vs_reach_count_vnic,
				      n };
	struct vs_inventory *inv = NULL;
	struct vs_error error;
	int ret = vs_inventory_open(x->inventory, &inv, &error);

	if (!ret) {
		inv->deadline = x->deadline;
		ret = vs_inventory_load(inv, &feed, &error);
	}
	vs_inventory_close(inv);
	if (ret)
		return vs_reach_error(x, ret, x->vsphere ?
				      vs_reach_vcenter_advice(&error) :
				      x->libvirt ? _("restart libvirt (R8)") :
				      _("mend the file"), &error);
	return vs_reach_is(x, 0, NULL, _("VMs: %zu, vNICs: %zu"), n[0], n[1]);
}

static int (*const vs_reach_steps[VS_REACH_STEPS])(struct vs_reacher *x) = {
	[VS_REACH_URI] = vs_reach_uri_step,
	[VS_REACH_NAME] = vs_reach_name_step,
	[VS_REACH_SOCKET] = vs_reach_socket_step,
	[VS_REACH_HANDSHAKE] = vs_reach_handshake_step,
	[VS_REACH_LIST] = vs_reach_list_step,
};

/* libvirt prints errors on stderr unless told what else to do with them */
static void vs_reach_quiet(void *ctx, virErrorPtr error)
{
	(void)ctx;
	(void)error;
}

int vs_reach(struct vs_reach *r, const char *inventory, unsigned int deadline,
	     const struct vs_progress *progress)
{
	struct vs_reacher x = {
		.inventory = inventory, .deadline = deadline,
		.libvirt = strncmp(inventory, "libvirt:", 8) == 0 ?
			   inventory + 8 : NULL,
		.vsphere = strncmp(inventory, "vsphere:", 8) == 0,
	};
	long long begin;
	int ret = 0;

	*r = (struct vs_reach){ 0 };
	virSetErrorFunc(NULL, vs_reach_quiet);
	for (int i = 0; i < VS_REACH_STEPS; i++) {
		x.row = &r->row[i];
		if (!ret && vs_progress_stopped(progress))
			ret = -ECANCELED;
		if (ret) {
			x.row->result = VS_REACH_UNTRIED;
			continue;
		}
		begin = vs_clock_steady();
		ret = vs_reach_steps[i](&x);
		x.row->ms = vs_clock_steady() - begin;
		vs_progress_say(progress, "%s: %s (%u ms) %s",
				_(vs_reach_names[i]),
				vs_reach_word(x.row->result), x.row->ms,
				x.row->detail);
	}
	vs_reach_target_free(&x.target);
	return ret;
}
