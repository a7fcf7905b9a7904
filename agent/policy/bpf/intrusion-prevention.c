// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intrusion Prevention, an example: packets of TCP and UDP whose payload has a
 * forbidden string within its first bytes are dropped.
 *
 * Signatures are found by their first four bytes, so their number does not
 * matter to a packet. There is no reassembly: a string that is spread over
 * several segments or fragments, or comes later in a large one, is not seen.
 */
#include "log.h"

struct sigs {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VS_POLICY_BUCKETS_MAX);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct vs_policy_bucket);
} sigs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct sigs);
} vmsafe_sigs SEC(".maps") = { .values = { &sigs } };

/* The payload's head, and zeros behind it for signatures to reach into. */
struct head {
	union {
		__u8 bytes[VS_POLICY_HEAD + VS_POLICY_TEXT_MAX];
		__u64 words[(VS_POLICY_HEAD + VS_POLICY_TEXT_MAX) / 8];
	};
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct head);
} heads SEC(".maps");

/* Where the payload begins, or 0: there is none. */
static __always_inline __u32 ips_payload(struct __sk_buff *skb,
					 struct packet *p)
{
	__u8 offset;

	if (p->protocol == IPPROTO_UDP)
		return p->l4 + 8;
	if (p->l4 + 20 > p->end ||
	    bpf_skb_load_bytes(skb, p->l4 + 12, &offset, 1) ||
	    offset >> 4 < 5) {
		p->malformed = 1;
		return 0;
	}
	return p->l4 + (offset >> 4) * 4;
}

/* The payload's head, copied; returns its length. */
static __always_inline __u32 ips_read(struct __sk_buff *skb, struct packet *p,
				      struct head *head)
{
	__u32 payload = ips_payload(skb, p), length;

	if (!payload || payload >= p->end)
		return 0;
	length = p->end - payload;
	if (length > VS_POLICY_HEAD)
		length = VS_POLICY_HEAD;
	__builtin_memset(head->words, 0, sizeof(head->words));
	/* From 1 to the size of the head, in a way that the verifier sees. */
	length = (length - 1) & (VS_POLICY_HEAD - 1);
	asm volatile("" : "+r"(length));
	if (bpf_skb_load_bytes(skb, payload, head->bytes, length + 1))
		return 0;
	return length + 1;
}

static __always_inline bool ips_text(const struct vs_policy_signature *s,
				     const __u8 *at)
{
	const __u64 *words = (const __u64 *)at;
	__u64 differ = 0;
	int i;

#pragma unroll
	for (i = 0; i < VS_POLICY_TEXT_MAX / 8; i++)
		differ |= (words[i] ^ s->text[i]) & s->mask[i];
	return !differ;
}

static __always_inline bool ips_matches(const struct vs_policy_signature *s,
					const struct packet *p,
					const __u8 *at, __u32 left)
{
	return s->number && s->length <= left &&
	       (!s->protocol || s->protocol == p->protocol) &&
	       (!s->port || s->port == p->source_port ||
		s->port == p->target_port) && ips_text(s, at);
}

/*
 * Number of the signature that begins @at in the payload's head of @length
 * bytes, or 0. Global, for the verifier to look at once.
 */
__attribute__((noinline)) int ips_at(const struct packet *p, __u32 at,
				     __u32 length)
{
	__u32 zero = 0, key;
	void *list = bpf_map_lookup_elem(&vmsafe_sigs, &zero);
	struct head *head = bpf_map_lookup_elem(&heads, &zero);
	struct vs_policy_bucket *bucket;
	int i;

	if (!p || !list || !head || at >= length)
		return 0;
	/* It is, but the verifier has to see it. */
	at &= VS_POLICY_HEAD - 1;
	asm volatile("" : "+r"(at));
	key = *(__u32 *)(head->bytes + at);
	bucket = bpf_map_lookup_elem(list, &key);
	if (!bucket)
		return 0;
	for (i = 0; i < VS_POLICY_BUCKET; i++)
		if (ips_matches(&bucket->signatures[i], p, head->bytes + at,
				length - at))
			return bucket->signatures[i].number;
	return 0;
}

/* Number of the first signature in the payload's head, or 0. */
static __always_inline __u32 ips_search(struct __sk_buff *skb,
					struct packet *p)
{
	__u32 zero = 0, length, at, number;
	struct head *head = bpf_map_lookup_elem(&heads, &zero);

	if (!head)
		return 0;
	length = ips_read(skb, p, head);
	for (at = 0; at <= VS_POLICY_HEAD - VS_POLICY_TEXT_MIN; at++) {
		if (at + VS_POLICY_TEXT_MIN > length)
			break;
		number = ips_at(p, at, length);
		if (number)
			return number;
	}
	return 0;
}

static __always_inline int ips(struct __sk_buff *skb, __u8 direction)
{
	struct packet p = {};
	__u32 number = 0;

	packet_read(skb, &p);
	if (p.family && !p.later && !p.malformed &&
	    (p.protocol == IPPROTO_TCP || p.protocol == IPPROTO_UDP))
		number = ips_search(skb, &p);
	/* What cannot be read cannot be searched. */
	if (p.malformed)
		return log_drop(skb, &p, direction, VS_POLICY_MALFORMED, 0);
	return number ? log_drop(skb, &p, direction, VS_POLICY_SIGNATURE,
				 number) : TC_ACT_OK;
}

SEC(VS_POLICY_FROM_GUEST)
int from_guest(struct __sk_buff *skb)
{
	return ips(skb, VMSAFE_NET_DIRECTION_FROM_GUEST);
}

SEC(VS_POLICY_TO_GUEST)
int to_guest(struct __sk_buff *skb)
{
	return ips(skb, VMSAFE_NET_DIRECTION_TO_GUEST);
}

char _license[] SEC("license") = "GPL";
