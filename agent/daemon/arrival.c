// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs that have come from another host. Their ports are bound like all others;
 * one that is not filtered here a few seconds later is told of, once: 378.
 */
#include <stdlib.h>

#include "daemon/agent.h"
#include "host/clock.h"

/* milliseconds that a VM has, from its arrival, to become protected */
#define VS_ARRIVAL_TIME 5000

/* is a vNIC of the VM not in the driver's hands? */
static int vs_arrival_vnic(void *ctx, const struct vs_vnic_view *vnic)
{
	bool *unfiltered = ctx;

	/* what holds no port here has not arrived, or has gone again */
	if (vnic->on_host && (!vnic->in_driver || !vnic->driver.bound))
		*unfiltered = true;
	return 0;
}

static void vs_arrival_judge(struct vs_agent *a, const struct vs_uuid *uuid)
{
	struct vs_event event = {
		.time = vs_agent_now(a),
		.id = VS_EVENT_MOVED_UNPROTECTED,
		.level = VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_MANAGER,
		.host = a->conf->host,
		.vm = uuid,
	};
	bool unfiltered = false;
	struct vs_vm_view vm;

	/* it has gone again, came to another host, or must not be filtered */
	if (vs_engine_vm(a->engine, uuid, &vm) || vm.unprotected ||
	    vm.reason == VS_REASON_OTHER_HOST)
		return;
	if (vs_engine_each_vnic(a->engine, uuid, vs_arrival_vnic,
				&unfiltered) || !unfiltered)
		return;
	event.vm_name = vm.name;
	vs_agent_event(a, &event);
}

static int vs_arrival_due(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_agent *a = ctx;
	vs_time now = vs_clock_ms(CLOCK_BOOTTIME), next = 0;
	size_t n = 0;

	(void)source;
	(void)usec;
	for (size_t i = 0; i < a->arrivals.n; i++) {
		struct vs_arrival *v = &a->arrivals.v[i];

		if (v->at > now) {
			next = next ? next : v->at;
			a->arrivals.v[n++] = *v;
		} else {
			vs_arrival_judge(a, &v->vm);
		}
	}
	a->arrivals.n = n;
	if (n)
		vs_timer_set(a, &a->arrivals.source, next - now,
			     vs_arrival_due);
	return 0;
}

void vs_arrival_note(struct vs_agent *a, const struct vs_uuid *uuid)
{
	struct vs_arrivals *r = &a->arrivals;
	vs_time at = vs_clock_ms(CLOCK_BOOTTIME) + VS_ARRIVAL_TIME;
	struct vs_arrival *v;

	/* one arrival has several events */
	for (size_t i = 0; i < r->n; i++) {
		if (vs_uuid_cmp(&r->v[i].vm, uuid) == 0)
			return;
	}
	v = reallocarray(r->v, r->n + 1, sizeof(*v));
	if (!v)
		return;
	r->v = v;
	v[r->n++] = (struct vs_arrival){ *uuid, at };
	if (r->n == 1)
		vs_timer_set(a, &r->source, VS_ARRIVAL_TIME, vs_arrival_due);
}

void vs_arrival_stop(struct vs_agent *a)
{
	a->arrivals.source =
		sd_event_source_disable_unref(a->arrivals.source);
	free(a->arrivals.v);
	a->arrivals = (struct vs_arrivals){ 0 };
}
