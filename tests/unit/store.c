// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/kind.h"
#include "store.h"
#include "world.h"

static char folder[64];

static void store_clean(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (*folder && system(command))
		perror(folder);
	*folder = '\0';
}

const char *store_path(void)
{
	static char path[96];
	static bool once;

	if (!once)
		atexit(store_clean);
	once = true;
	store_clean();
	strcpy(folder, "/tmp/vmsafe-store-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/state/events.db", folder);
	return path;
}

struct vs_history *store_open(const char *path)
{
	struct vs_error error = { 0 };
	struct vs_history *h;

	if (vs_history_open(path, false, &h, &error))
		fail_msg("%s", error.detail);
	return h;
}

struct vs_history *store_reader(const char *path)
{
	struct vs_error error = { 0 };
	struct vs_history *h;

	if (vs_history_open(path, true, &h, &error))
		fail_msg("%s", error.detail);
	return h;
}

static struct vs_difference store_difference(unsigned int i)
{
	return (struct vs_difference){
		.source = i % VS_SOURCE_COUNT,
		.reason = i % VS_REASON_COUNT,
		.device_id = i % 5 == 4 ? VS_DEVICE_ID_NONE : i,
		.mac = i % 7 == 6 ? (struct vs_mac){ { 0 } } : world_mac(i),
		.held = i % 2,
		/* one that is no text at all */
		.port = { 't', i % 3 ? 'a' : '\xff', i % 4 ? '1' : '\n' },
		.ifindex = i + 1,
		.first_seen = 1000 + i,
	};
}

static struct vs_uuid sample_vm;
static struct vs_difference sample_differences[3];
static struct vs_error sample_error;
static struct vs_event sample;

static void store_sample_differences(unsigned int i)
{
	for (unsigned int j = 0; j < ARRAY_SIZE(sample_differences); j++)
		sample_differences[j] = store_difference(3 * i + j);
	if (sample.id == VS_EVENT_BYPASSED)
		sample_differences[1].by = "tc:pass\\x0A(12), xdp \\\\";
	sample.differences = sample_differences;
	sample.n_differences = ARRAY_SIZE(sample_differences);
}

const struct vs_event *store_sample(unsigned int i)
{
	const struct vs_event_kind *kind = vs_event_kind_at(i);

	sample = (struct vs_event){
		.time = 1700000000000 + i,
		.id = kind ? kind->id : VS_EVENT_OUT_OF_SYNC,
		.level = i % VS_LEVEL_COUNT,
		.form = kind && kind->id != VS_EVENT_OUT_OF_SYNC ?
			VS_FORM_NONE : 1 + i % (VS_FORM_COUNT - 1),
		.origin = i % VS_ORIGIN_COUNT,
		.action_by = i / 2 % VS_ACTOR_COUNT,
		.host = i % 4 ? "node1" : "",
		.driver = i % VS_DRIVER_STATE_COUNT,
		.driver_before = (i + 1) % VS_DRIVER_STATE_COUNT,
		.state = i % VS_STATE_COUNT,
		.reason = i % VS_REASON_COUNT,
		.since = 1690000000000 + i,
		.cause = i % VS_CAUSE_COUNT,
		.gap = i / 3 % VS_GAP_COUNT,
		.steps = i * 77,
	};
	if (i % 3) {
		sample_vm = world_uuid(i);
		sample.vm = &sample_vm;
		sample.vm_name = i % 2 ? "web\"'\\;--\xe4\xbb\xae\xe6\x83\xb3" :
					 NULL;
	} else if (i % 2) {
		sample.port = "tap\xff\xfe\n1";
	}
	if (sample.form == VS_FORM_DIFFERENCES ||
	    sample.id == VS_EVENT_BYPASSED || i % 5 == 0)
		store_sample_differences(i);
	if (sample.form > VS_FORM_DIFFERENCES || i % 5 == 1) {
		vs_error_set_ioctl(&sample_error, "VERIFY_VNIC",
				   VS_WHY_SESSION_HELD, EBUSY);
		strcpy(sample_error.detail, "line\\x0Aand \\\\ so on");
		sample.error = &sample_error;
	}
	if (i % 4 == 2)
		sample.detail = "a \\x1B detail";
	if (i % 6 == 1)
		sample.count = UINT32_MAX + 5ULL;
	sample.about = sample.count ? VS_EVENT_IN_SYNC : 0;
	return &sample;
}

const struct vs_event *store_event(unsigned int id, vs_time time,
				   unsigned int vm)
{
	static char name[16];

	snprintf(name, sizeof(name), "vm%u", vm);
	sample_vm = world_uuid(vm);
	sample = (struct vs_event){
		.time = time,
		.id = id,
		.level = id < 1000 ? VS_LEVEL_WARNING : VS_LEVEL_INFO,
		.host = "node1",
		.vm = vm ? &sample_vm : NULL,
		.vm_name = vm ? name : NULL,
		.state = VS_STATE_IN_SYNC,
	};
	if (id == VS_EVENT_OUT_OF_SYNC)
		sample.form = VS_FORM_UNOBTAINED;
	return &sample;
}

void store_put(struct vs_history *h, const struct vs_event *event)
{
	struct vs_error error = { 0 };

	vs_history_begin(h, &error);
	assert_int_equal(vs_history_add(h, event), 0);
	if (vs_history_commit(h, &error))
		fail_msg("%s", error.detail);
}

static int store_count_one(void *ctx, uint64_t seq,
			   const struct vs_event *event)
{
	(void)seq;
	(void)event;
	++*(size_t *)ctx;
	return 0;
}

size_t store_count(struct vs_history *h)
{
	struct vs_history_query q = { 0 };
	struct vs_error error = { 0 };
	size_t n = 0;

	if (vs_history_each(h, &q, store_count_one, &n, &error))
		fail_msg("%s", error.detail);
	assert_int_equal(q.unreadable, 0);
	return n;
}

static int store_first(void *ctx, int n, char **values, char **names)
{
	(void)n;
	(void)names;
	*(long *)ctx = values[0] ? strtol(values[0], NULL, 10) : 0;
	return 0;
}

long store_number(const char *path, const char *sql)
{
	sqlite3 *db;
	long n = -1;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, store_first, &n, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
	return n;
}

void store_sql(const char *path, const char *sql)
{
	store_number(path, sql);
}

static sqlite3 *store_locker;

void store_lock(const char *path)
{
	assert_int_equal(sqlite3_open(path, &store_locker), SQLITE_OK);
	assert_int_equal(sqlite3_exec(store_locker, "BEGIN IMMEDIATE", NULL,
				      NULL, NULL), SQLITE_OK);
}

void store_unlock(void)
{
	assert_int_equal(sqlite3_exec(store_locker, "ROLLBACK", NULL, NULL,
				      NULL), SQLITE_OK);
	sqlite3_close(store_locker);
}
