// SPDX-License-Identifier: GPL-2.0-only
/* MACs on the wire: learned from what the guest sends. */
#include "wire.h"

static void vsn_wire_touch(struct vsn_wire *wire, int i, u64 mac, u32 now)
{
	WRITE_ONCE(wire->seen[i].last, now);
	WRITE_ONCE(wire->hot, mac | VSN_WIRE_STAMP(now));
}

/**
 * vsn_wire_learn - note a source MAC
 * @wire: the vNIC's
 * @mac: as vsn_wire_mac() gives it; 0 is no address and not noted
 *
 * Context: any. If two CPUs want the same place, one of them lets its frame go
 * unnoted; there will be another.
 */
void vsn_wire_learn(struct vsn_wire *wire, u64 mac)
{
	u32 now = jiffies;
	int i, oldest = 0;
	u64 old;

	if (!mac)
		return;
	for (i = 0; i < VSN_WIRE_MACS; i++) {
		old = READ_ONCE(wire->seen[i].mac);
		if (old == mac) {
			vsn_wire_touch(wire, i, mac, now);
			return;
		}
		if (!old) {
			oldest = i;
			break;
		}
		if (now - READ_ONCE(wire->seen[i].last) >
		    now - READ_ONCE(wire->seen[oldest].last))
			oldest = i;
	}
	old = READ_ONCE(wire->seen[oldest].mac);
	if (cmpxchg64(&wire->seen[oldest].mac, old, mac) != old)
		return;
	WRITE_ONCE(wire->seen[oldest].first, now);
	vsn_wire_touch(wire, oldest, mac, now);
	if (old)
		atomic64_inc(&wire->others);
}
