// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps. They go on by creation ID, never by count, so that what stays in the
 * table is listed exactly once whatever comes and goes. The lock is held for
 * one message buffer at a time; if the generation is another one the next
 * time, the kernel's netlink code marks the dump as torn.
 */
#include <linux/sched.h>
#include <linux/xarray.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "net.h"
#include "netlink_attr.h"
#include "netlink_gen.h"
#include "netlink_put.h"
#include "vm.h"
#include "vnic.h"

/* Entries between two looks at whether others want to run. */
#define VSN_DUMP_BREAK	256

/* Where a dump is; lives in the callback's own room. */
struct vsn_dump {
	unsigned long next;
};

static_assert(sizeof(struct vsn_dump) <= sizeof_field(struct netlink_callback,
						      ctx));

static void *vsn_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			  u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &vmsafe_net_nl_family,
				NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* 0 means "not known yet" to the code that compares; it is left out. */
static void vsn_dump_seq(struct netlink_callback *cb, const struct vsn_net *sn)
{
	cb->seq = (u32)sn->generation ?: U32_MAX;
}

static int vsn_dump_vm(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct vsn_net *sn, const struct vsn_vm *vm)
{
	void *hdr = vsn_dump_put(skb, cb, VMSAFE_NET_CMD_VM_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (vsn_put_vm(skb, vm, sn->generation)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int vmsafe_net_nl_vm_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr *uuid = vsn_compat_dump_attrs(cb)[VMSAFE_NET_A_VM_UUID];
	struct vsn_net *sn = vsn_net_of(sock_net(skb->sk));
	struct vsn_dump *dump = (void *)cb->ctx;
	struct vsn_vm *vm;
	unsigned long id;
	int err = 0;

	mutex_lock(&sn->lock);
	vsn_dump_seq(cb, sn);
	xa_for_each_start(&sn->vms, id, vm, dump->next) {
		cond_resched();
		if (uuid && memcmp(nla_data(uuid), vm->uuid, sizeof(vm->uuid)))
			continue;
		err = vsn_dump_vm(skb, cb, sn, vm);
		if (err)
			break;
		dump->next = id + 1;
	}
	mutex_unlock(&sn->lock);
	return err && !skb->len ? err : skb->len;
}

static int vsn_dump_vnic(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct vsn_vnic *vnic, bool with_stats)
{
	void *hdr = vsn_dump_put(skb, cb, VMSAFE_NET_CMD_VNIC_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (vsn_put_vnic(skb, vnic, with_stats)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* Does a request ask for less than all? */
static bool vsn_dump_limited(struct nlattr **attrs)
{
	return attrs[VMSAFE_NET_A_VNIC_ID] ||
	       attrs[VMSAFE_NET_A_VNIC_IFINDEX] ||
	       attrs[VMSAFE_NET_A_VNIC_IFNAME] ||
	       attrs[VMSAFE_NET_A_VNIC_VM_UUID] ||
	       attrs[VMSAFE_NET_A_VNIC_DEVICE_ID];
}

/* What follows in the table, without a search from its root for each entry. */
static int vsn_dump_vnics(struct sk_buff *skb, struct netlink_callback *cb,
			  struct vsn_net *sn, struct nlattr **attrs)
{
	const struct vsn_vnic *named = vsn_attr_named(sn, attrs);
	bool with_stats = attrs[VMSAFE_NET_A_VNIC_WITH_STATS];
	bool limited = vsn_dump_limited(attrs);
	struct vsn_dump *dump = (void *)cb->ctx;
	XA_STATE(xas, &sn->vnics, dump->next);
	unsigned int left = VSN_DUMP_BREAK;
	const struct vsn_vnic *vnic;
	int err = 0;

	rcu_read_lock();
	xas_for_each(&xas, vnic, ULONG_MAX) {
		if (!limited || vsn_attr_match(vnic, attrs, named))
			err = vsn_dump_vnic(skb, cb, vnic, with_stats);
		if (err)
			break;
		dump->next = xas.xa_index + 1;
		/* What does not match may be a million entries. */
		if (--left)
			continue;
		left = VSN_DUMP_BREAK;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
	return err;
}

int vmsafe_net_nl_vnic_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = vsn_compat_dump_attrs(cb);
	struct vsn_net *sn = vsn_net_of(sock_net(skb->sk));
	int err;

	err = vsn_attr_ifname_check(attrs, cb->extack);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vsn_dump_seq(cb, sn);
	err = vsn_dump_vnics(skb, cb, sn, attrs);
	mutex_unlock(&sn->lock);
	return err && !skb->len ? err : skb->len;
}
