// SPDX-License-Identifier: GPL-2.0-only
/*
 * The source-MAC guard's voice. The packet path only counts and wakes; once a
 * second at most somebody goes through the entries and tells of those whose
 * count has grown.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>

#include "guard.h"
#include "net.h"
#include "notify.h"
#include "vnic.h"

static void vsn_guard_tell(struct work_struct *work)
{
	struct vsn_guard *guard = container_of(to_delayed_work(work),
					       struct vsn_guard, tell);
	struct vsn_net *sn = container_of(guard, struct vsn_net, guard);
	struct vsn_vnic *vnic;
	unsigned long id;

	WRITE_ONCE(guard->next, jiffies + HZ);
	mutex_lock(&sn->lock);
	xa_for_each(&sn->vnics, id, vnic) {
		struct vsn_ledger *ledger = vnic->ledger;
		s64 hits;

		cond_resched();
		if (!ledger)
			continue;
		hits = atomic64_read(&ledger->guard_hits);
		if (ledger->guard_told == hits)
			continue;
		ledger->guard_told = hits;
		vsn_notify_vnic(vnic, VMSAFE_NET_REASON_SOURCE_MAC);
	}
	mutex_unlock(&sn->lock);
}

/**
 * vsn_guard_hit - a frame's source was not the guest's MAC
 * @vnic: the entry
 *
 * Context: hook.
 */
void vsn_guard_hit(struct vsn_vnic *vnic)
{
	struct vsn_guard *guard = &vnic->sn->guard;
	unsigned long next = READ_ONCE(guard->next);
	unsigned long now = jiffies;

	atomic64_inc(&vsn_vnic_ledger(vnic)->guard_hits);
	if (!delayed_work_pending(&guard->tell))
		queue_delayed_work(system_wq, &guard->tell,
				   time_before(now, next) ? next - now : 0);
}

/**
 * vsn_guard_init - nothing to tell
 * @sn: namespace
 */
void vsn_guard_init(struct vsn_net *sn)
{
	sn->guard.next = jiffies;
	INIT_DELAYED_WORK(&sn->guard.tell, vsn_guard_tell);
}

/**
 * vsn_guard_exit - wait for the one who tells
 * @sn: namespace without entries; the last packet has left their hooks
 */
void vsn_guard_exit(struct vsn_net *sn)
{
	cancel_delayed_work_sync(&sn->guard.tell);
}
