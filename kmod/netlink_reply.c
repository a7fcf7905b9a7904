// SPDX-License-Identifier: GPL-2.0-only
/* Answers to netlink requests. */
#include <net/genetlink.h>

#include "netlink_gen.h"
#include "netlink_put.h"
#include "netlink_reply.h"

/**
 * vsn_reply_begin - take the memory of an answer
 * @reply: out
 * @info: the request
 *
 * Before anything is changed, so that what took effect never fails.
 *
 * Return: 0 or -ENOMEM.
 */
int vsn_reply_begin(struct vsn_reply *reply, struct genl_info *info)
{
	reply->skb = genlmsg_new(VSN_PUT_SIZE, GFP_KERNEL);
	if (!reply->skb)
		return -ENOMEM;
	reply->hdr = genlmsg_put_reply(reply->skb, info,
				       &vmsafe_net_nl_family, 0,
				       info->genlhdr->cmd);
	if (reply->hdr)
		return 0;
	nlmsg_free(reply->skb);
	return -EMSGSIZE;
}

/**
 * vsn_reply_end - send an answer, or drop it
 * @reply: from vsn_reply_begin(), filled if @err is 0
 * @info: the request
 * @err: what came of the request
 *
 * Who does not make room for the answer goes without; what was asked for has
 * been done all the same.
 *
 * Return: @err.
 */
int vsn_reply_end(struct vsn_reply *reply, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(reply->skb);
		return err;
	}
	genlmsg_end(reply->skb, reply->hdr);
	genlmsg_reply(reply->skb, info);
	return 0;
}
