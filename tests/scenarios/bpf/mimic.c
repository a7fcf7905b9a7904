// SPDX-License-Identifier: GPL-2.0-only
/* A policy with maps under our names that are not what ours are. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

struct big {
	char bytes[480];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct big);
} vmsafe_rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct big);
	__type(value, struct big);
} vmsafe_guest SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct big);
} vmsafe_log SEC(".maps");

SEC("tc")
int mimic(struct __sk_buff *skb)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&vmsafe_rules, &zero) &&
	       bpf_map_lookup_elem(&vmsafe_log, &zero) ? TC_ACT_OK :
							 TC_ACT_SHOT;
}

char _license[] SEC("license") = "GPL";
