// SPDX-License-Identifier: GPL-2.0-only
/* "Synchronise now": answered when everything was read afresh and compared. */
#include "api/model.h"

enum MHD_Result vs_serve_sync(struct vs_ask *rq)
{
	if (rq->body.len)
		return vs_refuse(rq, 400, "bad-body",
				 vs_tr(rq->lang, "this takes no body"));
	if (rq->over)
		return vs_answer_json(rq, 200, vs_status_doc(&rq->view));
	if (vs_wait_fresh(rq))
		return vs_refuse(rq, 504, "timeout",
				 vs_tr(rq->lang, "the inventory has not "
				       "answered in time; look at status "
				       "later"));
	return MHD_YES;
}

void vs_api_synced(struct vs_api *api, vs_time began)
{
	if (!api)
		return;
	for (struct vs_ask *rq = api->waiting, *next; rq; rq = next) {
		next = rq->next;
		if (rq->stream || rq->wanted > began)
			continue;
		rq->over = true;
		vs_wait_over(rq);
	}
	vs_server_soon(api);
}

void vs_api_recorded(struct vs_api *api)
{
	if (!api || !api->n_streams)
		return;
	vs_stream_wake(api);
	vs_server_soon(api);
}

void vs_api_event(struct vs_api *api, const struct vs_event *event)
{
	if (api)
		vs_figures_event(&api->figures, event);
}

void vs_api_notice(struct vs_api *api, const struct vs_driver_vnic *v)
{
	if (api)
		vs_figures_notice(&api->figures, v);
}
