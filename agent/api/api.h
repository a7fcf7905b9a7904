/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface for programs: HTTP and JSON on a unix socket. What there is to
 * ask for is described in openapi.yaml.
 *
 * It lives in the daemon's event loop and thread. Nothing in it waits: what
 * takes long is put aside until somebody says that it is over, or is done by
 * a process of its own.
 */
#ifndef VS_API_API_H
#define VS_API_API_H

#include <systemd/sd-event.h>

#include "core/buf.h"
#include "core/engine.h"
#include "driver/client.h"
#include "driver/session.h"
#include "driver/table.h"
#include "recover/case.h"
#include "store/history.h"

/** VS_API_GROUP - whose members may read */
#define VS_API_GROUP "vmsafe"
/** VS_API_CONNECTIONS - how many there may be at a time */
#define VS_API_CONNECTIONS 64
/** VS_API_UNDER_WAY - bytes of answers that nobody has taken yet; when there
 * are that many, who asks for a list has to come again
 */
#define VS_API_UNDER_WAY (32 * 1024 * 1024)
/** VS_API_PATIENCE - milliseconds in which a request has to have come whole */
#define VS_API_PATIENCE 20000

struct vs_api;
struct vs_jobs;

/** enum vs_api_session - our session with the driver */
enum vs_api_session {
	VS_API_SESSION_NONE,
	VS_API_SESSION_HELD,
	VS_API_SESSION_RESIGNED,	/* an operator has taken it */
	VS_API_SESSION_COUNT
};

/**
 * struct vs_api_view - the daemon as it is now
 * @engine: compares; as of the last pass
 * @history: what was recorded; NULL: there is none
 * @host: this host's name
 * @inventory: the Manager's URI
 * @foreign: foreign programs that were found on ports
 * @windows: file of the maintenance windows; NULL: there are none
 * @now: the time
 * @started: when the daemon was
 * @ready: a first pass is over
 * @session: our session with the driver
 * @epoch: its number
 * @session_error: why there is none; NULL: not known
 * @read_at: when the Manager's list was read last; 0: never
 * @took: how long that took, milliseconds
 * @passes: how many there were
 * @pass_us: how long the last one took, microseconds
 * @lost: how often notifications of the driver were lost
 */
struct vs_api_view {
	const struct vs_engine *engine;
	struct vs_history *history;
	const char *host;
	const char *inventory;
	const struct vs_foreigns *foreign;
	const char *windows;
	vs_time now;
	vs_time started;
	bool ready;
	enum vs_api_session session;
	uint64_t epoch;
	const struct vs_error *session_error;
	vs_time read_at;
	vs_time took;
	uint64_t passes;
	uint64_t pass_us;
	uint64_t lost;
};

/**
 * struct vs_api_ops - what the daemon does for it; nothing of it blocks
 * @look: show how things are
 * @sync: have everything read afresh; vs_api_synced() says when that is over
 * @done: record, and tell, that an operator has had something done: what, the
 *        host's state afterwards, and how many ports were bound by it
 * @examine: read the host's lists afresh, into @host for vs_snapshot_free(),
 *           and say what cases of it have in common
 * @list: read the driver's settings and a part of its table, see
 *        vs_driver_table_each()
 * @verify: ask the driver about a vNIC, as the appliance
 * @forget: forget an interface that is not in use and tell of it. @dry_run:
 *          only whether it may be. 0 with @v filled in; -EBUSY, -ENOTCONN: it
 *          may not be, said in @why; another negative errno, said in @error
 */
struct vs_api_ops {
	void (*look)(void *ctx, struct vs_api_view *view);
	void (*sync)(void *ctx);
	void (*done)(void *ctx, enum vs_event_id id, enum vs_state state,
		     uint64_t bound);
	void (*examine)(void *ctx, struct vs_snapshot *host,
			struct vs_case *of);
	int (*list)(void *ctx, const struct vs_driver_part *part,
		    struct vs_driver_host *host, struct vs_error *error);
	int (*verify)(void *ctx, const struct vs_vnic_fact *fact,
		      struct vmsafe_net_ioc_verify *verify,
		      struct vs_error *error);
	int (*forget)(void *ctx, const struct vs_port_name *port, bool dry_run,
		      struct vs_driver_vnic *v, struct vs_buf *why,
		      struct vs_error *error);
};

/**
 * struct vs_api_config - how it is to be; copied, but for what it points to
 * @path: the socket
 * @group: whose members may read, a name; NULL: nobody's
 * @connections: how many at a time, at least 4; a few are root's alone
 * @under_way: bytes of answers that are not taken yet, from which on a member
 *             of the group is told to come again; twice that for root
 * @patience: milliseconds in which a request has to have come whole
 * @sync_patience: milliseconds after which a sync that is not over is said
 *                 to take too long
 * @alive: milliseconds after which a stream that has nothing to tell says that
 *         it is there
 * @program: path of vmsafe, which does recoveries
 * @jobs: the recoveries
 * @ops: what the daemon does
 * @ctx: handed to that
 */
struct vs_api_config {
	const char *path;
	const char *group;
	unsigned int connections;
	size_t under_way;
	vs_time patience;
	vs_time sync_patience;
	vs_time alive;
	const char *program;
	struct vs_jobs *jobs;
	const struct vs_api_ops *ops;
	void *ctx;
};

/**
 * vs_api_start() - be there
 * @loop: the event loop
 * @config: how
 * @api: the interface, on success
 * @error: why not
 *
 * Return: 0 or a negative errno, see vs_listen_open().
 */
int vs_api_start(sd_event *loop, const struct vs_api_config *config,
		 struct vs_api **api, struct vs_error *error);

/**
 * vs_jobs_new() - recoveries, for as many interfaces as come and go
 * @loop: the event loop
 * @folder: where what is known of them outlives the agent; made if its folder
 *          is there. What an earlier agent left is read, and what runs of it
 *          is watched. NULL: nothing is kept
 * @after: the first number is a greater one: the time, say, so that no number
 *         is used again when the folder is lost
 * @ops: what the daemon does
 * @ctx: handed to that
 *
 * Return: they, or NULL: out of memory.
 */
struct vs_jobs *vs_jobs_new(sd_event *loop, const char *folder, uint64_t after,
			    const struct vs_api_ops *ops, void *ctx);

/** vs_jobs_free() - no interface uses them any longer; NULL is fine.
 * Recoveries that run are left to end by themselves
 */
void vs_jobs_free(struct vs_jobs *jobs);

/** vs_api_stop() - be no longer there; NULL is fine */
void vs_api_stop(struct vs_api *api);

/* What the daemon tells; NULL is fine for each. */

/** vs_api_recorded() - the history may have new events */
void vs_api_recorded(struct vs_api *api);

/** vs_api_synced() - everything was read, and compared
 * @api: the interface
 * @began: when reading began, of vs_clock_steady()
 */
void vs_api_synced(struct vs_api *api, vs_time began);

/** vs_api_event() - an event, for the figures */
void vs_api_event(struct vs_api *api, const struct vs_event *event);

/** vs_api_notice() - an entry of the driver changed, for the figures */
void vs_api_notice(struct vs_api *api, const struct vs_driver_vnic *v);

#endif
