// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink front end: one request, one answer. Tables and rules are
 * elsewhere; here requests are read, locks taken and answers written.
 *
 * The answer's memory is taken before anything is changed, so that a request
 * that took effect never fails.
 */
#include <linux/netdevice.h>
#include <linux/pid_namespace.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "binding.h"
#include "net.h"
#include "netlink.h"
#include "netlink_attr.h"
#include "netlink_gen.h"
#include "netlink_put.h"
#include "netlink_reply.h"
#include "notify.h"
#include "port.h"
#include "trace.h"
#include "vm.h"
#include "vnic.h"

/* Netlink handles a request in the process that sent it. */
static int vsn_put_host_answer(struct sk_buff *skb, const struct vsn_net *sn)
{
	return vsn_put_host(skb, sn, VMSAFE_NET_REASON_NONE,
			    task_active_pid_ns(current));
}

int vmsafe_net_nl_host_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	int err;

	/* Kernels from 6.2 on let anything pass where there is no policy. */
	if (nlmsg_attrlen(info->nlhdr, GENL_HDRLEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
				    "host-get takes no attributes");
		return -EINVAL;
	}
	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	err = vsn_put_host_answer(reply.skb, sn);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

/* What the policies cannot say. */
static int vsn_host_check(struct genl_info *info)
{
	const struct nlattr *limit = info->attrs[VMSAFE_NET_A_HOST_VNIC_LIMIT];

	if (!limit &&
	    !info->attrs[VMSAFE_NET_A_HOST_UNBOUND_DEFAULT] &&
	    !info->attrs[VMSAFE_NET_A_HOST_FAILURE_POLICY]) {
		NL_SET_ERR_MSG(info->extack, "nothing to set");
		return -EINVAL;
	}
	/* A policy for both ends would need 6.2 or later. */
	if (limit && nla_get_u32(limit) > VMSAFE_NET_VNIC_LIMIT_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, limit,
				    "the vnic-limit is too large");
		return -ERANGE;
	}
	return 0;
}

/* What may fail. */
static int vsn_host_prepare(struct vsn_net *sn, struct nlattr **attrs)
{
	const struct nlattr *def = attrs[VMSAFE_NET_A_HOST_UNBOUND_DEFAULT];

	if (!def || nla_get_u32(def) != VMSAFE_NET_VERDICT_DROP)
		return 0;
	return vsn_vnic_prepare_all(sn);
}

static void vsn_host_apply(struct vsn_net *sn, struct nlattr **attrs)
{
	const struct nlattr *limit = attrs[VMSAFE_NET_A_HOST_VNIC_LIMIT];
	const struct nlattr *def = attrs[VMSAFE_NET_A_HOST_UNBOUND_DEFAULT];
	const struct nlattr *policy = attrs[VMSAFE_NET_A_HOST_FAILURE_POLICY];

	if (limit)
		WRITE_ONCE(sn->vnic_limit, nla_get_u32(limit));
	if (policy)
		sn->failure_policy = nla_get_u32(policy);
	if (def)
		WRITE_ONCE(sn->unbound_default, nla_get_u32(def));
	vsn_net_changed(sn);
	trace_vsn_host_set(sn);
	/* What is to be closed is, before that is told. */
	if (def)
		vsn_vnic_mode_close_all(sn);
	vsn_notify_host(sn, VMSAFE_NET_REASON_SET);
	if (limit)
		vsn_vnic_limit_check(sn);
	if (def)
		vsn_vnic_mode_update_all(sn);
}

int vmsafe_net_nl_host_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	int err;

	err = vsn_host_check(info) ?: vsn_reply_begin(&reply, info);
	if (err) {
		trace_vsn_host_set_err(sn, err);
		return err;
	}
	mutex_lock(&sn->lock);
	err = vsn_host_prepare(sn, info->attrs);
	if (err) {
		trace_vsn_host_set_err(sn, err);
	} else {
		vsn_host_apply(sn, info->attrs);
		err = vsn_put_host_answer(reply.skb, sn);
	}
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_vm_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	const struct vsn_vm *vm;
	struct vsn_reply reply;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VM_UUID))
		return -EINVAL;
	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vm = vsn_vm_find(sn, nla_data(info->attrs[VMSAFE_NET_A_VM_UUID]));
	if (vm)
		err = vsn_put_vm(reply.skb, vm, sn->generation);
	else
		err = -ENOENT;
	mutex_unlock(&sn->lock);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VMSAFE_NET_A_VM_UUID],
				    "no vNIC of such a VM is bound");
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_vnic_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	const struct vsn_vnic *vnic;
	struct vsn_reply reply;
	int err;

	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_vnic(sn, info, VSN_ATTR_BY_VM);
	if (IS_ERR(vnic))
		err = PTR_ERR(vnic);
	else
		err = vsn_put_vnic(reply.skb, vnic,
				   info->attrs[VMSAFE_NET_A_VNIC_WITH_STATS]);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

static int vsn_netlink_bind(struct vsn_vnic *vnic, struct vsn_identity *who,
			    struct genl_info *info)
{
	const struct vsn_binding *binding = vsn_vnic_binding(vnic);

	/* Unsaid, it is the host's for a new binding; an old one keeps its. */
	if (!info->attrs[VMSAFE_NET_A_VNIC_FAILURE_POLICY])
		who->failure_policy = binding ? binding->failure_policy :
						vnic->sn->failure_policy;
	if (binding && !info->attrs[VMSAFE_NET_A_VNIC_GUARD])
		who->guard = binding->guard;
	if (binding && !info->attrs[VMSAFE_NET_A_VNIC_BYPASS])
		who->bypass = binding->bypass;
	if (!binding)
		return vsn_binding_create(vnic, who, info->extack);
	if (vsn_binding_same(binding, who))
		return vsn_binding_change(vnic, who, info->extack);
	NL_SET_ERR_MSG_FMT(info->extack, "%s is bound to VM %pUb: unbind it",
			   vnic->port.ifname, binding->vm->uuid);
	return -EBUSY;
}

int vmsafe_net_nl_vnic_bind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_identity who = {};
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	int err;

	err = vsn_attr_identity(info, &who);
	if (err)
		return err;
	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_vnic(sn, info, 0);
	err = PTR_ERR_OR_ZERO(vnic);
	if (!err)
		err = vsn_netlink_bind(vnic, &who, info);
	if (err)
		trace_vsn_bind_err(sn, vnic, err);
	else
		err = vsn_put_vnic(reply.skb, vnic, false);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_vnic_unbind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	int err;

	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_bound(sn, info, VSN_ATTR_BY_VM);
	err = PTR_ERR_OR_ZERO(vnic);
	if (!err) {
		vsn_binding_remove(vnic);
		err = vsn_put_vnic(reply.skb, vnic,
				   info->attrs[VMSAFE_NET_A_VNIC_WITH_STATS]);
	} else {
		trace_vsn_unbind_err(sn, vnic, err);
	}
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

static int vsn_netlink_set(struct vsn_vnic *vnic, struct genl_info *info)
{
	struct vsn_identity who;
	int err;

	vsn_binding_identity(vsn_vnic_binding(vnic), &who);
	err = vsn_attr_identity_update(info, &who);
	if (err)
		return err;
	return vsn_binding_change(vnic, &who, info->extack);
}

int vmsafe_net_nl_vnic_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	int err;

	if (!info->attrs[VMSAFE_NET_A_VNIC_VM_NAME] &&
	    !info->attrs[VMSAFE_NET_A_VNIC_DEVICE_ID] &&
	    !info->attrs[VMSAFE_NET_A_VNIC_MAC] &&
	    !info->attrs[VMSAFE_NET_A_VNIC_FAILURE_POLICY] &&
	    !info->attrs[VMSAFE_NET_A_VNIC_GUARD] &&
	    !info->attrs[VMSAFE_NET_A_VNIC_BYPASS]) {
		NL_SET_ERR_MSG(info->extack, "nothing to set");
		return -EINVAL;
	}
	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_bound(sn, info, 0);
	err = PTR_ERR_OR_ZERO(vnic);
	if (!err)
		err = vsn_netlink_set(vnic, info);
	if (err)
		trace_vsn_set_err(sn, vnic, err);
	else
		err = vsn_put_vnic(reply.skb, vnic, false);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_port_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct net_device *dev;
	struct vsn_reply reply;
	int err;

	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	rtnl_lock();
	dev = vsn_attr_device(sn, info);
	err = PTR_ERR_OR_ZERO(dev);
	if (!err)
		err = vsn_port_add(sn, dev, info->extack);
	if (!err) {
		mutex_lock(&sn->lock);
		/* RTNL keeps it there. */
		err = vsn_put_vnic(reply.skb, vsn_vnic_by_dev(sn, dev), false);
		mutex_unlock(&sn->lock);
	}
	rtnl_unlock();
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	bool removed;
	int err;

	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	rtnl_lock();
	mutex_lock(&sn->lock);
	vnic = vsn_attr_vnic(sn, info, 0);
	err = PTR_ERR_OR_ZERO(vnic);
	if (!err)
		err = vsn_port_del(vnic, info->extack);
	removed = !err;
	if (removed)
		err = vsn_put_vnic(reply.skb, vnic, false);
	else
		trace_vsn_port_del_err(sn, vnic, err);
	mutex_unlock(&sn->lock);
	/* Whatever becomes of the answer. */
	if (removed)
		vsn_vnic_destroy(vnic);
	rtnl_unlock();
	return vsn_reply_end(&reply, info, err);
}

/**
 * vsn_netlink_init - open the netlink front end
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vsn_netlink_init(void)
{
	return vsn_compat_genl_register(&vmsafe_net_nl_family);
}

/**
 * vsn_netlink_exit - close it; nobody is inside afterwards
 *
 * Context: module exit, or the unwinding of init.
 */
void vsn_netlink_exit(void)
{
	genl_unregister_family(&vmsafe_net_nl_family);
}
