// SPDX-License-Identifier: GPL-2.0-only
/* The engine: made, evaluated, released. */
#include <errno.h>
#include <stdlib.h>

#include "core/model.h"

static void vs_engine_init(struct vs_engine *e)
{
	vs_pool_init(&e->vm_pool, sizeof(struct vs_vm));
	vs_pool_init(&e->nic_pool, sizeof(struct vs_nic));
	vs_pool_init(&e->port_pool, sizeof(struct vs_port));
	vs_pool_init(&e->diff_pool, sizeof(struct vs_diff));
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		e->list[i].error.why = VS_WHY_NOT_READ;
}

static void vs_engine_adopt(struct vs_engine *e,
			    const struct vs_engine_config *config)
{
	e->config = *config;
	e->config.host = NULL;
	if (!e->config.debounce)
		e->config.debounce = 1;
}

struct vs_engine *vs_engine_new(const struct vs_engine_config *config)
{
	struct vs_engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->host = vs_str_get(config->host ? config->host : "", NULL);
	if (!e->host) {
		free(e);
		return NULL;
	}
	vs_engine_adopt(e, config);
	e->changes = config->hash_seed >> 16;
	vs_engine_init(e);
	return e;
}

int vs_engine_configure(struct vs_engine *e,
			const struct vs_engine_config *config)
{
	struct vs_str *host = vs_str_get(config->host ? config->host : "",
					 e->host);
	uint64_t seed = e->config.hash_seed;

	if (!host)
		return -ENOMEM;
	vs_str_put(e->host);
	e->host = host;
	vs_engine_adopt(e, config);
	/* everything stands where the old one put it */
	e->config.hash_seed = seed;
	e->everything = true;
	return 0;
}

void vs_engine_free(struct vs_engine *e)
{
	struct vs_vm *vm;
	struct vs_port *port;

	if (!e)
		return;
	/* the pools take the rest with them */
	for (vm = e->all_vms; vm; vm = vm->next_all) {
		vs_str_put(vm->name);
		vs_str_put(vm->alert_name);
		vs_str_put(vm->host);
	}
	for (port = e->all_ports; port; port = port->next_all) {
		vs_str_put(port->driver.name);
		vs_str_put(port->host.name);
		vs_str_put(port->bypass_by);
	}
	vs_str_put(e->host);
	vs_table_free(&e->vms);
	vs_table_free(&e->ports);
	vs_queue_free(&e->queue);
	vs_pool_free(&e->vm_pool);
	vs_pool_free(&e->nic_pool);
	vs_pool_free(&e->port_pool);
	vs_pool_free(&e->diff_pool);
	free(e);
}

/* put everything on the list of what is to be looked at, that has to be */
static void vs_engine_gather(struct vs_engine *e)
{
	struct vs_due *due;

	if (e->everything)
		for (struct vs_vm *vm = e->all_vms; vm; vm = vm->next_all)
			vs_vm_dirty(e, vm);
	e->everything = false;
	while ((due = vs_queue_first(&e->queue)) && due->at <= e->now) {
		size_t offset = offsetof(struct vs_vm, due);

		vs_queue_del(&e->queue, due);
		vs_vm_dirty(e, (struct vs_vm *)((char *)due - offset));
	}
}

/* look at every dirty VM; the list of those that have something to say */
static int vs_engine_look(struct vs_engine *e, struct vs_vm **speakers)
{
	struct vs_vm *vm = e->dirty, *next;
	int ret = 0;

	e->dirty = NULL;
	e->glanced = NULL;
	*speakers = NULL;
	for (; vm; vm = next) {
		next = vm->next_dirty;
		__builtin_prefetch(next);
		vm->dirty = false;
		if (vs_track_vm(e, vm)) {
			vs_vm_dirty(e, vm);
			ret = -ENOMEM;
		} else if (vs_track_speaks(vm, VS_TOPIC_LISTS) ||
			   vs_track_speaks(vm, VS_TOPIC_BYPASS)) {
			vm->report = *speakers;
			*speakers = vm;
		} else if (vs_vm_is_gone(vm)) {
			vs_vm_release(e, vm);
		}
	}
	return ret;
}

/* 0 stands for none */
static uint32_t vs_engine_next_seq(const struct vs_engine *e)
{
	return e->seq + 1 ? e->seq + 1 : 1;
}

int vs_engine_evaluate(struct vs_engine *e, vs_time now, vs_event_fn fn,
		       void *ctx)
{
	struct vs_vm *speakers;
	int looked, said;

	e->now = now;
	e->fn = fn;
	e->ctx = ctx;
	e->seq = vs_engine_next_seq(e);
	/* a glance may have been at what changed, and asked about since */
	e->changes += !!e->dirty;
	vs_source_evaluate(e);
	vs_engine_gather(e);
	looked = vs_engine_look(e, &speakers);
	said = vs_report_vms(e, speakers);
	e->fn = NULL;
	return looked ? looked : said;
}

/* that of the evaluation to come, begun early: so they are one observation */
int vs_engine_glance(struct vs_engine *e, vs_time now)
{
	uint32_t seq = e->seq;
	struct vs_vm *vm;
	int ret = 0;

	e->now = now;
	if (!vs_source_is_settled(e))
		return 0;
	e->seq = vs_engine_next_seq(e);
	/* of many in a row, none looks at what those before it have seen */
	for (vm = e->dirty; vm != e->glanced; vm = vm->next_dirty) {
		/* what has begun may only end in an evaluation, which tells */
		if (vm->diffs || vs_track_is_open(vm))
			continue;
		if (vs_track_vm(e, vm))
			ret = -ENOMEM;
	}
	e->glanced = e->dirty;
	e->seq = seq;
	return ret;
}

static void vs_engine_shift_vm(struct vs_vm *vm, vs_time by)
{
	for (struct vs_diff *diff = vm->diffs; diff; diff = diff->next)
		diff->d.first_seen += by;
	for (int i = 0; i < VS_TOPIC_COUNT; i++) {
		vm->open[i].since += by;
		vm->open[i].raised += by;
	}
}

void vs_engine_shift(struct vs_engine *e, vs_time by)
{
	for (struct vs_vm *vm = e->all_vms; vm; vm = vm->next_all)
		vs_engine_shift_vm(vm, by);
	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		/* "never" is 0 to those who ask */
		if (e->list[i].read)
			e->list[i].info.read_at += by;
		e->list[i].since += by;
	}
	e->watch.since += by;
	e->watch.raised += by;
	e->now += by;
	vs_queue_shift(&e->queue, by);
}

bool vs_engine_next(const struct vs_engine *e, vs_time *at)
{
	const struct vs_due *due = vs_queue_first(&e->queue);

	if (due)
		*at = due->at;
	return due;
}
