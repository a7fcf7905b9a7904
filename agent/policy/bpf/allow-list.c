// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allow list: of IP, only what a rule allows passes. It keeps no state, so an
 * answer needs a rule as well.
 *
 * ARP and neighbour discovery pass: without them no rule would be of use. Any
 * other protocol does not. A fragment that is not the first has no ports; it
 * passes where a rule allows its addresses and its protocol.
 */
#include "log.h"

struct rules {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, VS_POLICY_RULES_MAX);
	__type(key, __u32);
	__type(value, struct vs_policy_rule);
} rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct rules);
} vmsafe_rules SEC(".maps") = { .values = { &rules } };

static __always_inline bool rule_address(const __u64 *address,
					 const __u64 *want, const __u64 *mask)
{
	return !((address[0] ^ want[0]) & mask[0]) &&
	       !((address[1] ^ want[1]) & mask[1]);
}

static __always_inline bool rule_port(__u16 port, const __u16 *range)
{
	return port >= range[0] && port <= range[1];
}

static __always_inline bool rule_ports(const struct vs_policy_rule *r,
				       const struct packet *p)
{
	return r->any_ports || p->later ||
	       (rule_port(p->source_port, r->source_port) &&
		rule_port(p->target_port, r->target_port));
}

static __always_inline bool rule_matches(const struct vs_policy_rule *r,
					 const struct packet *p,
					 __u8 direction)
{
	return (r->directions & direction) &&
	       (!r->family || r->family == p->family) &&
	       (r->any_protocol || r->protocol == p->protocol) &&
	       rule_address(p->source64, r->source, r->source_mask) &&
	       rule_address(p->target64, r->target, r->target_mask) &&
	       rule_ports(r, p);
}

/* ARP, and what IPv6 has in its place. */
static __always_inline bool allow_neighbours(const struct packet *p)
{
	if (!p->family)
		return p->ethertype == ETHERTYPE_ARP ||
		       p->ethertype == ETHERTYPE_RARP;
	return p->family == 6 && p->protocol == NEXT_ICMPV6 && !p->later &&
	       (p->icmp == 135 || p->icmp == 136);
}

/* What rule @number says; 0: no, 1: yes, -1: there are no more. */
__attribute__((noinline)) int allow_rule(const struct packet *p, __u32 number,
					 __u8 direction)
{
	__u32 zero = 0;
	void *list = bpf_map_lookup_elem(&vmsafe_rules, &zero);
	struct vs_policy_rule *r;

	if (!p || !list)
		return -1;
	r = bpf_map_lookup_elem(list, &number);
	if (!r || !r->directions)
		return -1;
	return rule_matches(r, p, direction);
}

static __always_inline bool allow_by_rule(const struct packet *p,
					  __u8 direction)
{
	int said = 0;
	__u32 i;

	if (!p->family)
		return false;
	for (i = 0; i < VS_POLICY_RULES_MAX && !said; i++)
		said = allow_rule(p, i, direction);
	return said > 0;
}

static __always_inline int allow(struct __sk_buff *skb, __u8 direction)
{
	struct packet p = {};

	packet_read(skb, &p);
	if (p.malformed)
		return log_drop(skb, &p, direction, VS_POLICY_MALFORMED, 0);
	if (allow_neighbours(&p) || allow_by_rule(&p, 1 << direction))
		return TC_ACT_OK;
	return log_drop(skb, &p, direction, VS_POLICY_NOT_ALLOWED, 0);
}

SEC(VS_POLICY_FROM_GUEST)
int from_guest(struct __sk_buff *skb)
{
	return allow(skb, VMSAFE_NET_DIRECTION_FROM_GUEST);
}

SEC(VS_POLICY_TO_GUEST)
int to_guest(struct __sk_buff *skb)
{
	return allow(skb, VMSAFE_NET_DIRECTION_TO_GUEST);
}

char _license[] SEC("license") = "GPL";
