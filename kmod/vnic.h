/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_VNIC_H
#define _VSN_VNIC_H

#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>

#include <uapi/linux/vmsafe_net.h>

#include "net.h"
#include "stats.h"
#include "wire.h"

struct vsn_binding;
struct vsn_policy;

/* What the packet path has to do besides counting. */
#define VSN_ACT_DROP		BIT(0)	/* the mode drops everything */
#define VSN_ACT_GUARD		BIT(1)	/* compare the source MAC */
#define VSN_ACT_POLICY(dir)	BIT(2 + (dir))	/* run the policy */
#define VSN_ACT_PROBE		BIT(4)	/* one of the packets is a probe */
#define VSN_ACT_LOST		BIT(5)	/* with _DROP: no appliance is why */

/**
 * struct vsn_port_view - what the table shows of a port's device
 * @domain: L2 domain, 0 if it shares none, see vsn_port_domain()
 * @ifindex: interface index
 * @master: interface index of the bridge, or 0
 * @mtu: in bytes
 * @up: administratively up
 * @mac: the port's own address
 * @pad: zero, so that two views can be compared whole
 * @ifname: name
 */
struct vsn_port_view {
	u64 domain;
	u32 ifindex;
	u32 master;
	u32 mtu;
	bool up;
	u8 mac[ETH_ALEN];
	u8 pad[5];
	char ifname[IFNAMSIZ];
};

/**
 * struct vsn_vnic - an entry of the table: a port with both hooks
 * @stats: what passed, written by the packet path
 * @mode: enum vmsafe_net_mode. This and the next five are written under
 *	vsn_net.lock; the packet path reads them without, the mode only to show
 *	it to a probe
 * @act: VSN_ACT_*, what follows from the mode and the binding: all that a
 *	packet is judged by, in one load. Written with release and read with
 *	acquire: who is told to do something finds what it takes to do it
 * @guard: enum vmsafe_net_guard; written with release after @guest_mac, which
 *	whoever reads it compares again
 * @fail_closed: what becomes of packets that the policy cannot judge
 * @kind: enum vmsafe_net_port_kind, constant
 * @hooked: directions whose hook is on, as bits; guarded as vsn_hook_ops are
 * @pass: enum vsn_pass, the mode in which packets passed last. This and the
 *	next three are guarded by vsn_net.lock
 * @judge: enum vsn_judge, the mode in which they were judged last
 * @gone: it is out of the tables, and nobody will ask for its counters
 * @untold: its mode was changed and that is still to be told
 * @guest_mac: the binding's MAC, as vsn_wire_mac() gives it. On 32-bit machines
 *	a packet may meet half of the old and half of the new one while it is
 *	changed; which of them counts for that packet is open anyway
 * @wire: source MACs, written by the packet path
 * @policy: by direction, freed by RCU
 * @ledger: what was dropped, and what passed in which mode; NULL until
 *	vsn_stats_prepare() or until there is something to book, then for life
 * @sn: the namespace it belongs to, for life
 * @dev: the port, held until the entry is freed
 * @dev_tracker: for @dev
 * @id: creation ID, constant once in the table
 * @created: CLOCK_BOOTTIME in nanoseconds
 * @binding: identity or NULL; written under vsn_net.lock, freed by RCU
 * @port: its device as of the last notification, guarded by vsn_net.lock
 * @rcu: frees the entry after the last packet has left its hooks; then @port is
 *	not needed any more
 */
struct vsn_vnic {
	struct vsn_stats __percpu *stats;
	u8 mode;
	u8 act;
	u8 guard;
	bool fail_closed;
	u8 kind;
	u8 hooked;
	u8 pass : 4;
	u8 judge : 4;
	bool gone : 1;
	bool untold : 1;
	u64 guest_mac;
	struct vsn_wire wire;
	struct vsn_policy __rcu *policy[VSN_DIRS];
	struct vsn_ledger *ledger;
	struct vsn_net *sn;
	struct net_device *dev;
	netdevice_tracker dev_tracker;
	u64 id;
	u64 created;
	struct vsn_binding __rcu *binding;
	union {
		struct vsn_port_view port;
		struct rcu_head rcu;
	};
};

/*
 * For the packet path, which got here because of something that was set after
 * vsn_stats_prepare().
 */
static inline struct vsn_ledger *vsn_vnic_ledger(const struct vsn_vnic *vnic)
{
	smp_rmb(); /* pairs with smp_wmb() in vsn_stats_ledger() */
	return READ_ONCE(vnic->ledger);
}

/* Its identity or NULL, for those who hold the lock. */
static inline struct vsn_binding *vsn_vnic_binding(const struct vsn_vnic *vnic)
{
	return rcu_dereference_protected(vnic->binding,
					 lockdep_is_held(&vnic->sn->lock));
}

struct vsn_vnic *vsn_vnic_create(struct vsn_net *sn, struct net_device *dev,
				 enum vmsafe_net_port_kind kind);
void vsn_vnic_destroy(struct vsn_vnic *vnic);
int vsn_vnic_insert(struct vsn_vnic *vnic);
void vsn_vnic_remove(struct vsn_vnic *vnic);
void vsn_vnic_flush(struct vsn_net *sn);

struct vsn_vnic *vsn_vnic_by_id(struct vsn_net *sn, u64 id);
struct vsn_vnic *vsn_vnic_by_dev(struct vsn_net *sn,
				 const struct net_device *dev);
bool vsn_vnic_mode_update(struct vsn_vnic *vnic);
void vsn_vnic_limit_check(struct vsn_net *sn);
void vsn_vnic_mode_close_all(struct vsn_net *sn);
void vsn_vnic_mode_update_all(struct vsn_net *sn);
void vsn_vnic_act_update(struct vsn_vnic *vnic);
int vsn_vnic_prepare_all(struct vsn_net *sn);

int vsn_vnic_cache_init(void);
void vsn_vnic_cache_exit(void);

#endif /* _VSN_VNIC_H */
