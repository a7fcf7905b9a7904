// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libvirt/virterror.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>

#include "inventory/domains.h"
#include "po/i18n.h"

static int vs_libvirt_fail(struct vs_error *error, enum vs_op op,
			   const char *subject)
{
	const virError *e = virGetLastError();
	char safe[256], who[VS_NAME_ESCAPED];
	enum vs_why why = VS_WHY_UNREACHABLE;

	if (e && (e->code == VIR_ERR_AUTH_FAILED ||
		  e->code == VIR_ERR_AUTH_CANCELLED ||
		  e->code == VIR_ERR_AUTH_UNAVAILABLE))
		why = VS_WHY_NO_PERMISSION;
	vs_name_escape(safe, sizeof(safe), e ? e->message : "");
	vs_name_escape(who, sizeof(who), subject);
	return vs_error_set(error, op, why, 0, "%s: %s", who, safe);
}

/* libvirt prints errors on stderr unless told what else to do with them */
static void vs_libvirt_silence(void *ctx, virErrorPtr error)
{
	(void)ctx;
	(void)error;
}

void vs_libvirt_quiet(void)
{
	virSetErrorFunc(NULL, vs_libvirt_silence);
}

/* libxml2 prints as well; this is a setting of the thread */
static void vs_xml_quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

int vs_libvirt_connect(const char *uri, virConnectPtr *conn,
		       struct vs_error *error)
{
	xmlSetGenericErrorFunc(NULL, vs_xml_quiet);
	*conn = virConnectOpenReadOnly(uri);
	return *conn ? 0 : vs_libvirt_fail(error, VS_OP_CONNECT, uri);
}

/* has the domain gone since it was listed? then it is simply not there */
static bool vs_libvirt_vanished(void)
{
	const virError *e = virGetLastError();

	return e && e->code == VIR_ERR_NO_DOMAIN;
}

static enum vs_power vs_libvirt_power(virDomainPtr dom, bool active)
{
	int state;

	if (!active)
		return virDomainHasManagedSaveImage(dom, 0) == 1 ?
		       VS_POWER_SUSPENDED : VS_POWER_OFF;
	if (virDomainGetState(dom, &state, NULL, 0) == 0 &&
	    (state == VIR_DOMAIN_PAUSED || state == VIR_DOMAIN_PMSUSPENDED ||
	     state == VIR_DOMAIN_CRASHED))
		return VS_POWER_PAUSED;
	return VS_POWER_RUNNING;
}

/* adds the domain to the list, unless it has gone */
static int vs_libvirt_read(virDomainPtr dom, unsigned int flags,
			   struct vs_domain **domains, struct vs_error *error)
{
	/* asked first: any further call would forget the error of the next */
	const char *subject = virDomainGetName(dom), *why;
	char *xml = virDomainGetXMLDesc(dom, flags);
	struct vs_domain *d;
	char who[VS_NAME_ESCAPED];
	int ret;

	if (!xml)
		return vs_libvirt_vanished() ? 0 :
		       vs_libvirt_fail(error, VS_OP_READ_VM, subject);
	ret = vs_domain_parse(xml, &d, &why);
	free(xml);
	if (ret) {
		vs_name_escape(who, sizeof(who), subject);
		return vs_error_set(error, VS_OP_READ_VM, ret == -ENOMEM ?
				    VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA, ret,
				    "%s: %s", who, why);
	}
	d->power = vs_libvirt_power(dom, d->active);
	d->next = *domains;
	*domains = d;
	return 0;
}

/* one witness of several: what is wrong with it is not in the way */
static void vs_libvirt_definition(virDomainPtr dom, struct vs_domain *d)
{
	struct vs_error error;

	/* a transient domain has none */
	if (d && d->active && virDomainIsPersistent(dom) == 1)
		vs_libvirt_read(dom, VIR_DOMAIN_XML_INACTIVE, &d->defined,
				&error);
}

int vs_libvirt_read_all(virConnectPtr conn, const char *uri, bool defined,
			struct vs_domain **domains, struct vs_error *error)
{
	const struct vs_domain *last;
	virDomainPtr *doms;
	int ret = 0, n = virConnectListAllDomains(conn, &doms, 0);

	*domains = NULL;
	if (n < 0)
		return vs_libvirt_fail(error, VS_OP_LIST_VMS, uri);
	for (int i = 0; i < n; i++) {
		last = *domains;
		if (!ret)
			ret = vs_libvirt_read(doms[i], 0, domains, error);
		if (defined && *domains != last)
			vs_libvirt_definition(doms[i], *domains);
		virDomainFree(doms[i]);
	}
	free(doms);
	return ret;
}

/* the domain of that UUID; 0 and NULL when there is none */
static int vs_libvirt_look_up(virConnectPtr conn, const struct vs_uuid *uuid,
			      virDomainPtr *dom, struct vs_error *error)
{
	char text[VS_UUID_STR];

	*dom = virDomainLookupByUUIDString(conn, vs_uuid_format(uuid, text));
	return *dom || vs_libvirt_vanished() ? 0 :
	       vs_libvirt_fail(error, VS_OP_READ_VM, text);
}

int vs_libvirt_read_one(virConnectPtr conn, const struct vs_uuid *uuid,
			struct vs_domain **domain, struct vs_error *error)
{
	virDomainPtr dom;
	int ret = vs_libvirt_look_up(conn, uuid, &dom, error);

	*domain = NULL;
	if (!dom)
		return ret;
	ret = vs_libvirt_read(dom, 0, domain, error);
	vs_libvirt_definition(dom, *domain);
	virDomainFree(dom);
	return ret;
}

int vs_libvirt_read_both(virConnectPtr conn, const struct vs_uuid *uuid,
			 struct vs_domain **domains, struct vs_error *error)
{
	virDomainPtr dom;
	int ret = vs_libvirt_look_up(conn, uuid, &dom, error);

	*domains = NULL;
	if (!dom)
		return ret;
	/* a transient domain has no definition */
	if (virDomainIsPersistent(dom) == 1)
		ret = vs_libvirt_read(dom, VIR_DOMAIN_XML_INACTIVE, domains,
				      error);
	if (!ret && virDomainIsActive(dom) == 1)
		ret = vs_libvirt_read(dom, 0, domains, error);
	virDomainFree(dom);
	return ret;
}
