// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "api/model.h"

enum MHD_Result vs_answer(struct vs_ask *rq, unsigned int status,
			  const char *type, struct MHD_Response *response)
{
	const char *allow = rq->route && rq->route->post ? "POST" :
							   "GET, HEAD";
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", type);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "Content-Language", rq->lang_name);
	MHD_add_response_header(response, "Vary", "Accept-Language");
	/* one request each: so nobody holds a connection for the next one */
	MHD_add_response_header(response, "Connection", "close");
	if (status == 405)
		MHD_add_response_header(response, "Allow", allow);
	if (rq->crowd)
		MHD_add_response_header(response, "Retry-After", "1");
	result = MHD_queue_response(rq->connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result vs_answer_own(struct vs_ask *rq,
				     unsigned int status, const char *type,
				     char *text, size_t len)
{
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(len, text,
						   MHD_RESPMEM_MUST_FREE);
	if (!response)
		free(text);
	rq->size = response ? len : 0;
	rq->api->under_way += rq->size;
	return vs_answer(rq, status, type, response);
}

static int vs_answer_dump(const char *data, size_t size, void *ctx)
{
	struct vs_buf *text = ctx;

	vs_buf_put(text, data, size);
	return text->failed ? -1 : 0;
}

enum MHD_Result vs_answer_json(struct vs_ask *rq, unsigned int status,
			       json_t *doc)
{
	struct vs_buf text = { 0 };
	int ret = doc ? json_dump_callback(doc, vs_answer_dump, &text,
					   JSON_COMPACT) : -1;

	json_decref(doc);
	vs_buf_put(&text, "\n", 1);
	if (!ret && !text.failed)
		return vs_answer_own(rq, status, "application/json", text.data,
				     text.len);
	vs_buf_free(&text);
	return vs_refuse_memory(rq);
}

enum MHD_Result vs_answer_text(struct vs_ask *rq, const char *type,
			       struct vs_buf *text)
{
	if (!text->failed && text->data)
		return vs_answer_own(rq, 200, type, text->data, text->len);
	vs_buf_free(text);
	return vs_refuse_memory(rq);
}

enum MHD_Result vs_refuse(struct vs_ask *rq, unsigned int status,
			  const char *code, const char *fmt, ...)
{
	char text[1024];
	json_t *error = json_object(), *doc = json_object();
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vs_doc_text(error, "code", code);
	vs_doc_text(error, "text", text);
	json_object_set_new(doc, "error", error);
	return vs_answer_json(rq, status, doc);
}

enum MHD_Result vs_refuse_error(struct vs_ask *rq, unsigned int status,
				const struct vs_error *error)
{
	struct vs_buf text = { 0 };
	enum MHD_Result result;

	vs_text_error(&text, rq->lang, error);
	result = vs_refuse(rq, status, status == 503 ? "unavailable" :
			   "failed", "%s", vs_buf_str(&text));
	vs_buf_free(&text);
	return result;
}

/* without asking for any */
enum MHD_Result vs_refuse_memory(struct vs_ask *rq)
{
	static const char text[] = "{\"error\":{\"code\":\"no-memory\","
				   "\"text\":\"out of memory\"}}\n";
	struct MHD_Response *response;

	response = MHD_create_response_from_buffer(sizeof(text) - 1,
						   (char *)text,
						   MHD_RESPMEM_PERSISTENT);
	return vs_answer(rq, 500, "application/json", response);
}

/* each holds what it has been answered until it has taken it */
bool vs_refuse_crowd(struct vs_ask *rq, enum MHD_Result *result)
{
	const struct vs_api *api = rq->api;
	size_t most = api->config.under_way;

	if (rq->peer->right >= VS_RIGHT_ACT)
		most *= 2;
	rq->crowd = vs_route_is_long(rq->route) && api->under_way >= most;
	if (!rq->crowd)
		return false;
	*result = vs_refuse(rq, 503, "busy",
			    vs_tr(rq->lang, "too many long answers are not "
				  "taken yet; ask again in a second"));
	return true;
}
