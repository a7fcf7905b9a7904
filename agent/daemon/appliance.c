// SPDX-License-Identifier: GPL-2.0-only
/*
 * We are the appliance: hold the driver's session, and say by heartbeats that
 * we live. What ends it without our doing is told and tried again.
 */
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "po/i18n.h"

/* milliseconds between two attempts to get the session */
#define VS_APPLIANCE_PAUSE 3000

static int vs_appliance_beat(sd_event_source *source, uint64_t usec,
			     void *ctx);

static void vs_appliance_told(struct vs_agent *a, enum vs_event_id id,
			      const struct vs_error *error)
{
	const struct vs_event event = {
		.time = vs_agent_now(a),
		.id = id,
		.level = id == VS_EVENT_BACK_ONLINE ? VS_LEVEL_INFO :
						      VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_APPLIANCE,
		.host = a->conf->host,
		.error = error,
	};

	vs_agent_event(a, &event);
}

static int vs_appliance_again(sd_event_source *source, uint64_t usec,
			      void *ctx)
{
	struct vs_agent *a = ctx;

	(void)source;
	(void)usec;
	vs_appliance_attach(a, 0);
	vs_pass_plan(a);
	return 0;
}

/* twice as often as was promised: what is late by half is still in time */
static void vs_appliance_rhythm(struct vs_agent *a)
{
	vs_timer_set(a, &a->appliance.beat, a->conf->heartbeat / 2,
		     vs_appliance_beat);
	/* who was stopped for a while says first of all that it lives */
	sd_event_source_set_priority(a->appliance.beat,
				     SD_EVENT_PRIORITY_IMPORTANT);
}

/* the session is no longer ours */
static void vs_appliance_drop(struct vs_agent *a, const struct vs_error *error)
{
	struct vs_appliance *p = &a->appliance;

	vs_timer_stop(p->beat);
	vs_session_close(&p->session);
	p->error = *error;
	vs_appliance_told(a, VS_EVENT_OFFLINE, error);
	vs_timer_set(a, &p->again, VS_APPLIANCE_PAUSE, vs_appliance_again);
	vs_pass_plan(a);
}

static int vs_appliance_beat(sd_event_source *source, uint64_t usec,
			     void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_error error;

	(void)source;
	(void)usec;
	if (!a->appliance.session.attached)
		return 0;
	if (vs_session_heartbeat(&a->appliance.session, &error))
		vs_appliance_drop(a, &error);
	else
		vs_appliance_rhythm(a);
	return 0;
}

static int vs_appliance_open(struct vs_agent *a, int patience,
			     struct vs_error *error)
{
	struct vs_session *s = &a->appliance.session;
	struct vmsafe_net_ioc_version version;
	int ret = vs_session_open(s, patience, error);

	if (ret)
		return ret;
	s->interval = a->conf->heartbeat;
	s->tolerance = a->conf->tolerance;
	ret = vs_session_version(s, &version, error);
	if (!ret && version.abi != VMSAFE_NET_ABI_VERSION)
		ret = vs_error_set(error, VS_OP_NONE, VS_WHY_ABI, EPROTO,
				   NULL);
	if (!ret)
		ret = vs_session_attach(s, patience, error);
	if (ret)
		vs_session_close(s);
	return ret;
}

void vs_appliance_attach(struct vs_agent *a, int patience)
{
	struct vs_appliance *p = &a->appliance;
	struct vs_error error = { 0 };

	if (p->session.attached || p->resigned)
		return;
	/* not there: it will be told when it comes */
	if (!a->doorbell.listener.family.id)
		return;
	p->tried = true;
	if (vs_appliance_open(a, patience, &error)) {
		if (p->error.err != error.err || p->error.op != error.op)
			vs_agent_log_error(LOG_ERR, _("no appliance session"),
					   &error);
		p->error = error;
		vs_timer_set(a, &p->again, VS_APPLIANCE_PAUSE,
			     vs_appliance_again);
		return;
	}
	p->error = error;
	vs_timer_stop(p->again);
	vs_appliance_rhythm(a);
	/* an agent that was killed could not say that it went */
	if (!p->said && vs_record_was_online(a))
		vs_appliance_told(a, VS_EVENT_OFFLINE, NULL);
	p->said = true;
	vs_appliance_told(a, VS_EVENT_BACK_ONLINE, NULL);
}

void vs_appliance_detach(struct vs_agent *a)
{
	struct vs_appliance *p = &a->appliance;
	struct vs_error error;

	vs_timer_stop(p->beat);
	vs_timer_stop(p->again);
	if (p->session.attached && vs_session_detach(&p->session, &error))
		vs_agent_log_error(LOG_WARNING, _("giving up the appliance "
						  "session"), &error);
	vs_session_close(&p->session);
}

void vs_appliance_stop(struct vs_agent *a)
{
	struct vs_appliance *p = &a->appliance;
	bool was = p->session.attached;

	vs_appliance_detach(a);
	if (was)
		vs_appliance_told(a, VS_EVENT_OFFLINE, NULL);
	p->beat = sd_event_source_disable_unref(p->beat);
	p->again = sd_event_source_disable_unref(p->again);
}

void vs_appliance_resign(struct vs_agent *a)
{
	bool was = a->appliance.session.attached;

	a->appliance.resigned = true;
	vs_appliance_detach(a);
	if (was)
		vs_appliance_told(a, VS_EVENT_OFFLINE, NULL);
	vs_pass_plan(a);
}

void vs_appliance_resume(struct vs_agent *a)
{
	a->appliance.resigned = false;
	vs_appliance_attach(a, 0);
	vs_pass_plan(a);
}

/* what happened to our own session, or to who believes to have one */
void vs_appliance_hear(struct vs_agent *a, const struct vs_driver_host *host)
{
	bool ours = a->appliance.session.attached &&
		    host->epoch == a->appliance.session.epoch;

	switch (host->reason) {
	case VMSAFE_NET_REASON_LOST:
		if (ours)
			vs_appliance_told(a, VS_EVENT_OFFLINE, NULL);
		break;
	case VMSAFE_NET_REASON_RESUMED:
		if (ours)
			vs_appliance_told(a, VS_EVENT_BACK_ONLINE, NULL);
		break;
	case VMSAFE_NET_REASON_TAKEN_OVER:
		/* our next heartbeat says so; why wait for it */
		vs_appliance_beat(NULL, 0, a);
		break;
	case VMSAFE_NET_REASON_HEARTBEAT_STALE:
		vs_appliance_told(a, VS_EVENT_HEARTBEAT_REJECTED, NULL);
		break;
	case VMSAFE_NET_REASON_HEARTBEAT_UNKNOWN:
		vs_appliance_told(a, VS_EVENT_UNKNOWN_CLIENT, NULL);
		break;
	}
}

/*
 * As the appliance we read by ioctl; while resigned by netlink, since what an
 * operator wants is no failure. Without a session that we should have, the
 * list cannot be verified.
 */
void vs_appliance_read(struct vs_agent *a, struct vs_driver_reading *r)
{
	struct vs_appliance *p = &a->appliance;

	if (p->session.attached) {
		vs_driver_read_held(r, &p->session);
		return;
	}
	vs_driver_probe(r);
	if (p->resigned || !p->tried || r->info.state != VS_DRIVER_ONLINE ||
	    !p->error.op)
		return;
	r->listed = false;
	r->info.state = VS_DRIVER_IOCTL_FAILS;
	r->info.error = p->error;
}
