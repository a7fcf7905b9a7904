// SPDX-License-Identifier: GPL-2.0-only
/*
 * vNIC entries.
 *
 * Life: create (memory, device reference), hooks on, insert; remove from the
 * tables, destroy (hooks off, freed after a grace period together with the
 * device reference, because a packet may still be in a hook).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "binding.h"
#include "hook.h"
#include "mode.h"
#include "net.h"
#include "notify.h"
#include "trace.h"
#include "vnic.h"

/*
 * Exactly as large as they are: a table can be long. What each packet needs is
 * the first half of a cache line, and does not reach into another.
 */
#define VSN_VNIC_ALIGN	32

static struct kmem_cache *vsn_vnic_cache;

/* The last creation ID; they are never used twice, and grow. */
static atomic64_t vsn_vnic_last = ATOMIC64_INIT(0);

/**
 * vsn_vnic_create - make an entry for a port, with both hooks in place
 * @sn: namespace of @dev
 * @dev: the port
 * @kind: what it is
 *
 * From here on its packets are seen; in the tables it is not yet.
 *
 * Context: process, RTNL held.
 * Return: the entry, or an ERR_PTR: -ENOMEM, or what registering a hook gives.
 */
struct vsn_vnic *vsn_vnic_create(struct vsn_net *sn, struct net_device *dev,
				 enum vmsafe_net_port_kind kind)
{
	struct vsn_vnic *vnic;
	int err = -ENOMEM;

	ASSERT_RTNL();
	vnic = kmem_cache_zalloc(vsn_vnic_cache, GFP_KERNEL_ACCOUNT);
	if (!vnic)
		return ERR_PTR(-ENOMEM);
	vnic->stats = alloc_percpu_gfp(struct vsn_stats, GFP_KERNEL_ACCOUNT);
	if (!vnic->stats)
		goto err_free;
	vsn_stats_init(vnic);

	vnic->sn = sn;
	vnic->kind = kind;
	vnic->created = ktime_get_boottime_ns();
	/*
	 * It drops nothing before it is in the table and can be seen to. A new
	 * port cannot send before that; one that is made a port on request was
	 * not filtered until now.
	 */
	vnic->mode = VMSAFE_NET_MODE_UNBOUND_PASS;
	vnic->dev = dev;
	netdev_hold(dev, &vnic->dev_tracker, GFP_KERNEL);

	err = vsn_hook_register(vnic);
	if (err)
		goto err_destroy;
	return vnic;

err_destroy:
	/* One hook may have been on for a moment. */
	vsn_vnic_destroy(vnic);
	return ERR_PTR(err);
err_free:
	kmem_cache_free(vsn_vnic_cache, vnic);
	return ERR_PTR(err);
}

static void vsn_vnic_free(struct rcu_head *rcu)
{
	struct vsn_vnic *vnic = container_of(rcu, struct vsn_vnic, rcu);

	netdev_put(vnic->dev, &vnic->dev_tracker);
	vsn_wire_forget(&vnic->wire);
	free_percpu(vnic->stats);
	kfree(vnic->ledger);
	kmem_cache_free(vsn_vnic_cache, vnic);
}

/**
 * vsn_vnic_destroy - take the hooks off and free the entry
 * @vnic: an entry that is in no table
 *
 * Context: process. Does not wait: packets may be in the hooks until the end
 * of a grace period, and so long entry and device reference stay.
 */
void vsn_vnic_destroy(struct vsn_vnic *vnic)
{
	vsn_hook_unregister(vnic);
	call_rcu(&vnic->rcu, vsn_vnic_free);
}

/**
 * vsn_vnic_limit_check - say that the room gets short
 * @sn: namespace, its lock held
 *
 * Once, and again only if there was clearly more room in between: less than
 * three quarters in use. Else a port that comes and goes would be a warning
 * each time.
 */
void vsn_vnic_limit_check(struct vsn_net *sn)
{
	/* 80 %, in a form that does not overflow or lose the remainder */
	bool near = (u64)sn->vnic_count * 5 >= (u64)sn->vnic_limit * 4;
	bool far = (u64)sn->vnic_count * 4 < (u64)sn->vnic_limit * 3;

	lockdep_assert_held(&sn->lock);
	if (near && !sn->limit_near) {
		pr_warn_ratelimited("%u of %u vNIC entries in use\n",
				    sn->vnic_count, sn->vnic_limit);
		trace_vsn_limit_near(sn);
		vsn_notify_host(sn, VMSAFE_NET_REASON_LIMIT_NEAR);
	}
	if (far && sn->limit_near)
		trace_vsn_limit_far(sn);
	sn->limit_near = (near || sn->limit_near) && !far;
}

/**
 * vsn_vnic_insert - put an entry into the tables
 * @vnic: an entry from vsn_vnic_create()
 *
 * Context: process, RTNL and vsn_net.lock held.
 * Return: 0; -ENOSPC at the limit, -EEXIST if the device is a port already,
 * -ENOMEM, all with nothing changed.
 */
int vsn_vnic_insert(struct vsn_vnic *vnic)
{
	struct vsn_net *sn = vnic->sn;
	int err;

	lockdep_assert_held(&sn->lock);
	if (sn->vnic_count >= sn->vnic_limit) {
		if (__ratelimit(&sn->limit_rate)) {
			pr_err("port %s refused: all %u vNIC entries in use\n",
			       vnic->port.ifname, sn->vnic_limit);
			vsn_notify_host(sn, VMSAFE_NET_REASON_LIMIT_REACHED);
		}
		return -ENOSPC;
	}
	if (sn->unbound_default == VMSAFE_NET_VERDICT_DROP &&
	    vsn_stats_prepare(vnic))
		return -ENOMEM;
	err = xa_insert(&sn->ports, vnic->port.ifindex, vnic, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	vnic->id = atomic64_inc_return(&vsn_vnic_last);
	err = xa_insert(&sn->vnics, vnic->id, vnic, GFP_KERNEL);
	if (err)
		goto err_ports;

	sn->vnic_count++;
	trace_vsn_port_add(vnic);
	trace_vsn_mode_enter(vnic);
	vsn_vnic_mode_update(vnic);
	vsn_net_changed(sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_PORT_NEW);
	vsn_vnic_limit_check(sn);
	return 0;

err_ports:
	xa_erase(&sn->ports, vnic->port.ifindex);
	return err;
}

/**
 * vsn_vnic_remove - take an entry out of the tables, with its binding
 * @vnic: an entry that is in the tables
 *
 * Context: process, vsn_net.lock held. The notification still shows the entry
 * as it was.
 */
void vsn_vnic_remove(struct vsn_vnic *vnic)
{
	struct vsn_net *sn = vnic->sn;

	lockdep_assert_held(&sn->lock);
	xa_erase(&sn->ports, vnic->port.ifindex);
	xa_erase(&sn->vnics, vnic->id);
	sn->vnic_count--;
	vnic->gone = true;
	vsn_net_changed(sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_PORT_GONE);
	vsn_binding_drop(vnic);
	trace_vsn_mode_leave(vnic);
	trace_vsn_port_del(vnic);
	vsn_vnic_limit_check(sn);
}

/**
 * vsn_vnic_flush - remove and destroy all entries
 * @sn: namespace that nobody adds entries to any more
 *
 * Context: process.
 */
void vsn_vnic_flush(struct vsn_net *sn)
{
	struct vsn_vnic *vnic;
	unsigned long id;

	mutex_lock(&sn->lock);
	xa_for_each(&sn->vnics, id, vnic) {
		vsn_vnic_remove(vnic);
		vsn_vnic_destroy(vnic);
		cond_resched();
	}
	mutex_unlock(&sn->lock);
}

/**
 * vsn_vnic_by_dev - find the entry of a device
 * @sn: namespace, its lock held
 * @dev: the device, in whatever state
 *
 * Return: the entry or NULL. An ifindex that was used again does not deceive.
 */
struct vsn_vnic *vsn_vnic_by_dev(struct vsn_net *sn,
				 const struct net_device *dev)
{
	struct vsn_vnic *vnic;

	lockdep_assert_held(&sn->lock);
	vnic = xa_load(&sn->ports, dev->ifindex);
	return vnic && vnic->dev == dev ? vnic : NULL;
}

/**
 * vsn_vnic_by_id - find an entry by its creation ID
 * @sn: namespace, its lock held
 * @id: as somebody asked for it
 *
 * Return: the entry or NULL. An ID that the table's index cannot hold does not
 * become another one.
 */
struct vsn_vnic *vsn_vnic_by_id(struct vsn_net *sn, u64 id)
{
	unsigned long index = id;

	lockdep_assert_held(&sn->lock);
	return index == id ? xa_load(&sn->vnics, index) : NULL;
}

static u8 vsn_vnic_mode(const struct vsn_vnic *vnic)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	if (!binding)
		return vsn_mode_unbound(vnic->sn->unbound_default);
	return vsn_mode_bound(binding->bypass, vnic->sn->appliance.lost,
			      binding->failure_policy);
}

/**
 * vsn_vnic_act_update - tell the packet path what there is to do
 * @vnic: an entry, the lock of its namespace held
 *
 * To be called when the mode, the binding or a policy has changed. The act
 * comes last and with release, so that a packet that finds something to do
 * there also finds the MAC, the guard, the failure policy and the policies to
 * do it with.
 */
void vsn_vnic_act_update(struct vsn_vnic *vnic)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);
	u8 act = 0;
	int dir;

	lockdep_assert_held(&vnic->sn->lock);
	if (vsn_mode_drops(vnic->mode)) {
		act = VSN_ACT_DROP;
		if (vnic->mode == VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED)
			act |= VSN_ACT_LOST;
	} else if (binding && vnic->mode != VMSAFE_NET_MODE_BYPASS) {
		WRITE_ONCE(vnic->guest_mac, vsn_wire_mac(binding->mac));
		/* Pairs with vsn_hook_guard_drops(). */
		smp_store_release(&vnic->guard, binding->guard);
		WRITE_ONCE(vnic->fail_closed, binding->failure_policy ==
			   VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
		if (binding->guard != VMSAFE_NET_GUARD_OFF)
			act |= VSN_ACT_GUARD;
		for (dir = 0; dir < VSN_DIRS; dir++)
			if (rcu_access_pointer(vnic->policy[dir]))
				act |= VSN_ACT_POLICY(dir);
	}
	/* Pairs with the acquire in vsn_hook_act(). */
	smp_store_release(&vnic->act, act);
}

/**
 * vsn_vnic_mode_update - let the mode follow what it depends on
 * @vnic: an entry, the lock of its namespace held
 *
 * Return: true if the mode is another than before. Telling of it is left to
 * the caller, who may have more to say.
 */
bool vsn_vnic_mode_update(struct vsn_vnic *vnic)
{
	u8 mode = vsn_vnic_mode(vnic);
	bool changed = vnic->mode != mode;

	if (changed) {
		/* What was counted so far belongs to the old mode. */
		if (!vnic->gone)
			vsn_stats_settle(vnic, mode);
		trace_vsn_mode_leave(vnic);
		WRITE_ONCE(vnic->mode, mode);
		trace_vsn_mode_enter(vnic);
	}
	vsn_vnic_act_update(vnic);
	return changed;
}

/**
 * vsn_vnic_mode_close_all - the same for all entries that are to drop now
 * @sn: namespace, its lock held
 *
 * Nothing passes there, so this waits for nobody's memory. It is told of by
 * vsn_vnic_mode_update_all(), which has to follow.
 */
void vsn_vnic_mode_close_all(struct vsn_net *sn)
{
	struct vsn_vnic *vnic;
	unsigned long id;

	lockdep_assert_held(&sn->lock);
	xa_for_each(&sn->vnics, id, vnic) {
		if (vsn_mode_drops(vsn_vnic_mode(vnic)) &&
		    vsn_vnic_mode_update(vnic))
			vnic->untold = true;
		cond_resched();
	}
}

/**
 * vsn_vnic_mode_update_all - the same for all entries, each change told
 * @sn: namespace, its lock held
 *
 * First those that get closed, before anything is told.
 */
void vsn_vnic_mode_update_all(struct vsn_net *sn)
{
	struct vsn_vnic *vnic;
	unsigned long id;

	vsn_vnic_mode_close_all(sn);
	xa_for_each(&sn->vnics, id, vnic) {
		if (!vsn_vnic_mode_update(vnic) && !vnic->untold)
			continue;
		vnic->untold = false;
		vsn_net_changed(sn);
		vsn_notify_vnic(vnic, VMSAFE_NET_REASON_MODE);
		cond_resched();
	}
}

/**
 * vsn_vnic_prepare_all - make sure that all entries can count what they drop
 * @sn: namespace, its lock held
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int vsn_vnic_prepare_all(struct vsn_net *sn)
{
	struct vsn_vnic *vnic;
	unsigned long id;

	lockdep_assert_held(&sn->lock);
	xa_for_each(&sn->vnics, id, vnic) {
		if (vsn_stats_prepare(vnic))
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * vsn_vnic_cache_init - make room for entries
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vsn_vnic_cache_init(void)
{
	vsn_vnic_cache = kmem_cache_create(KBUILD_MODNAME "_vnic",
					   sizeof(struct vsn_vnic),
					   VSN_VNIC_ALIGN, SLAB_ACCOUNT, NULL);
	return vsn_vnic_cache ? 0 : -ENOMEM;
}

/**
 * vsn_vnic_cache_exit - give the room back
 *
 * Context: module exit, or the unwinding of init; all entries are freed.
 */
void vsn_vnic_cache_exit(void)
{
	kmem_cache_destroy(vsn_vnic_cache);
}
