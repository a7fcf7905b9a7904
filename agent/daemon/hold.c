// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maintenance windows: what happens to a VM meanwhile goes into the history,
 * but nobody is told until the window ends, and then in one line.
 */
#include <syslog.h>

#include "daemon/agent.h"
#include "host/clock.h"
#include "po/i18n.h"

static void vs_hold_ended(struct vs_agent *a)
{
	struct vs_event event = {
		.time = vs_agent_now(a),
		.id = VS_EVENT_MAINTENANCE_OVER,
		.origin = VS_ORIGIN_MANAGER,
		.host = a->conf->host,
	};
	struct vs_buf text = { 0 };
	struct vs_window window;

	while (vs_windows_ended(&a->hold.windows, vs_clock_ms(CLOCK_REALTIME),
				&window)) {
		event.vm_name = *window.vm ? window.vm : NULL;
		event.count = vs_window_held(&window);
		vs_outlets_event(a, &event, vs_record_event(a, &event, true));
		vs_window_summary(&text, vs_i18n_lang(), &window);
		vs_buf_addf(&a->record.lines, "%d%s\n", LOG_NOTICE,
			    vs_buf_str(&text));
		vs_buf_free(&text);
	}
}

void vs_hold_begin(struct vs_agent *a)
{
	struct vs_error error;
	int ret = vs_windows_open(&a->hold.windows, VS_WINDOW_PATH, &error);

	/* without them, everything is told, which is the safe side */
	if (ret && !a->hold.trouble)
		vs_agent_log_error(LOG_ERR, _("reading the maintenance "
					      "windows"), &error);
	a->hold.trouble = ret;
	a->hold.open = true;
	vs_hold_ended(a);
}

bool vs_hold_event(struct vs_agent *a, const struct vs_event *event)
{
	const struct vs_uuid nil = { 0 };

	/* what is about the host as a whole is always told */
	if (!a->hold.open || (!event->vm && !event->port))
		return false;
	return vs_windows_hold(&a->hold.windows, event->id,
			       event->vm ? event->vm : &nil, event->vm_name,
			       vs_clock_ms(CLOCK_REALTIME), true);
}

void vs_hold_end(struct vs_agent *a)
{
	struct vs_error error;

	a->hold.open = false;
	if (vs_windows_close(&a->hold.windows, &error))
		vs_agent_log_error(LOG_ERR, _("writing the maintenance "
					      "windows"), &error);
}
