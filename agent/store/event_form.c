// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/fault.h"
#include "po/i18n.h"
#include "store/alert_form.h"
#include "store/bytes.h"
#include "store/event_form.h"

static const char *vs_origin_as_word(int i) { return vs_origin_word(i); }
static const char *vs_actor_as_word(int i) { return vs_actor_word(i); }
static const char *vs_level_as_word(int i) { return vs_level_word(i); }
static const char *vs_form_as_word(int i) { return vs_form_word(i); }
static const char *vs_state_as_word(int i) { return vs_state_word(i); }
static const char *vs_reason_as_word(int i) { return vs_reason_word(i); }
static const char *vs_driver_as_word(int i) { return vs_driver_state_word(i); }

/**
 * struct vs_event_word - a member that is one of some words
 * @key: its key
 * @offset: the member: an enum, hence an int; 0, the first word, is left out
 * @count: how many words
 * @word: the words
 */
struct vs_event_word {
	const char *key;
	size_t offset;
	int count;
	const char *(*word)(int i);
};

#define VS_EVENT_WORD(member, n, fn) \
	{ #member, offsetof(struct vs_event, member), n, fn }

static const struct vs_event_word vs_event_words[] = {
	VS_EVENT_WORD(level, VS_LEVEL_COUNT, vs_level_as_word),
	VS_EVENT_WORD(form, VS_FORM_COUNT, vs_form_as_word),
	VS_EVENT_WORD(origin, VS_ORIGIN_COUNT, vs_origin_as_word),
	VS_EVENT_WORD(action_by, VS_ACTOR_COUNT, vs_actor_as_word),
	VS_EVENT_WORD(driver, VS_DRIVER_STATE_COUNT, vs_driver_as_word),
	VS_EVENT_WORD(driver_before, VS_DRIVER_STATE_COUNT,
		      vs_driver_as_word),
	VS_EVENT_WORD(state, VS_STATE_COUNT, vs_state_as_word),
	VS_EVENT_WORD(reason, VS_REASON_COUNT, vs_reason_as_word),
};

/**
 * struct vs_event_number - a member that is a number, left out when 0
 * @key: its key
 * @offset: the member
 * @size: its size
 * @min: the smallest it may be
 * @max: the largest
 */
struct vs_event_number {
	const char *key;
	size_t offset;
	size_t size;
	int64_t min;
	int64_t max;
};

#define VS_EVENT_NUMBER(member, low, high) \
	{ #member, offsetof(struct vs_event, member), \
	  sizeof(((struct vs_event *)0)->member), low, high }

static const struct vs_event_number vs_event_numbers[] = {
	VS_EVENT_NUMBER(time, INT64_MIN, INT64_MAX),
	VS_EVENT_NUMBER(id, 1, INT32_MAX),
	VS_EVENT_NUMBER(since, INT64_MIN, INT64_MAX),
	VS_EVENT_NUMBER(cause, 0, VS_CAUSE_COUNT - 1),
	VS_EVENT_NUMBER(gap, 0, VS_GAP_COUNT - 1),
	VS_EVENT_NUMBER(steps, 0, UINT32_MAX),
	VS_EVENT_NUMBER(about, 0, INT32_MAX),
	VS_EVENT_NUMBER(count, 0, INT64_MAX),
};

#define VS_WORDS (sizeof(vs_event_words) / sizeof(*vs_event_words))
#define VS_NUMBERS (sizeof(vs_event_numbers) / sizeof(*vs_event_numbers))

static int64_t vs_event_number(const struct vs_event *event,
			       const struct vs_event_number *n)
{
	const char *member = (const char *)event + n->offset;
	int64_t wide;
	uint32_t narrow;

	if (n->size == sizeof(wide)) {
		memcpy(&wide, member, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, member, sizeof(narrow));
	return narrow;
}

static int vs_event_write_numbers(json_t *json, const struct vs_event *event)
{
	int ret = 0;

	for (size_t i = 0; i < VS_NUMBERS; i++) {
		const struct vs_event_number *n = &vs_event_numbers[i];
		int64_t value = vs_event_number(event, n);

		if (value)
			ret |= json_object_set_new(json, n->key,
						   json_integer(value));
	}
	return ret;
}

static int vs_event_write_words(json_t *json, const struct vs_event *event)
{
	int ret = 0, value;

	for (size_t i = 0; i < VS_WORDS; i++) {
		const struct vs_event_word *w = &vs_event_words[i];

		memcpy(&value, (const char *)event + w->offset, sizeof(value));
		if (value)
			ret |= json_object_set_new(json, w->key,
						   json_string(w->word(value)));
	}
	return ret;
}

static int vs_event_write_target(json_t *json, const struct vs_event *event)
{
	char uuid[VS_UUID_STR];
	int ret = 0;

	if (event->vm)
		ret = json_object_set_new(json, "vm",
					  json_string(vs_uuid_format(event->vm,
								     uuid)));
	return ret || vs_bytes_set(json, "host", event->host) ||
	       vs_bytes_set(json, "vm_name", event->vm_name) ||
	       vs_bytes_set(json, "port", event->port) ||
	       vs_bytes_set(json, "detail", event->detail);
}

static int vs_event_write_differences(json_t *json,
				      const struct vs_event *event)
{
	json_t *list = json_array();
	int ret = 0;

	for (size_t i = 0; i < event->n_differences; i++)
		ret |= json_array_append_new(list,
				vs_difference_write(&event->differences[i],
						    NULL));
	if (event->n_differences)
		return json_object_set_new(json, "differences", list) || ret;
	json_decref(list);
	return ret;
}

json_t *vs_event_write(const struct vs_event *event)
{
	json_t *json = json_object();
	int ret = !json;

	ret |= vs_event_write_numbers(json, event);
	ret |= vs_event_write_words(json, event);
	ret |= vs_event_write_target(json, event);
	ret |= vs_event_write_differences(json, event);
	if (event->error)
		ret |= json_object_set_new(json, "error",
					   vs_fault_write(event->error));
	if (!ret)
		return json;
	json_decref(json);
	return NULL;
}

static int vs_event_read_numbers(const json_t *json, struct vs_event *event,
				 const struct vs_reader *reader)
{
	for (size_t i = 0; i < VS_NUMBERS; i++) {
		const struct vs_event_number *n = &vs_event_numbers[i];
		const json_t *value = json_object_get(json, n->key);
		int64_t wide = json_integer_value(value);
		uint32_t narrow = wide;
		char *member = (char *)event + n->offset;

		if (value && !json_is_integer(value))
			return vs_reader_fail(reader, n->key,
					      _("is not a whole number"));
		if (wide < n->min || wide > n->max)
			return vs_reader_fail(reader, n->key,
					      _("is out of range"));
		if (n->size == sizeof(wide))
			memcpy(member, &wide, sizeof(wide));
		else
			memcpy(member, &narrow, sizeof(narrow));
	}
	return 0;
}

static int vs_event_read_words(const json_t *json, struct vs_event *event,
			       const struct vs_reader *reader)
{
	for (size_t i = 0; i < VS_WORDS; i++) {
		const struct vs_event_word *w = &vs_event_words[i];
		const json_t *value = json_object_get(json, w->key);
		const char *s = json_string_value(value);
		int word = 0;

		while (s && word < w->count && strcmp(s, w->word(word)) != 0)
			word++;
		if ((value && !s) || word == w->count)
			return vs_reader_fail(reader, w->key,
					      _("is not a known word"));
		memcpy((char *)event + w->offset, &word, sizeof(word));
	}
	return 0;
}

/* @safe: it is going to be printed as it is */
static int vs_event_read_text(const json_t *json, const char *key, char **text,
			      bool safe, const struct vs_reader *reader)
{
	int ret = vs_bytes_get(json, key, text);
	char *raw = *text;

	if (ret == -EINVAL)
		return vs_reader_fail(reader, key, _("is not a string"));
	if (ret || !safe || !raw)
		return ret;
	*text = vs_bytes_safe(raw);
	free(raw);
	return *text ? 0 : -ENOMEM;
}

static int vs_event_read_target(const json_t *json,
				struct vs_event_copy *copy,
				const struct vs_reader *reader)
{
	const json_t *vm = json_object_get(json, "vm");
	struct vs_event *event = &copy->event;
	int ret;

	if (vm) {
		if (!json_is_string(vm) ||
		    vs_uuid_parse(json_string_value(vm), &copy->vm))
			return vs_reader_fail(reader, "vm",
					      _("is not a UUID"));
		event->vm = &copy->vm;
	}
	ret = vs_event_read_text(json, "host", &copy->host, false, reader);
	if (!ret)
		ret = vs_event_read_text(json, "vm_name", &copy->vm_name,
					 false, reader);
	if (!ret)
		ret = vs_event_read_text(json, "port", &copy->port, false,
					 reader);
	if (!ret)
		ret = vs_event_read_text(json, "detail", &copy->detail, true,
					 reader);
	event->host = copy->host ? copy->host : "";
	event->vm_name = copy->vm_name;
	event->port = copy->port;
	event->detail = copy->detail;
	return ret;
}

static int vs_event_read_differences(const json_t *json,
				     struct vs_event_copy *copy,
				     const struct vs_reader *reader)
{
	const json_t *list = json_object_get(json, "differences");
	size_t n = json_array_size(list);
	int ret = 0;

	if (!list)
		return 0;
	if (!json_is_array(list))
		return vs_reader_fail(reader, "differences",
				      _("is not a list"));
	copy->differences = calloc(n + 1, sizeof(*copy->differences));
	copy->by = calloc(n + 1, sizeof(*copy->by));
	if (!copy->differences || !copy->by)
		return -ENOMEM;
	copy->event.differences = copy->differences;
	for (size_t i = 0; i < n && !ret; i++) {
		ret = vs_difference_read(json_array_get(list, i),
					 &copy->differences[i], &copy->by[i],
					 reader);
		copy->event.n_differences++;
	}
	return ret;
}

static int vs_event_read_error(const json_t *json, struct vs_event_copy *copy,
			       const struct vs_reader *reader)
{
	const json_t *fault = json_object_get(json, "error");
	const json_t *detail = json_object_get(fault, "detail");
	char *safe;

	if (!fault)
		return 0;
	if (vs_fault_read(fault, &copy->error, reader, "error"))
		return -EINVAL;
	copy->event.error = &copy->error;
	if (!detail)
		return 0;
	/* what is read there is made safe once more, so that it changes */
	safe = vs_bytes_safe(json_string_value(detail));
	if (!safe)
		return -ENOMEM;
	vs_bytes_cut(copy->error.detail, sizeof(copy->error.detail), safe);
	free(safe);
	return 0;
}

int vs_event_read(const json_t *json, struct vs_event_copy *copy,
		  const struct vs_reader *reader)
{
	int ret;

	*copy = (struct vs_event_copy){ 0 };
	copy->event.host = "";
	if (!json_is_object(json))
		return vs_reader_fail(reader, "", _("is not an object"));
	ret = vs_event_read_numbers(json, &copy->event, reader);
	if (!ret)
		ret = vs_event_read_words(json, &copy->event, reader);
	if (!ret)
		ret = vs_event_read_target(json, copy, reader);
	if (!ret)
		ret = vs_event_read_differences(json, copy, reader);
	return ret ? ret : vs_event_read_error(json, copy, reader);
}

void vs_event_copy_free(struct vs_event_copy *copy)
{
	for (size_t i = 0; copy->by && i < copy->event.n_differences; i++)
		free(copy->by[i]);
	free(copy->by);
	free(copy->differences);
	free(copy->host);
	free(copy->vm_name);
	free(copy->port);
	free(copy->detail);
	*copy = (struct vs_event_copy){ 0 };
}
