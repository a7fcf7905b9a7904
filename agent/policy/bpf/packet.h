/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in a packet. Everything is read by helper, which finds it wherever
 * it is: packets need not be linear, and a policy must not make them so.
 *
 * Headers that somebody could hide behind are gone through: VLAN tags, in any
 * order with LLC/SNAP, and IPv6 extension headers. Whatever has more of them
 * than fit here is malformed, and so is what ends within a header.
 */
#ifndef VS_POLICY_BPF_PACKET_H
#define VS_POLICY_BPF_PACKET_H

#include <linux/bpf.h>
#include <linux/in.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* linux/if_ether.h would bring C library headers in. */
enum {
	ETHERTYPE_MIN = 0x600,	/* below it is a length */
	ETHERTYPE_IP = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_RARP = 0x8035,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
};

enum {
	PACKET_TAGS = 6,	/* VLAN tags and SNAP headers */
	PACKET_HEADERS = 8,	/* extension headers of IPv6 */
	PACKET_LEN_MAC = 6,
};

/* What linux/in6.h and linux/ipv6.h call so only for programs. */
enum {
	NEXT_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44, NEXT_AUTH = 51,
	NEXT_ICMPV6 = 58, NEXT_DEST = 60, NEXT_MOBILITY = 135, NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

/**
 * struct packet - a packet, read up to its transport header
 * @length: bytes of the frame
 * @l3: where the network header begins
 * @l4: where the transport header begins
 * @end: where the IP packet ends, as it says itself; padding may follow
 * @ethertype: what is in the frame, behind tags and SNAP; 0: LLC
 * @vlan: VLAN ID of the outermost tag, 0 without
 * @source_port: of TCP, UDP and SCTP
 * @target_port: likewise
 * @family: 4, 6, or 0 if it is no IP
 * @protocol: IP protocol, behind extension headers
 * @later: a fragment that is not the first: @l4 is payload
 * @malformed: what was to be read is not there
 * @icmp: type of an ICMP message
 * @target_mac: destination of the frame
 * @source_mac: source of the frame
 * @source: source address; IPv4 in the first four bytes
 * @target: destination address
 */
struct packet {
	__u32 length;
	__u32 l3;
	__u32 l4;
	__u32 end;
	__u16 ethertype;
	__u16 vlan;
	__u16 source_port;
	__u16 target_port;
	__u8 family;
	__u8 protocol;
	__u8 later;
	__u8 malformed;
	__u8 icmp;
	__u8 target_mac[PACKET_LEN_MAC];
	__u8 source_mac[PACKET_LEN_MAC];
	union {
		__u8 source[16];
		__u64 source64[2];
	};
	union {
		__u8 target[16];
		__u64 target64[2];
	};
};

static __always_inline __u16 packet_u16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

/* One step from the EtherType behind a header to the next; true: go on. */
static __always_inline bool packet_step(struct __sk_buff *skb,
					struct packet *p)
{
	__u8 head[8] = {};

	switch (p->ethertype) {
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
		if (bpf_skb_load_bytes(skb, p->l3, head, 4))
			break;
		if (!p->vlan)
			p->vlan = packet_u16(head) & 0xfff;
		p->ethertype = packet_u16(head + 2);
		p->l3 += 4;
		return true;
	}
	if (p->ethertype >= ETHERTYPE_MIN)
		return false;
	/* A length. Receivers differ in what they make of a wrong one. */
	if (bpf_skb_load_bytes(skb, p->l3, head, 8) || head[0] != 0xaa ||
	    head[1] != 0xaa) {
		p->ethertype = 0;
		return false;
	}
	p->ethertype = packet_u16(head + 6);
	p->l3 += 8;
	return true;
}

static __always_inline void packet_link(struct __sk_buff *skb,
					struct packet *p)
{
	__u8 eth[14];
	int i;

	if (bpf_skb_load_bytes(skb, 0, eth, sizeof(eth))) {
		p->malformed = 1;
		return;
	}
	__builtin_memcpy(p->target_mac, eth, PACKET_LEN_MAC);
	__builtin_memcpy(p->source_mac, eth + 6, PACKET_LEN_MAC);
	p->ethertype = packet_u16(eth + 12);
	p->l3 = sizeof(eth);
	if (skb->vlan_present)
		p->vlan = skb->vlan_tci & 0xfff;
	for (i = 0; i < PACKET_TAGS; i++)
		if (!packet_step(skb, p))
			break;
	/* A tag that is cut off, or one too many. */
	if (p->ethertype == ETHERTYPE_VLAN || p->ethertype == ETHERTYPE_QINQ ||
	    p->ethertype == ETHERTYPE_QINQ_OLD ||
	    (p->ethertype && p->ethertype < ETHERTYPE_MIN))
		p->malformed = 1;
}

/* A length of 0 is that of a packet larger than the field can say. */
static __always_inline void packet_ends(struct packet *p, __u32 length)
{
	p->end = length ? p->l3 + length : p->length;
	if (p->end > p->length)
		p->end = p->length;
}

static __always_inline bool packet_ipv4(struct __sk_buff *skb,
					struct packet *p)
{
	__u8 ip[20];
	__u32 length;

	if (bpf_skb_load_bytes(skb, p->l3, ip, sizeof(ip)))
		return false;
	length = (ip[0] & 15) * 4;
	if (ip[0] >> 4 != 4 || length < sizeof(ip))
		return false;
	p->family = 4;
	p->protocol = ip[9];
	p->later = (packet_u16(ip + 6) & 0x1fff) != 0;
	__builtin_memcpy(p->source, ip + 12, 4);
	__builtin_memcpy(p->target, ip + 16, 4);
	p->l4 = p->l3 + length;
	packet_ends(p, packet_u16(ip + 2));
	return p->l4 <= p->end;
}

/* The next extension header; 1: there may be more, 0: no, -1: malformed. */
static __always_inline int packet_header(struct __sk_buff *skb,
					 struct packet *p)
{
	__u8 head[4];

	switch (p->protocol) {
	case NEXT_HOP:
	case NEXT_ROUTING:
	case NEXT_FRAGMENT:
	case NEXT_AUTH:
	case NEXT_DEST:
	case NEXT_MOBILITY:
	case NEXT_HIP:
	case NEXT_SHIM6:
		break;
	default:
		return 0;
	}
	if (bpf_skb_load_bytes(skb, p->l4, head, sizeof(head)))
		return -1;
	if (p->protocol == NEXT_FRAGMENT) {
		p->l4 += 8;
		p->later = (packet_u16(head + 2) & 0xfff8) != 0;
	} else if (p->protocol == NEXT_AUTH) {
		p->l4 += (head[1] + 2) * 4;
	} else {
		p->l4 += (head[1] + 1) * 8;
	}
	p->protocol = head[0];
	/* Behind it is the middle of something. */
	return !p->later;
}

static __always_inline bool packet_ipv6(struct __sk_buff *skb,
					struct packet *p)
{
	__u8 ip[40];
	__u16 length;
	int i, more = 1;

	if (bpf_skb_load_bytes(skb, p->l3, ip, sizeof(ip)) ||
	    ip[0] >> 4 != 6)
		return false;
	p->family = 6;
	p->protocol = ip[6];
	__builtin_memcpy(p->source, ip + 8, 16);
	__builtin_memcpy(p->target, ip + 24, 16);
	p->l4 = p->l3 + sizeof(ip);
	length = packet_u16(ip + 4);
	packet_ends(p, length ? length + sizeof(ip) : 0);
	for (i = 0; i < PACKET_HEADERS && more > 0; i++)
		more = packet_header(skb, p);
	return !more && p->l4 <= p->end;
}

static __always_inline bool packet_transport(struct __sk_buff *skb,
					     struct packet *p)
{
	__u8 head[4];

	if (p->later)
		return true;
	switch (p->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
		break;
	case IPPROTO_ICMP:
	case NEXT_ICMPV6:
		if (p->l4 + 1 > p->end ||
		    bpf_skb_load_bytes(skb, p->l4, &p->icmp, 1))
			return false;
		return true;
	default:
		return true;
	}
	if (p->l4 + sizeof(head) > p->end ||
	    bpf_skb_load_bytes(skb, p->l4, head, sizeof(head)))
		return false;
	p->source_port = packet_u16(head);
	p->target_port = packet_u16(head + 2);
	return true;
}

static __always_inline void packet_parse(struct __sk_buff *skb,
					 struct packet *p)
{
	bool good = true;

	p->length = skb->len;
	packet_link(skb, p);
	if (p->malformed)
		return;
	if (p->ethertype == ETHERTYPE_IP)
		good = packet_ipv4(skb, p) && packet_transport(skb, p);
	else if (p->ethertype == ETHERTYPE_IPV6)
		good = packet_ipv6(skb, p) && packet_transport(skb, p);
	p->malformed = !good;
}

/*
 * Nothing: but as a global function might do anything to a packet, the verifier
 * forgets what it knew of it, and by which of many paths it got there. Parsing
 * cannot be global itself: where the kernel has no type information, such a
 * function cannot be handed an skb.
 */
__attribute__((noinline)) int packet_forget(struct packet *p)
{
	asm volatile("" : : "r"(p) : "memory");
	return 0;
}

static __always_inline void packet_read(struct __sk_buff *skb,
					struct packet *p)
{
	packet_parse(skb, p);
	packet_forget(p);
}

#endif
