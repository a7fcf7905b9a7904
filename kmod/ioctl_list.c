// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl lists: a picture of one generation. It is taken under the lock and
 * must not wait there for the reader's memory, for that can take as long as the
 * reader likes. So it goes straight to where it belongs if that is at hand; if
 * not, that is made so without the lock, and if that does not help, it is taken
 * in kernel memory.
 */
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
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
#define VSN_LIST_BREAK		256
/* Entries that are handed out at a time, from the stack. */
#define VSN_LIST_BATCH		8
/* What is copied at a time, in bytes. */
#define VSN_LIST_LINE		(8 * sizeof(u64))
/* How often the reader's memory is tried before ours is taken. */
#define VSN_LIST_TRIES		2

/**
 * struct vsn_list_out - where a list goes
 * @to: the reader's memory, or NULL
 * @room: without @to, the kernel's
 * @left: entries that fit there
 */
struct vsn_list_out {
	void __user *to;
	void *room;
	u32 left;
};

/**
 * struct vsn_list - one of the tables, as a list
 * @entry_size: of the driver's own entries
 * @count: how many there are now; read with and without the lock
 * @fill: hand them all out, under the lock; -EFAULT if the reader's memory is
 *	not at hand
 */
struct vsn_list {
	size_t entry_size;
	u32 (*count)(const struct vsn_net *sn);
	int (*fill)(struct vsn_net *sn, struct vsn_list_out *out);
};

/*
 * Lines of eight words, word by word: entries are too short for what copies
 * long stretches, and too long for what goes round for each word.
 */
static int vsn_list_give(struct vsn_list_out *out, const void *from, size_t len)
{
	u64 __user *to = out->to;
	const u64 *word = from;
	int err = -EFAULT;

	if (!to) {
		memcpy(out->room, from, len);
		out->room += len;
		return 0;
	}
	pagefault_disable();
	if (!user_write_access_begin(to, len))
		goto enable;
	for (; len >= VSN_LIST_LINE; len -= VSN_LIST_LINE) {
		unsafe_put_user(word[0], &to[0], fault);
		unsafe_put_user(word[1], &to[1], fault);
		unsafe_put_user(word[2], &to[2], fault);
		unsafe_put_user(word[3], &to[3], fault);
		unsafe_put_user(word[4], &to[4], fault);
		unsafe_put_user(word[5], &to[5], fault);
		unsafe_put_user(word[6], &to[6], fault);
		unsafe_put_user(word[7], &to[7], fault);
		word += VSN_LIST_LINE / sizeof(*word);
		to += VSN_LIST_LINE / sizeof(*to);
	}
	unsafe_copy_to_user((char __user *)to, (const char *)word, len,
			    fault);
	out->to = (void __user *)to + len;
	err = 0;
fault:
	user_write_access_end();
enable:
	pagefault_enable();
	return err;
}

static u32 vsn_list_vm_count(const struct vsn_net *sn)
{
	return READ_ONCE(sn->vm_count);
}

static int vsn_list_vm_fill(struct vsn_net *sn, struct vsn_list_out *out)
{
	const struct vsn_vm *vm;
	unsigned long id;
	int err;

	xa_for_each(&sn->vms, id, vm) {
		struct vmsafe_net_ioc_vm to = {
			.id = vm->id,
			.vnic_count = vm->vnic_count,
		};

		memcpy(to.uuid, vm->uuid, sizeof(to.uuid));
		strscpy(to.name, vm->name, sizeof(to.name));
		err = vsn_list_give(out, &to, sizeof(to));
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static u32 vsn_list_vnic_count(const struct vsn_net *sn)
{
	return READ_ONCE(sn->vnic_count);
}

/* Field by field, and every one of them: @to is not zero before. */
static void vsn_list_vnic_put(const struct vsn_vnic *vnic,
			      struct vmsafe_net_ioc_vnic *to)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	to->id = vnic->id;
	to->ifindex = vnic->port.ifindex;
	to->master = vnic->port.master;
	to->mode = vnic->mode;
	to->port_kind = vnic->kind;
	to->reserved = 0;
	memcpy(to->ifname, vnic->port.ifname, sizeof(to->ifname));
	if (!binding) {
		to->flags = 0;
		to->device_id = 0;
		to->failure_policy = 0;
		memset(to->vm_uuid, 0, sizeof(to->vm_uuid));
		eth_zero_addr(to->mac);
		return;
	}
	to->flags = VMSAFE_NET_IOC_VNIC_BOUND;
	to->device_id = binding->device_id;
	to->failure_policy = binding->failure_policy;
	memcpy(to->vm_uuid, binding->vm->uuid, sizeof(to->vm_uuid));
	ether_addr_copy(to->mac, binding->mac);
}

/* Without a search from the root for each entry; a table can be long. */
static int vsn_list_vnic_fill(struct vsn_net *sn, struct vsn_list_out *out)
{
	struct vmsafe_net_ioc_vnic batch[VSN_LIST_BATCH], *to;
	XA_STATE(xas, &sn->vnics, 0);
	struct vsn_vnic *vnic;
	unsigned int n = 0, left = VSN_LIST_BREAK;
	int err = 0;

	rcu_read_lock();
	xas_for_each(&xas, vnic, ULONG_MAX) {
		to = &batch[n++];
		/* Or each copy would reckon how much is left of the batch. */
		OPTIMIZER_HIDE_VAR(to);
		vsn_list_vnic_put(vnic, to);
		if (n == ARRAY_SIZE(batch)) {
			err = vsn_list_give(out, batch, sizeof(batch));
			if (err)
				break;
			n = 0;
		}
		if (--left)
			continue;
		left = VSN_LIST_BREAK;
		xas_pause(&xas);
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
	}
	rcu_read_unlock();
	return err ?: vsn_list_give(out, batch, n * sizeof(*batch));
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

/*
 * Look at the table, and hand it out if it fits. -EFAULT if the reader's memory
 * is not at hand, -ENOSPC if ours is too small; @arg tells then, as it does for
 * -EMSGSIZE, how many entries there are.
 */
static int vsn_list_take(struct vsn_net *sn, struct vsn_session *who,
			 struct vmsafe_net_ioc_list *arg, u32 fit,
			 const struct vsn_list *list, struct vsn_list_out *out)
{
	int err;

	if (mutex_lock_interruptible(&sn->lock))
		return -EINTR;
	err = vsn_appliance_check(sn, who);
	if (err)
		goto unlock;
	arg->count = list->count(sn);
	arg->generation = sn->generation;
	if (arg->count > fit)
		err = -EMSGSIZE;
	else if (!out->to && arg->count > out->left)
		err = -ENOSPC;
	else if (arg->count)
		err = list->fill(sn, out);
unlock:
	mutex_unlock(&sn->lock);
	return err;
}

/* By way of kernel memory. */
static int vsn_list_by_room(struct vsn_net *sn, struct vsn_session *who,
			    struct vmsafe_net_ioc_list *arg, u32 fit,
			    const struct vsn_list *list)
{
	struct vsn_list_out out = {};
	void *room = NULL;
	int err;

	for (;;) {
		err = vsn_list_take(sn, who, arg, fit, list, &out);
		if (err != -ENOSPC)
			break;
		kvfree(room);
		/* The table may grow while memory is taken for it. */
		out.left = arg->count + arg->count / 16;
		room = kvcalloc(out.left, list->entry_size, GFP_KERNEL_ACCOUNT);
		if (!room)
			return -ENOMEM;
		out.room = room;
	}
	if (!err)
		err = vsn_list_copy(arg, room, list->entry_size, arg->count);
	kvfree(room);
	return err;
}

static int vsn_list(struct vsn_net *sn, struct vsn_session *who,
		    struct vmsafe_net_ioc_list *arg,
		    const struct vsn_list *list)
{
	void __user *to = u64_to_user_ptr(arg->buffer);
	u32 fit = arg->count;
	int err, tries = 0;

	if (arg->entry_size < list->entry_size ||
	    arg->entry_size > VSN_LIST_ENTRY_MAX)
		return -EINVAL;
	/* Entries in a row, and somewhere. */
	while (arg->entry_size == list->entry_size && to &&
	       tries++ < VSN_LIST_TRIES) {
		struct vsn_list_out out = { .to = to };

		err = vsn_list_take(sn, who, arg, fit, list, &out);
		if (err != -EFAULT)
			return err;
		if (fault_in_writeable(to, arg->count * list->entry_size))
			return -EFAULT;
	}
	return vsn_list_by_room(sn, who, arg, fit, list);
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
