// SPDX-License-Identifier: GPL-2.0-only
/* What is told: events and the log, one line each, and the status. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/agent.h"
#include "po/i18n.h"

/* the journal takes the level from the line, a person does not need it */
static void vs_tell_line(int level, const char *text)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "vmsafe-agent: %s\n", text);
	else
		fprintf(stderr, "<%d>vmsafe-agent: %s\n", level, text);
}

void vs_agent_log(int level, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vs_tell_line(level, text);
}

void vs_agent_log_error(int level, const char *what,
			const struct vs_error *error)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_agent_log(level, "%s: %s", what, vs_buf_str(&text));
	vs_buf_free(&text);
}

static int vs_tell_level(enum vs_level level)
{
	return level == VS_LEVEL_ERROR ? LOG_ERR :
	       level == VS_LEVEL_WARNING ? LOG_WARNING : LOG_INFO;
}

/* "Event 368, Warning, Interfaces Out of Sync: web (6f1d...): ..." */
static void vs_tell_event(struct vs_buf *line, const struct vs_event *event)
{
	const struct vs_lang *lang = vs_i18n_lang();
	struct vs_buf text = { 0 };
	char name[VS_NAME_ESCAPED], uuid[VS_UUID_STR];
	char *p;

	vs_buf_addf(line, _("event %d, %s, %s"), event->id,
		    vs_text_level(lang, event->level),
		    vs_text_event_name(lang, event->id));
	vs_name_escape(name, sizeof(name), event->vm ? event->vm_name :
		       event->port ? event->port : event->host);
	vs_buf_addf(line, ": %s", name);
	if (event->vm)
		vs_buf_addf(line, " (%s)", vs_uuid_format(event->vm, uuid));
	vs_text_description(&text, lang, event);
	vs_text_advice(&text, lang, event);
	if (text.data) {
		for (p = text.data; (p = strchr(p, '\n')); )
			*p = p[1] ? ' ' : '\0';
	}
	vs_buf_addf(line, ": %s", vs_buf_str(&text));
	vs_buf_free(&text);
}

void vs_agent_event(void *ctx, const struct vs_event *event)
{
	struct vs_event told = *event;
	struct vs_agent *a = ctx;
	bool alone = !a->record.open, held;
	uint64_t ticket;

	/* what is about one VM is held back in its window, like all else */
	if (alone) {
		vs_record_begin(a);
		vs_hold_begin(a);
	}
	vs_explain_event(a, &told);
	held = vs_hold_event(a, &told);
	ticket = vs_record_event(a, &told, !held);
	vs_api_event(a->api, &told);
	if (!held && !vs_outlets_event(a, &told, ticket)) {
		vs_buf_addf(&a->record.lines, "%d",
			    vs_tell_level(told.level));
		vs_tell_event(&a->record.lines, &told);
		vs_buf_add(&a->record.lines, "\n");
	}
	vs_recur_event(a, event);
	if (alone) {
		vs_hold_end(a);
		vs_record_end(a, false);
	}
}

void vs_agent_say(struct vs_agent *a)
{
	char *next = a->record.lines.data, *line;

	/* each begins with the digit of its level */
	while ((line = strsep(&next, "\n"))) {
		if (*line)
			vs_tell_line(*line - '0', line + 1);
	}
	vs_buf_free(&a->record.lines);
}

/* that the Manager's list is not what it should be, and how old it is */
static void vs_status_stale(struct vs_buf *text, vs_time now,
			    const struct vs_source_view *manager)
{
	if (manager->available)
		return;
	if (manager->info.read_at)
		vs_buf_addf(text, _("; the Manager's list is stale, it was "
				    "read %lld s ago"),
			    (long long)(now - manager->info.read_at) / 1000);
	else
		vs_buf_add(text, _("; the Manager's list was never read"));
}

void vs_agent_status(struct vs_agent *a)
{
	const struct vs_lang *lang = vs_i18n_lang();
	struct vs_buf stale = { 0 };
	struct vs_host_view host;

	vs_engine_host(a->engine, &host);
	vs_status_stale(&stale, vs_agent_now(a),
			&host.source[VS_SOURCE_MANAGER]);
	sd_notifyf(0, "STATUS=%s: %zu, %s: %zu, %s: %zu, %s: %zu; %s: %s%s",
		   vs_text_state(lang, VS_STATE_IN_SYNC),
		   host.vms[VS_STATE_IN_SYNC],
		   vs_text_state(lang, VS_STATE_PENDING),
		   host.vms[VS_STATE_PENDING],
		   vs_text_state(lang, VS_STATE_OUT_OF_SYNC),
		   host.vms[VS_STATE_OUT_OF_SYNC],
		   vs_text_state(lang, VS_STATE_UNKNOWN),
		   host.vms[VS_STATE_UNKNOWN], _("Filter Driver"),
		   vs_text_driver_state(lang, host.driver.state),
		   vs_buf_str(&stale));
	vs_buf_free(&stale);
}
