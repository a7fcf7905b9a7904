// SPDX-License-Identifier: GPL-2.0-only
/* Events of a check, new ones and those that are still open. */
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "cli/check.h"
#include "core/alert.h"
#include "core/gap.h"
#include "core/text.h"

json_t *vs_check_event_json(const struct vs_event *event, bool again)
{
	json_t *row = vs_doc_event(event, vs_i18n_lang());

	json_object_set_new(row, "new", json_boolean(!again));
	return row;
}

static char *vs_event_text(const struct vs_event *event)
{
	struct vs_buf text = { 0 };
	char date[VS_DATE];

	vs_text_event(&text, vs_i18n_lang(), event,
		      vs_date(event->time, date));
	return text.failed ? NULL : text.data;
}

static void vs_check_keep(struct vs_check *c, const struct vs_event *event,
			  bool again)
{
	struct vs_occasion *o;

	o = reallocarray(c->events, c->n_events + 1, sizeof(*o));
	if (!o) {
		c->failed = true;
		return;
	}
	c->events = o;
	o += c->n_events++;
	*o = (struct vs_occasion){
		.id = event->id,
		.form = event->form,
		.port = event->port,
		.again = again,
	};
	if (event->vm)
		o->vm = *event->vm;
	if (c->cli->json)
		o->json = vs_check_event_json(event, again);
	else
		o->text = vs_event_text(event);
	c->failed |= !o->json && !o->text;
}

void vs_check_event(void *ctx, const struct vs_event *event)
{
	vs_check_keep(ctx, event, false);
}

void vs_check_free_event(struct vs_occasion *o)
{
	free(o->text);
	json_decref(o->json);
}

/* what is about the host concerns every VM */
static bool vs_check_concerns(const struct vs_check *c,
			      const struct vs_uuid *vm, bool port)
{
	if (!c->name || (vs_uuid_is_nil(vm) && !port))
		return true;
	return c->found && vs_uuid_cmp(vm, &c->only) == 0;
}

void vs_check_drop_others(struct vs_check *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_events; i++) {
		struct vs_occasion *o = &c->events[i];

		if (vs_check_concerns(c, &o->vm, o->port))
			c->events[n++] = *o;
		else
			vs_check_free_event(o);
	}
	c->n_events = n;
}

static bool vs_check_has(const struct vs_check *c,
			 const struct vs_alert *alert)
{
	for (size_t i = 0; i < c->n_events; i++) {
		const struct vs_occasion *o = &c->events[i];

		if (o->id == alert->id && o->form == alert->form &&
		    vs_uuid_cmp(&o->vm, &alert->vm) == 0)
			return true;
	}
	return false;
}

/** struct vs_reopen - what vs_check_reopen() needs */
struct vs_reopen {
	struct vs_check *check;
	const struct vs_host_view *host;
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

/* the event as it was told, with what is known of it now */
static int vs_check_reopen(void *ctx, const struct vs_alert *alert)
{
	const struct vs_reopen *r = ctx;
	bool vm = vs_alert_is_vm(alert->id, alert->form);
	struct vs_event event = {
		.time = alert->raised,
		.id = alert->id,
		.level = vs_alert_level(alert),
		.form = alert->form,
		.origin = vm || alert->id == VS_EVENT_INVENTORY_LOST ||
			  alert->form == VS_FORM_UNOBTAINED ?
			  VS_ORIGIN_MANAGER : VS_ORIGIN_APPLIANCE,
		.host = r->host->name,
		.vm = vm ? &alert->vm : NULL,
		.vm_name = vm ? alert->vm_name : NULL,
		.differences = alert->differences,
		.n_differences = alert->n_differences,
		.error = vs_reopen_error(r->host, alert),
		.driver = alert->driver,
		.since = alert->since,
	};

	event.cause = vs_cause_of_event(&event, r->host->driver.reset);
	event.steps = vs_gap_step_bits(event.cause, event.gap);
	/* a port without a VM is told afresh each time */
	if (vm && vs_uuid_is_nil(&alert->vm))
		return 0;
	if (!vs_check_has(r->check, alert) &&
	    vs_check_concerns(r->check, &alert->vm, false))
		vs_check_keep(r->check, &event, true);
	return 0;
}

void vs_check_open_events(struct vs_check *c, const struct vs_host_view *host)
{
	struct vs_reopen r = { c, host };

	if (vs_engine_each_alert(c->engine, vs_check_reopen, &r))
		c->failed = true;
}

void vs_check_forget_events(struct vs_check *c)
{
	for (size_t i = 0; i < c->n_events; i++)
		vs_check_free_event(&c->events[i]);
	free(c->events);
}
