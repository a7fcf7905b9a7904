/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_WIRE_H
#define _VSN_WIRE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/types.h>

#include <uapi/linux/vmsafe_net.h>

/* Enough for a guest with a bridge or a bond of its own. */
#define VSN_WIRE_MACS	4

/**
 * struct vsn_wire_mac - a source MAC
 * @mac: as vsn_wire_mac() gives it; 0, the place is free
 * @first: jiffies when it was first seen
 * @last: jiffies when it was last seen
 */
struct vsn_wire_mac {
	u64 mac;
	u32 first;
	u32 last;
};

/**
 * struct vsn_wire - the source MACs that a guest really uses
 * @hot_mac: the one of the last frame
 * @hot_time: jiffies of the last frame that was looked at
 * @seen: those seen last
 * @others: how often one had to make room
 *
 * Written by the packet path of any CPU without a lock: a place is taken by
 * exchanging its MAC, and times may be those of the one before for a moment.
 */
struct vsn_wire {
	u64 hot_mac;
	u32 hot_time;
	struct vsn_wire_mac seen[VSN_WIRE_MACS];
	atomic64_t others;
};

/* A MAC as a number; 0 only for the address of zeros. */
static __always_inline u64 vsn_wire_mac(const u8 *mac)
{
	u32 low;
	u16 high;

	memcpy(&low, mac, sizeof(low));
	memcpy(&high, mac + sizeof(low), sizeof(high));
	return (u64)high << 32 | low;
}

/* And back. */
static inline void vsn_wire_bytes(u64 number, u8 *mac)
{
	u32 low = number;
	u16 high = number >> 32;

	memcpy(mac, &low, sizeof(low));
	memcpy(mac + sizeof(low), &high, sizeof(high));
}

/*
 * Was this source seen within this jiffy, last of all? Inline, because so it
 * almost always is, and then there is nothing to note.
 */
static __always_inline bool vsn_wire_known(const struct vsn_wire *wire, u64 mac)
{
	return READ_ONCE(wire->hot_mac) == mac &&
	       READ_ONCE(wire->hot_time) == (u32)jiffies;
}

void vsn_wire_learn(struct vsn_wire *wire, u64 mac);

#endif /* _VSN_WIRE_H */
