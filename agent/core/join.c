// SPDX-License-Identifier: GPL-2.0-only
/* Bringing together what the three lists say of one VM's vNICs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/join.h"

/** struct vs_halves - groups that still lack their other half */
struct vs_halves {
	struct vs_group **v;
	size_t n;
};

typedef int (*vs_half_cmp)(const struct vs_group *a, const struct vs_group *b);

static uint16_t vs_half_device_id(const struct vs_group *g)
{
	return g->nic ? g->nic->device_id :
	       g->driver && g->driver->bound ? g->driver->driver.device_id :
	       g->host ? g->host->host.device_id : VS_DEVICE_ID_NONE;
}

static const struct vs_mac *vs_half_mac(const struct vs_group *g)
{
	static const struct vs_mac none;

	return g->nic ? &g->nic->mac :
	       g->driver && g->driver->bound ? &g->driver->driver.mac :
	       g->host ? &g->host->host.mac : &none;
}

static uint32_t vs_half_ifindex(const struct vs_group *g)
{
	return g->driver ? g->driver->ifindex : g->host ? g->host->ifindex : 0;
}

static int vs_half_by_mac(const struct vs_group *a, const struct vs_group *b)
{
	return vs_mac_cmp(vs_half_mac(a), vs_half_mac(b));
}

static int vs_half_by_device_id(const struct vs_group *a,
				const struct vs_group *b)
{
	return (int)vs_half_device_id(a) - (int)vs_half_device_id(b);
}

static int vs_half_by_both(const struct vs_group *a, const struct vs_group *b)
{
	int cmp = vs_half_by_device_id(a, b);

	return cmp ? cmp : vs_half_by_mac(a, b);
}

/* ties are broken by everything else, so that the order of feeding is not */
static int vs_half_tie(const struct vs_group *a, const struct vs_group *b)
{
	uint32_t i = vs_half_ifindex(a), j = vs_half_ifindex(b);
	int cmp = vs_half_by_both(a, b);

	return cmp ? cmp : i < j ? -1 : i > j;
}

static int vs_half_qsort_mac(const void *a, const void *b)
{
	const struct vs_group *x = *(struct vs_group *const *)a;
	const struct vs_group *y = *(struct vs_group *const *)b;
	int cmp = vs_half_by_mac(x, y);

	return cmp ? cmp : vs_half_tie(x, y);
}

static int vs_half_qsort_device_id(const void *a, const void *b)
{
	return vs_half_tie(*(struct vs_group *const *)a,
			   *(struct vs_group *const *)b);
}

static int vs_group_qsort(const void *a, const void *b)
{
	return vs_half_tie(a, b);
}

/* the group takes over what its other half has, which is then empty */
static void vs_group_marry(struct vs_group *g, struct vs_group *half,
			   enum vs_reason reason)
{
	if (half->driver)
		g->driver = half->driver;
	if (half->host)
		g->host = half->host;
	g->reason = reason;
	*half = (struct vs_group){ 0 };
}

/* marry what is equal under @cmp; the rest stays, in order */
static void vs_halves_match(struct vs_halves *a, struct vs_halves *b,
			    vs_half_cmp cmp, enum vs_reason reason)
{
	int (*sort)(const void *, const void *) = cmp == vs_half_by_mac ?
		vs_half_qsort_mac : vs_half_qsort_device_id;
	size_t i = 0, j = 0, left_a = 0, left_b = 0;

	if (!a->n || !b->n)
		return;
	qsort(a->v, a->n, sizeof(*a->v), sort);
	qsort(b->v, b->n, sizeof(*b->v), sort);
	while (i < a->n && j < b->n) {
		int c = cmp(a->v[i], b->v[j]);

		if (c < 0)
			a->v[left_a++] = a->v[i++];
		else if (c > 0)
			b->v[left_b++] = b->v[j++];
		else
			vs_group_marry(a->v[i++], b->v[j++], reason);
	}
	while (i < a->n)
		a->v[left_a++] = a->v[i++];
	while (j < b->n)
		b->v[left_b++] = b->v[j++];
	a->n = left_a;
	b->n = left_b;
}

static struct vs_group *vs_groups_add(struct vs_groups *groups)
{
	if (groups->n == groups->cap) {
		size_t cap = groups->cap ? groups->cap * 2 : 16;
		struct vs_group *v = reallocarray(groups->v, cap, sizeof(*v));

		if (!v)
			return NULL;
		groups->v = v;
		groups->cap = cap;
	}
	groups->v[groups->n] = (struct vs_group){ 0 };
	return &groups->v[groups->n++];
}

void vs_groups_free(struct vs_groups *groups)
{
	free(groups->v);
	*groups = (struct vs_groups){ 0 };
}

static const struct vs_port *vs_port_on_host(const struct vs_port *port)
{
	return port->host.vm ? port : NULL;
}

/* one group for every entry */
static int vs_join_collect(const struct vs_vm *vm, struct vs_groups *groups)
{
	const struct vs_nic *nic = vm->in_manager ? vm->nics : NULL;
	const struct vs_port *port;
	struct vs_group *g;

	groups->n = 0;
	for (; nic; nic = nic->next) {
		g = vs_groups_add(groups);
		if (!g)
			return -ENOMEM;
		g->nic = nic;
		g->reason = VS_REASON_MANAGER_ONLY;
	}
	for (port = vm->driver; port; port = port->driver.next) {
		/* an unbound one is met among the host's, if it is there */
		if (!port->bound && port->host.vm)
			continue;
		g = vs_groups_add(groups);
		if (!g)
			return -ENOMEM;
		g->driver = port;
		g->host = vs_port_on_host(port);
		g->reason = port->bound ? VS_REASON_DRIVER_ONLY :
					  VS_REASON_NOT_PLUGGED;
	}
	for (port = vm->on_host; port; port = port->host.next) {
		if (port->bound && port->driver.vm == vm)
			continue;
		g = vs_groups_add(groups);
		if (!g)
			return -ENOMEM;
		g->host = port;
		g->driver = port->driver.vm && !port->bound ? port : NULL;
		g->reason = port->plugged ? VS_REASON_HOST_ONLY :
					    VS_REASON_NOT_PLUGGED;
	}
	return 0;
}

/* the groups of one kind, or of the plugged ports whose MAC is (not) known */
static struct vs_halves vs_halves_of(struct vs_groups *groups,
				     struct vs_group **space,
				     enum vs_reason reason, bool nameless)
{
	struct vs_halves h = { .v = space };

	for (size_t i = 0; i < groups->n; i++) {
		struct vs_group *g = &groups->v[i];

		if (g->reason == reason &&
		    vs_mac_is_zero(vs_half_mac(g)) == nameless)
			h.v[h.n++] = g;
	}
	return h;
}

/*
 * Same device ID and MAC: that is it. Else the MAC says more about what it is
 * than its position does. What only the Manager has may be plugged: then the
 * port is part of the picture, though it is the Manager's entry that differs.
 */
static int vs_join_marry(struct vs_groups *groups, bool away)
{
	struct vs_group **space;
	struct vs_halves m, d, h;

	space = calloc(groups->n, 3 * sizeof(*space));
	if (!space)
		return -ENOMEM;
	m = vs_halves_of(groups, space, VS_REASON_MANAGER_ONLY, false);
	d = vs_halves_of(groups, space + groups->n, VS_REASON_DRIVER_ONLY,
			 false);
	vs_halves_match(&m, &d, vs_half_by_both, VS_REASON_NONE);
	vs_halves_match(&m, &d, vs_half_by_mac, VS_REASON_DEVICE_ID_MISMATCH);
	vs_halves_match(&m, &d, vs_half_by_device_id, VS_REASON_MAC_MISMATCH);
	if (!away) {
		h = vs_halves_of(groups, space + 2 * groups->n,
				 VS_REASON_HOST_ONLY, false);
		vs_halves_match(&m, &h, vs_half_by_both,
				VS_REASON_MANAGER_ONLY);
		vs_halves_match(&m, &h, vs_half_by_mac,
				VS_REASON_MANAGER_ONLY);
		h = vs_halves_of(groups, space + 2 * groups->n,
				 VS_REASON_HOST_ONLY, true);
		vs_halves_match(&m, &h, vs_half_by_device_id,
				VS_REASON_MANAGER_ONLY);
	}
	free(space);
	return 0;
}

static void vs_groups_tidy(struct vs_groups *groups)
{
	size_t n = 0;

	for (size_t i = 0; i < groups->n; i++) {
		const struct vs_group *g = &groups->v[i];

		if (g->nic || g->driver || g->host)
			groups->v[n++] = *g;
	}
	groups->n = n;
	if (n)
		qsort(groups->v, n, sizeof(*groups->v), vs_group_qsort);
}

struct vs_scope vs_join_scope(const struct vs_engine *e,
			      const struct vs_vm *vm)
{
	struct vs_scope na = { .state = VS_STATE_NOT_APPLICABLE };
	struct vs_scope unknown = {
		.state = VS_STATE_UNKNOWN,
		.reason = VS_REASON_SOURCE_UNKNOWN,
	};

	if (e->watch.absent) {
		na.reason = VS_REASON_NO_DRIVER;
		return na;
	}
	unknown.unknown = VS_SOURCE_MANAGER;
	if (!e->list[VS_SOURCE_MANAGER].available)
		return unknown;
	na.reason = VS_REASON_NOT_PROTECTED;
	if (vm->in_manager && vm->unprotected)
		return na;
	unknown.unknown = VS_SOURCE_DRIVER;
	if (!e->list[VS_SOURCE_DRIVER].available)
		return unknown;
	return (struct vs_scope){ .state = VS_STATE_PENDING };
}

/* a port that is not bound: nobody's business unless a VM holds it */
static void vs_group_judge_unbound(const struct vs_engine *e,
				   struct vs_group *g)
{
	if (!e->list[VS_SOURCE_HOST].available) {
		g->state = VS_STATE_UNKNOWN;
		g->reason = VS_REASON_SOURCE_UNKNOWN;
		g->unknown = VS_SOURCE_HOST;
	} else if (g->reason == VS_REASON_NOT_PLUGGED) {
		g->state = VS_STATE_NOT_APPLICABLE;
	} else {
		g->state = VS_STATE_PENDING;
	}
}

/*
 * Of a VM that has no ports here, as the Manager has it, the Manager's entries
 * are nothing to compare. That it has a port all the same is a difference.
 */
static void vs_group_judge(const struct vs_engine *e, struct vs_group *g,
			   enum vs_reason away)
{
	if (g->reason == VS_REASON_HOST_ONLY ||
	    g->reason == VS_REASON_NOT_PLUGGED) {
		vs_group_judge_unbound(e, g);
	} else if (away && g->driver) {
		g->state = VS_STATE_PENDING;
		g->reason = VS_REASON_DRIVER_ONLY;
	} else if (away) {
		g->state = VS_STATE_NOT_APPLICABLE;
		g->reason = away;
	} else {
		g->state = g->reason ? VS_STATE_PENDING : VS_STATE_IN_SYNC;
	}
}

/*
 * What is known to be wrong with the way a bound port is held. A holder that
 * is no VM's process, or was not told what it is, says nothing against it; nor
 * does a port that seems to have no holder, unless the kernel says so.
 */
static enum vs_reason vs_port_held_wrong(const struct vs_port *port)
{
	const struct vs_side *bound = &port->driver, *held = &port->host;

	if (!port->bound || !held->vm)
		return VS_REASON_NONE;
	if (port->unheld)
		return VS_REASON_NOT_PLUGGED;
	if (!port->plugged)
		return VS_REASON_NONE;
	if (!vs_uuid_is_nil(&held->uuid) &&
	    vs_uuid_cmp(&held->uuid, &bound->uuid) != 0)
		return VS_REASON_OTHER_HOLDER;
	/*
	 * Of a MAC that is known the place does not matter: the process counts
	 * what it was started with, which hot-plugging changes.
	 */
	if (!vs_mac_is_zero(&held->mac))
		return vs_mac_cmp(&held->mac, &bound->mac) != 0 ?
		       VS_REASON_MAC_MISMATCH : VS_REASON_NONE;
	return held->device_id != VS_DEVICE_ID_NONE &&
	       held->device_id != bound->device_id ?
	       VS_REASON_DEVICE_ID_MISMATCH : VS_REASON_NONE;
}

/* Manager and Filter Driver agree: does the host speak against it? */
static void vs_group_judge_held(const struct vs_engine *e, struct vs_group *g)
{
	enum vs_reason reason;

	if (g->state != VS_STATE_IN_SYNC || !g->driver)
		return;
	reason = vs_port_held_wrong(g->driver);
	if (reason && e->list[VS_SOURCE_HOST].available) {
		g->state = VS_STATE_PENDING;
		g->reason = reason;
		g->held = true;
	} else if (reason) {
		g->state = VS_STATE_UNKNOWN;
		g->reason = VS_REASON_SOURCE_UNKNOWN;
		g->unknown = VS_SOURCE_HOST;
	}
}

static bool vs_group_is_bound(const struct vs_group *g)
{
	return g->driver && g->driver->bound;
}

/* what agrees is in sync only if nothing leads packets past the driver */
static void vs_group_judge_bypass(struct vs_group *g)
{
	if (g->state != VS_STATE_IN_SYNC || !vs_group_is_bound(g))
		return;
	if (g->driver->bypass == VS_BYPASS_YES) {
		g->state = VS_STATE_PENDING;
		g->reason = VS_REASON_BYPASSED;
	} else if (g->driver->bypass == VS_BYPASS_UNKNOWN) {
		g->state = VS_STATE_UNKNOWN;
		g->reason = VS_REASON_BYPASS_UNKNOWN;
	}
}

int vs_join(const struct vs_engine *e, const struct vs_vm *vm,
	    struct vs_groups *groups)
{
	struct vs_scope scope = vs_join_scope(e, vm);
	enum vs_reason away = vs_vm_away(e, vm);
	int ret = vs_join_collect(vm, groups);

	if (!ret && groups->n)
		ret = vs_join_marry(groups, away);
	if (ret)
		return ret;
	vs_groups_tidy(groups);
	for (size_t i = 0; i < groups->n; i++) {
		struct vs_group *g = &groups->v[i];

		if (scope.state == VS_STATE_PENDING) {
			vs_group_judge(e, g, away);
			vs_group_judge_held(e, g);
			vs_group_judge_bypass(g);
			continue;
		}
		g->state = scope.state;
		g->reason = scope.reason;
		g->unknown = scope.unknown;
	}
	return 0;
}

bool vs_join_is_equal(const struct vs_vm *vm, size_t *n)
{
	const struct vs_nic *nic = vm->nics;
	const struct vs_port *port = vm->driver;

	for (*n = 0; nic && port; ++*n) {
		if (!port->bound || port->bypass ||
		    nic->device_id != port->driver.device_id ||
		    vs_mac_cmp(&nic->mac, &port->driver.mac) != 0 ||
		    vs_port_held_wrong(port))
			return false;
		nic = nic->next;
		port = port->driver.next;
	}
	if (nic || port)
		return false;
	for (port = vm->on_host; port; port = port->host.next) {
		if (!port->bound || port->driver.vm != vm)
			return false;
	}
	return true;
}

const char *vs_port_label(const struct vs_port *port)
{
	return *port->driver.port ? port->driver.port : port->host.port;
}

static struct vs_difference vs_difference_of(const struct vs_group *g,
					     enum vs_source source)
{
	const struct vs_port *port = g->driver ? g->driver : g->host;
	struct vs_difference d = {
		.source = source,
		.reason = g->reason,
		.held = g->held,
	};

	if (source == VS_SOURCE_MANAGER) {
		d.device_id = g->nic->device_id;
		d.mac = g->nic->mac;
	} else {
		struct vs_group side = { .driver = g->driver, .host = g->host };

		if (source == VS_SOURCE_HOST)
			side.driver = NULL;
		d.device_id = vs_half_device_id(&side);
		d.mac = *vs_half_mac(&side);
	}
	if (port) {
		memcpy(d.port, vs_port_label(port), sizeof(d.port));
		d.ifindex = port->ifindex;
	}
	return d;
}

/* what the port is bound as, and what of that the process has otherwise */
static int vs_join_held(const struct vs_group *g, struct vs_difference d[2])
{
	d[0] = vs_difference_of(g, VS_SOURCE_DRIVER);
	if (g->reason != VS_REASON_MAC_MISMATCH &&
	    g->reason != VS_REASON_DEVICE_ID_MISMATCH)
		return 1;
	d[1] = vs_difference_of(g, VS_SOURCE_HOST);
	return 2;
}

static int vs_join_lists(const struct vs_group *g, struct vs_difference d[2])
{
	if (g->held)
		return vs_join_held(g, d);
	switch (g->reason) {
	case VS_REASON_BYPASSED:
		return 0;
	case VS_REASON_MANAGER_ONLY:
		d[0] = vs_difference_of(g, VS_SOURCE_MANAGER);
		return 1;
	case VS_REASON_DRIVER_ONLY:
		d[0] = vs_difference_of(g, VS_SOURCE_DRIVER);
		return 1;
	case VS_REASON_HOST_ONLY:
		/* the driver's may be bound to another VM */
		d[0] = vs_difference_of(g, g->host->driver.vm ?
					VS_SOURCE_DRIVER : VS_SOURCE_HOST);
		return 1;
	default:
		d[0] = vs_difference_of(g, VS_SOURCE_MANAGER);
		d[1] = vs_difference_of(g, VS_SOURCE_DRIVER);
		return 2;
	}
}

static struct vs_difference vs_difference_bypass(const struct vs_group *g)
{
	struct vs_difference d = vs_difference_of(g, VS_SOURCE_DRIVER);

	d.reason = VS_REASON_BYPASSED;
	return d;
}

int vs_join_differences(const struct vs_group *g,
			struct vs_difference d[VS_DIFFERENCES_MAX])
{
	int n;

	if (g->state != VS_STATE_PENDING)
		return 0;
	n = vs_join_lists(g, d);
	if (vs_group_is_bound(g) && g->driver->bypass == VS_BYPASS_YES)
		d[n++] = vs_difference_bypass(g);
	return n;
}
