// SPDX-License-Identifier: GPL-2.0-only
/* What the engine remembers, from one start of the agent to the next. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/name.h"
#include "po/i18n.h"
#include "store/alert_form.h"
#include "store/model.h"

/* what an alert is about: an ID, a form and a VM or port have one */
static void vs_memory_key(const struct vs_alert *alert, char *key, size_t size)
{
	const struct vs_difference *d = alert->differences;
	char uuid[VS_UUID_STR];

	if (vs_alert_is_vm(alert->id, alert->form) &&
	    vs_uuid_is_nil(&alert->vm) && alert->n_differences)
		snprintf(key, size, "%u %u port %u", alert->id, alert->form,
			 d->ifindex);
	else
		snprintf(key, size, "%u %u %s", alert->id, alert->form,
			 vs_uuid_format(&alert->vm, uuid));
}

static int vs_memory_alert(void *ctx, const struct vs_alert *alert)
{
	struct vs_rows *rows = ctx;
	char key[80];

	vs_memory_key(alert, key, sizeof(key));
	vs_rows_add(rows, key, vs_alert_write(alert));
	return rows->failed ? -ENOMEM : 0;
}

/** struct vs_memory_pending - differences that are being collected */
struct vs_memory_pending {
	const struct vs_engine *engine;
	struct vs_rows *rows;
	json_t *list;
};

static int vs_memory_difference(void *ctx, const struct vs_difference *diff,
				bool confirmed)
{
	struct vs_memory_pending *p = ctx;
	struct vs_difference plain = *diff;

	plain.by = NULL;
	if (confirmed)
		return 0;
	if (!p->list)
		p->list = json_array();
	return json_array_append_new(p->list,
				     vs_difference_write(&plain, NULL)) ?
	       -ENOMEM : 0;
}

static int vs_memory_vm(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_memory_pending *p = ctx;
	char uuid[VS_UUID_STR];
	int ret;

	/* a port without a VM starts afresh each time */
	if (vm->state == VS_STATE_IN_SYNC || vs_uuid_is_nil(&vm->uuid) ||
	    vm->state == VS_STATE_NOT_APPLICABLE)
		return 0;
	p->list = NULL;
	ret = vs_engine_differences(p->engine, &vm->uuid,
				    vs_memory_difference, p);
	if (ret || !p->list) {
		json_decref(p->list);
		return ret;
	}
	vs_uuid_format(&vm->uuid, uuid);
	vs_rows_add(p->rows, uuid,
		    json_pack("{ss,so}", "vm", uuid, "differences", p->list));
	return p->rows->failed ? -ENOMEM : 0;
}

int vs_history_save(struct vs_history *h, const struct vs_engine *e)
{
	struct vs_memory_pending p = { .engine = e, .rows = &h->pending };
	int ret;

	vs_rows_free(&h->alerts);
	vs_rows_free(&h->pending);
	ret = vs_engine_each_alert(e, vs_memory_alert, &h->alerts);
	if (!ret)
		ret = vs_engine_each_vm(e, vs_memory_vm, &p);
	h->saved = true;
	h->broken |= ret != 0;
	return ret;
}

/** struct vs_memory_reader - rows that are being read */
struct vs_memory_reader {
	char file[160];
	struct vs_engine *engine;
	vs_alert_fn fn;
	void *ctx;
};

static int vs_memory_read_alert(void *ctx, const json_t *data,
				struct vs_error *error)
{
	struct vs_memory_reader *m = ctx;
	const struct vs_reader reader = { .file = m->file, .error = error };
	struct vs_alert alert;
	int ret = vs_alert_read(data, &alert, &reader);

	if (!ret && m->fn)
		ret = m->fn(m->ctx, &alert);
	else if (!ret)
		ret = vs_engine_restore_alert(m->engine, &alert);
	if (ret == -EINVAL && !error->op)
		vs_reader_fail(&reader, "alert", _("is damaged"));
	free((void *)alert.differences);
	return ret;
}

static int vs_memory_restore_one(struct vs_engine *e,
				 const struct vs_uuid *vm, const json_t *json,
				 const struct vs_reader *reader)
{
	struct vs_difference diff;
	char *by;
	int ret = vs_difference_read(json, &diff, &by, reader);

	if (!ret) {
		diff.by = NULL;
		ret = vs_engine_restore_difference(e, vm, &diff);
	}
	free(by);
	return ret;
}

static int vs_memory_read_pending(void *ctx, const json_t *data,
				  struct vs_error *error)
{
	struct vs_memory_reader *m = ctx;
	const struct vs_reader reader = { .file = m->file, .error = error };
	const char *vm = json_string_value(json_object_get(data, "vm"));
	const json_t *list = json_object_get(data, "differences");
	struct vs_uuid uuid;
	int ret = 0;

	if (!vm || vs_uuid_parse(vm, &uuid) || !json_is_array(list))
		return vs_reader_fail(&reader, "pending", _("is damaged"));
	for (size_t i = 0; i < json_array_size(list) && !ret; i++)
		ret = vs_memory_restore_one(m->engine, &uuid,
					    json_array_get(list, i), &reader);
	return ret;
}

int vs_history_restore(struct vs_history *h, struct vs_engine *e,
		       struct vs_error *error)
{
	struct vs_memory_reader m = { .engine = e };
	struct vs_error pending;
	int ret, other;

	*error = (struct vs_error){ 0 };
	pending = *error;
	if (!h->db)
		return 0;
	vs_name_escape(m.file, sizeof(m.file), h->path);
	ret = vs_rows_each(h, "SELECT data FROM alert ORDER BY key",
			   vs_memory_read_alert, &m, error);
	if (ret == -ENOMEM)
		return ret;
	other = vs_rows_each(h, "SELECT data FROM pending ORDER BY key",
			     vs_memory_read_pending, &m,
			     &pending);
	if (!ret)
		*error = pending;
	return ret && other != -ENOMEM ? ret : other;
}

int vs_history_each_alert(struct vs_history *h, vs_alert_fn fn,
			  void *ctx, struct vs_error *error)
{
	struct vs_memory_reader m = { .fn = fn, .ctx = ctx };

	*error = (struct vs_error){ 0 };
	vs_name_escape(m.file, sizeof(m.file), h->path);
	return vs_rows_each(h, "SELECT data FROM alert ORDER BY CASE WHEN "
			    "json_valid(data) THEN json_extract(data, "
			    "'$.since') END, key",
			    vs_memory_read_alert, &m, error);
}
