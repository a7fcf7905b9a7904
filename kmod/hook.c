// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path: netfilter netdev hooks on the port, one per direction.
 *
 * A tap's ingress is what the guest sends. A macvtap or ipvtap is the guest's
 * own end of the wire, so there the guest sends through egress.
 *
 * Both hooks run under RCU and with bottom halves off.
 */
#include <linux/limits.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>

#include "hook.h"
#include "net.h"
#include "vnic.h"

static bool vsn_hook_mode_drops(u8 mode)
{
	const unsigned int drops = BIT(VMSAFE_NET_MODE_UNBOUND_DROP) |
				   BIT(VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED);

	return drops & BIT(mode);
}

static __always_inline unsigned int
vsn_hook_run(const struct vsn_vnic *vnic, const struct sk_buff *skb,
	     const struct nf_hook_state *state, enum vsn_dir dir)
{
	struct vsn_stats *stats = this_cpu_ptr(vnic->stats);
	struct vsn_count *count = &stats->dir[dir];
	unsigned int len = skb->len;

	/* At ingress the Ethernet header has been pulled already. */
	if (state->hook == NF_NETDEV_INGRESS)
		len += skb->mac_len;

	if (unlikely(vsn_hook_mode_drops(READ_ONCE(vnic->mode)))) {
		u64_stats_update_begin(&stats->sync);
		u64_stats_inc(&count->drops);
		u64_stats_update_end(&stats->sync);
		return NF_DROP;
	}
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&count->packets);
	u64_stats_add(&count->bytes, len);
	u64_stats_update_end(&stats->sync);
	return NF_ACCEPT;
}

static unsigned int vsn_hook_from_guest(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	return vsn_hook_run(priv, skb, state, VSN_FROM_GUEST);
}

static unsigned int vsn_hook_to_guest(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	return vsn_hook_run(priv, skb, state, VSN_TO_GUEST);
}

static bool vsn_hook_mirrored(const struct vsn_vnic *vnic)
{
	return vnic->kind == VMSAFE_NET_PORT_KIND_MACVTAP ||
	       vnic->kind == VMSAFE_NET_PORT_KIND_IPVTAP;
}

/* As near to the guest as the host's other rules allow: first, and last. */
static void vsn_hook_setup(struct vsn_vnic *vnic, enum vsn_dir dir)
{
	struct nf_hook_ops *ops = &vnic->hooks[dir];
	bool ingress = (dir == VSN_FROM_GUEST) != vsn_hook_mirrored(vnic);

	ops->hook = dir == VSN_FROM_GUEST ? vsn_hook_from_guest :
					    vsn_hook_to_guest;
	ops->dev = vnic->dev;
	ops->priv = vnic;
	ops->pf = NFPROTO_NETDEV;
	ops->hooknum = ingress ? NF_NETDEV_INGRESS : NF_NETDEV_EGRESS;
	ops->priority = ingress ? INT_MIN : INT_MAX;
}

/**
 * vsn_hook_register - put both hooks on a vNIC's port
 * @vnic: the entry, its counters allocated
 *
 * Context: process, RTNL held.
 * Return: 0; -ENOMEM; -EOPNOTSUPP if the kernel lacks a hook. On error no hook
 * is left, but one may have been on: the entry needs a grace period.
 */
int vsn_hook_register(struct vsn_vnic *vnic)
{
	struct net *net = vnic->sn->net;
	int dir, err;

	for (dir = 0; dir < VSN_DIRS; dir++) {
		vsn_hook_setup(vnic, dir);
		err = nf_register_net_hook(net, &vnic->hooks[dir]);
		if (err) {
			/* Marks it as not registered. */
			vnic->hooks[dir].dev = NULL;
			return err;
		}
	}
	return 0;
}

/**
 * vsn_hook_unregister - take the hooks off that are on
 * @vnic: the entry
 *
 * Context: process. Packets may be in the hooks until the end of a grace
 * period.
 */
void vsn_hook_unregister(struct vsn_vnic *vnic)
{
	int dir;

	for (dir = 0; dir < VSN_DIRS; dir++) {
		if (!vnic->hooks[dir].dev)
			continue;
		nf_unregister_net_hook(vnic->sn->net, &vnic->hooks[dir]);
		vnic->hooks[dir].dev = NULL;
	}
}

static bool vsn_hook_listed(const struct nf_hook_entries *entries,
			    const struct vsn_vnic *vnic)
{
	unsigned int i;

	if (!entries)
		return false;
	for (i = 0; i < entries->num_hook_entries; i++)
		if (entries->hooks[i].priv == vnic)
			return true;
	return false;
}

/**
 * vsn_hook_present - does the device really have both hooks?
 * @vnic: an entry in the tables
 *
 * Looks at what the packets will meet, not at what we remember.
 *
 * Context: any.
 * Return: true if both are there.
 */
bool vsn_hook_present(const struct vsn_vnic *vnic)
{
	const struct net_device *dev = vnic->dev;
	bool present;

	rcu_read_lock();
	present = vsn_hook_listed(rcu_dereference(dev->nf_hooks_ingress),
				  vnic) &&
		  vsn_hook_listed(rcu_dereference(dev->nf_hooks_egress), vnic);
	rcu_read_unlock();
	return present;
}
