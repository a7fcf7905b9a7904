// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's links: a port that a process opens or lets go of is told by
 * rtnetlink (its carrier comes and goes), and so are filters of tc and, with
 * the link, XDP programs. tcx tells nobody: for it one has to look from time
 * to time.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/epoll.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "driver/bind.h"
#include "driver/lookout.h"
#include "po/i18n.h"

/* milliseconds between two attempts to listen */
#define VS_ROUTE_PAUSE 1000

/* milliseconds until all links are dumped anew, whatever was heard: what the
 * kernel did not tell of, or was understood wrongly, must not stay so for ever
 */
#define VS_ROUTE_RENEW 300000

static void vs_route_changed(void *ctx, const struct vs_driver_vnic *v,
			     enum vs_bypass bypass,
			     const struct vs_foreigns *f)
{
	bool *changed = ctx;

	(void)v;
	(void)bypass;
	(void)f;
	*changed = true;
}

/* look for foreign programs; a pass tells of them */
static int vs_route_look(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_foreigns found;
	bool changed = false;
	uint64_t start, end;

	(void)source;
	(void)usec;
	sd_event_now(a->loop, CLOCK_MONOTONIC, &start);
	vs_bypass_scan(&found, a->vnics.v, a->vnics.n);
	vs_lookout_compare(&a->route.foreign, &a->vnics, &found,
			   vs_route_changed, &changed);
	vs_foreigns_free(&a->route.foreign);
	a->route.foreign = found;
	if (changed)
		vs_pass_plan(a);
	end = vs_pass_clock();
	start = end > start ? end - start : 0;
	/* not more than a twentieth of the time goes into it */
	vs_timer_set(a, &a->route.look,
		     start / 50 > VS_LOOKOUT_PERIOD ? start / 50 :
						      VS_LOOKOUT_PERIOD,
		     vs_route_look);
	return 0;
}

/* is this link a port, or one that may be one? */
static bool vs_route_is_port(const struct vs_agent *a,
			     const struct ifinfomsg *link)
{
	return vs_vnics_find(&a->vnics, link->ifi_index) ||
	       link->ifi_change == ~0U;
}

static void vs_route_heard(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_agent *a = ctx;

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)) ||
		    !vs_route_is_port(a, NLMSG_DATA(nlh)))
			break;
		vs_binder_wake(a);
		vs_pass_plan(a);
		vs_timer_set(a, &a->route.look, VS_LOOKOUT_PAUSE,
			     vs_route_look);
		break;
	case RTM_NEWTFILTER:
	case RTM_DELTFILTER:
	case RTM_NEWQDISC:
	case RTM_DELQDISC:
		vs_timer_set(a, &a->route.look, VS_LOOKOUT_PAUSE,
			     vs_route_look);
		break;
	}
}

static int vs_route_again(sd_event_source *source, uint64_t usec, void *ctx);

static int vs_route_ready(sd_event_source *source, int fd, uint32_t events,
			  void *ctx)
{
	(void)source;
	(void)fd;
	(void)events;
	return vs_route_run(ctx);
}

static void vs_route_close(struct vs_agent *a)
{
	struct vs_route *r = &a->route;

	r->source = sd_event_source_disable_unref(r->source);
	vs_link_cache_close(&r->links);
}

/* listen, and have all links; until that works each pass asks for them */
static int vs_route_open(struct vs_agent *a)
{
	struct vs_route *r = &a->route;
	struct vs_error error;
	int ret;

	r->links = (struct vs_link_cache){ .heard = vs_route_heard, .ctx = a };
	ret = vs_link_cache_open(&r->links, &error);
	if (ret) {
		vs_agent_log_error(LOG_ERR, _("listening to the kernel's "
					      "links"), &error);
		return vs_timer_set(a, &r->again, VS_ROUTE_PAUSE,
				    vs_route_again);
	}
	ret = sd_event_add_io(a->loop, &r->source,
			      vs_link_cache_fd(&r->links), EPOLLIN,
			      vs_route_ready, a);
	return ret < 0 ? ret : vs_timer_set(a, &r->again, VS_ROUTE_RENEW,
					    vs_route_again);
}

/* what was told in between, or lost, is in the new dump: a pass looks */
static int vs_route_again(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;

	(void)source;
	(void)usec;
	vs_route_close(a);
	vs_binder_wake(a);
	vs_pass_plan(a);
	return vs_route_open(a);
}

int vs_route_run(struct vs_agent *a)
{
	struct vs_link_cache *links = &a->route.links;

	if (!links->mngr || !vs_link_cache_run(links))
		return 0;
	vs_agent_log(LOG_INFO, _("notifications of the kernel's links were "
				 "lost; they are read anew"));
	return vs_route_again(NULL, 0, a);
}

int vs_route_start(struct vs_agent *a)
{
	int ret = vs_route_open(a);

	return ret < 0 ? ret : vs_timer_set(a, &a->route.look, 0,
					    vs_route_look);
}

void vs_route_stop(struct vs_agent *a)
{
	struct vs_route *r = &a->route;

	vs_route_close(a);
	r->again = sd_event_source_disable_unref(r->again);
	r->look = sd_event_source_disable_unref(r->look);
	vs_foreigns_free(&r->foreign);
}
