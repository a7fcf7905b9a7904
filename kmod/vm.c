// SPDX-License-Identifier: GPL-2.0-only
/* VMs: there as long as one of their vNICs is bound. */
#include <linux/atomic.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "binding.h"
#include "net.h"
#include "vm.h"

static const struct rhashtable_params vsn_vm_params = {
	.key_len = VMSAFE_NET_UUID_LEN,
	.key_offset = offsetof(struct vsn_vm, uuid),
	.head_offset = offsetof(struct vsn_vm, node),
	.automatic_shrinking = true,
};

/* The last creation ID; they are never used twice. */
static atomic64_t vsn_vm_last = ATOMIC64_INIT(0);

/**
 * vsn_vm_find - find a VM
 * @sn: namespace, its lock held
 * @uuid: VMSAFE_NET_UUID_LEN bytes
 *
 * Return: the VM, valid while the lock is held, or NULL.
 */
struct vsn_vm *vsn_vm_find(struct vsn_net *sn, const u8 *uuid)
{
	lockdep_assert_held(&sn->lock);
	return rhashtable_lookup_fast(&sn->vms_by_uuid, uuid, vsn_vm_params);
}

/**
 * vsn_vm_get - find a VM, or make it
 * @sn: namespace, its lock held
 * @uuid: VMSAFE_NET_UUID_LEN bytes
 *
 * One that is new has no name yet. Whoever links no binding to it has to give
 * it back with vsn_vm_put().
 *
 * Return: the VM, or ERR_PTR(-ENOMEM) with nothing changed.
 */
struct vsn_vm *vsn_vm_get(struct vsn_net *sn, const u8 *uuid)
{
	struct vsn_vm *vm = vsn_vm_find(sn, uuid);
	int err;

	if (vm)
		return vm;
	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	vm->id = atomic64_inc_return(&vsn_vm_last);
	memcpy(vm->uuid, uuid, sizeof(vm->uuid));
	INIT_LIST_HEAD(&vm->bindings);

	err = xa_insert(&sn->vms, vm->id, vm, GFP_KERNEL);
	if (err)
		goto err_free;
	err = rhashtable_insert_fast(&sn->vms_by_uuid, &vm->node,
				     vsn_vm_params);
	if (err)
		goto err_erase;
	sn->vm_count++;
	return vm;

err_erase:
	xa_erase(&sn->vms, vm->id);
err_free:
	kfree(vm);
	/* A table too full to grow just now is memory lacking as well. */
	return ERR_PTR(-ENOMEM);
}

/**
 * vsn_vm_put - drop a VM that has no bindings
 * @sn: namespace, its lock held
 * @vm: the VM; it stays if it still has bindings
 */
void vsn_vm_put(struct vsn_net *sn, struct vsn_vm *vm)
{
	lockdep_assert_held(&sn->lock);
	if (vm->vnic_count)
		return;
	rhashtable_remove_fast(&sn->vms_by_uuid, &vm->node, vsn_vm_params);
	xa_erase(&sn->vms, vm->id);
	sn->vm_count--;
	kfree(vm->name);
	kfree_rcu(vm, rcu);
}

/**
 * vsn_vm_binding - find a VM's binding by its device ID
 * @vm: the VM, the lock of its namespace held
 * @device_id: which
 *
 * Return: the binding, valid while the lock is held, or NULL.
 */
struct vsn_binding *vsn_vm_binding(struct vsn_vm *vm, u16 device_id)
{
	struct vsn_binding *binding;

	list_for_each_entry(binding, &vm->bindings, vm_node)
		if (binding->device_id == device_id)
			return binding;
	return NULL;
}

/**
 * vsn_vm_link - put a binding into its VM's list
 * @vm: the VM, the lock of its namespace held
 * @binding: the binding; no other there has its device ID
 */
void vsn_vm_link(struct vsn_vm *vm, struct vsn_binding *binding)
{
	struct vsn_binding *after;

	list_for_each_entry(after, &vm->bindings, vm_node)
		if (after->device_id > binding->device_id)
			break;
	list_add_tail(&binding->vm_node, &after->vm_node);
	vm->vnic_count++;
}

/**
 * vsn_vm_rename - give a VM its name
 * @vm: the VM, the lock of its namespace held
 * @name: valid name
 *
 * Return: 1 if the name is another than before, 0 if not; -ENOMEM with nothing
 * changed.
 */
int vsn_vm_rename(struct vsn_vm *vm, const char *name)
{
	char *copy;

	if (vm->name && !strcmp(vm->name, name))
		return 0;
	copy = kstrdup(name, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	kfree(vm->name);
	vm->name = copy;
	return 1;
}

/**
 * vsn_vm_table_init - make the tables of VMs
 * @sn: namespace
 *
 * Return: 0, or -ENOMEM.
 */
int vsn_vm_table_init(struct vsn_net *sn)
{
	return rhashtable_init(&sn->vms_by_uuid, &vsn_vm_params);
}

/**
 * vsn_vm_table_exit - free the tables of VMs
 * @sn: namespace without any bindings
 */
void vsn_vm_table_exit(struct vsn_net *sn)
{
	WARN_ON_ONCE(!xa_empty(&sn->vms));
	rhashtable_destroy(&sn->vms_by_uuid);
	xa_destroy(&sn->vms);
}
