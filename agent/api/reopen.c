// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "api/reopen.h"
#include "core/cause.h"
#include "core/gap.h"
#include "store/event_form.h"

/** struct vs_reopen - a walk */
struct vs_reopen {
	struct vs_host_view host;
	struct vs_reopen_part *part;
	uint64_t seen;
	json_t *list;
};

static const struct vs_error *vs_reopen_error(const struct vs_host_view *host,
					      const struct vs_alert *alert)
{
	switch (alert->id) {
	case VS_EVENT_INVENTORY_LOST:
		return &host->source[VS_SOURCE_MANAGER].error;
	case VS_EVENT_HOST_LOST:
		return &host->source[VS_SOURCE_HOST].error;
	case VS_EVENT_OUT_OF_SYNC:
		return alert->form == VS_FORM_UNVERIFIED ?
		       &host->source[VS_SOURCE_DRIVER].error :
		       alert->form == VS_FORM_UNOBTAINED ?
		       &host->source[VS_SOURCE_MANAGER].error : NULL;
	default:
		return host->driver.error.op ? &host->driver.error : NULL;
	}
}

static struct vs_event vs_reopen_event(const struct vs_host_view *host,
				       const struct vs_alert *alert)
{
	bool vm = vs_alert_is_vm(alert->id, alert->form);
	bool named = vm && !vs_uuid_is_nil(&alert->vm);
	struct vs_event event = {
		.time = alert->raised,
		.id = alert->id,
		.level = vs_alert_level(alert),
		.form = alert->form,
		.origin = vm || alert->id == VS_EVENT_INVENTORY_LOST ||
			  alert->form == VS_FORM_UNOBTAINED ?
			  VS_ORIGIN_MANAGER : VS_ORIGIN_APPLIANCE,
		.host = host->name,
		.vm = named ? &alert->vm : NULL,
		.vm_name = named ? alert->vm_name : NULL,
		.port = vm && !named && alert->n_differences ?
			alert->differences->port : NULL,
		.differences = alert->differences,
		.n_differences = alert->n_differences,
		.error = vs_reopen_error(host, alert),
		.driver = alert->driver,
		.since = alert->since,
	};

	event.cause = vs_cause_of_event(&event, host->driver.reset);
	event.steps = vs_gap_step_bits(event.cause, event.gap);
	return event;
}

static bool vs_reopen_wants(const struct vs_reopen_part *part,
			    const struct vs_alert *alert)
{
	if (!part->vm || !vs_alert_is_vm(alert->id, alert->form))
		return true;
	return !vs_uuid_is_nil(&alert->vm) &&
	       vs_uuid_cmp(&alert->vm, part->vm) == 0;
}

/* to explain it, one has to ask the engine, which this must not */
static int vs_reopen_alert(void *ctx, const struct vs_alert *alert)
{
	struct vs_reopen *r = ctx;
	struct vs_event event;

	if (!vs_reopen_wants(r->part, alert) || r->seen++ < r->part->skip)
		return 0;
	r->part->more = json_array_size(r->list) >= r->part->limit;
	if (r->part->more)
		return 1;
	event = vs_reopen_event(&r->host, alert);
	return json_array_append_new(r->list, vs_event_write(&event)) ?
	       -ENOMEM : 0;
}

static int vs_reopen_tell(const json_t *json, struct vs_explainer *x,
			  vs_event_fn fn, void *ctx)
{
	struct vs_error error;
	const struct vs_reader reader = { "", &error };
	struct vs_event_copy copy;
	int ret = vs_event_read(json, &copy, &reader);

	if (!ret) {
		vs_explainer_event(x, &copy.event);
		fn(ctx, &copy.event);
	}
	vs_event_copy_free(&copy);
	return ret;
}

int vs_reopen_some(const struct vs_engine *e, struct vs_explainer *x,
		   struct vs_reopen_part *part, vs_event_fn fn, void *ctx)
{
	struct vs_reopen r = { .part = part, .list = json_array() };
	int ret;

	part->more = false;
	vs_engine_host(e, &r.host);
	ret = vs_engine_each_alert(e, vs_reopen_alert, &r);
	if (part->more)
		ret = 0;
	for (size_t i = 0; i < json_array_size(r.list) && !ret; i++)
		ret = vs_reopen_tell(json_array_get(r.list, i), x, fn, ctx);
	json_decref(r.list);
	return ret ? -ENOMEM : 0;
}

int vs_reopen_each(const struct vs_engine *e, struct vs_explainer *x,
		   vs_event_fn fn, void *ctx)
{
	struct vs_reopen_part all = { .limit = SIZE_MAX };

	return vs_reopen_some(e, x, &all, fn, ctx);
}
