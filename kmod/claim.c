// SPDX-License-Identifier: GPL-2.0-only
/*
 * Second claims: on a VM's device ID, or on a MAC within one L2 domain. This
 * is how a cloned VM shows.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/netlink.h>
#include <linux/ratelimit.h>

#include "binding.h"
#include "claim.h"
#include "net.h"
#include "notify.h"
#include "vm.h"
#include "vnic.h"

static int vsn_claim_refuse_device(struct vsn_vnic *vnic,
				   const struct vsn_identity *who,
				   const struct vsn_binding *holder,
				   struct netlink_ext_ack *extack)
{
	struct vsn_net *sn = vnic->sn;

	sn->refused_claims++;
	NL_SET_ERR_MSG_FMT(extack, "device ID %u of this VM is held by port %s",
			   who->device_id, holder->vnic->port.ifname);
	pr_err_ratelimited("%s: second claim refused: device ID %u of VM %pUb (%s) is held by port %s; is the VM a clone?\n",
			   vnic->port.ifname, who->device_id, who->vm_uuid,
			   who->vm_name, holder->vnic->port.ifname);
	vsn_notify_claim(vnic, who, holder, VMSAFE_NET_CLAIM_KIND_VM_DEVICE);
	return -EEXIST;
}

static int vsn_claim_refuse_mac(struct vsn_vnic *vnic,
				const struct vsn_identity *who,
				const struct vsn_binding *holder,
				struct netlink_ext_ack *extack)
{
	struct vsn_net *sn = vnic->sn;

	sn->refused_claims++;
	NL_SET_ERR_MSG_FMT(extack, "MAC is held by port %s, VM %pUb",
			   holder->vnic->port.ifname, holder->vm->uuid);
	pr_err_ratelimited("%s: second claim refused: MAC %pM of VM %pUb (%s) is held by port %s, VM %pUb (%s); is the VM a clone?\n",
			   vnic->port.ifname, who->mac, who->vm_uuid,
			   who->vm_name,
			   holder->vnic->port.ifname, holder->vm->uuid,
			   holder->vm->name);
	vsn_notify_claim(vnic, who, holder, VMSAFE_NET_CLAIM_KIND_MAC);
	return -EEXIST;
}

/**
 * vsn_claim_check - may an entry have this identity?
 * @vnic: the entry
 * @who: the identity
 * @extack: where a refusal names the holder
 *
 * A refusal is counted, logged and notified.
 *
 * Context: process, vsn_net.lock held.
 * Return: 0, or -EEXIST if another entry has something of it.
 */
int vsn_claim_check(struct vsn_vnic *vnic, const struct vsn_identity *who,
		    struct netlink_ext_ack *extack)
{
	struct vsn_net *sn = vnic->sn;
	struct vsn_binding *holder;
	struct vsn_vm *vm;

	vm = vsn_vm_find(sn, who->vm_uuid);
	holder = vm ? vsn_vm_binding(vm, who->device_id) : NULL;
	if (holder && holder->vnic != vnic)
		return vsn_claim_refuse_device(vnic, who, holder, extack);

	holder = vsn_binding_by_mac(sn, who->mac, vnic);
	if (holder)
		return vsn_claim_refuse_mac(vnic, who, holder, extack);
	return 0;
}

/**
 * vsn_claim_relinked - look for a MAC that an entry now shares with another
 * @vnic: an entry whose L2 domain is new
 *
 * The devices are linked already and both stay bound; it is said, though.
 *
 * Context: process, vsn_net.lock held.
 */
void vsn_claim_relinked(struct vsn_vnic *vnic)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);
	const struct vsn_binding *holder;
	struct vsn_identity who;

	if (!binding)
		return;
	holder = vsn_binding_by_mac(vnic->sn, binding->mac, vnic);
	if (!holder)
		return;
	vsn_binding_identity(binding, &who);
	pr_err_ratelimited("%s: MAC %pM of VM %pUb (%s) is now on one bridge with port %s, VM %pUb (%s)\n",
			   vnic->port.ifname, who.mac, who.vm_uuid, who.vm_name,
			   holder->vnic->port.ifname, holder->vm->uuid,
			   holder->vm->name);
	vsn_notify_claim(vnic, &who, holder,
			 VMSAFE_NET_CLAIM_KIND_MAC_RELINKED);
}
