// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings: the identity of a vNIC. A change makes a new one and swaps, so
 * that whoever reads without the lock sees the old or the new one, whole.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "binding.h"
#include "claim.h"
#include "net.h"
#include "notify.h"
#include "policy.h"
#include "trace.h"
#include "vm.h"
#include "vnic.h"

static const struct rhashtable_params vsn_binding_params = {
	.key_len = ETH_ALEN,
	.key_offset = offsetof(struct vsn_binding, mac),
	.head_offset = offsetof(struct vsn_binding, mac_node),
	.automatic_shrinking = true,
};

/**
 * vsn_binding_identity - say what a binding says, in the form of a request
 * @binding: the binding, the lock of its namespace held
 * @who: out
 */
void vsn_binding_identity(const struct vsn_binding *binding,
			  struct vsn_identity *who)
{
	memcpy(who->vm_uuid, binding->vm->uuid, sizeof(who->vm_uuid));
	strscpy(who->vm_name, binding->vm->name, sizeof(who->vm_name));
	who->device_id = binding->device_id;
	ether_addr_copy(who->mac, binding->mac);
	who->failure_policy = binding->failure_policy;
	who->guard = binding->guard;
	who->bypass = binding->bypass;
}

/**
 * vsn_binding_same - is it this vNIC of this VM that a request means?
 * @binding: the binding, the lock of its namespace held
 * @who: the request
 *
 * Return: true if VM, device ID and MAC are those of the binding.
 */
bool vsn_binding_same(const struct vsn_binding *binding,
		      const struct vsn_identity *who)
{
	return !memcmp(binding->vm->uuid, who->vm_uuid, sizeof(who->vm_uuid)) &&
	       binding->device_id == who->device_id &&
	       !memcmp(binding->mac, who->mac, ETH_ALEN);
}

/* Will something of it drop packets, or count those of a foreign source? */
static bool vsn_binding_strict(const struct vsn_identity *who)
{
	return who->failure_policy == VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED ||
	       who->guard != VMSAFE_NET_GUARD_OFF;
}

/*
 * Make a binding that is found by its MAC but by nothing else yet. The VM is
 * taken as vsn_vm_get() gives it, and has the name that is asked for.
 */
static struct vsn_binding *vsn_binding_new(struct vsn_vnic *vnic,
					   const struct vsn_identity *who)
{
	struct vsn_net *sn = vnic->sn;
	struct vsn_binding *binding;

	if (vsn_binding_strict(who) && vsn_stats_prepare(vnic))
		return ERR_PTR(-ENOMEM);
	binding = kzalloc(sizeof(*binding), GFP_KERNEL_ACCOUNT);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->vnic = vnic;
	binding->bound = ktime_get_boottime_ns();
	binding->device_id = who->device_id;
	ether_addr_copy(binding->mac, who->mac);
	binding->failure_policy = who->failure_policy;
	binding->guard = who->guard;
	binding->bypass = who->bypass;

	binding->vm = vsn_vm_get(sn, who->vm_uuid);
	if (IS_ERR(binding->vm))
		goto err_free;
	if (rhltable_insert(&sn->macs, &binding->mac_node, vsn_binding_params))
		goto err_vm;
	if (vsn_vm_rename(binding->vm, who->vm_name) < 0)
		goto err_mac;
	return binding;

err_mac:
	rhltable_remove(&sn->macs, &binding->mac_node, vsn_binding_params);
	vsn_vm_put(sn, binding->vm);
	kfree_rcu(binding, rcu);
	return ERR_PTR(-ENOMEM);
err_vm:
	vsn_vm_put(sn, binding->vm);
err_free:
	kfree(binding);
	/* A table too full to grow just now is memory lacking as well. */
	return ERR_PTR(-ENOMEM);
}

/**
 * vsn_binding_create - bind a vNIC
 * @vnic: an entry that is not bound
 * @who: its identity
 * @extack: where a refusal names the holder
 *
 * Context: process, vsn_net.lock held.
 * Return: 0; -EEXIST if something of it belongs to another entry, -ENOMEM,
 * both with nothing changed.
 */
int vsn_binding_create(struct vsn_vnic *vnic, const struct vsn_identity *who,
		       struct netlink_ext_ack *extack)
{
	struct vsn_net *sn = vnic->sn;
	struct vsn_binding *binding;
	int err;

	lockdep_assert_held(&sn->lock);
	err = vsn_claim_check(vnic, who, extack);
	if (err)
		return err;
	binding = vsn_binding_new(vnic, who);
	if (IS_ERR(binding))
		return PTR_ERR(binding);

	vsn_vm_link(binding->vm, binding);
	rcu_assign_pointer(vnic->binding, binding);
	sn->bound_count++;
	trace_vsn_bind(vnic, binding);
	vsn_vnic_mode_update(vnic);
	vsn_net_changed(sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_BOUND);
	return 0;
}

static void vsn_binding_unlink(struct vsn_net *sn, struct vsn_binding *binding)
{
	rhltable_remove(&sn->macs, &binding->mac_node, vsn_binding_params);
	list_del(&binding->vm_node);
	binding->vm->vnic_count--;
	vsn_vm_put(sn, binding->vm);
	kfree_rcu(binding, rcu);
}

/**
 * vsn_binding_change - change a binding, or the name of its VM
 * @vnic: a bound entry
 * @who: what it is to be, of the same VM
 * @extack: where a refusal names the holder
 *
 * If nothing is different, nothing happens.
 *
 * Context: process, vsn_net.lock held.
 * Return: 0; -EEXIST and -ENOMEM as for vsn_binding_create().
 */
int vsn_binding_change(struct vsn_vnic *vnic, const struct vsn_identity *who,
		       struct netlink_ext_ack *extack)
{
	struct vsn_binding *old = vsn_vnic_binding(vnic);
	struct vsn_net *sn = vnic->sn;
	struct vsn_binding *binding = old;
	int err = 0;

	if (!vsn_binding_same(old, who) ||
	    old->failure_policy != who->failure_policy ||
	    old->guard != who->guard || old->bypass != who->bypass) {
		/* What it has is no second claim, whoever else has it. */
		if (!vsn_binding_same(old, who))
			err = vsn_claim_check(vnic, who, extack);
		if (err)
			return err;
		binding = vsn_binding_new(vnic, who);
		if (IS_ERR(binding))
			return PTR_ERR(binding);
		binding->bound = old->bound;
		vsn_vm_link(binding->vm, binding);
		rcu_assign_pointer(vnic->binding, binding);
		vsn_binding_unlink(sn, old);
		trace_vsn_set(vnic, binding);
		vsn_vnic_mode_update(vnic);
	} else {
		err = vsn_vm_rename(old->vm, who->vm_name);
		if (err <= 0)
			return err;
		trace_vsn_set(vnic, binding);
	}
	vsn_net_changed(sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_SET);
	return 0;
}

/**
 * vsn_binding_drop - take a vNIC's identity away, if it has one
 * @vnic: an entry
 *
 * Nobody is told: what happens to the entry says it.
 *
 * Context: process, vsn_net.lock held.
 */
void vsn_binding_drop(struct vsn_vnic *vnic)
{
	struct vsn_binding *binding = vsn_vnic_binding(vnic);
	struct vsn_net *sn = vnic->sn;

	if (!binding)
		return;
	trace_vsn_unbind(vnic, binding);
	RCU_INIT_POINTER(vnic->binding, NULL);
	sn->bound_count--;
	/*
	 * The policies were meant for this VM, not for whoever is next. The
	 * mode comes first, so that nothing passes between the two;
	 * vsn_policy_clear() keeps them in order.
	 */
	vsn_vnic_mode_update(vnic);
	vsn_policy_clear(vnic);
	vsn_binding_unlink(sn, binding);
}

/**
 * vsn_binding_remove - unbind a vNIC
 * @vnic: a bound entry
 *
 * Context: process, vsn_net.lock held.
 */
void vsn_binding_remove(struct vsn_vnic *vnic)
{
	vsn_binding_drop(vnic);
	vsn_net_changed(vnic->sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_UNBOUND);
}

/**
 * vsn_binding_by_mac - find who else on an entry's L2 domain has a MAC
 * @sn: namespace, its lock held
 * @mac: the MAC
 * @but: the entry that asks; its domain is meant, itself it is not
 *
 * Return: the binding, valid while the lock is held, or NULL.
 */
struct vsn_binding *vsn_binding_by_mac(struct vsn_net *sn, const u8 *mac,
				       const struct vsn_vnic *but)
{
	struct vsn_binding *binding, *found = NULL;
	struct rhlist_head *list, *pos;

	lockdep_assert_held(&sn->lock);
	if (!but->port.domain)
		return NULL;
	rcu_read_lock();
	list = rhltable_lookup(&sn->macs, mac, vsn_binding_params);
	rhl_for_each_entry_rcu(binding, pos, list, mac_node) {
		if (binding->vnic != but &&
		    binding->vnic->port.domain == but->port.domain) {
			found = binding;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * vsn_binding_table_init - make the table of MACs
 * @sn: namespace
 *
 * Return: 0, or -ENOMEM.
 */
int vsn_binding_table_init(struct vsn_net *sn)
{
	return rhltable_init(&sn->macs, &vsn_binding_params);
}

/**
 * vsn_binding_table_exit - free the table of MACs
 * @sn: namespace without any bindings
 */
void vsn_binding_table_exit(struct vsn_net *sn)
{
	rhltable_destroy(&sn->macs);
}
