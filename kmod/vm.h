/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_VM_H
#define _VSN_VM_H

#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include <uapi/linux/vmsafe_net.h>

struct vsn_binding;
struct vsn_net;

/**
 * struct vsn_vm - a VM that has bound vNICs
 * @id: creation ID
 * @uuid: its UUID, constant
 * @name: its name, guarded by vsn_net.lock; NULL until it gets its first
 * @vnic_count: its bindings
 * @bindings: struct vsn_binding by growing device ID, guarded by vsn_net.lock
 * @node: in vsn_net.vms_by_uuid
 * @rcu: look-ups in that table may still pass by when it is freed, then
 *	without @bindings
 */
struct vsn_vm {
	u64 id;
	u8 uuid[VMSAFE_NET_UUID_LEN];
	char *name;
	u32 vnic_count;
	struct rhash_head node;
	union {
		struct list_head bindings;
		struct rcu_head rcu;
	};
};

struct vsn_vm *vsn_vm_find(struct vsn_net *sn, const u8 *uuid);
struct vsn_vm *vsn_vm_get(struct vsn_net *sn, const u8 *uuid);
void vsn_vm_put(struct vsn_net *sn, struct vsn_vm *vm);
struct vsn_binding *vsn_vm_binding(struct vsn_vm *vm, u16 device_id);
void vsn_vm_link(struct vsn_vm *vm, struct vsn_binding *binding);
int vsn_vm_rename(struct vsn_vm *vm, const char *name);

int vsn_vm_table_init(struct vsn_net *sn);
void vsn_vm_table_exit(struct vsn_net *sn);

#endif /* _VSN_VM_H */
