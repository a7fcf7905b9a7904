// SPDX-License-Identifier: GPL-2.0-only
/* The Manager's list: VMs and their vNICs. */
#include <errno.h>
#include <string.h>

#include "core/model.h"
#include "core/name.h"

/* which power state wins when a UUID is listed twice: the busier one */
static int vs_power_rank(enum vs_power power)
{
	static const int rank[VS_POWER_COUNT] = {
		[VS_POWER_OFF] = 0,
		[VS_POWER_SUSPENDED] = 1,
		[VS_POWER_PAUSED] = 2,
		[VS_POWER_RUNNING] = 3,
	};

	return rank[power];
}

/* which host wins: this one, else the first in the alphabet */
static const char *vs_manager_merge_host(const struct vs_engine *e,
					 const char *a, const char *b)
{
	if (!a || !*a || !b || !*b)
		return NULL;
	if (vs_host_is(a, e->host->s) != vs_host_is(b, e->host->s))
		return vs_host_is(a, e->host->s) ? a : b;
	return strcmp(a, b) <= 0 ? a : b;
}

/* @fact, merged with what this load said of the same UUID before */
static struct vs_vm_fact vs_manager_merge(const struct vs_engine *e,
					  const struct vs_vm *vm,
					  const struct vs_vm_fact *fact)
{
	struct vs_vm_fact f = *fact;

	if (strcmp(vm->name->s, f.name) < 0)
		f.name = vm->name->s;
	f.host = vs_manager_merge_host(e, vs_str_text(vm->host), f.host);
	if (vs_power_rank(vm->power) > vs_power_rank(f.power))
		f.power = vm->power;
	f.unprotected = f.unprotected && vm->unprotected;
	f.is_template = f.is_template && vm->is_template;
	return f;
}

static bool vs_manager_fact_ok(const struct vs_vm_fact *fact)
{
	return !vs_uuid_is_nil(&fact->uuid) && fact->name &&
	       vs_name_check(fact->name) == 0 &&
	       (!fact->host || !*fact->host ||
		vs_name_check(fact->host) == 0) &&
	       fact->power >= 0 && fact->power < VS_POWER_COUNT;
}

/* the string for @s: @old if it is that, none if there is nothing to say */
static int vs_manager_str(struct vs_str **new, struct vs_str *old,
			  const char *s, struct vs_str *near)
{
	*new = NULL;
	if (!s || !*s)
		return 0;
	*new = vs_str_get(s, old && vs_str_is(old, s) ? old : near);
	return *new ? 0 : -ENOMEM;
}

static int vs_manager_apply(struct vs_engine *e, struct vs_vm *vm,
			    const struct vs_vm_fact *fact)
{
	struct vs_str *near = vm->driver ? vm->driver->driver.name : NULL;
	struct vs_str *name, *host;

	if (vs_manager_str(&name, vm->name, fact->name, near))
		return -ENOMEM;
	if (vs_manager_str(&host, vm->host, fact->host, e->host)) {
		vs_str_put(name);
		return -ENOMEM;
	}
	if (!vm->in_manager || vm->power != fact->power ||
	    vm->unprotected != fact->unprotected ||
	    vm->is_template != fact->is_template ||
	    !vs_str_is(vm->host, fact->host))
		vs_vm_dirty(e, vm);
	vs_str_put(vm->name);
	vs_str_put(vm->host);
	vm->name = name;
	vm->host = host;
	vm->power = fact->power;
	vm->unprotected = fact->unprotected;
	vm->is_template = fact->is_template;
	return 0;
}

int vs_engine_set_vm(struct vs_engine *e, const struct vs_vm_fact *fact)
{
	struct vs_list *list = &e->list[VS_SOURCE_MANAGER];
	struct vs_vm_fact f = *fact;
	bool again = false;
	struct vs_vm *vm;

	if (!vs_manager_fact_ok(fact))
		return -EINVAL;
	vm = vs_vm_get(e, &fact->uuid);
	if (!vm)
		return -ENOMEM;
	if (list->open && vm->in_manager && vm->mark == list->load) {
		f = vs_manager_merge(e, vm, fact);
		again = true;
	}
	if (vs_manager_apply(e, vm, &f))
		return -ENOMEM;
	list->count += !vm->in_manager;
	list->fed += !vm->in_manager || vm->mark != list->load;
	vm->in_manager = true;
	vm->mark = list->load;
	vm->duplicate = again;
	return 0;
}

static int vs_nic_cmp(const struct vs_nic *nic, const struct vs_vnic_fact *f)
{
	if (nic->device_id != f->device_id)
		return nic->device_id < f->device_id ? -1 : 1;
	return vs_mac_cmp(&nic->mac, &f->mac);
}

/* where @fact is in the VM's sorted list, or would have to be */
static struct vs_nic **vs_nic_place(struct vs_vm *vm,
				    const struct vs_vnic_fact *fact, bool *is)
{
	struct vs_nic **p = &vm->nics;
	int cmp = -1;

	while (*p && (cmp = vs_nic_cmp(*p, fact)) < 0)
		p = &(*p)->next;
	*is = *p && cmp == 0;
	return p;
}

int vs_engine_set_vnic(struct vs_engine *e, const struct vs_vnic_fact *fact)
{
	struct vs_list *list = &e->list[VS_SOURCE_MANAGER];
	struct vs_nic **p, *nic;
	struct vs_vm *vm;
	bool is;

	if (vs_uuid_is_nil(&fact->vm) || !vs_mac_is_guest(&fact->mac) ||
	    fact->device_id > VS_DEVICE_ID_MAX)
		return -EINVAL;
	vm = vs_vm_get(e, &fact->vm);
	if (!vm)
		return -ENOMEM;
	p = vs_nic_place(vm, fact, &is);
	if (!is) {
		nic = vs_pool_get(&e->nic_pool);
		if (!nic)
			return -ENOMEM;
		nic->device_id = fact->device_id;
		nic->mac = fact->mac;
		nic->next = *p;
		*p = nic;
		e->nics++;
		vs_vm_dirty(e, vm);
	}
	list->fed_nics += !is || (*p)->mark != list->load;
	(*p)->mark = list->load;
	return 0;
}

static void vs_nic_drop(struct vs_engine *e, struct vs_nic **p)
{
	struct vs_list *list = &e->list[VS_SOURCE_MANAGER];
	struct vs_nic *nic = *p;

	e->nics--;
	list->fed_nics -= nic->mark == list->load;
	*p = nic->next;
	vs_pool_put(&e->nic_pool, nic);
}

void vs_manager_drop_nics(struct vs_engine *e, struct vs_vm *vm)
{
	while (vm->nics)
		vs_nic_drop(e, &vm->nics);
}

static void vs_manager_drop(struct vs_engine *e, struct vs_vm *vm)
{
	struct vs_list *list = &e->list[VS_SOURCE_MANAGER];

	vs_manager_drop_nics(e, vm);
	list->count -= vm->in_manager;
	list->fed -= vm->in_manager && vm->mark == list->load;
	vm->in_manager = false;
	vs_vm_dirty(e, vm);
}

int vs_engine_del_vm(struct vs_engine *e, const struct vs_uuid *uuid)
{
	struct vs_vm *vm = vs_vm_find(e, uuid);

	if (!vm || !vm->in_manager)
		return -ENOENT;
	vs_manager_drop(e, vm);
	return 0;
}

int vs_engine_del_vnic(struct vs_engine *e, const struct vs_vnic_fact *fact)
{
	struct vs_vm *vm = vs_vm_find(e, &fact->vm);
	struct vs_nic **p;
	bool is = false;

	if (vm)
		p = vs_nic_place(vm, fact, &is);
	if (!is)
		return -ENOENT;
	vs_nic_drop(e, p);
	vs_vm_dirty(e, vm);
	return 0;
}

void vs_manager_sweep(struct vs_engine *e, uint32_t mark)
{
	for (struct vs_vm *vm = e->all_vms; vm; vm = vm->next_all) {
		struct vs_nic **p = &vm->nics;

		if (vm->in_manager && vm->mark != mark)
			vs_manager_drop(e, vm);
		while (*p) {
			if ((*p)->mark == mark) {
				p = &(*p)->next;
				continue;
			}
			vs_nic_drop(e, p);
			vs_vm_dirty(e, vm);
		}
	}
}

static int vs_manager_feed_vm(void *ctx, const struct vs_vm_fact *fact)
{
	return vs_engine_set_vm(ctx, fact);
}

static int vs_manager_feed_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	return fact->unplugged ? 0 : vs_engine_set_vnic(ctx, fact);
}

struct vs_feed vs_engine_feed(struct vs_engine *e)
{
	return (struct vs_feed){
		.vm = vs_manager_feed_vm,
		.vnic = vs_manager_feed_vnic,
		.ctx = e,
	};
}
