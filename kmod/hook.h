/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_HOOK_H
#define _VSN_HOOK_H

#include <linux/types.h>

struct vsn_vnic;

int vsn_hook_register(struct vsn_vnic *vnic);
void vsn_hook_unregister(struct vsn_vnic *vnic);
bool vsn_hook_present(const struct vsn_vnic *vnic);

#endif /* _VSN_HOOK_H */
