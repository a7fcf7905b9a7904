// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that are not ours: what tc would take, a section each, and what
 * must be refused or must do no harm.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

/* an object as many are made: one program, its type by the section's name */
SEC("classifier")
int by_type(struct __sk_buff *skb)
{
	return skb->len ? TC_ACT_UNSPEC : TC_ACT_SHOT;
}

/* libbpf knows no such section; tc takes it all the same */
SEC("cls_main")
int by_hand(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

SEC("tc/shot")
int shot(struct __sk_buff *skb)
{
	return TC_ACT_SHOT;
}

/* no verdict that there is */
SEC("tc/garbage")
int garbage(struct __sk_buff *skb)
{
	return 4711;
}

/* verdicts of tc that this is not the place for */
SEC("tc/stolen")
int stolen(struct __sk_buff *skb)
{
	return TC_ACT_STOLEN;
}

SEC("tc/redirect")
int redirect(struct __sk_buff *skb)
{
	return bpf_redirect(skb->ifindex, 0);
}

/* the verifier does not let it read behind the end */
SEC("tc/wild")
int wild(struct __sk_buff *skb)
{
	return *((char *)(long)skb->data + 60);
}

SEC("xdp")
int other_type(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
