/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_CLAIM_H
#define _VSN_CLAIM_H

struct netlink_ext_ack;
struct vsn_identity;
struct vsn_vnic;

int vsn_claim_check(struct vsn_vnic *vnic, const struct vsn_identity *who,
		    struct netlink_ext_ack *extack);
void vsn_claim_relinked(struct vsn_vnic *vnic);

#endif /* _VSN_CLAIM_H */
