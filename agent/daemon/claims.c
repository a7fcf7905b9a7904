// SPDX-License-Identifier: GPL-2.0-only
/*
 * Second claims that the driver refuses. What was refused is tried again now
 * and then, for as long as it is, and by each agent that is started: what was
 * told of is written down with the event, and told of once.
 */
#include <stdlib.h>
#include <syslog.h>

#include "core/gap.h"
#include "daemon/agent.h"
#include "po/i18n.h"

/*
 * A port that is bound by now, or gone, may be claimed anew. Creation IDs
 * grow: what is newer than all of the table, as it was last read, is not gone.
 */
static bool vs_claims_stands(const struct vs_agent *a,
			     const struct vs_claimed *had)
{
	uint64_t newest = 0;

	if (had->instance != a->doorbell.listener.instance)
		return false;
	for (size_t i = 0; i < a->vnics.n; i++) {
		const struct vs_driver_vnic *v = &a->vnics.v[i];

		if (v->id == had->id)
			return !vs_driver_vnic_is_bound(v);
		if (v->id > newest)
			newest = v->id;
	}
	return had->id > newest;
}

static bool vs_claims_equal(const struct vs_claimed *x,
			    const struct vs_claimed *y)
{
	return x->instance == y->instance && x->id == y->id &&
	       x->holder_id == y->holder_id && !vs_uuid_cmp(&x->vm, &y->vm);
}

static bool vs_claims_is_news(struct vs_agent *a,
			      const struct vs_claimed *claim)
{
	struct vs_claims *c = &a->claims;
	struct vs_claimed *v;
	bool known = false;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (!vs_claims_stands(a, &c->v[i]))
			continue;
		known |= vs_claims_equal(&c->v[i], claim);
		c->v[n++] = c->v[i];
	}
	c->changed |= n != c->n;
	c->n = n;
	if (known)
		return false;
	v = reallocarray(c->v, n + 1, sizeof(*v));
	if (v) {
		c->v = v;
		v[c->n++] = *claim;
	}
	c->changed = true;
	return true;
}

void vs_claims_refused(struct vs_agent *a, const struct vs_driver_claim *c)
{
	const struct vs_claimed claim = {
		.instance = a->doorbell.listener.instance,
		.id = c->id,
		.holder_id = c->holder_id,
		.vm = c->vm_uuid,
	};
	const struct vs_event event = {
		.time = vs_agent_now(a),
		.id = VS_EVENT_UNKNOWN_AGENT,
		.level = VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_APPLIANCE,
		.host = a->conf->host,
		.vm = &c->vm_uuid,
		.vm_name = c->vm_name,
		.cause = VS_CAUSE_C3,
		.steps = vs_gap_step_bits(VS_CAUSE_C3, VS_GAP_NONE),
	};

	if (vs_claims_is_news(a, &claim))
		vs_agent_event(a, &event);
}

void vs_claims_restore(struct vs_agent *a)
{
	struct vs_claims *c = &a->claims;
	struct vs_error error;

	vs_claims_free(a);
	if (vs_history_load_claims(a->record.history, &c->v, &c->n, &error))
		vs_agent_log_error(LOG_ERR, _("remembering what was open"),
				   &error);
}

int vs_claims_save(struct vs_agent *a)
{
	struct vs_claims *c = &a->claims;

	c->changed = false;
	return vs_history_save_claims(a->record.history, c->v, c->n);
}

void vs_claims_free(struct vs_agent *a)
{
	free(a->claims.v);
	a->claims = (struct vs_claims){ 0 };
}
