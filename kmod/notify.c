// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: each has the next number of its namespace, whether anybody
 * listens or not, and they are sent in that order because the lock is held.
 */
#include <linux/pid_namespace.h>
#include <net/genetlink.h>

#include "binding.h"
#include "net.h"
#include "netlink_gen.h"
#include "netlink_put.h"
#include "notify.h"
#include "vm.h"
#include "vnic.h"

/*
 * The group cannot be closed to the root of another user namespace; but what
 * is never sent there is not heard there.
 */
static bool vsn_notify_heard(struct net *net)
{
	bool heard;

	if (net->user_ns != &init_user_ns)
		return false;
	rcu_read_lock();
	heard = genl_has_listeners(&vmsafe_net_nl_family, net,
				   VMSAFE_NET_NLGRP_EVENTS);
	rcu_read_unlock();
	return heard;
}

/* Take a number. NULL if nobody listens, or if there is no memory. */
static struct sk_buff *vsn_notify_begin(struct vsn_net *sn, u8 cmd, void **hdr)
{
	struct sk_buff *skb;

	lockdep_assert_held(&sn->lock);
	sn->event_seq++;
	if (!vsn_notify_heard(sn->net))
		return NULL;
	skb = genlmsg_new(VSN_PUT_SIZE, GFP_KERNEL);
	if (!skb)
		goto err;
	*hdr = genlmsg_put(skb, 0, 0, &vmsafe_net_nl_family, 0, cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
err:
	/* Listeners learn that they missed something. */
	genl_set_err(&vmsafe_net_nl_family, sn->net, 0,
		     VMSAFE_NET_NLGRP_EVENTS, -ENOBUFS);
	return NULL;
}

static void vsn_notify_end(struct vsn_net *sn, struct sk_buff *skb, void *hdr,
			   int err)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&vmsafe_net_nl_family, sn->net, skb, 0,
				VMSAFE_NET_NLGRP_EVENTS, GFP_KERNEL);
}

/**
 * vsn_notify_host - tell that the host or its appliance session changed
 * @sn: namespace, its lock held
 * @reason: why
 */
void vsn_notify_host(struct vsn_net *sn, enum vmsafe_net_reason reason)
{
	struct sk_buff *skb;
	void *hdr;

	skb = vsn_notify_begin(sn, VMSAFE_NET_CMD_HOST_NTF, &hdr);
	if (skb)
		vsn_notify_end(sn, skb, hdr,
			       vsn_put_host(skb, sn, reason, &init_pid_ns));
}

/**
 * vsn_notify_vnic - tell that an entry came, went or changed
 * @vnic: the entry, the lock of its namespace held
 * @reason: which of it
 */
void vsn_notify_vnic(const struct vsn_vnic *vnic, enum vmsafe_net_reason reason)
{
	struct sk_buff *skb;
	void *hdr;

	skb = vsn_notify_begin(vnic->sn, VMSAFE_NET_CMD_VNIC_NTF, &hdr);
	if (skb)
		vsn_notify_end(vnic->sn, skb, hdr,
			       vsn_put_vnic_event(skb, vnic, reason));
}

/**
 * vsn_notify_claim - tell that something was claimed a second time
 * @vnic: the claimant, the lock of its namespace held
 * @who: the identity it claims
 * @holder: who holds it
 * @kind: what was claimed
 */
void vsn_notify_claim(const struct vsn_vnic *vnic,
		      const struct vsn_identity *who,
		      const struct vsn_binding *holder,
		      enum vmsafe_net_claim_kind kind)
{
	struct sk_buff *skb;
	void *hdr;

	skb = vsn_notify_begin(vnic->sn, VMSAFE_NET_CMD_CLAIM_NTF, &hdr);
	if (skb)
		vsn_notify_end(vnic->sn, skb, hdr,
			       vsn_put_claim(skb, vnic, who, holder, kind));
}
