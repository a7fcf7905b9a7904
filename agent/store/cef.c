// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "core/gap.h"
#include "core/name.h"
#include "core/version.h"
#include "store/cef.h"

/* a message longer than that ends in "..." */
#define VS_CEF_MESSAGE 4096

static const int vs_cef_severity[VS_LEVEL_COUNT] = {
	[VS_LEVEL_INFO] = 3,
	[VS_LEVEL_WARNING] = 6,
	[VS_LEVEL_ERROR] = 8,
};

static bool vs_cef_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 ||
	       cp == 0x2029;
}

/*
 * One line, whatever is in it: in a value newlines are written "\n", in the
 * header they are blanks; what is no character or a control one is "?". In
 * front of each of @special stands a backslash.
 */
static void vs_cef_escape(struct vs_buf *buf, const char *s,
			  const char *special, const char *newline)
{
	size_t n;

	for (; s && *s; s += n ? n : 1) {
		uint32_t cp;

		n = vs_utf8_next(s, &cp);
		if (*s == '\n')
			vs_buf_add(buf, newline);
		else if (!n || vs_cef_is_control(cp))
			vs_buf_add(buf, "?");
		else
			vs_buf_addf(buf, "%s%.*s", strchr(special, *s) ?
				    "\\" : "", (int)n, s);
	}
}

static void vs_cef_header(struct vs_buf *buf, const char *s)
{
	vs_cef_escape(buf, s, "\\|", " ");
}

static void vs_cef_value(struct vs_buf *buf, const char *key, const char *s)
{
	if (!s || !*s)
		return;
	vs_buf_addf(buf, " %s=", key);
	vs_cef_escape(buf, s, "\\=", "\\n");
}

static void vs_cef_number(struct vs_buf *buf, const char *key, long long n)
{
	vs_buf_addf(buf, " %s=%lld", key, n);
}

/* a field that CEF has no name for: a number of ours and a label */
static void vs_cef_custom(struct vs_buf *buf, int n, const char *label,
			  const char *s)
{
	char key[16];

	if (!s || !*s)
		return;
	snprintf(key, sizeof(key), "cs%d", n);
	vs_cef_value(buf, key, s);
	snprintf(key, sizeof(key), "cs%dLabel", n);
	vs_cef_value(buf, key, label);
}

/* of the first difference; the message has them all */
static void vs_cef_difference(struct vs_buf *buf, const struct vs_event *event)
{
	const struct vs_difference *d = event->differences;
	char mac[VS_MAC_STR];

	if (!event->n_differences)
		return;
	if (!vs_mac_is_zero(&d->mac))
		vs_cef_value(buf, "dmac", vs_mac_format(&d->mac, mac));
	if (d->device_id != VS_DEVICE_ID_NONE) {
		vs_cef_number(buf, "cn1", d->device_id);
		vs_cef_value(buf, "cn1Label", "Device ID");
	}
	vs_cef_custom(buf, 3, "Source", vs_source_word(d->source));
	vs_cef_value(buf, "reason", vs_reason_word(d->reason));
}

/* the cause, and the first of the steps that fit */
static void vs_cef_cause(struct vs_buf *buf, const struct vs_event *event)
{
	enum vs_step steps[VS_STEPS_MAX];

	if (event->cause)
		vs_cef_custom(buf, 4, "Cause", vs_cause_word(event->cause));
	if (vs_event_steps(event, steps))
		vs_cef_custom(buf, 5, "Step", vs_step_word(steps[0]));
}

static void vs_cef_message(struct vs_buf *buf, const struct vs_lang *lang,
			   const struct vs_event *event)
{
	struct vs_buf text = { 0 };
	uint32_t cp;
	size_t cut = 0, n;

	vs_text_description(&text, lang, event);
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	if (text.len > VS_CEF_MESSAGE) {
		/* between two characters */
		while (cut < VS_CEF_MESSAGE - 8) {
			n = vs_utf8_next(text.data + cut, &cp);
			cut += n ? n : 1;
		}
		strcpy(text.data + cut, "...");
	}
	vs_cef_value(buf, "msg", text.data);
	vs_buf_free(&text);
}

void vs_cef_line(struct vs_buf *buf, const struct vs_lang *lang,
		 const struct vs_event *event)
{
	int severity = (unsigned int)event->level < VS_LEVEL_COUNT ?
		       vs_cef_severity[event->level] : 0;
	char uuid[VS_UUID_STR];

	vs_buf_addf(buf, "CEF:0|vmsafe-net|vmsafe-agent|%s|%u|", VS_VERSION,
		    event->id);
	vs_cef_header(buf, vs_text_event_name(lang, event->id));
	vs_buf_addf(buf, "|%d|rt=%lld", severity, (long long)event->time);
	vs_cef_value(buf, "dvchost", event->host);
	vs_cef_value(buf, "cat", vs_origin_word(event->origin));
	vs_cef_value(buf, "suser", vs_actor_word(event->action_by));
	vs_cef_value(buf, "dhost", event->vm_name);
	if (event->vm)
		vs_cef_custom(buf, 1, "VM UUID",
			      vs_uuid_format(event->vm, uuid));
	vs_cef_custom(buf, 2, "Port", event->port);
	vs_cef_difference(buf, event);
	vs_cef_cause(buf, event);
	if (event->count)
		vs_cef_number(buf, "cnt", event->count);
	vs_cef_message(buf, lang, event);
}
