// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of keys and texts, made equal to what they are to hold: what is so
 * already is not written, since most of it is so most of the time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/model.h"

void vs_rows_add(struct vs_rows *rows, const char *key, json_t *data)
{
	struct vs_row row = {
		.key = strdup(key),
		.data = data ? json_dumps(data, JSON_COMPACT) : NULL,
	};
	size_t cap = rows->cap ? 2 * rows->cap : 64;
	struct vs_row *v = rows->v;

	json_decref(data);
	if (rows->n == rows->cap) {
		v = reallocarray(rows->v, cap, sizeof(*v));
		rows->v = v ? v : rows->v;
		rows->cap = v ? cap : rows->cap;
	}
	if (v && row.key && row.data) {
		rows->v[rows->n++] = row;
		return;
	}
	rows->failed = true;
	free(row.key);
	free(row.data);
}

static void vs_row_free(struct vs_row *row)
{
	free(row->key);
	free(row->data);
}

void vs_rows_free(struct vs_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		vs_row_free(&rows->v[i]);
	free(rows->v);
	*rows = (struct vs_rows){ 0 };
}

static int vs_row_cmp(const void *a, const void *b)
{
	const struct vs_row *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* by key, each key once */
static void vs_rows_sort(struct vs_rows *rows)
{
	size_t n = 0;

	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), vs_row_cmp);
	for (size_t i = 0; i < rows->n; i++) {
		if (n && strcmp(rows->v[n - 1].key, rows->v[i].key) == 0)
			vs_row_free(&rows->v[i]);
		else
			rows->v[n++] = rows->v[i];
	}
	rows->n = n;
	for (size_t i = 0; i < n; i++)
		rows->v[i].write = true;
}

static sqlite3_stmt *vs_rows_statement(struct vs_history *h, const char *fmt,
				       const char *table, int *rc)
{
	sqlite3_stmt *stmt = NULL;
	char sql[128];

	snprintf(sql, sizeof(sql), fmt, table);
	*rc = vs_db_prepare(h, &stmt, sql);
	return stmt;
}

static const char *vs_rows_column(sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	return text ? text : "";
}

/* both are sorted: which rows are right already, which of the table's go? */
static int vs_rows_compare(struct vs_history *h, const char *table,
			   struct vs_rows *rows, struct vs_rows *gone)
{
	sqlite3_stmt *stmt;
	size_t i = 0;
	int rc;

	stmt = vs_rows_statement(h, "SELECT key, data FROM %s ORDER BY key",
				 table, &rc);
	if (rc)
		return rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *key = vs_rows_column(stmt, 0);
		const char *data = vs_rows_column(stmt, 1);

		while (i < rows->n && strcmp(rows->v[i].key, key) < 0)
			i++;
		if (i < rows->n && strcmp(rows->v[i].key, key) == 0)
			rows->v[i].write = strcmp(rows->v[i].data, data) != 0;
		else
			vs_rows_add(gone, key, json_object());
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? gone->failed ? SQLITE_NOMEM : SQLITE_OK :
				   rc;
}

static int vs_rows_run(sqlite3_stmt *stmt, const char *key, const char *data)
{
	int rc = sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC);

	if (!rc && data)
		rc = sqlite3_bind_text(stmt, 2, data, -1, SQLITE_STATIC);
	if (rc)
		return rc;
	rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int vs_rows_put(struct vs_history *h, const char *table,
		       const struct vs_rows *rows)
{
	sqlite3_stmt *stmt;
	int rc;

	stmt = vs_rows_statement(h, "INSERT OR REPLACE INTO %s (key, data) "
				 "VALUES (?1, ?2)", table, &rc);
	for (size_t i = 0; !rc && i < rows->n; i++) {
		if (rows->v[i].write)
			rc = vs_rows_run(stmt, rows->v[i].key,
					 rows->v[i].data);
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int vs_rows_remove(struct vs_history *h, const char *table,
			  const struct vs_rows *gone)
{
	sqlite3_stmt *stmt;
	int rc;

	stmt = vs_rows_statement(h, "DELETE FROM %s WHERE key = ?1", table,
				 &rc);
	for (size_t i = 0; !rc && i < gone->n; i++)
		rc = vs_rows_run(stmt, gone->v[i].key, NULL);
	sqlite3_finalize(stmt);
	return rc;
}

int vs_rows_write(struct vs_history *h, const char *table,
		  struct vs_rows *rows)
{
	struct vs_rows gone = { 0 };
	int rc;

	if (rows->failed)
		return SQLITE_NOMEM;
	vs_rows_sort(rows);
	rc = vs_rows_compare(h, table, rows, &gone);
	if (!rc)
		rc = vs_rows_remove(h, table, &gone);
	if (!rc)
		rc = vs_rows_put(h, table, rows);
	vs_rows_free(&gone);
	return rc;
}

int vs_rows_each(struct vs_history *h, const char *sql,
		 int (*fn)(void *ctx, const json_t *data,
			   struct vs_error *error),
		 void *ctx, struct vs_error *error)
{
	bool damaged = false;
	sqlite3_stmt *stmt;
	int rc, ret = 0;

	rc = vs_db_prepare(h, &stmt, sql);
	if (rc)
		return vs_db_fail(h, VS_OP_READ_FILE, rc, error);
	while (!ret && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		json_t *data = json_loads(vs_rows_column(stmt, 0), 0, NULL);

		ret = fn(ctx, data, error);
		json_decref(data);
		damaged |= ret == -EINVAL;
		ret = ret == -EINVAL ? 0 : ret;
	}
	sqlite3_finalize(stmt);
	if (!ret && rc != SQLITE_DONE)
		return vs_db_fail(h, VS_OP_READ_FILE, rc, error);
	return ret ? ret : damaged ? -EUCLEAN : 0;
}
