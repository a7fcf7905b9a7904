// SPDX-License-Identifier: GPL-2.0-only
/*
 * Anti-spoof: a guest speaks for itself only. Its frames have its MAC, its ARP
 * and neighbour advertisements its addresses; it is no DHCP server and no
 * router unless it may be. To it, nobody else speaks in its name.
 *
 * The guest at a port is known from its binding. Addresses are checked once
 * some of that family are listed for its MAC.
 */
#include "log.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VS_POLICY_GUESTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct vs_policy_guest);
} vmsafe_guest SEC(".maps");

struct hosts {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VS_POLICY_HOSTS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct vs_policy_host);
	__type(value, __u32);
} hosts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct hosts);
} vmsafe_hosts SEC(".maps") = { .values = { &hosts } };

struct arp {
	__u8 kind[6];	/* Ethernet, IPv4, and their lengths */
	__u8 op[2];
	__u8 sender_mac[6];
	__u8 sender[4];
	__u8 target_mac[6];
	__u8 target[4];
};

/**
 * struct spoof - a packet that is being judged
 * @packet: the packet
 * @mac: the guest's
 * @hosts: the addresses
 * @flags: what there is to know of the guest
 */
struct spoof {
	struct packet packet;
	__u8 mac[6];
	void *hosts;
	__u32 flags;
};

/* There is no memcmp() to call; @length is constant. */
static __always_inline bool spoof_same(const __u8 *a, const __u8 *b,
				       __u32 length)
{
	__u8 differ = 0;
	__u32 i;

#pragma unroll
	for (i = 0; i < length; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

static __always_inline bool spoof_same_mac(const __u8 *a, const __u8 *b)
{
	return spoof_same(a, b, 6);
}

static __always_inline __u32 *spoof_look_up(const struct spoof *s, __u8 family,
					    const __u8 *address, __u32 length)
{
	struct vs_policy_host key = { .family = family };

	__builtin_memcpy(key.mac, s->mac, sizeof(key.mac));
	__builtin_memcpy(key.address, address, length);
	return bpf_map_lookup_elem(s->hosts, &key);
}

/* Is the list for this family there, and the address on it? */
static __always_inline bool spoof_owns(const struct spoof *s, __u8 family,
				       const __u8 *address)
{
	if (family == 4)
		return spoof_look_up(s, 4, address, 4);
	return spoof_look_up(s, 6, address, 16);
}

static __always_inline bool spoof_ipv4_allowed(const struct spoof *s,
					       const __u8 *address)
{
	/* What has no address yet asks for one from 0.0.0.0. */
	if (!(address[0] | address[1] | address[2] | address[3]))
		return true;
	return !(s->flags & VS_POLICY_HOST_IPV4) || spoof_owns(s, 4, address);
}

static __always_inline bool spoof_ipv6_allowed(const struct spoof *s,
					       const __u8 *address)
{
	static const __u8 none[16];

	if (!(s->flags & VS_POLICY_HOST_IPV6))
		return true;
	/* Nobody assigns link-local addresses, so nobody can list them. */
	if (address[0] == 0xfe && (address[1] & 0xc0) == 0x80)
		return true;
	return spoof_same(address, none, sizeof(none)) ||
	       spoof_owns(s, 6, address);
}

/* Its ARP is for IPv4 on Ethernet; 0, or enum vs_policy_reason. */
static __always_inline int spoof_arp_read(struct __sk_buff *skb,
					  const struct spoof *s,
					  struct arp *arp)
{
	static const __u8 kind[6] = { 0, 1, 8, 0, 6, 4 };

	if (bpf_skb_load_bytes(skb, s->packet.l3, arp, sizeof(*arp)) ||
	    !spoof_same(arp->kind, kind, sizeof(kind)))
		return VS_POLICY_MALFORMED;
	return 0;
}

static __always_inline int spoof_arp_from(struct __sk_buff *skb,
					  const struct spoof *s)
{
	struct arp arp;

	if (spoof_arp_read(skb, s, &arp))
		return VS_POLICY_MALFORMED;
	if (!spoof_same_mac(arp.sender_mac, s->mac) ||
	    !spoof_ipv4_allowed(s, arp.sender))
		return VS_POLICY_ARP_SENDER;
	return 0;
}

/* A server's answers, and whatever a client would take for one. */
static __always_inline bool spoof_dhcp_server(const struct packet *p)
{
	if (p->protocol != IPPROTO_UDP || p->later)
		return false;
	if (p->family == 4)
		return p->source_port == 67 || p->target_port == 68;
	return p->source_port == 547 || p->target_port == 546;
}

static __always_inline int spoof_icmpv6_from(struct __sk_buff *skb,
					     const struct spoof *s)
{
	const struct packet *p = &s->packet;
	__u8 target[16];

	switch (p->icmp) {
	case 134: /* router advertisement */
	case 137: /* redirect */
		return s->flags & VS_POLICY_HOST_ROUTER ? 0 :
							  VS_POLICY_ROUTER;
	case 136: /* neighbour advertisement */
		if (bpf_skb_load_bytes(skb, p->l4 + 8, target, sizeof(target)))
			return VS_POLICY_MALFORMED;
		return spoof_ipv6_allowed(s, target) ? 0 : VS_POLICY_ND_TARGET;
	}
	return 0;
}

static __always_inline int spoof_ip_from(struct __sk_buff *skb,
					 const struct spoof *s)
{
	const struct packet *p = &s->packet;

	if (!(p->family == 4 ? spoof_ipv4_allowed(s, p->source) :
			       spoof_ipv6_allowed(s, p->source)))
		return VS_POLICY_SOURCE_ADDRESS;
	if (spoof_dhcp_server(p) && !(s->flags & VS_POLICY_HOST_DHCP_SERVER))
		return VS_POLICY_DHCP_SERVER;
	if (p->family == 6 && p->protocol == NEXT_ICMPV6 && !p->later)
		return spoof_icmpv6_from(skb, s);
	return 0;
}

static __always_inline int spoof_from(struct __sk_buff *skb,
				      const struct spoof *s)
{
	const struct packet *p = &s->packet;

	if (p->malformed)
		return VS_POLICY_MALFORMED;
	if (!spoof_same_mac(p->source_mac, s->mac))
		return VS_POLICY_SOURCE_MAC;
	if (p->ethertype == ETHERTYPE_ARP || p->ethertype == ETHERTYPE_RARP)
		return spoof_arp_from(skb, s);
	return p->family ? spoof_ip_from(skb, s) : 0;
}

static __always_inline int spoof_to(struct __sk_buff *skb,
				    const struct spoof *s)
{
	const struct packet *p = &s->packet;
	struct arp arp;

	if (p->malformed)
		return VS_POLICY_MALFORMED;
	if (spoof_same_mac(p->source_mac, s->mac))
		return VS_POLICY_SOURCE_MAC;
	if (p->ethertype != ETHERTYPE_ARP && p->ethertype != ETHERTYPE_RARP)
		return 0;
	if (spoof_arp_read(skb, s, &arp))
		return VS_POLICY_MALFORMED;
	if (spoof_same_mac(arp.sender_mac, s->mac) ||
	    (s->flags & VS_POLICY_HOST_IPV4 && spoof_owns(s, 4, arp.sender)))
		return VS_POLICY_ARP_SENDER;
	return 0;
}

/* Who is at the port? 0, or enum vs_policy_reason. */
static __always_inline int spoof_guest(struct __sk_buff *skb, struct spoof *s)
{
	static const __u8 none[16];
	struct vs_policy_guest *guest;
	__u32 ifindex = skb->ifindex, zero = 0, *flags;

	guest = bpf_map_lookup_elem(&vmsafe_guest, &ifindex);
	s->hosts = bpf_map_lookup_elem(&vmsafe_hosts, &zero);
	if (!guest || !s->hosts)
		return VS_POLICY_UNKNOWN_PORT;
	__builtin_memcpy(s->mac, guest->mac, sizeof(s->mac));
	flags = spoof_look_up(s, 0, none, sizeof(none));
	s->flags = flags ? *flags : 0;
	return 0;
}

SEC(VS_POLICY_FROM_GUEST)
int from_guest(struct __sk_buff *skb)
{
	struct spoof s = {};
	int reason;

	packet_read(skb, &s.packet);
	reason = spoof_guest(skb, &s);
	if (!reason)
		reason = spoof_from(skb, &s);
	return reason ? log_drop(skb, &s.packet,
				 VMSAFE_NET_DIRECTION_FROM_GUEST, reason, 0) :
			TC_ACT_OK;
}

SEC(VS_POLICY_TO_GUEST)
int to_guest(struct __sk_buff *skb)
{
	struct spoof s = {};
	int reason;

	packet_read(skb, &s.packet);
	reason = spoof_guest(skb, &s);
	if (!reason)
		reason = spoof_to(skb, &s);
	return reason ? log_drop(skb, &s.packet,
				 VMSAFE_NET_DIRECTION_TO_GUEST, reason, 0) :
			TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
