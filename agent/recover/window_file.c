// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "driver/file.h"
#include "driver/record.h"
#include "host/clock.h"
#include "po/i18n.h"
#include "recover/window.h"

#define VS_WINDOW_VERSION 1

/* milliseconds by which two looks at the clocks may differ by themselves */
#define VS_WINDOW_LEAP 1000

/* which boot, and the time of day at which it was; 0: none that is known */
static vs_time vs_window_booted(char boot[SD_ID128_STRING_MAX])
{
	sd_id128_t id;

	*boot = '\0';
	if (sd_id128_get_boot(&id) < 0)
		return 0;
	sd_id128_to_string(id, boot);
	return vs_clock_ms(CLOCK_REALTIME) - vs_clock_ms(CLOCK_BOOTTIME);
}

static bool vs_window_count_read(const json_t *json, struct vs_held_back *h)
{
	json_int_t id, count;

	if (json_unpack((json_t *)json, "{s:I,s:I}", "id", &id, "count",
			&count) || id < 1 || id > UINT16_MAX || count < 1 ||
	    count > UINT32_MAX)
		return false;
	*h = (struct vs_held_back){ .id = id, .count = count };
	return true;
}

static bool vs_window_read(const json_t *json, struct vs_window *window)
{
	const json_t *held = json_object_get(json, "held"), *item;
	const json_t *vm = json_object_get(json, "vm");
	json_int_t start, end;
	size_t i;

	*window = (struct vs_window){ 0 };
	if (json_unpack((json_t *)json, "{s:I,s:I}", "start", &start, "end",
			&end) || !json_is_array(held) ||
	    json_array_size(held) > VS_WINDOW_KINDS)
		return false;
	if (vm && (!json_is_string(vm) ||
		   vs_name_check(json_string_value(vm))))
		return false;
	if (vm)
		strcpy(window->vm, json_string_value(vm));
	window->start = start;
	window->end = end;
	json_array_foreach(held, i, item) {
		if (!vs_window_count_read(item, &window->held[i]))
			return false;
		window->n_held++;
	}
	return true;
}

/* the clock was set since it was written: a window lasts as long even so */
static void vs_windows_shift(struct vs_windows *w, const json_t *doc)
{
	char boot[SD_ID128_STRING_MAX];
	vs_time booted = vs_window_booted(boot), by;
	const char *then;
	json_int_t was;

	if (json_unpack((json_t *)doc, "{s:s,s:I}", "boot", &then, "booted",
			&was) || !*boot || strcmp(then, boot) != 0)
		return;
	if (__builtin_sub_overflow(booted, was, &by) ||
	    (by >= -VS_WINDOW_LEAP && by <= VS_WINDOW_LEAP))
		return;
	for (size_t i = 0; i < w->n; i++) {
		struct vs_window *v = &w->v[i];

		if (__builtin_add_overflow(v->start, by, &v->start) ||
		    __builtin_add_overflow(v->end, by, &v->end))
			v->end = 0;
	}
}

static int vs_windows_read(struct vs_windows *w, const json_t *doc,
			   struct vs_error *error)
{
	const json_t *list = json_object_get(doc, "windows"), *item;
	char safe[128];
	const struct vs_reader reader = { .file = safe, .error = error };
	bool good;
	size_t i;

	good = json_integer_value(json_object_get(doc, "version")) ==
	       VS_WINDOW_VERSION && json_is_array(list) &&
	       json_array_size(list) <= VS_WINDOWS_MAX;
	json_array_foreach(list, i, item)
		good = good && vs_window_read(item, &w->v[w->n++]);
	if (good) {
		vs_windows_shift(w, doc);
		return 0;
	}
	w->n = 0;
	vs_name_escape(safe, sizeof(safe), w->path);
	return vs_reader_fail(&reader, "windows",
			      _("is not what \"vmsafe maintenance\" writes"));
}

int vs_windows_open(struct vs_windows *w, const char *path,
		    struct vs_error *error)
{
	json_t *doc;
	int ret;

	*w = (struct vs_windows){ .path = path, .lock = -1 };
	*error = (struct vs_error){ 0 };
	w->lock = vs_file_lock(path, VS_WINDOW_PATH);
	if (w->lock < 0 && errno == EWOULDBLOCK)
		return vs_file_locked(path, error);
	ret = vs_file_read_json(path, &doc, error);
	if (ret == -ENOENT && error->op == VS_OP_OPEN_FILE)
		return 0;
	if (ret)
		return ret;
	ret = vs_windows_read(w, doc, error);
	json_decref(doc);
	return ret;
}

int vs_windows_close(struct vs_windows *w, struct vs_error *error)
{
	char boot[SD_ID128_STRING_MAX];
	json_t *doc, *list;
	vs_time booted;
	int ret = 0;

	if (w->changed) {
		list = json_array();
		for (size_t i = 0; i < w->n; i++)
			json_array_append_new(list,
					      vs_window_json(&w->v[i]));
		booted = vs_window_booted(boot);
		doc = json_pack("{si,ss,sI,so}", "version", VS_WINDOW_VERSION,
				"boot", boot, "booted", (json_int_t)booted,
				"windows", list);
		ret = vs_file_write_json(w->path, doc, 0600, error);
		json_decref(doc);
	}
	if (w->lock >= 0)
		close(w->lock);
	w->lock = -1;
	w->changed = false;
	return ret;
}
