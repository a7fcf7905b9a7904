// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/memory.h"
#include "core/buf.h"
#include "core/name.h"
#include "driver/file.h"
#include "store/alert_form.h"

#define VS_MEMORY_VERSION 1
/* who checks more pairs of inventory and driver than that loses the oldest */
#define VS_MEMORY_ENTRIES 64

static void vs_memory_warn(const struct vs_error *error)
{
	struct vs_buf text = { 0 };

	vs_text_error(&text, vs_i18n_lang(), error);
	vs_say(_("what earlier checks found is lost: %s"), vs_buf_str(&text));
	vs_buf_free(&text);
}

static bool vs_memory_is(const json_t *entry, const char *key,
			 const char *value)
{
	const char *s = json_string_value(json_object_get(entry, key));

	return s && strcmp(s, value) == 0;
}

/* the place of our entry in the list; the size of the list if there is none */
static size_t vs_memory_place(const struct vs_memory *m, const json_t *checks)
{
	size_t i = 0;

	while (i < json_array_size(checks) &&
	       (!vs_memory_is(json_array_get(checks, i), "inventory",
			      m->inventory) ||
		!vs_memory_is(json_array_get(checks, i), "driver",
			      m->driver)))
		i++;
	return i;
}

/* the document, or NULL: there is none; *error.op tells whether that is bad */
static json_t *vs_memory_read(const struct vs_memory *m,
			      struct vs_error *error)
{
	char safe[128];
	struct vs_reader reader = { .file = safe, .error = error };
	json_int_t version;
	json_t *doc;

	*error = (struct vs_error){ 0 };
	if (vs_file_read_json(m->path, &doc, error)) {
		if (error->op == VS_OP_OPEN_FILE && error->err == ENOENT)
			*error = (struct vs_error){ 0 };
		return NULL;
	}
	version = json_integer_value(json_object_get(doc, "version"));
	if (version == VS_MEMORY_VERSION &&
	    json_is_array(json_object_get(doc, "checks")))
		return doc;
	vs_name_escape(safe, sizeof(safe), m->path);
	vs_reader_fail(&reader, "version", _("is not what \"vmsafe check\" "
					     "writes"));
	json_decref(doc);
	return NULL;
}

void vs_memory_load(struct vs_memory *m)
{
	struct vs_error error;
	json_t *doc, *checks;

	m->entry = NULL;
	if (!m->path)
		return;
	doc = vs_memory_read(m, &error);
	if (error.op)
		vs_memory_warn(&error);
	checks = json_object_get(doc, "checks");
	m->entry = json_incref(json_array_get(checks,
					      vs_memory_place(m, checks)));
	json_decref(doc);
}

static int vs_memory_restore_alert(const json_t *json, struct vs_engine *e,
				   const struct vs_reader *reader)
{
	struct vs_alert alert;
	int ret = vs_alert_read(json, &alert, reader);

	if (!ret)
		ret = vs_engine_restore_alert(e, &alert);
	free((void *)alert.differences);
	return ret;
}

static int vs_memory_restore_pending(const json_t *json, struct vs_engine *e,
				     const struct vs_reader *reader)
{
	struct vs_difference diff;
	struct vs_uuid vm;
	int ret = vs_pending_read(json, &vm, &diff, reader);

	return ret ? ret : vs_engine_restore_difference(e, &vm, &diff);
}

int vs_memory_restore(const struct vs_memory *m, struct vs_engine *e)
{
	struct vs_error error = { 0 };
	char safe[128];
	const struct vs_reader reader = { .file = safe, .error = &error };
	const json_t *alerts = json_object_get(m->entry, "alerts");
	const json_t *pending = json_object_get(m->entry, "pending");
	bool bad = m->entry && (!json_is_array(alerts) ||
				!json_is_array(pending));
	const json_t *item;
	size_t i;
	int ret = 0;

	vs_name_escape(safe, sizeof(safe), m->path);
	json_array_foreach(alerts, i, item) {
		ret = vs_memory_restore_alert(item, e, &reader);
		bad |= ret == -EINVAL;
		if (ret == -ENOMEM)
			return ret;
	}
	json_array_foreach(pending, i, item) {
		ret = vs_memory_restore_pending(item, e, &reader);
		bad |= ret == -EINVAL;
		if (ret == -ENOMEM)
			return ret;
	}
	if (bad && !error.op)
		vs_reader_fail(&reader, "checks", _("is damaged"));
	if (bad)
		vs_memory_warn(&error);
	return 0;
}

/** struct vs_memory_list - a list that is being filled */
struct vs_memory_list {
	json_t *list;
	const struct vs_engine *engine;
	const struct vs_uuid *only;
	struct vs_uuid vm;
};

static int vs_memory_alert(void *ctx, const struct vs_alert *alert)
{
	struct vs_memory_list *l = ctx;
	bool vm = vs_alert_is_vm(alert->id, alert->form);

	if (vm && l->only && vs_uuid_cmp(&alert->vm, l->only) != 0)
		return 0;
	return json_array_append_new(l->list, vs_alert_write(alert)) ?
	       -ENOMEM : 0;
}

static int vs_memory_difference(void *ctx, const struct vs_difference *diff,
				bool confirmed)
{
	struct vs_memory_list *l = ctx;

	if (confirmed)
		return 0;
	return json_array_append_new(l->list,
				     vs_pending_write(&l->vm, diff)) ?
	       -ENOMEM : 0;
}

static int vs_memory_vm(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_memory_list *l = ctx;

	if (vm->state != VS_STATE_PENDING && vm->state != VS_STATE_OUT_OF_SYNC)
		return 0;
	if (l->only && vs_uuid_cmp(&vm->uuid, l->only) != 0)
		return 0;
	l->vm = vm->uuid;
	return vs_engine_differences(l->engine, &vm->uuid,
				     vs_memory_difference, l);
}

/* what the entry before this one knew of other VMs */
static void vs_memory_others(json_t *list, const json_t *before,
			     const struct vs_uuid *only)
{
	char uuid[VS_UUID_STR];
	json_t *item;
	size_t i;

	vs_uuid_format(only, uuid);
	json_array_foreach(before, i, item) {
		if (json_object_get(item, "vm_uuid") &&
		    !vs_memory_is(item, "vm_uuid", uuid))
			json_array_append(list, item);
	}
}

static json_t *vs_memory_entry(const struct vs_memory *m,
			       const struct vs_engine *e,
			       const struct vs_uuid *only)
{
	struct vs_memory_list l = {
		.list = json_array(), .engine = e, .only = only,
	};
	json_t *alerts = l.list;
	int ret = vs_engine_each_alert(e, vs_memory_alert, &l);

	l.list = json_array();
	if (!ret)
		ret = vs_engine_each_vm(e, vs_memory_vm, &l);
	if (only) {
		vs_memory_others(alerts, json_object_get(m->entry, "alerts"),
				 only);
		vs_memory_others(l.list, json_object_get(m->entry, "pending"),
				 only);
	}
	if (!ret)
		return json_pack("{ss,ss,so,so}", "inventory", m->inventory,
				 "driver", m->driver, "alerts", alerts,
				 "pending", l.list);
	json_decref(alerts);
	json_decref(l.list);
	return NULL;
}

static int vs_memory_write(const struct vs_memory *m, json_t *entry,
			   struct vs_error *error)
{
	json_t *doc, *checks;
	struct vs_error ignored;
	int ret;

	doc = vs_memory_read(m, &ignored);
	if (!doc)
		doc = json_pack("{si,s[]}", "version", VS_MEMORY_VERSION,
				"checks");
	checks = json_object_get(doc, "checks");
	json_array_remove(checks, vs_memory_place(m, checks));
	json_array_append(checks, entry);
	while (json_array_size(checks) > VS_MEMORY_ENTRIES)
		json_array_remove(checks, 0);
	ret = vs_file_write_json(m->path, doc, 0600, error);
	json_decref(doc);
	return ret;
}

bool vs_memory_save(const struct vs_memory *m, const struct vs_engine *e,
		    const struct vs_uuid *only)
{
	struct vs_error error;
	struct vs_buf text = { 0 };
	json_t *entry;
	int lock, ret;

	if (!m->path)
		return true;
	entry = vs_memory_entry(m, e, only);
	/* two checks must not undo each other's entries */
	lock = vs_file_lock(m->path, VS_MEMORY_PATH);
	ret = vs_memory_write(m, entry, &error);
	if (lock >= 0)
		close(lock);
	json_decref(entry);
	if (!ret)
		return true;
	vs_text_error(&text, vs_i18n_lang(), &error);
	vs_say(_("the next check will not know what this one found: %s; see "
		 "--state"), vs_buf_str(&text));
	vs_buf_free(&text);
	return false;
}

void vs_memory_free(struct vs_memory *m)
{
	json_decref(m->entry);
	m->entry = NULL;
}
