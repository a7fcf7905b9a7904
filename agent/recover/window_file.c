// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/file.h"
#include "driver/record.h"
#include "po/i18n.h"
#include "recover/window.h"

#define VS_WINDOW_VERSION 1

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
	if (good)
		return 0;
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
	json_t *doc, *list;
	int ret = 0;

	if (w->changed) {
		list = json_array();
		for (size_t i = 0; i < w->n; i++)
			json_array_append_new(list,
					      vs_window_json(&w->v[i]));
		doc = json_pack("{si,so}", "version", VS_WINDOW_VERSION,
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
