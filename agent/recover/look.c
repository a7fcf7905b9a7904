// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "host/clock.h"
#include "recover/look.h"

int vs_look_open(struct vs_look *l, const char *inventory, const char *driver,
		 struct vs_error *error)
{
	*l = (struct vs_look){ .driver = driver };
	return vs_inventory_open(inventory, &l->inv, error);
}

static int vs_look_host(struct vs_look *l, struct vs_error *error)
{
	vs_snapshot_free(&l->host);
	l->host = (struct vs_snapshot){ 0 };
	if (l->driver)
		return vs_snapshot_load(&l->host, l->driver, error);
	vs_snapshot_take(&l->host, l->now);
	return 0;
}

static int vs_look_once(struct vs_look *l)
{
	long long begin;

	vs_driver_reading_feed(&l->host.reading, &l->host.foreign, l->engine,
			       l->now);
	if (l->host.has_ports)
		vs_host_ports_feed(&l->host.ports, l->engine, l->now);
	else
		vs_engine_fail(l->engine, VS_SOURCE_HOST,
			       &l->host.ports_error);
	begin = vs_clock_steady();
	vs_inventory_sync(l->inv, l->engine, l->now, NULL);
	l->spent = vs_clock_steady() - begin;
	return vs_engine_evaluate(l->engine, l->now, NULL, NULL);
}

static bool vs_look_differs(const struct vs_look *l)
{
	struct vs_host_view host;

	vs_engine_host(l->engine, &host);
	return host.vms[VS_STATE_PENDING] || host.vnics[VS_STATE_PENDING];
}

static struct vs_engine *vs_look_engine(const struct vs_look *l)
{
	struct vs_engine_config config = {
		.host = l->host.host,
		.debounce = l->driver ? 1 : 2,
	};

	/* without it, hashing can be guessed, and no more */
	(void)!getrandom(&config.hash_seed, sizeof(config.hash_seed), 0);
	return vs_engine_new(&config);
}

int vs_look_read(struct vs_look *l, vs_time now, struct vs_error *error)
{
	int ret;

	l->now = now;
	ret = vs_look_host(l, error);
	if (ret)
		return ret;
	vs_engine_free(l->engine);
	l->engine = vs_look_engine(l);
	ret = l->engine ? vs_look_once(l) : -ENOMEM;
	if (!ret && !l->driver && vs_look_differs(l)) {
		ret = vs_look_host(l, error);
		if (!ret)
			ret = vs_look_once(l);
	}
	if (ret)
		vs_error_set(error, VS_OP_NONE, VS_WHY_NO_MEMORY, ret, NULL);
	return ret;
}

/** struct vs_look_named - VMs of a name */
struct vs_look_named {
	const char *name;
	struct vs_uuid uuid;
	size_t n;
};

static int vs_look_name(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_look_named *named = ctx;

	if (vm->name && vs_name_is(vm->name, named->name)) {
		named->uuid = vm->uuid;
		named->n++;
	}
	return 0;
}

int vs_look_find(const struct vs_look *l, const char *vm, struct vs_uuid *uuid)
{
	struct vs_look_named named = { .name = vm };
	struct vs_vm_view view;

	if (!vs_uuid_parse(vm, uuid) && !vs_engine_vm(l->engine, uuid, &view))
		return 0;
	vs_engine_each_vm(l->engine, vs_look_name, &named);
	*uuid = named.uuid;
	return named.n == 1 ? 0 : named.n ? -ENOTUNIQ : -ENOENT;
}

void vs_look_close(struct vs_look *l)
{
	vs_engine_free(l->engine);
	vs_snapshot_free(&l->host);
	vs_inventory_close(l->inv);
	*l = (struct vs_look){ 0 };
}
