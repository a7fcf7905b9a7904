// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>

#include "core/gap.h"
#include "world.h"

void world_open_config(struct world *w, const struct vs_engine_config *config)
{
	memset(w, 0, sizeof(*w));
	w->now = 1000000;
	w->e = vs_engine_new(config);
	assert_non_null(w->e);
}

void world_open(struct world *w, vs_time grace, unsigned int debounce)
{
	const struct vs_engine_config config = {
		.host = "node1",
		.grace = grace,
		.debounce = debounce,
	};

	world_open_config(w, &config);
}

void world_close(struct world *w)
{
	vs_engine_free(w->e);
	w->e = NULL;
}

static void world_commit(struct world *w, enum vs_source source)
{
	const struct vs_list_info info = { .read_at = w->now };

	assert_int_equal(vs_engine_commit(w->e, source, &info), 0);
}

void world_ready(struct world *w)
{
	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		vs_engine_begin(w->e, i);
		world_commit(w, i);
	}
	world_driver(w, VS_DRIVER_ONLINE);
}

int world_setup(void **state)
{
	static struct world w;

	world_open(&w, 0, 1);
	world_ready(&w);
	*state = &w;
	return 0;
}

int world_teardown(void **state)
{
	world_close(*state);
	return 0;
}

struct vs_uuid world_uuid(unsigned int vm)
{
	struct vs_uuid u = { { 0x42, 0x1e } };

	for (int i = 0; i < 4; i++)
		u.b[15 - i] = vm >> (8 * i);
	return u;
}

struct vs_mac world_mac(unsigned int mac)
{
	return (struct vs_mac){ {
		0, 0x50, 0x56, mac >> 16 & 0xff, mac >> 8 & 0xff, mac & 0xff
	} };
}

struct vs_vm_fact world_vm_fact(unsigned int vm)
{
	static char name[4][16];
	static int turn;
	char *s = name[turn++ % 4];

	snprintf(s, sizeof(name[0]), "vm%u", vm);
	return (struct vs_vm_fact){ .uuid = world_uuid(vm), .name = s };
}

void world_vm(struct world *w, unsigned int vm)
{
	world_vm_power(w, vm, VS_POWER_RUNNING);
}

void world_vm_power(struct world *w, unsigned int vm, enum vs_power power)
{
	struct vs_vm_fact fact = world_vm_fact(vm);

	fact.power = power;
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
}

void world_vnic(struct world *w, unsigned int vm, unsigned int device_id,
		unsigned int mac)
{
	const struct vs_vnic_fact fact = {
		.vm = world_uuid(vm), .device_id = device_id,
		.mac = world_mac(mac),
	};

	assert_int_equal(vs_engine_set_vnic(w->e, &fact), 0);
}

void world_del_vnic(struct world *w, unsigned int vm, unsigned int device_id,
		    unsigned int mac)
{
	const struct vs_vnic_fact fact = {
		.vm = world_uuid(vm), .device_id = device_id,
		.mac = world_mac(mac),
	};

	assert_int_equal(vs_engine_del_vnic(w->e, &fact), 0);
}

static void world_driver_port(struct world *w, struct vs_driver_fact *fact)
{
	snprintf(fact->port, sizeof(fact->port), "tap%u", fact->ifindex);
	fact->creation_id = fact->ifindex;
	assert_int_equal(vs_engine_set_driver_port(w->e, fact), 0);
}

void world_bound(struct world *w, unsigned int port, unsigned int vm,
		 unsigned int device_id, unsigned int mac)
{
	world_bypass(w, port, vm, device_id, mac, VS_BYPASS_NO);
}

void world_bypass(struct world *w, unsigned int port, unsigned int vm,
		  unsigned int device_id, unsigned int mac,
		  enum vs_bypass bypass)
{
	struct vs_driver_fact fact = {
		.ifindex = port,
		.mode = VS_MODE_ENFORCING,
		.bypass = bypass,
		.bypass_by = bypass == VS_BYPASS_YES ? "xdp" : NULL,
		.bound = true,
		.vm = world_uuid(vm),
		.vm_name = world_vm_fact(vm).name,
		.device_id = device_id,
		.mac = world_mac(mac),
	};

	world_driver_port(w, &fact);
}

void world_unbound(struct world *w, unsigned int port)
{
	struct vs_driver_fact fact = {
		.ifindex = port,
		.mode = VS_MODE_UNBOUND_PASS,
	};

	world_driver_port(w, &fact);
}

static void world_host_port(struct world *w, struct vs_host_fact *fact)
{
	snprintf(fact->port, sizeof(fact->port), "tap%u", fact->ifindex);
	assert_int_equal(vs_engine_set_host_port(w->e, fact), 0);
}

void world_plugged(struct world *w, unsigned int port, unsigned int vm,
		   unsigned int device_id, unsigned int mac)
{
	struct vs_host_fact fact = {
		.ifindex = port,
		.pid = 1000 + port,
		.plugged = true,
		.device_id = VS_DEVICE_ID_NONE,
	};

	if (vm) {
		fact.vm = world_uuid(vm);
		fact.vm_name = world_vm_fact(vm).name;
		fact.device_id = device_id;
		fact.mac = world_mac(mac);
	}
	world_host_port(w, &fact);
}

void world_idle(struct world *w, unsigned int port)
{
	struct vs_host_fact fact = {
		.ifindex = port,
		.device_id = VS_DEVICE_ID_NONE,
	};

	world_host_port(w, &fact);
}

void world_unheld(struct world *w, unsigned int port)
{
	struct vs_host_fact fact = {
		.ifindex = port,
		.unheld = true,
		.device_id = VS_DEVICE_ID_NONE,
	};

	world_host_port(w, &fact);
}

void world_fail(struct world *w, enum vs_source source)
{
	struct vs_error error;

	vs_error_set(&error, VS_OP_READ_FILE, VS_WHY_UNREACHABLE, 5, NULL);
	vs_engine_fail(w->e, source, &error);
}

static int world_keep_vm(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_vm_fact fact = {
		.uuid = vm->uuid,
		.name = vm->name,
		.host = vm->host,
		.power = vm->power,
		.unprotected = vm->unprotected,
		.is_template = vm->is_template,
	};

	if (!vm->in_manager)
		return 0;
	return vs_engine_set_vm(ctx, &fact);
}

static int world_keep_vnic(void *ctx, const struct vs_vnic_view *v)
{
	return v->in_manager ? vs_engine_set_vnic(ctx, &v->manager) : 0;
}

static int world_keep_driver(void *ctx, const struct vs_vnic_view *v)
{
	return v->in_driver ? vs_engine_set_driver_port(ctx, &v->driver) : 0;
}

static int world_keep_host(void *ctx, const struct vs_vnic_view *v)
{
	return v->on_host ? vs_engine_set_host_port(ctx, &v->on) : 0;
}

/* feeding what is known changes nothing, so the walk is not disturbed */
void world_keep(struct world *w, enum vs_source source)
{
	static const vs_vnic_fn keep[] = {
		world_keep_vnic, world_keep_driver, world_keep_host
	};

	vs_engine_begin(w->e, source);
	if (source == VS_SOURCE_MANAGER)
		assert_int_equal(vs_engine_each_vm(w->e, world_keep_vm, w->e),
				 0);
	assert_int_equal(vs_engine_each_vnic(w->e, NULL, keep[source], w->e),
			 0);
	world_commit(w, source);
}

void world_driver(struct world *w, enum vs_driver_state state)
{
	struct vs_driver_info info = { .state = state };

	if (state == VS_DRIVER_IOCTL_FAILS)
		vs_error_set_ioctl(&info.error, "VERIFY_VNIC",
				   VS_WHY_SESSION_HELD, 16);
	vs_engine_set_driver(w->e, &info);
}

static void world_say(struct world *w, const char *s)
{
	size_t len = strlen(s);

	assert_true(w->len + len < sizeof(w->said));
	memcpy(w->said + w->len, s, len + 1);
	w->len += len;
}

static void world_event(void *ctx, const struct vs_event *ev)
{
	struct world *w = ctx;
	char line[128];

	assert_int_equal(ev->time, w->now);
	/* a VM's cause takes more than its lists to tell */
	assert_true(!ev->vm || !ev->cause);
	assert_int_equal(ev->steps, vs_gap_step_bits(ev->cause, ev->gap));
	if (w->len)
		world_say(w, "\n");
	snprintf(line, sizeof(line), "%d", ev->id);
	world_say(w, line);
	if (ev->vm_name || ev->port) {
		world_say(w, " ");
		world_say(w, ev->vm_name ? ev->vm_name : ev->port);
	}
	if (ev->form == VS_FORM_UNVERIFIED)
		world_say(w, ev->error->op == VS_OP_IOCTL ? " ioctl" : " list");
	if (ev->form == VS_FORM_UNOBTAINED)
		world_say(w, " inventory");
	for (size_t i = 0; i < ev->n_differences; i++) {
		const struct vs_difference *d = &ev->differences[i];
		int id = d->device_id == VS_DEVICE_ID_NONE ? -1 : d->device_id;

		snprintf(line, sizeof(line), " %s:%d:%02x",
			 vs_source_word(d->source), id,
			 d->mac.b[3] << 16 | d->mac.b[4] << 8 | d->mac.b[5]);
		world_say(w, line);
	}
	if (ev->id == VS_EVENT_IN_SYNC) {
		world_say(w, " ");
		world_say(w, vs_state_word(ev->state));
	}
	if (ev->id == VS_EVENT_DRIVER_OFFLINE ||
	    ev->id == VS_EVENT_DRIVER_ONLINE) {
		world_say(w, " ");
		world_say(w, vs_driver_state_word(ev->driver));
	}
}

const char *world_evaluate(struct world *w)
{
	w->len = 0;
	*w->said = '\0';
	assert_int_equal(vs_engine_evaluate(w->e, w->now, world_event, w), 0);
	return w->said;
}

const char *world_after(struct world *w, vs_time ms)
{
	w->now += ms;
	return world_evaluate(w);
}

/** struct world_lines - lines to be sorted and joined */
struct world_lines {
	char **v;
	size_t n;
	bool whole;
};

static int world_line(void *ctx, const struct vs_vnic_view *v)
{
	struct world_lines *l = ctx;
	char uuid[VS_UUID_STR], *s;
	int id = v->device_id == VS_DEVICE_ID_NONE ? -1 : v->device_id;
	int len;

	len = asprintf(&s, "%d:%02x %s %s %s %s", id,
		       v->mac.b[3] << 16 | v->mac.b[4] << 8 | v->mac.b[5],
		       vs_state_word(v->state), vs_reason_word(v->reason),
		       v->expected, v->actual);
	assert_true(len > 0);
	if (l->whole) {
		char *t = s;

		len = asprintf(&s, "%s %s %d%d%d %u %u %s",
			       vs_uuid_format(&v->vm, uuid),
			       v->vm_name ? v->vm_name : "-", v->in_manager,
			       v->in_driver, v->on_host, v->driver.ifindex,
			       v->on.ifindex, t);
		assert_true(len > 0);
		free(t);
	}
	l->v = realloc(l->v, (l->n + 1) * sizeof(*l->v));
	assert_non_null(l->v);
	l->v[l->n++] = s;
	return 0;
}

static int world_line_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *world_vnics(struct world *w, unsigned int vm)
{
	static char text[262144];
	struct world_lines l = { .whole = !vm };
	struct vs_uuid uuid = world_uuid(vm);
	size_t len = 0;
	int ret;

	ret = vs_engine_each_vnic(w->e, vm ? &uuid : NULL, world_line, &l);
	if (ret)
		return "none";
	*text = '\0';
	if (l.n && l.whole)
		qsort(l.v, l.n, sizeof(*l.v), world_line_cmp);
	for (size_t i = 0; i < l.n; i++) {
		assert_true(len + strlen(l.v[i]) + 2 < sizeof(text));
		len += sprintf(text + len, "%s%s", i ? "\n" : "", l.v[i]);
		free(l.v[i]);
	}
	free(l.v);
	return text;
}

const char *world_state(struct world *w, unsigned int vm)
{
	static char text[64];
	struct vs_uuid uuid = world_uuid(vm);
	struct vs_vm_view view;

	if (vs_engine_vm(w->e, &uuid, &view))
		return "none";
	snprintf(text, sizeof(text), "%s %s", vs_state_word(view.state),
		 vs_reason_word(view.reason));
	return text;
}
