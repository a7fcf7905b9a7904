// SPDX-License-Identifier: GPL-2.0-only
/* Open events: told, and taken over from an earlier engine. */
#include <errno.h>
#include <stdlib.h>

#include "core/alert.h"
#include "core/model.h"

static bool vs_alert_tells(const struct vs_diff *diff, enum vs_topic topic)
{
	return diff->reported && vs_track_topic(&diff->d) == topic;
}

static int vs_alert_topic(const struct vs_engine *e, const struct vs_vm *vm,
			  enum vs_topic topic, vs_alert_fn fn, void *ctx)
{
	bool lists = topic == VS_TOPIC_LISTS;
	struct vs_alert alert = {
		.id = lists ? VS_EVENT_OUT_OF_SYNC : VS_EVENT_BYPASSED,
		.form = lists ? VS_FORM_DIFFERENCES : VS_FORM_NONE,
		.vm = vm->uuid,
		.vm_name = vs_uuid_is_nil(&vm->uuid) ? NULL :
						       vs_vm_last_name(vm),
		.since = vm->open[topic].since,
		.raised = vm->open[topic].raised,
	};
	struct vs_difference *d;
	const struct vs_diff *diff;
	size_t n = 0;
	int ret;

	for (diff = vm->diffs; diff; diff = diff->next)
		n += vs_alert_tells(diff, topic);
	d = calloc(n + 1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	for (diff = vm->diffs; diff; diff = diff->next) {
		if (!vs_alert_tells(diff, topic))
			continue;
		d[alert.n_differences] = diff->d;
		d[alert.n_differences++].by = vs_port_bypass_by(e, &diff->d);
	}
	alert.differences = d;
	ret = fn(ctx, &alert);
	free(d);
	return ret;
}

static int vs_alert_vm(const struct vs_engine *e, const struct vs_vm *vm,
		       vs_alert_fn fn, void *ctx)
{
	int ret = 0;

	for (int i = 0; i < VS_TOPIC_COUNT && !ret; i++) {
		if (vm->open[i].is)
			ret = vs_alert_topic(e, vm, i, fn, ctx);
	}
	return ret;
}

static int vs_alert_source(const struct vs_engine *e, enum vs_source source,
			   enum vs_event_id id, enum vs_form form,
			   vs_alert_fn fn, void *ctx)
{
	struct vs_alert alert = {
		.id = id,
		.form = form,
		.since = e->list[source].since,
		.raised = e->list[source].since,
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
		.raised = e->watch.raised,
	};

	return e->watch.said ? fn(ctx, &alert) : 0;
}

int vs_engine_each_alert(const struct vs_engine *e, vs_alert_fn fn, void *ctx)
{
	static const struct {
		enum vs_source source;
		enum vs_event_id id;
		enum vs_form form;
	} lists[] = {
		{ VS_SOURCE_DRIVER, VS_EVENT_OUT_OF_SYNC, VS_FORM_UNVERIFIED },
		{ VS_SOURCE_MANAGER, VS_EVENT_INVENTORY_LOST, VS_FORM_NONE },
		{ VS_SOURCE_MANAGER, VS_EVENT_OUT_OF_SYNC, VS_FORM_UNOBTAINED },
		{ VS_SOURCE_HOST, VS_EVENT_HOST_LOST, VS_FORM_NONE },
	};
	const struct vs_vm *vm;
	int ret = vs_alert_offline(e, fn, ctx);

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists) && !ret; i++)
		ret = vs_alert_source(e, lists[i].source, lists[i].id,
				      lists[i].form, fn, ctx);
	for (vm = e->all_vms; vm && !ret; vm = vm->next_all)
		ret = vs_alert_vm(e, vm, fn, ctx);
	return ret;
}

static int vs_alert_restore_vm(struct vs_engine *e,
			       const struct vs_alert *alert)
{
	enum vs_topic topic = alert->id == VS_EVENT_BYPASSED ?
			      VS_TOPIC_BYPASS : VS_TOPIC_LISTS;
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
		if (vs_track_topic(&alert->differences[i]) != topic)
			return -EINVAL;
		if (vs_track_add(e, vm, &alert->differences[i], true))
			return -ENOMEM;
	}
	vm->open[topic] = (struct vs_open){
		.is = true,
		.since = alert->since,
		.raised = alert->raised,
	};
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
		if (alert->form == VS_FORM_UNOBTAINED)
			return vs_alert_restore_source(e, VS_SOURCE_MANAGER,
						       alert);
		if (alert->form != VS_FORM_UNVERIFIED)
			return -EINVAL;
		return vs_alert_restore_source(e, VS_SOURCE_DRIVER, alert);
	case VS_EVENT_BYPASSED:
		return vs_alert_restore_vm(e, alert);
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
		e->watch.raised = alert->raised;
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
