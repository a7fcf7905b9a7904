// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/gap.h"
#include "core/kind.h"
#include "store/journal.h"

static void vs_journal_bytes(struct vs_journal *j, const void *data,
			     size_t len)
{
	char *bigger = realloc(j->data, j->len + len);

	if (!bigger) {
		j->failed = true;
		return;
	}
	j->data = bigger;
	memcpy(j->data + j->len, data, len);
	j->len += len;
}

/* a value with a newline in it is announced with its length */
static void vs_journal_field(struct vs_journal *j, const char *key,
			     const char *value)
{
	size_t len = value ? strlen(value) : 0;
	uint64_t size = htole64(len);

	if (!len)
		return;
	vs_journal_bytes(j, key, strlen(key));
	if (memchr(value, '\n', len)) {
		vs_journal_bytes(j, "\n", 1);
		vs_journal_bytes(j, &size, sizeof(size));
	} else {
		vs_journal_bytes(j, "=", 1);
	}
	vs_journal_bytes(j, value, len);
	vs_journal_bytes(j, "\n", 1);
}

static void vs_journal_number(struct vs_journal *j, const char *key,
			      long long n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", n);
	vs_journal_field(j, key, text);
}

/* "Interfaces Out of Sync: what about it", as a person reads it */
static void vs_journal_message(struct vs_journal *j,
			       const struct vs_lang *lang,
			       const struct vs_event *event)
{
	const struct vs_event_kind *kind = vs_event_kind(event->id);
	struct vs_buf text = { 0 };

	vs_buf_addf(&text, "%s: ", vs_text_event_name(lang, event->id));
	vs_text_description(&text, lang, event);
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	j->failed |= text.failed;
	vs_journal_field(j, "MESSAGE", vs_buf_str(&text));
	vs_buf_free(&text);
	if (kind)
		vs_journal_field(j, "MESSAGE_ID", kind->message_id);
}

static void vs_journal_target(struct vs_journal *j,
			      const struct vs_event *event)
{
	char uuid[VS_UUID_STR], mac[VS_MAC_STR];

	vs_journal_field(j, "VMSAFE_HOST", event->host);
	if (event->vm)
		vs_journal_field(j, "VMSAFE_VM_UUID",
				 vs_uuid_format(event->vm, uuid));
	vs_journal_field(j, "VMSAFE_VM_NAME", event->vm_name);
	vs_journal_field(j, "VMSAFE_PORT", event->port);
	for (size_t i = 0; i < event->n_differences; i++) {
		const struct vs_difference *d = &event->differences[i];

		if (!vs_mac_is_zero(&d->mac))
			vs_journal_field(j, "VMSAFE_MAC",
					 vs_mac_format(&d->mac, mac));
		if (d->device_id != VS_DEVICE_ID_NONE)
			vs_journal_number(j, "VMSAFE_DEVICE_ID",
					  d->device_id);
	}
}

/* a step each, best first */
static void vs_journal_cause(struct vs_journal *j,
			     const struct vs_event *event)
{
	enum vs_step steps[VS_STEPS_MAX];
	size_t n = vs_event_steps(event, steps);

	if (event->cause)
		vs_journal_field(j, "VMSAFE_CAUSE",
				 vs_cause_word(event->cause));
	for (size_t i = 0; i < n; i++)
		vs_journal_field(j, "VMSAFE_STEP", vs_step_word(steps[i]));
}

void vs_journal_write(struct vs_journal *j, const struct vs_lang *lang,
		      const struct vs_event *event)
{
	/* as syslog has it: error, warning, informational */
	static const int priority[VS_LEVEL_COUNT] = { 6, 4, 3 };

	*j = (struct vs_journal){ 0 };
	vs_journal_message(j, lang, event);
	vs_journal_number(j, "PRIORITY", priority[event->level]);
	vs_journal_field(j, "SYSLOG_IDENTIFIER", "vmsafe-agent");
	vs_journal_number(j, "VMSAFE_ID", event->id);
	vs_journal_field(j, "VMSAFE_NAME",
			 vs_text_event_name(NULL, event->id));
	vs_journal_field(j, "VMSAFE_LEVEL", vs_level_word(event->level));
	vs_journal_number(j, "VMSAFE_TIME", event->time);
	vs_journal_field(j, "VMSAFE_ORIGIN", vs_origin_word(event->origin));
	vs_journal_field(j, "VMSAFE_ACTION_BY",
			 vs_actor_word(event->action_by));
	if (event->form)
		vs_journal_field(j, "VMSAFE_FORM", vs_form_word(event->form));
	vs_journal_target(j, event);
	vs_journal_cause(j, event);
	if (event->count)
		vs_journal_number(j, "VMSAFE_COUNT", event->count);
}

void vs_journal_free(struct vs_journal *j)
{
	free(j->data);
	*j = (struct vs_journal){ 0 };
}
