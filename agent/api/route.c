// SPDX-License-Identifier: GPL-2.0-only
/* Which resources there are; openapi.yaml describes them. */
#include <string.h>

#include "api/model.h"
#include "core/name.h"

static const char *const vs_params_vms[] = {
	"state", "after", "limit", NULL
};

static const char *const vs_params_vnics[] = {
	"vm", "state", "after", "limit", NULL
};

static const char *const vs_params_vnic[] = { "verify", NULL };

static const char *const vs_params_driver_vms[] = { "after", "limit", NULL };

static const char *const vs_params_driver_vnics[] = {
	"port", "vm", "stats", "after", "limit", NULL
};

static const char *const vs_params_check[] = {
	"vm", "fresh", "facts", "after", "limit", NULL
};

static const char *const vs_params_why[] = { "fresh", NULL };

static const char *const vs_params_events[] = {
	"since", "until", "id", "level", "vm", "after", "limit", "facts", NULL
};

static const char *const vs_params_stream[] = {
	"id", "level", "vm", "after", "facts", NULL
};

static const char *const vs_params_alerts[] = { "facts", NULL };

static const char *const vs_params_sync[] = { "bound", "record", NULL };

static const char *const vs_params_forget[] = { "dry-run", NULL };

#define VS_ROUTE(serve, ...) \
	{ .path = { __VA_ARGS__ }, .run = vs_serve_##serve }
#define VS_ROUTE_WITH(serve, names, ...) \
	{ .path = { __VA_ARGS__ }, .run = vs_serve_##serve, \
	  .params = vs_params_##names }
#define VS_ROUTE_POST(serve, ...) \
	{ .path = { __VA_ARGS__ }, .run = vs_serve_##serve, .post = true }

static const struct vs_route vs_routes[] = {
	VS_ROUTE(status, "v1", "status"),
	VS_ROUTE_WITH(check, check, "v1", "check"),
	VS_ROUTE_WITH(vms, vms, "v1", "vms"),
	VS_ROUTE(vm, "v1", "vms", "*"),
	VS_ROUTE_POST(recover, "v1", "vms", "*", "recover"),
	VS_ROUTE_WITH(why, why, "v1", "vms", "*", "why"),
	VS_ROUTE(driver, "v1", "driver"),
	VS_ROUTE_WITH(driver_vms, driver_vms, "v1", "driver", "vms"),
	VS_ROUTE_WITH(driver_vnics, driver_vnics, "v1", "driver", "vnics"),
	VS_ROUTE_WITH(vnics, vnics, "v1", "vnics"),
	VS_ROUTE_WITH(vnic, vnic, "v1", "vnics", "*"),
	{ .path = { "v1", "vnics", "*", "forget" }, .post = true,
	  .run = vs_serve_forget, .params = vs_params_forget },
	VS_ROUTE_WITH(events, events, "v1", "events"),
	VS_ROUTE_WITH(stream, stream, "v1", "events", "stream"),
	VS_ROUTE_WITH(alerts, alerts, "v1", "alerts"),
	{ .path = { "v1", "sync" }, .post = true, .run = vs_serve_sync,
	  .params = vs_params_sync },
	VS_ROUTE(recoveries, "v1", "recoveries"),
	VS_ROUTE(recovery, "v1", "recoveries", "*"),
	VS_ROUTE(metrics, "metrics"),
};

#define VS_ROUTES (sizeof(vs_routes) / sizeof(*vs_routes))

static bool vs_route_fits(const struct vs_route *r, const struct vs_query *q)
{
	size_t i;

	for (i = 0; i < q->n_path; i++) {
		if (!r->path[i] || (strcmp(r->path[i], "*") != 0 &&
				    strcmp(r->path[i], q->path[i]) != 0))
			return false;
	}
	return !r->path[i];
}

static bool vs_route_takes(const struct vs_route *r, const char *name)
{
	for (size_t i = 0; r->params && r->params[i]; i++) {
		if (strcmp(r->params[i], name) == 0)
			return true;
	}
	return false;
}

bool vs_route_is_long(const struct vs_route *r)
{
	return vs_route_takes(r, "limit") || r->run == vs_serve_alerts;
}

/* only what it takes, and each once */
static bool vs_route_params(struct vs_ask *rq, enum MHD_Result *result)
{
	const struct vs_query *q = &rq->query;
	char safe[VS_NAME_ESCAPED];

	for (size_t i = 0; i < q->n_params; i++) {
		const char *name = q->params[i].name;

		vs_name_escape(safe, sizeof(safe), name);
		if (!vs_route_takes(rq->route, name)) {
			*result = vs_refuse(rq, 400, "unknown-parameter",
					    vs_tr(rq->lang, "there is no "
						  "parameter \"%s\" here"),
					    safe);
			return false;
		}
		if (vs_query_get(q, name) != q->params[i].value) {
			*result = vs_refuse(rq, 400, "repeated-parameter",
					    vs_tr(rq->lang, "the parameter "
						  "\"%s\" was given twice"),
					    safe);
			return false;
		}
	}
	return true;
}

bool vs_route_find(struct vs_ask *rq, const char *method,
		   enum MHD_Result *result)
{
	bool post = strcmp(method, "POST") == 0;
	bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	const struct vs_route *r = vs_routes;

	while (r < vs_routes + VS_ROUTES && !vs_route_fits(r, &rq->query))
		r++;
	if (r == vs_routes + VS_ROUTES) {
		*result = vs_refuse(rq, 404, "not-found",
				    vs_tr(rq->lang, "there is no such "
					  "resource"));
		return false;
	}
	rq->route = r;
	if (r->post ? !post : !get) {
		*result = vs_refuse(rq, 405, "method-not-allowed",
				    vs_tr(rq->lang, "this resource only takes "
					  "%s"), r->post ? "POST" : "GET");
		return false;
	}
	return vs_route_params(rq, result);
}
