/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_BINDING_H
#define _VSN_BINDING_H

#include <linux/build_bug.h>
#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include <uapi/linux/vmsafe_net.h>

struct netlink_ext_ack;
struct vsn_net;
struct vsn_vm;
struct vsn_vnic;

/**
 * struct vsn_identity - what a bind asks for, checked value by value
 * @vm_uuid: not nil
 * @vm_name: valid name
 * @device_id: 0 to VMSAFE_NET_DEVICE_ID_MAX
 * @mac: unicast, not zero
 * @failure_policy: enum vmsafe_net_failure_policy
 * @guard: enum vmsafe_net_guard
 * @bypass: let everything pass unfiltered
 */
struct vsn_identity {
	u8 vm_uuid[VMSAFE_NET_UUID_LEN];
	char vm_name[VMSAFE_NET_NAME_MAX + 1];
	u16 device_id;
	u8 mac[ETH_ALEN];
	u8 failure_policy;
	u8 guard;
	bool bypass;
};

/**
 * struct vsn_binding - identity of a vNIC; constant once published
 * @vnic: whose
 * @vm: the VM
 * @bound: CLOCK_BOOTTIME in nanoseconds
 * @mac: the guest's MAC
 * @device_id: index of the vNIC within its VM
 * @failure_policy: enum vmsafe_net_failure_policy
 * @guard: enum vmsafe_net_guard
 * @bypass: let everything pass unfiltered
 * @mac_node: in vsn_net.macs, guarded by vsn_net.lock
 * @vm_node: in @vm's list, guarded by vsn_net.lock
 * @rcu: look-ups in vsn_net.macs may still pass by when it is freed, then
 *	without @vm_node
 */
struct vsn_binding {
	struct vsn_vnic *vnic;
	struct vsn_vm *vm;
	u64 bound;
	u8 mac[ETH_ALEN];
	u16 device_id : 12;
	u16 failure_policy : 1;
	u16 guard : 2;
	u16 bypass : 1;
	struct rhlist_head mac_node;
	union {
		struct list_head vm_node;
		struct rcu_head rcu;
	};
};

static_assert(VMSAFE_NET_DEVICE_ID_MAX < 1 << 12 &&
	      VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED < 1 << 1 &&
	      VMSAFE_NET_GUARD_DROP < 1 << 2);

void vsn_binding_identity(const struct vsn_binding *binding,
			  struct vsn_identity *who);
bool vsn_binding_same(const struct vsn_binding *binding,
		      const struct vsn_identity *who);
int vsn_binding_create(struct vsn_vnic *vnic, const struct vsn_identity *who,
		       struct netlink_ext_ack *extack);
int vsn_binding_change(struct vsn_vnic *vnic, const struct vsn_identity *who,
		       struct netlink_ext_ack *extack);
void vsn_binding_drop(struct vsn_vnic *vnic);
void vsn_binding_remove(struct vsn_vnic *vnic);

struct vsn_binding *vsn_binding_by_mac(struct vsn_net *sn, const u8 *mac,
				       const struct vsn_vnic *but);

int vsn_binding_table_init(struct vsn_net *sn);
void vsn_binding_table_exit(struct vsn_net *sn);

#endif /* _VSN_BINDING_H */
