/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_APPLIANCE_H
#define _VSN_APPLIANCE_H

#include <linux/pid.h>
#include <linux/workqueue.h>

struct vsn_net;

/**
 * struct vsn_appliance - the appliance session of a namespace
 * @holder: whoever holds the session, compared and never looked into; or NULL
 * @pid: its process while @holder is set, referenced
 * @epoch: number of the running or last session
 * @interval: milliseconds between heartbeats; 0, none are promised
 * @tolerance: heartbeats that may be missed
 * @state: enum vmsafe_net_appliance_state
 * @lost: an appliance that promised heartbeats is missing; modes follow it
 * @deadline: jiffies when it counts as lost, while @holder is set
 * @loss: runs at @deadline
 *
 * Guarded by vsn_net.lock.
 */
struct vsn_appliance {
	const void *holder;
	struct pid *pid;
	u64 epoch;
	u32 interval;
	u32 tolerance;
	u8 state;
	bool lost;
	unsigned long deadline;
	struct delayed_work loss;
};

int vsn_appliance_attach(struct vsn_net *sn, const void *who, u32 interval,
			 u32 tolerance);
int vsn_appliance_check(const struct vsn_net *sn, const void *who);
int vsn_appliance_heartbeat(struct vsn_net *sn, const void *who, u64 epoch);
int vsn_appliance_detach(struct vsn_net *sn, const void *who, u64 epoch);
void vsn_appliance_release(struct vsn_net *sn, const void *who);

void vsn_appliance_init(struct vsn_net *sn);
void vsn_appliance_exit(struct vsn_net *sn);

#endif /* _VSN_APPLIANCE_H */
