// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random changes, and three things that must hold: an engine that followed
 * them one by one says the same as one that is told everything at once, in
 * any order; and both say what a plain comparison of sets says.
 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "core/alert.h"
#include "world.h"

#define VMS 7
#define IDS 4
#define MACS 9
#define PORTS 12

/** struct facts - all there is, plainly */
struct facts {
	struct {
		bool is;
		struct vs_vm_fact fact;
	} vm[VMS + 1];
	bool vnic[VMS + 1][IDS][MACS + 1];
	struct {
		bool is, bound;
		unsigned int vm, id, mac;
		enum vs_bypass bypass;
	} driver[PORTS + 1];
	struct {
		bool is, plugged, unheld;
		unsigned int vm, id, mac;
	} host[PORTS + 1];
};

static uint64_t random_state;

/* xorshift: the same everywhere, from the seed on */
static unsigned int pick(unsigned int n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 33) % n;
}

static int seed(void **state)
{
	const char *s = getenv("UNIT_SEED");
	unsigned long long n = s ? strtoull(s, NULL, 10) :
			       (unsigned long long)time(NULL) * 2654435761u;

	(void)state;
	random_state = n ? n : 1;
	printf("# UNIT_SEED=%llu\n", n);
	fflush(stdout);
	return 0;
}

static void put_vm(struct world *w, const struct facts *f, unsigned int vm)
{
	if (f->vm[vm].is)
		assert_int_equal(vs_engine_set_vm(w->e, &f->vm[vm].fact), 0);
}

static void put_vnic(struct world *w, const struct facts *f, unsigned int i)
{
	unsigned int vm = i / (IDS * MACS), id = i / MACS % IDS;
	unsigned int mac = i % MACS + 1;

	if (f->vnic[vm][id][mac])
		world_vnic(w, vm, id, mac);
}

static void put_driver(struct world *w, const struct facts *f, unsigned int p)
{
	if (f->driver[p].is && f->driver[p].bound)
		world_bypass(w, p, f->driver[p].vm, f->driver[p].id,
			     f->driver[p].mac, f->driver[p].bypass);
	else if (f->driver[p].is)
		world_unbound(w, p);
}

static void put_host(struct world *w, const struct facts *f, unsigned int p)
{
	if (f->host[p].is && f->host[p].plugged)
		world_plugged(w, p, f->host[p].vm, f->host[p].id,
			      f->host[p].mac);
	else if (f->host[p].is && f->host[p].unheld)
		world_unheld(w, p);
	else if (f->host[p].is)
		world_idle(w, p);
}

typedef void (*put_fn)(struct world *w, const struct facts *f, unsigned int i);

/* put entries 0 to n - 1 in random order */
static void put_shuffled(struct world *w, const struct facts *f, put_fn put,
			 unsigned int n)
{
	unsigned int order[VMS * IDS * MACS + IDS * MACS + 1];

	assert_true(n <= ARRAY_SIZE(order));
	for (unsigned int i = 0; i < n; i++) {
		unsigned int j = pick(i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	for (unsigned int i = 0; i < n; i++)
		put(w, f, order[i]);
}

static void put_list(struct world *w, const struct facts *f,
		     enum vs_source source)
{
	const struct vs_list_info info = { .read_at = w->now };

	vs_engine_begin(w->e, source);
	if (source == VS_SOURCE_MANAGER) {
		bool vms_first = pick(2);

		if (vms_first)
			put_shuffled(w, f, put_vm, VMS + 1);
		put_shuffled(w, f, put_vnic, (VMS + 1) * IDS * MACS);
		if (!vms_first)
			put_shuffled(w, f, put_vm, VMS + 1);
	} else if (source == VS_SOURCE_DRIVER) {
		put_shuffled(w, f, put_driver, PORTS + 1);
	} else {
		put_shuffled(w, f, put_host, PORTS + 1);
	}
	assert_int_equal(vs_engine_commit(w->e, source, &info), 0);
}

/* mostly what VM and port should have, so that agreement is common */
static unsigned int likely_mac(unsigned int vm, unsigned int id)
{
	return pick(6) ? 1 + (vm * IDS + id) % MACS : 1 + pick(MACS);
}

static void change_vm(struct world *w, struct facts *f)
{
	static const char *const hosts[] = { NULL, NULL, "node1", "node2" };
	unsigned int vm = 1 + pick(VMS);
	struct vs_uuid uuid = world_uuid(vm);

	if (f->vm[vm].is && !pick(4)) {
		f->vm[vm].is = false;
		memset(f->vnic[vm], 0, sizeof(f->vnic[vm]));
		assert_int_equal(vs_engine_del_vm(w->e, &uuid), 0);
		return;
	}
	f->vm[vm].is = true;
	f->vm[vm].fact = (struct vs_vm_fact){
		.uuid = uuid,
		.name = pick(2) ? "same" : "other",
		.host = hosts[pick(4)],
		.power = pick(3) ? VS_POWER_RUNNING : pick(VS_POWER_COUNT),
		.unprotected = !pick(8),
		.is_template = !pick(8),
	};
	put_vm(w, f, vm);
}

static void change_vnic(struct world *w, struct facts *f)
{
	unsigned int vm = 1 + pick(VMS), id = pick(IDS);
	unsigned int mac = likely_mac(vm, id);
	bool *is = &f->vnic[vm][id][mac];

	/* the engine drops vNICs with their VM: keep to those that have one */
	if (!f->vm[vm].is)
		return;
	*is = !*is;
	if (*is)
		world_vnic(w, vm, id, mac);
	else
		world_del_vnic(w, vm, id, mac);
}

static void change_driver(struct world *w, struct facts *f)
{
	unsigned int p = 1 + pick(PORTS);

	if (f->driver[p].is && !pick(3)) {
		f->driver[p].is = false;
		assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_DRIVER, p),
				 0);
		return;
	}
	f->driver[p].is = true;
	f->driver[p].bound = pick(4);
	f->driver[p].bypass = pick(6) ? VS_BYPASS_NO :
			      pick(VS_BYPASS_UNKNOWN + 1);
	f->driver[p].vm = 1 + pick(VMS);
	f->driver[p].id = pick(IDS);
	f->driver[p].mac = likely_mac(f->driver[p].vm, f->driver[p].id);
	put_driver(w, f, p);
}

static void change_host(struct world *w, struct facts *f)
{
	unsigned int p = 1 + pick(PORTS);

	if (f->host[p].is && !pick(3)) {
		f->host[p].is = false;
		assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, p),
				 0);
		return;
	}
	f->host[p].is = true;
	f->host[p].plugged = pick(5);
	f->host[p].unheld = !f->host[p].plugged && pick(2);
	if (f->driver[p].is && f->driver[p].bound && pick(3)) {
		f->host[p].vm = f->driver[p].vm;
		f->host[p].id = f->driver[p].id;
		f->host[p].mac = f->driver[p].mac;
	} else {
		f->host[p].vm = pick(VMS + 1);
		f->host[p].id = pick(IDS);
		f->host[p].mac = likely_mac(f->host[p].vm, f->host[p].id);
	}
	put_host(w, f, p);
}

static void change(struct world *w, struct facts *f)
{
	static void (*const how[])(struct world *w, struct facts *f) = {
		change_vm, change_vnic, change_vnic, change_vnic,
		change_driver, change_driver, change_host,
	};

	how[pick(ARRAY_SIZE(how))](w, f);
	/* now and then the whole list comes again */
	if (!pick(20))
		put_list(w, f, pick(VS_SOURCE_COUNT));
}

/* the Manager says that it has no ports here */
static bool is_away(const struct facts *f, unsigned int vm)
{
	const struct vs_vm_fact *fact = &f->vm[vm].fact;

	return (fact->host && strcmp(fact->host, "node2") == 0) ||
	       fact->is_template || fact->power == VS_POWER_OFF ||
	       fact->power == VS_POWER_SUSPENDED;
}

/* is it known that a bound port is not held as it is bound? */
static bool held_wrong(const struct facts *f, unsigned int p)
{
	if (!f->host[p].is || !f->host[p].plugged)
		return f->host[p].is && f->host[p].unheld;
	/*
	 * Of a VM that is not known, nothing is; of a MAC that is, and here
	 * every one is, the place does not matter.
	 */
	return f->host[p].vm && (f->host[p].vm != f->driver[p].vm ||
				 f->host[p].mac != f->driver[p].mac);
}

/* by sets alone: do the lists differ on this VM? */
static bool differs(const struct facts *f, unsigned int vm)
{
	int n[IDS][MACS + 1] = { 0 };

	for (unsigned int id = 0; id < IDS; id++)
		for (unsigned int mac = 1; mac <= MACS; mac++)
			n[id][mac] = f->vm[vm].is && !is_away(f, vm) &&
				     f->vnic[vm][id][mac];
	for (unsigned int p = 1; p <= PORTS; p++) {
		bool mine = f->driver[p].is && f->driver[p].bound &&
			    f->driver[p].vm == vm;

		if (mine && held_wrong(f, p))
			return true;
		if (mine)
			n[f->driver[p].id][f->driver[p].mac]--;
		else if (f->host[p].is && f->host[p].plugged &&
			 f->host[p].vm == vm)
			return true;
	}
	for (unsigned int id = 0; id < IDS; id++)
		for (unsigned int mac = 1; mac <= MACS; mac++)
			if (n[id][mac])
				return true;
	return false;
}

/* is a vNIC that the driver has of this VM bypassed? */
static bool is_bypassed(const struct facts *f, unsigned int vm)
{
	for (unsigned int p = 1; p <= PORTS; p++) {
		if (f->driver[p].is && f->driver[p].bound &&
		    f->driver[p].vm == vm &&
		    f->driver[p].bypass == VS_BYPASS_YES)
			return true;
	}
	return false;
}

/* "in sync" is said only of what all lists have that have a say in it */
static int in_sync_is_true(void *ctx, const struct vs_vnic_view *v)
{
	const struct facts *f = ctx;
	unsigned int p = v->driver.ifindex;

	if (v->state != VS_STATE_IN_SYNC)
		return 0;
	assert_true(v->in_manager && v->in_driver);
	assert_true(f->driver[p].is && f->driver[p].bound);
	assert_false(held_wrong(f, p));
	assert_int_equal(v->manager.device_id, f->driver[p].id);
	assert_int_equal(vs_mac_cmp(&v->manager.mac, &v->driver.mac), 0);
	/* nor is what is bypassed, or may be, whatever the lists say */
	assert_int_equal(v->driver.bypass, VS_BYPASS_NO);
	return 0;
}

static bool is_compared(const struct facts *f, unsigned int vm)
{
	return !f->vm[vm].is || !f->vm[vm].fact.unprotected;
}

static void check_plainly(struct world *w, const struct facts *f)
{
	for (unsigned int vm = 1; vm <= VMS; vm++) {
		bool says = strncmp(world_state(w, vm), "out-of-sync", 11) == 0;
		struct vs_uuid uuid = world_uuid(vm);
		struct vs_vm_view view;

		assert_int_equal(says, is_compared(f, vm) &&
				 (differs(f, vm) || is_bypassed(f, vm)));
		says = is_compared(f, vm) && differs(f, vm);
		if (vs_engine_vm(w->e, &uuid, &view) == 0)
			assert_int_equal(view.alert, says);
	}
	assert_int_equal(vs_engine_each_vnic(w->e, NULL, in_sync_is_true,
					     (void *)f), 0);
}

static void check_fresh(struct world *w, const struct facts *f)
{
	struct vs_host_view a, b;
	static char is[262144];
	struct world fresh;
	enum vs_source first = pick(VS_SOURCE_COUNT);

	world_open(&fresh, 0, 1);
	fresh.now = w->now;
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		put_list(&fresh, f, (first + i) % VS_SOURCE_COUNT);
	world_driver(&fresh, VS_DRIVER_ONLINE);
	world_evaluate(&fresh);

	strcpy(is, world_vnics(w, 0));
	assert_string_equal(is, world_vnics(&fresh, 0));
	for (unsigned int vm = 1; vm <= VMS; vm++) {
		strcpy(is, world_state(w, vm));
		assert_string_equal(is, world_state(&fresh, vm));
	}
	vs_engine_host(w->e, &a);
	vs_engine_host(fresh.e, &b);
	assert_int_equal(a.state, b.state);
	assert_memory_equal(a.vms, b.vms, sizeof(a.vms));
	assert_memory_equal(a.vnics, b.vnics, sizeof(a.vnics));
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		assert_int_equal(a.source[i].count, b.source[i].count);
	world_close(&fresh);
}

static void step_by_step(void **state)
{
	static struct facts f;
	struct world w;

	(void)state;
	for (int run = 0; run < 300; run++) {
		memset(&f, 0, sizeof(f));
		world_open(&w, 0, 1);
		world_ready(&w);
		for (int n = 0; n < 150; n++) {
			for (unsigned int i = 1 + pick(4); i; i--)
				change(&w, &f);
			world_after(&w, 1);
			check_plainly(&w, &f);
			if (!pick(4))
				check_fresh(&w, &f);
		}
		check_fresh(&w, &f);
		world_close(&w);
	}
}

/* sources come and go as well; once all are back, nothing of it is left */
static void with_outages(void **state)
{
	static struct facts f;
	struct world w;

	(void)state;
	for (int run = 0; run < 150; run++) {
		memset(&f, 0, sizeof(f));
		world_open(&w, pick(3) * 100, 1 + pick(3));
		world_ready(&w);
		for (int n = 0; n < 200; n++) {
			change(&w, &f);
			if (!pick(10))
				world_fail(&w, pick(VS_SOURCE_COUNT));
			if (!pick(10))
				world_driver(&w, 1 + pick(5));
			if (!pick(5))
				put_list(&w, &f, pick(VS_SOURCE_COUNT));
			world_after(&w, pick(120));
		}
		for (int i = 0; i < VS_SOURCE_COUNT; i++)
			put_list(&w, &f, i);
		world_driver(&w, VS_DRIVER_ONLINE);
		for (int n = 0; n < 5; n++)
			world_after(&w, 1000);
		check_plainly(&w, &f);
		check_fresh(&w, &f);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step_by_step),
		cmocka_unit_test(with_outages),
	};

	return cmocka_run_group_tests(tests, seed, NULL);
}
