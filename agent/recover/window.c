// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "recover/window.h"

struct vs_window *vs_windows_find(struct vs_windows *w, const char *vm)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->v[i].vm, vm) == 0)
			return &w->v[i];
	}
	return NULL;
}

struct vs_window *vs_windows_add(struct vs_windows *w, const char *vm,
				 vs_time now, unsigned int seconds)
{
	struct vs_window *window = vs_windows_find(w, vm);

	if (!window) {
		if (w->n == VS_WINDOWS_MAX)
			return NULL;
		window = &w->v[w->n++];
		*window = (struct vs_window){ .start = now };
		snprintf(window->vm, sizeof(window->vm), "%s", vm);
	}
	window->end = now + seconds * 1000LL;
	w->changed = true;
	return window;
}

void vs_windows_remove(struct vs_windows *w, struct vs_window *from,
		       struct vs_window *window)
{
	size_t at = from - w->v;

	*window = *from;
	w->n--;
	memmove(from, from + 1, (w->n - at) * sizeof(*from));
	w->changed = true;
}

bool vs_windows_ended(struct vs_windows *w, vs_time now,
		      struct vs_window *window)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->v[i].end > now)
			continue;
		vs_windows_remove(w, &w->v[i], window);
		return true;
	}
	return false;
}

static bool vs_window_covers(const struct vs_window *window,
			     const struct vs_uuid *vm, const char *name,
			     vs_time now)
{
	char uuid[VS_UUID_STR];

	if (now < window->start || now >= window->end)
		return false;
	if (!*window->vm || (name && strcmp(window->vm, name) == 0))
		return true;
	return strcasecmp(window->vm, vs_uuid_format(vm, uuid)) == 0;
}

static void vs_window_count(struct vs_window *window, enum vs_event_id id)
{
	size_t i = 0;

	while (i < window->n_held && window->held[i].id != id)
		i++;
	/* there are not so many kinds of event about VMs */
	if (i == VS_WINDOW_KINDS)
		return;
	if (i == window->n_held)
		window->held[window->n_held++] =
			(struct vs_held_back){ .id = id };
	window->held[i].count++;
}

bool vs_windows_hold(struct vs_windows *w, enum vs_event_id id,
		     const struct vs_uuid *vm, const char *name, vs_time now,
		     bool count)
{
	for (size_t i = 0; i < w->n; i++) {
		if (!vs_window_covers(&w->v[i], vm, name, now))
			continue;
		if (count) {
			vs_window_count(&w->v[i], id);
			w->changed = true;
		}
		return true;
	}
	return false;
}

size_t vs_window_held(const struct vs_window *window)
{
	size_t n = 0;

	for (size_t i = 0; i < window->n_held; i++)
		n += window->held[i].count;
	return n;
}

void vs_window_summary(struct vs_buf *buf, const struct vs_lang *lang,
		       const struct vs_window *window)
{
	char vm[VS_NAME_ESCAPED];

	vs_name_escape(vm, sizeof(vm), window->vm);
	if (*vm)
		vs_buf_addf(buf, vs_tr(lang, "Maintenance of %s is over; "
				       "events held back: %zu"), vm,
			    vs_window_held(window));
	else
		vs_buf_addf(buf, vs_tr(lang, "Maintenance of all VMs is over; "
				       "events held back: %zu"),
			    vs_window_held(window));
	for (size_t i = 0; i < window->n_held; i++)
		vs_buf_addf(buf, "%s%u %s: %u", i ? ", " : " (",
			    window->held[i].id,
			    vs_text_event_name(lang, window->held[i].id),
			    window->held[i].count);
	vs_buf_add(buf, window->n_held ? ")" : "");
}

json_t *vs_window_json(const struct vs_window *window)
{
	json_t *row = json_object(), *held = json_array();

	for (size_t i = 0; i < window->n_held; i++)
		json_array_append_new(held,
				      json_pack("{sI,sI}", "id",
						(json_int_t)window->held[i].id,
						"count",
						(json_int_t)
						window->held[i].count));
	if (*window->vm)
		json_object_set_new(row, "vm", json_string(window->vm));
	json_object_set_new(row, "start", json_integer(window->start));
	json_object_set_new(row, "end", json_integer(window->end));
	json_object_set_new(row, "held", held);
	return row;
}
