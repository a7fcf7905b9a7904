// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pass: read, bind, compare, tell. See agent.h.
 */
#include <errno.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "daemon/agent.h"
#include "driver/bypass.h"
#include "host/clock.h"
#include "po/i18n.h"

/* milliseconds from the first call for a pass to the pass */
#define VS_PASS_SOON 20

/* microseconds that one may have to wait for those before it, at most: one that
 * was held up says nothing of what the next will take
 */
#define VS_PASS_REST 1000000

uint64_t vs_pass_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

/* the driver's state and table; the host's ports; what can be bound is */
static void vs_pass_read(struct vs_agent *a, struct vs_driver_reading *r,
			 struct vs_host_ports *ports, struct vs_error *error)
{
	int ret;

	vs_appliance_read(a, r);
	vs_vnics_free(&a->vnics);
	vs_route_run(a);
	ret = vs_host_ports_read_by(&a->route.links, ports, error);
	if (!ret) {
		error->op = VS_OP_NONE;
		vs_binder_complete(a, ports);
	}
	if (!r->listed)
		return;
	a->vnics = r->table.vnics;
	r->table.vnics = (struct vs_vnics){ 0 };
	if (!ret && vs_binder_bind(a, ports)) {
		vs_driver_reading_free(r);
		vs_vnics_free(&a->vnics);
		vs_appliance_read(a, r);
		if (r->listed) {
			a->vnics = r->table.vnics;
			r->table.vnics = (struct vs_vnics){ 0 };
		}
	}
}

/* feed what was read; the entries are lent to the reading for that */
static void vs_pass_feed(struct vs_agent *a, struct vs_driver_reading *r,
			 const struct vs_host_ports *ports,
			 const struct vs_error *error)
{
	vs_time now = vs_agent_now(a);

	r->table.vnics = a->vnics;
	vs_driver_reading_feed(r, &a->route.foreign, a->engine, now);
	r->table.vnics = (struct vs_vnics){ 0 };
	if (error->op)
		vs_engine_fail(a->engine, VS_SOURCE_HOST, error);
	else
		vs_host_ports_feed(ports, a->engine, now);
}

static int vs_pass_due(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	/* every list has to be looked at afresh: a pass follows */
	vs_manager_refresh(ctx, false);
	return 0;
}

/* when is something due by itself? */
static void vs_pass_wait(struct vs_agent *a)
{
	/* it may move what the engine waits for */
	vs_time now = vs_agent_now(a), at;

	if (vs_engine_next(a->engine, &at))
		vs_timer_set(a, &a->pass.due, at - now, vs_pass_due);
	else
		vs_timer_stop(a->pass.due);
}

/* what was read, as a case has it: all of it is lent */
static struct vs_snapshot vs_pass_snapshot(struct vs_agent *a,
					   const struct vs_driver_reading *r,
					   const struct vs_host_ports *ports,
					   const struct vs_error *error)
{
	struct vs_snapshot s = {
		.saved = vs_agent_now(a), .reading = *r,
		.has_ports = !error->op, .ports = *ports,
	};

	s.booted = s.saved - vs_clock_ms(CLOCK_BOOTTIME);
	s.reading.table.vnics = a->vnics;
	return s;
}

static void vs_pass_compare(struct vs_agent *a, const struct vs_snapshot *s)
{
	/* nobody has asked the inventory yet: it is no news */
	if (!a->manager.answered)
		return;
	vs_record_begin(a);
	vs_hold_begin(a);
	vs_explain_begin(a, s);
	if (vs_engine_evaluate(a->engine, vs_agent_now(a), vs_agent_event, a))
		vs_agent_log(LOG_ERR, _("out of memory; what was left out is "
					"looked at in the next pass"));
	vs_explain_end(a);
	vs_hold_end(a);
	vs_record_end(a, true);
	vs_record_list(a);
	vs_pass_wait(a);
	a->pass.count++;
	if (!a->ready) {
		sd_notify(0, "READY=1");
		vs_agent_log(LOG_INFO, _("ready"));
	}
	a->ready = true;
	vs_agent_status(a);
	vs_api_synced(a->api, a->manager.began);
}

static int vs_pass_run(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;
	struct vs_driver_reading r = { 0 };
	struct vs_host_ports ports = { 0 };
	uint64_t start = vs_pass_clock();
	struct vs_error error = { 0 };
	struct vs_snapshot s;

	(void)source;
	(void)usec;
	a->pass.planned = false;
	vs_pass_read(a, &r, &ports, &error);
	vs_pass_feed(a, &r, &ports, &error);
	s = vs_pass_snapshot(a, &r, &ports, &error);
	vs_pass_compare(a, &s);
	vs_driver_reading_free(&r);
	vs_host_ports_free(&ports);
	a->pass.ended = vs_pass_clock();
	a->pass.lasted = a->pass.ended - start;
	return 0;
}

/* soon, but of the time no more than a fifth goes into passes that are quick */
void vs_pass_plan(struct vs_agent *a)
{
	uint64_t now = vs_pass_clock(), at = now + VS_PASS_SOON * 1000;
	uint64_t rest = a->pass.lasted * 4;
	uint64_t earliest = a->pass.ended +
			    (rest < VS_PASS_REST ? rest : VS_PASS_REST);

	if (a->pass.planned)
		return;
	if (at < earliest)
		at = earliest;
	a->pass.planned = vs_timer_set(a, &a->pass.source, (at - now) / 1000,
				       vs_pass_run) >= 0;
}

void vs_pass_stop(struct vs_agent *a)
{
	a->pass.source = sd_event_source_disable_unref(a->pass.source);
	a->pass.due = sd_event_source_disable_unref(a->pass.due);
	vs_vnics_free(&a->vnics);
}
