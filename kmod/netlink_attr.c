// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading requests. Lengths and ranges have been checked by the policies; here
 * is what those cannot say. Each refusal names the attribute.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>

#include "binding.h"
#include "name.h"
#include "net.h"
#include "netlink_attr.h"
#include "vm.h"
#include "vnic.h"

/* A string that ends where its attribute does. */
static bool vsn_attr_whole(const struct nlattr *attr)
{
	return strnlen(nla_data(attr), nla_len(attr)) == nla_len(attr) - 1;
}

/**
 * vsn_attr_ifname_check - an interface name that goes on after its end is none
 * @attrs: attributes of the request
 * @extack: where a refusal says why
 *
 * Return: 0 or -EINVAL.
 */
int vsn_attr_ifname_check(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	const struct nlattr *ifname = attrs[VMSAFE_NET_A_VNIC_IFNAME];

	if (!ifname || vsn_attr_whole(ifname))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, ifname,
			    "an interface name has no NUL inside");
	return -EINVAL;
}

/* A later attribute has to mean what the earlier ones did. */
static bool vsn_attr_agree(struct vsn_vnic **vnic, struct vsn_vnic *found)
{
	if (!*vnic)
		*vnic = found;
	return found && *vnic == found;
}

static struct vsn_vnic *vsn_attr_by_name(struct vsn_net *sn,
					 const struct nlattr *attr)
{
	struct vsn_vnic *vnic = NULL;
	struct net_device *dev;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(sn->net, nla_data(attr));
	if (dev)
		vnic = vsn_vnic_by_dev(sn, dev);
	rcu_read_unlock();
	return vnic;
}

static struct vsn_vnic *vsn_attr_by_vm(struct vsn_net *sn,
				       const struct nlattr *uuid,
				       const struct nlattr *device_id)
{
	struct vsn_vm *vm = vsn_vm_find(sn, nla_data(uuid));
	struct vsn_binding *binding;

	binding = vm ? vsn_vm_binding(vm, nla_get_u16(device_id)) : NULL;
	return binding ? binding->vnic : NULL;
}

static struct vsn_vnic *vsn_attr_none(struct genl_info *info, int attr)
{
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
			    "no such vNIC entry");
	return ERR_PTR(-ENOENT);
}

/* vm-uuid and device-id name an entry together or not at all. */
static int vsn_attr_pair(struct genl_info *info)
{
	if (info->attrs[VMSAFE_NET_A_VNIC_VM_UUID] &&
	    GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_DEVICE_ID))
		return -EINVAL;
	if (info->attrs[VMSAFE_NET_A_VNIC_DEVICE_ID] &&
	    GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_VM_UUID))
		return -EINVAL;
	return 0;
}

/**
 * vsn_attr_vnic - find the entry that a request means
 * @sn: namespace, its lock held
 * @info: the request
 * @flags: VSN_ATTR_*
 *
 * Return: the entry, valid while the lock is held; ERR_PTR(-ENOENT) if there is
 * none or the attributes do not agree, ERR_PTR(-EINVAL) if none names one.
 */
struct vsn_vnic *vsn_attr_vnic(struct vsn_net *sn, struct genl_info *info,
			       unsigned int flags)
{
	const struct nlattr *id = info->attrs[VMSAFE_NET_A_VNIC_ID];
	const struct nlattr *ifindex = info->attrs[VMSAFE_NET_A_VNIC_IFINDEX];
	const struct nlattr *ifname = info->attrs[VMSAFE_NET_A_VNIC_IFNAME];
	const struct nlattr *uuid = NULL, *device_id = NULL;
	struct vsn_vnic *vnic = NULL;

	/* The attributes of other operations end before this one. */
	if (flags & VSN_ATTR_BY_VM) {
		uuid = info->attrs[VMSAFE_NET_A_VNIC_VM_UUID];
		device_id = info->attrs[VMSAFE_NET_A_VNIC_DEVICE_ID];
	}
	if ((flags & VSN_ATTR_BY_VM && vsn_attr_pair(info)) ||
	    vsn_attr_ifname_check(info->attrs, info->extack))
		return ERR_PTR(-EINVAL);
	if (id && !vsn_attr_agree(&vnic, vsn_vnic_by_id(sn, nla_get_u64(id))))
		return vsn_attr_none(info, VMSAFE_NET_A_VNIC_ID);
	if (ifindex && !vsn_attr_agree(&vnic, xa_load(&sn->ports,
						      nla_get_u32(ifindex))))
		return vsn_attr_none(info, VMSAFE_NET_A_VNIC_IFINDEX);
	if (ifname && !vsn_attr_agree(&vnic, vsn_attr_by_name(sn, ifname)))
		return vsn_attr_none(info, VMSAFE_NET_A_VNIC_IFNAME);
	if (uuid && !vsn_attr_agree(&vnic,
				    vsn_attr_by_vm(sn, uuid, device_id)))
		return vsn_attr_none(info, VMSAFE_NET_A_VNIC_VM_UUID);
	if (vnic)
		return vnic;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, VMSAFE_NET_A_VNIC_ID);
	NL_SET_ERR_MSG(info->extack,
		       "name a vNIC entry by id, ifindex or ifname");
	return ERR_PTR(-EINVAL);
}

/**
 * vsn_attr_bound - find the bound entry that a request means
 * @sn: namespace, its lock held
 * @info: the request
 * @flags: VSN_ATTR_*
 *
 * Return: as vsn_attr_vnic(), or ERR_PTR(-ENOTCONN) if it is not bound.
 */
struct vsn_vnic *vsn_attr_bound(struct vsn_net *sn, struct genl_info *info,
				unsigned int flags)
{
	struct vsn_vnic *vnic = vsn_attr_vnic(sn, info, flags);

	if (IS_ERR(vnic) || vsn_vnic_binding(vnic))
		return vnic;
	NL_SET_ERR_MSG_FMT(info->extack, "%s is not bound", vnic->port.ifname);
	return ERR_PTR(-ENOTCONN);
}

/**
 * vsn_attr_named - the entry that a dump's interface name means
 * @sn: namespace, its lock held
 * @attrs: attributes of the request
 *
 * Alternative names count, as in all requests.
 *
 * Return: the entry, valid while the lock is held; NULL if no name is given or
 * no entry has it.
 */
const struct vsn_vnic *vsn_attr_named(struct vsn_net *sn, struct nlattr **attrs)
{
	const struct nlattr *ifname = attrs[VMSAFE_NET_A_VNIC_IFNAME];

	return ifname ? vsn_attr_by_name(sn, ifname) : NULL;
}

/**
 * vsn_attr_match - does an entry pass the filter of a dump?
 * @vnic: the entry, the lock of its namespace held
 * @attrs: attributes of the request
 * @named: from vsn_attr_named()
 *
 * Return: true if it has all that is asked for.
 */
bool vsn_attr_match(const struct vsn_vnic *vnic, struct nlattr **attrs,
		    const struct vsn_vnic *named)
{
	const struct nlattr *id = attrs[VMSAFE_NET_A_VNIC_ID];
	const struct nlattr *ifindex = attrs[VMSAFE_NET_A_VNIC_IFINDEX];
	const struct nlattr *uuid = attrs[VMSAFE_NET_A_VNIC_VM_UUID];
	const struct nlattr *device_id = attrs[VMSAFE_NET_A_VNIC_DEVICE_ID];
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	if (id && nla_get_u64(id) != vnic->id)
		return false;
	if (ifindex && nla_get_u32(ifindex) != vnic->port.ifindex)
		return false;
	if (attrs[VMSAFE_NET_A_VNIC_IFNAME] && vnic != named)
		return false;
	if (!uuid && !device_id)
		return true;
	if (!binding)
		return false;
	if (uuid && memcmp(nla_data(uuid), binding->vm->uuid,
			   VMSAFE_NET_UUID_LEN))
		return false;
	return !device_id || nla_get_u16(device_id) == binding->device_id;
}

/**
 * vsn_attr_device - find the network device that a request means
 * @sn: namespace
 * @info: the request
 *
 * Context: process, RTNL held.
 * Return: the device, valid while RTNL is held; ERR_PTR(-ENODEV) if there is
 * none or the attributes do not agree, ERR_PTR(-EINVAL) if none names one.
 */
struct net_device *vsn_attr_device(struct vsn_net *sn, struct genl_info *info)
{
	const struct nlattr *ifindex = info->attrs[VMSAFE_NET_A_VNIC_IFINDEX];
	const struct nlattr *ifname = info->attrs[VMSAFE_NET_A_VNIC_IFNAME];
	struct net_device *dev, *named;

	if (!ifindex && !ifname) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     VMSAFE_NET_A_VNIC_IFINDEX);
		NL_SET_ERR_MSG(info->extack,
			       "name a device by ifindex or ifname");
		return ERR_PTR(-EINVAL);
	}
	if (vsn_attr_ifname_check(info->attrs, info->extack))
		return ERR_PTR(-EINVAL);
	named = ifname ? __dev_get_by_name(sn->net, nla_data(ifname)) : NULL;
	dev = ifindex ? __dev_get_by_index(sn->net, nla_get_u32(ifindex)) :
			named;
	if (dev && (!ifname || dev == named))
		return dev;
	NL_SET_ERR_MSG_ATTR(info->extack, dev || !ifindex ? ifname : ifindex,
			    "no such network device");
	return ERR_PTR(-ENODEV);
}

/**
 * vsn_attr_identity_update - take over what a request says of an identity
 * @info: the request
 * @who: in and out; what the request does not name stays
 *
 * Return: 0 or -EINVAL.
 */
int vsn_attr_identity_update(struct genl_info *info, struct vsn_identity *who)
{
	const struct nlattr *name = info->attrs[VMSAFE_NET_A_VNIC_VM_NAME];
	const struct nlattr *device_id =
		info->attrs[VMSAFE_NET_A_VNIC_DEVICE_ID];
	const struct nlattr *mac = info->attrs[VMSAFE_NET_A_VNIC_MAC];
	const struct nlattr *policy =
		info->attrs[VMSAFE_NET_A_VNIC_FAILURE_POLICY];
	const struct nlattr *guard = info->attrs[VMSAFE_NET_A_VNIC_GUARD];
	const struct nlattr *bypass = info->attrs[VMSAFE_NET_A_VNIC_BYPASS];

	if (name && (!vsn_attr_whole(name) ||
		     !vsn_name_valid(nla_data(name), nla_len(name) - 1)))
		goto bad_name;
	if (mac && !is_valid_ether_addr(nla_data(mac)))
		goto bad_mac;
	if (name)
		nla_strscpy(who->vm_name, name, sizeof(who->vm_name));
	if (device_id)
		who->device_id = nla_get_u16(device_id);
	if (mac)
		ether_addr_copy(who->mac, nla_data(mac));
	if (policy)
		who->failure_policy = nla_get_u32(policy);
	if (guard)
		who->guard = nla_get_u32(guard);
	if (bypass)
		who->bypass = nla_get_u8(bypass);
	return 0;

bad_name:
	NL_SET_ERR_MSG_ATTR(info->extack, name,
			    "a VM name is 1 to 64 bytes of UTF-8 without control characters");
	return -EINVAL;
bad_mac:
	NL_SET_ERR_MSG_ATTR(info->extack, mac,
			    "a guest's MAC is unicast and not zero");
	return -EINVAL;
}

/**
 * vsn_attr_identity - read a whole identity
 * @info: the request
 * @who: out; the failure policy only if the request names one
 *
 * Return: 0, or -EINVAL if something is missing or no good.
 */
int vsn_attr_identity(struct genl_info *info, struct vsn_identity *who)
{
	const struct nlattr *uuid = info->attrs[VMSAFE_NET_A_VNIC_VM_UUID];

	if (GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_VM_UUID) ||
	    GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_VM_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_DEVICE_ID) ||
	    GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_MAC))
		return -EINVAL;
	if (!memchr_inv(nla_data(uuid), 0, VMSAFE_NET_UUID_LEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, uuid,
				    "a VM's UUID is not nil");
		return -EINVAL;
	}
	memcpy(who->vm_uuid, nla_data(uuid), sizeof(who->vm_uuid));
	return vsn_attr_identity_update(info, who);
}
