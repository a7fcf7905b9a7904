/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NOTIFY_H
#define _VSN_NOTIFY_H

#include <uapi/linux/vmsafe_net.h>

struct vsn_binding;
struct vsn_identity;
struct vsn_net;
struct vsn_vnic;

void vsn_notify_host(struct vsn_net *sn, enum vmsafe_net_reason reason);
void vsn_notify_vnic(const struct vsn_vnic *vnic,
		     enum vmsafe_net_reason reason);
void vsn_notify_claim(const struct vsn_vnic *vnic,
		      const struct vsn_identity *who,
		      const struct vsn_binding *holder,
		      enum vmsafe_net_claim_kind kind);

#endif /* _VSN_NOTIFY_H */
