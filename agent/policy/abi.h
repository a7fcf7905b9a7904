/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What our eBPF programs and the agent have in common: maps, what is in them,
 * and the records of the log. Numbers are in host order, addresses as on the
 * wire, an IPv4 address in the first four bytes of sixteen.
 */
#ifndef VS_POLICY_ABI_H
#define VS_POLICY_ABI_H

#include <linux/types.h>

/*
 * Programs of an object that has one for each direction are in these sections;
 * any other program serves both.
 */
#define VS_POLICY_FROM_GUEST "tc/from-guest"
#define VS_POLICY_TO_GUEST "tc/to-guest"

/*
 * Maps. Those that are filled are maps of one map, so that their contents are
 * replaced at once.
 */
#define VS_POLICY_LOG "vmsafe_log"	/* ring buffer of vs_policy_record */
#define VS_POLICY_GUEST "vmsafe_guest"	/* ifindex: vs_policy_guest */
#define VS_POLICY_HOSTS "vmsafe_hosts"	/* vs_policy_host: flags */
#define VS_POLICY_RULES "vmsafe_rules"	/* number: vs_policy_rule */
#define VS_POLICY_SIGNATURES "vmsafe_sigs" /* first bytes: bucket */

/** VS_POLICY_LOG_SIZE - bytes of the ring buffer */
#define VS_POLICY_LOG_SIZE (256 * 1024)
/** VS_POLICY_RECORD_MAGIC - first member of a record of this layout */
#define VS_POLICY_RECORD_MAGIC 0x76730001

/** enum vs_policy_reason - why a policy of ours dropped a packet */
enum vs_policy_reason {
	VS_POLICY_MALFORMED = 1, /* truncated, or headers without end */
	VS_POLICY_UNKNOWN_PORT,	/* the port's guest is not known */
	VS_POLICY_SOURCE_MAC,
	VS_POLICY_ARP_SENDER,
	VS_POLICY_SOURCE_ADDRESS,
	VS_POLICY_ND_TARGET,	/* neighbour discovery for another's address */
	VS_POLICY_DHCP_SERVER,
	VS_POLICY_ROUTER,	/* router advertisement or redirect */
	VS_POLICY_NOT_ALLOWED,
	VS_POLICY_SIGNATURE,
	VS_POLICY_REASON_END
};

/**
 * struct vs_policy_record - a packet that a policy of ours dropped
 * @magic: VS_POLICY_RECORD_MAGIC
 * @lost: how many records had no room so far
 * @time: CLOCK_BOOTTIME in nanoseconds
 * @ifindex: the port
 * @length: bytes of the packet
 * @detail: of a signature, its number
 * @direction: enum vmsafe_net_direction
 * @reason: enum vs_policy_reason
 * @ethertype: 0 if not known
 * @vlan: VLAN ID, 0 without
 * @source_port: 0 if not known
 * @target_port: likewise
 * @family: 4 or 6 if the addresses are known, else 0
 * @protocol: IP protocol
 * @source_mac: source of the frame
 * @target_mac: its destination
 * @source: source address
 * @target: destination address
 */
struct vs_policy_record {
	__u32 magic;
	__u32 lost;
	__u64 time;
	__u32 ifindex;
	__u32 length;
	__u32 detail;
	__u8 direction;
	__u8 reason;
	__u16 ethertype;
	__u16 vlan;
	__u16 source_port;
	__u16 target_port;
	__u8 family;
	__u8 protocol;
	__u8 source_mac[6];
	__u8 target_mac[6];
	__u8 source[16];
	__u8 target[16];
	__u8 pad[4];
};

/** struct vs_policy_guest - the guest at a port */
struct vs_policy_guest {
	__u8 mac[6];
	__u8 pad[2];
};

/** VS_POLICY_GUESTS_MAX - how many ports one anti-spoof policy serves */
#define VS_POLICY_GUESTS_MAX 4096
/** VS_POLICY_HOSTS_MAX - entries for guests and their addresses */
#define VS_POLICY_HOSTS_MAX 16384

/* flags of a guest: the entry of family 0 */
#define VS_POLICY_HOST_DHCP_SERVER 1	/* may be a DHCP server */
#define VS_POLICY_HOST_ROUTER 2		/* may advertise itself as a router */
#define VS_POLICY_HOST_IPV4 4		/* its IPv4 addresses are listed */
#define VS_POLICY_HOST_IPV6 8		/* its IPv6 addresses are listed */

/**
 * struct vs_policy_host - a guest (family 0), or an address it may use
 * @mac: the guest's MAC
 * @family: 0, 4 or 6
 * @pad: 0
 * @address: all zeros for family 0
 */
struct vs_policy_host {
	__u8 mac[6];
	__u8 family;
	__u8 pad;
	__u8 address[16];
};

/** VS_POLICY_RULES_MAX - how many rules an allow list has */
#define VS_POLICY_RULES_MAX 256

/* directions of a rule: bit 1 << enum vmsafe_net_direction */
#define VS_POLICY_RULE_OUT 1
#define VS_POLICY_RULE_IN 2

/**
 * struct vs_policy_rule - what an allow list lets pass
 * @directions: VS_POLICY_RULE_*; 0: the end of the list
 * @family: 4, 6, or 0 for both
 * @any_protocol: @protocol does not matter
 * @protocol: IP protocol
 * @any_ports: the ports do not matter
 * @pad: 0
 * @source_port: first and last
 * @target_port: first and last
 * @source: address, 0 where @source_mask is 0
 * @source_mask: which bits of it matter
 * @target: address, 0 where @target_mask is 0
 * @target_mask: which bits of it matter
 */
struct vs_policy_rule {
	__u8 directions;
	__u8 family;
	__u8 any_protocol;
	__u8 protocol;
	__u8 any_ports;
	__u8 pad[3];
	__u16 source_port[2];
	__u16 target_port[2];
	__u64 source[2];
	__u64 source_mask[2];
	__u64 target[2];
	__u64 target_mask[2];
};

/** VS_POLICY_HEAD - bytes of a payload that are searched for signatures */
#define VS_POLICY_HEAD 128
/** VS_POLICY_TEXT_MIN - length of the shortest signature: a bucket's key */
#define VS_POLICY_TEXT_MIN 4
/** VS_POLICY_TEXT_MAX - length of the longest signature */
#define VS_POLICY_TEXT_MAX 32
/** VS_POLICY_BUCKET - signatures that begin with the same bytes */
#define VS_POLICY_BUCKET 4
/** VS_POLICY_BUCKETS_MAX - how many beginnings there are */
#define VS_POLICY_BUCKETS_MAX 1024

/**
 * struct vs_policy_signature - a string that must not be seen
 * @number: its number, from 1; 0: there is none
 * @length: bytes of the string
 * @protocol: TCP, UDP, or 0 for both
 * @port: either port of the packet, or 0 for all
 * @text: the string, zeros behind it
 * @mask: ones where @text matters
 */
struct vs_policy_signature {
	__u32 number;
	__u8 length;
	__u8 protocol;
	__u16 port;
	__u64 text[VS_POLICY_TEXT_MAX / 8];
	__u64 mask[VS_POLICY_TEXT_MAX / 8];
};

/** struct vs_policy_bucket - signatures that begin alike */
struct vs_policy_bucket {
	struct vs_policy_signature signatures[VS_POLICY_BUCKET];
};

#endif
