/* SPDX-License-Identifier: GPL-2.0-only */
/* The log of what was dropped. */
#ifndef VS_POLICY_BPF_LOG_H
#define VS_POLICY_BPF_LOG_H

#include <linux/pkt_cls.h>
#include <linux/vmsafe_net.h>

#include "packet.h"
#include "policy/abi.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, VS_POLICY_LOG_SIZE);
} vmsafe_log SEC(".maps");

/* Records that had no room. */
static __u32 log_lost;

static __always_inline void log_fill(struct vs_policy_record *r,
				     const struct packet *p)
{
	r->length = p->length;
	r->ethertype = p->ethertype;
	r->vlan = p->vlan;
	r->source_port = p->source_port;
	r->target_port = p->target_port;
	r->family = p->family;
	r->protocol = p->protocol;
	__builtin_memcpy(r->source_mac, p->source_mac, sizeof(r->source_mac));
	__builtin_memcpy(r->target_mac, p->target_mac, sizeof(r->target_mac));
	__builtin_memcpy(r->source, p->source, sizeof(r->source));
	__builtin_memcpy(r->target, p->target, sizeof(r->target));
}

/* Writes a drop down, and is the verdict. */
static __always_inline int log_drop(struct __sk_buff *skb,
				    const struct packet *p, __u8 direction,
				    __u8 reason, __u32 detail)
{
	struct vs_policy_record *r;

	r = bpf_ringbuf_reserve(&vmsafe_log, sizeof(*r), 0);
	if (!r) {
		__sync_fetch_and_add(&log_lost, 1);
		return TC_ACT_SHOT;
	}
	__builtin_memset(r, 0, sizeof(*r));
	r->magic = VS_POLICY_RECORD_MAGIC;
	r->lost = log_lost;
	r->time = bpf_ktime_get_boot_ns();
	r->ifindex = skb->ifindex;
	r->detail = detail;
	r->direction = direction;
	r->reason = reason;
	log_fill(r, p);
	bpf_ringbuf_submit(r, 0);
	return TC_ACT_SHOT;
}

#endif
