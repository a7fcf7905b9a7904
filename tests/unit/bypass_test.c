// SPDX-License-Identifier: GPL-2.0-only
/* vNICs that both lists have and that programs lead packets past. */
#include "unit.h"

#include "core/alert.h"
#include "world.h"

/* VM 1 with a vNIC that both lists have */
static void open_world(struct world *w, vs_time grace, unsigned int debounce)
{
	world_open(w, grace, debounce);
	world_ready(w);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_after(w, 1000), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
}

static void begins_and_ends(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1000), "9004 vm1 driver:0:01");
	assert_string_equal(world_state(&w, 1), "out-of-sync bypassed");
	assert_string_equal(world_vnics(&w, 1), "0:01 out-of-sync bypassed "
			    "filtered bypassed");
	/* once */
	world_keep(&w, VS_SOURCE_DRIVER);
	assert_string_equal(world_after(&w, 1000), "");
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "9005 vm1");
	assert_string_equal(world_state(&w, 1), "in-sync -");
	world_close(&w);
}

/* it needs grace and debounce as a difference does, and is pending till then */
static void grace(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 2000, 2);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(world_after(&w, 1000), "");
		assert_string_equal(world_state(&w, 1), "pending bypassed");
	}
	assert_string_equal(world_after(&w, 1000), "9004 vm1 driver:0:01");
	world_close(&w);
}

/* not known: neither in sync, nor news, and nothing that was said is over */
static void not_known(void **state)
{
	struct vs_host_view host;
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_UNKNOWN);
	assert_string_equal(world_after(&w, 1000), "");
	assert_string_equal(world_state(&w, 1), "unknown bypass-unknown");
	vs_engine_host(w.e, &host);
	assert_int_equal(vs_exit_code(&host, host.state), 5);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1000), "9004 vm1 driver:0:01");
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_UNKNOWN);
	assert_string_equal(world_after(&w, 1000), "");
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1000), "");
	world_bound(&w, 11, 1, 0, 1);
	assert_string_equal(world_after(&w, 1000), "9005 vm1");
	world_close(&w);
}

/* the lists may differ at the same time: each is said, each ends, by itself */
static void both(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, 0, 1);
	world_bypass(&w, 11, 1, 0, 2, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1000),
			    "368 vm1 manager:0:01 driver:0:02\n"
			    "9004 vm1 driver:0:02");
	assert_string_equal(world_state(&w, 1), "out-of-sync mac-mismatch");
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	/* the driver's entry is another now */
	assert_string_equal(world_after(&w, 1000),
			    "9000 vm1 out-of-sync\n9004 vm1 driver:0:01");
	assert_string_equal(world_state(&w, 1), "out-of-sync bypassed");
	world_bypass(&w, 11, 1, 0, 2, VS_BYPASS_NO);
	assert_string_equal(world_after(&w, 1000),
			    "368 vm1 manager:0:01 driver:0:02\n9005 vm1");
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_UNKNOWN);
	assert_string_equal(world_after(&w, 1000), "9000 vm1 unknown");
	world_close(&w);
}

/* a second vNIC is news; what nobody filters or compares is not */
static void which(void **state)
{
	struct vs_vm_fact open = world_vm_fact(1);
	struct world w;

	(void)state;
	open.unprotected = true;
	open_world(&w, 0, 1);
	world_vnic(&w, 1, 1, 2);
	world_bound(&w, 12, 1, 1, 2);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1), "9004 vm1 driver:0:01");
	world_bypass(&w, 12, 1, 1, 2, VS_BYPASS_YES);
	assert_string_equal(world_after(&w, 1),
			    "9004 vm1 driver:0:01 driver:1:02");
	assert_int_equal(vs_engine_set_vm(w.e, &open), 0);
	assert_string_equal(world_after(&w, 1), "9005 vm1");
	assert_string_equal(world_state(&w, 1), "not-applicable not-protected");
	world_vm(&w, 1);
	assert_string_equal(world_after(&w, 1),
			    "9004 vm1 driver:0:01 driver:1:02");
	assert_int_equal(vs_engine_del_port(w.e, VS_SOURCE_DRIVER, 12), 0);
	assert_int_equal(vs_engine_del_port(w.e, VS_SOURCE_DRIVER, 11), 0);
	assert_string_equal(world_after(&w, 1),
			    "368 vm1 manager:0:01 manager:1:02\n9005 vm1");
	world_close(&w);
}

static int restore(void *ctx, const struct vs_alert *alert)
{
	struct world *w = ctx;

	assert_int_equal(alert->id, VS_EVENT_BYPASSED);
	assert_int_equal(alert->n_differences, 1);
	assert_string_equal(alert->differences[0].by, "xdp");
	/* seen a grace period before it was said */
	assert_int_equal(alert->raised - alert->since, 1000);
	return vs_engine_restore_alert(w->e, alert);
}

/* an engine that was told what an earlier one said goes on where it ended */
static void remembered(void **state)
{
	struct world w, again;

	(void)state;
	open_world(&w, 1000, 2);
	world_bypass(&w, 11, 1, 0, 1, VS_BYPASS_YES);
	world_after(&w, 1000);
	assert_string_equal(world_after(&w, 1000), "9004 vm1 driver:0:01");
	for (int gone = 0; gone < 2; gone++) {
		world_open(&again, 1000, 2);
		again.now = w.now;
		assert_int_equal(vs_engine_each_alert(w.e, restore, &again),
				 0);
		world_ready(&again);
		world_vm(&again, 1);
		world_vnic(&again, 1, 0, 1);
		world_bypass(&again, 11, 1, 0, 1, gone ? VS_BYPASS_NO :
							 VS_BYPASS_YES);
		assert_string_equal(world_after(&again, 1),
				    gone ? "9005 vm1" : "");
		assert_string_equal(world_state(&again, 1), gone ?
				    "in-sync -" : "out-of-sync bypassed");
		world_close(&again);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_and_ends),
		cmocka_unit_test(grace),
		cmocka_unit_test(not_known),
		cmocka_unit_test(both),
		cmocka_unit_test(which),
		cmocka_unit_test(remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
