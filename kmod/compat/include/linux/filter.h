/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.11 what the redirect helpers need is per CPU and always there; later
 * it hangs on the task, and whoever runs a program has to bring it.
 */
#ifndef _VSN_COMPAT_LINUX_FILTER_H
#define _VSN_COMPAT_LINUX_FILTER_H

#include_next <linux/filter.h>

#ifndef VSN_HAVE_BPF_NET_CONTEXT

struct bpf_net_context {
};

static inline struct bpf_net_context *
bpf_net_ctx_set(struct bpf_net_context *ctx)
{
	return NULL;
}

static inline void bpf_net_ctx_clear(struct bpf_net_context *ctx)
{
}

#endif /* VSN_HAVE_BPF_NET_CONTEXT */

/* Say where a packet is, for helpers that ask; return where it was. */
static inline bool vsn_compat_tc_at_ingress(struct sk_buff *skb, bool ingress)
{
#ifdef CONFIG_NET_CLS_ACT
	bool was = skb->tc_at_ingress;

	skb->tc_at_ingress = ingress;
	return was;
#else
	return ingress;
#endif
}

#endif /* _VSN_COMPAT_LINUX_FILTER_H */
