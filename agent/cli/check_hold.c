// SPDX-License-Identifier: GPL-2.0-only
/* Maintenance windows in a check: events that are held back. */
#include <stdlib.h>

#include "cli/check.h"
#include "core/text.h"

/* the name that a window may have it under */
static bool vs_check_is_held(struct vs_check *c, const struct vs_occasion *o)
{
	struct vs_vm_view view;
	const char *name = NULL;

	/* what is about the host as a whole is always told */
	if (vs_uuid_is_nil(&o->vm) && !o->port)
		return false;
	if (!vs_engine_vm(c->engine, &o->vm, &view))
		name = view.name;
	return vs_windows_hold(&c->windows, o->id, &o->vm, name, c->now,
			       !o->again);
}

static void vs_check_ended(struct vs_check *c)
{
	struct vs_window window;
	struct vs_buf text = { 0 };

	while (vs_windows_ended(&c->windows, c->now, &window)) {
		vs_window_summary(&text, vs_i18n_lang(), &window);
		json_array_append_new(c->ended, vs_window_json(&window));
		vs_buf_add(&c->summary, vs_buf_str(&text));
		vs_buf_add(&c->summary, "\n");
		vs_buf_free(&text);
	}
}

void vs_check_hold(struct vs_check *c)
{
	struct vs_error error;
	size_t n = 0;

	c->ended = json_array();
	c->windows.lock = -1;
	if (!c->window)
		return;
	/* without them, everything is told, which is the safe side */
	if (vs_windows_open(&c->windows, c->window, &error))
		vs_say_error(&error);
	vs_check_ended(c);
	for (size_t i = 0; i < c->n_events; i++) {
		if (vs_check_is_held(c, &c->events[i])) {
			vs_check_free_event(&c->events[i]);
			c->held++;
		} else {
			c->events[n++] = c->events[i];
		}
	}
	c->n_events = n;
}

bool vs_check_held(struct vs_check *c, bool told)
{
	struct vs_error error;
	bool good;

	/* a summary that could not be printed is still to be told */
	c->windows.changed &= told;
	good = !vs_windows_close(&c->windows, &error);
	if (!good)
		vs_say_error(&error);
	return good;
}

json_t *vs_check_windows(const struct vs_check *c)
{
	json_t *open = json_array();

	for (size_t i = 0; i < c->windows.n; i++)
		json_array_append_new(open,
				      vs_window_json(&c->windows.v[i]));
	return json_pack("{so,sO,sI}", "open", open, "ended", c->ended,
			 "held", (json_int_t)c->held);
}
