// SPDX-License-Identifier: GPL-2.0-only
/* Requests that are put aside: the server does not look at them meanwhile. */
#include "api/model.h"

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
	MHD_resume_connection(rq->connection);
}
