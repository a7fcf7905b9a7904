// SPDX-License-Identifier: GPL-2.0-only
/* "Synchronise now": answered when everything was read afresh and compared. */
#include "api/model.h"

/* it was asked for, so it is told of */
static enum MHD_Result vs_sync_done(struct vs_ask *rq, uint64_t bound,
				    bool record)
{
	const struct vs_api_config *config = &rq->api->config;
	struct vs_host_view host;

	vs_engine_host(rq->view.engine, &host);
	if (record)
		config->ops->done(config->ctx, VS_EVENT_SYNCHRONISED,
				  host.state, bound);
	return vs_answer_json(rq, 200, vs_status_doc(&rq->view));
}

enum MHD_Result vs_serve_sync(struct vs_ask *rq)
{
	enum MHD_Result result;
	bool record = true;
	uint64_t bound = 0;

	if (!vs_param_number(rq, "bound", 0, UINT32_MAX, &bound, &result) ||
	    !vs_param_flag(rq, "record", &record, &result))
		return result;
	if (rq->body.len)
		return vs_refuse(rq, 400, "bad-body",
				 vs_tr(rq->lang, "this takes no body"));
	if (!vs_wait_fresh(rq, &result))
		return result;
	return vs_sync_done(rq, bound, record);
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
