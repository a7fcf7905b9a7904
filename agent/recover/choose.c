// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "recover/choose.h"

/* which steps help against what, best first, and what it speaks for */
#define VS_CHOICE(c, ...) { \
	.cause = (c), .steps = { __VA_ARGS__ }, \
	.n = sizeof((enum vs_step[]){ __VA_ARGS__ }) / sizeof(enum vs_step), }

static const struct vs_choice vs_choice_pending =
	VS_CHOICE(VS_CAUSE_C1, VS_STEP_R0, VS_STEP_R7);
static const struct vs_choice vs_choice_inventory =
	VS_CHOICE(VS_CAUSE_C2, VS_STEP_R9, VS_STEP_R7, VS_STEP_R8);
static const struct vs_choice vs_choice_appliance =
	VS_CHOICE(VS_CAUSE_C4, VS_STEP_R3, VS_STEP_R7);
static const struct vs_choice vs_choice_driver =
	VS_CHOICE(VS_CAUSE_C5, VS_STEP_R10, VS_STEP_R11, VS_STEP_R7);
/* runs, and nobody has told the driver yet: the binder does */
static const struct vs_choice vs_choice_unbound =
	VS_CHOICE(VS_CAUSE_C1, VS_STEP_R7, VS_STEP_R2);
/* the Manager says it runs, and its port is gone: only a new one helps */
static const struct vs_choice vs_choice_portless =
	VS_CHOICE(VS_CAUSE_NONE, VS_STEP_R1, VS_STEP_R2);
/* runs here, and the Manager does not know it */
static const struct vs_choice vs_choice_unknown =
	VS_CHOICE(VS_CAUSE_C7, VS_STEP_R5, VS_STEP_R2);
/* nobody has it open any more */
static const struct vs_choice vs_choice_inactive =
	VS_CHOICE(VS_CAUSE_C7, VS_STEP_R6, VS_STEP_R7);
/* bound as something that does not run there */
static const struct vs_choice vs_choice_misbound =
	VS_CHOICE(VS_CAUSE_C7, VS_STEP_R2, VS_STEP_R6);
/* process and binding agree, and the Manager has it otherwise */
static const struct vs_choice vs_choice_definition =
	VS_CHOICE(VS_CAUSE_C7, VS_STEP_R5, VS_STEP_R2, VS_STEP_R6);

static const struct vs_choice *vs_choose_mismatch(const struct vs_vnic_view *v)
{
	bool same = v->on_host && v->in_driver &&
		    v->on.device_id == v->driver.device_id &&
		    vs_mac_cmp(&v->on.mac, &v->driver.mac) == 0;

	return same ? &vs_choice_definition : &vs_choice_misbound;
}

static const struct vs_choice *vs_choose_vnic(const struct vs_vnic_view *v)
{
	if (v->state == VS_STATE_PENDING)
		return &vs_choice_pending;
	if (v->state != VS_STATE_OUT_OF_SYNC)
		return NULL;
	switch (v->reason) {
	case VS_REASON_MANAGER_ONLY:
		return v->on_host ? &vs_choice_unbound : &vs_choice_portless;
	case VS_REASON_HOST_ONLY:
		return &vs_choice_unbound;
	case VS_REASON_DRIVER_ONLY:
		return v->on_host && v->on.plugged ? &vs_choice_unknown :
						     &vs_choice_inactive;
	case VS_REASON_NOT_PLUGGED:
		return &vs_choice_inactive;
	case VS_REASON_MAC_MISMATCH:
	case VS_REASON_DEVICE_ID_MISMATCH:
		return vs_choose_mismatch(v);
	case VS_REASON_OTHER_HOLDER:
		return &vs_choice_misbound;
	default:
		return NULL;
	}
}

/** struct vs_chooser - the vNICs so far */
struct vs_chooser {
	const struct vs_choice *best;
	enum vs_state state;
	enum vs_reason reason;
};

static int vs_choose_each(void *ctx, const struct vs_vnic_view *v)
{
	const struct vs_choice *choice = vs_choose_vnic(v);
	struct vs_chooser *c = ctx;

	/* the first of the worst decides; the next run sees to the others */
	if (!c->best || v->state > c->state) {
		c->best = choice;
		c->state = v->state;
		c->reason = v->reason;
	}
	return 0;
}

void vs_choose_host(const struct vs_host_view *host, struct vs_choice *choice)
{
	*choice = (struct vs_choice){ 0 };
	if (host->driver.state == VS_DRIVER_APPLIANCE_LOST ||
	    (host->driver.state == VS_DRIVER_IOCTL_FAILS &&
	     host->driver.error.why == VS_WHY_SESSION_HELD))
		*choice = vs_choice_appliance;
	else if (host->driver.state != VS_DRIVER_ONLINE)
		*choice = vs_choice_driver;
	else if (!host->source[VS_SOURCE_MANAGER].available)
		*choice = vs_choice_inventory;
}

int vs_choose(const struct vs_engine *e, const struct vs_uuid *vm,
	      struct vs_choice *choice)
{
	struct vs_chooser c = { 0 };
	struct vs_host_view host;
	int ret;

	vs_engine_host(e, &host);
	vs_choose_host(&host, choice);
	if (choice->n)
		return 0;
	ret = vs_engine_each_vnic(e, vm, vs_choose_each, &c);
	if (ret == -ENOMEM)
		return ret;
	if (c.best)
		*choice = *c.best;
	choice->reason = c.reason;
	return 0;
}
