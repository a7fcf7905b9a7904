// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events that are to be sent on. Each has a ticket, a number that grows, and
 * one number says up to which all were handed to the receiver. Both outlive the
 * agent, so that another one knows what its receiver did not get.
 */
#include <errno.h>

#include "host/clock.h"
#include "store/event_form.h"
#include "store/model.h"

int vs_outgoing_load(struct vs_history *h)
{
	int64_t handed, last;
	int rc = vs_db_number(h, "SELECT coalesce(max(ticket), 0) FROM handed",
			      &handed);

	if (!rc)
		rc = vs_db_number(h, "SELECT coalesce(max(ticket), 0) FROM "
				  "event WHERE ticket IS NOT NULL", &last);
	if (rc)
		return rc;
	h->handed_there = handed;
	if (h->handed < h->handed_there)
		h->handed = h->handed_there;
	last = last > handed ? last : handed;
	/* none of this run's was given yet */
	if (h->ticket == h->ticket_before && h->ticket < (uint64_t)last) {
		h->ticket = last;
		h->ticket_before = last;
	}
	return 0;
}

int vs_outgoing_write(struct vs_history *h)
{
	sqlite3_stmt *stmt;
	int rc;

	if (h->handed == h->handed_there)
		return SQLITE_OK;
	rc = vs_db_prepare(h, &stmt, "INSERT OR REPLACE INTO handed "
			   "(receiver, ticket) VALUES ('syslog', ?1)");
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, h->handed);
	rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void vs_outgoing_written(struct vs_history *h)
{
	h->handed_there = h->handed;
}

uint64_t vs_history_add_outgoing(struct vs_history *h,
				 const struct vs_event *event)
{
	/* beyond those of earlier runs, even if they cannot be read yet */
	if (!h->ticket) {
		h->ticket = vs_clock_ms(CLOCK_REALTIME) * 1000;
		h->ticket_before = h->ticket;
	}
	if (vs_waiting_add(h, event, false))
		return 0;
	return vs_waiting_outgoing(h, ++h->ticket);
}

void vs_history_handed(struct vs_history *h, uint64_t ticket)
{
	if (ticket > h->handed)
		h->handed = ticket;
}

void vs_history_hand_all(struct vs_history *h)
{
	vs_history_handed(h, h->ticket);
}

void vs_history_hand_again(struct vs_history *h)
{
	h->ticket_before = h->ticket;
}

/* a number of the range that is waited for */
static int vs_outgoing_number(struct vs_history *h, const char *sql,
			      size_t limit, int64_t *n)
{
	sqlite3_stmt *stmt;
	int rc = vs_db_prepare(h, &stmt, sql);

	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, h->handed);
	sqlite3_bind_int64(stmt, 2, h->ticket_before);
	sqlite3_bind_int64(stmt, 3, limit);
	rc = sqlite3_step(stmt);
	*n = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* damaged ones are passed over */
static int vs_outgoing_one(struct vs_history *h, sqlite3_stmt *stmt,
			   vs_history_fn fn, void *ctx)
{
	const char *data = (const char *)sqlite3_column_text(stmt, 1);
	struct vs_error error;
	const struct vs_reader reader = { .file = h->path, .error = &error };
	json_t *json = json_loads(data ? data : "", 0, NULL);
	struct vs_event_copy copy;
	int ret = vs_event_read(json, &copy, &reader);

	if (!ret)
		ret = fn(ctx, sqlite3_column_int64(stmt, 0), &copy.event);
	else if (ret == -EINVAL)
		ret = 0;
	vs_event_copy_free(&copy);
	json_decref(json);
	return ret;
}

int vs_history_each_outgoing(struct vs_history *h, size_t limit,
			     vs_history_fn fn, void *ctx, uint64_t *older,
			     struct vs_error *error)
{
	int64_t all = 0, first = 0;
	sqlite3_stmt *stmt;
	int rc, ret;

	ret = vs_history_connect(h, error);
	if (ret)
		return ret;
	rc = vs_outgoing_number(h, "SELECT count(*) FROM event WHERE ticket > "
				"?1 AND ticket <= ?2 AND ?3", limit, &all);
	/* the oldest of the newest */
	if (!rc)
		rc = vs_outgoing_number(h, "SELECT min(ticket) FROM (SELECT "
					"ticket FROM event WHERE ticket > ?1 "
					"AND ticket <= ?2 ORDER BY ticket "
					"DESC LIMIT ?3)", limit, &first);
	if (!rc)
		rc = vs_db_prepare(h, &stmt, "SELECT ticket, data FROM event "
				   "WHERE ticket >= ?1 AND ticket <= ?2 "
				   "AND ?1 ORDER BY ticket");
	if (rc)
		return vs_history_failed(h, VS_OP_READ_FILE, rc, error);
	*older = (uint64_t)all > limit ? all - limit : 0;
	sqlite3_bind_int64(stmt, 1, first);
	sqlite3_bind_int64(stmt, 2, h->ticket_before);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		ret = vs_outgoing_one(h, stmt, fn, ctx);
	sqlite3_finalize(stmt);
	return ret || rc == SQLITE_DONE ? ret :
	       vs_history_failed(h, VS_OP_READ_FILE, rc, error);
}
