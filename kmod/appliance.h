/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_APPLIANCE_H
#define _VSN_APPLIANCE_H

#include <linux/pid.h>
#include <linux/ratelimit.h>
#include <linux/workqueue.h>

struct vsn_net;

/**
 * struct vsn_session - one who may hold the session: an open descriptor
 * @epoch: of the session that it took last, until it gave it up; or 0
 */
struct vsn_session {
	u64 epoch;
};

/**
 * struct vsn_appliance - the appliance session of a namespace
 * @holder: who holds the session, or NULL
 * @pid: its process while @holder is set, referenced
 * @epoch: number of the running or last session
 * @interval: milliseconds between heartbeats; 0, none are promised
 * @tolerance: heartbeats that may be missed
 * @state: enum vmsafe_net_appliance_state
 * @lost: an appliance that promised heartbeats is missing; modes follow it
 * @deadline: get_jiffies_64() when it counts as lost, while @holder is set
 * @loss: runs at @deadline
 * @refused: how often refused heartbeats are told of
 *
 * Guarded by vsn_net.lock.
 */
struct vsn_appliance {
	struct vsn_session *holder;
	struct pid *pid;
	u64 epoch;
	u32 interval;
	u32 tolerance;
	u8 state;
	bool lost;
	u64 deadline;
	struct delayed_work loss;
	struct ratelimit_state refused;
};

int vsn_appliance_attach(struct vsn_net *sn, struct vsn_session *who,
			 u32 interval, u32 tolerance, bool take_over);
int vsn_appliance_check(const struct vsn_net *sn,
			const struct vsn_session *who);
int vsn_appliance_heartbeat(struct vsn_net *sn, const struct vsn_session *who,
			    u64 epoch);
int vsn_appliance_detach(struct vsn_net *sn, struct vsn_session *who,
			 u64 epoch);
void vsn_appliance_release(struct vsn_net *sn, const struct vsn_session *who);

void vsn_appliance_init(struct vsn_net *sn);
void vsn_appliance_exit(struct vsn_net *sn);

#endif /* _VSN_APPLIANCE_H */
