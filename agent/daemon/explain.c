// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a VM is not in sync, told with the event, and to who asks. What a pass
 * has read is looked at, what the hypervisor has said before, the processes'
 * ages, and once more the Filter Driver's entries: nobody is asked who may be
 * slow to answer.
 */
#include "daemon/agent.h"

void vs_explain_case(struct vs_agent *a, const struct vs_snapshot *host,
		     struct vs_case *w)
{
	*w = (struct vs_case){
		.engine = a->engine,
		.host = host,
		.now = host->saved,
		.grace = a->conf->grace,
		/* what counts is older than the period of grace */
		.window = a->conf->grace + VS_CASE_WINDOW - VS_CASE_GRACE,
		.live = true,
		.domains = a->manager.domains,
	};
}

void vs_explain_begin(struct vs_agent *a, const struct vs_snapshot *host)
{
	struct vs_case w;

	vs_explain_case(a, host, &w);
	vs_explainer_begin(&a->explainer, &w, true);
}

void vs_explain_end(struct vs_agent *a)
{
	vs_explainer_end(&a->explainer);
}

void vs_explain_event(struct vs_agent *a, struct vs_event *event)
{
	vs_explainer_event(&a->explainer, event);
}
