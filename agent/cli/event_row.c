// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "cli/event_row.h"
#include "cli/row.h"
#include "cli/when.h"
#include "core/gap.h"
#include "core/text.h"

/* the description in one line */
static void vs_event_line(json_t *row, const struct vs_event *event)
{
	struct vs_buf text = { 0 };

	vs_text_description(&text, vs_i18n_lang(), event);
	for (char *p = text.data; p && *p; p++) {
		if (*p == '\n')
			*p = p[1] ? ' ' : '\0';
	}
	vs_row_text(row, "description", vs_buf_str(&text));
	vs_buf_free(&text);
}

/* what it is about: a VM, a port, or the host */
static const char *vs_row_target(const struct vs_uuid *vm, const char *name,
				 const char *other, char uuid[VS_UUID_STR])
{
	if (!vm || vs_uuid_is_nil(vm))
		return other && *other ? other : "-";
	return name && *name ? name : vs_uuid_format(vm, uuid);
}

json_t *vs_event_cells(const struct vs_event *event, uint64_t seq)
{
	const struct vs_lang *lang = vs_i18n_lang();
	char date[VS_DATE], uuid[VS_UUID_STR];
	enum vs_step steps[VS_STEPS_MAX];
	json_t *row = json_object();

	json_object_set_new(row, "seq", json_integer(seq));
	vs_row_text(row, "time", vs_date(event->time, date));
	vs_row_text(row, "level", vs_text_level(lang, event->level));
	json_object_set_new(row, "id", json_integer(event->id));
	vs_row_text(row, "name", vs_text_event_name(lang, event->id));
	vs_row_text(row, "target",
		    vs_row_target(event->vm, event->vm_name,
				  event->port ? event->port : event->host,
				  uuid));
	vs_row_text(row, "host", event->host);
	if (event->vm)
		vs_row_text(row, "vm_uuid", vs_uuid_format(event->vm, uuid));
	vs_row_text(row, "origin", vs_text_origin(lang, event->origin));
	vs_row_text(row, "action_by", vs_text_actor(lang, event->action_by));
	if (event->cause)
		vs_row_text(row, "cause", vs_cause_word(event->cause));
	if (vs_event_steps(event, steps))
		vs_row_text(row, "step", vs_step_word(steps[0]));
	vs_event_line(row, event);
	return row;
}

json_t *vs_alert_cells(const struct vs_alert *alert, vs_time now)
{
	const char *port = alert->n_differences ? alert->differences->port :
						  NULL;
	const struct vs_lang *lang = vs_i18n_lang();
	char date[VS_DATE], uuid[VS_UUID_STR], age[VS_AGE];
	json_t *row = json_object();

	vs_row_text(row, "level", vs_text_level(lang, vs_alert_level(alert)));
	json_object_set_new(row, "id", json_integer(alert->id));
	vs_row_text(row, "name", vs_text_event_name(lang, alert->id));
	vs_row_text(row, "target",
		    vs_row_target(&alert->vm, alert->vm_name, port, uuid));
	vs_row_text(row, "since", vs_date(alert->since, date));
	vs_row_text(row, "raised", vs_date(alert->raised, date));
	vs_row_text(row, "age", vs_when_age(now - alert->since, age));
	if (!vs_uuid_is_nil(&alert->vm))
		vs_row_text(row, "vm_uuid", vs_uuid_format(&alert->vm, uuid));
	return row;
}
