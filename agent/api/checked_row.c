// SPDX-License-Identifier: GPL-2.0-only
/* The VMs and vNICs of a comparison. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "api/checked.h"

/** struct vs_rows - rows that are being collected */
struct vs_rows {
	json_t **v;
	size_t n, cap;
};

static int vs_rows_add(struct vs_rows *rows, json_t *row)
{
	if (!row)
		return -ENOMEM;
	if (rows->n == rows->cap) {
		size_t cap = rows->cap ? rows->cap * 2 : 64;
		json_t **v = reallocarray(rows->v, cap, sizeof(*v));

		if (!v) {
			json_decref(row);
			return -ENOMEM;
		}
		rows->v = v;
		rows->cap = cap;
	}
	rows->v[rows->n++] = row;
	return 0;
}

static int vs_row_cmp_text(const json_t *a, const json_t *b, const char *key)
{
	const char *x = json_string_value(json_object_get(a, key));
	const char *y = json_string_value(json_object_get(b, key));

	/* what has none comes last */
	if (!x || !y)
		return !x - !y;
	return strcmp(x, y);
}

static int vs_row_cmp_number(const json_t *a, const json_t *b,
			     const char *key)
{
	json_int_t x = json_integer_value(json_object_get(a, key));
	json_int_t y = json_integer_value(json_object_get(b, key));

	return x < y ? -1 : x > y;
}

/* by VM, then by device ID, then by port, then by MAC */
static int vs_row_order(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int cmp = vs_row_cmp_text(x, y, "vm_name");

	if (!cmp)
		cmp = vs_row_cmp_text(x, y, "vm_uuid");
	if (!cmp)
		cmp = vs_row_cmp_number(x, y, "device_id");
	if (!cmp)
		cmp = vs_row_cmp_number(x, y, "ifindex");
	return cmp ? cmp : vs_row_cmp_text(x, y, "mac");
}

int vs_checked_sort(json_t *list)
{
	size_t n = json_array_size(list);
	json_t **v = calloc(n + 1, sizeof(*v));
	int bad = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		v[i] = json_incref(json_array_get(list, i));
	qsort(v, n, sizeof(*v), vs_row_order);
	/* it has room for all of them */
	for (size_t i = 0; i < n; i++)
		bad |= json_array_set_new(list, i, v[i]);
	free(v);
	return bad ? -ENOMEM : 0;
}

/* in order, as one array; @ret: whether collecting went well */
static json_t *vs_rows_finish(struct vs_rows *rows, int ret)
{
	json_t *list = ret ? NULL : json_array();

	if (list && rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), vs_row_order);
	for (size_t i = 0; i < rows->n; i++) {
		if (!list)
			json_decref(rows->v[i]);
		else if (json_array_append_new(list, rows->v[i]))
			ret = -ENOMEM;
	}
	free(rows->v);
	if (list && ret) {
		json_decref(list);
		list = NULL;
	}
	return list;
}

static void vs_row_state(json_t *row, enum vs_state state,
			 enum vs_reason reason)
{
	vs_doc_text(row, "state", vs_state_word(state));
	if (reason)
		vs_doc_text(row, "reason", vs_reason_word(reason));
}

static void vs_row_port_of(json_t *row, const struct vs_vnic_view *v)
{
	if (!v->in_driver && !v->on_host)
		return;
	vs_doc_text(row, "port", v->in_driver ? v->driver.port : v->on.port);
	json_object_set_new(row, "ifindex",
			    json_integer(v->in_driver ? v->driver.ifindex :
							v->on.ifindex));
	if (v->in_driver)
		vs_doc_text(row, "mode", vs_mode_word(v->driver.mode));
	if (v->in_driver)
		vs_doc_text(row, "bypassed_by", v->driver.bypass_by);
	if (v->on_host && v->on.pid)
		json_object_set_new(row, "pid", json_integer(v->on.pid));
}

json_t *vs_checked_vnic_row(const struct vs_vnic_view *v)
{
	char uuid[VS_UUID_STR], mac[VS_MAC_STR];
	json_t *row = json_object();

	vs_doc_text(row, "vm_name", v->vm_name);
	if (!vs_uuid_is_nil(&v->vm))
		vs_doc_text(row, "vm_uuid", vs_uuid_format(&v->vm, uuid));
	if (v->device_id != VS_DEVICE_ID_NONE)
		json_object_set_new(row, "device_id",
				    json_integer(v->device_id));
	if (!vs_mac_is_zero(&v->mac))
		vs_doc_text(row, "mac", vs_mac_format(&v->mac, mac));
	vs_row_port_of(row, v);
	vs_row_state(row, v->state, v->reason);
	vs_doc_text(row, "expected", v->expected);
	vs_doc_text(row, "actual", v->actual);
	json_object_set_new(row, "in_manager", json_boolean(v->in_manager));
	json_object_set_new(row, "in_driver", json_boolean(v->in_driver));
	json_object_set_new(row, "on_host", json_boolean(v->on_host));
	if (v->first_seen)
		json_object_set_new(row, "first_seen",
				    json_integer(v->first_seen));
	return row;
}

static int vs_checked_vnic(void *ctx, const struct vs_vnic_view *v)
{
	return vs_rows_add(ctx, vs_checked_vnic_row(v));
}

json_t *vs_checked_vnics(const struct vs_engine *e, const struct vs_uuid *vm)
{
	struct vs_rows rows = { .n = 0 };
	int ret = vs_engine_each_vnic(e, vm, vs_checked_vnic, &rows);

	return vs_rows_finish(&rows, ret == -ENOENT ? 0 : ret);
}

json_t *vs_checked_vm_row(const struct vs_vm_view *vm)
{
	char uuid[VS_UUID_STR];
	json_t *row = json_object();
	size_t vnics = 0;

	for (int i = 0; i < VS_STATE_COUNT; i++)
		vnics += vm->count[i];
	vs_doc_text(row, "vm_name", vm->name);
	vs_doc_text(row, "vm_uuid", vs_uuid_format(&vm->uuid, uuid));
	vs_row_state(row, vm->state, vm->reason);
	json_object_set_new(row, "vnics", json_integer(vnics));
	json_object_set_new(row, "in_manager", json_boolean(vm->in_manager));
	if (vm->in_manager) {
		vs_doc_text(row, "power", vs_power_word(vm->power));
		vs_doc_text(row, "host", vm->host);
		json_object_set_new(row, "protected",
				    json_boolean(!vm->unprotected));
	}
	if (vm->duplicate)
		json_object_set_new(row, "duplicate", json_true());
	return row;
}

static int vs_checked_vm(void *ctx, const struct vs_vm_view *vm)
{
	return vs_rows_add(ctx, vs_checked_vm_row(vm));
}

json_t *vs_checked_vms(const struct vs_engine *e, const struct vs_uuid *vm)
{
	struct vs_rows rows = { .n = 0 };
	struct vs_vm_view view;
	int ret = 0;

	if (!vm)
		ret = vs_engine_each_vm(e, vs_checked_vm, &rows);
	else if (!vs_engine_vm(e, vm, &view))
		ret = vs_checked_vm(&rows, &view);
	return vs_rows_finish(&rows, ret);
}
