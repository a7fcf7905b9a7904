/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session with vCenter: log in, read the list, hear of changes. Whatever
 * fails leaves no session behind; the next call starts anew.
 */
#ifndef VS_VSPHERE_VCENTER_H
#define VS_VSPHERE_VCENTER_H

#include "vsphere/roster.h"
#include "vsphere/soap.h"

/** VS_VCENTER_PAGE - VMs in one answer; of more there are several */
#define VS_VCENTER_PAGE 1000

/** VS_VCENTER_REF - size of a reference, terminator included */
#define VS_VCENTER_REF 128

/**
 * struct vs_vcenter - a session
 * @uri: where
 * @soap: the line
 * @deadline: how long a request may take, milliseconds
 * @logged_in: there is a session
 * @about: what is there, e.g. "VMware vCenter Server 8.0.2"
 * @root: references of objects
 * @collector: "
 * @views: "
 * @sessions: "
 * @search: "
 * @view: of all VMs and hosts
 * @waiter: a collector of our own, so that nobody else's filters are in it
 * @filter: of changes; empty: none
 * @version: of what was told last
 */
struct vs_vcenter {
	const struct vs_vsphere_uri *uri;
	struct vs_soap *soap;
	unsigned int deadline;
	bool logged_in;
	char about[96];
	char root[VS_VCENTER_REF];
	char collector[VS_VCENTER_REF];
	char views[VS_VCENTER_REF];
	char sessions[VS_VCENTER_REF];
	char search[VS_VCENTER_REF];
	char view[VS_VCENTER_REF];
	char waiter[VS_VCENTER_REF];
	char filter[VS_VCENTER_REF];
	char version[VS_VCENTER_REF];
};

/*
 * Each returns 0 or a negative errno with @error filled in: -ECANCELED:
 * interrupted; -ENOKEY: the session has ended.
 */

/** vs_vcenter_init() - ready to log in; reaches nothing yet */
int vs_vcenter_init(struct vs_vcenter *v, const struct vs_vsphere_uri *uri,
		    struct vs_error *error);

/** vs_vcenter_free() - release it; it says goodbye to nobody */
void vs_vcenter_free(struct vs_vcenter *v);

/** vs_vcenter_login() - log in, unless that was done */
int vs_vcenter_login(struct vs_vcenter *v, struct vs_error *error);

/** vs_vcenter_logout() - end the session, if there is one, as politely as can
 * be
 */
void vs_vcenter_logout(struct vs_vcenter *v);

/**
 * vs_vcenter_list() - read all VMs and hosts, page by page
 * @v: the session; one that has ended is begun anew, once
 * @roster: a new one that is complete, for vs_roster_free()
 * @error: why not
 */
int vs_vcenter_list(struct vs_vcenter *v, struct vs_roster **roster,
		    struct vs_error *error);

/**
 * vs_vcenter_watch() - read all VMs and hosts, and be told of changes from
 * then on
 *
 * As vs_vcenter_list(); vs_vcenter_wait() follows.
 */
int vs_vcenter_watch(struct vs_vcenter *v, struct vs_roster **roster,
		     struct vs_error *error);

/**
 * vs_vcenter_wait() - wait for changes
 * @v: the session
 * @roster: takes them; after a failure it is no list any more
 * @seconds: how long vCenter is to wait for one
 * @error: why not
 *
 * Return: also 0 when nothing changed.
 */
int vs_vcenter_wait(struct vs_vcenter *v, struct vs_roster *roster,
		    unsigned int seconds, struct vs_error *error);

#endif
