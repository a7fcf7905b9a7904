// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "po/i18n.h"
#include "store/alert_form.h"
#include "store/bytes.h"

/** enum vs_form_has - what there may be of an alert and of a difference */
enum vs_form_has {
	VS_FORM_HAS_VM = 1,
	VS_FORM_HAS_NAME = 2,
	VS_FORM_HAS_DRIVER = 4,
	VS_FORM_HAS_DEVICE_ID = 8,
	VS_FORM_HAS_MAC = 16,
	VS_FORM_HAS_PORT = 32,
	VS_FORM_HAS_HELD = 64,
	VS_FORM_HAS_RAISED = 128,
	VS_FORM_HAS_IFINDEX = 256,
	VS_FORM_HAS_BYTES = 512,
	VS_FORM_HAS_BY = 1024,
};

/** struct vs_alert_words - an alert in words */
struct vs_alert_words {
	uint64_t has;
	uint32_t id;
	uint32_t form;
	vs_time since;
	vs_time raised;
	struct vs_uuid vm;
	char name[VS_NAME_MAX + 1];
	char driver[24];
};

/** struct vs_difference_form - a difference in words */
struct vs_difference_form {
	uint64_t has;
	struct vs_uuid vm;
	char source[16];
	char reason[24];
	char bytes[2 * VS_PORT_NAME];
	char by[VS_FORM_BY];
	struct vs_difference d;
};

#define VS_PART(st, k, kd, member, b) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct st, member), \
	  .size = sizeof(((struct st *)0)->member), .bit = b }

static const struct vs_field vs_alert_words_fields[] = {
	VS_PART(vs_alert_words, "id", U32, id, 0),
	VS_PART(vs_alert_words, "form", U32, form, 0),
	VS_PART(vs_alert_words, "since", S64, since, 0),
	VS_PART(vs_alert_words, "raised", S64, raised, VS_FORM_HAS_RAISED),
	VS_PART(vs_alert_words, "vm_uuid", UUID, vm, VS_FORM_HAS_VM),
	VS_PART(vs_alert_words, "vm_name", STRING, name, VS_FORM_HAS_NAME),
	VS_PART(vs_alert_words, "driver", STRING, driver, VS_FORM_HAS_DRIVER),
};

static const struct vs_field vs_difference_form_fields[] = {
	VS_PART(vs_difference_form, "vm_uuid", UUID, vm, VS_FORM_HAS_VM),
	VS_PART(vs_difference_form, "source", STRING, source, 0),
	VS_PART(vs_difference_form, "reason", STRING, reason, 0),
	{ .key = "device_id", .kind = VS_FIELD_U16, .max = VS_DEVICE_ID_MAX,
	  .offset = offsetof(struct vs_difference_form, d.device_id),
	  .bit = VS_FORM_HAS_DEVICE_ID },
	VS_PART(vs_difference_form, "mac", MAC, d.mac, VS_FORM_HAS_MAC),
	VS_PART(vs_difference_form, "port", STRING, d.port, VS_FORM_HAS_PORT),
	VS_PART(vs_difference_form, "ifindex", U32, d.ifindex,
		VS_FORM_HAS_IFINDEX),
	/* a port may have a name that is no text */
	VS_PART(vs_difference_form, "port_bytes", STRING, bytes,
		VS_FORM_HAS_BYTES),
	VS_PART(vs_difference_form, "by", STRING, by, VS_FORM_HAS_BY),
	VS_PART(vs_difference_form, "held", BOOL, d.held, VS_FORM_HAS_HELD),
	VS_PART(vs_difference_form, "first_seen", S64, d.first_seen, 0),
};

#define VS_FORM(st, table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct st, has) }

static const struct vs_record vs_alert_words_record =
	VS_FORM(vs_alert_words, vs_alert_words_fields);
static const struct vs_record vs_difference_form_record =
	VS_FORM(vs_difference_form, vs_difference_form_fields);

json_t *vs_difference_write(const struct vs_difference *diff,
			    const struct vs_uuid *vm)
{
	bool text = vs_bytes_are_text(diff->port);
	struct vs_difference_form m = {
		.has = (vm ? VS_FORM_HAS_VM : 0) |
		       (diff->device_id == VS_DEVICE_ID_NONE ? 0 :
			VS_FORM_HAS_DEVICE_ID) |
		       (vs_mac_is_zero(&diff->mac) ? 0 : VS_FORM_HAS_MAC) |
		       (*diff->port ? VS_FORM_HAS_IFINDEX : 0) |
		       (*diff->port && text ? VS_FORM_HAS_PORT : 0) |
		       (text ? 0 : VS_FORM_HAS_BYTES) |
		       (diff->by ? VS_FORM_HAS_BY : 0) |
		       (diff->held ? VS_FORM_HAS_HELD : 0),
		.d = *diff,
	};

	if (vm)
		m.vm = *vm;
	snprintf(m.source, sizeof(m.source), "%s",
		 vs_source_word(diff->source));
	snprintf(m.reason, sizeof(m.reason), "%s",
		 vs_reason_word(diff->reason));
	if (!text)
		vs_bytes_write(diff->port, m.bytes, sizeof(m.bytes));
	vs_bytes_cut(m.by, sizeof(m.by), diff->by);
	return vs_record_write(&vs_difference_form_record, &m);
}

/* the words back into enums */
static int vs_difference_words(struct vs_difference_form *m)
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
	if ((m->has & VS_FORM_HAS_BYTES) &&
	    vs_bytes_read(m->bytes, m->d.port, sizeof(m->d.port)))
		return -EINVAL;
	m->d.source = source;
	m->d.reason = reason;
	return 0;
}

/* @json as it is: what is "by" is for free() */
static int vs_difference_form(const json_t *json,
			      struct vs_difference_form *m, bool vm,
			      const struct vs_reader *reader)
{
	const char *path = "differences";

	if (vs_record_read(&vs_difference_form_record, json, m, reader, path))
		return -EINVAL;
	if (vs_difference_words(m) || vm != !!(m->has & VS_FORM_HAS_VM))
		return vs_reader_fail(reader, path, _("is not a known word"));
	if (!(m->has & VS_FORM_HAS_DEVICE_ID))
		m->d.device_id = VS_DEVICE_ID_NONE;
	m->d.by = NULL;
	return 0;
}

int vs_difference_read(const json_t *json, struct vs_difference *diff,
		       char **by, const struct vs_reader *reader)
{
	struct vs_difference_form m = { 0 };

	*by = NULL;
	if (vs_difference_form(json, &m, false, reader))
		return -EINVAL;
	*diff = m.d;
	if (!(m.has & VS_FORM_HAS_BY))
		return 0;
	*by = vs_bytes_safe(m.by);
	diff->by = *by;
	return *by ? 0 : -ENOMEM;
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
	struct vs_difference_form m = { 0 };

	if (vs_difference_form(json, &m, true, reader))
		return -EINVAL;
	*vm = m.vm;
	*diff = m.d;
	return 0;
}

json_t *vs_alert_write(const struct vs_alert *alert)
{
	struct vs_alert_words m = {
		.has = (vs_uuid_is_nil(&alert->vm) ? 0 : VS_FORM_HAS_VM) |
		       (alert->vm_name ? VS_FORM_HAS_NAME : 0) |
		       (alert->driver ? VS_FORM_HAS_DRIVER : 0) |
		       VS_FORM_HAS_RAISED,
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
	json = vs_record_write(&vs_alert_words_record, &m);
	for (size_t i = 0; i < alert->n_differences; i++) {
		struct vs_difference plain = d[i];

		/* what leads past a port is asked for anew */
		plain.by = NULL;
		json_array_append_new(list, vs_difference_write(&plain, NULL));
	}
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
		struct vs_difference_form m = { 0 };

		if (vs_difference_form(json_array_get(list,
						      alert->n_differences),
				       &m, false, reader))
			return -EINVAL;
		d[alert->n_differences] = m.d;
	}
	return 0;
}

static int vs_alert_read_head(const json_t *json, struct vs_alert *alert,
			      const struct vs_reader *reader)
{
	struct vs_alert_words m = { 0 };
	int state = VS_DRIVER_UNKNOWN;

	if (vs_record_read(&vs_alert_words_record, json, &m, reader,
			   "alerts"))
		return -EINVAL;
	while ((m.has & VS_FORM_HAS_DRIVER) && state < VS_DRIVER_STATE_COUNT &&
	       strcmp(m.driver, vs_driver_state_word(state)) != 0)
		state++;
	if (state == VS_DRIVER_STATE_COUNT || m.form > VS_FORM_UNOBTAINED ||
	    ((m.has & VS_FORM_HAS_NAME) && vs_name_check(m.name)))
		return vs_reader_fail(reader, "alerts",
				      _("is not a known word"));
	alert->id = m.id;
	alert->form = m.form;
	alert->vm = m.vm;
	alert->since = m.since;
	/* who wrote no such moment knew but one */
	alert->raised = m.has & VS_FORM_HAS_RAISED ? m.raised : m.since;
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
