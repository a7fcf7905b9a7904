// SPDX-License-Identifier: GPL-2.0-only
/* What is new: of this VM alone (C1), or of many at once (C6). */
#include "host/opener.h"
#include "recover/crowd.h"

static int vs_case_pending(void *ctx, const struct vs_difference *d,
			   bool confirmed)
{
	struct vs_case *w = ctx;
	char age[VS_CASE_NUMBER], grace[VS_CASE_NUMBER];
	vs_time ms = w->now - d->first_seen;

	if (!confirmed)
		vs_evidence_add(&w->evidence, VS_CLUE_PENDING,
				vs_case_seconds(age, ms > 0 ? ms : 0),
				vs_case_seconds(grace, w->grace));
	return 0;
}

static void vs_case_new_process(struct vs_case *w, pid_t pid)
{
	char text[VS_CASE_NUMBER], age[VS_CASE_NUMBER], grace[VS_CASE_NUMBER];
	vs_time ms;

	if (!pid || !w->live ||
	    !vs_process_age(pid, &ms) || ms >= w->grace)
		return;
	vs_evidence_add(&w->evidence, VS_CLUE_NEW_PROCESS,
			vs_case_number(text, pid), vs_case_seconds(age, ms),
			vs_case_seconds(grace, w->grace));
}

static int vs_case_new(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_case *w = ctx;
	char age[VS_CASE_NUMBER], grace[VS_CASE_NUMBER];
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;
	const struct vs_driver_vnic *entry;
	vs_time ms;

	if (!vs_case_differs(v->state) || (!v->in_driver && !v->on_host))
		return 0;
	entry = vs_crowd_entry(w->crowd, ifindex);
	if (entry && vs_snapshot_age(w->host, entry, &ms) &&
	    ms < w->grace)
		vs_evidence_add(&w->evidence, VS_CLUE_NEW_PORT, entry->ifname,
				vs_case_seconds(age, ms),
				vs_case_seconds(grace, w->grace));
	if (v->on_host)
		vs_case_new_process(w, v->on.pid);
	return 0;
}

static void vs_case_burst(struct vs_case *w)
{
	const struct vs_crowd *c = w->crowd;
	char n[VS_CASE_NUMBER], macs[VS_CASE_NUMBER], window[VS_CASE_NUMBER];

	if (c->came < VS_BURST_VMS || !vs_crowd_is_new(c, &w->uuid))
		return;
	vs_evidence_add(&w->evidence, VS_CLUE_BURST, vs_case_number(n, c->came),
			vs_case_number(macs, c->macs),
			vs_case_seconds(window, w->window));
	if (c->went)
		vs_evidence_add(&w->evidence, VS_CLUE_DEPARTED,
				vs_case_number(n, c->went));
}

void vs_case_young(struct vs_case *w)
{
	const struct vs_engine *e = w->engine;

	vs_engine_differences(e, &w->uuid, vs_case_pending, w);
	vs_engine_each_vnic(e, &w->uuid, vs_case_new, w);
	vs_case_burst(w);
}
