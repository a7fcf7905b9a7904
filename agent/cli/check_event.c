// SPDX-License-Identifier: GPL-2.0-only
/* Events of a check, new ones and those that are still open. */
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "api/reopen.h"
#include "cli/check.h"
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

void vs_check_keep(struct vs_check *c, const struct vs_event *event,
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
	struct vs_event explained = *event;
	struct vs_check *c = ctx;

	vs_explainer_event(&c->explainer, &explained);
	vs_check_keep(c, &explained, false);
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
			 const struct vs_event *event)
{
	static const struct vs_uuid nil;
	const struct vs_uuid *vm = event->vm ? event->vm : &nil;

	for (size_t i = 0; i < c->n_events; i++) {
		const struct vs_occasion *o = &c->events[i];

		if (o->id == event->id && o->form == event->form &&
		    vs_uuid_cmp(&o->vm, vm) == 0)
			return true;
	}
	return false;
}

/* the event as it was told, with what is known of it now */
static void vs_check_reopen(void *ctx, const struct vs_event *event)
{
	static const struct vs_uuid nil;
	struct vs_check *c = ctx;

	/* a port without a VM is told afresh each time */
	if (!event->port && !vs_check_has(c, event) &&
	    vs_check_concerns(c, event->vm ? event->vm : &nil, false))
		vs_check_keep(c, event, true);
}

void vs_check_open_events(struct vs_check *c)
{
	if (vs_reopen_each(c->engine, &c->explainer, vs_check_reopen, c))
		c->failed = true;
}

void vs_check_forget_events(struct vs_check *c)
{
	for (size_t i = 0; i < c->n_events; i++)
		vs_check_free_event(&c->events[i]);
	free(c->events);
}
