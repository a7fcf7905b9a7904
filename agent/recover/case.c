// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/gap.h"
#include "host/opener.h"
#include "recover/case.h"
#include "recover/crowd.h"

const char *vs_case_number(char buf[VS_CASE_NUMBER], int64_t n)
{
	snprintf(buf, VS_CASE_NUMBER, "%" PRId64, n);
	return buf;
}

const char *vs_case_seconds(char buf[VS_CASE_NUMBER], vs_time ms)
{
	return vs_case_number(buf, ms / 1000);
}

bool vs_case_differs(enum vs_state state)
{
	return state == VS_STATE_PENDING || state == VS_STATE_OUT_OF_SYNC;
}

bool vs_case_holds(const struct vs_vnic_view *v)
{
	return v->on_host && !vs_gap_is_alien(v);
}

/*
 * An entry is new when its port is, and when the module was loaded anew; a
 * process that has been running for long tells the two apart.
 */
bool vs_case_age(const struct vs_case *w, const struct vs_vnic_view *v,
		 vs_time *age)
{
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;
	const struct vs_driver_vnic *entry;
	bool known = false;
	vs_time process;

	entry = v->in_driver || v->on_host ?
		vs_crowd_entry(w->crowd, ifindex) : NULL;
	if (entry)
		known = vs_snapshot_age(w->host, entry, age);
	if (v->on_host && v->on.pid && w->live &&
	    vs_process_age(v->on.pid, &process)) {
		*age = known && *age > process ? *age : process;
		known = true;
	}
	return known;
}

static void vs_case_look(struct vs_case *w)
{
	if (w->status)
		vs_case_host(w);
	if (!w->found)
		return;
	vs_case_hear(w);
	/* two VMs that are the same in everything are in sync, as one is */
	if (w->state == VS_STATE_IN_SYNC)
		vs_case_listed_twice(w);
	/* of a VM that is not compared, nothing can be wrong */
	if (!vs_case_differs(w->state))
		return;
	vs_case_claims(w);
	vs_case_young(w);
	vs_case_macs(w);
}

int vs_case_gather(struct vs_case *w)
{
	struct vs_crowd crowd;
	int ret = 0;

	vs_engine_host(w->engine, &w->all);
	w->state = VS_STATE_UNKNOWN;
	if (w->found && !vs_engine_vm(w->engine, &w->uuid, &w->view))
		w->state = w->view.state;
	w->status = vs_exit_code(&w->all, w->state);
	if (w->crowd) {
		vs_case_look(w);
	} else {
		ret = vs_crowd_gather(&crowd, w);
		w->crowd = &crowd;
		if (!ret)
			vs_case_look(w);
		w->crowd = NULL;
		vs_crowd_free(&crowd);
	}
	return ret || w->evidence.failed ? -ENOMEM : 0;
}

void vs_case_free(struct vs_case *w)
{
	vs_evidence_free(&w->evidence);
	free(w->macs);
	w->macs = NULL;
	w->n_macs = 0;
}
