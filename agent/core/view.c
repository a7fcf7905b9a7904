// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the engine. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/join.h"

static struct vs_source_view vs_view_source(const struct vs_engine *e,
					    enum vs_source source)
{
	const struct vs_list *list = &e->list[source];
	struct vs_source_view view = {
		.available = list->available,
		.info = list->info,
		.error = list->error,
		.count = list->count,
	};

	if (source == VS_SOURCE_DRIVER && !list->available &&
	    e->watch.info.error.op)
		view.error = e->watch.info.error;
	return view;
}

void vs_engine_host(const struct vs_engine *e, struct vs_host_view *view)
{
	*view = (struct vs_host_view){
		.name = e->host->s,
		.driver = e->watch.info,
	};
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		view->source[i] = vs_view_source(e, i);
	for (int i = 0; i < VS_STATE_COUNT; i++) {
		view->vms[i] = e->vm_count[i];
		view->vnics[i] = e->vnic_count[i];
		if (e->vm_count[i] || e->vnic_count[i])
			view->state = i;
	}
	if (e->watch.absent)
		view->state = VS_STATE_NOT_APPLICABLE;
	else if ((!e->list[VS_SOURCE_MANAGER].available ||
		  !e->list[VS_SOURCE_DRIVER].available ||
		  e->list[VS_SOURCE_HOST].failed) &&
		 view->state < VS_STATE_UNKNOWN)
		view->state = VS_STATE_UNKNOWN;
	else if (!e->vm_count[VS_STATE_NOT_APPLICABLE] &&
		 !e->vnic_count[VS_STATE_NOT_APPLICABLE] &&
		 view->state == VS_STATE_NOT_APPLICABLE)
		view->state = VS_STATE_IN_SYNC;
}

uint64_t vs_engine_changes(const struct vs_engine *e)
{
	return e->changes;
}

static bool vs_vm_is_listed(const struct vs_vm *vm)
{
	return vm->in_manager || vm->driver || vm->on_host;
}

/* a VM by UUID; this one asks without touching what the engine remembers */
static const struct vs_vm *vs_view_find(const struct vs_engine *e,
					const struct vs_uuid *uuid)
{
	const struct vs_vm *vm;

	if (vs_uuid_is_nil(uuid))
		return NULL;
	vm = vs_vm_find((struct vs_engine *)e, uuid);
	return vm && vs_vm_is_listed(vm) ? vm : NULL;
}

static void vs_view_vm(const struct vs_vm *vm, struct vs_vm_view *view)
{
	const struct vs_diff *diff;

	*view = (struct vs_vm_view){
		.uuid = vm->uuid,
		.name = vs_vm_name(vm),
		.host = vm->in_manager ? vs_str_text(vm->host) : NULL,
		.in_manager = vm->in_manager,
		.power = vm->power,
		.unprotected = vm->unprotected,
		.is_template = vm->is_template,
		.duplicate = vm->duplicate,
		.state = vm->state,
		.reason = vm->reason,
		.alert = vm->open[VS_TOPIC_LISTS].is,
	};
	for (diff = vm->diffs; diff; diff = diff->next) {
		if (diff == vm->diffs || diff->d.first_seen < view->since)
			view->since = diff->d.first_seen;
	}
	for (int i = 0; i < VS_STATE_COUNT; i++)
		view->count[i] = vm->count[i];
}

int vs_engine_vm(const struct vs_engine *e, const struct vs_uuid *uuid,
		 struct vs_vm_view *view)
{
	const struct vs_vm *vm = vs_view_find(e, uuid);

	if (!vm)
		return -ENOENT;
	vs_view_vm(vm, view);
	return 0;
}

int vs_engine_each_vm(const struct vs_engine *e, vs_vm_fn fn, void *ctx)
{
	int ret = 0;

	for (const struct vs_vm *vm = e->all_vms; vm && !ret;
	     vm = vm->next_all) {
		struct vs_vm_view view;

		if (vs_uuid_is_nil(&vm->uuid) || !vs_vm_is_listed(vm))
			continue;
		vs_view_vm(vm, &view);
		ret = fn(ctx, &view);
	}
	return ret;
}

static void vs_view_driver(const struct vs_port *port, struct vs_driver_fact *f)
{
	*f = (struct vs_driver_fact){
		.ifindex = port->ifindex,
		.creation_id = port->creation_id,
		.mode = port->mode,
		.bypass = port->bypass,
		.bypass_by = vs_str_text(port->bypass_by),
		.bound = port->bound,
		.vm = port->driver.uuid,
		.vm_name = vs_str_text(port->driver.name),
		.device_id = port->driver.device_id,
		.mac = port->driver.mac,
	};
	memcpy(f->port, port->driver.port, sizeof(f->port));
}

static void vs_view_on_host(const struct vs_port *port, struct vs_host_fact *f)
{
	*f = (struct vs_host_fact){
		.ifindex = port->ifindex,
		.pid = port->pid,
		.plugged = port->plugged,
		.unheld = port->unheld,
		.vm = port->host.uuid,
		.vm_name = vs_str_text(port->host.name),
		.device_id = port->host.device_id,
		.mac = port->host.mac,
	};
	memcpy(f->port, port->host.port, sizeof(f->port));
}

/* the entries of a group, and the best of what they say */
static void vs_view_entries(const struct vs_group *g, struct vs_vnic_view *v)
{
	v->device_id = VS_DEVICE_ID_NONE;
	if (g->host) {
		v->on_host = true;
		vs_view_on_host(g->host, &v->on);
		v->device_id = v->on.device_id;
		v->mac = v->on.mac;
	}
	if (g->driver) {
		v->in_driver = true;
		vs_view_driver(g->driver, &v->driver);
	}
	if (v->in_driver && v->driver.bound) {
		v->device_id = v->driver.device_id;
		v->mac = v->driver.mac;
	}
	if (g->nic) {
		v->in_manager = true;
		v->manager.vm = v->vm;
		v->manager.device_id = g->nic->device_id;
		v->manager.mac = g->nic->mac;
		v->device_id = v->manager.device_id;
		v->mac = v->manager.mac;
	}
}

static void vs_view_mac(char out[VS_VALUE_STR], const struct vs_mac *mac)
{
	char buf[VS_MAC_STR];

	snprintf(out, VS_VALUE_STR, "%s", vs_mac_format(mac, buf));
}

static void vs_view_uuid(char out[VS_VALUE_STR], const struct vs_uuid *uuid)
{
	char buf[VS_UUID_STR];

	snprintf(out, VS_VALUE_STR, "%s", vs_uuid_format(uuid, buf));
}

/* what the port is bound as, and how it is held */
static void vs_view_held(struct vs_vnic_view *v)
{
	switch (v->reason) {
	case VS_REASON_NOT_PLUGGED:
		strcpy(v->expected, "plugged");
		strcpy(v->actual, "unplugged");
		break;
	case VS_REASON_OTHER_HOLDER:
		vs_view_uuid(v->expected, &v->driver.vm);
		vs_view_uuid(v->actual, &v->on.vm);
		break;
	case VS_REASON_DEVICE_ID_MISMATCH:
		snprintf(v->expected, VS_VALUE_STR, "%u", v->driver.device_id);
		snprintf(v->actual, VS_VALUE_STR, "%u", v->on.device_id);
		break;
	default:
		vs_view_mac(v->expected, &v->driver.mac);
		vs_view_mac(v->actual, &v->on.mac);
	}
}

/* what should be and what is; a device ID only where that is the matter */
static void vs_view_values(struct vs_vnic_view *v, bool held)
{
	strcpy(v->expected, "-");
	strcpy(v->actual, "-");
	if (held) {
		vs_view_held(v);
	} else if (v->reason == VS_REASON_HOST_ONLY) {
		strcpy(v->expected, "bound");
		strcpy(v->actual, v->in_driver ? "unbound" : "-");
	} else if (v->reason == VS_REASON_BYPASSED) {
		strcpy(v->expected, "filtered");
		strcpy(v->actual, "bypassed");
	} else if (v->reason == VS_REASON_DEVICE_ID_MISMATCH) {
		snprintf(v->expected, VS_VALUE_STR, "%u", v->manager.device_id);
		snprintf(v->actual, VS_VALUE_STR, "%u", v->driver.device_id);
	} else {
		if (v->in_manager && v->reason != VS_REASON_DRIVER_ONLY)
			vs_view_mac(v->expected, &v->manager.mac);
		if (v->in_driver && v->driver.bound)
			vs_view_mac(v->actual, &v->driver.mac);
	}
}

static void vs_view_vnic(const struct vs_vm *vm, const struct vs_group *g,
			 struct vs_vnic_view *v)
{
	struct vs_difference d[VS_DIFFERENCES_MAX];
	const struct vs_diff *diff;

	*v = (struct vs_vnic_view){
		.vm = vm->uuid,
		.vm_name = vs_vm_name(vm),
		.state = g->state,
		.reason = g->reason,
		.source = g->unknown,
	};
	for (int n = vs_join_differences(g, d); n--;) {
		diff = vs_track_find(vm, &d[n]);
		if (!diff)
			continue;
		if (diff->confirmed)
			v->state = VS_STATE_OUT_OF_SYNC;
		if (!v->first_seen || diff->d.first_seen < v->first_seen)
			v->first_seen = diff->d.first_seen;
	}
	vs_view_entries(g, v);
	vs_view_values(v, g->held);
}

static int vs_view_vnics(const struct vs_engine *e, const struct vs_vm *vm,
			 struct vs_groups *groups, vs_vnic_fn fn, void *ctx)
{
	int ret = vs_join(e, vm, groups);

	for (size_t i = 0; i < groups->n && !ret; i++) {
		struct vs_vnic_view view;

		vs_view_vnic(vm, &groups->v[i], &view);
		ret = fn(ctx, &view);
	}
	return ret;
}

int vs_engine_each_vnic(const struct vs_engine *e, const struct vs_uuid *uuid,
			vs_vnic_fn fn, void *ctx)
{
	const struct vs_vm *vm = uuid ? vs_view_find(e, uuid) : e->all_vms;
	struct vs_groups groups = { 0 };
	int ret = 0;

	if (uuid && !vm)
		return -ENOENT;
	for (; vm && !ret; vm = uuid ? NULL : vm->next_all)
		ret = vs_view_vnics(e, vm, &groups, fn, ctx);
	vs_groups_free(&groups);
	return ret;
}

int vs_engine_differences(const struct vs_engine *e,
			  const struct vs_uuid *uuid, vs_difference_fn fn,
			  void *ctx)
{
	const struct vs_vm *vm = uuid ? vs_view_find(e, uuid) : e->all_vms;
	int ret = 0;

	if (uuid && !vm)
		return -ENOENT;
	for (; vm && !ret; vm = uuid ? NULL : vm->next_all) {
		const struct vs_diff *diff = vm->diffs;

		for (; diff && !ret; diff = diff->next)
			ret = fn(ctx, &diff->d, diff->confirmed);
	}
	return ret;
}

int vs_exit_code(const struct vs_host_view *host, enum vs_state state)
{
	bool fine = host->driver.state == VS_DRIVER_UNKNOWN ||
		    host->driver.state == VS_DRIVER_ONLINE;

	/* a host that is not to have a Filter Driver misses nothing */
	if (host->driver.state == VS_DRIVER_NOT_LOADED &&
	    host->state == VS_STATE_NOT_APPLICABLE)
		return 0;
	if (!fine || !host->source[VS_SOURCE_MANAGER].available ||
	    !host->source[VS_SOURCE_DRIVER].available ||
	    (!host->source[VS_SOURCE_HOST].available &&
	     host->source[VS_SOURCE_HOST].error.why != VS_WHY_NOT_READ))
		return 5;
	switch (state) {
	case VS_STATE_UNKNOWN:
		return 5;
	case VS_STATE_OUT_OF_SYNC:
		return 4;
	case VS_STATE_PENDING:
		return 3;
	default:
		return 0;
	}
}
