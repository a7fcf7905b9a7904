/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What libvirt says of its domains. Each of these calls may block for a long
 * time or for ever, so they are for threads that nobody waits for without a
 * deadline.
 */
#ifndef VS_INVENTORY_DOMAINS_H
#define VS_INVENTORY_DOMAINS_H

#include <libvirt/libvirt.h>

#include "core/error.h"
#include "inventory/domain.h"

/** vs_libvirt_quiet() - have libvirt print nothing; once, at the beginning */
void vs_libvirt_quiet(void);

/**
 * vs_libvirt_connect() - connect, to read only
 * @uri: libvirt's URI
 * @conn: the connection, for virConnectClose(), on success
 * @error: why not
 *
 * Return: 0 or a negative errno.
 */
int vs_libvirt_connect(const char *uri, virConnectPtr *conn,
		       struct vs_error *error);

/**
 * vs_libvirt_read_all() - every domain
 * @conn: the connection
 * @uri: for errors
 * @defined: with the definitions of those that run
 * @domains: the list, for vs_domains_free(), also after a failure
 * @error: why it failed
 *
 * A domain that vanishes meanwhile is not there. One that makes no sense is
 * an error: a list with a hole in it is none.
 *
 * Return: 0 or a negative errno.
 */
int vs_libvirt_read_all(virConnectPtr conn, const char *uri, bool defined,
			struct vs_domain **domains, struct vs_error *error);

/**
 * vs_libvirt_read_one() - one domain, with its definition if it runs
 * @conn: the connection
 * @uuid: which
 * @domain: the domain, for vs_domains_free(); NULL: there is none
 * @error: why it failed
 *
 * Return: 0, also when there is none; or a negative errno.
 */
int vs_libvirt_read_one(virConnectPtr conn, const struct vs_uuid *uuid,
			struct vs_domain **domain, struct vs_error *error);

/**
 * vs_libvirt_read_both() - one domain, as it runs and as it is defined
 * @conn: the connection
 * @uuid: which
 * @domains: for vs_domains_free(), also after a failure: the running one, then
 *           its definition, as far as there are such
 * @error: why it failed
 *
 * Return: 0, also when there is none; or a negative errno.
 */
int vs_libvirt_read_both(virConnectPtr conn, const struct vs_uuid *uuid,
			 struct vs_domain **domains, struct vs_error *error);

#endif
