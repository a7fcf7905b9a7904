// SPDX-License-Identifier: GPL-2.0-only
/* A port that is bound to a VM, and held by another: what helps the holder. */
#include "unit.h"

#include "recover/choose.h"
#include "world.h"

static void assert_steps(size_t row, const enum vs_step *steps, size_t n,
			 const char *want)
{
	char text[64] = "";

	for (size_t i = 0; i < n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, vs_step_word(steps[i]));
	}
	assert_row_string(row, text, want);
}

/* whatever speaks for a cause: the Manager is not what is wrong */
static void causes(void **state)
{
	static const struct {
		enum vs_cause cause;
		const char *steps;
	} rows[] = {
		{ VS_CAUSE_NONE, "R2 R6" },
		{ VS_CAUSE_C3, "R2 R6 P2" },
		{ VS_CAUSE_C7, "R2 R6" },
	};
	enum vs_step steps[VS_STEPS_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_steps(i, steps, vs_gap_steps(rows[i].cause,
						    VS_GAP_ALIEN, steps),
			     rows[i].steps);
}

/* port 3, MAC 11: of VM 1's process, and bound to VM 2 with MAC 22 */
static void set_up(struct world *w, struct vs_snapshot *host,
		   struct vs_host_port *port)
{
	struct vs_driver_vnic *v;

	world_open(w, 0, 1);
	world_ready(w);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 11);
	world_bound(w, 3, 2, 0, 22);
	world_plugged(w, 3, 1, 0, 11);
	world_evaluate(w);
	*port = (struct vs_host_port){
		.ifindex = 3, .plugged = true, .vm = world_uuid(1),
		.mac = world_mac(11),
	};
	*host = (struct vs_snapshot){
		.has_ports = true, .ports = { .v = port, .n = 1 },
		.reading = { .listed = true },
	};
	v = vs_vnics_add(&host->reading.table.vnics);
	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	v->ifindex = 3;
	v->vm_uuid = world_uuid(2);
	v->mac = world_mac(22);
}

/* no MAC is there twice: it is no clone, and nobody need be registered anew */
static void holder(void **state)
{
	struct vs_host_port port;
	struct vs_snapshot host;
	struct vs_choice choice;
	struct world w;

	(void)state;
	set_up(&w, &host, &port);
	for (unsigned int vm = 1; vm <= 2; vm++) {
		struct vs_case of = {
			.engine = w.e, .host = &host, .now = w.now,
			.grace = 1, .window = 1, .found = true,
			.uuid = world_uuid(vm),
		};

		assert_int_equal(vs_choose(&of, &choice), 0);
		assert_row(vm, choice.cause == VS_CAUSE_NONE);
		assert_row(vm, choice.gap == VS_GAP_ALIEN);
		assert_steps(vm, choice.steps, choice.n, "R2 R6");
	}
	host.ports = (struct vs_host_ports){ .n = 0 };
	vs_snapshot_free(&host);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes),
		cmocka_unit_test(holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
