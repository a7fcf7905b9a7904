// SPDX-License-Identifier: GPL-2.0-only
/* Every state and reason of the engine, grace 0 and debounce 1. */
#include "unit.h"

#include <errno.h>

#include "world.h"

#define M1 "00:50:56:00:00:01"
#define M2 "00:50:56:00:00:02"

static void nothing(void **state)
{
	struct world *w = *state;
	struct vs_host_view host;

	assert_string_equal(world_evaluate(w), "");
	vs_engine_host(w->e, &host);
	assert_int_equal(host.state, VS_STATE_IN_SYNC);
	assert_int_equal(vs_exit_code(&host, host.state), 0);
	assert_string_equal(world_state(w, 1), "none");
}

static void in_sync(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 1, 2);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_bound(w, 12, 1, 1, 2);
	world_plugged(w, 11, 1, 0, 1);
	world_plugged(w, 12, 1, 1, 2);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 in-sync - " M1 " " M1 "\n"
			    "1:02 in-sync - " M2 " " M2);
}

static void vm_without_vnics(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "in-sync -");
	assert_string_equal(world_vnics(w, 1), "");
}

static void manager_only(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 1, 1, 2);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:1:02");
	assert_string_equal(world_state(w, 1), "out-of-sync manager-only");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 in-sync - " M1 " " M1 "\n"
			    "1:02 out-of-sync manager-only " M2 " -");
	world_bound(w, 12, 1, 1, 2);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
	assert_string_equal(world_state(w, 1), "in-sync -");
}

/* the Manager has it and a process holds the port: still the Manager's */
static void manager_only_plugged(void **state)
{
	struct world *w = *state;
	struct vs_uuid uuid = world_uuid(1);

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_plugged(w, 11, 1, 0, 1);
	world_unbound(w, 11);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync manager-only " M1 " -");
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, 11), 0);
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, 11), -ENOENT);
	assert_int_equal(vs_engine_del_vm(w->e, &uuid), 0);
	assert_int_equal(vs_engine_del_vm(w->e, &uuid), -ENOENT);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
	assert_string_equal(world_state(w, 1), "none");
}

static void driver_only(void **state)
{
	struct world *w = *state;

	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
	assert_string_equal(world_state(w, 1), "out-of-sync driver-only");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync driver-only - " M1);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

static void host_only(void **state)
{
	struct world *w = *state;

	/* the VM is known: its port is not bound */
	world_unbound(w, 11);
	world_plugged(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync host-only bound unbound");
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "out-of-sync driver-only");
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

/* a port that even the Filter Driver does not have */
static void host_only_not_hooked(void **state)
{
	struct world *w = *state;

	world_plugged(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 host:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync host-only bound -");
}

/* a VM holds it, but which is not known: the event is about the port */
static void host_only_nameless(void **state)
{
	struct world *w = *state;

	world_unbound(w, 11);
	world_plugged(w, 11, 0, 0, 0);
	world_unbound(w, 12);
	world_plugged(w, 12, 0, 0, 0);
	assert_string_equal(world_evaluate(w),
			    "368 tap11 driver:-1:00\n368 tap12 driver:-1:00");
	world_bound(w, 11, 1, 0, 1);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 tap11 in-sync");
	assert_string_equal(world_state(w, 1), "in-sync -");
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_DRIVER, 12), 0);
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, 12), 0);
	assert_string_equal(world_evaluate(w), "9000 tap12 in-sync");
}

/* a clone: the process claims what the driver gave to another port */
static void host_only_claimed_twice(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_plugged(w, 11, 1, 0, 1);
	world_unbound(w, 12);
	world_plugged(w, 12, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 in-sync - " M1 " " M1 "\n"
			    "0:01 out-of-sync host-only bound unbound");
}

static void mac_mismatch(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 2);
	assert_string_equal(world_evaluate(w),
			    "368 vm1 manager:0:01 driver:0:02");
	assert_string_equal(world_state(w, 1), "out-of-sync mac-mismatch");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync mac-mismatch " M1 " " M2);
}

static void device_id_mismatch(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 3, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w),
			    "368 vm1 driver:0:01 manager:3:01");
	assert_string_equal(world_vnics(w, 1),
			    "3:01 out-of-sync device-id-mismatch 3 0");
}

/* two vNICs whose MACs changed places: the MAC says which is which */
static void swapped(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 1, 1, 2);
	world_bound(w, 11, 1, 0, 2);
	world_bound(w, 12, 1, 1, 1);
	world_evaluate(w);
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync device-id-mismatch 0 1\n"
			    "1:02 out-of-sync device-id-mismatch 1 0");
}

#define NIL "00000000-0000-0000-0000-000000000000 - "

static void not_plugged(void **state)
{
	static const char idle[] =
		NIL "010 11 0 -1:00 not-applicable not-plugged - -\n"
		NIL "011 12 12 -1:00 not-applicable not-plugged - -";
	struct world *w = *state;
	struct vs_host_view host;

	world_unbound(w, 11);
	world_unbound(w, 12);
	world_idle(w, 12);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_vnics(w, 0), idle);
	vs_engine_host(w->e, &host);
	assert_int_equal(host.vnics[VS_STATE_NOT_APPLICABLE], 2);
	assert_int_equal(host.vms[VS_STATE_NOT_APPLICABLE], 0);
	assert_int_equal(vs_exit_code(&host, host.state), 0);
}

/* without the host's list, nobody knows whether a VM holds the port */
static void unplugged_or_not(void **state)
{
	struct world *w = *state;

	world_unbound(w, 11);
	world_fail(w, VS_SOURCE_HOST);
	assert_string_equal(world_evaluate(w), "9002");
	assert_string_equal(world_vnics(w, 0),
			    NIL "010 11 0 -1:00 unknown source-unknown - -");
}

static void not_compared(void **state)
{
	static const struct {
		struct vs_vm_fact fact;
		const char *state;
	} rows[] = {
		{ { .unprotected = true }, "not-applicable not-protected" },
		{ { .is_template = true }, "not-applicable template" },
		{ { .power = VS_POWER_OFF }, "not-applicable vm-off" },
		{ { .power = VS_POWER_SUSPENDED }, "not-applicable vm-off" },
		{ { .host = "node2" }, "not-applicable other-host" },
		{ { .host = "node1.example.org" }, "out-of-sync manager-only" },
		{ { .host = "NODE1" }, "out-of-sync manager-only" },
		{ { .host = "node11" }, "not-applicable other-host" },
		{ { .host = "node" }, "not-applicable other-host" },
		{ { .host = "" }, "out-of-sync manager-only" },
		{ { .power = VS_POWER_PAUSED }, "out-of-sync manager-only" },
		{ { .power = VS_POWER_RUNNING }, "out-of-sync manager-only" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_vm_fact fact = rows[i].fact;

		fact.uuid = world_uuid(i + 1);
		fact.name = "web";
		assert_row(i, vs_engine_set_vm(w->e, &fact) == 0);
		world_vnic(w, i + 1, 0, i + 1);
	}
	world_evaluate(w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_string(i, world_state(w, i + 1), rows[i].state);
}

/* what is not to be protected is not compared, whatever the driver has */
static void not_compared_bound(void **state)
{
	struct world *w = *state;
	struct vs_vm_fact fact = world_vm_fact(1);

	fact.unprotected = true;
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 2);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "not-applicable not-protected");
}

/* a VM that cannot have ports, and has: bound, plugged, or both */
static void away_and_here(void **state)
{
	static const struct {
		struct vs_vm_fact fact;
		const char *reason;
	} rows[] = {
		{ { .power = VS_POWER_OFF }, "vm-off" },
		{ { .power = VS_POWER_SUSPENDED }, "vm-off" },
		{ { .is_template = true }, "template" },
		{ { .host = "node2" }, "other-host" },
	};
	struct world *w = *state;
	char want[256];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_vm_fact fact = rows[i].fact;

		fact.uuid = world_uuid(1);
		fact.name = "vm1";
		assert_row(i, vs_engine_set_vm(w->e, &fact) == 0);
		world_vnic(w, 1, 0, 1);
		world_vnic(w, 1, 1, 2);
		assert_row_string(i, world_evaluate(w), "");
		snprintf(want, sizeof(want), "not-applicable %s",
			 rows[i].reason);
		assert_row_string(i, world_state(w, 1), want);
		world_bound(w, 11, 1, 0, 1);
		world_unbound(w, 12);
		world_plugged(w, 12, 1, 1, 2);
		assert_row_string(i, world_evaluate(w),
				  "368 vm1 driver:0:01 driver:1:02");
		snprintf(want, sizeof(want),
			 "0:01 out-of-sync driver-only - " M1 "\n"
			 "1:02 not-applicable %s " M2 " -\n"
			 "1:02 out-of-sync host-only bound unbound",
			 rows[i].reason);
		assert_row_string(i, world_vnics(w, 1), want);
		/* still so while the host or the driver cannot be asked */
		world_fail(w, VS_SOURCE_DRIVER);
		assert_row_string(i, world_evaluate(w), "368 list");
		world_keep(w, VS_SOURCE_DRIVER);
		assert_row_string(i, world_evaluate(w), "9001");
		assert_row(i, vs_engine_del_port(w->e, VS_SOURCE_DRIVER, 11) ==
			   0);
		assert_row_string(i, world_evaluate(w), "");
		assert_row(i, vs_engine_del_port(w->e, VS_SOURCE_HOST, 12) ==
			   0);
		assert_row_string(i, world_evaluate(w),
				  "9000 vm1 not-applicable");
		assert_row(i, vs_engine_del_port(w->e, VS_SOURCE_DRIVER, 12) ==
			   0);
	}
}

/* S11: the inventory still names the old host */
static void arrived(void **state)
{
	struct world *w = *state;
	struct vs_vm_fact fact = world_vm_fact(1);

	fact.host = "node2";
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 out-of-sync driver-only - " M1);
	fact.host = "node1";
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

/* an event that can no longer be right ends, and says how */
static void ends_not_applicable(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
	world_vm_power(w, 1, VS_POWER_OFF);
	assert_string_equal(world_evaluate(w), "9000 vm1 not-applicable");
	world_vm(w, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
}

/* events come sorted by UUID, whatever came first */
static void order_of_events(void **state)
{
	struct world *w = *state;

	for (int vm = 9; vm; vm--)
		world_bound(w, 20 - vm, vm, 0, vm);
	assert_string_equal(world_evaluate(w),
			    "368 vm1 driver:0:01\n368 vm2 driver:0:02\n"
			    "368 vm3 driver:0:03\n368 vm4 driver:0:04\n"
			    "368 vm5 driver:0:05\n368 vm6 driver:0:06\n"
			    "368 vm7 driver:0:07\n368 vm8 driver:0:08\n"
			    "368 vm9 driver:0:09");
}

static int stop_at_second(void *ctx, const struct vs_vnic_view *v)
{
	(void)v;
	return ++*(int *)ctx == 2 ? 42 : 0;
}

static void walks_stop(void **state)
{
	struct world *w = *state;
	struct vs_uuid uuid = world_uuid(1);
	int n = 0;

	for (int vm = 1; vm < 5; vm++)
		world_bound(w, vm, vm, 0, vm);
	world_evaluate(w);
	assert_int_equal(vs_engine_each_vnic(w->e, NULL, stop_at_second, &n),
			 42);
	assert_int_equal(n, 2);
	n = 0;
	assert_int_equal(vs_engine_each_vnic(w->e, &uuid, stop_at_second, &n),
			 0);
	uuid = world_uuid(99);
	assert_int_equal(vs_engine_each_vnic(w->e, &uuid, stop_at_second, &n),
			 -ENOENT);
}

static void exit_codes(void **state)
{
	static const struct {
		enum vs_driver_state driver;
		bool manager, list;
		enum vs_state state;
		int code;
	} rows[] = {
		{ VS_DRIVER_ONLINE, true, true, VS_STATE_IN_SYNC, 0 },
		{ VS_DRIVER_ONLINE, true, true, VS_STATE_NOT_APPLICABLE, 0 },
		{ VS_DRIVER_ONLINE, true, true, VS_STATE_PENDING, 3 },
		{ VS_DRIVER_ONLINE, true, true, VS_STATE_OUT_OF_SYNC, 4 },
		{ VS_DRIVER_ONLINE, true, true, VS_STATE_UNKNOWN, 5 },
		{ VS_DRIVER_ONLINE, false, true, VS_STATE_UNKNOWN, 5 },
		{ VS_DRIVER_ONLINE, true, false, VS_STATE_UNKNOWN, 5 },
		{ VS_DRIVER_IOCTL_FAILS, true, false, VS_STATE_UNKNOWN, 5 },
		{ VS_DRIVER_APPLIANCE_LOST, true, true, VS_STATE_IN_SYNC, 5 },
		{ VS_DRIVER_NOT_LOADED, true, false, VS_STATE_UNKNOWN, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_host_view host = {
			.name = "",
			.state = rows[i].state,
			.driver.state = rows[i].driver,
		};

		host.source[VS_SOURCE_MANAGER].available = rows[i].manager;
		host.source[VS_SOURCE_DRIVER].available = rows[i].list;
		host.source[VS_SOURCE_HOST].available = true;
		assert_row(i, vs_exit_code(&host, rows[i].state) ==
			   rows[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(nothing),
		WORLD_TEST(in_sync),
		WORLD_TEST(vm_without_vnics),
		WORLD_TEST(manager_only),
		WORLD_TEST(manager_only_plugged),
		WORLD_TEST(driver_only),
		WORLD_TEST(host_only),
		WORLD_TEST(host_only_not_hooked),
		WORLD_TEST(host_only_nameless),
		WORLD_TEST(host_only_claimed_twice),
		WORLD_TEST(mac_mismatch),
		WORLD_TEST(device_id_mismatch),
		WORLD_TEST(swapped),
		WORLD_TEST(not_plugged),
		WORLD_TEST(unplugged_or_not),
		WORLD_TEST(not_compared),
		WORLD_TEST(not_compared_bound),
		WORLD_TEST(away_and_here),
		WORLD_TEST(arrived),
		WORLD_TEST(ends_not_applicable),
		WORLD_TEST(order_of_events),
		WORLD_TEST(walks_stop),
		WORLD_TEST(exit_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
