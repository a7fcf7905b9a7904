// SPDX-License-Identifier: GPL-2.0-only
/* The operations that attach policies and prove them. */
#include <net/genetlink.h>

#include "net.h"
#include "netlink_attr.h"
#include "netlink_gen.h"
#include "netlink_put.h"
#include "netlink_reply.h"
#include "policy.h"
#include "probe.h"
#include "trace.h"
#include "vnic.h"

static int vsn_netlink_policy(struct vsn_vnic *vnic, struct genl_info *info)
{
	const struct nlattr *fd = info->attrs[VMSAFE_NET_A_VNIC_PROG_FD];
	u32 dir = nla_get_u32(info->attrs[VMSAFE_NET_A_VNIC_DIRECTION]);
	int err;

	if (fd) {
		NL_SET_BAD_ATTR(info->extack, fd);
		return vsn_policy_set(vnic, dir, nla_get_u32(fd),
				      info->extack);
	}
	err = vsn_policy_detach(vnic, dir);
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "no policy is attached in this direction");
	return err;
}

int vmsafe_net_nl_policy_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, VMSAFE_NET_A_VNIC_DIRECTION))
		return -EINVAL;
	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_bound(sn, info, 0);
	err = PTR_ERR_OR_ZERO(vnic);
	if (!err)
		err = vsn_netlink_policy(vnic, info);
	if (!err)
		err = vsn_put_vnic(reply.skb, vnic, false);
	else if (info->attrs[VMSAFE_NET_A_VNIC_PROG_FD])
		trace_vsn_policy_attach_err(sn, vnic, err);
	else
		trace_vsn_policy_detach_err(sn, vnic, err);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}

int vmsafe_net_nl_vnic_probe_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsn_net *sn = vsn_net_of(genl_info_net(info));
	struct vsn_probe probes[VSN_DIRS];
	struct vsn_reply reply;
	struct vsn_vnic *vnic;
	int dir, err;

	err = vsn_reply_begin(&reply, info);
	if (err)
		return err;
	mutex_lock(&sn->lock);
	vnic = vsn_attr_vnic(sn, info, VSN_ATTR_BY_VM);
	err = PTR_ERR_OR_ZERO(vnic);
	for (dir = 0; !err && dir < VSN_DIRS; dir++)
		err = vsn_probe_run(vnic, dir, &probes[dir]);
	if (!err)
		err = vsn_put_probes(reply.skb, vnic, probes);
	mutex_unlock(&sn->lock);
	return vsn_reply_end(&reply, info, err);
}
