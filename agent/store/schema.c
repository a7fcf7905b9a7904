// SPDX-License-Identifier: GPL-2.0-only
/* The tables, version by version. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "po/i18n.h"
#include "store/model.h"

/* "vmsf": whose file it is */
#define VS_SCHEMA_APPLICATION 0x766d7366

/* how a database begins, its NUL included, and where that number is in it
 * (SQLite's "Database File Format")
 */
static const char vs_schema_magic[16] = "SQLite format 3";
#define VS_SCHEMA_APPLICATION_AT 68

/*
 * Step n makes version n + 1 of version n. Steps are never changed once they
 * were released: a change is a further step.
 */
static const char *const vs_schema_steps[] = {
	/* events; the columns are what one asks by, data is the event */
	"CREATE TABLE event ("
	"  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  time INTEGER NOT NULL,"
	"  id INTEGER NOT NULL,"
	"  level INTEGER NOT NULL,"
	"  vm TEXT,"
	"  vm_name TEXT,"
	"  data TEXT NOT NULL);"
	"CREATE INDEX event_time ON event (time);"
	"CREATE INDEX event_vm ON event (vm) WHERE vm IS NOT NULL;"
	"CREATE TABLE counter ("
	"  id INTEGER PRIMARY KEY,"
	"  n INTEGER NOT NULL);",
	/* what the engine and the Manager knew */
	"CREATE TABLE alert (key TEXT PRIMARY KEY, data TEXT NOT NULL)"
	"  WITHOUT ROWID;"
	"CREATE TABLE pending (key TEXT PRIMARY KEY, data TEXT NOT NULL)"
	"  WITHOUT ROWID;"
	"CREATE TABLE inventory (key TEXT PRIMARY KEY, data TEXT NOT NULL)"
	"  WITHOUT ROWID;",
	/* why, and what to do first; words, and NULL where nobody knew */
	("ALTER TABLE event ADD COLUMN cause TEXT;"
	 "ALTER TABLE event ADD COLUMN step TEXT;"),
	/* refused claims that were told */
	("CREATE TABLE claim (key TEXT PRIMARY KEY, data TEXT NOT NULL)"
	 "  WITHOUT ROWID;"),
	/* what is to be sent on, by ticket, and which were */
	("ALTER TABLE event ADD COLUMN ticket INTEGER;"
	 "CREATE INDEX event_ticket ON event (ticket)"
	 "  WHERE ticket IS NOT NULL;"
	 "CREATE TABLE handed ("
	 "  receiver TEXT PRIMARY KEY,"
	 "  ticket INTEGER NOT NULL) WITHOUT ROWID;"),
};

#define VS_SCHEMA_VERSION \
	((int)(sizeof(vs_schema_steps) / sizeof(*vs_schema_steps)))

static int vs_schema_refuse(struct vs_history *h, const char *what,
			    struct vs_error *error)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), h->path);
	return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NONE, EPROTO,
			    "%s: %s", safe, what);
}

static const char *vs_schema_foreign(void)
{
	return _("belongs to another program; give the file of an event "
		 "history");
}

int vs_schema_head(struct vs_history *h, const unsigned char *head, size_t n,
		   struct vs_error *error)
{
	const unsigned char *at = head + VS_SCHEMA_APPLICATION_AT;
	uint32_t application = 0;
	size_t zeros = 0;

	while (zeros < n && !head[zeros])
		zeros++;
	if (n >= VS_SCHEMA_HEAD)
		application = (uint32_t)at[0] << 24 | at[1] << 16 |
			      at[2] << 8 | at[3];
	/* of a disk that lost it, zeros are left */
	if (zeros == n || application == VS_SCHEMA_APPLICATION ||
	    (n >= sizeof(vs_schema_magic) &&
	     !memcmp(head, vs_schema_magic, sizeof(vs_schema_magic))))
		return 0;
	return vs_schema_refuse(h, vs_schema_foreign(), error);
}

/* its version; 0: it is empty */
static int vs_schema_version(struct vs_history *h, int64_t *version,
			     struct vs_error *error)
{
	int64_t application, objects;
	int rc = vs_db_number(h, "PRAGMA user_version", version);

	if (!rc)
		rc = vs_db_number(h, "PRAGMA application_id", &application);
	if (!rc)
		rc = vs_db_number(h, "SELECT count(*) FROM sqlite_schema",
				  &objects);
	if (rc)
		return vs_db_fail(h, VS_OP_OPEN_FILE, rc, error);
	if (!*version && !application && !objects)
		return 0;
	if (application != VS_SCHEMA_APPLICATION || *version < 1)
		return vs_schema_refuse(h, vs_schema_foreign(), error);
	if (*version > VS_SCHEMA_VERSION)
		return vs_schema_refuse(h, _("was written by a newer version "
					     "of vmsafe; install that one, or "
					     "move the file away"), error);
	return 0;
}

int vs_schema_check(struct vs_history *h, struct vs_error *error)
{
	int64_t version;
	int ret = vs_schema_version(h, &version, error);

	if (ret || version == VS_SCHEMA_VERSION)
		return ret;
	return vs_schema_refuse(h, version ?
				_("was written by an older version of vmsafe; "
				  "start vmsafe-agent, which brings it up to "
				  "date") :
				_("is empty: vmsafe-agent has not run with it "
				  "yet"), error);
}

static int vs_schema_step(struct vs_history *h, int64_t version)
{
	char sql[96];
	int rc = vs_db_exec(h, vs_schema_steps[version]);

	snprintf(sql, sizeof(sql),
		 "PRAGMA application_id=%d; PRAGMA user_version=%d",
		 VS_SCHEMA_APPLICATION, (int)version + 1);
	return rc ? rc : vs_db_exec(h, sql);
}

int vs_schema_update(struct vs_history *h, struct vs_error *error)
{
	int64_t version;
	int rc, ret;

	rc = vs_db_exec(h, "BEGIN IMMEDIATE");
	if (rc)
		return vs_db_fail(h, VS_OP_OPEN_FILE, rc, error);
	ret = vs_schema_version(h, &version, error);
	for (; !ret && version < VS_SCHEMA_VERSION; version++) {
		rc = vs_schema_step(h, version);
		if (rc)
			ret = vs_db_fail(h, VS_OP_WRITE_FILE, rc, error);
	}
	if (!ret) {
		rc = vs_db_exec(h, "COMMIT");
		if (!rc)
			return 0;
		ret = vs_db_fail(h, VS_OP_WRITE_FILE, rc, error);
	}
	vs_db_exec(h, "ROLLBACK");
	return ret;
}
