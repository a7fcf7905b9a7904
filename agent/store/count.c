// SPDX-License-Identifier: GPL-2.0-only
/* How many events of each ID were ever recorded. */
#include <errno.h>
#include <stdlib.h>

#include "store/model.h"

static struct vs_count *vs_count_get(struct vs_history *h, unsigned int id)
{
	struct vs_count *v;

	for (size_t i = 0; i < h->n_counts; i++) {
		if (h->counts[i].id == id)
			return &h->counts[i];
	}
	v = reallocarray(h->counts, h->n_counts + 1, sizeof(*v));
	if (!v)
		return NULL;
	h->counts = v;
	v[h->n_counts] = (struct vs_count){ .id = id };
	return &v[h->n_counts++];
}

int vs_count_load(struct vs_history *h)
{
	struct vs_count *count;
	sqlite3_stmt *stmt;
	int rc = vs_db_prepare(h, &stmt, "SELECT id, n FROM counter");

	if (rc)
		return rc;
	h->n_counts = 0;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		count = vs_count_get(h, sqlite3_column_int64(stmt, 0));
		if (!count) {
			rc = SQLITE_NOMEM;
			break;
		}
		count->n = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int vs_count_write(struct vs_history *h)
{
	sqlite3_stmt *stmt;
	int rc;

	if (!h->first)
		return SQLITE_OK;
	rc = vs_db_prepare(h, &stmt,
			   "INSERT INTO counter (id, n) VALUES (?1, 1) "
			   "ON CONFLICT (id) DO UPDATE SET n = n + 1");
	for (const struct vs_waiting *w = h->first; w && !rc; w = w->next) {
		rc = sqlite3_bind_int64(stmt, 1, w->id);
		if (!rc)
			rc = sqlite3_step(stmt);
		rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return rc;
}

void vs_count_written(struct vs_history *h)
{
	for (const struct vs_waiting *w = h->first; w; w = w->next) {
		struct vs_count *count = vs_count_get(h, w->id);

		if (count)
			count->n++;
	}
}

void vs_history_each_count(const struct vs_history *h, vs_history_count_fn fn,
			   void *ctx)
{
	for (size_t i = 0; i < h->n_counts; i++)
		fn(ctx, h->counts[i].id, h->counts[i].n);
}
