// SPDX-License-Identifier: GPL-2.0-only
/* What the VM lacks, where the lists alone do not say. */
#include "core/gap.h"
#include "recover/case.h"

static bool vs_case_same(const struct vs_mac *a, const struct vs_mac *b)
{
	return vs_mac_cmp(a, b) == 0;
}

/* the MAC that it runs with; zero: it does not run, or nobody says */
static const struct vs_mac *vs_case_running(const struct vs_testimony *t)
{
	return vs_mac_is_zero(&t->mac[VS_WITNESS_PROCESS]) ?
	       &t->mac[VS_WITNESS_LIVE] : &t->mac[VS_WITNESS_PROCESS];
}

/* will its next start give it another one? */
static bool vs_case_will_change(const struct vs_testimony *t)
{
	const struct vs_mac *defined = &t->mac[VS_WITNESS_DEFINITION];

	return !vs_mac_is_zero(defined) &&
	       !vs_case_same(defined, vs_case_running(t));
}

bool vs_case_is_held(const struct vs_case *w)
{
	for (size_t i = 0; i < w->evidence.n; i++) {
		if (w->evidence.v[i].kind == VS_CLUE_MAC_HELD)
			return true;
	}
	return false;
}

/* will it leave that MAC to whoever holds it? */
static bool vs_case_leaves(const struct vs_case *w, const struct vs_mac *mac)
{
	bool left = false;

	for (size_t i = 0; i < w->n_macs; i++) {
		if (!vs_case_same(vs_case_running(&w->macs[i]), mac))
			continue;
		if (!vs_case_will_change(&w->macs[i]))
			return false;
		left = true;
	}
	return left;
}

/* every MAC that another VM holds is one that it has no longer when started */
static bool vs_case_leaves_all(const struct vs_case *w)
{
	struct vs_mac mac;

	for (size_t i = 0; i < w->evidence.n; i++) {
		const struct vs_clue *c = &w->evidence.v[i];

		if (c->kind == VS_CLUE_MAC_HELD &&
		    (vs_mac_parse(c->value[0], &mac) ||
		     !vs_case_leaves(w, &mac)))
			return false;
	}
	return vs_case_is_held(w);
}

/* what the Manager says and the process does not, it is defined as */
static bool vs_case_becomes(const struct vs_case *w)
{
	bool some = false;

	for (size_t i = 0; i < w->n_macs; i++) {
		const struct vs_testimony *t = &w->macs[i];
		const struct vs_mac *listed = &t->mac[VS_WITNESS_INVENTORY];

		if (vs_mac_is_zero(listed) ||
		    vs_case_same(listed, vs_case_running(t)))
			continue;
		if (!vs_case_same(listed, &t->mac[VS_WITNESS_DEFINITION]))
			return false;
		some = true;
	}
	return some;
}

int vs_case_gap(const struct vs_case *w, enum vs_gap *gap,
		enum vs_reason *reason)
{
	int ret = 0;

	if (reason)
		*reason = VS_REASON_NONE;
	if (!w->found) {
		*gap = vs_gap_of_host(&w->all);
		return 0;
	}
	ret = vs_gap_of_vm(w->engine, &w->uuid, gap, reason);
	if (ret)
		return ret;
	if (*gap == VS_GAP_UNBOUND && w->alien)
		*gap = VS_GAP_ALIEN;
	else if ((*gap == VS_GAP_UNBOUND && vs_case_leaves_all(w)) ||
		 (*gap == VS_GAP_DEFINED && vs_case_becomes(w)))
		*gap = VS_GAP_RESTART;
	return 0;
}
