// SPDX-License-Identifier: GPL-2.0-only
/* What a notification of the driver changes before the pass that it calls. */
#include "unit.h"

#include <net/if.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "doorbell_wrap.h"
#include "world.h"

/* an interface index that no host has come to */
#define NOWHERE 2000000000

/* what the driver says next, and what was done about it */
static struct vs_notice said;
static bool is_said;
static int bell = -1, passes, wakes;

int __wrap_vs_listener_wait(struct vs_listener *l, struct vs_error *error)
{
	(void)l;
	(void)error;
	bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert_true(bell >= 0);
	return 0;
}

int __wrap_vs_listener_fd(const struct vs_listener *l)
{
	(void)l;
	return bell;
}

int __wrap_vs_listener_next(struct vs_listener *l, struct vs_notice *notice,
			    struct vs_error *error)
{
	eventfd_t n;

	(void)l;
	(void)error;
	if (!is_said)
		return 0;
	assert_int_equal(eventfd_read(bell, &n), 0);
	is_said = false;
	*notice = said;
	return 1;
}

void __wrap_vs_listener_close(struct vs_listener *l)
{
	(void)l;
	close(bell);
}

void __wrap_vs_pass_plan(struct vs_agent *a)
{
	(void)a;
	passes++;
}

void __wrap_vs_binder_wake(struct vs_agent *a)
{
	(void)a;
	wakes++;
}

/** struct desk - as much of a daemon as it takes, and what it compares */
struct desk {
	struct vs_agent a;
	struct world w;
};

/* two VMs that are in sync: one at @port, and one at a port besides */
static void desk_open(struct desk *d, unsigned int port)
{
	*d = (struct desk){ 0 };
	world_open(&d->w, 0, 1);
	world_ready(&d->w);
	for (unsigned int vm = 1; vm < 3; vm++) {
		unsigned int at = vm == 1 ? port : NOWHERE + 1;

		world_vm(&d->w, vm);
		world_vnic(&d->w, vm, 0, vm);
		world_bound(&d->w, at, vm, 0, vm);
		world_plugged(&d->w, at, vm, 0, vm);
	}
	assert_string_equal(world_evaluate(&d->w), "");
	d->a.engine = d->w.e;
	d->a.ready = true;
	assert_true(sd_event_new(&d->a.loop) >= 0);
	assert_true(vs_doorbell_start(&d->a) >= 0);
	passes = 0;
	wakes = 0;
}

static void desk_close(struct desk *d)
{
	vs_doorbell_stop(&d->a);
	sd_event_unref(d->a.loop);
	world_close(&d->w);
}

static void ring(struct desk *d, uint32_t ifindex, uint8_t reason,
		 uint32_t missed)
{
	said = (struct vs_notice){ .kind = VS_NOTICE_VNIC, .missed = missed };
	said.vnic.ifindex = ifindex;
	said.vnic.reason = reason;
	is_said = true;
	assert_int_equal(eventfd_write(bell, 1), 0);
	assert_true(sd_event_run(d->a.loop, 0) > 0);
	assert_false(is_said);
	d->w.now = vs_agent_now(&d->a);
}

static void is_fine(struct desk *d, unsigned int vm)
{
	assert_string_equal(world_state(&d->w, vm), "in-sync -");
}

/* the port of VM 1 has gone: so it is said at once, and told by the pass */
static void gone(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d, NOWHERE);
	ring(&d, NOWHERE, VMSAFE_NET_REASON_PORT_GONE, 0);
	assert_string_equal(world_state(&d.w, 1), "out-of-sync manager-only");
	is_fine(&d, 2);
	assert_int_equal(passes, 1);
	assert_string_equal(world_evaluate(&d.w), "368 vm1 manager:0:01");
	desk_close(&d);
}

/* the link is there: it was given back, or another one has its number */
static void given_back(void **state)
{
	unsigned int lo = if_nametoindex("lo");
	struct desk d;

	(void)state;
	assert_true(lo);
	desk_open(&d, lo);
	ring(&d, lo, VMSAFE_NET_REASON_PORT_GONE, 0);
	is_fine(&d, 1);
	assert_int_equal(passes, 1);
	desk_close(&d);
}

/* anything else is for the pass, which reads it */
static void others(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d, NOWHERE);
	for (uint8_t reason = 0; reason < 32; reason++) {
		if (reason == VMSAFE_NET_REASON_PORT_GONE)
			continue;
		passes = 0;
		ring(&d, NOWHERE, reason, 0);
		is_fine(&d, 1);
		assert_int_equal(passes, 1);
	}
	desk_close(&d);
}

/* before the first pass nothing is known that could change */
static void too_early(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d, NOWHERE);
	d.a.ready = false;
	ring(&d, NOWHERE, VMSAFE_NET_REASON_PORT_GONE, 0);
	is_fine(&d, 1);
	assert_int_equal(passes, 1);
	desk_close(&d);
}

/* some were lost before it: it is true nevertheless */
static void after_lost_ones(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d, NOWHERE);
	ring(&d, NOWHERE, VMSAFE_NET_REASON_PORT_GONE, 3);
	assert_string_equal(world_state(&d.w, 1), "out-of-sync manager-only");
	assert_int_equal(d.a.doorbell.lost, 1);
	assert_int_equal(wakes, 1);
	assert_int_equal(passes, 1);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gone),
		cmocka_unit_test(given_back),
		cmocka_unit_test(others),
		cmocka_unit_test(too_early),
		cmocka_unit_test(after_lost_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
