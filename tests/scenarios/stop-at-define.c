// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: LD_PRELOAD=stop-at-define.so COMMAND [ARG...]
 *
 * COMMAND stops, as by SIGSTOP, when it is about to have libvirt define a
 * domain. When it is continued, libvirt has refused to.
 */
#include <signal.h>
#include <stddef.h>

void *virDomainDefineXMLFlags(void *conn, const char *xml, unsigned int flags);

void *virDomainDefineXMLFlags(void *conn, const char *xml, unsigned int flags)
{
	(void)conn;
	(void)xml;
	(void)flags;
	raise(SIGSTOP);
	return NULL;
}
