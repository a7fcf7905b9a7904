// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/model.h"

/* rows that go at once: nobody is to wait long for it */
#define VS_HISTORY_PRUNE 5000

int vs_history_failed(struct vs_history *h, enum vs_op op, int rc,
		      struct vs_error *error)
{
	int ret = vs_db_fail(h, op, rc, error);

	if (ret == -EUCLEAN && !h->read_only)
		vs_db_close(h);
	return ret;
}

/* a writer sets a damaged file aside and begins anew */
static int vs_history_reopen(struct vs_history *h, struct vs_error *error)
{
	int ret = vs_db_open(h, error), rc;

	if (ret == -EUCLEAN && !h->read_only && !h->guest &&
	    !vs_aside_set(h)) {
		vs_waiting_tell(h);
		ret = vs_db_open(h, error);
	}
	if (ret)
		return ret;
	rc = vs_count_load(h);
	if (!rc)
		rc = vs_outgoing_load(h);
	if (rc)
		ret = vs_history_failed(h, VS_OP_READ_FILE, rc, error);
	return ret;
}

int vs_history_connect(struct vs_history *h, struct vs_error *error)
{
	/* who removed the file wants another one, not a file without a name */
	if (!h->read_only && h->db && !vs_db_is_there(h))
		vs_db_close(h);
	return h->db ? 0 : vs_history_reopen(h, error);
}

int vs_history_open(const char *path, bool read_only,
		    struct vs_history **history, struct vs_error *error)
{
	struct vs_history *h = calloc(1, sizeof(*h));
	int ret;

	*history = NULL;
	if (h)
		h->path = strdup(path);
	if (!h || !h->path) {
		free(h);
		return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	}
	h->last = &h->first;
	h->own = -1;
	h->read_only = read_only;
	/* what is remembered has to be read before anything is done */
	h->patience = VS_DB_LONG_PATIENCE;
	ret = vs_history_connect(h, error);
	if (!read_only)
		h->patience = VS_DB_PATIENCE;
	if (h->db)
		sqlite3_busy_timeout(h->db, h->patience);
	if (ret && (read_only || ret == -ENOMEM || ret == -EALREADY))
		vs_history_close(h);
	else
		*history = h;
	return ret;
}

void vs_history_close(struct vs_history *h)
{
	if (!h)
		return;
	vs_db_close(h);
	vs_own_drop(h);
	vs_waiting_free(h);
	vs_rows_free(&h->alerts);
	vs_rows_free(&h->pending);
	vs_rows_free(&h->claims);
	free(h->counts);
	free(h->aside);
	free(h->path);
	free(h);
}

int vs_history_append(const char *path, const struct vs_event *event,
		      struct vs_error *error)
{
	struct vs_history h = {
		.path = strdup(path), .guest = true, .own = -1,
		.patience = VS_DB_LONG_PATIENCE,
	};
	int ret = -ENOMEM;

	h.last = &h.first;
	if (h.path && !vs_history_add(&h, event))
		ret = vs_history_commit(&h, error);
	else
		vs_error_set(error, VS_OP_WRITE_FILE, VS_WHY_NO_MEMORY,
			     ENOMEM, NULL);
	vs_db_close(&h);
	vs_waiting_free(&h);
	free(h.counts);
	free(h.path);
	return ret;
}

int vs_history_begin(struct vs_history *h, struct vs_error *error)
{
	h->broken = false;
	return vs_history_connect(h, error);
}

int vs_history_add(struct vs_history *h, const struct vs_event *event)
{
	return vs_waiting_add(h, event, false);
}

size_t vs_history_waiting(const struct vs_history *h)
{
	return h->waiting;
}

const char *vs_history_aside(const struct vs_history *h)
{
	return h->aside;
}

void vs_history_listen(struct vs_history *h, vs_event_fn fn, void *ctx)
{
	h->listener = fn;
	h->listener_ctx = ctx;
	vs_waiting_tell(h);
}

static int vs_history_write(struct vs_history *h)
{
	int rc = vs_waiting_write(h);

	if (!rc)
		rc = vs_count_write(h);
	if (!rc && h->saved)
		rc = vs_rows_write(h, "alert", &h->alerts);
	if (!rc && h->saved)
		rc = vs_rows_write(h, "pending", &h->pending);
	if (!rc && h->claimed)
		rc = vs_rows_write(h, "claim", &h->claims);
	if (!rc)
		rc = vs_outgoing_write(h);
	return rc;
}

static int vs_history_transaction(struct vs_history *h)
{
	int rc = vs_db_exec(h, "BEGIN IMMEDIATE");

	if (!rc)
		rc = vs_history_write(h);
	return rc ? rc : vs_db_exec(h, "COMMIT");
}

/* that events were lost is an event too, in the first that can be written */
static int vs_history_try(struct vs_history *h, struct vs_error *error)
{
	struct vs_event event = {
		.id = VS_EVENT_EVENTS_LOST,
		.level = VS_LEVEL_ERROR,
		.count = h->lost,
		.error = &h->lost_error,
	};
	size_t waiting = h->waiting;
	int rc, ret;

	if (h->lost)
		vs_waiting_own(h, &event);
	rc = vs_history_transaction(h);
	if (!rc) {
		h->lost = 0;
		return 0;
	}
	ret = vs_db_fail(h, VS_OP_WRITE_FILE, rc, error);
	/* not begun, or ended by SQLite itself: fine */
	vs_db_exec(h, "ROLLBACK");
	if (h->waiting > waiting)
		vs_waiting_pop(h);
	return ret;
}

static int vs_history_write_all(struct vs_history *h, struct vs_error *error)
{
	int ret = vs_history_connect(h, error);

	if (!ret)
		ret = vs_history_try(h, error);
	if (ret != -EUCLEAN || h->guest)
		return ret;
	/* the new file gets what waits, and all that the engine remembers */
	vs_db_close(h);
	if (!vs_aside_set(h)) {
		vs_waiting_tell(h);
		ret = vs_history_connect(h, error);
	}
	return ret ? ret : vs_history_try(h, error);
}

int vs_history_commit(struct vs_history *h, struct vs_error *error)
{
	int ret;

	if (!h->broken && !h->waiting && !h->lost && !h->saved &&
	    !h->claimed && h->handed == h->handed_there && h->db)
		return 0;
	ret = h->broken ? vs_error_set(error, VS_OP_WRITE_FILE,
				       VS_WHY_NO_MEMORY, ENOMEM, NULL) :
			  vs_history_write_all(h, error);
	if (ret) {
		vs_waiting_limit(h, error);
		return ret;
	}
	sqlite3_busy_timeout(h->db, h->patience);
	vs_waiting_tell(h);
	vs_count_written(h);
	vs_outgoing_written(h);
	if (h->waiting)
		vs_db_touch(h);
	vs_waiting_free(h);
	h->saved = false;
	h->claimed = false;
	return 0;
}

int vs_history_prune(struct vs_history *h, vs_time before,
		     struct vs_error *error)
{
	sqlite3_stmt *stmt;
	int rc, n;

	rc = vs_history_connect(h, error);
	if (rc)
		return rc;
	rc = vs_db_prepare(h, &stmt,
			   "DELETE FROM event WHERE seq IN (SELECT seq FROM "
			   "event WHERE time < ?1 ORDER BY time LIMIT ?2)");
	if (!rc) {
		sqlite3_bind_int64(stmt, 1, before);
		sqlite3_bind_int(stmt, 2, VS_HISTORY_PRUNE);
		rc = sqlite3_step(stmt);
		sqlite3_finalize(stmt);
	}
	if (rc != SQLITE_DONE)
		return vs_history_failed(h, VS_OP_WRITE_FILE, rc, error);
	n = sqlite3_changes(h->db);
	/* what cannot be given back now is given back later */
	if (n)
		vs_db_exec(h, "PRAGMA incremental_vacuum");
	return n;
}
