/* SPDX-License-Identifier: GPL-2.0-only */
/* What the Makefile puts in the place of vCenter; watched_test.c is it. */
#ifndef VCENTER_WRAP_H
#define VCENTER_WRAP_H

#include "vsphere/vcenter.h"

int __wrap_vs_vcenter_watch(struct vs_vcenter *v, struct vs_roster **roster,
			    struct vs_error *error);
int __wrap_vs_vcenter_wait(struct vs_vcenter *v, struct vs_roster *roster,
			   unsigned int seconds, struct vs_error *error);

#endif
