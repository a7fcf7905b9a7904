// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory_form.h"
#include "core/name.h"
#include "po/i18n.h"

/** enum vs_memory_bit - what there may be of an alert and of a difference */
enum vs_memory_bit {
	VS_MEMORY_VM = 1,
	VS_MEMORY_NAME = 2,
	VS_MEMORY_DRIVER = 4,
	VS_MEMORY_DEVICE_ID = 8,
	VS_MEMORY_MAC = 16,
	VS_MEMORY_PORT = 32,
	VS_MEMORY_HELD = 64,
	VS_MEMORY_RAISED = 128,
};

/** struct vs_memory_alert - an alert in words */
struct vs_memory_alert {
	uint64_t has;
	uint32_t id;
	uint32_t form;
	vs_time since;
	vs_time raised;
	struct vs_uuid vm;
	char name[VS_NAME_MAX + 1];
	char driver[24];
};

/** struct vs_memory_difference - a difference in words */
struct vs_memory_difference {
	uint64_t has;
	struct vs_uuid vm;
	char source[16];
	char reason[24];
	struct vs_difference d;
};

#define VS_PART(st, k, kd, member, b) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member), .bit = b }

static const struct vs_field vs_memory_alert_fields[] = {
	VS_PART(vs_memory_alert, "id", U32, id, 0),
	VS_PART(vs_memory_alert, "form", U32, form, 0),
	VS_PART(vs_memory_alert, "since", S64, since, 0),
	VS_PART(vs_memory_alert, "raised", S64, raised, VS_MEMORY_RAISED),
	VS_PART(vs_memory_alert, "vm_uuid", UUID, vm, VS_MEMORY_VM),
	VS_PART(vs_memory_alert, "vm_name", STRING, name, VS_MEMORY_NAME),
	VS_PART(vs_memory_alert, "driver", STRING, driver, VS_MEMORY_DRIVER),
};

static const struct vs_field vs_memory_difference_fields[] = {
	VS_PART(vs_memory_difference, "vm_uuid", UUID, vm, VS_MEMORY_VM),
	VS_PART(vs_memory_difference, "source", STRING, source, 0),
	VS_PART(vs_memory_difference, "reason", STRING, reason, 0),
	{ .key = "device_id", .kind = VS_FIELD_U16, .max = VS_DEVICE_ID_MAX,
	  .offset = offsetof(struct vs_memory_difference, d.device_id),
	  .bit = VS_MEMORY_DEVICE_ID },
	VS_PART(vs_memory_difference, "mac", MAC, d.mac, VS_MEMORY_MAC),
	VS_PART(vs_memory_difference, "port", STRING, d.port, VS_MEMORY_PORT),
	VS_PART(vs_memory_difference, "ifindex", U32, d.ifindex,
		VS_MEMORY_PORT),
	VS_PART(vs_memory_difference, "held", BOOL, d.held, VS_MEMORY_HELD),
	VS_PART(vs_memory_difference, "first_seen", S64, d.first_seen, 0),
};

#define VS_FORM(st, table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct st, has) }

static const struct vs_record vs_memory_alert_record =
	VS_FORM(vs_memory_alert, vs_memory_alert_fields);
static const struct vs_record vs_memory_difference_record =
	VS_FORM(vs_memory_difference, vs_memory_difference_fields);

static json_t *vs_difference_write(const struct vs_difference *diff,
				   const struct vs_uuid *vm)
{
	struct vs_memory_difference m = {
		.has = (vm ? VS_MEMORY_VM : 0) |
		       (diff->device_id == VS_DEVICE_ID_NONE ? 0 :
			VS_MEMORY_DEVICE_ID) |
		       (vs_mac_is_zero(&diff->mac) ? 0 : VS_MEMORY_MAC) |
		       (*diff->port ? VS_MEMORY_PORT : 0) |
		       (diff->held ? VS_MEMORY_HELD : 0),
		.d = *diff,
	};

	if (vm)
		m.vm = *vm;
	snprintf(m.source, sizeof(m.source), "%s",
		 vs_source_word(diff->source));
	snprintf(m.reason, sizeof(m.reason), "%s",
		 vs_reason_word(diff->reason));
	return vs_record_write(&vs_memory_difference_record, &m);
}

/* the words back into enums */
static int vs_difference_words(struct vs_memory_difference *m)
{
	int source = 0, reason = 0;

	while (source < VS_SOURCE_COUNT &&
	       strcmp(m->source, vs_source_word(source)) != 0)
		source++;
	while (reason < VS_REASON_COUNT &&
	       strcmp(m->reason, vs_reason_word(reason)) != 0)
		reason++;
	if (source == VS_SOURCE_COUNT || reason == VS_REASON_COUNT)
		return -EINVAL;
	m->d.source = source;
	m->d.reason = reason;
	return 0;
}

static int vs_difference_read(const json_t *json, struct vs_difference *diff,
			      struct vs_uuid *vm,
			      const struct vs_reader *reader)
{
	const char *path = "differences";
	struct vs_memory_difference m = { 0 };

	if (vs_record_read(&vs_memory_difference_record, json, &m, reader,
			   path))
		return -EINVAL;
	if (vs_difference_words(&m) || !vm != !(m.has & VS_MEMORY_VM))
		return vs_reader_fail(reader, path, _("is not a known word"));
	*diff = m.d;
	if (!(m.has & VS_MEMORY_DEVICE_ID))
		diff->device_id = VS_DEVICE_ID_NONE;
	if (vm)
		*vm = m.vm;
	return 0;
}

json_t *vs_pending_write(const struct vs_uuid *vm,
			 const struct vs_difference *diff)
{
	return vs_difference_write(diff, vm);
}

int vs_pending_read(const json_t *json, struct vs_uuid *vm,
		    struct vs_difference *diff,
		    const struct vs_reader *reader)
{
	return vs_difference_read(json, diff, vm, reader);
}

json_t *vs_alert_write(const struct vs_alert *alert)
{
	struct vs_memory_alert m = {
		.has = (vs_uuid_is_nil(&alert->vm) ? 0 : VS_MEMORY_VM) |
		       (alert->vm_name ? VS_MEMORY_NAME : 0) |
		       (alert->driver ? VS_MEMORY_DRIVER : 0) |
		       VS_MEMORY_RAISED,
		.id = alert->id,
		.form = alert->form,
		.since = alert->since,
		.raised = alert->raised,
		.vm = alert->vm,
	};
	const struct vs_difference *d = alert->differences;
	json_t *json, *list = json_array();

	if (alert->vm_name)
		snprintf(m.name, sizeof(m.name), "%s", alert->vm_name);
	snprintf(m.driver, sizeof(m.driver), "%s",
		 vs_driver_state_word(alert->driver));
	json = vs_record_write(&vs_memory_alert_record, &m);
	for (size_t i = 0; i < alert->n_differences; i++)
		json_array_append_new(list, vs_difference_write(&d[i], NULL));
	json_object_set_new(json, "differences", list);
	return json;
}

static int vs_alert_differences(const json_t *list, struct vs_alert *alert,
				const struct vs_reader *reader)
{
	size_t n = json_array_size(list);
	struct vs_difference *d;

	if (!json_is_array(list))
		return vs_reader_fail(reader, "differences",
				      _("is not a list"));
	d = calloc(n + 1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	alert->differences = d;
	for (; alert->n_differences < n; alert->n_differences++) {
		const json_t *item = json_array_get(list,
						    alert->n_differences);

		if (vs_difference_read(item, &d[alert->n_differences], NULL,
				       reader))
			return -EINVAL;
	}
	return 0;
}

static int vs_alert_read_head(const json_t *json, struct vs_alert *alert,
			      const struct vs_reader *reader)
{
	struct vs_memory_alert m = { 0 };
	int state = VS_DRIVER_UNKNOWN;

	if (vs_record_read(&vs_memory_alert_record, json, &m, reader,
			   "alerts"))
		return -EINVAL;
	while ((m.has & VS_MEMORY_DRIVER) && state < VS_DRIVER_STATE_COUNT &&
	       strcmp(m.driver, vs_driver_state_word(state)) != 0)
		state++;
	if (state == VS_DRIVER_STATE_COUNT || m.form > VS_FORM_UNOBTAINED ||
	    ((m.has & VS_MEMORY_NAME) && vs_name_check(m.name)))
		return vs_reader_fail(reader, "alerts",
				      _("is not a known word"));
	alert->id = m.id;
	alert->form = m.form;
	alert->vm = m.vm;
	alert->since = m.since;
	/* who wrote no such moment knew but one */
	alert->raised = m.has & VS_MEMORY_RAISED ? m.raised : m.since;
	alert->driver = state;
	return 0;
}

int vs_alert_read(const json_t *json, struct vs_alert *alert,
		  const struct vs_reader *reader)
{
	json_t *list = json_object_get(json, "differences");
	json_t *head = json_copy((json_t *)json);
	int ret;

	*alert = (struct vs_alert){ 0 };
	json_object_del(head, "differences");
	ret = vs_alert_read_head(head, alert, reader);
	json_decref(head);
	if (!ret)
		ret = vs_alert_differences(list, alert, reader);
	alert->vm_name = json_string_value(json_object_get(json, "vm_name"));
	return ret;
}
