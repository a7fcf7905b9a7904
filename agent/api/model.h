/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of api/ share; private to it. Prototypes stand under the file
 * that owns them.
 *
 * Each connection carries one request, and is closed after its answer. A
 * request comes in (ask.c), finds its resource (route.c), and is answered
 * at once or put aside (wait.c) until what it waits for has happened.
 */
#ifndef VS_API_MODEL_H
#define VS_API_MODEL_H

#include <jansson.h>
#include <microhttpd.h>

#include "api/api.h"
#include "api/figures.h"
#include "api/listen.h"
#include "api/peer.h"
#include "api/query.h"
#include "core/text.h"

/** VS_API_STREAMS - event streams at a time */
#define VS_API_STREAMS 16

/** VS_API_STREAMS_RESERVE - those of them that only root gets */
#define VS_API_STREAMS_RESERVE 4
/** VS_API_BODY - the longest body of a request */
#define VS_API_BODY 4096

struct vs_ask;
struct vs_job;

/**
 * struct vs_peer - a connection
 * @fd: its socket
 * @right: what it may do
 * @since: when it came, of vs_clock_steady()
 * @asked: its request came whole
 * @endless: it is a stream, or waits for something
 */
struct vs_peer {
	struct vs_peer *prev, *next;
	struct vs_api *api;
	int fd;
	enum vs_right right;
	vs_time since;
	bool asked;
	bool endless;
};

/**
 * struct vs_api - the interface
 * @loop: the event loop
 * @config: as given
 * @path: copy of the socket's path
 * @program: copy of that path
 * @group: whose members may read
 * @listen: the socket
 * @http: the server
 * @io: its descriptor in the loop
 * @timer: when it wants to run
 * @sweep: when connections are looked through
 * @peers: they
 * @n_peers: how many
 * @waiting: requests that are put aside
 * @n_streams: event streams among them
 * @under_way: bytes of answers that are not taken yet
 * @figures: for the metrics
 */
struct vs_api {
	sd_event *loop;
	struct vs_api_config config;
	char *path;
	char *program;
	gid_t group;
	struct vs_listen listen;
	struct MHD_Daemon *http;
	sd_event_source *io;
	sd_event_source *timer;
	sd_event_source *sweep;
	struct vs_peer *peers;
	unsigned int n_peers;
	struct vs_ask *waiting;
	unsigned int n_streams;
	size_t under_way;
	struct vs_figures figures;
};

/**
 * struct vs_ask - a request
 * @prev: among those that are put aside
 * @next: likewise
 * @api: the interface
 * @peer: who asks; NULL until the first call
 * @connection: its connection
 * @uri: as it came
 * @query: what it asks for
 * @route: the resource
 * @lang: the language of the answer
 * @lang_name: its name
 * @view: how things are
 * @body: what came with it
 * @seen: its head was looked at
 * @aside: it is put aside
 * @wanted: of what is to be fresh: when it was asked for, of vs_clock_steady()
 * @over: what it waited for has happened
 * @crowd: there were too many long answers
 * @size: bytes of its answer
 * @stream: of an event stream
 */
struct vs_ask {
	struct vs_ask *prev, *next;
	struct vs_api *api;
	struct vs_peer *peer;
	struct MHD_Connection *connection;
	char *uri;
	struct vs_query query;
	const struct vs_route *route;
	const struct vs_lang *lang;
	const char *lang_name;
	struct vs_api_view view;
	struct vs_buf body;
	bool seen;
	bool aside;
	vs_time wanted;
	bool over;
	bool crowd;
	size_t size;
	struct vs_stream *stream;
};

/**
 * struct vs_route - a resource
 * @path: the parts of its path, "*" for one that may be anything; ends with
 *        NULL
 * @post: it is asked for by POST, else by GET
 * @params: names of the parameters it takes, ended by NULL; or NULL
 * @run: answers, or puts the request aside
 */
struct vs_route {
	const char *path[VS_QUERY_SEGMENTS + 1];
	bool post;
	const char *const *params;
	enum MHD_Result (*run)(struct vs_ask *rq);
};

/* server.c */

/* let the server run, and see when it wants to again */
void vs_server_run(struct vs_api *api);
/* likewise, not now: this may be called while it runs */
void vs_server_soon(struct vs_api *api);

/* ask.c */
void *vs_ask_new(void *ctx, const char *uri, struct MHD_Connection *conn);
enum MHD_Result vs_ask_run(void *ctx, struct MHD_Connection *conn,
			   const char *url, const char *method,
			   const char *version, const char *data,
			   size_t *size, void **con_ctx);
void vs_ask_end(void *ctx, struct MHD_Connection *conn, void **con_ctx,
		enum MHD_RequestTerminationCode code);

/* route.c */

/* find the resource; else it was refused, and *@result says how that went */
bool vs_route_find(struct vs_ask *rq, const char *method,
		   enum MHD_Result *result);
/* may its answer be long? */
bool vs_route_is_long(const struct vs_route *r);

/* answer.c; each releases what it is given */
enum MHD_Result vs_answer_json(struct vs_ask *rq, unsigned int status,
			       json_t *doc);
enum MHD_Result vs_answer_text(struct vs_ask *rq, const char *type,
			       struct vs_buf *text);
/* hand out a response with the headers that all have */
enum MHD_Result vs_answer(struct vs_ask *rq, unsigned int status,
			  const char *type, struct MHD_Response *response);
/* an error: a word for machines, and a line for people in rq->lang */
enum MHD_Result vs_refuse(struct vs_ask *rq, unsigned int status,
			  const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
enum MHD_Result vs_refuse_error(struct vs_ask *rq, unsigned int status,
				const struct vs_error *error);
enum MHD_Result vs_refuse_memory(struct vs_ask *rq);
/* are there too many long answers already? then it was refused */
bool vs_refuse_crowd(struct vs_ask *rq, enum MHD_Result *result);

/* param.c; each true, or it was refused and *@result says how that went */
bool vs_param_number(struct vs_ask *rq, const char *name, uint64_t min,
		     uint64_t max, uint64_t *n, enum MHD_Result *result);
bool vs_param_time(struct vs_ask *rq, const char *name, vs_time *at,
		   enum MHD_Result *result);
bool vs_param_flag(struct vs_ask *rq, const char *name, bool *flag,
		   enum MHD_Result *result);
bool vs_param_state(struct vs_ask *rq, const char *name,
		    enum vs_state *state, bool *given,
		    enum MHD_Result *result);
/* the one VM of that UUID or name */
bool vs_param_vm(struct vs_ask *rq, const char *text, struct vs_uuid *vm,
		 enum MHD_Result *result);
/*
 * Likewise; while a list is missing, a VM that no other has may be one: then
 * *@found is false
 */
bool vs_param_vm_known(struct vs_ask *rq, const char *text,
		       struct vs_uuid *vm, bool *found,
		       enum MHD_Result *result);
/* the port that "NAME", "ifindex:N" or "id:N" stands for */
bool vs_param_port(struct vs_ask *rq, const char *text,
		   struct vs_port_name *port, enum MHD_Result *result);
enum MHD_Result vs_param_bad(struct vs_ask *rq, const char *name,
			     const char *value, const char *want);

/* wait.c */
void vs_wait_aside(struct vs_ask *rq);
/* have it called again */
void vs_wait_over(struct vs_ask *rq);
void vs_wait_forget(struct vs_ask *rq);
/*
 * Have everything read afresh first. True: that is over; false: the request was
 * put aside, or it took too long and was refused, as *@result says
 */
bool vs_wait_fresh(struct vs_ask *rq, enum MHD_Result *result);

/* what there is to ask for */
enum MHD_Result vs_serve_status(struct vs_ask *rq);
enum MHD_Result vs_serve_check(struct vs_ask *rq);
enum MHD_Result vs_serve_vms(struct vs_ask *rq);
enum MHD_Result vs_serve_vm(struct vs_ask *rq);
enum MHD_Result vs_serve_why(struct vs_ask *rq);
enum MHD_Result vs_serve_driver(struct vs_ask *rq);
enum MHD_Result vs_serve_driver_vms(struct vs_ask *rq);
enum MHD_Result vs_serve_driver_vnics(struct vs_ask *rq);
enum MHD_Result vs_serve_vnics(struct vs_ask *rq);
enum MHD_Result vs_serve_vnic(struct vs_ask *rq);
enum MHD_Result vs_serve_forget(struct vs_ask *rq);
enum MHD_Result vs_serve_events(struct vs_ask *rq);
enum MHD_Result vs_serve_stream(struct vs_ask *rq);
enum MHD_Result vs_serve_alerts(struct vs_ask *rq);
enum MHD_Result vs_serve_sync(struct vs_ask *rq);
enum MHD_Result vs_serve_recover(struct vs_ask *rq);
enum MHD_Result vs_serve_recoveries(struct vs_ask *rq);
enum MHD_Result vs_serve_recovery(struct vs_ask *rq);
enum MHD_Result vs_serve_metrics(struct vs_ask *rq);

/* status.c */
json_t *vs_status_doc(const struct vs_api_view *view);

/* events.c */

/* the part of a query that a list and a stream share */
bool vs_events_filter(struct vs_ask *rq, struct vs_history_query *q,
		      struct vs_uuid *vm, enum MHD_Result *result);
/* an event of the history */
json_t *vs_events_doc(struct vs_ask *rq, uint64_t seq,
		      const struct vs_event *event, bool facts);

/* stream.c */
void vs_stream_wake(struct vs_api *api);
/* is it to say that it is there, or has the client gone? */
bool vs_stream_due(const struct vs_ask *rq, vs_time now);
void vs_stream_free(struct vs_ask *rq);

#endif
