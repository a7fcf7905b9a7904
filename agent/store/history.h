/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened and what is remembered, in a SQLite database: events,
 * what the engine knows from one start of the agent to the next, and the last
 * good list of the Manager.
 *
 * Events and the engine's memory of them change in one transaction, so that
 * whoever is killed at any moment neither loses nor doubles an event: either
 * both are there, or neither is and the next engine raises the event anew.
 *
 * A writer never loses an event silently. What cannot be written now waits in
 * memory and is written with the next transaction; what does not find room
 * there either is counted and told by an event of its own, 9008. A damaged
 * file is set aside under another name, told by 9007, and a new one begun.
 *
 * It has one writer, which holds PATH.lock for as long as it has it open; who
 * only appends, or reads, does not need that.
 *
 * Events are stored as facts. Text is made of them by core/text.h when they
 * are read, in the reader's language.
 */
#ifndef VS_STORE_HISTORY_H
#define VS_STORE_HISTORY_H

#include "core/alert.h"
#include "core/engine.h"
#include "core/error.h"
#include "core/event.h"
#include "core/feed.h"

/** VS_HISTORY_PATH - the database unless told otherwise */
#define VS_HISTORY_PATH "/var/lib/vmsafe/events.db"

/** VS_HISTORY_KEEP - how long events are kept unless told otherwise: a week,
 * in milliseconds
 */
#define VS_HISTORY_KEEP (7LL * 24 * 3600 * 1000)

/** VS_HISTORY_WAIT - events that may wait in memory between transactions */
#define VS_HISTORY_WAIT 16384

struct vs_history;

/**
 * vs_history_open() - open the database
 * @path: its file. A writer makes it (0600), and its folder (0750), and brings
 *        an older form up to date
 * @read_only: for reading, beside a writer or without one
 * @history: the history; NULL on failure, but see below
 * @error: why it cannot be used now, in one line
 *
 * Return: 0, or a negative errno: -ENOENT: there is none yet (a reader);
 * -EUCLEAN: it is damaged (a reader; a writer sets it aside and goes on);
 * -EPROTO: it was made by a newer version, or by another program; -EALREADY:
 * another writer keeps it (a writer); -ENOMEM; what opening and reading files
 * returns. For all but -EALREADY and -ENOMEM a writer has its *@history
 * nevertheless: events wait in memory, and every vs_history_begin() tries
 * again.
 */
int vs_history_open(const char *path, bool read_only,
		    struct vs_history **history, struct vs_error *error);

/**
 * vs_history_append() - record an event beside a writer, or without one
 * @path: the database's file; made if its folder is there
 * @event: the event
 * @error: why it could not be written
 *
 * One transaction. Somebody who writes just then is waited for, some seconds.
 * A damaged file is left to the writer.
 *
 * Return: 0; -ENOENT: there is no such folder; another negative errno.
 */
int vs_history_append(const char *path, const struct vs_event *event,
		      struct vs_error *error);

/** vs_history_close() - release it, and what still waits; NULL is fine */
void vs_history_close(struct vs_history *h);

/*
 * One transaction for each evaluation: begin, evaluate with vs_history_add()
 * for each event, save, commit.
 */

/**
 * vs_history_begin() - before an evaluation
 * @h: a writer
 * @error: why the database cannot be used now
 *
 * Return: 0, or a negative errno as vs_history_open(): it is no reason not to
 * evaluate, since events wait until the database can be used.
 */
int vs_history_begin(struct vs_history *h, struct vs_error *error);

/**
 * vs_history_add() - record an event
 * @h: a writer
 * @event: copied
 *
 * Return: 0 or -ENOMEM; then it is counted as lost.
 */
int vs_history_add(struct vs_history *h, const struct vs_event *event);

/**
 * vs_history_add_outgoing() - likewise, and it is to be sent on
 *
 * Return: its ticket, which is greater than all that were given; 0: it was
 * lost.
 */
uint64_t vs_history_add_outgoing(struct vs_history *h,
				 const struct vs_event *event);

/**
 * vs_history_handed() - that all up to @ticket were handed to the receiver
 *
 * Written by the next commit. Less than what was said before says nothing.
 */
void vs_history_handed(struct vs_history *h, uint64_t ticket);

/** vs_history_hand_all() - all were handed on, or somebody else does it */
void vs_history_hand_all(struct vs_history *h);

/** vs_history_hand_again() - what was not handed on until now is given out by
 * vs_history_each_outgoing() as if this were another run
 */
void vs_history_hand_again(struct vs_history *h);

/**
 * vs_history_save() - what the engine remembers: alerts, pending differences
 * @h: a writer
 * @e: an engine that has just evaluated
 *
 * What did not change since it was saved last is not written again.
 *
 * Return: 0 or -ENOMEM; then the commit fails.
 */
int vs_history_save(struct vs_history *h, const struct vs_engine *e);

/**
 * vs_history_commit() - write everything since vs_history_begin(), or nothing
 * @h: a writer
 * @error: why it could not be written
 *
 * Writes nothing at all when nothing happened.
 *
 * Return: 0, or a negative errno: -ENOSPC: no room; -EBUSY: somebody else
 * keeps it locked; -EROFS, -EIO, ... The events wait then.
 */
int vs_history_commit(struct vs_history *h, struct vs_error *error);

/** vs_history_waiting() - events that are not written yet */
size_t vs_history_waiting(const struct vs_history *h);

/**
 * vs_history_pass_on() - what waits is to be written elsewhere
 * @from: a writer; nothing waits for it afterwards
 * @to: a writer; its next commit writes it, before what waited there. Likewise
 *      it tells of what @from has lost
 */
void vs_history_pass_on(struct vs_history *from, struct vs_history *to);

/** vs_history_aside() - the name under which a damaged file was set aside, the
 * last one since vs_history_open(); NULL: none was
 */
const char *vs_history_aside(const struct vs_history *h);

/**
 * vs_history_listen() - be told the history's own events, 9007 and 9008
 * @h: a writer
 * @fn: takes them, besides their being recorded; NULL: nobody does
 * @ctx: handed to @fn
 *
 * Those that came about before, in vs_history_open(), are told at once.
 */
void vs_history_listen(struct vs_history *h, vs_event_fn fn, void *ctx);

/**
 * vs_history_restore() - tell a new engine what an earlier one knew
 * @h: the history
 * @e: an engine that has not evaluated yet
 * @error: what could not be read; the rest is restored
 *
 * Return: 0, -EUCLEAN (something could not be read) or -ENOMEM.
 */
int vs_history_restore(struct vs_history *h, struct vs_engine *e,
		       struct vs_error *error);

/**
 * struct vs_claimed - a claim that the driver refused
 * @instance: the instance of the driver, see VMSAFE_NET_A_HOST_INSTANCE
 * @id: creation ID of the claimant's entry
 * @holder_id: that of the holder's
 * @vm: which VM claims to be there
 */
struct vs_claimed {
	uint64_t instance;
	uint64_t id;
	uint64_t holder_id;
	struct vs_uuid vm;
};

/**
 * vs_history_save_claims() - of which refused claims it was told
 * @h: a writer
 * @v: all of them
 * @n: how many
 *
 * Written by the next commit, with the events that tell of them.
 *
 * Return: 0 or -ENOMEM; then the commit fails.
 */
int vs_history_save_claims(struct vs_history *h, const struct vs_claimed *v,
			   size_t n);

/**
 * vs_history_load_claims() - those that were saved last
 * @h: the history
 * @v: for free() in any case; NULL if there is none
 * @n: how many
 * @error: what could not be read; the rest is there
 *
 * Return: 0, -EUCLEAN (something could not be read), -ENOMEM, or another
 * negative errno.
 */
int vs_history_load_claims(struct vs_history *h, struct vs_claimed **v,
			   size_t *n, struct vs_error *error);

/**
 * struct vs_history_query - which events
 * @since: not before; 0: no limit
 * @until: before; 0: no limit
 * @id: event ID; 0: any
 * @level: this level or a higher one; VS_LEVEL_INFO: any
 * @vm: about this VM; NULL: any
 * @vm_name: about a VM that any event calls so; NULL: any
 * @after_seq: with a greater sequence number
 * @limit: how many; 0: no limit
 * @newest: of a limit, take the newest and not the oldest
 * @few: there are only a few after @after_seq: the rest need not be looked at
 *       for their sake
 * @unreadable: set: how many were passed over because they are damaged
 * @looked: set: how many fitted, damaged or not
 * @last: set: the last of them; 0: none
 */
struct vs_history_query {
	vs_time since;
	vs_time until;
	unsigned int id;
	enum vs_level level;
	const struct vs_uuid *vm;
	const char *vm_name;
	uint64_t after_seq;
	size_t limit;
	bool newest;
	bool few;
	size_t unreadable;
	size_t looked;
	uint64_t last;
};

/**
 * typedef vs_history_fn - takes an event
 * @seq: its sequence number: it grows from event to event and is never used
 *       again
 * @event: valid during the call
 *
 * Return: 0 to go on; anything else ends the walk and is returned.
 */
typedef int (*vs_history_fn)(void *ctx, uint64_t seq,
			     const struct vs_event *event);

/**
 * vs_history_each() - events in the order in which they were recorded
 * @h: the history
 * @query: which
 * @fn: takes them; must not call into @h
 * @ctx: handed to @fn
 * @error: why it failed
 *
 * Return: 0, what @fn returned, or a negative errno.
 */
int vs_history_each(struct vs_history *h, struct vs_history_query *query,
		    vs_history_fn fn, void *ctx, struct vs_error *error);

/**
 * vs_history_each_outgoing() - what an earlier run did not hand on
 * @h: a writer
 * @limit: the newest so many
 * @fn: takes them in the order of their tickets, which it has for numbers; must
 *      not call into @h
 * @ctx: handed to @fn
 * @older: how many were left out because of the limit
 * @error: why it failed
 *
 * Return: as vs_history_each().
 */
int vs_history_each_outgoing(struct vs_history *h, size_t limit,
			     vs_history_fn fn, void *ctx, uint64_t *older,
			     struct vs_error *error);

/**
 * vs_history_each_alert() - alerts that are open, the oldest first
 * @h: the history
 * @fn: takes them
 * @ctx: handed to @fn
 * @error: why it failed
 *
 * Return: as vs_history_each(); -EUCLEAN when some could not be read.
 */
int vs_history_each_alert(struct vs_history *h, vs_alert_fn fn,
			  void *ctx, struct vs_error *error);

/**
 * vs_history_prune() - drop old events
 * @h: a writer
 * @before: events of an earlier time go, but no more than some thousands at
 *          once: call it again when it says that there were some
 * @error: why it failed
 *
 * Return: how many went, or a negative errno.
 */
int vs_history_prune(struct vs_history *h, vs_time before,
		     struct vs_error *error);

/** typedef vs_history_count_fn - takes the count of an event ID */
typedef void (*vs_history_count_fn)(void *ctx, unsigned int id, uint64_t n);

/** vs_history_each_count() - how many events were ever recorded, by ID;
 * pruning does not lower it. From memory, so as of the last commit
 */
void vs_history_each_count(const struct vs_history *h, vs_history_count_fn fn,
			   void *ctx);

/**
 * vs_history_inventory_save() - keep the Manager's list, the last good one
 * @h: a writer
 * @e: an engine whose Manager's list is available, after an evaluation
 * @read_at: when the list was read
 * @error: why it failed
 *
 * Only what changed is written. A transaction of its own.
 *
 * Return: 0 or a negative errno as vs_history_commit().
 */
int vs_history_inventory_save(struct vs_history *h, const struct vs_engine *e,
			      vs_time read_at, struct vs_error *error);

/**
 * vs_history_inventory_load() - the list that was kept
 * @h: the history
 * @feed: takes it; between vs_engine_begin() and vs_engine_commit()
 * @read_at: when it was read
 * @error: why it failed
 *
 * Return: 0; -ENOENT: there is none; -EUCLEAN: it cannot be read; what @feed
 * returned. Unless 0, what was fed counts for nothing.
 */
int vs_history_inventory_load(struct vs_history *h, const struct vs_feed *feed,
			      vs_time *read_at, struct vs_error *error);

#endif
