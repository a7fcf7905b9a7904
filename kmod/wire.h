/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_WIRE_H
#define _VSN_WIRE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/if_ether.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include <uapi/linux/vmsafe_net.h>

/* Enough for a guest with a bridge or a bond of its own. */
#define VSN_WIRE_MACS	4

/**
 * struct vsn_wire_mac - a source MAC
 * @mac: as vsn_wire_mac() gives it; 0, the place is free
 * @first: jiffies when it was first seen; 64 bits, a guest may live for years
 * @last: the same when it was last seen
 */
struct vsn_wire_mac {
	u64 mac;
	u64 first;
	u64 last;
};

/**
 * struct vsn_wire_seen - the source MACs that a guest really uses
 * @macs: those seen last
 * @others: how often one had to make room
 *
 * Written by the packet path of any CPU without a lock: a place is taken by
 * exchanging its MAC, and times may be those of the one before for a moment.
 */
struct vsn_wire_seen {
	struct vsn_wire_mac macs[VSN_WIRE_MACS];
	atomic64_t others;
};

/**
 * struct vsn_wire - what was learned of them
 * @hot: the one of the last frame that was looked at, and the moment of that
 * @seen: all of it; NULL before the first frame
 */
struct vsn_wire {
	u64 hot;
	struct vsn_wire_seen *seen;
};

/*
 * A MAC as a number; 0 only for the address of zeros. Which number is chosen so
 * that eight bytes of a frame give it with one load and one shift.
 */
#ifdef __LITTLE_ENDIAN
#define VSN_WIRE_SHIFT_FRAME(number)	((number) << 16)
#define VSN_WIRE_SHIFT_BACK(number)	((number) >> 16)
#define VSN_WIRE_STAMP(ticks)		((u64)(ticks))
#define VSN_WIRE_TICKS			0
#else
#define VSN_WIRE_SHIFT_FRAME(number)	((number) >> 16)
#define VSN_WIRE_SHIFT_BACK(number)	((number) << 16)
#define VSN_WIRE_STAMP(ticks)		((u64)(ticks) << 48)
#define VSN_WIRE_TICKS			(sizeof(jiffies) / sizeof(u16) - 1)
#endif

/*
 * How long a source is not looked at again: 64 jiffies. Long enough for some
 * ten thousand guests that send in turns, and short for those who read it.
 */
#define VSN_WIRE_SHIFT	6

/* The present stamp: the lowest half-word of jiffies, and of that the rest. */
static __always_inline u64 vsn_wire_stamp(void)
{
	u64 ticks = READ_ONCE(((const u16 *)&jiffies)[VSN_WIRE_TICKS]);

	return VSN_WIRE_STAMP(ticks >> VSN_WIRE_SHIFT);
}

/* @mac: in a frame, so that two bytes follow it */
static __always_inline u64 vsn_wire_frame(const u8 *mac)
{
	u64 number;

	memcpy(&number, mac, sizeof(number));
	return VSN_WIRE_SHIFT_FRAME(number);
}

/* @mac: on its own */
static inline u64 vsn_wire_mac(const u8 *mac)
{
	u64 number = 0;

	memcpy(&number, mac, ETH_ALEN);
	return VSN_WIRE_SHIFT_FRAME(number);
}

/* And back. */
static inline void vsn_wire_bytes(u64 number, u8 *mac)
{
	number = VSN_WIRE_SHIFT_BACK(number);
	memcpy(mac, &number, ETH_ALEN);
}

/*
 * Milliseconds from one moment to another, as long as 32 bits hold them. What
 * was noted on another CPU after @now was read is no age of 49 days.
 */
static inline u32 vsn_wire_age(u64 now, u64 then)
{
	return now > then ? min_t(u64, jiffies64_to_msecs(now - then),
				  U32_MAX) : 0;
}

/*
 * Was this source seen a moment ago, last of all? Inline, because so it almost
 * always is, and then there is nothing to note. A moment is mistaken for that
 * 65,536 jiffies before it; the next one puts that right.
 */
static __always_inline bool vsn_wire_known(const struct vsn_wire *wire, u64 mac)
{
	/* Read just here, in the comparison itself: for nothing else. */
	return data_race(wire->hot) == (mac | vsn_wire_stamp());
}

void vsn_wire_learn(struct vsn_wire *wire, u64 mac);
void vsn_wire_forget(struct vsn_wire *wire);

#endif /* _VSN_WIRE_H */
