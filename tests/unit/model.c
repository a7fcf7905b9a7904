// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "model.h"

static unsigned int (*pick)(unsigned int n);

void model_pick_by(unsigned int (*by)(unsigned int n))
{
	pick = by;
}

static void put_vm(struct world *w, const struct model *m, unsigned int vm)
{
	if (m->vm[vm].is)
		assert_int_equal(vs_engine_set_vm(w->e, &m->vm[vm].fact), 0);
}

static void put_vnic(struct world *w, const struct model *m, unsigned int i)
{
	unsigned int vm = i / (MODEL_IDS * MODEL_MACS);
	unsigned int id = i / MODEL_MACS % MODEL_IDS;
	unsigned int mac = i % MODEL_MACS + 1;

	if (m->vnic[vm][id][mac])
		world_vnic(w, vm, id, mac);
}

static void put_driver(struct world *w, const struct model *m, unsigned int p)
{
	if (m->driver[p].is && m->driver[p].bound)
		world_bypass(w, p, m->driver[p].vm, m->driver[p].id,
			     m->driver[p].mac, m->driver[p].bypass);
	else if (m->driver[p].is)
		world_unbound(w, p);
}

static void put_host(struct world *w, const struct model *m, unsigned int p)
{
	if (m->host[p].is && m->host[p].plugged)
		world_plugged(w, p, m->host[p].vm, m->host[p].id,
			      m->host[p].mac);
	else if (m->host[p].is && m->host[p].unheld)
		world_unheld(w, p);
	else if (m->host[p].is)
		world_idle(w, p);
}

typedef void (*put_fn)(struct world *w, const struct model *m, unsigned int i);

/* put entries 0 to n - 1 in random order */
static void put_shuffled(struct world *w, const struct model *m, put_fn put,
			 unsigned int n)
{
	unsigned int order[MODEL_VNICS];

	assert_true(n <= ARRAY_SIZE(order));
	for (unsigned int i = 0; i < n; i++) {
		unsigned int j = pick(i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	for (unsigned int i = 0; i < n; i++)
		put(w, m, order[i]);
}

void model_put_list(struct world *w, const struct model *m,
		    enum vs_source source)
{
	const struct vs_list_info info = { .read_at = w->now };

	vs_engine_begin(w->e, source);
	if (source == VS_SOURCE_MANAGER) {
		bool vms_first = pick(2);

		if (vms_first)
			put_shuffled(w, m, put_vm, MODEL_VMS + 1);
		put_shuffled(w, m, put_vnic, MODEL_VNICS);
		if (!vms_first)
			put_shuffled(w, m, put_vm, MODEL_VMS + 1);
	} else if (source == VS_SOURCE_DRIVER) {
		put_shuffled(w, m, put_driver, MODEL_PORTS + 1);
	} else {
		put_shuffled(w, m, put_host, MODEL_PORTS + 1);
	}
	assert_int_equal(vs_engine_commit(w->e, source, &info), 0);
}

/* mostly what VM and port should have, so that agreement is common */
static unsigned int likely_mac(unsigned int vm, unsigned int id)
{
	return 1 + (pick(6) ? (vm * MODEL_IDS + id) % MODEL_MACS :
			      pick(MODEL_MACS));
}

static void change_vm(struct world *w, struct model *m)
{
	static const char *const hosts[] = { NULL, NULL, "node1", "node2" };
	unsigned int vm = 1 + pick(MODEL_VMS);
	struct vs_uuid uuid = world_uuid(vm);

	if (m->vm[vm].is && !pick(4)) {
		m->vm[vm].is = false;
		memset(m->vnic[vm], 0, sizeof(m->vnic[vm]));
		assert_int_equal(vs_engine_del_vm(w->e, &uuid), 0);
		return;
	}
	m->vm[vm].is = true;
	m->vm[vm].fact = (struct vs_vm_fact){
		.uuid = uuid,
		.name = pick(2) ? "same" : "other",
		.host = hosts[pick(4)],
		.power = pick(3) ? VS_POWER_RUNNING : pick(VS_POWER_COUNT),
		.unprotected = !pick(8),
		.is_template = !pick(8),
	};
	put_vm(w, m, vm);
}

static void change_vnic(struct world *w, struct model *m)
{
	unsigned int vm = 1 + pick(MODEL_VMS), id = pick(MODEL_IDS);
	unsigned int mac = likely_mac(vm, id);
	bool *is = &m->vnic[vm][id][mac];

	/* the engine drops vNICs with their VM: keep to those that have one */
	if (!m->vm[vm].is)
		return;
	*is = !*is;
	if (*is)
		world_vnic(w, vm, id, mac);
	else
		world_del_vnic(w, vm, id, mac);
}

static void change_driver(struct world *w, struct model *m)
{
	unsigned int p = 1 + pick(MODEL_PORTS);

	if (m->driver[p].is && !pick(3)) {
		m->driver[p].is = false;
		assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_DRIVER, p),
				 0);
		return;
	}
	m->driver[p].is = true;
	m->driver[p].bound = pick(4);
	m->driver[p].bypass = pick(6) ? VS_BYPASS_NO :
			      pick(VS_BYPASS_UNKNOWN + 1);
	m->driver[p].vm = 1 + pick(MODEL_VMS);
	m->driver[p].id = pick(MODEL_IDS);
	m->driver[p].mac = likely_mac(m->driver[p].vm, m->driver[p].id);
	put_driver(w, m, p);
}

static void change_host(struct world *w, struct model *m)
{
	unsigned int p = 1 + pick(MODEL_PORTS);

	if (m->host[p].is && !pick(3)) {
		m->host[p].is = false;
		assert_int_equal(vs_engine_del_port(w->e, VS_SOURCE_HOST, p),
				 0);
		return;
	}
	m->host[p].is = true;
	m->host[p].plugged = pick(5);
	m->host[p].unheld = !m->host[p].plugged && pick(2);
	if (m->driver[p].is && m->driver[p].bound && pick(3)) {
		m->host[p].vm = m->driver[p].vm;
		m->host[p].id = m->driver[p].id;
		m->host[p].mac = m->driver[p].mac;
	} else {
		m->host[p].vm = pick(MODEL_VMS + 1);
		m->host[p].id = pick(MODEL_IDS);
		m->host[p].mac = likely_mac(m->host[p].vm, m->host[p].id);
	}
	put_host(w, m, p);
}

void model_change(struct world *w, struct model *m)
{
	static void (*const how[])(struct world *w, struct model *m) = {
		change_vm, change_vnic, change_vnic, change_vnic,
		change_driver, change_driver, change_host,
	};

	how[pick(ARRAY_SIZE(how))](w, m);
	/* now and then the whole list comes again */
	if (!pick(20))
		model_put_list(w, m, pick(VS_SOURCE_COUNT));
}

/* the Manager says that it has no ports here */
static bool is_away(const struct model *m, unsigned int vm)
{
	const struct vs_vm_fact *fact = &m->vm[vm].fact;

	return (fact->host && strcmp(fact->host, "node2") == 0) ||
	       fact->is_template || fact->power == VS_POWER_OFF ||
	       fact->power == VS_POWER_SUSPENDED;
}

/* is it known that a bound port is not held as it is bound? */
static bool held_wrong(const struct model *m, unsigned int p)
{
	if (!m->host[p].is || !m->host[p].plugged)
		return m->host[p].is && m->host[p].unheld;
	/*
	 * Of a VM that is not known, nothing is; of a MAC that is, and here
	 * every one is, the place does not matter.
	 */
	return m->host[p].vm && (m->host[p].vm != m->driver[p].vm ||
				 m->host[p].mac != m->driver[p].mac);
}

/* by sets alone: do the lists differ on this VM? */
static bool differs(const struct model *m, unsigned int vm)
{
	int n[MODEL_IDS][MODEL_MACS + 1] = { 0 };

	for (unsigned int id = 0; id < MODEL_IDS; id++)
		for (unsigned int mac = 1; mac <= MODEL_MACS; mac++)
			n[id][mac] = m->vm[vm].is && !is_away(m, vm) &&
				     m->vnic[vm][id][mac];
	for (unsigned int p = 1; p <= MODEL_PORTS; p++) {
		bool mine = m->driver[p].is && m->driver[p].bound &&
			    m->driver[p].vm == vm;

		if (mine && held_wrong(m, p))
			return true;
		if (mine)
			n[m->driver[p].id][m->driver[p].mac]--;
		else if (m->host[p].is && m->host[p].plugged &&
			 m->host[p].vm == vm)
			return true;
	}
	for (unsigned int id = 0; id < MODEL_IDS; id++)
		for (unsigned int mac = 1; mac <= MODEL_MACS; mac++)
			if (n[id][mac])
				return true;
	return false;
}

/* is a vNIC that the driver has of this VM bypassed? */
static bool is_bypassed(const struct model *m, unsigned int vm)
{
	for (unsigned int p = 1; p <= MODEL_PORTS; p++) {
		if (m->driver[p].is && m->driver[p].bound &&
		    m->driver[p].vm == vm &&
		    m->driver[p].bypass == VS_BYPASS_YES)
			return true;
	}
	return false;
}

/* "in sync" is said only of what all lists have that have a say in it */
static int in_sync_is_true(void *ctx, const struct vs_vnic_view *v)
{
	const struct model *m = ctx;
	unsigned int p = v->driver.ifindex;

	if (v->state != VS_STATE_IN_SYNC)
		return 0;
	assert_true(v->in_manager && v->in_driver);
	assert_true(m->driver[p].is && m->driver[p].bound);
	assert_false(held_wrong(m, p));
	assert_int_equal(v->manager.device_id, m->driver[p].id);
	assert_int_equal(vs_mac_cmp(&v->manager.mac, &v->driver.mac), 0);
	/* nor is what is bypassed, or may be, whatever the lists say */
	assert_int_equal(v->driver.bypass, VS_BYPASS_NO);
	return 0;
}

void model_check_in_sync(struct world *w, const struct model *m)
{
	assert_int_equal(vs_engine_each_vnic(w->e, NULL, in_sync_is_true,
					     (void *)m), 0);
}

static bool is_compared(const struct model *m, unsigned int vm)
{
	return !m->vm[vm].is || !m->vm[vm].fact.unprotected;
}

void model_check_plainly(struct world *w, const struct model *m)
{
	for (unsigned int vm = 1; vm <= MODEL_VMS; vm++) {
		bool says = strncmp(world_state(w, vm), "out-of-sync", 11) == 0;
		struct vs_uuid uuid = world_uuid(vm);
		struct vs_vm_view view;

		assert_int_equal(says, is_compared(m, vm) &&
				 (differs(m, vm) || is_bypassed(m, vm)));
		says = is_compared(m, vm) && differs(m, vm);
		if (vs_engine_vm(w->e, &uuid, &view) == 0)
			assert_int_equal(view.alert, says);
	}
	model_check_in_sync(w, m);
}

void model_check_fresh(struct world *w, const struct model *m)
{
	struct vs_host_view a, b;
	static char is[262144];
	struct world fresh;
	enum vs_source first = pick(VS_SOURCE_COUNT);

	world_open(&fresh, 0, 1);
	fresh.now = w->now;
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		model_put_list(&fresh, m, (first + i) % VS_SOURCE_COUNT);
	world_driver(&fresh, VS_DRIVER_ONLINE);
	world_evaluate(&fresh);

	strcpy(is, world_vnics(w, 0));
	assert_string_equal(is, world_vnics(&fresh, 0));
	for (unsigned int vm = 1; vm <= MODEL_VMS; vm++) {
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
