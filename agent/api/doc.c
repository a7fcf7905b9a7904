// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "api/doc.h"
#include "core/cause.h"
#include "core/gap.h"
#include "driver/fault.h"

void vs_doc_text(json_t *doc, const char *key, const char *s)
{
	if (s && *s)
		json_object_set_new(doc, key, vs_json_text(s));
}

void vs_doc_number(json_t *doc, const char *key, int64_t n)
{
	json_object_set_new(doc, key, json_integer(n));
}

void vs_doc_flag(json_t *doc, const char *key, bool flag)
{
	json_object_set_new(doc, key, json_boolean(flag));
}

json_t *vs_doc_states(const size_t count[VS_STATE_COUNT])
{
	json_t *doc = json_object();

	for (int i = 0; i < VS_STATE_COUNT; i++)
		vs_doc_number(doc, vs_state_word(i), count[i]);
	return doc;
}

json_t *vs_doc_driver(const struct vs_driver_info *info)
{
	json_t *doc = json_object();

	vs_doc_text(doc, "state", vs_driver_state_word(info->state));
	vs_doc_number(doc, "abi_agent", info->abi_agent);
	if (info->abi_driver)
		vs_doc_number(doc, "abi_driver", info->abi_driver);
	if (info->epoch)
		vs_doc_number(doc, "epoch", info->epoch);
	if (info->error.op || info->error.why)
		json_object_set_new(doc, "error", vs_fault_write(&info->error));
	return doc;
}

json_t *vs_doc_bypass_check(const struct vs_foreigns *f)
{
	json_t *row = json_object();

	json_object_set_new(row, "done",
			    json_boolean(f->asked && !f->error.op));
	if (f->asked)
		json_object_set_new(row, "tcx", json_boolean(f->tcx));
	if (f->error.op)
		json_object_set_new(row, "error", vs_fault_write(&f->error));
	return row;
}

static json_t *vs_doc_difference(const struct vs_difference *d)
{
	char mac[VS_MAC_STR];
	json_t *row = json_object();

	if (!vs_mac_is_zero(&d->mac))
		vs_doc_text(row, "mac", vs_mac_format(&d->mac, mac));
	if (d->device_id != VS_DEVICE_ID_NONE)
		json_object_set_new(row, "device_id",
				    json_integer(d->device_id));
	vs_doc_text(row, "source", vs_source_word(d->source));
	vs_doc_text(row, "reason", vs_reason_word(d->reason));
	vs_doc_text(row, "port", d->port);
	vs_doc_text(row, "by", d->by);
	json_object_set_new(row, "first_seen", json_integer(d->first_seen));
	return row;
}

static json_t *vs_doc_target(const struct vs_event *event)
{
	char uuid[VS_UUID_STR];
	json_t *row = json_object();

	vs_doc_text(row, "host", event->host);
	if (event->vm)
		vs_doc_text(row, "vm_uuid", vs_uuid_format(event->vm, uuid));
	vs_doc_text(row, "vm_name", event->vm_name);
	vs_doc_text(row, "port", event->port);
	return row;
}

static void vs_doc_cause(json_t *row, const struct vs_event *event)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_event_steps(event, steps);
	json_t *list;

	if (event->cause)
		vs_doc_text(row, "cause", vs_cause_word(event->cause));
	if (!n)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      json_string(vs_step_word(steps[i])));
	json_object_set_new(row, "steps", list);
}

json_t *vs_doc_event(const struct vs_event *event,
		     const struct vs_lang *lang)
{
	struct vs_buf text = { 0 };
	json_t *row = json_object(), *list = json_array();
	const struct vs_difference *d = event->differences;

	for (size_t i = 0; i < event->n_differences; i++)
		json_array_append_new(list, vs_doc_difference(&d[i]));
	vs_text_description(&text, lang, event);
	json_object_set_new(row, "time", json_integer(event->time));
	json_object_set_new(row, "id", json_integer(event->id));
	vs_doc_text(row, "name", vs_text_event_name(lang, event->id));
	vs_doc_text(row, "level", vs_level_word(event->level));
	if (event->form)
		vs_doc_text(row, "form", vs_form_word(event->form));
	vs_doc_text(row, "origin", vs_origin_word(event->origin));
	vs_doc_text(row, "action_by", vs_actor_word(event->action_by));
	json_object_set_new(row, "target", vs_doc_target(event));
	vs_doc_text(row, "description", vs_buf_str(&text));
	json_object_set_new(row, "differences", list);
	vs_doc_cause(row, event);
	if (event->error)
		json_object_set_new(row, "error",
				    vs_fault_write(event->error));
	vs_buf_free(&text);
	return row;
}

json_t *vs_doc_alert(const struct vs_alert *alert, vs_time now,
		     const struct vs_lang *lang)
{
	json_t *row = json_object(), *list = json_array();
	const struct vs_difference *d = alert->differences;
	char uuid[VS_UUID_STR];

	for (size_t i = 0; i < alert->n_differences; i++)
		json_array_append_new(list, vs_doc_difference(&d[i]));
	json_object_set_new(row, "id", json_integer(alert->id));
	vs_doc_text(row, "name", vs_text_event_name(lang, alert->id));
	vs_doc_text(row, "level", vs_level_word(vs_alert_level(alert)));
	if (alert->form)
		vs_doc_text(row, "form", vs_form_word(alert->form));
	if (!vs_uuid_is_nil(&alert->vm))
		vs_doc_text(row, "vm_uuid", vs_uuid_format(&alert->vm, uuid));
	vs_doc_text(row, "vm_name", alert->vm_name);
	json_object_set_new(row, "since", json_integer(alert->since));
	json_object_set_new(row, "raised", json_integer(alert->raised));
	json_object_set_new(row, "age", json_integer(now - alert->since));
	if (alert->driver)
		vs_doc_text(row, "driver",
			    vs_driver_state_word(alert->driver));
	json_object_set_new(row, "differences", list);
	return row;
}
