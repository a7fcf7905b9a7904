/* SPDX-License-Identifier: GPL-2.0-only */
/* The wrapped call of SQLite, to be counted. */
#ifndef SQLITE_WRAP_H
#define SQLITE_WRAP_H

#include <sqlite3.h>

int __real_sqlite3_finalize(struct sqlite3_stmt *stmt);
int __wrap_sqlite3_finalize(struct sqlite3_stmt *stmt);

#endif
