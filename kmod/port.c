// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports: which network devices carry vNICs, and what becomes of them.
 *
 * A tap, macvtap or ipvtap gets its entry while it registers, before anybody
 * can send through it. If that fails, its registration fails: a port that
 * nobody filters must not exist. The one place where the kernel does not listen
 * to that answer is the move to another namespace; there the device comes out
 * down, and bringing it up tries again and fails alike.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <net/rtnetlink.h>

#include "binding.h"
#include "claim.h"
#include "net.h"
#include "notify.h"
#include "port.h"
#include "trace.h"
#include "vnic.h"

/* The notifier is registered, guarded by RTNL: whoever comes also leaves. */
static bool vsn_port_open;

/* What a device is by itself; -1, no port. */
static int vsn_port_kind(const struct net_device *dev)
{
	const char *kind = dev->rtnl_link_ops ? dev->rtnl_link_ops->kind : NULL;

	if (!kind)
		return -1;
	/*
	 * The tun driver also makes devices that carry no Ethernet. Their type
	 * says nothing, for whoever holds the descriptor may change it.
	 */
	if (!strcmp(kind, "tun"))
		return dev->header_ops &&
		       dev->header_ops->create == eth_header ?
			VMSAFE_NET_PORT_KIND_TAP : -1;
	if (!strcmp(kind, "macvtap"))
		return VMSAFE_NET_PORT_KIND_MACVTAP;
	if (!strcmp(kind, "ipvtap"))
		return VMSAFE_NET_PORT_KIND_IPVTAP;
	return -1;
}

/*
 * Ports that hear each other: on one bridge, or macvtaps on one device. The
 * upper half tells the two apart. Open vSwitch hangs all its bridges' ports
 * under one device, which therefore says nothing; ipvtaps share their MAC by
 * design.
 */
static u64 vsn_port_domain(const struct net_device *dev, u8 kind, u32 master)
{
	if (kind == VMSAFE_NET_PORT_KIND_MACVTAP)
		return 2ULL << 32 | (u32)dev_get_iflink(dev);
	return master ? 1ULL << 32 | master : 0;
}

/* Take over from the device what the table shows of it; true if it is new. */
static bool vsn_port_refresh(struct vsn_vnic *vnic)
{
	struct net_device *dev = vnic->dev;
	struct vsn_port_view now = {
		.ifindex = dev->ifindex,
		.mtu = dev->mtu,
		.up = dev->flags & IFF_UP,
	};
	struct net_device *master;

	ASSERT_RTNL();
	master = netdev_master_upper_dev_get(dev);
	if (master && netif_is_bridge_master(master))
		now.master = master->ifindex;
	strscpy(now.ifname, dev->name, sizeof(now.ifname));
	if (dev->addr_len == ETH_ALEN)
		ether_addr_copy(now.mac, dev->dev_addr);
	now.domain = vsn_port_domain(dev, vnic->kind, now.master);
	if (!memcmp(&now, &vnic->port, sizeof(now)))
		return false;
	vnic->port = now;
	return true;
}

static int vsn_port_new(struct vsn_net *sn, struct net_device *dev,
			enum vmsafe_net_port_kind kind)
{
	struct vsn_vnic *vnic;
	int err;

	vnic = vsn_vnic_create(sn, dev, kind);
	if (IS_ERR(vnic)) {
		trace_vsn_port_add_err(dev, PTR_ERR(vnic));
		return PTR_ERR(vnic);
	}
	mutex_lock(&sn->lock);
	vsn_port_refresh(vnic);
	err = vsn_vnic_insert(vnic);
	mutex_unlock(&sn->lock);
	if (err) {
		trace_vsn_port_add_err(dev, err);
		vsn_vnic_destroy(vnic);
	}
	return err;
}

/* Has it an entry? RTNL keeps others from making or removing it afterwards. */
static bool vsn_port_is(struct vsn_net *sn, const struct net_device *dev)
{
	bool is;

	ASSERT_RTNL();
	mutex_lock(&sn->lock);
	is = vsn_vnic_by_dev(sn, dev);
	mutex_unlock(&sn->lock);
	return is;
}

/**
 * vsn_port_add - make a port of a device that is none by itself
 * @sn: namespace of @dev
 * @dev: the device
 * @extack: where a refusal says why
 *
 * Context: process, RTNL held.
 * Return: 0; -EEXIST if it is a port, -EOPNOTSUPP if it is a loopback or not
 * Ethernet, -ENOSPC at the limit, -ENOMEM; -EBUSY while the driver is loaded
 * or removed.
 */
int vsn_port_add(struct vsn_net *sn, struct net_device *dev,
		 struct netlink_ext_ack *extack)
{
	int kind = vsn_port_kind(dev);
	int err;

	ASSERT_RTNL();
	if (!vsn_port_open) {
		NL_SET_ERR_MSG(extack, "the driver is being loaded or removed");
		return -EBUSY;
	}
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "only an Ethernet device can be a port");
		return -EOPNOTSUPP;
	}
	/* Before there are hooks of an entry that will not be. */
	if (vsn_port_is(sn, dev)) {
		trace_vsn_port_add_err(dev, -EEXIST);
		NL_SET_ERR_MSG(extack, "the device is a port already");
		return -EEXIST;
	}
	/* A tap may be without an entry, if it was refused one. */
	err = vsn_port_new(sn, dev,
			   kind < 0 ? VMSAFE_NET_PORT_KIND_OTHER : kind);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG_FMT(extack, "all %u vNIC entries are in use",
				   READ_ONCE(sn->vnic_limit));
	return err;
}

/**
 * vsn_port_del - give back a port that was added on request
 * @vnic: its entry
 * @extack: where a refusal says why
 *
 * Context: process, vsn_net.lock held. On success the caller gives the entry
 * to vsn_vnic_destroy().
 * Return: 0; -EBUSY while it is bound, -EOPNOTSUPP if it is a port by itself.
 */
int vsn_port_del(struct vsn_vnic *vnic, struct netlink_ext_ack *extack)
{
	if (vnic->kind != VMSAFE_NET_PORT_KIND_OTHER) {
		NL_SET_ERR_MSG(extack,
			       "a tap is a port as long as it lives");
		return -EOPNOTSUPP;
	}
	if (vsn_vnic_binding(vnic)) {
		NL_SET_ERR_MSG(extack, "the port is bound: unbind it first");
		return -EBUSY;
	}
	vsn_vnic_remove(vnic);
	return 0;
}

/* A device came, or is brought up without having got an entry. */
static int vsn_port_arrive(struct net_device *dev)
{
	struct vsn_net *sn = vsn_net_of(dev_net(dev));
	int kind = vsn_port_kind(dev);

	if (kind < 0 || vsn_port_is(sn, dev))
		return 0;
	return vsn_port_new(sn, dev, kind);
}

static void vsn_port_leave(struct net_device *dev)
{
	struct vsn_net *sn = vsn_net_of(dev_net(dev));
	struct vsn_vnic *vnic;

	mutex_lock(&sn->lock);
	vnic = vsn_vnic_by_dev(sn, dev);
	if (vnic)
		vsn_vnic_remove(vnic);
	mutex_unlock(&sn->lock);
	if (vnic)
		vsn_vnic_destroy(vnic);
}

/* Events that change nothing of what the table shows are not passed on. */
static void vsn_port_update(struct net_device *dev,
			    enum vmsafe_net_reason reason)
{
	struct vsn_net *sn = vsn_net_of(dev_net(dev));
	struct vsn_vnic *vnic;
	u64 domain;

	mutex_lock(&sn->lock);
	vnic = vsn_vnic_by_dev(sn, dev);
	if (!vnic)
		goto unlock;
	domain = vnic->port.domain;
	if (!vsn_port_refresh(vnic))
		goto unlock;
	vsn_net_changed(sn);
	vsn_notify_vnic(vnic, reason);
	if (vnic->port.domain != domain)
		vsn_claim_relinked(vnic);
unlock:
	mutex_unlock(&sn->lock);
}

static int vsn_port_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_PRE_UP:
		return notifier_from_errno(vsn_port_arrive(dev));
	case NETDEV_UNREGISTER:
		vsn_port_leave(dev);
		break;
	case NETDEV_CHANGENAME:
		vsn_port_update(dev, VMSAFE_NET_REASON_RENAMED);
		break;
	case NETDEV_CHANGEADDR:
		vsn_port_update(dev, VMSAFE_NET_REASON_ADDRESS);
		break;
	case NETDEV_CHANGEMTU:
		vsn_port_update(dev, VMSAFE_NET_REASON_MTU);
		break;
	case NETDEV_UP:
		vsn_port_update(dev, VMSAFE_NET_REASON_UP);
		break;
	case NETDEV_DOWN:
		vsn_port_update(dev, VMSAFE_NET_REASON_DOWN);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block vsn_port_notifier = {
	.notifier_call = vsn_port_event,
	/* Hooked before anybody else hears of the device. */
	.priority = INT_MAX,
};

/* Whoever hears of a new bridge may refuse it, and then nobody is told. */
static int vsn_port_link_event(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	if (event == NETDEV_CHANGEUPPER)
		vsn_port_update(netdev_notifier_info_to_dev(ptr),
				VMSAFE_NET_REASON_RELINKED);
	return NOTIFY_DONE;
}

static struct notifier_block vsn_port_link_notifier = {
	.notifier_call = vsn_port_link_event,
	/* After everybody else has agreed. */
	.priority = INT_MIN,
};

static void vsn_port_set_open(bool open)
{
	rtnl_lock();
	vsn_port_open = open;
	rtnl_unlock();
}

/**
 * vsn_port_init - hook the ports there are and those to come
 *
 * Context: module init.
 * Return: 0; -ENOMEM, or -ENOSPC if a namespace has more ports than it may.
 */
int __init vsn_port_init(void)
{
	int err;

	err = register_netdevice_notifier(&vsn_port_notifier);
	if (err)
		return err;
	err = register_netdevice_notifier(&vsn_port_link_notifier);
	if (err)
		goto err_notifier;
	vsn_port_set_open(true);
	return 0;

err_notifier:
	unregister_netdevice_notifier(&vsn_port_notifier);
	return err;
}

/**
 * vsn_port_exit - let go of all ports
 *
 * Context: module exit.
 */
void vsn_port_exit(void)
{
	vsn_port_set_open(false);
	unregister_netdevice_notifier(&vsn_port_link_notifier);
	unregister_netdevice_notifier(&vsn_port_notifier);
}
