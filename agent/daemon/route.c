// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's links: a port that a process opens or lets go of is told by
 * rtnetlink (its carrier comes and goes), and so are filters of tc and, with
 * the link, XDP programs. tcx tells nobody: for it one has to look from time
 * to time.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <syslog.h>

#include "daemon/agent.h"
#include "driver/bind.h"
#include "driver/lookout.h"
#include "po/i18n.h"

/* messages that are taken before others have their turn */
#define VS_ROUTE_ONCE 256

static int vs_route_look(sd_event_source *source, uint64_t usec, void *ctx);

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

static void vs_route_take(struct vs_agent *a, const struct nlmsghdr *nlh)
{
	const void *data = mnl_nlmsg_get_payload(nlh);

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (mnl_nlmsg_get_payload_len(nlh) <
		    sizeof(struct ifinfomsg) || !vs_route_is_port(a, data))
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

static int vs_route_ready(sd_event_source *source, int fd, uint32_t events,
			  void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_netlink *nl = &a->route.nl;
	int ret = 0;

	(void)source;
	(void)fd;
	(void)events;
	for (int i = 0; i < VS_ROUTE_ONCE && !ret; i++) {
		const struct nlmsghdr *nlh = (const void *)nl->buf;
		size_t len;

		ret = vs_netlink_recv(nl, MSG_DONTWAIT, &len);
		for (int left = ret ? 0 : (int)len; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left))
			vs_route_take(a, nlh);
	}
	if (ret == -ENOBUFS) {
		vs_binder_wake(a);
		vs_pass_plan(a);
	}
	return 0;
}

int vs_route_start(struct vs_agent *a)
{
	struct vs_route *r = &a->route;
	struct vs_error error;
	int ret;

	ret = vs_netlink_open(&r->nl, NETLINK_ROUTE, &error);
	if (!ret)
		ret = vs_netlink_join(&r->nl, RTNLGRP_LINK, &error);
	if (!ret)
		ret = vs_netlink_join(&r->nl, RTNLGRP_TC, &error);
	if (ret) {
		vs_agent_log_error(LOG_ERR, _("listening to the kernel's "
					      "links"), &error);
		return ret;
	}
	ret = sd_event_add_io(a->loop, &r->source, vs_netlink_fd(&r->nl),
			      EPOLLIN, vs_route_ready, a);
	if (ret >= 0)
		ret = vs_timer_set(a, &r->look, 0, vs_route_look);
	return ret;
}

void vs_route_stop(struct vs_agent *a)
{
	struct vs_route *r = &a->route;

	r->source = sd_event_source_disable_unref(r->source);
	r->look = sd_event_source_disable_unref(r->look);
	vs_netlink_close(&r->nl);
	vs_foreigns_free(&r->foreign);
}
