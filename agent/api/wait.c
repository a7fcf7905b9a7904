// SPDX-License-Identifier: GPL-2.0-only
/* Requests that are put aside: the server does not look at them meanwhile. */
#include "api/model.h"
#include "host/clock.h"

void vs_wait_aside(struct vs_ask *rq)
{
	struct vs_api *api = rq->api;

	rq->aside = true;
	rq->peer->endless = true;
	rq->prev = NULL;
	rq->next = api->waiting;
	if (rq->next)
		rq->next->prev = rq;
	api->waiting = rq;
	MHD_suspend_connection(rq->connection);
}

void vs_wait_forget(struct vs_ask *rq)
{
	if (!rq->aside)
		return;
	rq->aside = false;
	if (rq->prev)
		rq->prev->next = rq->next;
	else
		rq->api->waiting = rq->next;
	if (rq->next)
		rq->next->prev = rq->prev;
}

void vs_wait_over(struct vs_ask *rq)
{
	vs_wait_forget(rq);
	/* from now on it is the client who is waited for */
	if (!rq->stream) {
		rq->peer->endless = false;
		rq->peer->since = vs_clock_steady();
	}
	MHD_resume_connection(rq->connection);
}

bool vs_wait_fresh(struct vs_ask *rq, enum MHD_Result *result)
{
	if (rq->over)
		return true;
	if (rq->wanted) {
		*result = vs_refuse(rq, 504, "timeout",
				    vs_tr(rq->lang, "the inventory has not "
					  "answered in time; look at status "
					  "later"));
		return false;
	}
	rq->wanted = vs_clock_steady();
	rq->api->config.ops->sync(rq->api->config.ctx);
	vs_wait_aside(rq);
	*result = MHD_YES;
	return false;
}
