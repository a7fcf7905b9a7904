/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_NETLINK_REPLY_H
#define _VSN_NETLINK_REPLY_H

struct genl_info;
struct sk_buff;

/**
 * struct vsn_reply - an answer under way
 * @skb: the message
 * @hdr: its header
 */
struct vsn_reply {
	struct sk_buff *skb;
	void *hdr;
};

int vsn_reply_begin(struct vsn_reply *reply, struct genl_info *info);
int vsn_reply_end(struct vsn_reply *reply, struct genl_info *info, int err);

#endif /* _VSN_NETLINK_REPLY_H */
