// SPDX-License-Identifier: GPL-2.0-only
/* A request from its first byte to its last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/accept.h"
#include "api/model.h"
#include "core/number.h"
#include "po/i18n.h"

void *vs_ask_new(void *ctx, const char *uri, struct MHD_Connection *conn)
{
	struct vs_ask *rq = calloc(1, sizeof(*rq));

	if (!rq)
		return NULL;
	rq->api = ctx;
	rq->connection = conn;
	rq->uri = strdup(uri);
	return rq;
}

void vs_ask_end(void *ctx, struct MHD_Connection *conn, void **con_ctx,
		enum MHD_RequestTerminationCode code)
{
	struct vs_ask *rq = *con_ctx;

	(void)ctx;
	(void)conn;
	(void)code;
	if (!rq)
		return;
	vs_wait_forget(rq);
	vs_stream_free(rq);
	rq->api->under_way -= rq->size;
	vs_query_free(&rq->query);
	vs_buf_free(&rq->body);
	free(rq->uri);
	free(rq);
	*con_ctx = NULL;
}

static const char *vs_ask_header(struct vs_ask *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND,
					   name);
}

static void vs_ask_language(struct vs_ask *rq)
{
	const char *header = vs_ask_header(rq, "Accept-Language");

	rq->lang_name = vs_accept_language(header, vs_i18n_name());
	rq->lang = vs_i18n_of(&rq->lang_name);
}

static enum MHD_Result vs_ask_garbled(struct vs_ask *rq, int ret)
{
	if (ret == -ENOMEM)
		return vs_refuse_memory(rq);
	if (ret == -EILSEQ)
		return vs_refuse(rq, 400, "bad-utf8",
				 vs_tr(rq->lang, "path or query are not UTF-8, "
				       "percent-encoded where need be"));
	if (ret == -E2BIG)
		return vs_refuse(rq, 404, "not-found",
				 vs_tr(rq->lang, "there is nothing of so many "
				       "parts or parameters"));
	return vs_refuse(rq, 400, "bad-uri",
			 vs_tr(rq->lang, "path or query are not well-formed"));
}

/* does it say that more will come than we take? */
static bool vs_ask_is_long(struct vs_ask *rq)
{
	const char *length = vs_ask_header(rq, "Content-Length");
	uint64_t n;

	return length && (vs_number_parse(length, 0, VS_API_BODY, &n));
}

static enum MHD_Result vs_ask_too_long(struct vs_ask *rq)
{
	return vs_refuse(rq, 413, "too-large",
			 vs_tr(rq->lang, "the body is longer than %d bytes"),
			 VS_API_BODY);
}

/* may it be answered at all? true: go on, else it was refused */
static bool vs_ask_head(struct vs_ask *rq, const char *method,
			enum MHD_Result *result)
{
	int ret;

	if (rq->peer->right == VS_RIGHT_NONE) {
		*result = vs_refuse(rq, 403, "forbidden",
				    vs_tr(rq->lang, "only root and members of "
					  "the group %s may ask"),
				    rq->api->config.group ?
				    rq->api->config.group : "-");
		return false;
	}
	ret = rq->uri ? vs_query_parse(&rq->query, rq->uri) : -ENOMEM;
	if (ret) {
		*result = vs_ask_garbled(rq, ret);
		return false;
	}
	if (!vs_route_find(rq, method, result))
		return false;
	if (rq->route->post && rq->peer->right < VS_RIGHT_ACT) {
		*result = vs_refuse(rq, 403, "forbidden",
				    vs_tr(rq->lang, "only root may do that"));
		return false;
	}
	if (vs_ask_is_long(rq)) {
		*result = vs_ask_too_long(rq);
		return false;
	}
	return true;
}

static enum MHD_Result vs_ask_first(struct vs_ask *rq,
				    const char *method)
{
	const union MHD_ConnectionInfo *info;
	enum MHD_Result result = MHD_YES;

	rq->seen = true;
	info = MHD_get_connection_info(rq->connection,
				       MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	rq->peer = info ? info->socket_context : NULL;
	if (!rq->peer)
		return MHD_NO;
	vs_ask_language(rq);
	if (!vs_ask_head(rq, method, &result))
		rq->peer->asked = true;
	return result;
}

static void vs_ask_take(struct vs_ask *rq, const char *data,
			size_t size)
{
	/* one byte more tells that there was too much */
	if (size > VS_API_BODY + 1 - rq->body.len)
		size = VS_API_BODY + 1 - rq->body.len;
	vs_buf_put(&rq->body, data, size);
}

enum MHD_Result vs_ask_run(void *ctx, struct MHD_Connection *conn,
			   const char *url, const char *method,
			   const char *version, const char *data,
			   size_t *size, void **con_ctx)
{
	struct vs_ask *rq = *con_ctx;
	enum MHD_Result result;

	(void)ctx;
	(void)conn;
	(void)url;
	(void)version;
	if (!rq)
		return MHD_NO;
	if (!rq->seen)
		return vs_ask_first(rq, method);
	if (*size) {
		vs_ask_take(rq, data, *size);
		*size = 0;
		return MHD_YES;
	}
	rq->peer->asked = true;
	if (rq->body.len > VS_API_BODY)
		return vs_ask_too_long(rq);
	if (rq->body.failed)
		return vs_refuse_memory(rq);
	if (vs_refuse_crowd(rq, &result))
		return result;
	rq->api->config.ops->look(rq->api->config.ctx, &rq->view);
	return rq->route->run(rq);
}
