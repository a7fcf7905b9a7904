// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bindings that are refused: tried again less and less often, but at once when
 * something of what may be in the way has changed.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "binder_wrap.h"
#include "daemon/refusal.h"
#include "world.h"

static int tries, answer;
static vs_time timer;

int __wrap_vs_client_open(struct vs_client *c, struct vs_error *error)
{
	(void)error;
	memset(c, 0, sizeof(*c));
	return 0;
}

void __wrap_vs_client_close(struct vs_client *c)
{
	(void)c;
}

int __wrap_vs_client_bind(struct vs_client *c, const struct vs_port_name *port,
			  const struct vs_identity *id,
			  struct vs_driver_vnic *vnic, struct vs_error *error)
{
	(void)c;
	(void)port;
	(void)id;
	(void)vnic;
	tries++;
	return answer ? vs_error_set(error, VS_OP_NETLINK, VS_WHY_NONE, answer,
				     NULL) : 0;
}

int __wrap_vs_timer_set(struct vs_agent *a, sd_event_source **source,
			vs_time ms, sd_event_time_handler_t fn)
{
	(void)a;
	(void)source;
	(void)fn;
	timer = ms;
	return 0;
}

static struct vs_driver_vnic entry(uint32_t ifindex, unsigned int vm,
				   unsigned int mac)
{
	struct vs_driver_vnic v = {
		.id = 100 + ifindex, .ifindex = ifindex, .master = 1,
	};

	snprintf(v.ifname, sizeof(v.ifname), "tap%u", ifindex);
	if (!vm)
		return v;
	v.has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	v.vm_uuid = world_uuid(vm);
	v.mac = world_mac(mac);
	return v;
}

/** struct scene - vm1 holds tap7; vm1, vm2 and vm3 have tap8, tap9, tap10 */
struct scene {
	struct vs_host_port port;
	struct vs_driver_vnic v[5];
	struct vs_vnics vnics;
};

static void set_scene(struct scene *s)
{
	*s = (struct scene){
		.port = {
			.ifindex = 7, .ifname = "tap7", .pid = 50,
			.plugged = true, .vm = world_uuid(1), .vm_name = "vm1",
			.device_id = 1, .mac = world_mac(2),
		},
		.v = {
			entry(7, 0, 0), entry(8, 1, 1), entry(9, 2, 2),
			entry(10, 3, 3), entry(11, 4, 4),
		},
	};
	s->vnics = (struct vs_vnics){ .v = s->v, .n = 4 };
}

static bool due(const struct vs_refusals *r, const struct scene *s,
		vs_time now)
{
	return vs_refusals_due(r, &s->vnics, &s->port, s->v, now);
}

static void longer(void **state)
{
	static const int pauses[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct vs_refusals r = { 0 };
	vs_time now = 5000, at;
	struct scene s;

	(void)state;
	set_scene(&s);
	assert_false(vs_refusals_next(&r, &at));
	for (size_t i = 0; i < ARRAY_SIZE(pauses); i++) {
		assert_row(i, due(&r, &s, now));
		vs_refusals_add(&r, &s.vnics, &s.port, s.v, EEXIST, now);
		assert_row(i, vs_refusals_next(&r, &at));
		assert_row(i, at == now + pauses[i] * 1000);
		assert_row(i, !due(&r, &s, at - 1));
		now = at;
	}
	/* another answer is another obstacle */
	vs_refusals_add(&r, &s.vnics, &s.port, s.v, ENOSPC, now);
	assert_true(due(&r, &s, now + 1000));
	vs_refusals_free(&r);
}

static void change_pid(struct scene *s) { s->port.pid++; }
static void change_name(struct scene *s) { s->port.vm_name[0] = 'x'; }
static void change_vm(struct scene *s) { s->port.vm = world_uuid(9); }
static void change_mac(struct scene *s) { s->port.mac = world_mac(9); }
static void change_device(struct scene *s) { s->port.device_id = 2; }
static void change_bridge(struct scene *s) { s->v[0].master = 2; }
static void holder_mac(struct scene *s) { s->v[2].mac = world_mac(7); }
static void holder_bridge(struct scene *s) { s->v[2].master = 2; }
static void holder_device(struct scene *s) { s->v[1].device_id = 3; }
static void holder_unbound(struct scene *s) { s->v[1] = entry(8, 0, 0); }
static void holder_gone(struct scene *s) { s->v[2] = s->v[3]; s->vnics.n = 3; }
static void holder_new(struct scene *s) { s->v[1].id = 999; }
static void new_holder(struct scene *s) { s->v[3] = entry(10, 1, 5); }
static void other_mac(struct scene *s) { s->v[3].mac = world_mac(8); }
static void other_comes(struct scene *s) { s->vnics.n++; }
static void other_wire(struct scene *s) { s->v[2].stats.from_guest_packets++; }

static void other_order(struct scene *s)
{
	struct vs_driver_vnic v = s->v[1];

	s->v[1] = s->v[2];
	s->v[2] = v;
}

static void at_once(void **state)
{
	static const struct {
		void (*change)(struct scene *s);
		bool claim, room;	/* tried again, by why it was refused */
	} rows[] = {
		{ change_pid, true, true }, { change_name, true, true },
		{ change_vm, true, true }, { change_mac, true, true },
		{ change_device, true, true }, { change_bridge, true, true },
		{ holder_mac, true, true }, { holder_bridge, true, true },
		{ holder_device, true, true }, { holder_unbound, true, true },
		{ holder_gone, true, true }, { holder_new, true, true },
		{ new_holder, true, true }, { other_mac, false, false },
		{ other_comes, false, true }, { other_wire, false, false },
		{ other_order, false, false },
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		bool room = i % 2;
		struct vs_refusals r = { 0 };
		struct scene s;

		set_scene(&s);
		vs_refusals_add(&r, &s.vnics, &s.port, s.v,
				room ? ENOSPC : EEXIST, 5000);
		rows[i / 2].change(&s);
		assert_row(i, due(&r, &s, 5001) == (room ? rows[i / 2].room :
							   rows[i / 2].claim));
		vs_refusals_free(&r);
	}
}

static void swept(void **state)
{
	struct vs_refusals r = { 0 };
	struct scene s;
	vs_time at;

	(void)state;
	set_scene(&s);
	vs_refusals_add(&r, &s.vnics, &s.port, s.v, EEXIST, 5000);
	vs_refusals_sweep(&r, &s.vnics);
	assert_int_equal(r.n, 1);
	/* one that takes its number and name is another one */
	s.v[0].id++;
	vs_refusals_sweep(&r, &s.vnics);
	assert_false(vs_refusals_next(&r, &at));
	vs_refusals_add(&r, &s.vnics, &s.port, s.v, EEXIST, 5000);
	s.v[0].has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	vs_refusals_sweep(&r, &s.vnics);
	assert_false(vs_refusals_next(&r, &at));
	vs_refusals_free(&r);
}

/* the same by way of the binder */
static void binder(void **state)
{
	struct vs_conf conf = { .bind = true };
	struct vs_agent a = { .conf = &conf };
	struct vs_host_ports ports;
	struct scene s;

	(void)state;
	set_scene(&s);
	a.vnics = s.vnics;
	ports = (struct vs_host_ports){ .v = &s.port, .n = 1 };
	answer = EEXIST;
	assert_false(vs_binder_bind(&a, &ports));
	assert_int_equal(tries, 1);
	assert_true(timer > 0 && timer <= VS_REFUSAL_PAUSE);
	/* not in the next passes, however long it takes to get there */
	a.binder.refused.v[0].again = INT64_MAX;
	for (int i = 0; i < 10; i++)
		assert_false(vs_binder_bind(&a, &ports));
	assert_int_equal(tries, 1);
	/* the obstacle goes */
	holder_unbound(&s);
	answer = 0;
	assert_true(vs_binder_bind(&a, &ports));
	assert_int_equal(tries, 2);
	/* somebody asks for it */
	set_scene(&s);
	answer = EEXIST;
	s.v[0].id++;
	assert_false(vs_binder_bind(&a, &ports));
	a.binder.refused.v[0].again = INT64_MAX;
	assert_false(vs_binder_bind(&a, &ports));
	assert_int_equal(tries, 3);
	vs_binder_afresh(&a);
	assert_false(vs_binder_bind(&a, &ports));
	assert_int_equal(tries, 4);
	vs_binder_stop(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longer),
		cmocka_unit_test(at_once),
		cmocka_unit_test(swept),
		cmocka_unit_test(binder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
