// SPDX-License-Identifier: GPL-2.0-only
/* Open events: told, and taken over from an earlier engine. */
#include <errno.h>
#include <stdlib.h>

#include "core/alert.h"
#include "core/model.h"

static int vs_alert_vm(const struct vs_vm *vm, vs_alert_fn fn, void *ctx)
{
	struct vs_alert alert = {
		.id = VS_EVENT_OUT_OF_SYNC,
		.form = VS_FORM_DIFFERENCES,
		.vm = vm->uuid,
		.vm_name = vs_uuid_is_nil(&vm->uuid) ? NULL :
						       vs_vm_last_name(vm),
		.since = vm->alert_since,
	};
	struct vs_difference *d;
	const struct vs_diff *diff;
	size_t n = 0;
	int ret;

	for (diff = vm->diffs; diff; diff = diff->next)
		n += diff->reported;
	d = calloc(n + 1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	for (diff = vm->diffs; diff; diff = diff->next) {
		if (diff->reported)
			d[alert.n_differences++] = diff->d;
	}
	alert.differences = d;
	ret = fn(ctx, &alert);
	free(d);
	return ret;
}

static int vs_alert_source(const struct vs_engine *e, enum vs_source source,
			   enum vs_event_id id, vs_alert_fn fn, void *ctx)
{
	struct vs_alert alert = {
		.id = id,
		.form = id == VS_EVENT_OUT_OF_SYNC ? VS_FORM_UNVERIFIED :
						     VS_FORM_NONE,
		.since = e->list[source].since,
	};

	return e->list[source].alert ? fn(ctx, &alert) : 0;
}

static int vs_alert_offline(const struct vs_engine *e, vs_alert_fn fn,
			    void *ctx)
{
	struct vs_alert alert = {
		.id = VS_EVENT_DRIVER_OFFLINE,
		.driver = e->watch.said,
		.since = e->watch.since,
	};

	return e->watch.said ? fn(ctx, &alert) : 0;
}

int vs_engine_each_alert(const struct vs_engine *e, vs_alert_fn fn, void *ctx)
{
	const struct vs_vm *vm;
	int ret = vs_alert_offline(e, fn, ctx);

	if (!ret)
		ret = vs_alert_source(e, VS_SOURCE_DRIVER,
				      VS_EVENT_OUT_OF_SYNC, fn, ctx);
	if (!ret)
		ret = vs_alert_source(e, VS_SOURCE_MANAGER,
				      VS_EVENT_INVENTORY_LOST, fn, ctx);
	if (!ret)
		ret = vs_alert_source(e, VS_SOURCE_HOST, VS_EVENT_HOST_LOST,
				      fn, ctx);
	for (vm = e->all_vms; vm && !ret; vm = vm->next_all) {
		if (vm->alert)
			ret = vs_alert_vm(vm, fn, ctx);
	}
	return ret;
}

static int vs_alert_restore_vm(struct vs_engine *e,
			       const struct vs_alert *alert)
{
	struct vs_vm *vm;

	/* a port may have gone and its number been taken: start afresh */
	if (vs_uuid_is_nil(&alert->vm))
		return 0;
	vm = vs_vm_get(e, &alert->vm);
	if (!vm)
		return -ENOMEM;
	if (alert->vm_name && *alert->vm_name && !vm->alert_name) {
		vm->alert_name = vs_str_get(alert->vm_name, vm->name);
		if (!vm->alert_name)
			return -ENOMEM;
	}
	for (size_t i = 0; i < alert->n_differences; i++) {
		if (vs_track_add(e, vm, &alert->differences[i], true))
			return -ENOMEM;
	}
	vm->alert = true;
	vm->alert_since = alert->since;
	vs_vm_dirty(e, vm);
	return 0;
}

static int vs_alert_restore_source(struct vs_engine *e, enum vs_source source,
				   const struct vs_alert *alert)
{
	e->list[source].alert = true;
	e->list[source].since = alert->since;
	return 0;
}

int vs_engine_restore_alert(struct vs_engine *e, const struct vs_alert *alert)
{
	switch (alert->id) {
	case VS_EVENT_OUT_OF_SYNC:
		if (alert->form == VS_FORM_DIFFERENCES)
			return vs_alert_restore_vm(e, alert);
		if (alert->form != VS_FORM_UNVERIFIED)
			return -EINVAL;
		return vs_alert_restore_source(e, VS_SOURCE_DRIVER, alert);
	case VS_EVENT_INVENTORY_LOST:
		return vs_alert_restore_source(e, VS_SOURCE_MANAGER, alert);
	case VS_EVENT_HOST_LOST:
		return vs_alert_restore_source(e, VS_SOURCE_HOST, alert);
	case VS_EVENT_DRIVER_OFFLINE:
		if (alert->driver <= VS_DRIVER_ONLINE ||
		    alert->driver >= VS_DRIVER_STATE_COUNT)
			return -EINVAL;
		e->watch.said = alert->driver;
		e->watch.since = alert->since;
		return 0;
	default:
		return -EINVAL;
	}
}

int vs_engine_restore_difference(struct vs_engine *e,
				 const struct vs_uuid *uuid,
				 const struct vs_difference *diff)
{
	struct vs_vm *vm;

	/* as with alerts: a port's number is no identity */
	if (vs_uuid_is_nil(uuid))
		return 0;
	vm = vs_vm_get(e, uuid);
	if (!vm || vs_track_add(e, vm, diff, false))
		return -ENOMEM;
	vs_vm_dirty(e, vm);
	return 0;
}
