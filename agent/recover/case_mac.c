// SPDX-License-Identifier: GPL-2.0-only
/* Every witness of the VM's MACs, asked apart (C7). */
#include <stdlib.h>
#include <string.h>

#include "recover/crowd.h"

/* how long the hypervisor may take; it is one witness of several */
#define VS_CASE_DEADLINE 5000

/* a vNIC's testimony; a new one at its place if need be */
static struct vs_testimony *vs_case_testimony(struct vs_case *w, uint16_t id)
{
	struct vs_testimony *v;
	size_t i = 0;

	while (i < w->n_macs && w->macs[i].device_id < id)
		i++;
	if (i < w->n_macs && w->macs[i].device_id == id)
		return &w->macs[i];
	v = reallocarray(w->macs, w->n_macs + 1, sizeof(*v));
	if (!v) {
		w->evidence.failed = true;
		return NULL;
	}
	w->macs = v;
	memmove(&v[i + 1], &v[i], (w->n_macs++ - i) * sizeof(*v));
	v[i] = (struct vs_testimony){ .device_id = id };
	return &v[i];
}

static void vs_case_says(struct vs_case *w, enum vs_witness witness,
			 uint16_t id, const struct vs_mac *mac,
			 const char *port)
{
	struct vs_testimony *t;

	if (id == VS_DEVICE_ID_NONE)
		return;
	t = vs_case_testimony(w, id);
	if (!t)
		return;
	t->mac[witness] = *mac;
	if (port)
		memcpy(t->port, port, sizeof(t->port));
}

/* what the guest sends from, whatever it was told */
static void vs_case_wire(struct vs_case *w, const struct vs_vnic_view *v)
{
	const struct vs_driver_vnic *entry;
	struct vs_testimony *t;

	entry = vs_crowd_entry(w->crowd, v->driver.ifindex);
	t = entry ? vs_case_testimony(w, v->driver.device_id) : NULL;
	if (!t)
		return;
	for (size_t i = 0; i < entry->n_wires && i < VS_WITNESS_WIRES; i++)
		t->wire[i] = entry->wires[i].mac;
	t->n_wires = entry->n_wires < VS_WITNESS_WIRES ? entry->n_wires :
							 VS_WITNESS_WIRES;
}

static int vs_case_vnic(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_case *w = ctx;

	if (v->in_manager)
		vs_case_says(w, VS_WITNESS_INVENTORY, v->manager.device_id,
			     &v->manager.mac, NULL);
	if (vs_case_holds(v))
		vs_case_says(w, VS_WITNESS_PROCESS, v->on.device_id, &v->on.mac,
			     v->on.port);
	if (v->in_driver && v->driver.bound) {
		vs_case_says(w, VS_WITNESS_DRIVER, v->driver.device_id,
			     &v->driver.mac, v->driver.port);
		vs_case_wire(w, v);
	}
	return 0;
}

/* as it runs, and as it is defined to run from its next start on */
static void vs_case_one_domain(struct vs_case *w, const struct vs_domain *d)
{
	for (size_t i = 0; i < d->n_vnics; i++)
		vs_case_says(w, d->active ? VS_WITNESS_LIVE :
					    VS_WITNESS_DEFINITION,
			     d->vnics[i].device_id, &d->vnics[i].mac, NULL);
}

static void vs_case_domain(struct vs_case *w, const struct vs_domain *d)
{
	bool runs = false, defined = false;

	for (; d; d = d->next) {
		if (vs_uuid_cmp(&d->uuid, &w->uuid) != 0)
			continue;
		vs_case_one_domain(w, d);
		if (d->defined)
			vs_case_one_domain(w, d->defined);
		runs |= d->active;
		defined |= !d->active || d->defined;
	}
	w->both = runs && defined;
}

void vs_case_hear(struct vs_case *w)
{
	struct vs_domain *domains;

	vs_engine_each_vnic(w->engine, &w->uuid, vs_case_vnic, w);
	if (!w->hypervisor) {
		vs_case_domain(w, w->domains);
	} else if (!vs_libvirt_domain(w->hypervisor, VS_CASE_DEADLINE,
				      &w->uuid, &domains, &w->unheard)) {
		vs_case_domain(w, domains);
		vs_domains_free(domains);
	}
}

void vs_case_macs(struct vs_case *w)
{
	for (size_t i = 0; i < w->n_macs; i++)
		vs_testimony_hear(&w->macs[i], &w->evidence);
}
