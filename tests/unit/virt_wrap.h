/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of libvirt that recover_test puts itself between (ld's --wrap). */
#ifndef VIRT_WRAP_H
#define VIRT_WRAP_H

#include <libvirt/libvirt.h>

int __real_virDomainManagedSave(virDomainPtr dom, unsigned int flags);
int __wrap_virDomainManagedSave(virDomainPtr dom, unsigned int flags);
int __wrap_virDomainAbortJob(virDomainPtr dom);
int __real_virDomainCreate(virDomainPtr dom);
int __wrap_virDomainCreate(virDomainPtr dom);
int __real_virDomainShutdown(virDomainPtr dom);
int __wrap_virDomainShutdown(virDomainPtr dom);
int __real_virDomainUndefineFlags(virDomainPtr dom, unsigned int flags);
int __wrap_virDomainUndefineFlags(virDomainPtr dom, unsigned int flags);
virDomainPtr __real_virDomainDefineXMLFlags(virConnectPtr conn,
					    const char *xml,
					    unsigned int flags);
virDomainPtr __wrap_virDomainDefineXMLFlags(virConnectPtr conn,
					    const char *xml,
					    unsigned int flags);
int __wrap_virDomainMigrateToURI3(virDomainPtr dom, const char *uri,
				  virTypedParameterPtr params,
				  unsigned int n, unsigned int flags);

#endif
