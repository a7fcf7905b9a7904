// SPDX-License-Identifier: GPL-2.0-only
/* Events out of the history. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/name.h"
#include "store/event_form.h"
#include "store/model.h"

static void vs_read_where(struct vs_buf *sql,
			  const struct vs_history_query *q)
{
	vs_buf_add(sql, "SELECT seq, data FROM event WHERE seq > :after");
	if (q->since)
		vs_buf_add(sql, " AND time >= :since");
	if (q->until)
		vs_buf_add(sql, " AND time < :until");
	if (q->id)
		vs_buf_add(sql, " AND id = :id");
	if (q->level)
		vs_buf_add(sql, " AND level >= :level");
	if (q->vm)
		vs_buf_add(sql, " AND vm = :vm");
	/* a VM that was renamed is the same VM */
	if (q->vm_name && q->few)
		vs_buf_add(sql, " AND (vm_name = :name OR EXISTS (SELECT 1 "
			   "FROM event AS same WHERE same.vm = event.vm AND "
			   "same.vm_name = :name))");
	else if (q->vm_name)
		vs_buf_add(sql, " AND (vm_name = :name OR vm IN (SELECT vm "
			   "FROM event WHERE vm_name = :name AND vm IS NOT "
			   "NULL))");
}

static void vs_read_sql(struct vs_buf *sql, const struct vs_history_query *q)
{
	bool newest = q->limit && q->newest;

	if (newest)
		vs_buf_add(sql, "SELECT * FROM (");
	vs_read_where(sql, q);
	vs_buf_addf(sql, " ORDER BY seq%s", newest ? " DESC" : "");
	if (q->limit)
		vs_buf_add(sql, " LIMIT :limit");
	if (newest)
		vs_buf_add(sql, ") ORDER BY seq");
}

static void vs_read_bind_number(sqlite3_stmt *stmt, const char *name,
				int64_t value)
{
	int i = sqlite3_bind_parameter_index(stmt, name);

	if (i)
		sqlite3_bind_int64(stmt, i, value);
}

static int vs_read_bind_text(sqlite3_stmt *stmt, const char *name,
			     const char *text)
{
	int i = sqlite3_bind_parameter_index(stmt, name);

	return i ? sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT) :
		   SQLITE_OK;
}

static int64_t vs_read_int(uint64_t n)
{
	return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

static int vs_read_bind(sqlite3_stmt *stmt, const struct vs_history_query *q)
{
	char uuid[VS_UUID_STR] = "", name[VS_NAME_MAX + 1];
	int rc;

	vs_read_bind_number(stmt, ":after", vs_read_int(q->after_seq));
	vs_read_bind_number(stmt, ":since", q->since);
	vs_read_bind_number(stmt, ":until", q->until);
	vs_read_bind_number(stmt, ":id", q->id);
	vs_read_bind_number(stmt, ":level", q->level);
	vs_read_bind_number(stmt, ":limit", vs_read_int(q->limit));
	if (q->vm)
		vs_uuid_format(q->vm, uuid);
	rc = vs_read_bind_text(stmt, ":vm", uuid);
	/* events have names as they fit */
	if (q->vm_name && vs_name_check(q->vm_name) &&
	    !vs_name_fit(name, q->vm_name))
		return rc ? rc : vs_read_bind_text(stmt, ":name", name);
	return rc ? rc : vs_read_bind_text(stmt, ":name", q->vm_name);
}

static int vs_read_prepare(struct vs_history *h, sqlite3_stmt **stmt,
			   const struct vs_history_query *q)
{
	struct vs_buf sql = { 0 };
	int rc;

	vs_read_sql(&sql, q);
	rc = sql.failed ? SQLITE_NOMEM : vs_db_prepare(h, stmt, sql.data);
	vs_buf_free(&sql);
	if (rc)
		return rc;
	rc = vs_read_bind(*stmt, q);
	if (rc)
		sqlite3_finalize(*stmt);
	return rc;
}

/* hand one out; -EINVAL: it is damaged */
static int vs_read_row(const struct vs_history *h, sqlite3_stmt *stmt,
		       vs_history_fn fn, void *ctx, struct vs_error *error)
{
	const char *data = (const char *)sqlite3_column_text(stmt, 1);
	const struct vs_reader reader = { .file = h->path, .error = error };
	json_t *json = json_loads(data ? data : "", 0, NULL);
	struct vs_event_copy copy;
	bool damaged;
	int ret;

	ret = vs_event_read(json, &copy, &reader);
	damaged = ret == -EINVAL;
	if (!ret)
		ret = fn(ctx, sqlite3_column_int64(stmt, 0), &copy.event);
	vs_event_copy_free(&copy);
	json_decref(json);
	return damaged ? -EUCLEAN : ret;
}

int vs_history_each(struct vs_history *h, struct vs_history_query *query,
		    vs_history_fn fn, void *ctx, struct vs_error *error)
{
	struct vs_error damage;
	sqlite3_stmt *stmt;
	int rc, ret;

	query->unreadable = 0;
	query->looked = 0;
	query->last = 0;
	ret = vs_history_connect(h, error);
	if (ret)
		return ret;
	rc = vs_read_prepare(h, &stmt, query);
	if (rc)
		return vs_history_failed(h, VS_OP_READ_FILE, rc, error);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		query->looked++;
		query->last = sqlite3_column_int64(stmt, 0);
		ret = vs_read_row(h, stmt, fn, ctx, &damage);
		if (ret != -EUCLEAN)
			continue;
		query->unreadable++;
		ret = 0;
	}
	sqlite3_finalize(stmt);
	if (ret == -ENOMEM)
		return vs_db_fail(h, VS_OP_READ_FILE, SQLITE_NOMEM, error);
	return ret || rc == SQLITE_DONE ? ret :
	       vs_history_failed(h, VS_OP_READ_FILE, rc, error);
}
