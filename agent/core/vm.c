// SPDX-License-Identifier: GPL-2.0-only
/* VMs: found, made, marked, released. */
#include <string.h>

#include "core/model.h"
#include "core/name.h"

static uint32_t vs_vm_hash(const struct vs_engine *e,
			   const struct vs_uuid *uuid)
{
	uint64_t w[2];

	memcpy(w, uuid->b, sizeof(w));
	return vs_table_mix(w[0], w[1], e->config.hash_seed);
}

/*
 * Entries of one VM mostly come one after the other, and lists of the same VMs
 * often in the same order: then nothing has to be looked for.
 */
static struct vs_vm *vs_vm_guess(struct vs_engine *e,
				 const struct vs_uuid *uuid)
{
	struct vs_vm *vm = e->recent;

	if (!vm || vs_uuid_cmp(&vm->uuid, uuid) == 0)
		return vm;
	vm = vm->prev_all;
	if (!vm || vm->stands_for || vs_uuid_cmp(&vm->uuid, uuid) != 0)
		return NULL;
	return e->recent = vm;
}

struct vs_vm *vs_vm_find(struct vs_engine *e, const struct vs_uuid *uuid)
{
	struct vs_vm *vm = vs_vm_guess(e, uuid);
	struct vs_node *node;
	uint32_t hash;

	if (vm)
		return vm;
	hash = vs_vm_hash(e, uuid);
	for (node = vs_table_first(&e->vms, hash); node; node = node->next) {
		vm = (struct vs_vm *)node;
		if (node->hash == hash && vs_uuid_cmp(&vm->uuid, uuid) == 0)
			return e->recent = vm;
	}
	return NULL;
}

static void vs_vm_link(struct vs_engine *e, struct vs_vm *vm)
{
	vm->next_all = e->all_vms;
	if (e->all_vms)
		e->all_vms->prev_all = vm;
	e->all_vms = vm;
}

struct vs_vm *vs_vm_get(struct vs_engine *e, const struct vs_uuid *uuid)
{
	struct vs_vm *vm = vs_vm_find(e, uuid);

	if (vm)
		return vm;
	vm = vs_pool_get(&e->vm_pool);
	if (!vm)
		return NULL;
	vm->uuid = *uuid;
	vm->node.hash = vs_vm_hash(e, uuid);
	if (vs_table_add(&e->vms, &vm->node)) {
		vs_pool_put(&e->vm_pool, vm);
		return NULL;
	}
	vs_vm_link(e, vm);
	/* so that it is released if nothing comes of it */
	vs_vm_dirty(e, vm);
	return e->recent = vm;
}

struct vs_vm *vs_vm_stand_in(struct vs_engine *e, struct vs_port *port)
{
	struct vs_vm *vm = port->nameless;

	if (vm)
		return vm;
	vm = vs_pool_get(&e->vm_pool);
	if (!vm)
		return NULL;
	vm->stands_for = port;
	port->nameless = vm;
	vs_vm_link(e, vm);
	vs_vm_dirty(e, vm);
	return vm;
}

void vs_vm_dirty(struct vs_engine *e, struct vs_vm *vm)
{
	e->changes++;
	if (vm->dirty)
		return;
	vm->dirty = true;
	vm->next_dirty = e->dirty;
	e->dirty = vm;
}

void vs_vm_release(struct vs_engine *e, struct vs_vm *vm)
{
	if (e->recent == vm)
		e->recent = NULL;
	if (vm->prev_all)
		vm->prev_all->next_all = vm->next_all;
	else
		e->all_vms = vm->next_all;
	if (vm->next_all)
		vm->next_all->prev_all = vm->prev_all;
	if (vm->stands_for)
		vm->stands_for->nameless = NULL;
	else if (!vs_uuid_is_nil(&vm->uuid))
		vs_table_del(&e->vms, &vm->node);
	vs_manager_drop_nics(e, vm);
	vs_track_forget(e, vm);
	vs_queue_del(&e->queue, &vm->due);
	vs_str_put(vm->name);
	vs_str_put(vm->alert_name);
	vs_str_put(vm->host);
	vs_pool_put(&e->vm_pool, vm);
}

/* no list names it, and nothing is left to be said about it */
bool vs_vm_is_gone(const struct vs_vm *vm)
{
	return !vm->in_manager && !vm->nics && !vm->driver && !vm->on_host &&
	       !vm->diffs && !vs_track_is_open(vm);
}

/* the name on the port of the lowest ifindex that has one */
static const struct vs_str *vs_vm_port_name(const struct vs_vm *vm)
{
	const struct vs_str *name = NULL;
	const struct vs_port *port;
	uint32_t lowest = UINT32_MAX;

	for (port = vm->driver; port; port = port->driver.next) {
		if (port->driver.name && port->ifindex <= lowest) {
			lowest = port->ifindex;
			name = port->driver.name;
		}
	}
	if (name)
		return name;
	for (port = vm->on_host; port; port = port->host.next) {
		if (port->host.name && port->ifindex <= lowest) {
			lowest = port->ifindex;
			name = port->host.name;
		}
	}
	return name;
}

const char *vs_vm_name(const struct vs_vm *vm)
{
	const struct vs_str *name = vm->in_manager ? vm->name : NULL;

	if (!name)
		name = vs_vm_port_name(vm);
	return vs_str_text(name);
}

const char *vs_vm_last_name(const struct vs_vm *vm)
{
	const char *name = vs_vm_name(vm);

	return name ? name : vs_str_text(vm->alert_name);
}

enum vs_reason vs_vm_away(const struct vs_engine *e, const struct vs_vm *vm)
{
	if (!vm->in_manager)
		return VS_REASON_NONE;
	if (vm->is_template)
		return VS_REASON_TEMPLATE;
	if (vm->power == VS_POWER_OFF || vm->power == VS_POWER_SUSPENDED)
		return VS_REASON_VM_OFF;
	return vm->host && *e->host->s &&
	       !vs_host_is(vm->host->s, e->host->s) ? VS_REASON_OTHER_HOST :
						      VS_REASON_NONE;
}
