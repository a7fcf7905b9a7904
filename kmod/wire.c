// SPDX-License-Identifier: GPL-2.0-only
/* MACs on the wire: learned from what the guest sends. */
#include <linux/slab.h>

#include "wire.h"

/* Taken with the first frame: most of a table may be ports of idle guests. */
static struct vsn_wire_seen *vsn_wire_seen(struct vsn_wire *wire)
{
	struct vsn_wire_seen *seen = READ_ONCE(wire->seen), *first;

	if (seen)
		return seen;
	/*
	 * On nobody's account: who runs when the first frame comes may be a
	 * stranger that an interrupt found, and would be charged for as long as
	 * the port lives. It is one of these for each entry, whose number is
	 * limited.
	 */
	seen = kzalloc(sizeof(*seen), GFP_NOWAIT | __GFP_NOWARN);
	if (!seen)
		return NULL;
	first = cmpxchg(&wire->seen, NULL, seen);
	if (!first)
		return seen;
	kfree(seen);
	return first;
}

static void vsn_wire_touch(struct vsn_wire *wire, int i, u64 mac, u64 now)
{
	WRITE_ONCE(wire->seen->macs[i].last, now);
	WRITE_ONCE(wire->hot, mac | vsn_wire_stamp());
}

/**
 * vsn_wire_learn - note a source MAC
 * @wire: the vNIC's
 * @mac: as vsn_wire_mac() gives it; 0 is no address and not noted
 *
 * Context: any. If two CPUs want the same place, one of them lets its frame go
 * unnoted, and so is the first if there is no memory; there will be another.
 */
void vsn_wire_learn(struct vsn_wire *wire, u64 mac)
{
	struct vsn_wire_seen *seen;
	u64 now = get_jiffies_64();
	int i, oldest = 0;
	u64 old;

	if (!mac)
		return;
	seen = vsn_wire_seen(wire);
	if (!seen)
		return;
	for (i = 0; i < VSN_WIRE_MACS; i++) {
		old = READ_ONCE(seen->macs[i].mac);
		if (old == mac) {
			vsn_wire_touch(wire, i, mac, now);
			return;
		}
		if (!old) {
			oldest = i;
			break;
		}
		if (READ_ONCE(seen->macs[i].last) <
		    READ_ONCE(seen->macs[oldest].last))
			oldest = i;
	}
	old = READ_ONCE(seen->macs[oldest].mac);
	if (cmpxchg64(&seen->macs[oldest].mac, old, mac) != old)
		return;
	WRITE_ONCE(seen->macs[oldest].first, now);
	vsn_wire_touch(wire, oldest, mac, now);
	if (old)
		atomic64_inc(&seen->others);
}

/**
 * vsn_wire_forget - free what was learned
 * @wire: of a vNIC that no packet sees any more
 */
void vsn_wire_forget(struct vsn_wire *wire)
{
	kfree(wire->seen);
}
