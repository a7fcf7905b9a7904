// SPDX-License-Identifier: GPL-2.0-only
/*
 * What we know, in attributes. All of these are called with vsn_net.lock held
 * and return 0, or -EMSGSIZE if the message is full.
 */
#include <linux/if.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/skbuff.h>
#include <net/netlink.h>

#include "binding.h"
#include "net.h"
#include "netlink_pen.h"
#include "netlink_put.h"
#include "vm.h"
#include "vnic.h"

/**
 * vsn_put_u64 - put a number of 64 bits, aligned
 * @skb: message
 * @attr: attribute of any of our sets
 * @value: the number
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	/* The padding attribute is the first of each of our sets. */
	return nla_put_64bit(skb, attr, sizeof(value), &value,
			     VMSAFE_NET_A_VNIC_PAD);
}

static_assert(VMSAFE_NET_A_VNIC_PAD == 1 && VMSAFE_NET_A_HOST_PAD == 1 &&
	      VMSAFE_NET_A_VM_PAD == 1 && VMSAFE_NET_A_STATS_PAD == 1 &&
	      VMSAFE_NET_A_CLAIM_PAD == 1 && VMSAFE_NET_A_DROPS_PAD == 1 &&
	      VMSAFE_NET_A_PASSED_PAD == 1 && VMSAFE_NET_A_POLICY_PAD == 1);

static int vsn_put_appliance(struct sk_buff *skb,
			     const struct vsn_appliance *app,
			     struct pid_namespace *reader)
{
	if (nla_put_u32(skb, VMSAFE_NET_A_HOST_APPLIANCE_STATE, app->state) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_HOST_EPOCH, app->epoch))
		return -EMSGSIZE;
	if (!app->holder)
		return 0;
	if (nla_put_u32(skb, VMSAFE_NET_A_HOST_APPLIANCE_PID,
			pid_nr_ns(app->pid, reader)) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_HEARTBEAT_INTERVAL,
			app->interval) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_HEARTBEAT_TOLERANCE,
			app->tolerance))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsn_put_host - put the settings and the state of a namespace
 * @skb: message
 * @sn: namespace
 * @reason: of a notification, or VMSAFE_NET_REASON_NONE in an answer
 * @reader: PID namespace whose numbers are put: that of who asks, the initial
 *          one in a notification, which everybody reads
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_host(struct sk_buff *skb, const struct vsn_net *sn,
		 enum vmsafe_net_reason reason, struct pid_namespace *reader)
{
	lockdep_assert_held(&sn->lock);
	if (vsn_put_u64(skb, VMSAFE_NET_A_HOST_INSTANCE, vsn_net_instance) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_HOST_GENERATION, sn->generation) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_EVENT_SEQ, sn->event_seq) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_REASON, reason) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_ABI, VMSAFE_NET_ABI_VERSION) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_VNIC_LIMIT, sn->vnic_limit) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_VNIC_COUNT, sn->vnic_count) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_BOUND_COUNT, sn->bound_count) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_VM_COUNT, sn->vm_count) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_HOST_REFUSED_CLAIMS,
			sn->refused_claims) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			sn->unbound_default) ||
	    nla_put_u32(skb, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			sn->failure_policy))
		return -EMSGSIZE;
	return vsn_put_appliance(skb, &sn->appliance, reader);
}

/**
 * vsn_put_vm - put a VM
 * @skb: message
 * @vm: the VM
 * @generation: of the table it is in
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_vm(struct sk_buff *skb, const struct vsn_vm *vm, u64 generation)
{
	if (vsn_put_u64(skb, VMSAFE_NET_A_VM_ID, vm->id) ||
	    nla_put(skb, VMSAFE_NET_A_VM_UUID, sizeof(vm->uuid), vm->uuid) ||
	    nla_put_string(skb, VMSAFE_NET_A_VM_NAME, vm->name) ||
	    nla_put_u32(skb, VMSAFE_NET_A_VM_VNIC_COUNT, vm->vnic_count) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_VM_GENERATION, generation))
		return -EMSGSIZE;
	return 0;
}

/* Room for all that these two write. */
#define VSN_PUT_ENTRY_ROOM						\
	(4 * VSN_PEN_SIZE(sizeof(u64)) + 7 * VSN_PEN_SIZE(sizeof(u32)) + \
	 VSN_PEN_SIZE(sizeof(u16)) + 2 * VSN_PEN_SIZE(sizeof(u8)) +	\
	 2 * VSN_PEN_SIZE(ETH_ALEN) + VSN_PEN_SIZE(IFNAMSIZ) +		\
	 VSN_PEN_SIZE(VMSAFE_NET_UUID_LEN) +				\
	 VSN_PEN_SIZE(VMSAFE_NET_NAME_MAX + 1))

static void vsn_put_binding(struct vsn_pen *pen,
			    const struct vsn_binding *binding)
{
	const struct vsn_vm *vm = binding->vm;

	vsn_pen_bytes(pen, VMSAFE_NET_A_VNIC_VM_UUID, vm->uuid,
		      VMSAFE_NET_UUID_LEN);
	vsn_pen_string(pen, VMSAFE_NET_A_VNIC_VM_NAME, vm->name);
	vsn_pen_u16(pen, VMSAFE_NET_A_VNIC_DEVICE_ID, binding->device_id);
	vsn_pen_bytes(pen, VMSAFE_NET_A_VNIC_MAC, binding->mac, ETH_ALEN);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
		    binding->failure_policy);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_GUARD, binding->guard);
	vsn_pen_u8(pen, VMSAFE_NET_A_VNIC_BYPASS, binding->bypass);
	vsn_pen_u64(pen, VMSAFE_NET_A_VNIC_BOUND, binding->bound,
		    VMSAFE_NET_A_VNIC_PAD);
}

static void vsn_put_port(struct vsn_pen *pen, const struct vsn_vnic *vnic)
{
	const struct vsn_port_view *port = &vnic->port;

	vsn_pen_u64(pen, VMSAFE_NET_A_VNIC_ID, vnic->id,
		    VMSAFE_NET_A_VNIC_PAD);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_IFINDEX, port->ifindex);
	vsn_pen_string(pen, VMSAFE_NET_A_VNIC_IFNAME, port->ifname);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_PORT_KIND, vnic->kind);
	vsn_pen_bytes(pen, VMSAFE_NET_A_VNIC_PORT_MAC, port->mac, ETH_ALEN);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_MTU, port->mtu);
	vsn_pen_u8(pen, VMSAFE_NET_A_VNIC_UP, port->up);
	if (port->master)
		vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_MASTER, port->master);
	vsn_pen_u64(pen, VMSAFE_NET_A_VNIC_CREATED, vnic->created,
		    VMSAFE_NET_A_VNIC_PAD);
	vsn_pen_u32(pen, VMSAFE_NET_A_VNIC_MODE, vnic->mode);
	vsn_pen_u64(pen, VMSAFE_NET_A_VNIC_GENERATION, vnic->sn->generation,
		    VMSAFE_NET_A_VNIC_PAD);
}

/**
 * vsn_put_vnic - put an entry
 * @skb: message
 * @vnic: the entry
 * @with_stats: with its counters, which are the dear part
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_vnic(struct sk_buff *skb, const struct vsn_vnic *vnic,
		 bool with_stats)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	struct vsn_pen pen = { .at = skb_tail_pointer(skb) };

	if (skb_tailroom(skb) < VSN_PUT_ENTRY_ROOM)
		return -EMSGSIZE;
	vsn_put_port(&pen, vnic);
	if (binding)
		vsn_put_binding(&pen, binding);
	__skb_put(skb, pen.at - (void *)skb_tail_pointer(skb));

	if (binding && vsn_put_policies(skb, vnic))
		return -EMSGSIZE;
	if (with_stats && vsn_put_stats(skb, vnic))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsn_put_vnic_event - put an entry and what happened to it
 * @skb: message
 * @vnic: the entry
 * @reason: what happened
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_vnic_event(struct sk_buff *skb, const struct vsn_vnic *vnic,
		       enum vmsafe_net_reason reason)
{
	if (nla_put_u32(skb, VMSAFE_NET_A_VNIC_EVENT_SEQ,
			vnic->sn->event_seq) ||
	    nla_put_u32(skb, VMSAFE_NET_A_VNIC_REASON, reason))
		return -EMSGSIZE;
	return vsn_put_vnic(skb, vnic, false);
}

static int vsn_put_claimant(struct sk_buff *skb, const struct vsn_vnic *vnic,
			    const struct vsn_identity *who)
{
	if (vsn_put_u64(skb, VMSAFE_NET_A_CLAIM_ID, vnic->id) ||
	    nla_put_u32(skb, VMSAFE_NET_A_CLAIM_IFINDEX, vnic->port.ifindex) ||
	    nla_put_string(skb, VMSAFE_NET_A_CLAIM_IFNAME, vnic->port.ifname) ||
	    nla_put(skb, VMSAFE_NET_A_CLAIM_VM_UUID, VMSAFE_NET_UUID_LEN,
		    who->vm_uuid) ||
	    nla_put_string(skb, VMSAFE_NET_A_CLAIM_VM_NAME, who->vm_name) ||
	    nla_put_u16(skb, VMSAFE_NET_A_CLAIM_DEVICE_ID, who->device_id) ||
	    nla_put(skb, VMSAFE_NET_A_CLAIM_MAC, ETH_ALEN, who->mac))
		return -EMSGSIZE;
	return 0;
}

static int vsn_put_holder(struct sk_buff *skb, const struct vsn_binding *holder)
{
	const struct vsn_vnic *vnic = holder->vnic;

	if (vsn_put_u64(skb, VMSAFE_NET_A_CLAIM_HOLDER_ID, vnic->id) ||
	    nla_put_u32(skb, VMSAFE_NET_A_CLAIM_HOLDER_IFINDEX,
			vnic->port.ifindex) ||
	    nla_put_string(skb, VMSAFE_NET_A_CLAIM_HOLDER_IFNAME,
			   vnic->port.ifname) ||
	    nla_put(skb, VMSAFE_NET_A_CLAIM_HOLDER_VM_UUID, VMSAFE_NET_UUID_LEN,
		    holder->vm->uuid) ||
	    nla_put_string(skb, VMSAFE_NET_A_CLAIM_HOLDER_VM_NAME,
			   holder->vm->name) ||
	    nla_put_u16(skb, VMSAFE_NET_A_CLAIM_HOLDER_DEVICE_ID,
			holder->device_id))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsn_put_claim - put a second claim
 * @skb: message
 * @vnic: the claimant
 * @who: the identity it claims
 * @holder: who holds it
 * @kind: what was claimed
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsn_put_claim(struct sk_buff *skb, const struct vsn_vnic *vnic,
		  const struct vsn_identity *who,
		  const struct vsn_binding *holder,
		  enum vmsafe_net_claim_kind kind)
{
	const struct vsn_net *sn = vnic->sn;

	if (nla_put_u32(skb, VMSAFE_NET_A_CLAIM_KIND, kind) ||
	    vsn_put_claimant(skb, vnic, who) || vsn_put_holder(skb, holder) ||
	    vsn_put_u64(skb, VMSAFE_NET_A_CLAIM_GENERATION, sn->generation) ||
	    nla_put_u32(skb, VMSAFE_NET_A_CLAIM_EVENT_SEQ, sn->event_seq))
		return -EMSGSIZE;
	return 0;
}
