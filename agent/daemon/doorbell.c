// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's notifications: a doorbell. What one says is not taken for the
 * state of things; a pass goes and looks. So nothing is missed when some are
 * lost, which is only counted.
 */
#include <errno.h>
#include <net/if.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "po/i18n.h"

/* milliseconds between two attempts to listen */
#define VS_DOORBELL_PAUSE 1000

/* notifications that are taken before others have their turn */
#define VS_DOORBELL_ONCE 256

static void vs_doorbell_unloaded(struct vs_agent *a)
{
	vs_appliance_detach(a);
	a->vnics.n = 0;
}

/* who resigned did so for this: a driver that is loaded anew is ours again */
static void vs_doorbell_loaded(struct vs_agent *a)
{
	a->appliance.resigned = false;
	vs_appliance_attach(a, VS_DRIVER_PATIENCE);
	vs_binder_wake(a);
}

/*
 * A port that has gone: nothing of it is left to be read, so it need not wait
 * until everything else was. Whether it has is for the kernel to say. A pass
 * follows, and tells.
 */
static void vs_doorbell_gone(struct vs_agent *a,
			     const struct vs_driver_vnic *v)
{
	char name[IF_NAMESIZE];

	if (v->reason != VMSAFE_NET_REASON_PORT_GONE || !a->ready ||
	    if_indextoname(v->ifindex, name) || errno != ENXIO)
		return;
	vs_engine_del_port(a->engine, VS_SOURCE_DRIVER, v->ifindex);
	vs_engine_del_port(a->engine, VS_SOURCE_HOST, v->ifindex);
	vs_engine_glance(a->engine, vs_agent_now(a));
}

static void vs_doorbell_rings(struct vs_agent *a,
			      const struct vs_notice *notice)
{
	switch (notice->kind) {
	case VS_NOTICE_NONE:
		return;
	case VS_NOTICE_HOST:
		vs_appliance_hear(a, &notice->host);
		break;
	case VS_NOTICE_VNIC:
		vs_doorbell_gone(a, &notice->vnic);
		vs_api_notice(a->api, &notice->vnic);
		if (notice->vnic.reason == VMSAFE_NET_REASON_PORT_NEW ||
		    notice->vnic.reason == VMSAFE_NET_REASON_UNBOUND)
			vs_binder_wake(a);
		break;
	case VS_NOTICE_CLAIM:
		vs_claims_refused(a, &notice->claim);
		break;
	case VS_NOTICE_UNLOADED:
		vs_doorbell_unloaded(a);
		break;
	case VS_NOTICE_LOADED:
		vs_doorbell_loaded(a);
		break;
	case VS_NOTICE_LOST:
		break;
	}
	if (notice->kind == VS_NOTICE_LOST || notice->missed) {
		a->doorbell.lost++;
		vs_binder_wake(a);
		vs_agent_log(LOG_INFO, _("notifications of the Filter Driver "
					 "were lost; its table is read anew"));
	}
	/* a refused claim changes nothing, and a pass may make another */
	if (notice->kind != VS_NOTICE_CLAIM || notice->missed)
		vs_pass_plan(a);
}

static int vs_doorbell_again(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	return vs_doorbell_start(ctx);
}

/* a socket that fails is of no use any more: a new one, a little later */
static void vs_doorbell_failed(struct vs_agent *a,
			       const struct vs_error *error)
{
	vs_agent_log_error(LOG_ERR, _("listening to the Filter Driver"), error);
	vs_doorbell_stop(a);
	vs_timer_set(a, &a->doorbell.again, VS_DOORBELL_PAUSE,
		     vs_doorbell_again);
}

static int vs_doorbell_ready(sd_event_source *source, int fd, uint32_t events,
			     void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_notice notice;
	struct vs_error error;
	int ret = 1;

	(void)source;
	(void)fd;
	(void)events;
	for (int i = 0; i < VS_DOORBELL_ONCE && ret > 0; i++) {
		ret = vs_listener_next(&a->doorbell.listener, &notice, &error);
		if (ret > 0)
			vs_doorbell_rings(a, &notice);
	}
	if (ret < 0)
		vs_doorbell_failed(a, &error);
	return 0;
}

int vs_doorbell_start(struct vs_agent *a)
{
	struct vs_doorbell *d = &a->doorbell;
	struct vs_error error;
	int ret = vs_listener_wait(&d->listener, &error);

	if (ret) {
		vs_agent_log_error(LOG_ERR,
				   _("listening to the Filter Driver"),
				   &error);
		vs_timer_set(a, &d->again, VS_DOORBELL_PAUSE,
			     vs_doorbell_again);
		return 0;
	}
	d->open = true;
	ret = sd_event_add_io(a->loop, &d->source,
			      vs_listener_fd(&d->listener), EPOLLIN,
			      vs_doorbell_ready, a);
	vs_binder_wake(a);
	return ret;
}

void vs_doorbell_stop(struct vs_agent *a)
{
	struct vs_doorbell *d = &a->doorbell;

	d->source = sd_event_source_disable_unref(d->source);
	vs_timer_stop(d->again);
	if (d->open)
		vs_listener_close(&d->listener);
	d->open = false;
	d->listener.family.id = 0;
}
