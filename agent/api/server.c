// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server in the loop: it is run whenever its descriptor is ready or its
 * time has come. Who takes too long is hung up on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "api/model.h"
#include "host/clock.h"

/* milliseconds between two looks at who takes too long */
#define VS_SERVER_SWEEP 1000
/* that many times its patience an answer may take */
#define VS_SERVER_ANSWER 6
/* connections that only root gets */
#define VS_SERVER_RESERVE 2
/* bytes for a request's head, and for what is sent at a time */
#define VS_SERVER_MEMORY (32 * 1024)

static int vs_server_timer(sd_event_source *source, uint64_t usec, void *ctx)
{
	(void)source;
	(void)usec;
	vs_server_run(ctx);
	return 0;
}

static int vs_server_arm(struct vs_api *api, sd_event_source **source,
			 uint64_t ms, sd_event_time_handler_t fn)
{
	int ret;

	if (!*source)
		return sd_event_add_time_relative(api->loop, source,
						  CLOCK_MONOTONIC, ms * 1000,
						  1000, fn, api);
	ret = sd_event_source_set_time_relative(*source, ms * 1000);
	return ret < 0 ? ret : sd_event_source_set_enabled(*source,
							SD_EVENT_ONESHOT);
}

void vs_server_run(struct vs_api *api)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(api->http);
	if (MHD_get_timeout(api->http, &ms) == MHD_YES)
		vs_server_arm(api, &api->timer, ms, vs_server_timer);
	else if (api->timer)
		sd_event_source_set_enabled(api->timer, SD_EVENT_OFF);
}

void vs_server_soon(struct vs_api *api)
{
	vs_server_arm(api, &api->timer, 0, vs_server_timer);
}

static int vs_server_ready(sd_event_source *source, int fd, uint32_t events,
			   void *ctx)
{
	(void)source;
	(void)fd;
	(void)events;
	vs_server_run(ctx);
	return 0;
}

/* has it had all the time there is? */
static bool vs_server_late(const struct vs_peer *p, vs_time now)
{
	vs_time patience = p->api->config.patience;

	if (p->endless)
		return false;
	if (p->asked)
		patience *= VS_SERVER_ANSWER;
	return now - p->since > patience;
}

/* has it waited long enough? */
static bool vs_server_waited(const struct vs_ask *rq, vs_time now)
{
	if (rq->stream)
		return vs_stream_due(rq, now);
	return now - rq->wanted > rq->api->config.sync_patience;
}

/* a client that sends a byte now and then is never idle, and still too late */
static int vs_server_sweep(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct vs_api *api = ctx;
	vs_time now = vs_clock_steady();

	(void)source;
	(void)usec;
	for (struct vs_peer *p = api->peers; p; p = p->next) {
		if (vs_server_late(p, now))
			shutdown(p->fd, SHUT_RDWR);
	}
	for (struct vs_ask *rq = api->waiting, *next; rq; rq = next) {
		next = rq->next;
		if (!vs_server_waited(rq, now))
			continue;
		/* a stream says that it is there, and sees who is not */
		if (rq->stream)
			rq->over = true;
		vs_wait_over(rq);
	}
	if (api->peers)
		vs_server_arm(api, &api->sweep, VS_SERVER_SWEEP,
			      vs_server_sweep);
	vs_server_run(api);
	return 0;
}

static void vs_server_came(struct vs_api *api, struct MHD_Connection *conn,
			   void **socket_ctx)
{
	const union MHD_ConnectionInfo *info;
	struct vs_peer *p = calloc(1, sizeof(*p));

	info = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (!p || !info) {
		/* there is no request without it, see vs_ask_run() */
		free(p);
		return;
	}
	p->api = api;
	p->fd = info->connect_fd;
	p->right = vs_peer_right(p->fd, api->group);
	p->since = vs_clock_steady();
	p->next = api->peers;
	if (p->next)
		p->next->prev = p;
	else
		vs_server_arm(api, &api->sweep, VS_SERVER_SWEEP,
			      vs_server_sweep);
	api->peers = p;
	api->n_peers++;
	*socket_ctx = p;
	if (p->right < VS_RIGHT_ACT && api->n_peers >
				       api->config.connections -
				       VS_SERVER_RESERVE)
		shutdown(p->fd, SHUT_RDWR);
}

static void vs_server_went(struct vs_api *api, struct vs_peer *p)
{
	if (!p)
		return;
	if (p->prev)
		p->prev->next = p->next;
	else
		api->peers = p->next;
	if (p->next)
		p->next->prev = p->prev;
	api->n_peers--;
	free(p);
}

static void vs_server_connection(void *ctx, struct MHD_Connection *conn,
				 void **socket_ctx,
				 enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		vs_server_came(ctx, conn, socket_ctx);
	else
		vs_server_went(ctx, *socket_ctx);
}

/* what the library says of clients is nobody's business */
static void vs_server_log(void *ctx, const char *fmt, va_list ap)
{
	(void)ctx;
	(void)fmt;
	(void)ap;
}

static struct MHD_Daemon *vs_server_open(struct vs_api *api)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
				MHD_USE_ERROR_LOG, 0, NULL, NULL,
				vs_ask_run, api,
				MHD_OPTION_EXTERNAL_LOGGER, vs_server_log,
				NULL,
				MHD_OPTION_LISTEN_SOCKET, api->listen.fd,
				MHD_OPTION_CONNECTION_LIMIT,
				api->config.connections,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				(size_t)VS_SERVER_MEMORY,
				MHD_OPTION_STRICT_FOR_CLIENT, 1,
				MHD_OPTION_URI_LOG_CALLBACK, vs_ask_new,
				api,
				MHD_OPTION_NOTIFY_COMPLETED, vs_ask_end,
				api,
				MHD_OPTION_NOTIFY_CONNECTION,
				vs_server_connection, api,
				MHD_OPTION_END);
}

static int vs_server_start(struct vs_api *api)
{
	const union MHD_DaemonInfo *info;

	api->http = vs_server_open(api);
	if (!api->http)
		return -ENOMEM;
	info = MHD_get_daemon_info(api->http, MHD_DAEMON_INFO_EPOLL_FD);
	if (!info)
		return -EIO;
	return sd_event_add_io(api->loop, &api->io, info->epoll_fd, EPOLLIN,
			       vs_server_ready, api);
}

int vs_api_start(sd_event *loop, const struct vs_api_config *config,
		 struct vs_api **result, struct vs_error *error)
{
	struct vs_api *api = calloc(1, sizeof(*api));
	int ret;

	if (!api)
		return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	api->loop = sd_event_ref(loop);
	api->config = *config;
	api->listen.fd = -1;
	api->program = strdup(config->program);
	api->group = vs_peer_group(config->group);
	ret = vs_listen_open(&api->listen, config->path, api->group, error);
	if (!ret) {
		ret = api->program ? vs_server_start(api) : -ENOMEM;
		if (ret < 0)
			vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NONE, ret,
				     NULL);
	}
	if (ret < 0) {
		vs_api_stop(api);
		return ret;
	}
	*result = api;
	return 0;
}

void vs_api_stop(struct vs_api *api)
{
	if (!api)
		return;
	sd_event_source_disable_unref(api->io);
	sd_event_source_disable_unref(api->timer);
	sd_event_source_disable_unref(api->sweep);
	if (api->http) {
		/* the socket is not the server's to close */
		MHD_quiesce_daemon(api->http);
		while (api->waiting)
			vs_wait_over(api->waiting);
		MHD_stop_daemon(api->http);
	}
	vs_listen_close(&api->listen);
	free(api->program);
	sd_event_unref(api->loop);
	free(api);
}
