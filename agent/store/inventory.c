// SPDX-License-Identifier: GPL-2.0-only
/* The Manager's list, the last good one. */
#include <errno.h>
#include <string.h>

#include "core/name.h"
#include "driver/record.h"
#include "po/i18n.h"
#include "store/bytes.h"
#include "store/model.h"

/* the row beside those of VMs: no UUID */
#define VS_INVENTORY_HEAD "list"

/** struct vs_inventory_save - a list that is being collected */
struct vs_inventory_save {
	const struct vs_engine *engine;
	struct vs_rows *rows;
	json_t *vnics;
};

static int vs_inventory_vnic(void *ctx, const struct vs_vnic_view *vnic)
{
	struct vs_inventory_save *s = ctx;
	char mac[VS_MAC_STR];
	json_t *json;

	if (!vnic->in_manager)
		return 0;
	json = json_pack("{si,ss}", "device_id", vnic->manager.device_id,
			 "mac", vs_mac_format(&vnic->manager.mac, mac));
	return json_array_append_new(s->vnics, json) ? -ENOMEM : 0;
}

static json_t *vs_inventory_write(const struct vs_vm_view *vm, json_t *vnics)
{
	char uuid[VS_UUID_STR];
	json_t *json;

	json = json_pack("{ss,ss,sb,sb,so}",
			 "vm", vs_uuid_format(&vm->uuid, uuid),
			 "power", vs_power_word(vm->power),
			 "unprotected", vm->unprotected,
			 "template", vm->is_template, "vnics", vnics);
	if (json && !vs_bytes_set(json, "name", vm->name) &&
	    !vs_bytes_set(json, "host", vm->host))
		return json;
	json_decref(json);
	return NULL;
}

static int vs_inventory_vm(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_inventory_save *s = ctx;
	char uuid[VS_UUID_STR];
	int ret;

	if (!vm->in_manager)
		return 0;
	s->vnics = json_array();
	ret = vs_engine_each_vnic(s->engine, &vm->uuid, vs_inventory_vnic, s);
	if (ret) {
		json_decref(s->vnics);
		return ret;
	}
	vs_rows_add(s->rows, vs_uuid_format(&vm->uuid, uuid),
		    vs_inventory_write(vm, s->vnics));
	return s->rows->failed ? -ENOMEM : 0;
}

static int vs_inventory_transaction(struct vs_history *h,
				    struct vs_rows *rows,
				    struct vs_error *error)
{
	int rc = vs_db_exec(h, "BEGIN IMMEDIATE"), ret;

	if (!rc)
		rc = vs_rows_write(h, "inventory", rows);
	if (!rc)
		rc = vs_db_exec(h, "COMMIT");
	if (!rc)
		return 0;
	ret = vs_db_fail(h, VS_OP_WRITE_FILE, rc, error);
	vs_db_exec(h, "ROLLBACK");
	/* the next vs_history_begin() looks at it and sets it aside */
	if (ret == -EUCLEAN)
		vs_db_close(h);
	return ret;
}

int vs_history_inventory_save(struct vs_history *h, const struct vs_engine *e,
			      vs_time read_at, struct vs_error *error)
{
	struct vs_rows rows = { 0 };
	struct vs_inventory_save s = { .engine = e, .rows = &rows };
	int ret = vs_history_connect(h, error);

	if (ret)
		return ret;
	vs_rows_add(&rows, VS_INVENTORY_HEAD,
		    json_pack("{sI}", "read_at", (json_int_t)read_at));
	ret = vs_engine_each_vm(e, vs_inventory_vm, &s);
	ret = ret || rows.failed ?
	      vs_error_set(error, VS_OP_WRITE_FILE, VS_WHY_NO_MEMORY, ENOMEM,
			   NULL) :
	      vs_inventory_transaction(h, &rows, error);
	vs_rows_free(&rows);
	return ret;
}

/** struct vs_inventory_load - a list that is being read */
struct vs_inventory_load {
	char file[160];
	const struct vs_feed *feed;
	vs_time read_at;
	bool found;
};

static int vs_inventory_read_vnic(const struct vs_inventory_load *l,
				  const struct vs_uuid *vm,
				  const json_t *json)
{
	struct vs_vnic_fact fact = { .vm = *vm };
	const json_t *id = json_object_get(json, "device_id");
	const char *mac = json_string_value(json_object_get(json, "mac"));
	json_int_t n = json_integer_value(id);

	if (!json_is_integer(id) || n < 0 || n > VS_DEVICE_ID_MAX || !mac ||
	    vs_mac_parse_guest(mac, &fact.mac))
		return -EINVAL;
	fact.device_id = n;
	return l->feed->vnic(l->feed->ctx, &fact);
}

static int vs_inventory_read_fact(const json_t *json, struct vs_vm_fact *fact,
				  char **name, char **host)
{
	const char *vm = json_string_value(json_object_get(json, "vm"));
	const char *power = json_string_value(json_object_get(json, "power"));
	int ret = vs_bytes_get(json, "name", name);

	if (!ret)
		ret = vs_bytes_get(json, "host", host);
	if (ret)
		return ret;
	fact->name = *name;
	fact->host = *host;
	fact->unprotected = json_is_true(json_object_get(json, "unprotected"));
	fact->is_template = json_is_true(json_object_get(json, "template"));
	return vm && power && *name && !vs_uuid_parse(vm, &fact->uuid) &&
	       !vs_power_parse(power, &fact->power) ? 0 : -EINVAL;
}

static int vs_inventory_read_vm(const struct vs_inventory_load *l,
				const json_t *json)
{
	const json_t *vnics = json_object_get(json, "vnics");
	char *name = NULL, *host = NULL;
	struct vs_vm_fact fact = { 0 };
	int ret = vs_inventory_read_fact(json, &fact, &name, &host);

	if (!ret)
		ret = l->feed->vm(l->feed->ctx, &fact);
	for (size_t i = 0; i < json_array_size(vnics) && !ret; i++)
		ret = vs_inventory_read_vnic(l, &fact.uuid,
					     json_array_get(vnics, i));
	free(name);
	free(host);
	return ret;
}

static int vs_inventory_row(void *ctx, const json_t *data,
			    struct vs_error *error)
{
	struct vs_inventory_load *l = ctx;
	const struct vs_reader reader = { .file = l->file, .error = error };
	const json_t *read_at = json_object_get(data, "read_at");
	int ret;

	if (json_is_integer(read_at)) {
		l->read_at = json_integer_value(read_at);
		l->found = true;
		return 0;
	}
	ret = vs_inventory_read_vm(l, data);
	return ret == -EINVAL ? vs_reader_fail(&reader, "inventory",
					       _("is damaged")) : ret;
}

int vs_history_inventory_load(struct vs_history *h, const struct vs_feed *feed,
			      vs_time *read_at, struct vs_error *error)
{
	struct vs_inventory_load l = { .feed = feed };
	int ret = vs_history_connect(h, error);

	if (ret)
		return ret;
	vs_name_escape(l.file, sizeof(l.file), h->path);
	ret = vs_rows_each(h, "SELECT data FROM inventory ORDER BY key",
			   vs_inventory_row, &l, error);
	if (ret)
		return ret;
	if (!l.found)
		return vs_error_set(error, VS_OP_READ_FILE, VS_WHY_NOT_READ,
				    ENOENT, NULL);
	*read_at = l.read_at;
	return 0;
}
