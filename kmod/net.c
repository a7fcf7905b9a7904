// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's state per network namespace.
 *
 * Locks, outermost first: RTNL; vsn_net.lock; vsn_hook_lock, which is taken
 * with or without that one; and inside these only the kernel's own, which call
 * nothing of ours (nf_hook_mutex inside vsn_hook_lock; xarray, rhashtable,
 * netlink inside vsn_net.lock).
 */
#include <linux/random.h>

#include "binding.h"
#include "net.h"
#include "vm.h"
#include "vnic.h"

/*
 * Room for any host known today. It bounds what a process that makes ports in
 * a loop can use; host-set changes it.
 */
#define VSN_NET_VNIC_LIMIT	65536

unsigned int vsn_net_id __read_mostly;

/* Drawn at load: IDs and counters of two instances do not compare. */
u64 vsn_net_instance __ro_after_init;

static int __net_init vsn_net_enter(struct net *net)
{
	struct vsn_net *sn = vsn_net_of(net);
	int err;

	sn->net = net;
	mutex_init(&sn->lock);
	sn->generation = 1;
	sn->vnic_limit = VSN_NET_VNIC_LIMIT;
	ratelimit_state_init(&sn->limit_rate, HZ, 1);
	ratelimit_set_flags(&sn->limit_rate, RATELIMIT_MSG_ON_RELEASE);
	xa_init_flags(&sn->vnics, XA_FLAGS_ACCOUNT);
	xa_init_flags(&sn->ports, XA_FLAGS_ACCOUNT);
	xa_init_flags(&sn->vms, XA_FLAGS_ACCOUNT);
	vsn_appliance_init(sn);
	vsn_guard_init(sn);

	err = vsn_vm_table_init(sn);
	if (err)
		return err;
	err = vsn_binding_table_init(sn);
	if (err)
		goto err_vm_table;
	return 0;

err_vm_table:
	vsn_vm_table_exit(sn);
	return err;
}

static void vsn_net_free(struct vsn_net *sn)
{
	vsn_guard_exit(sn);
	vsn_binding_table_exit(sn);
	vsn_vm_table_exit(sn);
	xa_destroy(&sn->vnics);
	xa_destroy(&sn->ports);
	mutex_destroy(&sn->lock);
}

/*
 * The namespaces' devices are gone by now and have taken their entries along.
 * What is left is a mistake of ours and must not outlive the module.
 */
static void __net_exit vsn_net_leave(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		vsn_appliance_exit(vsn_net_of(net));
		vsn_vnic_flush(vsn_net_of(net));
	}
	/* A packet that is still in a hook may wake the guard. */
	synchronize_net();
	list_for_each_entry(net, nets, exit_list)
		vsn_net_free(vsn_net_of(net));
}

static struct pernet_operations vsn_net_ops = {
	.init = vsn_net_enter,
	.exit_batch = vsn_net_leave,
	.id = &vsn_net_id,
	.size = sizeof(struct vsn_net),
};

/**
 * vsn_net_init - give every namespace its state, present and future
 *
 * Context: module init.
 * Return: 0, or -ENOMEM.
 */
int __init vsn_net_init(void)
{
	int err;

	vsn_net_instance = get_random_u64();
	err = vsn_vnic_cache_init();
	if (err)
		return err;
	err = register_pernet_subsys(&vsn_net_ops);
	if (err)
		vsn_vnic_cache_exit();
	return err;
}

/**
 * vsn_net_exit - take all state away and wait until nobody uses it
 *
 * Context: module exit, or the unwinding of init.
 */
void vsn_net_exit(void)
{
	unregister_pernet_subsys(&vsn_net_ops);
	/* Entries are freed after a grace period, by code of this module. */
	rcu_barrier();
	vsn_vnic_cache_exit();
}
