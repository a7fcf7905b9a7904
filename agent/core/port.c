// SPDX-License-Identifier: GPL-2.0-only
/* Ports: the driver's entry and the host's, brought together by ifindex. */
#include <errno.h>
#include <string.h>

#include "core/model.h"
#include "core/name.h"

/** struct vs_place - which VMs the two entries of a port count under */
struct vs_place {
	struct vs_vm *driver;
	struct vs_vm *host;
};

/**
 * struct vs_called - what a VM is called in an entry of a port
 * @name: as the list has it; NULL: it has none
 * @known: the same text, of another entry of that VM; NULL: there is none
 */
struct vs_called {
	const char *name;
	struct vs_str *known;
};

/*
 * Neighbours stay neighbours, 512 of them: a list mostly comes in the order of
 * ifindex, and where two such rows meet, both are walked along.
 */
static uint32_t vs_port_hash(const struct vs_engine *e, uint32_t ifindex)
{
	return vs_table_mix(ifindex >> 9, 0, e->config.hash_seed) +
	       (ifindex & 511);
}

static struct vs_port *vs_port_find(const struct vs_engine *e,
				    uint32_t ifindex)
{
	uint32_t hash = vs_port_hash(e, ifindex);
	struct vs_node *node = vs_table_first(&e->ports, hash);

	for (; node; node = node->next) {
		struct vs_port *port = (struct vs_port *)node;

		if (port->ifindex == ifindex)
			return port;
	}
	return NULL;
}

static struct vs_port *vs_port_get(struct vs_engine *e, uint32_t ifindex)
{
	struct vs_port *port = vs_port_find(e, ifindex);

	if (port)
		return port;
	port = vs_pool_get(&e->port_pool);
	if (!port)
		return NULL;
	port->ifindex = ifindex;
	port->node.hash = vs_port_hash(e, ifindex);
	if (vs_table_add(&e->ports, &port->node)) {
		vs_pool_put(&e->port_pool, port);
		return NULL;
	}
	port->next_all = e->all_ports;
	if (e->all_ports)
		e->all_ports->prev_all = port;
	e->all_ports = port;
	return port;
}

/* release a port that no list has any longer */
static void vs_port_release(struct vs_engine *e, struct vs_port *port)
{
	if (port->driver.vm || port->host.vm)
		return;
	if (port->nameless) {
		vs_vm_dirty(e, port->nameless);
		port->nameless->stands_for = NULL;
	}
	if (port->prev_all)
		port->prev_all->next_all = port->next_all;
	else
		e->all_ports = port->next_all;
	if (port->next_all)
		port->next_all->prev_all = port->prev_all;
	vs_table_del(&e->ports, &port->node);
	vs_pool_put(&e->port_pool, port);
}

/* sorted as the Manager's vNICs are; what has no identity comes last */
static int vs_port_cmp(const struct vs_side *a, const struct vs_side *b)
{
	bool nil_a = vs_uuid_is_nil(&a->uuid), nil_b = vs_uuid_is_nil(&b->uuid);

	if (nil_a != nil_b)
		return nil_a ? 1 : -1;
	if (a->device_id != b->device_id)
		return a->device_id < b->device_id ? -1 : 1;
	return vs_mac_cmp(&a->mac, &b->mac);
}

static struct vs_side *vs_port_side(struct vs_port *port, bool host)
{
	return host ? &port->host : &port->driver;
}

static void vs_port_attach(struct vs_engine *e, struct vs_port *port,
			   struct vs_vm *vm, bool host)
{
	struct vs_port **p = host ? &vm->on_host : &vm->driver;
	struct vs_side *side = vs_port_side(port, host);

	while (*p && vs_port_cmp(vs_port_side(*p, host), side) <= 0)
		p = &vs_port_side(*p, host)->next;
	side->next = *p;
	side->vm = vm;
	*p = port;
	vs_vm_dirty(e, vm);
}

static void vs_port_detach(struct vs_engine *e, struct vs_port *port,
			   bool host)
{
	struct vs_side *side = vs_port_side(port, host);
	struct vs_port **p;

	if (!side->vm)
		return;
	p = host ? &side->vm->on_host : &side->vm->driver;
	while (*p != port)
		p = &vs_port_side(*p, host)->next;
	*p = side->next;
	side->next = NULL;
	vs_vm_dirty(e, side->vm);
	side->vm = NULL;
}

/*
 * An unbound port counts under the VM of the process that holds it, a port
 * whose holder is not known under the VM it is bound to, and one of which
 * neither is known under a stand-in of its own.
 */
static int vs_port_plan(struct vs_engine *e, struct vs_port *port,
			const struct vs_side *driver,
			const struct vs_side *host, struct vs_place *place)
{
	const struct vs_uuid *bound = NULL, *held = NULL;

	if (driver && !vs_uuid_is_nil(&driver->uuid))
		bound = &driver->uuid;
	if (host && !vs_uuid_is_nil(&host->uuid))
		held = &host->uuid;
	*place = (struct vs_place){ 0 };
	if (driver) {
		place->driver = bound ? vs_vm_get(e, bound) :
				held ? vs_vm_get(e, held) :
				vs_vm_stand_in(e, port);
		if (!place->driver)
			return -ENOMEM;
	}
	if (host) {
		place->host = held ? vs_vm_get(e, held) :
			      bound ? vs_vm_get(e, bound) :
			      vs_vm_stand_in(e, port);
		if (!place->host)
			return -ENOMEM;
	}
	return 0;
}

/*
 * What it says, not where it is. One by one, as they were written: a copy in
 * larger pieces would have to wait for the writes to end.
 */
static void vs_side_take(struct vs_side *side, const struct vs_side *new)
{
	if (side->name != new->name)
		vs_str_put(side->name);
	side->name = new->name;
	side->mark = new->mark;
	side->device_id = new->device_id;
	side->mac = new->mac;
	side->uuid = new->uuid;
	memcpy(side->port, new->port, sizeof(side->port));
}

/* give one entry of a port new contents (NULL: none) and a new place */
static void vs_port_move(struct vs_engine *e, struct vs_port *port,
			 const struct vs_side *new, struct vs_vm *vm,
			 bool host)
{
	struct vs_side *side = vs_port_side(port, host);

	if (new == side && vm == side->vm)
		return;
	/* what it says is held against the other entry */
	if (vs_port_side(port, !host)->vm)
		vs_vm_dirty(e, vs_port_side(port, !host)->vm);
	vs_port_detach(e, port, host);
	if (!new)
		return;
	vs_side_take(side, new);
	vs_port_attach(e, port, vm, host);
}

/*
 * Make the port's entries @driver and @host (NULL: not in that list), which
 * may be its own. On -ENOMEM nothing has changed.
 */
static int vs_port_put(struct vs_engine *e, struct vs_port *port,
		       const struct vs_side *driver,
		       const struct vs_side *host)
{
	struct vs_place place;

	if (vs_port_plan(e, port, driver, host, &place))
		return -ENOMEM;
	vs_port_move(e, port, driver, place.driver, false);
	vs_port_move(e, port, host, place.host, true);
	return 0;
}

static bool vs_side_same(const struct vs_side *a, const struct vs_side *b)
{
	return a->device_id == b->device_id &&
	       vs_mac_cmp(&a->mac, &b->mac) == 0 &&
	       vs_uuid_cmp(&a->uuid, &b->uuid) == 0 &&
	       strcmp(a->port, b->port) == 0;
}

/* what the VM of that UUID is called, in whichever list */
static struct vs_str *vs_side_near(struct vs_engine *e,
				   const struct vs_uuid *uuid)
{
	struct vs_vm *vm = vs_uuid_is_nil(uuid) ? NULL : vs_vm_find(e, uuid);

	if (!vm)
		return NULL;
	return vm->name ? vm->name :
	       vm->driver ? vm->driver->driver.name :
	       vm->on_host ? vm->on_host->host.name : NULL;
}

/*
 * The string for a name: the VM's, the one in use, or a new one. Where it is
 * the entry's own, it is used no more often than before.
 */
static int vs_side_name(struct vs_side *new, const struct vs_side *old,
			const struct vs_called *called)
{
	if (!called->name || !*called->name)
		return 0;
	if (!called->known && old->name && vs_str_is(old->name, called->name))
		new->name = old->name;
	else if (called->known && called->known == old->name)
		new->name = old->name;
	else if (called->known)
		new->name = vs_str_share(called->known);
	else
		new->name = vs_str_get(called->name, NULL);
	return new->name ? 0 : -ENOMEM;
}

/* put @new in the place of one of the port's entries */
static int vs_port_set(struct vs_engine *e, struct vs_port *port,
		       struct vs_side *new, const struct vs_called *called,
		       bool host)
{
	struct vs_side *old = vs_port_side(port, host);
	int ret = vs_side_name(new, old, called);

	if (ret)
		goto out_release;
	if (old->vm && vs_side_same(old, new)) {
		vs_side_take(old, new);
		return 0;
	}
	if (host)
		ret = vs_port_put(e, port,
				  port->driver.vm ? &port->driver : NULL, new);
	else
		ret = vs_port_put(e, port, new,
				  port->host.vm ? &port->host : NULL);
	if (!ret)
		return 0;
	if (new->name != old->name)
		vs_str_put(new->name);
out_release:
	vs_port_release(e, port);
	return ret;
}

/* short, and just written: reading it at once would wait for the writes */
static bool vs_port_name_ends(const char port[VS_PORT_NAME])
{
	size_t len = 0;

	while (len < VS_PORT_NAME && port[len])
		len++;
	return len < VS_PORT_NAME;
}

/* a name that was good once need not be looked at again */
static bool vs_port_called_ok(struct vs_engine *e, const struct vs_uuid *vm,
			      struct vs_called *called)
{
	struct vs_str *near;

	if (!called->name || !*called->name)
		return true;
	near = vs_side_near(e, vm);
	if (near && vs_str_is(near, called->name))
		called->known = near;
	return called->known || vs_name_check(called->name) == 0;
}

static bool vs_port_fact_ok(struct vs_engine *e, uint32_t ifindex,
			    const char port[VS_PORT_NAME],
			    const struct vs_uuid *vm,
			    struct vs_called *called)
{
	return ifindex && vs_port_name_ends(port) &&
	       vs_port_called_ok(e, vm, called);
}

static bool vs_driver_fact_ok(struct vs_engine *e,
			      const struct vs_driver_fact *f,
			      struct vs_called *called)
{
	if (!vs_port_fact_ok(e, f->ifindex, f->port, &f->vm, called))
		return false;
	if (f->bypass > VS_BYPASS_UNKNOWN)
		return false;
	return !f->bound || (!vs_uuid_is_nil(&f->vm) &&
			     f->device_id <= VS_DEVICE_ID_MAX &&
			     vs_mac_is_guest(&f->mac));
}

/* what leads packets past, of a difference that says so; else NULL */
const char *vs_port_bypass_by(const struct vs_engine *e,
			      const struct vs_difference *d)
{
	const struct vs_port *port = NULL;

	if (d->reason == VS_REASON_BYPASSED)
		port = vs_port_find(e, d->ifindex);
	return port ? vs_str_text(port->bypass_by) : NULL;
}

/* whether it is bypassed, and by what: @by is the port's from here on */
static void vs_port_set_bypass(struct vs_engine *e, struct vs_port *port,
			       enum vs_bypass bypass, struct vs_str *by)
{
	if (port->bypass != bypass ||
	    !vs_str_is(port->bypass_by, vs_str_text(by)))
		vs_vm_dirty(e, port->driver.vm);
	vs_str_put(port->bypass_by);
	port->bypass_by = by;
	port->bypass = bypass;
}

int vs_engine_set_driver_port(struct vs_engine *e,
			      const struct vs_driver_fact *fact)
{
	struct vs_list *list = &e->list[VS_SOURCE_DRIVER];
	struct vs_side new = {
		.mark = list->load,
		.device_id = VS_DEVICE_ID_NONE,
	};
	struct vs_called called = {
		.name = fact->bound ? fact->vm_name : NULL,
	};
	struct vs_str *by = NULL;
	struct vs_port *port;
	bool was, fed;
	int ret;

	if (!vs_driver_fact_ok(e, fact, &called))
		return -EINVAL;
	port = vs_port_get(e, fact->ifindex);
	if (!port)
		return -ENOMEM;
	if (fact->bypass == VS_BYPASS_YES && fact->bypass_by) {
		by = vs_str_get(fact->bypass_by, port->bypass_by);
		if (!by) {
			vs_port_release(e, port);
			return -ENOMEM;
		}
	}
	memcpy(new.port, fact->port, sizeof(new.port));
	if (fact->bound) {
		new.device_id = fact->device_id;
		new.mac = fact->mac;
		new.uuid = fact->vm;
	}
	was = port->driver.vm;
	fed = was && port->driver.mark == list->load;
	ret = vs_port_set(e, port, &new, &called, false);
	if (ret) {
		vs_str_put(by);
		return ret;
	}
	list->count += !was;
	list->fed += !fed;
	vs_port_set_bypass(e, port, fact->bypass, by);
	port->creation_id = fact->creation_id;
	port->mode = fact->mode;
	port->bound = fact->bound;
	return 0;
}

static bool vs_host_fact_ok(struct vs_engine *e, const struct vs_host_fact *f,
			    struct vs_called *called)
{
	return vs_port_fact_ok(e, f->ifindex, f->port, &f->vm, called) &&
	       (!f->unheld || (!f->pid && !f->plugged)) &&
	       (f->device_id <= VS_DEVICE_ID_MAX ||
		f->device_id == VS_DEVICE_ID_NONE) &&
	       (vs_mac_is_zero(&f->mac) || vs_mac_is_guest(&f->mac));
}

int vs_engine_set_host_port(struct vs_engine *e,
			    const struct vs_host_fact *fact)
{
	struct vs_list *list = &e->list[VS_SOURCE_HOST];
	struct vs_side new = {
		.mark = list->load,
		.device_id = fact->device_id,
		.mac = fact->mac,
		.uuid = fact->vm,
	};
	struct vs_called called = { .name = fact->vm_name };
	struct vs_port *port;
	bool was, fed;
	int ret;

	if (!vs_host_fact_ok(e, fact, &called))
		return -EINVAL;
	port = vs_port_get(e, fact->ifindex);
	if (!port)
		return -ENOMEM;
	memcpy(new.port, fact->port, sizeof(new.port));
	was = port->host.vm;
	fed = was && port->host.mark == list->load;
	ret = vs_port_set(e, port, &new, &called, true);
	if (ret)
		return ret;
	list->count += !was;
	list->fed += !fed;
	port->pid = fact->pid;
	if (port->plugged != fact->plugged || port->unheld != fact->unheld) {
		vs_vm_dirty(e, port->host.vm);
		if (port->driver.vm)
			vs_vm_dirty(e, port->driver.vm);
	}
	port->plugged = fact->plugged;
	port->unheld = fact->unheld;
	return 0;
}

/* taking an entry away needs a stand-in at times, hence may need memory */
static int vs_port_drop(struct vs_engine *e, struct vs_port *port, bool host)
{
	struct vs_list *list = &e->list[host ? VS_SOURCE_HOST :
					       VS_SOURCE_DRIVER];
	struct vs_side *side = vs_port_side(port, host);
	int ret;

	if (host)
		ret = vs_port_put(e, port,
				  port->driver.vm ? &port->driver : NULL, NULL);
	else
		ret = vs_port_put(e, port, NULL,
				  port->host.vm ? &port->host : NULL);
	if (ret)
		return ret;
	list->count--;
	list->fed -= side->mark == list->load;
	vs_str_put(side->name);
	*side = (struct vs_side){ 0 };
	if (host) {
		port->pid = 0;
		port->plugged = false;
		port->unheld = false;
	} else {
		port->creation_id = 0;
		port->mode = VS_MODE_UNKNOWN;
		port->bypass = VS_BYPASS_NO;
		vs_str_put(port->bypass_by);
		port->bypass_by = NULL;
		port->bound = false;
	}
	vs_port_release(e, port);
	return 0;
}

int vs_engine_del_port(struct vs_engine *e, enum vs_source source,
		       uint32_t ifindex)
{
	bool host = source == VS_SOURCE_HOST;
	struct vs_port *port;

	if (source == VS_SOURCE_MANAGER)
		return -EINVAL;
	port = vs_port_find(e, ifindex);
	if (!port || !vs_port_side(port, host)->vm)
		return -ENOENT;
	return vs_port_drop(e, port, host);
}

int vs_port_sweep(struct vs_engine *e, enum vs_source source, uint32_t mark)
{
	bool host = source == VS_SOURCE_HOST;
	struct vs_port *port, *next;
	int ret = 0;

	for (port = e->all_ports; port; port = next) {
		struct vs_side *side = vs_port_side(port, host);

		next = port->next_all;
		if (side->vm && side->mark != mark && !ret)
			ret = vs_port_drop(e, port, host);
	}
	return ret;
}
