/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_HOOK_H
#define _VSN_HOOK_H

#include <linux/types.h>

#include "stats.h"

struct nf_hook_entry;
struct vsn_vnic;

/* Not an enum vmsafe_net_drop_reason: the packet passes. */
#define VSN_HOOK_PASS	(-1)

int vsn_hook_register(struct vsn_vnic *vnic);
void vsn_hook_unregister(struct vsn_vnic *vnic);
const struct nf_hook_entry *vsn_hook_entry(const struct vsn_vnic *vnic,
					   enum vsn_dir dir);
unsigned int vsn_hook_num(const struct vsn_vnic *vnic, enum vsn_dir dir);
bool vsn_hook_present(const struct vsn_vnic *vnic);

#endif /* _VSN_HOOK_H */
