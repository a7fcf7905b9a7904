// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctl front end, /dev/vmsafe-net: one descriptor, one client; the one
 * that attached is the appliance. Its rules are written in
 * uapi/linux/vmsafe_net_ioctl.h.
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include <linux/nospec.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <uapi/linux/vmsafe_net_ioctl.h>

#include "binding.h"
#include "chardev.h"
#include "hook.h"
#include "ioctl_list.h"
#include "net.h"
#include "vm.h"
#include "vnic.h"

/**
 * struct vsn_client - an open descriptor
 * @net: the opener's namespace, held
 * @session: what it has of the appliance session
 */
struct vsn_client {
	struct net *net;
	struct vsn_session session;
};

/* Every argument starts so. */
struct vsn_ioctl_head {
	u32 size;
	u32 flags;
};

union vsn_ioctl_arg {
	struct vsn_ioctl_head head;
	struct vmsafe_net_ioc_version version;
	struct vmsafe_net_ioc_attach attach;
	struct vmsafe_net_ioc_session session;
	struct vmsafe_net_ioc_list list;
	struct vmsafe_net_ioc_verify verify;
};

static int vsn_ioctl_version(struct vsn_net *sn, struct vsn_session *who,
			     union vsn_ioctl_arg *arg)
{
	struct vmsafe_net_ioc_version *version = &arg->version;

	if (version->reserved)
		return -EINVAL;
	version->abi = VMSAFE_NET_ABI_VERSION;
	version->instance = vsn_net_instance;
	version->generation = READ_ONCE(sn->generation);
	return 0;
}

static int vsn_ioctl_attach(struct vsn_net *sn, struct vsn_session *who,
			    union vsn_ioctl_arg *arg)
{
	struct vmsafe_net_ioc_attach *attach = &arg->attach;
	int err;

	if (attach->heartbeat_interval > VMSAFE_NET_HEARTBEAT_INTERVAL_MAX ||
	    attach->heartbeat_tolerance > VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX)
		return -EINVAL;
	if (mutex_lock_interruptible(&sn->lock))
		return -EINTR;
	err = vsn_appliance_attach(sn, who, attach->heartbeat_interval,
				   attach->heartbeat_tolerance,
				   attach->flags &
				   VMSAFE_NET_IOC_ATTACH_TAKEOVER);
	attach->epoch = sn->appliance.epoch;
	attach->generation = sn->generation;
	mutex_unlock(&sn->lock);
	return err;
}

static int vsn_ioctl_detach(struct vsn_net *sn, struct vsn_session *who,
			    union vsn_ioctl_arg *arg)
{
	int err;

	if (mutex_lock_interruptible(&sn->lock))
		return -EINTR;
	err = vsn_appliance_detach(sn, who, arg->session.epoch);
	arg->session.generation = sn->generation;
	mutex_unlock(&sn->lock);
	return err;
}

static int vsn_ioctl_heartbeat(struct vsn_net *sn, struct vsn_session *who,
			       union vsn_ioctl_arg *arg)
{
	int err;

	if (mutex_lock_interruptible(&sn->lock))
		return -EINTR;
	err = vsn_appliance_heartbeat(sn, who, arg->session.epoch);
	arg->session.generation = sn->generation;
	mutex_unlock(&sn->lock);
	return err;
}

static int vsn_ioctl_vms(struct vsn_net *sn, struct vsn_session *who,
			 union vsn_ioctl_arg *arg)
{
	return vsn_ioctl_list_vms(sn, who, &arg->list);
}

static int vsn_ioctl_vnics(struct vsn_net *sn, struct vsn_session *who,
			   union vsn_ioctl_arg *arg)
{
	return vsn_ioctl_list_vnics(sn, who, &arg->list);
}

static void vsn_verify_answer(const struct vsn_binding *binding,
			      struct vmsafe_net_ioc_verify *verify)
{
	const struct vsn_vnic *vnic = binding->vnic;

	verify->result = 0;
	if (!memcmp(binding->mac, verify->mac, ETH_ALEN))
		verify->result |= VMSAFE_NET_IOC_VERIFY_MAC_MATCHES;
	if (vsn_hook_present(vnic))
		verify->result |= VMSAFE_NET_IOC_VERIFY_HOOKED;
	verify->mode = vnic->mode;
	verify->id = vnic->id;
	verify->generation = vnic->sn->generation;
}

static int vsn_ioctl_verify(struct vsn_net *sn, struct vsn_session *who,
			    union vsn_ioctl_arg *arg)
{
	struct vmsafe_net_ioc_verify *verify = &arg->verify;
	const struct vsn_binding *binding;
	struct vsn_vm *vm;
	int err;

	if (verify->device_id > VMSAFE_NET_DEVICE_ID_MAX ||
	    !memchr_inv(verify->vm_uuid, 0, sizeof(verify->vm_uuid)))
		return -EINVAL;
	if (mutex_lock_interruptible(&sn->lock))
		return -EINTR;
	err = vsn_appliance_check(sn, who);
	if (err)
		goto unlock;
	vm = vsn_vm_find(sn, verify->vm_uuid);
	binding = vm ? vsn_vm_binding(vm, verify->device_id) : NULL;
	if (binding)
		vsn_verify_answer(binding, verify);
	else
		err = -ENOENT;
unlock:
	mutex_unlock(&sn->lock);
	return err;
}

/**
 * struct vsn_ioctl - an ioctl
 * @size: of its argument's first version, the least that is accepted
 * @now: of its argument as this driver knows it
 * @flags: that it knows
 * @run: does it. What it leaves in the argument goes back to the caller if it
 *	returns 0 or -EMSGSIZE
 */
struct vsn_ioctl {
	size_t size;
	size_t now;
	u32 flags;
	int (*run)(struct vsn_net *sn, struct vsn_session *who,
		   union vsn_ioctl_arg *arg);
};

/* The last field of the first version, the flags, and the function. */
#define VSN_IOCTL(type, last, known, fn) {				\
	.size = offsetofend(struct vmsafe_net_ioc_##type, last),	\
	.now = sizeof(struct vmsafe_net_ioc_##type),			\
	.flags = known,							\
	.run = fn,							\
}

static const struct vsn_ioctl vsn_ioctls[] = {
	[_IOC_NR(VMSAFE_NET_IOC_VERSION)] =
		VSN_IOCTL(version, generation, 0, vsn_ioctl_version),
	[_IOC_NR(VMSAFE_NET_IOC_ATTACH)] =
		VSN_IOCTL(attach, generation,
			  VMSAFE_NET_IOC_ATTACH_TAKEOVER, vsn_ioctl_attach),
	[_IOC_NR(VMSAFE_NET_IOC_DETACH)] =
		VSN_IOCTL(session, generation, 0, vsn_ioctl_detach),
	[_IOC_NR(VMSAFE_NET_IOC_HEARTBEAT)] =
		VSN_IOCTL(session, generation, 0, vsn_ioctl_heartbeat),
	[_IOC_NR(VMSAFE_NET_IOC_LIST_VMS)] =
		VSN_IOCTL(list, generation, 0, vsn_ioctl_vms),
	[_IOC_NR(VMSAFE_NET_IOC_LIST_VNICS)] =
		VSN_IOCTL(list, generation, 0, vsn_ioctl_vnics),
	[_IOC_NR(VMSAFE_NET_IOC_VERIFY_VNIC)] =
		VSN_IOCTL(verify, generation, 0, vsn_ioctl_verify),
};

static const struct vsn_ioctl *vsn_ioctl_find(unsigned int cmd)
{
	unsigned int nr = _IOC_NR(cmd);

	/* No other size or direction than the numbers have. */
	if (nr >= ARRAY_SIZE(vsn_ioctls) || cmd != _IO(VMSAFE_NET_IOC_TYPE, nr))
		return NULL;
	nr = array_index_nospec(nr, ARRAY_SIZE(vsn_ioctls));
	return &vsn_ioctls[nr];
}

static long vsn_chardev_ioctl(struct file *file, unsigned int cmd,
			      unsigned long uarg)
{
	struct vsn_client *client = file->private_data;
	void __user *user = (void __user *)uarg;
	const struct vsn_ioctl *ioctl;
	union vsn_ioctl_arg arg = {};
	u32 size;
	int err;

	/* Also of one who was handed the descriptor. */
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	ioctl = vsn_ioctl_find(cmd);
	if (!ioctl)
		return -ENOTTY;
	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < ioctl->size)
		return -EINVAL;
	/* Nobody checks gigabytes for being zero. */
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&arg, ioctl->now, user, size);
	if (err)
		return err;
	/* It may have been rewritten since it was read. */
	arg.head.size = size;
	if (arg.head.flags & ~ioctl->flags)
		return -EINVAL;

	/* Who cannot be answered is refused before anything happens. */
	size = min_t(u32, size, ioctl->now);
	if (copy_to_user(user, &arg, size))
		return -EFAULT;

	err = ioctl->run(vsn_net_of(client->net), &client->session, &arg);
	if (err && err != -EMSGSIZE)
		return err;
	return copy_to_user(user, &arg, size) ? -EFAULT : err;
}

static int vsn_chardev_open(struct inode *inode, struct file *file)
{
	struct vsn_client *client;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	client = kzalloc(sizeof(*client), GFP_KERNEL_ACCOUNT);
	if (!client)
		return -ENOMEM;
	client->net = get_net(current->nsproxy->net_ns);
	file->private_data = client;
	return nonseekable_open(inode, file);
}

static int vsn_chardev_release(struct inode *inode, struct file *file)
{
	struct vsn_client *client = file->private_data;
	struct vsn_net *sn = vsn_net_of(client->net);

	mutex_lock(&sn->lock);
	vsn_appliance_release(sn, &client->session);
	mutex_unlock(&sn->lock);
	put_net(client->net);
	kfree(client);
	return 0;
}

/* The owner keeps the module in as long as a descriptor is open. */
static const struct file_operations vsn_chardev_fops = {
	.owner = THIS_MODULE,
	.open = vsn_chardev_open,
	.release = vsn_chardev_release,
	.unlocked_ioctl = vsn_chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice vsn_chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmsafe-net",
	.mode = 0600,
	.fops = &vsn_chardev_fops,
};

/**
 * vsn_chardev_init - make /dev/vmsafe-net
 *
 * Context: module init.
 * Return: 0, or what misc_register() gives.
 */
int __init vsn_chardev_init(void)
{
	return misc_register(&vsn_chardev);
}

/**
 * vsn_chardev_exit - remove it; no descriptor is open any more
 *
 * Context: module exit.
 */
void vsn_chardev_exit(void)
{
	misc_deregister(&vsn_chardev);
}
