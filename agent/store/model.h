/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the history holds; private to store/. Prototypes stand under the file
 * that owns them.
 */
#ifndef VS_STORE_MODEL_H
#define VS_STORE_MODEL_H

#include <jansson.h>
#include <sqlite3.h>

#include "store/history.h"

/**
 * struct vs_waiting - an event that is not written yet
 * @own: the history's own, not yet handed to the listener
 * @ticket: of one that is to be sent on; 0: it is not
 * @cause: its cause; NULL: not known
 * @step: the first of the steps that fit; NULL: none
 * @data: vs_event_write(), as text
 */
struct vs_waiting {
	struct vs_waiting *next;
	vs_time time;
	unsigned int id;
	int level;
	bool own;
	bool has_vm;
	struct vs_uuid vm;
	uint64_t ticket;
	const char *cause;
	const char *step;
	char *vm_name;
	char *data;
};

/**
 * struct vs_row - a row of a table of keys and texts
 * @write: the table does not have it so
 */
struct vs_row {
	char *key;
	char *data;
	bool write;
};

/**
 * struct vs_rows - what such a table is to hold
 * @v: the rows
 * @n: how many
 * @cap: room for how many
 * @failed: memory ran out: they are incomplete
 */
struct vs_rows {
	struct vs_row *v;
	size_t n;
	size_t cap;
	bool failed;
};

/** struct vs_count - how many events of an ID were recorded */
struct vs_count {
	unsigned int id;
	uint64_t n;
};

/* a running agent does not wait for whoever holds the lock longer than that */
#define VS_DB_PATIENCE 100
/* but who begins, reads, or comes to write once has time */
#define VS_DB_LONG_PATIENCE 5000

/**
 * struct vs_history - an open history, or one that waits to be opened
 * @path: its file
 * @read_only: is not written
 * @guest: is written once, beside the one whose it is
 * @patience: how long others may keep it locked, milliseconds
 * @own: the lock that keeps other writers away; -1: not held
 * @db: NULL: cannot be used now
 * @aside: see vs_history_aside()
 * @first: events that wait, the oldest first
 * @last: where the next one goes
 * @waiting: how many
 * @lost: how many found no room, and have not been told
 * @lost_error: why
 * @alerts: what the engine remembers; to be written when @saved
 * @pending: likewise
 * @saved: vs_history_save() was called since the last good commit
 * @claims: refused claims that were told; to be written when @claimed
 * @claimed: vs_history_save_claims() was called since then
 * @ticket: the last that was given
 * @ticket_before: the last that was given by an earlier run
 * @handed: all up to this one were handed to the receiver
 * @handed_there: as the database has it
 * @broken: it ran out of memory
 * @counts: by ID
 * @n_counts: how many
 * @listener: takes the history's own events
 * @listener_ctx: handed to it
 */
struct vs_history {
	char *path;
	bool read_only;
	bool guest;
	int patience;
	int own;
	sqlite3 *db;
	char *aside;
	struct vs_waiting *first;
	struct vs_waiting **last;
	size_t waiting;
	uint64_t lost;
	struct vs_error lost_error;
	struct vs_rows alerts;
	struct vs_rows pending;
	bool saved;
	struct vs_rows claims;
	bool claimed;
	uint64_t ticket;
	uint64_t ticket_before;
	uint64_t handed;
	uint64_t handed_there;
	bool broken;
	struct vs_count *counts;
	size_t n_counts;
	vs_event_fn listener;
	void *listener_ctx;
};

/* db.c */

/* the negative errno for a result of SQLite; @error: with path and advice */
int vs_db_fail(struct vs_history *h, enum vs_op op, int rc,
	       struct vs_error *error);
/* likewise for an errno; @what: NULL: what it means */
int vs_db_refuse(struct vs_history *h, int err, const char *what,
		 struct vs_error *error);
int vs_db_exec(struct vs_history *h, const char *sql);
int vs_db_prepare(struct vs_history *h, sqlite3_stmt **stmt, const char *sql);
/* 0 or the result of SQLite */
int vs_db_number(struct vs_history *h, const char *sql, int64_t *n);
int vs_db_open(struct vs_history *h, struct vs_error *error);
/* is the file still the one of that name? */
bool vs_db_is_there(struct vs_history *h);
/*
 * Let those who follow know that there is something to read. SQLite's own
 * writes are no sign of that: they come before it can be read.
 */
void vs_db_touch(struct vs_history *h);
void vs_db_close(struct vs_history *h);

/* own.c */

/* be the one that keeps the history; 0, -EALREADY, or a negative errno */
int vs_own_take(struct vs_history *h, struct vs_error *error);
void vs_own_drop(struct vs_history *h);
/* has anybody ever kept it? */
bool vs_own_was(const struct vs_history *h);

/* schema.c */

/** VS_SCHEMA_HEAD - bytes of a file that are looked at before SQLite sees it */
#define VS_SCHEMA_HEAD 100

/*
 * May a file that begins like this be one of ours, be it damaged? Another one
 * must not be taken for it and set aside. 0 or -EPROTO.
 */
int vs_schema_head(struct vs_history *h, const unsigned char *head, size_t n,
		   struct vs_error *error);
/* bring the database up to date; 0, -EPROTO, or a negative errno */
int vs_schema_update(struct vs_history *h, struct vs_error *error);
/* is it one that this program can read? */
int vs_schema_check(struct vs_history *h, struct vs_error *error);

/* aside.c */

/* close and rename a damaged database, tell so; 0 or a negative errno */
int vs_aside_set(struct vs_history *h);

/* history.c */

/* what a failed statement means; a damaged file is closed, to be set aside */
int vs_history_failed(struct vs_history *h, enum vs_op op, int rc,
		      struct vs_error *error);
/* open the file, if need be */
int vs_history_connect(struct vs_history *h, struct vs_error *error);

/* waiting.c */
int vs_waiting_add(struct vs_history *h, const struct vs_event *event,
		   bool own);
/* an event of the history's own; what is not set is filled in */
void vs_waiting_own(struct vs_history *h, struct vs_event *event);
/* the newest is to be sent on; @ticket */
uint64_t vs_waiting_outgoing(struct vs_history *h, uint64_t ticket);
/* let the listener know of those */
void vs_waiting_tell(struct vs_history *h);
/* take the newest back */
void vs_waiting_pop(struct vs_history *h);
void vs_waiting_limit(struct vs_history *h, const struct vs_error *error);
int vs_waiting_write(struct vs_history *h);
void vs_waiting_free(struct vs_history *h);

/* rows.c */
void vs_rows_add(struct vs_rows *rows, const char *key, json_t *data);
/* make a table hold these; sorts them. The result of SQLite */
int vs_rows_write(struct vs_history *h, const char *table,
		  struct vs_rows *rows);
void vs_rows_free(struct vs_rows *rows);
/* each row of @sql; @fn: -EINVAL: damaged, go on. See vs_history_each() */
int vs_rows_each(struct vs_history *h, const char *sql,
		 int (*fn)(void *ctx, const json_t *data,
			   struct vs_error *error),
		 void *ctx, struct vs_error *error);

/* outgoing.c */
int vs_outgoing_load(struct vs_history *h);
int vs_outgoing_write(struct vs_history *h);
void vs_outgoing_written(struct vs_history *h);

/* count.c */
int vs_count_load(struct vs_history *h);
int vs_count_write(struct vs_history *h);
void vs_count_written(struct vs_history *h);

#endif
