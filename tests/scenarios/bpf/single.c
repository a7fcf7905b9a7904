// SPDX-License-Identifier: GPL-2.0-only
/* A policy as a beginner writes it, with a ring buffer of its own. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int single(struct __sk_buff *skb)
{
	__u32 length = skb->len;

	bpf_ringbuf_output(&events, &length, sizeof(length), 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
