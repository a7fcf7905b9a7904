// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two ways to count the packets that come from a device, with nothing else to
 * them: what a hook costs at least, for the benchmarks.
 *
 *   insmod peers.ko device=NAME kind=rx-handler|nf-hook
 *
 * Unloading takes it off, and says in the kernel log how many there were.
 */
#include <linux/etherdevice.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("vmsafe-net benchmarks: bare hooks");

static char *device = "";
module_param(device, charp, 0);
MODULE_PARM_DESC(device, "name of the device");

static char *kind = "";
module_param(kind, charp, 0);
MODULE_PARM_DESC(kind, "rx-handler or nf-hook");

/* What passed on one CPU. */
struct vsn_peers_count {
	u64 packets;
	u64 bytes;
};

static DEFINE_PER_CPU(struct vsn_peers_count, vsn_peers_counts);

static struct net_device *vsn_peers_dev;
static bool vsn_peers_hooked;

/* At both places the Ethernet header has been pulled. */
static void vsn_peers_add(const struct sk_buff *skb)
{
	__this_cpu_inc(vsn_peers_counts.packets);
	__this_cpu_add(vsn_peers_counts.bytes, skb->len + ETH_HLEN);
}

static rx_handler_result_t vsn_peers_rx(struct sk_buff **skb)
{
	vsn_peers_add(*skb);
	return RX_HANDLER_PASS;
}

static unsigned int vsn_peers_hook(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	vsn_peers_add(skb);
	return NF_ACCEPT;
}

static struct nf_hook_ops vsn_peers_ops = {
	.hook = vsn_peers_hook,
	.pf = NFPROTO_NETDEV,
	.hooknum = NF_NETDEV_INGRESS,
	.priority = INT_MIN,
};

static int vsn_peers_attach(void)
{
	int err;

	if (!strcmp(kind, "nf-hook")) {
		vsn_peers_hooked = true;
		vsn_peers_ops.dev = vsn_peers_dev;
		return nf_register_net_hook(&init_net, &vsn_peers_ops);
	}
	if (strcmp(kind, "rx-handler"))
		return -EINVAL;
	rtnl_lock();
	err = netdev_rx_handler_register(vsn_peers_dev, vsn_peers_rx, NULL);
	rtnl_unlock();
	return err;
}

static int __init vsn_peers_init(void)
{
	int err;

	vsn_peers_dev = dev_get_by_name(&init_net, device);
	if (!vsn_peers_dev)
		return -ENODEV;
	err = vsn_peers_attach();
	if (err)
		dev_put(vsn_peers_dev);
	return err;
}

static void __exit vsn_peers_exit(void)
{
	u64 packets = 0;
	int cpu;

	if (vsn_peers_hooked) {
		nf_unregister_net_hook(&init_net, &vsn_peers_ops);
	} else {
		rtnl_lock();
		netdev_rx_handler_unregister(vsn_peers_dev);
		rtnl_unlock();
	}
	synchronize_net();
	dev_put(vsn_peers_dev);
	for_each_possible_cpu(cpu)
		packets += per_cpu(vsn_peers_counts, cpu).packets;
	pr_info("peers: %s: %llu packets\n", kind, packets);
}

module_init(vsn_peers_init);
module_exit(vsn_peers_exit);
