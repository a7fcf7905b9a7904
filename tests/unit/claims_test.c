// SPDX-License-Identifier: GPL-2.0-only
/* Refused claims: each is told of once, however often the agent is started. */
#include "unit.h"

#include <string.h>

#include "daemon/agent.h"
#include "store.h"
#include "world.h"

#define INSTANCE 0xfedcba9876543210

/** struct desk - as much of a daemon as it takes */
struct desk {
	struct vs_agent a;
	struct vs_conf *conf;
	struct vs_driver_vnic vnics[4];
	const char *path;
};

/* an agent begins: it has the driver's instance, and no table yet */
static void desk_begin(struct desk *d)
{
	d->a = (struct vs_agent){ .conf = d->conf };
	d->a.record.history = store_open(d->path);
	d->a.doorbell.listener.instance = INSTANCE;
	vs_claims_restore(&d->a);
}

/* what is in memory is gone with it; so it is for one that is killed */
static void desk_end(struct desk *d)
{
	vs_record_stop(&d->a);
	vs_claims_free(&d->a);
}

static void desk_restart(struct desk *d)
{
	desk_end(d);
	desk_begin(d);
}

static void desk_open(struct desk *d)
{
	struct vs_buf why = { 0 };

	*d = (struct desk){ .path = store_path() };
	assert_int_equal(vs_conf_load(&d->conf, "/dev/null", &why), 0);
	desk_begin(d);
}

static void desk_close(struct desk *d)
{
	desk_end(d);
	vs_conf_free(d->conf);
}

/* a pass has read the table: the entries @first to @last, none bound */
static void reads(struct desk *d, uint64_t first, uint64_t last)
{
	d->a.vnics = (struct vs_vnics){ .v = d->vnics };
	memset(d->vnics, 0, sizeof(d->vnics));
	while (first <= last)
		d->vnics[d->a.vnics.n++].id = first++;
}

static void refused(struct desk *d, uint64_t id, uint64_t holder,
		    unsigned int vm)
{
	const struct vs_driver_claim c = {
		.id = id, .holder_id = holder, .vm_uuid = world_uuid(vm),
		.vm_name = "clone",
	};

	vs_claims_refused(&d->a, &c);
}

static size_t told(struct desk *d)
{
	return store_count(d->a.record.history);
}

static void once(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 5; i++) {
		refused(&d, 2, 1, 1);
		reads(&d, 1, 2);
	}
	assert_int_equal(told(&d), 1);
	assert_int_equal(store_number(d.path, "SELECT min(id) FROM event"),
			 VS_EVENT_UNKNOWN_AGENT);
	desk_close(&d);
}

static void killed(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 2);
	for (int i = 0; i < 4; i++) {
		refused(&d, 2, 1, 1);
		assert_int_equal(told(&d), 1);
		desk_restart(&d);
		/* before the first pass, or after it */
		if (i % 2)
			reads(&d, 1, 2);
	}
	desk_close(&d);
}

/* another claim is another event, also after a restart */
static void another(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 4);
	refused(&d, 2, 1, 1);
	desk_restart(&d);
	reads(&d, 1, 4);
	refused(&d, 3, 1, 1);		/* another claimant */
	assert_int_equal(told(&d), 2);
	refused(&d, 2, 4, 1);		/* another holder */
	assert_int_equal(told(&d), 3);
	refused(&d, 2, 1, 2);		/* another VM */
	assert_int_equal(told(&d), 4);
	desk_restart(&d);
	d.a.doorbell.listener.instance++; /* numbers begin anew */
	reads(&d, 1, 4);
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 5);
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 5);
	/* what can be told of no more is not kept */
	assert_int_equal(store_number(d.path, "SELECT count(*) FROM claim"),
			 1);
	desk_close(&d);
}

/* bound meanwhile, or gone: that is over */
static void over(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 3);
	refused(&d, 2, 1, 1);
	d.vnics[1].has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	refused(&d, 3, 1, 1);
	d.vnics[1].has = 0;
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 3);
	desk_close(&d);
}

/* the table is older than the claimants, or could not be read at all */
static void older_table(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 1);
	for (int i = 0; i < 3; i++) {
		refused(&d, 2, 1, 1);
		refused(&d, 3, 1, 1);
	}
	reads(&d, 1, 0);
	refused(&d, 2, 1, 1);
	refused(&d, 3, 1, 1);
	assert_int_equal(told(&d), 2);
	desk_close(&d);
}

/* the socket failed: a new one tells of the same claims */
static void listens_anew(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 2);
	refused(&d, 2, 1, 1);
	vs_doorbell_stop(&d.a);
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 1);
	desk_close(&d);
}

/* that it was told is written with the event, or neither is */
static void locked(void **state)
{
	struct desk d;
	struct vs_history *other;
	struct vs_error error;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 2);
	store_lock(d.path);
	refused(&d, 2, 1, 1);
	refused(&d, 2, 1, 1);
	assert_int_equal(vs_history_waiting(d.a.record.history), 1);
	store_unlock();
	/* killed before it could be written: told by the next one */
	other = d.a.record.history;
	d.a.record.history = NULL;
	vs_history_close(other);
	desk_restart(&d);
	assert_int_equal(told(&d), 0);
	store_lock(d.path);
	refused(&d, 2, 1, 1);
	store_unlock();
	assert_int_equal(vs_history_commit(d.a.record.history, &error), 0);
	desk_restart(&d);
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 1);
	desk_close(&d);
}

/* a row that somebody has damaged does not take the others with it */
static void damaged(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	reads(&d, 1, 4);
	refused(&d, 2, 1, 1);
	refused(&d, 3, 1, 1);
	store_sql(d.path, "UPDATE claim SET data = '{\"id\":2}' WHERE "
		  "json_extract(data, '$.id') = 2");
	desk_restart(&d);
	refused(&d, 3, 1, 1);
	assert_int_equal(told(&d), 2);
	refused(&d, 2, 1, 1);
	assert_int_equal(told(&d), 3);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once),
		cmocka_unit_test(killed),
		cmocka_unit_test(another),
		cmocka_unit_test(over),
		cmocka_unit_test(older_table),
		cmocka_unit_test(listens_anew),
		cmocka_unit_test(locked),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
