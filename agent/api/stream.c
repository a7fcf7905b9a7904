// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream sends what the history has, then sleeps until there is more. Since
 * it goes on from a sequence number, who comes back misses nothing.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "api/stream.h"
#include "core/number.h"
#include "host/clock.h"

/* events that are looked for at a time */
#define VS_STREAM_ONCE 64
/* so many new ones are few: to find what they are, it is not read what the
 * history has beside
 */
#define VS_STREAM_FEW 8

static int vs_stream_add(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct vs_stream *s = ctx;
	json_t *doc = vs_events_doc(s->rq, seq, event, s->facts);
	char *text = json_dumps(doc, JSON_COMPACT);

	json_decref(doc);
	if (!text)
		return -ENOMEM;
	vs_buf_addf(&s->text, "id: %llu\ndata: %s\n\n",
		    (unsigned long long)seq, text);
	free(text);
	s->query.after_seq = seq;
	return s->text.failed ? -ENOMEM : 0;
}

static int vs_stream_pass(void *ctx, uint64_t seq, const struct vs_event *event)
{
	(void)ctx;
	(void)seq;
	(void)event;
	return 0;
}

/* the newest event, if it is after that one; else 0 */
static uint64_t vs_stream_newest(struct vs_history *history, uint64_t after)
{
	struct vs_history_query newest = {
		.after_seq = after, .newest = true, .limit = 1,
	};
	struct vs_error error;

	vs_history_each(history, &newest, vs_stream_pass, NULL, &error);
	return newest.last;
}

/*
 * What does not fit is not looked at a second time: else who waits for what
 * never comes would have the whole history read whenever anything is recorded.
 */
static void vs_stream_look(struct vs_stream *s, struct vs_history *history)
{
	struct vs_history_query query = s->query;
	uint64_t newest = vs_stream_newest(history, query.after_seq);
	struct vs_error error;

	if (!newest)
		return;
	query.few = newest - query.after_seq <= VS_STREAM_FEW;
	if (vs_history_each(history, &query, vs_stream_add, s, &error))
		return;
	s->query.after_seq = query.looked < query.limit ? newest : query.last;
}

/* what cannot be read now is there later */
static void vs_stream_read(struct vs_stream *s)
{
	struct vs_api *api = s->rq->api;

	api->config.ops->look(api->config.ctx, &s->rq->view);
	s->text.len = 0;
	s->sent = 0;
	if (s->rq->view.history)
		vs_stream_look(s, s->rq->view.history);
	/* to whoever has gone, this fails */
	if (!s->text.len && s->rq->over)
		vs_buf_add(&s->text, ":\n\n");
	s->rq->over = false;
}

static ssize_t vs_stream_next(void *ctx, uint64_t pos, char *to, size_t max)
{
	struct vs_stream *s = ctx;
	size_t n;

	(void)pos;
	if (s->sent == s->text.len)
		vs_stream_read(s);
	if (s->text.failed)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = s->text.len - s->sent;
	if (!n) {
		s->rq->wanted = vs_clock_steady();
		vs_wait_aside(s->rq);
		return 0;
	}
	if (n > max)
		n = max;
	memcpy(to, s->text.data + s->sent, n);
	s->sent += n;
	return n;
}

/* where it begins: after what the client has, else after what there is */
static bool vs_stream_begin(struct vs_ask *rq, struct vs_history_query *q,
			    enum MHD_Result *result)
{
	const char *last;

	last = MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND,
					   "Last-Event-ID");
	if (last && *last) {
		if (!vs_number_parse(last, 0, INT64_MAX, &q->after_seq))
			return true;
		*result = vs_param_bad(rq, "Last-Event-ID", last,
				       vs_tr(rq->lang, "an \"id\" that this "
					     "stream has sent"));
		return false;
	}
	if (!vs_query_get(&rq->query, "after") && rq->view.history)
		q->after_seq = vs_stream_newest(rq->view.history, 0);
	return true;
}

static struct vs_stream *vs_stream_new(struct vs_ask *rq,
				       enum MHD_Result *result)
{
	struct vs_stream *s = calloc(1, sizeof(*s));

	if (!s) {
		*result = vs_refuse_memory(rq);
		return NULL;
	}
	s->rq = rq;
	if (!vs_events_filter(rq, &s->query, &s->vm, result) ||
	    !vs_param_flag(rq, "facts", &s->facts, result) ||
	    !vs_stream_begin(rq, &s->query, result)) {
		free(s);
		return NULL;
	}
	s->query.limit = VS_STREAM_ONCE;
	vs_buf_add(&s->text, "retry: 3000\n\n");
	return s;
}

enum MHD_Result vs_serve_stream(struct vs_ask *rq)
{
	int max = VS_API_STREAMS - (rq->peer->right < VS_RIGHT_ACT ?
				    VS_API_STREAMS_RESERVE : 0);
	struct MHD_Response *response;
	enum MHD_Result result;

	if ((int)rq->api->n_streams >= max)
		return vs_refuse(rq, 503, "too-many",
				 vs_tr(rq->lang, "there are %d streams "
				       "already; end one of them"), max);
	rq->stream = vs_stream_new(rq, &result);
	if (!rq->stream)
		return result;
	rq->api->n_streams++;
	rq->peer->endless = true;
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096,
						     vs_stream_next,
						     rq->stream, NULL);
	return vs_answer(rq, 200, "text/event-stream", response);
}

bool vs_stream_due(const struct vs_ask *rq, vs_time now)
{
	struct pollfd peer = { .fd = rq->peer->fd };

	/* a client that has gone is not waited for */
	return now - rq->wanted >= rq->api->config.alive ||
	       (poll(&peer, 1, 0) > 0 && peer.revents & (POLLHUP | POLLERR));
}

void vs_stream_wake(struct vs_api *api)
{
	for (struct vs_ask *rq = api->waiting, *next; rq; rq = next) {
		next = rq->next;
		if (rq->stream)
			vs_wait_over(rq);
	}
}

void vs_stream_free(struct vs_ask *rq)
{
	if (!rq->stream)
		return;
	rq->api->n_streams--;
	vs_buf_free(&rq->stream->text);
	free(rq->stream);
	rq->stream = NULL;
}
