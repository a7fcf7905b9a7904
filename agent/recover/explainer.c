// SPDX-License-Identifier: GPL-2.0-only
#include "driver/client.h"
#include "recover/choose.h"
#include "recover/explainer.h"

void vs_explainer_begin(struct vs_explainer *x, const struct vs_case *of,
			bool enrich)
{
	*x = (struct vs_explainer){ .of = *of, .enrich = enrich };
}

static void vs_explainer_enrich(struct vs_explainer *x)
{
	struct vs_client c;

	if (!x->host.reading.listed || vs_client_open(&c, NULL))
		return;
	if (!vs_driver_table_dump(&x->table, &c, true, NULL))
		x->host.reading.table = x->table;
	vs_client_close(&c);
}

static void vs_explainer_gather(struct vs_explainer *x)
{
	if (x->gathered)
		return;
	x->gathered = true;
	x->host = *x->of.host;
	if (x->enrich)
		vs_explainer_enrich(x);
	x->of.host = &x->host;
	if (vs_crowd_gather(&x->crowd, &x->of))
		vs_crowd_free(&x->crowd);
	x->of.crowd = &x->crowd;
}

void vs_explainer_event(struct vs_explainer *x, struct vs_event *event)
{
	struct vs_case w;

	/*
	 * Of what befell the host the engine knows the cause, and tells of it
	 * before it has looked at the VMs.
	 */
	if (!x->of.host || event->form != VS_FORM_DIFFERENCES)
		return;
	vs_explainer_gather(x);
	w = x->of;
	vs_explain(&w, event);
	/* who does not answer is not asked about each VM */
	if (w.unheard.op)
		x->of.hypervisor = NULL;
}

void vs_explainer_end(struct vs_explainer *x)
{
	if (x->gathered) {
		vs_crowd_free(&x->crowd);
		vs_driver_table_free(&x->table);
	}
	*x = (struct vs_explainer){ .gathered = false };
}
