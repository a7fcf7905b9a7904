// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "core/gap.h"

/* who should hold the session does not, or does not live */
enum vs_gap vs_gap_of_host(const struct vs_host_view *host)
{
	return host->driver.state == VS_DRIVER_APPLIANCE_LOST ||
	       (host->driver.state == VS_DRIVER_IOCTL_FAILS &&
		host->driver.error.why == VS_WHY_SESSION_HELD) ?
	       VS_GAP_SESSION : VS_GAP_NONE;
}

/* do process and binding agree, so that it is the Manager who does not? */
static enum vs_gap vs_gap_of_mismatch(const struct vs_vnic_view *v)
{
	bool same = v->on_host && v->in_driver &&
		    v->on.device_id == v->driver.device_id &&
		    vs_mac_cmp(&v->on.mac, &v->driver.mac) == 0;

	return same ? VS_GAP_DEFINED : VS_GAP_MISBOUND;
}

bool vs_gap_is_alien(const struct vs_vnic_view *v)
{
	return v->on_host && v->on.plugged && !vs_uuid_is_nil(&v->on.vm) &&
	       vs_uuid_cmp(&v->on.vm, &v->vm) != 0;
}

enum vs_gap vs_gap_of_vnic(const struct vs_vnic_view *v)
{
	if (v->state == VS_STATE_PENDING)
		return VS_GAP_PENDING;
	if (v->state != VS_STATE_OUT_OF_SYNC)
		return VS_GAP_NONE;
	switch (v->reason) {
	case VS_REASON_MANAGER_ONLY:
		return v->on_host ? VS_GAP_UNBOUND : VS_GAP_PORTLESS;
	case VS_REASON_HOST_ONLY:
		return VS_GAP_UNBOUND;
	case VS_REASON_DRIVER_ONLY:
		if (vs_gap_is_alien(v))
			return VS_GAP_ALIEN;
		return v->on_host && v->on.plugged ? VS_GAP_UNLISTED :
						     VS_GAP_INACTIVE;
	case VS_REASON_NOT_PLUGGED:
		return VS_GAP_INACTIVE;
	case VS_REASON_MAC_MISMATCH:
	case VS_REASON_DEVICE_ID_MISMATCH:
		return vs_gap_of_mismatch(v);
	case VS_REASON_OTHER_HOLDER:
		return VS_GAP_ALIEN;
	default:
		return VS_GAP_NONE;
	}
}

/** struct vs_gap_walk - the vNICs so far */
struct vs_gap_walk {
	bool any;
	enum vs_state state;
	enum vs_gap gap;
	enum vs_reason reason;
};

/* the first of the worst decides */
static int vs_gap_vnic(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_gap_walk *w = ctx;

	if (w->any && v->state <= w->state)
		return 0;
	w->any = true;
	w->state = v->state;
	w->gap = vs_gap_of_vnic(v);
	w->reason = v->reason;
	return 0;
}

int vs_gap_of_vm(const struct vs_engine *e, const struct vs_uuid *vm,
		 enum vs_gap *gap, enum vs_reason *reason)
{
	struct vs_gap_walk w = { .reason = VS_REASON_NONE };
	struct vs_host_view host;
	int ret = vs_engine_each_vnic(e, vm, vs_gap_vnic, &w);

	if (ret == -ENOMEM)
		return ret;
	vs_engine_host(e, &host);
	*gap = vs_gap_of_host(&host);
	if (*gap == VS_GAP_NONE)
		*gap = w.gap;
	if (reason)
		*reason = w.reason;
	return 0;
}

/* one more than a gap has ends a row */
#define VS_GAP_END VS_STEP_COUNT

static const enum vs_step vs_gap_step[VS_GAP_COUNT][VS_STEPS_MAX + 1] = {
	[VS_GAP_NONE] = { VS_STEP_R7, VS_STEP_R2, VS_STEP_R5, VS_STEP_R6,
			  VS_GAP_END },
	[VS_GAP_SESSION] = { VS_STEP_R3, VS_STEP_R7, VS_GAP_END },
	[VS_GAP_PENDING] = { VS_STEP_R0, VS_STEP_R7, VS_GAP_END },
	/* the binder binds it, then */
	[VS_GAP_UNBOUND] = { VS_STEP_R7, VS_STEP_R2, VS_GAP_END },
	/* only a new one helps */
	[VS_GAP_PORTLESS] = { VS_STEP_R1, VS_STEP_R2, VS_GAP_END },
	[VS_GAP_UNLISTED] = { VS_STEP_R5, VS_STEP_R2, VS_GAP_END },
	[VS_GAP_INACTIVE] = { VS_STEP_R6, VS_STEP_R7, VS_GAP_END },
	/* of a VM that is named, it binds anew what is bound otherwise */
	[VS_GAP_MISBOUND] = { VS_STEP_R7, VS_STEP_R2, VS_STEP_R6,
			      VS_GAP_END },
	[VS_GAP_DEFINED] = { VS_STEP_R5, VS_STEP_R2, VS_STEP_R6, VS_GAP_END },
	[VS_GAP_RESTART] = { VS_STEP_R2, VS_GAP_END },
	[VS_GAP_ALIEN] = { VS_STEP_R2, VS_STEP_R6, VS_GAP_END },
};

/**
 * struct vs_gap_pair - where the gap says better which of a cause's steps help
 * @cause: the cause
 * @gap: the gap
 * @first: the step that comes before the cause's own; or VS_GAP_END
 * @steps: what stands in the place of the cause's; none: those stay
 */
struct vs_gap_pair {
	enum vs_cause cause;
	enum vs_gap gap;
	enum vs_step first;
	enum vs_step steps[VS_STEPS_MAX + 1];
};

#define VS_GAP_FIRST(c, g, step) \
	{ VS_CAUSE_##c, VS_GAP_##g, VS_STEP_##step, { VS_GAP_END } }
#define VS_GAP_STEPS(c, g, ...) \
	{ VS_CAUSE_##c, VS_GAP_##g, VS_GAP_END, { __VA_ARGS__, VS_GAP_END } }

static const struct vs_gap_pair vs_gap_pairs[] = {
	/* nobody has bound it: who waits for that may wait for long */
	VS_GAP_FIRST(C1, UNBOUND, R7),
	/* nobody holds the port: no VM is coming with it */
	VS_GAP_FIRST(C1, INACTIVE, R6),
	VS_GAP_FIRST(C5, SESSION, R3),
	VS_GAP_FIRST(C7, INACTIVE, R6),
	/* it is registered with MACs of its own: that is not done twice */
	VS_GAP_STEPS(C3, RESTART, VS_STEP_R2, VS_STEP_P2),
	/*
	 * The binding is another VM's, whatever the Manager is told of this
	 * one: with a new port comes a new binding, and what is left of the
	 * old one can be forgotten
	 */
	VS_GAP_STEPS(C3, ALIEN, VS_STEP_R2, VS_STEP_R6, VS_STEP_P2),
	VS_GAP_STEPS(C7, ALIEN, VS_STEP_R2, VS_STEP_R6),
	VS_GAP_STEPS(C7, RESTART, VS_STEP_R2, VS_STEP_R5, VS_STEP_R6),
	/* not the Manager is wrong: the driver's entry is, or is not there */
	VS_GAP_STEPS(C7, MISBOUND, VS_STEP_R7, VS_STEP_R2, VS_STEP_R6),
	VS_GAP_STEPS(C7, UNBOUND, VS_STEP_R7, VS_STEP_R2),
	VS_GAP_STEPS(C7, PORTLESS, VS_STEP_R2, VS_STEP_R1),
};

static const struct vs_gap_pair *vs_gap_pair(enum vs_cause cause,
					     enum vs_gap gap)
{
	size_t n = sizeof(vs_gap_pairs) / sizeof(*vs_gap_pairs);

	for (size_t i = 0; i < n; i++) {
		if (vs_gap_pairs[i].cause == cause &&
		    vs_gap_pairs[i].gap == gap)
			return &vs_gap_pairs[i];
	}
	return NULL;
}

size_t vs_gap_steps(enum vs_cause cause, enum vs_gap gap,
		    enum vs_step steps[VS_STEPS_MAX])
{
	const struct vs_gap_pair *pair = vs_gap_pair(cause, gap);
	const enum vs_step *row = NULL;
	size_t n = 0;

	if (pair && *pair->steps != VS_GAP_END)
		row = pair->steps;
	if (!row && cause)
		return vs_cause_steps(cause, steps);
	if (!row && (size_t)gap >= VS_GAP_COUNT)
		return 0;
	if (!row)
		row = vs_gap_step[gap];
	for (; row[n] != VS_GAP_END; n++)
		steps[n] = row[n];
	return n;
}

size_t vs_event_steps(const struct vs_event *event,
		      enum vs_step steps[VS_STEPS_MAX])
{
	size_t n = 0;

	if (event->cause || event->gap)
		return vs_gap_steps(event->cause, event->gap, steps);
	/* a step that was taken is none that is to be */
	if (event->id == VS_EVENT_STEP_TAKEN)
		return 0;
	for (int i = 0; i < VS_STEP_COUNT && n < VS_STEPS_MAX; i++) {
		if (event->steps >> i & 1)
			steps[n++] = i;
	}
	return n;
}

uint32_t vs_gap_step_bits(enum vs_cause cause, enum vs_gap gap)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = cause || gap ? vs_gap_steps(cause, gap, steps) : 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= UINT32_C(1) << steps[i];
	return bits;
}

bool vs_gap_first(enum vs_cause cause, enum vs_gap gap, enum vs_step *step)
{
	const struct vs_gap_pair *pair = vs_gap_pair(cause, gap);

	if (!pair || pair->first == VS_GAP_END)
		return false;
	*step = pair->first;
	return true;
}
