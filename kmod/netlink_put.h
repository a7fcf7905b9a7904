/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NETLINK_PUT_H
#define _VSN_NETLINK_PUT_H

#include <linux/types.h>

#include <uapi/linux/vmsafe_net.h>

struct sk_buff;
struct vsn_binding;
struct vsn_identity;
struct vsn_net;
struct vsn_probe;
struct vsn_vm;
struct vsn_vnic;

/*
 * Room for the largest message, which is a vNIC with counters: about 120
 * attributes of at most 16 bytes, and a name.
 */
#define VSN_PUT_SIZE	2048

int vsn_put_u64(struct sk_buff *skb, int attr, u64 value);
int vsn_put_host(struct sk_buff *skb, const struct vsn_net *sn,
		 enum vmsafe_net_reason reason, struct pid_namespace *reader);
int vsn_put_vm(struct sk_buff *skb, const struct vsn_vm *vm, u64 generation);
int vsn_put_stats(struct sk_buff *skb, const struct vsn_vnic *vnic);
int vsn_put_policies(struct sk_buff *skb, const struct vsn_vnic *vnic);
int vsn_put_probes(struct sk_buff *skb, const struct vsn_vnic *vnic,
		   const struct vsn_probe *probes);
int vsn_put_vnic(struct sk_buff *skb, const struct vsn_vnic *vnic,
		 bool with_stats);
int vsn_put_vnic_event(struct sk_buff *skb, const struct vsn_vnic *vnic,
		       enum vmsafe_net_reason reason);
int vsn_put_claim(struct sk_buff *skb, const struct vsn_vnic *vnic,
		  const struct vsn_identity *who,
		  const struct vsn_binding *holder,
		  enum vmsafe_net_claim_kind kind);

#endif /* _VSN_NETLINK_PUT_H */
