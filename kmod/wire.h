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
 * @seen: those seen last
 * @hot: index of the one to try first
 * @others: how often one had to make room
 *
 * Written by the packet path of any CPU without a lock: a place is taken by
 * exchanging its MAC, and times may be those of the one before for a moment.
 */
struct vsn_wire {
	struct vsn_wire_mac seen[VSN_WIRE_MACS];
	u8 hot;
	atomic64_t others;
};

/* Six bytes in the first six of a number; 0 only for the address of zeros. */
static inline u64 vsn_wire_mac(const u8 *mac)
{
	u64 number = 0;

	memcpy(&number, mac, VMSAFE_NET_MAC_LEN);
	return number;
}

void vsn_wire_learn(struct vsn_wire *wire, u64 mac);

/* A frame came with this source. Inline, because almost all come again. */
static __always_inline void vsn_wire_see(struct vsn_wire *wire, u64 mac)
{
	struct vsn_wire_mac *hot = &wire->seen[READ_ONCE(wire->hot)];

	if (unlikely(READ_ONCE(hot->mac) != mac))
		vsn_wire_learn(wire, mac);
	else if (unlikely(READ_ONCE(hot->last) != (u32)jiffies))
		WRITE_ONCE(hot->last, (u32)jiffies);
}

#endif /* _VSN_WIRE_H */
