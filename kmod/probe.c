// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proof of protection: the hook that the kernel would run for the next packet
 * is run on a frame of ours. The frame goes nowhere afterwards, whatever the
 * verdict.
 */
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/skbuff.h>

#include "binding.h"
#include "hook.h"
#include "net.h"
#include "policy.h"
#include "probe.h"
#include "vnic.h"

/* Marks the hook state of a probe. Nobody calls it. */
static int vsn_probe_okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return 0;
}

/**
 * vsn_probe_seen - a hook was run with a continuation, as only probes are
 * @state: the hook's state
 * @mode: enum vmsafe_net_mode
 * @reason: why the frame would be dropped, or VSN_HOOK_PASS
 *
 * Context: hook.
 * Return: a verdict, which nobody looks at.
 */
unsigned int vsn_probe_seen(const struct nf_hook_state *state, u8 mode,
			    int reason)
{
	struct vsn_probe *probe;

	if (state->okfn != vsn_probe_okfn)
		return reason == VSN_HOOK_PASS ? NF_ACCEPT : NF_DROP;
	probe = container_of((struct nf_hook_state *)state,
			     struct vsn_probe, state);
	probe->hooked = true;
	probe->mode = mode;
	probe->reason = reason;
	return NF_ACCEPT;
}

static void vsn_probe_addresses(const struct vsn_vnic *vnic, enum vsn_dir dir,
				struct ethhdr *eth)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);
	const u8 *guest = binding ? binding->mac : vnic->port.mac;

	eth_broadcast_addr(eth->h_dest);
	ether_addr_copy(eth->h_source, vnic->port.mac);
	if (dir == VSN_FROM_GUEST)
		ether_addr_copy(eth->h_source, guest);
	else
		ether_addr_copy(eth->h_dest, guest);
	/* IEEE 802 local experimental; linux/if_ether.h has no name for it. */
	eth->h_proto = htons(0x88b5);
}

static struct sk_buff *vsn_probe_frame(const struct vsn_vnic *vnic,
				       enum vsn_dir dir, bool ingress)
{
	static const char text[] = "vmsafe-net probe";
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + ETH_ZLEN, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_reset_mac_header(skb);
	vsn_probe_addresses(vnic, dir, skb_put_zero(skb, ETH_ZLEN));
	memcpy(skb->data + ETH_HLEN, text, sizeof(text));
	skb_set_network_header(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	skb->dev = vnic->dev;
	skb->protocol = htons(0x88b5);
	if (ingress)
		skb_pull(skb, ETH_HLEN);
	return skb;
}

/**
 * vsn_probe_run - send a marked frame through one hook of a vNIC
 * @vnic: an entry, the lock of its namespace held
 * @dir: direction
 * @probe: out, what became of it
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int vsn_probe_run(struct vsn_vnic *vnic, enum vsn_dir dir,
		  struct vsn_probe *probe)
{
	const struct vsn_policy *policy = vsn_policy_get(vnic, dir);
	unsigned int hook = vsn_hook_num(vnic, dir);
	const struct nf_hook_entry *entry;
	struct sk_buff *skb;
	u64 runs = 0;

	*probe = (struct vsn_probe) {};
	skb = vsn_probe_frame(vnic, dir, hook == NF_NETDEV_INGRESS);
	if (!skb)
		return -ENOMEM;
	nf_hook_state_init(&probe->state, hook, NFPROTO_NETDEV, vnic->dev,
			   NULL, NULL, vnic->sn->net, vsn_probe_okfn);

	WRITE_ONCE(vnic->act, vnic->act | VSN_ACT_PROBE);
	local_bh_disable();
	rcu_read_lock();
	if (policy)
		runs = this_cpu_ptr(policy->runs)->count;
	entry = vsn_hook_entry(vnic, dir);
	if (entry)
		entry->hook(entry->priv, skb, &probe->state);
	/* On this CPU nothing else ran it meanwhile. */
	if (policy && this_cpu_ptr(policy->runs)->count != runs) {
		probe->policed = true;
		probe->prog_id = policy->prog->aux->id;
	}
	rcu_read_unlock();
	local_bh_enable();
	vsn_vnic_act_update(vnic);
	kfree_skb(skb);
	return 0;
}
