/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon. Prototypes stand under the file that owns them, which makes
 * this its map.
 *
 * One thread runs an event loop, and everything here is its alone; the
 * keeper's thread beside it (keeper.h) only answers through a queue. Whatever
 * comes, from the driver, the kernel's links, the keeper, a timer or a signal,
 * does no work of its own: it says what has to be looked at, and calls for a
 * pass. A pass, some time later, reads what the host and the driver say, binds
 * what can be bound, has the engine compare, and tells of what came out. So a
 * thousand notifications make few passes, and a lost one costs nothing. Only a
 * port that has gone changes its VM's state before the pass.
 */
#ifndef VS_DAEMON_AGENT_H
#define VS_DAEMON_AGENT_H

#include <systemd/sd-event.h>

#include "api/api.h"
#include "cli/cli.h"
#include "core/engine.h"
#include "daemon/conf.h"
#include "daemon/keeper.h"
#include "daemon/refusal.h"
#include "driver/event.h"
#include "driver/reading.h"
#include "host/foreign.h"
#include "host/ports.h"
#include "recover/explainer.h"
#include "recover/window.h"
#include "store/forward.h"
#include "store/history.h"

/**
 * struct vs_appliance - our session with the driver
 * @session: the session
 * @beat: when the next heartbeat is due
 * @again: when to try again to get a session
 * @resigned: an operator has taken it from us
 * @tried: the driver was asked for it
 * @said: it was said whether an earlier agent ended without a word
 * @error: why there is none
 */
struct vs_appliance {
	struct vs_session session;
	sd_event_source *beat;
	sd_event_source *again;
	bool resigned;
	bool tried;
	bool said;
	struct vs_error error;
};

/**
 * struct vs_claims - refused claims of ports that are not bound: told once
 * @v: they
 * @n: how many
 * @changed: the history does not have them so
 */
struct vs_claims {
	struct vs_claimed *v;
	size_t n;
	bool changed;
};

/**
 * struct vs_doorbell - the driver's notifications
 * @listener: they
 * @open: it listens
 * @source: its descriptor in the loop
 * @again: when to try again to listen
 * @lost: how many times some were lost
 */
struct vs_doorbell {
	struct vs_listener listener;
	bool open;
	sd_event_source *source;
	sd_event_source *again;
	uint64_t lost;
};

/**
 * struct vs_route - the kernel's links
 * @links: they, and what tells of changes
 * @source: its descriptor in the loop
 * @again: when they are dumped anew
 * @look: when to look for foreign programs
 * @foreign: what was found
 */
struct vs_route {
	struct vs_link_cache links;
	sd_event_source *source;
	sd_event_source *again;
	sd_event_source *look;
	struct vs_foreigns foreign;
};

/** VS_MANAGER_TOOK - answers of the inventory of which it is remembered how
 * long they took
 */
#define VS_MANAGER_TOOK 8

/**
 * struct vs_manager - the Manager's list, and the hypervisor's word
 * @keeper: the thread; NULL: given up, a new one comes
 * @source: its descriptor in the loop
 * @deadline: when it is given up
 * @refresh: when the list is to be read whether something changed or not
 * @redial: when a hypervisor that failed is asked again
 * @file: changes of the inventory's file
 * @pause: until it is asked again after a failure, milliseconds
 * @redial_pause: likewise the hypervisor, unless it is the Manager as well; 0:
 *                it answers
 * @answered: it was read, or could not be
 * @read_at: when it was read last
 * @began: when the last attempt to read it began, of vs_clock_steady()
 * @took: how long its last answers took, milliseconds: answer n is at n modulo
 *        VS_MANAGER_TOOK
 * @answers: how many there were
 * @domains: what the hypervisor said of its VMs
 */
struct vs_manager {
	struct vs_keeper *keeper;
	sd_event_source *source;
	sd_event_source *deadline;
	sd_event_source *refresh;
	sd_event_source *redial;
	sd_event_source *file;
	vs_time pause;
	vs_time redial_pause;
	bool answered;
	vs_time read_at;
	vs_time began;
	vs_time took[VS_MANAGER_TOOK];
	size_t answers;
	struct vs_domain *domains;
};

/** struct vs_arrival - a VM that has come from another host */
struct vs_arrival {
	struct vs_uuid vm;
	vs_time at;		/* milliseconds since boot: to be protected */
};

/** struct vs_arrivals - those of the last few seconds, the oldest first */
struct vs_arrivals {
	sd_event_source *source;
	struct vs_arrival *v;
	size_t n;
};

/**
 * struct vs_binder - new vNICs
 * @again: when to look again for who holds them
 * @pause: until then, milliseconds
 * @known: entries of ports whose process did not tell who it is, or which
 *         were refused: told once. By creation ID
 * @n_known: how many
 * @refused: bindings that the driver has refused
 * @retry: when the next of them is tried again
 */
struct vs_binder {
	sd_event_source *again;
	vs_time pause;
	uint64_t *known;
	size_t n_known;
	struct vs_refusals refused;
	sd_event_source *retry;
};

/**
 * struct vs_pass - when the next pass comes
 * @source: its timer
 * @due: when the engine wants one
 * @planned: a pass is on its way
 * @ended: when the last one ended
 * @lasted: how long it took
 * @count: how many there were
 */
struct vs_pass {
	sd_event_source *source;
	sd_event_source *due;
	bool planned;
	uint64_t ended;
	uint64_t lasted;
	uint64_t count;
};

/**
 * struct vs_record_state - what is written down
 * @history: the history; never NULL while it runs
 * @prune: when old events are dropped next
 * @open: a transaction is open
 * @trouble: it could not be written the last time
 * @listed: when the Manager's list was read that is kept
 * @lines: what is to be said once the history has it: a level's digit, the
 *         text, and a newline each
 */
struct vs_record_state {
	struct vs_history *history;
	sd_event_source *prune;
	bool open;
	bool trouble;
	vs_time listed;
	struct vs_buf lines;
};

/**
 * struct vs_hold - maintenance windows
 * @windows: they, while @open
 * @open: an evaluation is on
 * @trouble: they could not be read the last time
 */
struct vs_hold {
	struct vs_windows windows;
	bool open;
	bool trouble;
};

/**
 * struct vs_outlet - where events are sent on; all zeros: nowhere
 * @forward: sends
 * @source: its descriptor in the loop
 * @idle: when it is written down how far it came
 * @resumed: it has what an earlier run did not hand on
 */
struct vs_outlet {
	struct vs_forward *forward;
	sd_event_source *source;
	sd_event_source *idle;
	bool resumed;
};

/** struct vs_leap - the last time that the clock was put forward */
struct vs_leap {
	vs_time at;		/* what it was put to; 0: never */
	vs_time by;		/* milliseconds that did not pass */
};

/**
 * struct vs_retry - the interface for programs could not be had
 * @again: when to try again
 * @pause: until then, milliseconds; 0: it is not tried again
 */
struct vs_retry {
	sd_event_source *again;
	vs_time pause;
};

/**
 * struct vs_agent - the daemon
 * @loop: its loop
 * @conf_path: file of the configuration; NULL: the usual one
 * @conf: the configuration in force
 * @engine: compares
 * @vnics: the driver's entries, as of the last pass
 * @clock: what vs_agent_now() said last
 * @clock_boot: milliseconds since boot then
 * @leap: when the clock was put forward
 * @started: when it was
 * @api: the interface for programs; NULL: there is none
 * @api_retry: then
 * @jobs: its recoveries, which outlive it
 * @ready: a first pass is over
 */
struct vs_agent {
	sd_event *loop;
	const char *conf_path;
	struct vs_conf *conf;
	struct vs_engine *engine;
	struct vs_appliance appliance;
	struct vs_doorbell doorbell;
	struct vs_claims claims;
	struct vs_route route;
	struct vs_manager manager;
	struct vs_binder binder;
	struct vs_arrivals arrivals;
	struct vs_pass pass;
	struct vs_record_state record;
	struct vs_hold hold;
	struct vs_explainer explainer;
	struct vs_outlet journal;
	struct vs_outlet syslog;
	struct vs_vnics vnics;
	vs_time clock;
	int64_t clock_boot;
	struct vs_leap leap;
	vs_time started;
	struct vs_api *api;
	struct vs_retry api_retry;
	struct vs_jobs *jobs;
	bool ready;
};

/* agent.c */

/* run until a signal ends it; the exit status */
enum vs_exit vs_agent_run(const char *conf_path, struct vs_conf **conf);
/* what the engine goes by, as configured; its host is lent */
struct vs_engine_config vs_agent_engine(const struct vs_conf *conf);

/* half.c */

/* tell of recoveries that were cut short */
void vs_agent_halves(struct vs_agent *a, const char *folder);

/* reload.c */

/* read the configuration again; a bad one changes nothing */
void vs_agent_reload(struct vs_agent *a);

/* clock.c */

/*
 * Milliseconds since 1970; never goes back. When the clock was put forward, all
 * times that are remembered move with it, unless a transaction is open, which
 * is waited for. Those that are kept elsewhere must not be compared with it.
 */
vs_time vs_agent_now(struct vs_agent *a);
/* (re-)arm a timer, *source NULL or one that vs_timer_set() made */
int vs_timer_set(struct vs_agent *a, sd_event_source **source, vs_time ms,
		 sd_event_time_handler_t fn);
void vs_timer_stop(sd_event_source *source);

/* appliance.c */

/* ask for the session, waiting at most that many milliseconds */
void vs_appliance_attach(struct vs_agent *a, int patience);
/* give it up; enforcement stays as it is */
void vs_appliance_detach(struct vs_agent *a);
/* likewise, for good */
void vs_appliance_stop(struct vs_agent *a);
/* an operator wants us to give it up, or to take it again */
void vs_appliance_resign(struct vs_agent *a);
void vs_appliance_resume(struct vs_agent *a);
/* what the driver notifies of the session */
void vs_appliance_hear(struct vs_agent *a, const struct vs_driver_host *host);
/* read the driver's state and table */
void vs_appliance_read(struct vs_agent *a, struct vs_driver_reading *r);

/* doorbell.c */
int vs_doorbell_start(struct vs_agent *a);
void vs_doorbell_stop(struct vs_agent *a);

/* claims.c */

/* the driver has refused a second claim: tell of it, unless it was told */
void vs_claims_refused(struct vs_agent *a, const struct vs_driver_claim *c);
/* know what an earlier agent told of */
void vs_claims_restore(struct vs_agent *a);
/* have the next commit write down what was told; 0 or -ENOMEM */
int vs_claims_save(struct vs_agent *a);
void vs_claims_free(struct vs_agent *a);

/* route.c */
int vs_route_start(struct vs_agent *a);
/* take what rtnetlink told; 0, or a negative errno: the loop cannot go on */
int vs_route_run(struct vs_agent *a);
void vs_route_stop(struct vs_agent *a);

/* manager.c */
int vs_manager_start(struct vs_agent *a);
void vs_manager_stop(struct vs_agent *a);
/* have the list told; a pass follows when it was, or could not be. @afresh:
 * read it, even if the inventory tells of changes by itself
 */
void vs_manager_refresh(struct vs_agent *a, bool afresh);

/* binder.c */

/* put what the hypervisor says of ports where their processes do not say it */
void vs_binder_complete(struct vs_agent *a, struct vs_host_ports *ports);
/* bind what can be bound; true: the driver's table has changed */
bool vs_binder_bind(struct vs_agent *a, const struct vs_host_ports *ports);
/* something new has come: look often for a while */
void vs_binder_wake(struct vs_agent *a);
/* likewise, and try what was refused once more: somebody has asked for it */
void vs_binder_afresh(struct vs_agent *a);
void vs_binder_stop(struct vs_agent *a);

/* arrival.c */

/* a VM has come: it has a few seconds to become protected */
void vs_arrival_note(struct vs_agent *a, const struct vs_uuid *uuid);
void vs_arrival_stop(struct vs_agent *a);

/* recur.c */

/* an event is told: does it say that a VM keeps coming out of sync? */
void vs_recur_event(struct vs_agent *a, const struct vs_event *event);

/* api.c */

/*
 * The interface for programs; without one, the rest goes on. What may pass by
 * itself is tried again
 */
void vs_interface_start(struct vs_agent *a);
void vs_interface_stop(struct vs_agent *a);

/* pass.c */

/* microseconds of a clock that nobody sets */
uint64_t vs_pass_clock(void);
/* call for a pass */
void vs_pass_plan(struct vs_agent *a);
void vs_pass_stop(struct vs_agent *a);

/* record.c */

/*
 * Open a history; that it cannot be written now is no failure. -EALREADY:
 * another agent keeps it; -ENOMEM. Both are told.
 */
int vs_record_open(struct vs_agent *a, const char *database,
		   struct vs_history **history);
/* write to it from now on, also what waits for the one before; close that */
int vs_record_start(struct vs_agent *a, struct vs_history *history);
void vs_record_stop(struct vs_agent *a);
/* tell the engine what an earlier one knew */
void vs_record_restore(struct vs_agent *a);
/* did the last thing that was told of the appliance say that it is there? */
bool vs_record_was_online(struct vs_agent *a);
/* around everything that tells of events; @evaluated: the engine did */
void vs_record_begin(struct vs_agent *a);
void vs_record_end(struct vs_agent *a, bool evaluated);
/* @sent: it is not held back; its ticket, or 0 */
uint64_t vs_record_event(struct vs_agent *a, const struct vs_event *event,
			 bool sent);
/* write down how far the syslog receiver has come */
void vs_record_handed(struct vs_agent *a);
/* keep the Manager's list, if it is a new one */
void vs_record_list(struct vs_agent *a);

/* hold.c */

/* around an evaluation */
void vs_hold_begin(struct vs_agent *a);
void vs_hold_end(struct vs_agent *a);
/* is it not to be told of now? it is counted then */
bool vs_hold_event(struct vs_agent *a, const struct vs_event *event);

/* explain.c */

/* a case of what was read, as far as all VMs have it in common */
void vs_explain_case(struct vs_agent *a, const struct vs_snapshot *host,
		     struct vs_case *w);
/* around an evaluation of what was read, which stays until the end */
void vs_explain_begin(struct vs_agent *a, const struct vs_snapshot *host);
void vs_explain_end(struct vs_agent *a);
/* put the cause into an event, if it can be told */
void vs_explain_event(struct vs_agent *a, struct vs_event *event);

/* outlet.c */
int vs_outlets_start(struct vs_agent *a);
/* no more events come: what a digest waits for goes now */
void vs_outlets_settle(struct vs_agent *a);
void vs_outlets_stop(struct vs_agent *a);
/* the configuration has another syslog receiver, which gets what waits */
void vs_outlets_change(struct vs_agent *a);
/* another history comes: it does not know what waits */
void vs_outlets_leave(struct vs_agent *a);
/* send what an earlier run did not hand on, as soon as it can be read */
void vs_outlets_resume(struct vs_agent *a);
/* does the syslog receiver get events of that ID? */
bool vs_outlets_forward(const struct vs_agent *a, unsigned int id);
/* tell the history how far the syslog receiver has come */
void vs_outlets_handed(struct vs_agent *a);
/* an event, and its ticket; true: the journal gets it, so it needs no line */
bool vs_outlets_event(struct vs_agent *a, const struct vs_event *event,
		      uint64_t ticket);
/* the history has them: send them */
void vs_outlets_flush(struct vs_agent *a);

/* tell.c */

/* say the lines that wait */
void vs_agent_say(struct vs_agent *a);
/* an event; @ctx is the daemon */
void vs_agent_event(void *ctx, const struct vs_event *event);
/* a line for the journal; level as of <syslog.h> */
void vs_agent_log(int level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void vs_agent_log_error(int level, const char *what,
			const struct vs_error *error);
/* tell systemd how things are */
void vs_agent_status(struct vs_agent *a);

#endif
