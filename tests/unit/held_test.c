// SPDX-License-Identifier: GPL-2.0-only
/* Bound ports, and who holds them; grace 0 and debounce 1. */
#include "unit.h"

#include <errno.h>

#include "world.h"

#define M1 "00:50:56:00:00:01"
#define M2 "00:50:56:00:00:02"
#define U1 "421e0000-0000-0000-0000-000000000001"
#define U2 "421e0000-0000-0000-0000-000000000002"

/* plugged into one VM, bound to another: neither is protected */
static void other_holder(void **state)
{
	struct world *w = *state;
	struct vs_vm_fact fact = world_vm_fact(2);

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_plugged(w, 11, 2, 0, 2);
	assert_string_equal(world_evaluate(w),
			    "368 vm1 driver:0:01\n368 vm2 driver:0:02");
	assert_string_equal(world_state(w, 1), "out-of-sync other-holder");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync other-holder " U1 " " U2);
	assert_string_equal(world_state(w, 2), "out-of-sync host-only");
	/* that the holder needs no protection is no help to the other */
	fact.unprotected = true;
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
	assert_string_equal(world_evaluate(w), "9000 vm2 not-applicable");
	assert_string_equal(world_state(w, 1), "out-of-sync other-holder");
	world_plugged(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

/* the lists agree, and the process that holds the port does not */
static void held_otherwise(void **state)
{
	static const struct {
		unsigned int vm, id, mac;
		const char *said, *vnic;
	} rows[] = {
		{ 1, 0, 2, "368 vm1 driver:0:01 host:0:02",
		  "0:01 out-of-sync mac-mismatch " M1 " " M2 },
		{ 1, 3, 2, "368 vm1 driver:0:01 host:3:02",
		  "0:01 out-of-sync mac-mismatch " M1 " " M2 },
	};
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "");
	/* the same MAC in another place: there were more when it started */
	world_plugged(w, 11, 1, 3, 1);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		world_plugged(w, 11, rows[i].vm, rows[i].id, rows[i].mac);
		assert_row_string(i, world_evaluate(w), rows[i].said);
		assert_row_string(i, world_vnics(w, 1), rows[i].vnic);
		/* not seen for a while is not over */
		world_fail(w, VS_SOURCE_HOST);
		assert_row_string(i, world_evaluate(w), "9002");
		assert_row_string(i, world_state(w, 1),
				  "unknown source-unknown");
		world_keep(w, VS_SOURCE_HOST);
		assert_row_string(i, world_evaluate(w), "9003");
		world_plugged(w, 11, 1, 0, 1);
		assert_row_string(i, world_evaluate(w), "9000 vm1 in-sync");
	}
}

/* the binding outlives the guest, which is said to run */
static void held_by_nobody(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_unheld(w, 11);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync not-plugged plugged unplugged");
	world_plugged(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
	/* a port that nobody uses is still nobody's business */
	world_unbound(w, 12);
	world_unheld(w, 12);
	assert_string_equal(world_evaluate(w), "");
}

/* what is not known of a holder does not speak against a binding */
static void held_unknown(void **state)
{
	struct world *w = *state;
	struct vs_host_fact fact = {
		.ifindex = 11, .port = "tap11", .pid = 9,
		.device_id = VS_DEVICE_ID_NONE,
	};

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_idle(w, 11);
	assert_string_equal(world_evaluate(w), "");
	/* no QEMU, whatever it runs */
	assert_int_equal(vs_engine_set_host_port(w->e, &fact), 0);
	assert_string_equal(world_evaluate(w), "");
	/* a QEMU that was not told a UUID, and nothing of this port */
	world_plugged(w, 11, 0, 0, 0);
	assert_string_equal(world_evaluate(w), "");
	fact.plugged = true;
	fact.vm = world_uuid(1);
	assert_int_equal(vs_engine_set_host_port(w->e, &fact), 0);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
	fact.unheld = true;
	assert_int_equal(vs_engine_set_host_port(w->e, &fact), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(other_holder),
		WORLD_TEST(held_otherwise),
		WORLD_TEST(held_by_nobody),
		WORLD_TEST(held_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
