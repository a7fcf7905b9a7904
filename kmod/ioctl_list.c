// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl lists: a picture of one generation. It is taken in kernel memory
 * under the lock and copied out without it, because a copy can wait for the
 * reader's memory for as long as the reader likes.
 */
#include <linux/etherdevice.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

#include <uapi/linux/vmsafe_net_ioctl.h>

#include "binding.h"
#include "ioctl_list.h"
#include "net.h"
#include "vm.h"
#include "vnic.h"

/* More than any version of an entry will need. */
#define VSN_LIST_ENTRY_MAX	4096
/* Entries between two looks at whether others want to run. */
#define VSN_LIST_BATCH		256

/**
 * struct vsn_list - one of the tables, as a list
 * @entry_size: of the driver's own entries
 * @count: how many there are now; read with and without the lock
 * @fill: write them all into zeros, under the lock
 */
struct vsn_list {
	size_t entry_size;
	u32 (*count)(const struct vsn_net *sn);
	void (*fill)(struct vsn_net *sn, void *buffer);
};

static u32 vsn_list_vm_count(const struct vsn_net *sn)
{
	return READ_ONCE(sn->vm_count);
}

static void vsn_list_vm_fill(struct vsn_net *sn, void *buffer)
{
	struct vmsafe_net_ioc_vm *to = buffer;
	const struct vsn_vm *vm;
	unsigned long id;

	xa_for_each(&sn->vms, id, vm) {
		*to = (struct vmsafe_net_ioc_vm) {
			.id = vm->id,
			.vnic_count = vm->vnic_count,
		};
		memcpy(to->uuid, vm->uuid, sizeof(to->uuid));
		strscpy(to->name, vm->name, sizeof(to->name));
		to++;
		cond_resched();
	}
}

static u32 vsn_list_vnic_count(const struct vsn_net *sn)
{
	return READ_ONCE(sn->vnic_count);
}

static void vsn_list_vnic_put(const struct vsn_vnic *vnic,
			      struct vmsafe_net_ioc_vnic *to)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	to->id = vnic->id;
	to->ifindex = vnic->port.ifindex;
	to->master = vnic->port.master;
	to->mode = vnic->mode;
	to->port_kind = vnic->kind;
	memcpy(to->ifname, vnic->port.ifname, sizeof(to->ifname));
	if (!binding)
		return;
	to->flags = VMSAFE_NET_IOC_VNIC_BOUND;
	to->device_id = binding->device_id;
	to->failure_policy = binding->failure_policy;
	memcpy(to->vm_uuid, binding->vm->uuid, sizeof(to->vm_uuid));
	ether_addr_copy(to->mac, binding->mac);
}

/* Without a search from the root for each entry; a table can be long. */
static void vsn_list_vnic_fill(struct vsn_net *sn, void *buffer)
{
	struct vmsafe_net_ioc_vnic *to = buffer;
	XA_STATE(xas, &sn->vnics, 0);
	struct vsn_vnic *vnic;
	unsigned int n = 0;

	rcu_read_lock();
	xas_for_each(&xas, vnic, ULONG_MAX) {
		vsn_list_vnic_put(vnic, to++);
		if (++n % VSN_LIST_BATCH)
			continue;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
}

/* Copy @count entries of @size to a caller whose entries may be larger. */
static int vsn_list_copy(const struct vmsafe_net_ioc_list *arg,
			 const void *from, size_t size, u32 count)
{
	void __user *to = u64_to_user_ptr(arg->buffer);
	size_t more = arg->entry_size - size;

	if (!more)
		return copy_to_user(to, from, count * size) ? -EFAULT : 0;
	for (; count; count--, from += size, to += arg->entry_size) {
		if (copy_to_user(to, from, size) ||
		    clear_user(to + size, more))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

static int vsn_list(struct vsn_net *sn, struct vsn_session *who,
		    struct vmsafe_net_ioc_list *arg,
		    const struct vsn_list *list)
{
	void *buffer = NULL;
	u32 room = 0, count;
	int err;

	if (arg->entry_size < list->entry_size ||
	    arg->entry_size > VSN_LIST_ENTRY_MAX)
		return -EINVAL;
again:
	if (mutex_lock_interruptible(&sn->lock)) {
		err = -EINTR;
		goto free;
	}
	err = vsn_appliance_check(sn, who);
	if (err)
		goto unlock;
	count = list->count(sn);
	arg->generation = sn->generation;
	if (count > arg->count) {
		arg->count = count;
		err = -EMSGSIZE;
		goto unlock;
	}
	if (count > room) {
		mutex_unlock(&sn->lock);
		kvfree(buffer);
		/* The table may grow while memory is taken for it. */
		room = count + count / 16;
		buffer = kvcalloc(room, list->entry_size,
				  GFP_KERNEL_ACCOUNT);
		if (!buffer)
			return -ENOMEM;
		goto again;
	}
	arg->count = count;
	if (count)
		list->fill(sn, buffer);
unlock:
	mutex_unlock(&sn->lock);
	if (!err)
		err = vsn_list_copy(arg, buffer, list->entry_size, count);
free:
	kvfree(buffer);
	return err;
}

/**
 * vsn_ioctl_list_vms - VMSAFE_NET_IOC_LIST_VMS
 * @sn: namespace
 * @who: the caller, who has to hold the session
 * @arg: the argument, its common fields checked; count and generation are
 *	written also for -EMSGSIZE
 *
 * Context: process.
 * Return: 0; -EINVAL, -ENOTCONN, -EMSGSIZE, -EFAULT, -ENOMEM, -EINTR.
 */
int vsn_ioctl_list_vms(struct vsn_net *sn, struct vsn_session *who,
		       struct vmsafe_net_ioc_list *arg)
{
	static const struct vsn_list vms = {
		.entry_size = sizeof(struct vmsafe_net_ioc_vm),
		.count = vsn_list_vm_count,
		.fill = vsn_list_vm_fill,
	};

	return vsn_list(sn, who, arg, &vms);
}

/**
 * vsn_ioctl_list_vnics - VMSAFE_NET_IOC_LIST_VNICS
 * @sn: namespace
 * @who: the caller, who has to hold the session
 * @arg: as for vsn_ioctl_list_vms()
 *
 * Context: process.
 * Return: as for vsn_ioctl_list_vms().
 */
int vsn_ioctl_list_vnics(struct vsn_net *sn, struct vsn_session *who,
			 struct vmsafe_net_ioc_list *arg)
{
	static const struct vsn_list vnics = {
		.entry_size = sizeof(struct vmsafe_net_ioc_vnic),
		.count = vsn_list_vnic_count,
		.fill = vsn_list_vnic_fill,
	};

	return vsn_list(sn, who, arg, &vnics);
}
