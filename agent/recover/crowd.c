// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "recover/crowd.h"

/** struct vs_gathering - a walk over all vNICs */
struct vs_gathering {
	struct vs_crowd *crowd;
	struct vs_case look;
};

/* room for one more of @size bytes; NULL: out of memory */
static void *vs_crowd_room(void **v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *bigger;

	if (n == *cap) {
		bigger = reallocarray(*v, more, size);
		if (!bigger)
			return NULL;
		*v = bigger;
		*cap = more;
	}
	return (char *)*v + n * size;
}

static int vs_crowd_claim(struct vs_crowd *c, const struct vs_vnic_view *v,
			  const struct vs_mac *mac)
{
	struct vs_claim *to;

	if (vs_mac_is_zero(mac))
		return 0;
	to = vs_crowd_room((void **)&c->claims, c->n_claims, &c->cap_claims,
			   sizeof(*to));
	if (!to)
		return -ENOMEM;
	*to = (struct vs_claim){
		.mac = *mac, .vm = v->vm,
		.ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex,
	};
	c->n_claims++;
	return 0;
}

static int vs_crowd_newcomer(struct vs_gathering *g,
			     const struct vs_vnic_view *v)
{
	struct vs_crowd *c = g->crowd;
	struct vs_newcomer *to;
	vs_time age;

	to = vs_crowd_room((void **)&c->newcomers, c->n_newcomers,
			   &c->cap_newcomers, sizeof(*to));
	if (!to)
		return -ENOMEM;
	*to = (struct vs_newcomer){
		.vm = v->vm, .mac = v->mac,
		.young = vs_case_age(&g->look, v, &age) &&
			 age < g->look.window,
		.carried = v->in_driver || v->on_host,
	};
	c->n_newcomers++;
	return 0;
}

static int vs_crowd_vnic(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_gathering *g = ctx;
	int ret = 0;

	if (vs_uuid_is_nil(&v->vm))
		return 0;
	/* a VM without a port, one that has just gone, sends nothing */
	if (v->in_driver || v->on_host) {
		if (v->in_manager)
			ret = vs_crowd_claim(g->crowd, v, &v->manager.mac);
		if (!ret && vs_case_holds(v))
			ret = vs_crowd_claim(g->crowd, v, &v->on.mac);
	}
	if (!ret && vs_case_differs(v->state))
		ret = vs_crowd_newcomer(g, v);
	return ret;
}

static int vs_claim_order(const void *a, const void *b)
{
	const struct vs_claim *x = a, *y = b;

	return vs_mac_cmp(&x->mac, &y->mac);
}

static int vs_bound_order(const void *a, const void *b)
{
	const struct vs_driver_vnic *const *x = a, *const *y = b;

	return vs_mac_cmp(&(*x)->mac, &(*y)->mac);
}

static int vs_entry_order(const void *a, const void *b)
{
	const struct vs_driver_vnic *const *x = a, *const *y = b;

	return (*x)->ifindex < (*y)->ifindex ? -1 :
	       (*x)->ifindex > (*y)->ifindex;
}

static int vs_port_order(const void *a, const void *b)
{
	const struct vs_host_port *const *x = a, *const *y = b;

	return vs_uuid_cmp(&(*x)->vm, &(*y)->vm);
}

static int vs_newcomer_order(const void *a, const void *b)
{
	const struct vs_newcomer *x = a, *y = b;
	int cmp = vs_uuid_cmp(&x->vm, &y->vm);

	return cmp ? cmp : vs_mac_cmp(&x->mac, &y->mac);
}

static void vs_crowd_sort(void *v, size_t n, size_t size,
			  int (*cmp)(const void *a, const void *b))
{
	if (n)
		qsort(v, n, size, cmp);
}

/* pointers into the snapshot */
static int vs_crowd_point(struct vs_crowd *c, const struct vs_snapshot *s)
{
	const struct vs_vnics *vnics = &s->reading.table.vnics;
	size_t n = s->reading.listed ? vnics->n : 0;

	c->entries = calloc(n + 1, sizeof(*c->entries));
	c->bound = calloc(n + 1, sizeof(*c->bound));
	c->ports = calloc(s->ports.n + 1, sizeof(*c->ports));
	if (!c->entries || !c->bound || !c->ports)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		c->entries[c->n_entries++] = &vnics->v[i];
		if (vs_driver_vnic_is_bound(&vnics->v[i]))
			c->bound[c->n_bound++] = &vnics->v[i];
	}
	for (size_t i = 0; i < s->ports.n; i++)
		c->ports[c->n_ports++] = &s->ports.v[i];
	vs_crowd_sort(c->entries, c->n_entries, sizeof(*c->entries),
		      vs_entry_order);
	vs_crowd_sort(c->bound, c->n_bound, sizeof(*c->bound),
		      vs_bound_order);
	vs_crowd_sort(c->ports, c->n_ports, sizeof(*c->ports), vs_port_order);
	return 0;
}

/* the vNICs of one VM, from @i on; returns where the next one begins */
static size_t vs_crowd_count_vm(struct vs_crowd *c, size_t i)
{
	const struct vs_newcomer *v = c->newcomers;
	bool young = false, carried = false;
	size_t end;

	for (end = i; end < c->n_newcomers &&
	     vs_uuid_cmp(&v[end].vm, &v[i].vm) == 0; end++) {
		young |= v[end].young;
		carried |= v[end].carried;
		c->macs += v[end].young &&
			   (end == i ||
			    vs_mac_cmp(&v[end].mac, &v[end - 1].mac) != 0);
	}
	c->came += young;
	c->went += !carried;
	return end;
}

int vs_crowd_gather(struct vs_crowd *c, const struct vs_case *w)
{
	struct vs_gathering g = { .crowd = c, .look = *w };
	int ret;

	*c = (struct vs_crowd){ 0 };
	ret = vs_crowd_point(c, w->host);
	g.look.crowd = c;
	if (!ret && vs_engine_each_vnic(w->engine, NULL, vs_crowd_vnic, &g))
		ret = -ENOMEM;
	vs_crowd_sort(c->claims, c->n_claims, sizeof(*c->claims),
		      vs_claim_order);
	vs_crowd_sort(c->newcomers, c->n_newcomers, sizeof(*c->newcomers),
		      vs_newcomer_order);
	for (size_t i = 0; i < c->n_newcomers;)
		i = vs_crowd_count_vm(c, i);
	return ret;
}

void vs_crowd_free(struct vs_crowd *c)
{
	free(c->claims);
	free(c->bound);
	free(c->entries);
	free(c->ports);
	free(c->newcomers);
	*c = (struct vs_crowd){ 0 };
}

/* how many of @n sorted elements come before @key */
static size_t vs_crowd_before(const void *key, const void *v, size_t n,
			      size_t size,
			      int (*cmp)(const void *a, const void *b))
{
	size_t from = 0;

	while (from < n) {
		size_t middle = from + (n - from) / 2;

		if (cmp((const char *)v + middle * size, key) < 0)
			from = middle + 1;
		else
			n = middle;
	}
	return from;
}

const struct vs_driver_vnic *vs_crowd_entry(const struct vs_crowd *c,
					    uint32_t ifindex)
{
	const struct vs_driver_vnic key = { .ifindex = ifindex }, *p = &key;
	size_t i = vs_crowd_before(&p, c->entries, c->n_entries,
				   sizeof(*c->entries), vs_entry_order);

	return i < c->n_entries && c->entries[i]->ifindex == ifindex ?
	       c->entries[i] : NULL;
}

size_t vs_crowd_claims(const struct vs_crowd *c, const struct vs_mac *mac)
{
	const struct vs_claim key = { .mac = *mac };

	return vs_crowd_before(&key, c->claims, c->n_claims,
			       sizeof(*c->claims), vs_claim_order);
}

size_t vs_crowd_bound(const struct vs_crowd *c, const struct vs_mac *mac)
{
	const struct vs_driver_vnic key = { .mac = *mac }, *p = &key;

	return vs_crowd_before(&p, c->bound, c->n_bound, sizeof(*c->bound),
			       vs_bound_order);
}

size_t vs_crowd_ports(const struct vs_crowd *c, const struct vs_uuid *vm)
{
	const struct vs_host_port key = { .vm = *vm }, *p = &key;

	return vs_crowd_before(&p, c->ports, c->n_ports, sizeof(*c->ports),
			       vs_port_order);
}

bool vs_crowd_is_new(const struct vs_crowd *c, const struct vs_uuid *vm)
{
	const struct vs_newcomer key = { .vm = *vm };
	size_t i = vs_crowd_before(&key, c->newcomers, c->n_newcomers,
				   sizeof(*c->newcomers), vs_newcomer_order);
	bool young = false, carried = false, is = false;

	for (; i < c->n_newcomers &&
	     vs_uuid_cmp(&c->newcomers[i].vm, vm) == 0; i++) {
		is = true;
		young |= c->newcomers[i].young;
		carried |= c->newcomers[i].carried;
	}
	return is && (young || !carried);
}
