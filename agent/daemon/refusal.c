// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/refusal.h"

/* FNV-1a: what differs by accident is tried once more, or a minute later */
static uint64_t vs_refusal_hash(uint64_t hash, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (n--)
		hash = (hash ^ *p++) * 0x100000001b3ULL;
	return hash;
}

#define vs_refusal_mix(hash, value) \
	vs_refusal_hash(hash, &(value), sizeof(value))

/* the part of an entry that a claim of another may collide with */
static uint64_t vs_refusal_entry(const struct vs_driver_vnic *v)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	hash = vs_refusal_mix(hash, v->id);
	hash = vs_refusal_mix(hash, v->ifindex);
	hash = vs_refusal_mix(hash, v->master);
	hash = vs_refusal_mix(hash, v->vm_uuid);
	hash = vs_refusal_mix(hash, v->device_id);
	return vs_refusal_mix(hash, v->mac);
}

/* has it something of what the port claims? */
static bool vs_refusal_is_holder(const struct vs_driver_vnic *v,
				 const struct vs_host_port *port)
{
	return vs_driver_vnic_is_bound(v) &&
	       (vs_uuid_cmp(&v->vm_uuid, &port->vm) == 0 ||
		vs_mac_cmp(&v->mac, &port->mac) == 0);
}

static uint64_t vs_refusal_sign(const struct vs_vnics *vnics,
				const struct vs_host_port *port,
				const struct vs_driver_vnic *v, int err)
{
	uint64_t hash = vs_refusal_entry(v);

	hash = vs_refusal_mix(hash, port->pid);
	hash = vs_refusal_mix(hash, port->vm);
	hash = vs_refusal_mix(hash, port->device_id);
	hash = vs_refusal_mix(hash, port->mac);
	hash = vs_refusal_hash(hash, port->vm_name, strlen(port->vm_name));
	/* what is no claim may be a matter of room */
	if (err != EEXIST)
		hash = vs_refusal_mix(hash, vnics->n);
	/* a sum: in whatever order the table has them */
	for (size_t i = 0; i < vnics->n; i++) {
		if (vs_refusal_is_holder(&vnics->v[i], port))
			hash += vs_refusal_entry(&vnics->v[i]);
	}
	return hash;
}

static struct vs_refusal *vs_refusals_find(const struct vs_refusals *r,
					   uint64_t id)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].id == id)
			return &r->v[i];
	}
	return NULL;
}

bool vs_refusals_due(const struct vs_refusals *r,
		     const struct vs_vnics *vnics,
		     const struct vs_host_port *port,
		     const struct vs_driver_vnic *v, vs_time now)
{
	const struct vs_refusal *had = vs_refusals_find(r, v->id);

	return !had || now >= had->again ||
	       had->sign != vs_refusal_sign(vnics, port, v, had->err);
}

static struct vs_refusal *vs_refusals_new(struct vs_refusals *r, uint64_t id)
{
	struct vs_refusal *v;

	v = reallocarray(r->v, r->n + 1, sizeof(*v));
	if (!v)
		return NULL;
	r->v = v;
	v += r->n++;
	*v = (struct vs_refusal){ .id = id };
	return v;
}

void vs_refusals_add(struct vs_refusals *r, const struct vs_vnics *vnics,
		     const struct vs_host_port *port,
		     const struct vs_driver_vnic *v, int err, vs_time now)
{
	uint64_t sign = vs_refusal_sign(vnics, port, v, err);
	struct vs_refusal *had = vs_refusals_find(r, v->id);

	if (!had)
		had = vs_refusals_new(r, v->id);
	if (!had)
		return;
	/* another obstacle: it begins anew */
	had->pause = had->pause && had->err == err && had->sign == sign ?
		     had->pause * 2 : VS_REFUSAL_PAUSE;
	if (had->pause > VS_REFUSAL_PAUSE_MAX)
		had->pause = VS_REFUSAL_PAUSE_MAX;
	had->err = err;
	had->sign = sign;
	had->again = now + had->pause;
}

static bool vs_refusal_stands(const struct vs_vnics *vnics, uint64_t id)
{
	for (size_t i = 0; i < vnics->n; i++) {
		if (vnics->v[i].id == id)
			return !vs_driver_vnic_is_bound(&vnics->v[i]);
	}
	return false;
}

void vs_refusals_sweep(struct vs_refusals *r, const struct vs_vnics *vnics)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (vs_refusal_stands(vnics, r->v[i].id))
			r->v[n++] = r->v[i];
	}
	r->n = n;
}

bool vs_refusals_next(const struct vs_refusals *r, vs_time *at)
{
	for (size_t i = 0; i < r->n; i++) {
		if (!i || r->v[i].again < *at)
			*at = r->v[i].again;
	}
	return r->n;
}

void vs_refusals_free(struct vs_refusals *r)
{
	free(r->v);
	*r = (struct vs_refusals){ 0 };
}
