// SPDX-License-Identifier: GPL-2.0-only
/*
 * The appliance session: who holds it, and whether it still lives.
 *
 * "Lost" is what the vNICs' modes follow. It begins when heartbeats that were
 * promised stay away, or when a session with such a promise is closed by force
 * or taken over by one without; it ends with a heartbeat, a clean detach, or
 * the attach of an appliance that promises heartbeats again. A session without
 * that promise, a tool's look at the tables for instance, changes nothing by
 * coming or going.
 *
 * The timer runs on jiffies: monotonic, and standing still while the host is
 * suspended, so that nobody is found missing for having slept.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "net.h"
#include "notify.h"
#include "trace.h"
#include "vnic.h"

/* So many jiffies the timer wheel waits to the jiffy (LVL_SIZE, 64). */
#define VSN_APPLIANCE_EXACT	64

static void vsn_appliance_found(struct vsn_net *sn)
{
	if (!sn->appliance.lost)
		return;
	sn->appliance.lost = false;
	vsn_vnic_mode_update_all(sn);
}

/* Close what is to be closed now; vsn_vnic_mode_update_all() tells of it. */
static void vsn_appliance_close(struct vsn_net *sn)
{
	sn->appliance.lost = true;
	vsn_vnic_mode_close_all(sn);
}

/*
 * The timer wheel may come late by an eighth of what it is to wait, which is
 * minutes for a long promise. So it is sent for seven eighths of what is left,
 * until that is little enough to be waited for to the jiffy. What is too far
 * away for it, it cuts short; that is one step more.
 */
static void vsn_appliance_wait(struct vsn_appliance *app)
{
	u64 now = get_jiffies_64(), left = 0;

	if (time_before64(now, app->deadline))
		left = app->deadline - now;
	if (left >= VSN_APPLIANCE_EXACT)
		left -= left / 8;
	mod_delayed_work(system_wq, &app->loss,
			 min_t(u64, left, MAX_JIFFY_OFFSET));
}

static void vsn_appliance_arm(struct vsn_appliance *app)
{
	u64 ms = (u64)app->interval * (app->tolerance + 1);

	if (!app->interval)
		return;
	/* msecs_to_jiffies() knows no more than 24 days. */
	app->deadline = get_jiffies_64() +
			div_u64(ms * HZ + MSEC_PER_SEC - 1, MSEC_PER_SEC);
	vsn_appliance_wait(app);
}

static void vsn_appliance_lose(struct vsn_net *sn)
{
	sn->appliance.state = VMSAFE_NET_APPLIANCE_STATE_LOST;
	vsn_net_changed(sn);
	trace_vsn_session_lost(sn);
	vsn_appliance_close(sn);
	vsn_notify_host(sn, VMSAFE_NET_REASON_LOST);
	vsn_vnic_mode_update_all(sn);
}

static void vsn_appliance_loss(struct work_struct *work)
{
	struct vsn_appliance *app = container_of(to_delayed_work(work),
						 struct vsn_appliance, loss);
	struct vsn_net *sn = container_of(app, struct vsn_net, appliance);

	mutex_lock(&sn->lock);
	/* A heartbeat or a detach may have been quicker to the lock. */
	if (!app->holder || !app->interval ||
	    app->state != VMSAFE_NET_APPLIANCE_STATE_ATTACHED)
		goto unlock;
	if (time_before64(get_jiffies_64(), app->deadline))
		vsn_appliance_wait(app);
	else
		vsn_appliance_lose(sn);
unlock:
	mutex_unlock(&sn->lock);
}

/* The session ends. Its timer, should it be running, finds nobody. */
static void vsn_appliance_clear(struct vsn_appliance *app, u8 state)
{
	cancel_delayed_work(&app->loss);
	put_pid(app->pid);
	app->pid = NULL;
	app->holder = NULL;
	app->interval = 0;
	app->tolerance = 0;
	app->state = state;
}

static void vsn_appliance_begin(struct vsn_appliance *app,
				struct vsn_session *who, u32 interval,
				u32 tolerance)
{
	app->holder = who;
	app->pid = get_pid(task_tgid(current));
	app->epoch++;
	app->interval = interval;
	app->tolerance = tolerance;
	app->state = VMSAFE_NET_APPLIANCE_STATE_ATTACHED;
	who->epoch = app->epoch;
	vsn_appliance_arm(app);
}

/**
 * vsn_appliance_attach - take the session
 * @sn: namespace, its lock held
 * @who: the caller, who calls vsn_appliance_release() before it goes
 * @interval: milliseconds between the heartbeats it promises, or 0
 * @tolerance: heartbeats it may miss
 * @take_over: take it from whoever holds it
 *
 * Context: process, that of the appliance.
 * Return: 0, or -EBUSY if somebody else holds the session and it is not to be
 * taken over, or if the caller holds it.
 */
int vsn_appliance_attach(struct vsn_net *sn, struct vsn_session *who,
			 u32 interval, u32 tolerance, bool take_over)
{
	struct vsn_appliance *app = &sn->appliance;
	bool taken = app->holder;
	bool broken = app->interval && !interval;

	lockdep_assert_held(&sn->lock);
	if (taken && (app->holder == who || !take_over)) {
		trace_vsn_session_attach_err(sn, app->epoch, -EBUSY);
		return -EBUSY;
	}
	if (taken)
		vsn_appliance_clear(app, VMSAFE_NET_APPLIANCE_STATE_RESET);
	vsn_appliance_begin(app, who, interval, tolerance);
	vsn_net_changed(sn);
	if (taken)
		trace_vsn_session_take(sn);
	else
		trace_vsn_session_attach(sn);
	if (broken)
		vsn_appliance_close(sn);
	vsn_notify_host(sn, taken ? VMSAFE_NET_REASON_TAKEN_OVER :
				    VMSAFE_NET_REASON_ATTACHED);
	if (interval)
		vsn_appliance_found(sn);
	else if (broken)
		vsn_vnic_mode_update_all(sn);
	return 0;
}

/**
 * vsn_appliance_check - does the caller hold the session?
 * @sn: namespace, its lock held
 * @who: the caller
 *
 * Return: 0; -ESTALE if it was taken over from the caller, -ENOTCONN if the
 * caller has none to give up.
 */
int vsn_appliance_check(const struct vsn_net *sn, const struct vsn_session *who)
{
	lockdep_assert_held(&sn->lock);
	if (sn->appliance.holder == who)
		return 0;
	return who->epoch ? -ESTALE : -ENOTCONN;
}

static int vsn_appliance_check_epoch(const struct vsn_net *sn,
				     const struct vsn_session *who, u64 epoch)
{
	int err = vsn_appliance_check(sn, who);

	if (err)
		return err;
	return sn->appliance.epoch == epoch ? 0 : -ESTALE;
}

/**
 * vsn_appliance_heartbeat - the appliance lives
 * @sn: namespace, its lock held
 * @who: the caller
 * @epoch: the session it means
 *
 * A refusal is told of, once a second at most.
 *
 * Return: 0; -ENOTCONN if it does not hold the session, -ESTALE for another
 * epoch than the running one.
 */
int vsn_appliance_heartbeat(struct vsn_net *sn, const struct vsn_session *who,
			    u64 epoch)
{
	struct vsn_appliance *app = &sn->appliance;
	int err = vsn_appliance_check_epoch(sn, who, epoch);

	if (err) {
		trace_vsn_heartbeat_err(sn, epoch, err);
		if (__ratelimit(&app->refused))
			vsn_notify_host(sn, err == -ESTALE ?
					VMSAFE_NET_REASON_HEARTBEAT_STALE :
					VMSAFE_NET_REASON_HEARTBEAT_UNKNOWN);
		return err;
	}
	vsn_appliance_arm(app);
	trace_vsn_heartbeat(sn);
	if (app->state != VMSAFE_NET_APPLIANCE_STATE_LOST)
		return 0;
	app->state = VMSAFE_NET_APPLIANCE_STATE_ATTACHED;
	vsn_net_changed(sn);
	trace_vsn_session_resume(sn);
	vsn_notify_host(sn, VMSAFE_NET_REASON_RESUMED);
	vsn_appliance_found(sn);
	return 0;
}

/**
 * vsn_appliance_detach - give the session up
 * @sn: namespace, its lock held
 * @who: the caller
 * @epoch: the session it means
 *
 * Return: 0; -ENOTCONN and -ESTALE as for vsn_appliance_heartbeat().
 */
int vsn_appliance_detach(struct vsn_net *sn, struct vsn_session *who, u64 epoch)
{
	struct vsn_appliance *app = &sn->appliance;
	int err = vsn_appliance_check_epoch(sn, who, epoch);
	bool promised = app->interval;

	if (err) {
		trace_vsn_session_detach_err(sn, epoch, err);
		return err;
	}
	who->epoch = 0;
	/* What an earlier reset left behind is not mended by a visitor. */
	vsn_appliance_clear(app, app->lost && !promised ?
			    VMSAFE_NET_APPLIANCE_STATE_RESET :
			    VMSAFE_NET_APPLIANCE_STATE_NONE);
	vsn_net_changed(sn);
	trace_vsn_session_detach(sn);
	vsn_notify_host(sn, VMSAFE_NET_REASON_DETACHED);
	if (promised)
		vsn_appliance_found(sn);
	return 0;
}

/**
 * vsn_appliance_release - the caller goes away, with or without a detach
 * @sn: namespace, its lock held
 * @who: the caller
 */
void vsn_appliance_release(struct vsn_net *sn, const struct vsn_session *who)
{
	struct vsn_appliance *app = &sn->appliance;
	bool promised = app->interval;

	if (vsn_appliance_check(sn, who))
		return;
	vsn_appliance_clear(app, VMSAFE_NET_APPLIANCE_STATE_RESET);
	vsn_net_changed(sn);
	trace_vsn_session_reset(sn);
	if (promised)
		vsn_appliance_close(sn);
	vsn_notify_host(sn, VMSAFE_NET_REASON_RESET);
	if (promised)
		vsn_vnic_mode_update_all(sn);
}

/**
 * vsn_appliance_init - nobody holds the session
 * @sn: namespace
 */
void vsn_appliance_init(struct vsn_net *sn)
{
	ratelimit_state_init(&sn->appliance.refused, HZ, 1);
	ratelimit_set_flags(&sn->appliance.refused, RATELIMIT_MSG_ON_RELEASE);
	INIT_DELAYED_WORK(&sn->appliance.loss, vsn_appliance_loss);
}

/**
 * vsn_appliance_exit - wait for the timer
 * @sn: namespace that nobody speaks to any more
 */
void vsn_appliance_exit(struct vsn_net *sn)
{
	WARN_ON_ONCE(sn->appliance.holder);
	cancel_delayed_work_sync(&sn->appliance.loss);
}
