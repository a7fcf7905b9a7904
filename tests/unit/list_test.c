// SPDX-License-Identifier: GPL-2.0-only
/* Lists as a whole: replaced, broken off, with entries twice or wrong. */
#include "unit.h"

#include <errno.h>

#include "world.h"

#define M1 "00:50:56:00:00:01"

/* S25: the same name, another UUID */
static void same_name(void **state)
{
	struct world *w = *state;
	struct vs_vm_fact a = world_vm_fact(1), b = world_vm_fact(2);

	b.name = a.name;
	assert_int_equal(vs_engine_set_vm(w->e, &a), 0);
	assert_int_equal(vs_engine_set_vm(w->e, &b), 0);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 2, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
	assert_string_equal(world_state(w, 1), "in-sync -");
	assert_string_equal(world_state(w, 2), "out-of-sync manager-only");
}

/* one UUID twice in the inventory: two VMs' vNICs under one identity */
static void same_uuid(void **state)
{
	const struct vs_list_info info = { 0 };
	struct vs_uuid uuid = world_uuid(1);
	struct world *w = *state;
	struct vs_vm_view view;

	for (int order = 0; order < 2; order++) {
		struct vs_vm_fact a = world_vm_fact(1), b = world_vm_fact(1);

		a.name = "a";
		b.name = "b";
		a.power = VS_POWER_OFF;
		vs_engine_begin(w->e, VS_SOURCE_MANAGER);
		vs_engine_set_vm(w->e, order ? &a : &b);
		world_vnic(w, 1, 0, order ? 1 : 2);
		vs_engine_set_vm(w->e, order ? &b : &a);
		world_vnic(w, 1, 0, order ? 2 : 1);
		vs_engine_commit(w->e, VS_SOURCE_MANAGER, &info);
		world_bound(w, 11, 1, 0, 1);
		assert_string_equal(world_evaluate(w),
				    order ? "" : "368 a manager:0:02");
		assert_int_equal(vs_engine_vm(w->e, &uuid, &view), 0);
		assert_true(view.duplicate);
		assert_string_equal(view.name, "a");
		assert_int_equal(view.power, VS_POWER_RUNNING);
	}
	world_keep(w, VS_SOURCE_MANAGER);
	assert_int_equal(vs_engine_vm(w->e, &uuid, &view), 0);
	assert_false(view.duplicate);
}

/* each field of the two, whichever comes first */
static void same_uuid_fields(void **state)
{
	static const struct {
		struct vs_vm_fact a, b;
		const char *host, *state;
	} rows[] = {
		{ { .unprotected = true }, { .unprotected = true }, NULL,
		  "not-applicable not-protected" },
		{ { .unprotected = true }, { .unprotected = false }, NULL,
		  "in-sync -" },
		{ { .is_template = true }, { .is_template = true }, NULL,
		  "not-applicable template" },
		{ { .is_template = true }, { .is_template = false }, NULL,
		  "in-sync -" },
		{ { .host = "node2" }, { .host = "node1" }, "node1",
		  "in-sync -" },
		{ { .host = "node2" }, { .host = NULL }, NULL, "in-sync -" },
		{ { .host = "node2" }, { .host = "node3" }, "node2",
		  "not-applicable other-host" },
		{ { .power = VS_POWER_OFF }, { .power = VS_POWER_PAUSED },
		  NULL, "in-sync -" },
		{ { .power = VS_POWER_OFF }, { .power = VS_POWER_SUSPENDED },
		  NULL, "not-applicable vm-off" },
	};
	const struct vs_list_info info = { 0 };
	struct vs_uuid uuid = world_uuid(1);
	struct world *w = *state;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		struct vs_vm_fact a = rows[i / 2].a, b = rows[i / 2].b;
		struct vs_vm_view view;

		a.uuid = uuid;
		b.uuid = uuid;
		a.name = "a";
		b.name = "b";
		vs_engine_begin(w->e, VS_SOURCE_MANAGER);
		assert_int_equal(vs_engine_set_vm(w->e, i % 2 ? &a : &b), 0);
		assert_int_equal(vs_engine_set_vm(w->e, i % 2 ? &b : &a), 0);
		vs_engine_commit(w->e, VS_SOURCE_MANAGER, &info);
		world_evaluate(w);
		assert_row_string(i / 2, world_state(w, 1), rows[i / 2].state);
		assert_int_equal(vs_engine_vm(w->e, &uuid, &view), 0);
		assert_row_string(i / 2, view.host ? view.host : "-",
				  rows[i / 2].host ? rows[i / 2].host : "-");
	}
}

/* one entry twice in a list is one entry */
static void same_entry(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_vnics(w, 1),
			    "0:01 in-sync - " M1 " " M1);
	/* and the driver's table cannot have it on two ports; a file can */
	world_bound(w, 12, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:0:01");
}

/* an ifindex that is used again is another port */
static void reused_ifindex(void **state)
{
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_evaluate(w);
	world_vm(w, 2);
	world_vnic(w, 2, 0, 2);
	world_bound(w, 11, 2, 0, 2);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
	assert_string_equal(world_state(w, 2), "in-sync -");
}

static void whole_lists(void **state)
{
	const struct vs_list_info info = { .read_at = 5, .generation = 7 };
	struct world *w = *state;
	struct vs_host_view host;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 1, 1, 2);
	world_vm(w, 2);
	world_bound(w, 11, 1, 0, 1);
	world_bound(w, 12, 1, 1, 2);
	world_evaluate(w);
	/* the new list lacks VM 2 and a vNIC */
	vs_engine_begin(w->e, VS_SOURCE_MANAGER);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_int_equal(vs_engine_commit(w->e, VS_SOURCE_MANAGER, &info), 0);
	assert_int_equal(vs_engine_commit(w->e, VS_SOURCE_MANAGER, &info),
			 -EINVAL);
	assert_string_equal(world_evaluate(w), "368 vm1 driver:1:02");
	assert_string_equal(world_state(w, 2), "none");
	vs_engine_host(w->e, &host);
	assert_int_equal(host.source[VS_SOURCE_MANAGER].count, 1);
	assert_int_equal(host.source[VS_SOURCE_DRIVER].count, 2);
	assert_int_equal(host.source[VS_SOURCE_MANAGER].info.generation, 7);
	/* the driver's loses the port that was too many */
	vs_engine_begin(w->e, VS_SOURCE_DRIVER);
	world_bound(w, 11, 1, 0, 1);
	assert_int_equal(vs_engine_commit(w->e, VS_SOURCE_DRIVER, &info), 0);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

/* a load that fails half-way removes nothing */
static void broken_load(void **state)
{
	const struct vs_list_info info = { 0 };
	struct world *w = *state;

	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_bound(w, 11, 1, 0, 1);
	world_evaluate(w);
	vs_engine_begin(w->e, VS_SOURCE_MANAGER);
	world_vm(w, 2);
	world_fail(w, VS_SOURCE_MANAGER);
	assert_string_equal(world_evaluate(w), "742\n368 inventory");
	assert_string_equal(world_state(w, 1), "unknown source-unknown");
	vs_engine_begin(w->e, VS_SOURCE_MANAGER);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	assert_int_equal(vs_engine_commit(w->e, VS_SOURCE_MANAGER, &info), 0);
	assert_string_equal(world_evaluate(w), "743");
	assert_string_equal(world_state(w, 1), "in-sync -");
	assert_string_equal(world_state(w, 2), "none");
}

/* vNICs without their VM are not compared */
static void orphan_vnic(void **state)
{
	struct world *w = *state;

	world_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_state(w, 1), "none");
	world_vm(w, 1);
	assert_string_equal(world_evaluate(w), "368 vm1 manager:0:01");
	world_del_vnic(w, 1, 0, 1);
	assert_string_equal(world_evaluate(w), "9000 vm1 in-sync");
}

static void bad_facts(void **state)
{
	struct world *w = *state;
	struct vs_vm_fact vm = world_vm_fact(1);
	struct vs_vnic_fact nic = {
		.vm = world_uuid(1), .mac = world_mac(1),
	};
	struct vs_driver_fact drv = {
		.ifindex = 1, .port = "tap1", .bound = true,
		.vm = world_uuid(1), .mac = world_mac(1),
	};
	struct vs_host_fact host = { .ifindex = 1, .port = "tap1" };

	vm.name = "";
	assert_int_equal(vs_engine_set_vm(w->e, &vm), -EINVAL);
	vm = world_vm_fact(1);
	vm.host = "a\nb";
	assert_int_equal(vs_engine_set_vm(w->e, &vm), -EINVAL);
	vm = world_vm_fact(1);
	memset(&vm.uuid, 0, sizeof(vm.uuid));
	assert_int_equal(vs_engine_set_vm(w->e, &vm), -EINVAL);
	nic.device_id = 4096;
	assert_int_equal(vs_engine_set_vnic(w->e, &nic), -EINVAL);
	nic.device_id = 0;
	nic.mac.b[0] = 1;
	assert_int_equal(vs_engine_set_vnic(w->e, &nic), -EINVAL);
	drv.ifindex = 0;
	assert_int_equal(vs_engine_set_driver_port(w->e, &drv), -EINVAL);
	drv.ifindex = 1;
	memset(&drv.mac, 0, sizeof(drv.mac));
	assert_int_equal(vs_engine_set_driver_port(w->e, &drv), -EINVAL);
	drv.mac = world_mac(1);
	memset(drv.port, 'x', sizeof(drv.port));
	assert_int_equal(vs_engine_set_driver_port(w->e, &drv), -EINVAL);
	host.device_id = 5000;
	assert_int_equal(vs_engine_set_host_port(w->e, &host), -EINVAL);
	assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_MANAGER, 1),
			 -EINVAL);
	assert_string_equal(world_evaluate(w), "");
	assert_string_equal(world_vnics(w, 0), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(same_name),
		WORLD_TEST(same_uuid),
		WORLD_TEST(same_uuid_fields),
		WORLD_TEST(same_entry),
		WORLD_TEST(reused_ifindex),
		WORLD_TEST(whole_lists),
		WORLD_TEST(broken_load),
		WORLD_TEST(orphan_vnic),
		WORLD_TEST(bad_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
