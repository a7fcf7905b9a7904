// SPDX-License-Identifier: GPL-2.0-only
/* SQLite: opening a file, and what its results mean. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "po/i18n.h"
#include "store/model.h"

static int vs_db_errno(struct vs_history *h, int rc)
{
	int err = h->db ? sqlite3_system_errno(h->db) : 0;

	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	default:
		return err ? -err : -EIO;
	}
}

/* what it means, and what to do about it */
static const char *vs_db_meaning(int err)
{
	switch (err) {
	case ENOSPC:
	case EDQUOT:
		return _("there is no room for the event history; make some");
	case EBUSY:
		return _("another program keeps the event history locked; "
			 "end it");
	case EUCLEAN:
		return _("the event history is damaged; a running "
			 "vmsafe-agent sets it aside and begins a new one");
	case EROFS:
		return _("the event history cannot be written there");
	default:
		return strerror(err);
	}
}

int vs_db_fail(struct vs_history *h, enum vs_op op, int rc,
	       struct vs_error *error)
{
	int err = -vs_db_errno(h, rc);
	char safe[160];

	/* who is kept waiting once does not wait again before it is over */
	if (err == EBUSY && h->db && !h->read_only)
		sqlite3_busy_timeout(h->db, 0);
	vs_name_escape(safe, sizeof(safe), h->path);
	return vs_error_set(error, op, err == ENOMEM ? VS_WHY_NO_MEMORY :
			    err == EUCLEAN ? VS_WHY_BAD_DATA : VS_WHY_NONE,
			    err, "%s: %s", safe, vs_db_meaning(err));
}

int vs_db_refuse(struct vs_history *h, int err, const char *what,
		 struct vs_error *error)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), h->path);
	return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NONE, err, "%s: %s",
			    safe, what ? what : vs_db_meaning(err));
}

int vs_db_exec(struct vs_history *h, const char *sql)
{
	return sqlite3_exec(h->db, sql, NULL, NULL, NULL);
}

int vs_db_prepare(struct vs_history *h, sqlite3_stmt **stmt, const char *sql)
{
	return sqlite3_prepare_v2(h->db, sql, -1, stmt, NULL);
}

int vs_db_number(struct vs_history *h, const char *sql, int64_t *n)
{
	sqlite3_stmt *stmt;
	int rc = vs_db_prepare(h, &stmt, sql);

	if (rc)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? SQLITE_OK : rc ? rc : SQLITE_CORRUPT;
}

void vs_db_close(struct vs_history *h)
{
	sqlite3_close_v2(h->db);
	h->db = NULL;
}

bool vs_db_is_there(struct vs_history *h)
{
	int moved = 0;

	return h->db && (sqlite3_file_control(h->db, "main",
					      SQLITE_FCNTL_HAS_MOVED,
					      &moved) || !moved);
}

void vs_db_touch(struct vs_history *h)
{
	/* who does not follow does not miss it */
	(void)!utimensat(AT_FDCWD, h->path, NULL, 0);
}

/* a pipe would make us wait, a device whatever it likes */
static int vs_db_look(struct vs_history *h, struct vs_error *error)
{
	struct stat st;

	if (stat(h->path, &st))
		return vs_db_refuse(h, errno, errno == ENOENT ?
				    _("there is no event history yet") :
				    strerror(errno), error);
	if (!S_ISREG(st.st_mode))
		return vs_db_refuse(h, EINVAL, _("is not a regular file"),
				    error);
	return 0;
}

/*
 * Is it another program's? Where an agent has kept its history it is damaged
 * at worst. What cannot be read is for SQLite to say.
 */
static int vs_db_head(struct vs_history *h, struct vs_error *error)
{
	unsigned char head[VS_SCHEMA_HEAD];
	int fd = open(h->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, head, sizeof(head));
	close(fd);
	return n > 0 && !vs_own_was(h) ? vs_schema_head(h, head, n, error) : 0;
}

/*
 * What is left of a file that is gone, while somebody still reads it, would
 * be taken for a part of the new one.
 */
static void vs_db_sweep(const struct vs_history *h)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
	char path[PATH_MAX];

	if (!access(h->path, F_OK) || errno != ENOENT)
		return;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", h->path, suffixes[i]);
		unlink(path);
	}
}

/* what names the tenants is for nobody else to read */
static int vs_db_make(struct vs_history *h, struct vs_error *error)
{
	char copy[PATH_MAX];
	int fd, ret = 0;

	snprintf(copy, sizeof(copy), "%s", h->path);
	/* where there is no folder, there has never been an agent */
	if (h->guest && access(dirname(copy), F_OK))
		return vs_db_refuse(h, errno, strerror(errno), error);
	snprintf(copy, sizeof(copy), "%s", h->path);
	if (!h->guest && mkdir(dirname(copy), 0750) && errno != EEXIST)
		return vs_db_refuse(h, errno, strerror(errno), error);
	if (!h->guest)
		ret = vs_own_take(h, error);
	if (ret)
		return ret;
	vs_db_sweep(h);
	fd = open(h->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? vs_db_look(h, error) :
		       vs_db_refuse(h, errno, strerror(errno), error);
	if (fchmod(fd, 0600))
		ret = vs_db_refuse(h, errno, strerror(errno), error);
	close(fd);
	return ret;
}

/* a commit is on the disk when it is said to be, and the file can shrink */
static const char vs_db_pragmas[] =
	"PRAGMA auto_vacuum=INCREMENTAL;"
	"PRAGMA journal_mode=WAL;"
	"PRAGMA synchronous=FULL;"
	"PRAGMA journal_size_limit=1048576;"
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA cell_size_check=ON;";

static int vs_db_connect(struct vs_history *h)
{
	int flags = SQLITE_OPEN_NOMUTEX |
		    (h->read_only ? SQLITE_OPEN_READONLY :
				    SQLITE_OPEN_READWRITE);
	int rc = sqlite3_open_v2(h->path, &h->db, flags, NULL);

	if (rc)
		return rc;
	sqlite3_extended_result_codes(h->db, 1);
	sqlite3_busy_timeout(h->db, h->patience);
	sqlite3_db_config(h->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return SQLITE_OK;
}

/* a writer looks at every page, once: later is too late */
static int vs_db_inspect(struct vs_history *h)
{
	sqlite3_stmt *stmt;
	int rc = vs_db_prepare(h, &stmt, "PRAGMA quick_check(1)");
	bool fine;

	if (rc)
		return rc;
	rc = sqlite3_step(stmt);
	fine = rc == SQLITE_ROW &&
	       strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
	sqlite3_finalize(stmt);
	return fine ? SQLITE_OK : rc == SQLITE_ROW ? SQLITE_CORRUPT : rc;
}

static int vs_db_setup(struct vs_history *h, struct vs_error *error)
{
	int rc = vs_db_connect(h);

	if (rc)
		return vs_db_fail(h, VS_OP_OPEN_FILE, rc, error);
	if (h->read_only)
		return vs_schema_check(h, error);
	if (sqlite3_db_readonly(h->db, "main") == 1)
		return vs_db_fail(h, VS_OP_OPEN_FILE, SQLITE_READONLY, error);
	rc = h->guest ? SQLITE_OK : vs_db_inspect(h);
	if (!rc)
		rc = vs_db_exec(h, vs_db_pragmas);
	if (rc)
		return vs_db_fail(h, VS_OP_OPEN_FILE, rc, error);
	return vs_schema_update(h, error);
}

int vs_db_open(struct vs_history *h, struct vs_error *error)
{
	/* before anything is put beside it */
	int ret = vs_db_head(h, error);

	if (!ret)
		ret = h->read_only ? vs_db_look(h, error) :
				     vs_db_make(h, error);
	if (!ret)
		ret = vs_db_setup(h, error);
	if (ret)
		vs_db_close(h);
	return ret;
}
