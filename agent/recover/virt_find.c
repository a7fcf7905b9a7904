// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/call.h"
#include "po/i18n.h"
#include "recover/virt.h"

/** struct vs_virt_finder - a connection that is being made */
struct vs_virt_finder {
	struct vs_call call;
	virConnectPtr conn;
	virDomainPtr dom;
	char *uri;
	char *vm;
	char message[256];
};

static void vs_virt_finder_free(struct vs_call *call)
{
	struct vs_virt_finder *f = (struct vs_virt_finder *)call;

	if (f->dom)
		virDomainFree(f->dom);
	if (f->conn)
		virConnectClose(f->conn);
	free(f->uri);
	free(f->vm);
	free(f);
}

static int vs_virt_find(struct vs_call *call)
{
	struct vs_virt_finder *f = (struct vs_virt_finder *)call;
	const virError *e;
	struct vs_uuid uuid;

	f->conn = virConnectOpen(f->uri);
	if (f->conn) {
		if (!vs_uuid_parse(f->vm, &uuid))
			f->dom = virDomainLookupByUUID(f->conn, uuid.b);
		if (!f->dom)
			f->dom = virDomainLookupByName(f->conn, f->vm);
	}
	if (f->dom)
		return 0;
	e = virGetLastError();
	vs_name_escape(f->message, sizeof(f->message), e ? e->message : "");
	return f->conn && e && e->code == VIR_ERR_NO_DOMAIN ? -ENOENT : -EIO;
}

static int vs_virt_stop(void *ctx, unsigned int ms)
{
	(void)ms;
	return vs_progress_stopped(ctx) ? -ECANCELED : 0;
}

static void vs_virt_unfound(struct vs_virt *v, const char *uri, const char *vm,
			    int ret, const char *message)
{
	char where[256], who[VS_NAME_ESCAPED];

	vs_name_escape(where, sizeof(where), uri);
	vs_name_escape(who, sizeof(who), vm);
	if (ret == -ENOENT)
		vs_buf_addf(&v->why, _("libvirt (%s) has no domain \"%s\""),
			    where, who);
	else if (ret == -ETIMEDOUT)
		vs_buf_addf(&v->why, _("libvirt (%s) does not answer"), where);
	else if (ret == -ECANCELED)
		vs_buf_add(&v->why, _("it was called off"));
	else
		vs_buf_addf(&v->why, _("libvirt (%s) cannot be reached: %s"),
			    where, message);
}

/* libvirt prints errors on stderr unless told what else to do with them */
static void vs_virt_quiet(void *ctx, virErrorPtr error)
{
	(void)ctx;
	(void)error;
}

int vs_virt_open(struct vs_virt *v, const char *uri, const char *vm,
		 const struct vs_progress *progress)
{
	struct vs_virt_finder *f = calloc(1, sizeof(*f));
	char message[256] = "";
	int ret;

	*v = (struct vs_virt){ .progress = progress };
	if (!f)
		return -ENOMEM;
	virSetErrorFunc(NULL, vs_virt_quiet);
	f->call.fn = vs_virt_find;
	f->call.free = vs_virt_finder_free;
	f->uri = strdup(uri);
	f->vm = strdup(vm);
	ret = f->uri && f->vm ?
	      vs_call_run(&f->call, VS_VIRT_DEADLINE, vs_virt_stop,
			  (void *)progress) : -ENOMEM;
	/* without a domain, one can be defined */
	if (!ret || ret == -ENOENT) {
		v->conn = f->conn;
		f->conn = NULL;
	}
	if (!ret) {
		v->dom = f->dom;
		f->dom = NULL;
		vs_name_escape(v->name, sizeof(v->name),
			       virDomainGetName(v->dom));
		virDomainGetUUID(v->dom, v->uuid.b);
	} else if (ret == -EIO || ret == -ENOENT) {
		memcpy(message, f->message, sizeof(message));
	}
	vs_call_put(&f->call);
	if (ret)
		vs_virt_unfound(v, uri, vm, ret, message);
	return ret;
}

bool vs_virt_is_another(const struct vs_virt *v, const char *vm)
{
	const char *name = virDomainGetName(v->dom);
	char cut[VS_NAME_MAX + 1];

	return vs_name_check(vm) == -ENAMETOOLONG && name &&
	       strcmp(name, vm) != 0 && !vs_name_fit(cut, name) &&
	       vs_name_is(cut, vm);
}

void vs_virt_close(struct vs_virt *v)
{
	if (v->dom)
		virDomainFree(v->dom);
	/* saying good-bye to who does not answer might last for ever */
	if (v->conn && !v->hung)
		virConnectClose(v->conn);
	v->dom = NULL;
	v->conn = NULL;
	free(v->text);
	v->text = NULL;
	vs_buf_free(&v->why);
}
