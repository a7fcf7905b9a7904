// SPDX-License-Identifier: GPL-2.0-only
/* What is new: of this VM alone (C1), or of many at once (C6). */
#include <stdlib.h>

#include "cli/source.h"
#include "cli/why.h"
#include "host/opener.h"

static int vs_why_pending(void *ctx, const struct vs_difference *d,
			  bool confirmed)
{
	struct vs_case *w = ctx;
	char age[VS_WHY_NUMBER], grace[VS_WHY_NUMBER];
	vs_time ms = w->check->now - d->first_seen;

	if (!confirmed)
		vs_evidence_add(&w->evidence, VS_CLUE_PENDING,
				vs_why_seconds(age, ms > 0 ? ms : 0),
				vs_why_seconds(grace, w->grace));
	return 0;
}

static void vs_why_new_process(struct vs_case *w, pid_t pid)
{
	char text[VS_WHY_NUMBER], age[VS_WHY_NUMBER], grace[VS_WHY_NUMBER];
	vs_time ms;

	if (!pid || !vs_cli_is_live(w->check->cli) ||
	    !vs_process_age(pid, &ms) || ms >= w->grace)
		return;
	vs_evidence_add(&w->evidence, VS_CLUE_NEW_PROCESS,
			vs_why_number(text, pid), vs_why_seconds(age, ms),
			vs_why_seconds(grace, w->grace));
}

static int vs_why_new(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_case *w = ctx;
	char age[VS_WHY_NUMBER], grace[VS_WHY_NUMBER];
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;
	const struct vs_driver_vnic *entry;
	vs_time ms;

	if (!vs_why_differs(v->state) || (!v->in_driver && !v->on_host))
		return 0;
	entry = vs_why_entry(w, ifindex);
	if (entry && vs_snapshot_age(&w->check->host, entry, &ms) &&
	    ms < w->grace)
		vs_evidence_add(&w->evidence, VS_CLUE_NEW_PORT, entry->ifname,
				vs_why_seconds(age, ms),
				vs_why_seconds(grace, w->grace));
	if (v->on_host)
		vs_why_new_process(w, v->on.pid);
	return 0;
}

/**
 * struct vs_arrival - a vNIC of a VM that is not in sync
 * @vm: the VM
 * @mac: its MAC
 * @young: it came within the period of grace
 * @carried: it has a port
 */
struct vs_arrival {
	struct vs_uuid vm;
	struct vs_mac mac;
	bool young;
	bool carried;
};

/** struct vs_arrivals - all of them */
struct vs_arrivals {
	struct vs_case *why;
	struct vs_arrival *v;
	size_t n, cap;
};

static int vs_arrivals_add(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_arrivals *a = ctx;
	struct vs_arrival *to;
	vs_time age;

	if (!vs_why_differs(v->state) || vs_uuid_is_nil(&v->vm))
		return 0;
	if (a->n == a->cap) {
		size_t cap = a->cap ? a->cap * 2 : 64;

		to = reallocarray(a->v, cap, sizeof(*to));
		if (!to)
			return -1;
		a->v = to;
		a->cap = cap;
	}
	to = &a->v[a->n++];
	*to = (struct vs_arrival){
		.vm = v->vm, .mac = v->mac,
		.young = vs_why_age(a->why, v, &age) && age < a->why->grace,
		.carried = v->in_driver || v->on_host,
	};
	return 0;
}

static int vs_arrival_order(const void *a, const void *b)
{
	const struct vs_arrival *x = a, *y = b;
	int cmp = vs_uuid_cmp(&x->vm, &y->vm);

	return cmp ? cmp : vs_mac_cmp(&x->mac, &y->mac);
}

/**
 * struct vs_burst - what comes of them
 * @came: VMs of which something is new
 * @macs: their new MACs
 * @went: VMs that nothing carries
 * @ours: the VM that was asked for is one of these
 */
struct vs_burst {
	size_t came, macs, went;
	bool ours;
};

/* the vNICs of one VM, from @i on; returns where the next one begins */
static size_t vs_burst_vm(struct vs_burst *b, const struct vs_arrivals *a,
			  size_t i)
{
	bool ours = vs_uuid_cmp(&a->v[i].vm, &a->why->check->only) == 0;
	bool young = false, carried = false;
	size_t end;

	for (end = i; end < a->n &&
	     vs_uuid_cmp(&a->v[end].vm, &a->v[i].vm) == 0; end++) {
		young |= a->v[end].young;
		carried |= a->v[end].carried;
		b->macs += a->v[end].young &&
			   (end == i || vs_mac_cmp(&a->v[end].mac,
						   &a->v[end - 1].mac) != 0);
	}
	b->came += young;
	b->went += !carried;
	b->ours |= ours && (young || !carried);
	return end;
}

static void vs_why_burst(struct vs_case *w)
{
	struct vs_arrivals a = { .why = w };
	char n[VS_WHY_NUMBER], macs[VS_WHY_NUMBER], window[VS_WHY_NUMBER];
	struct vs_burst b = { 0 };

	if (vs_engine_each_vnic(w->check->engine, NULL, vs_arrivals_add, &a))
		w->evidence.failed = true;
	if (a.n)
		qsort(a.v, a.n, sizeof(*a.v), vs_arrival_order);
	for (size_t i = 0; i < a.n;)
		i = vs_burst_vm(&b, &a, i);
	free(a.v);
	if (!b.ours || b.came < VS_BURST_VMS)
		return;
	vs_evidence_add(&w->evidence, VS_CLUE_BURST, vs_why_number(n, b.came),
			vs_why_number(macs, b.macs),
			vs_why_seconds(window, w->grace));
	if (b.went)
		vs_evidence_add(&w->evidence, VS_CLUE_DEPARTED,
				vs_why_number(n, b.went));
}

void vs_why_young(struct vs_case *w)
{
	const struct vs_engine *e = w->check->engine;

	vs_engine_differences(e, &w->check->only, vs_why_pending, w);
	vs_engine_each_vnic(e, &w->check->only, vs_why_new, w);
	vs_why_burst(w);
}
