// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a VM is not in sync, told with the event. What the pass has read is
 * looked at, what the hypervisor has said before, the processes' ages, and
 * once more the Filter Driver's entries: nobody is asked who may be slow to
 * answer. However many VMs a pass tells of, all is looked at once.
 */
#include <string.h>

#include "daemon/agent.h"
#include "driver/client.h"
#include "recover/choose.h"

void vs_explain_begin(struct vs_agent *a, const struct vs_snapshot *host)
{
	a->explainer.given = host;
}

void vs_explain_end(struct vs_agent *a)
{
	struct vs_explainer *x = &a->explainer;

	if (x->gathered) {
		vs_crowd_free(&x->crowd);
		vs_driver_table_free(&x->table);
	}
	x->gathered = false;
	x->given = NULL;
}

/* by ioctl one does not hear how old an entry is, nor what the guest sends */
static void vs_explain_enrich(struct vs_explainer *x)
{
	struct vs_client c;

	x->host = *x->given;
	if (!x->host.reading.listed || vs_client_open(&c, NULL))
		return;
	if (!vs_driver_table_dump(&x->table, &c, true, NULL))
		x->host.reading.table = x->table;
	vs_client_close(&c);
}

static void vs_explain_gather(struct vs_explainer *x, struct vs_case *w)
{
	if (x->gathered)
		return;
	x->gathered = true;
	x->table = (struct vs_driver_table){ 0 };
	vs_explain_enrich(x);
	if (vs_crowd_gather(&x->crowd, w))
		vs_crowd_free(&x->crowd);
}

void vs_explain_event(struct vs_agent *a, struct vs_event *event)
{
	struct vs_explainer *x = &a->explainer;
	struct vs_case w = {
		.engine = a->engine,
		.host = &x->host,
		.grace = a->conf->grace,
		/* what counts is older than the period of grace */
		.window = a->conf->grace + VS_CASE_WINDOW - VS_CASE_GRACE,
		.live = true,
		.domains = a->manager.domains,
		.crowd = &x->crowd,
	};

	/*
	 * Of what befell the host the engine knows the cause, and tells of it
	 * before it has looked at the VMs.
	 */
	if (!x->given || event->form != VS_FORM_DIFFERENCES)
		return;
	w.now = x->given->saved;
	vs_explain_gather(x, &w);
	vs_explain(&w, event);
}
