// SPDX-License-Identifier: GPL-2.0-only
/* What recovery decides without touching anything. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/duration.h"
#include "recover/choose.h"
#include "recover/crowd.h"
#include "recover/forget.h"
#include "recover/program.h"
#include "recover/reach.h"
#include "recover/recover.h"
#include "world.h"

static const char *steps(const struct vs_choice *choice)
{
	static char text[64];

	*text = '\0';
	for (size_t i = 0; i < choice->n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, vs_step_word(choice->steps[i]));
	}
	return text;
}

/*
 * VM 1's definition has a vNIC with that MAC; 0: nobody knows of one. The MAC
 * @held is bound to VM 2; 0: none.
 */
static struct vs_choice choose(struct world *w, unsigned int mac,
			       unsigned int held)
{
	struct vs_snapshot host = { 0 };
	struct vs_driver_vnic *v;
	struct vs_domain *defined, running = { .active = true };
	struct vs_choice choice;
	struct vs_case of = {
		.engine = w->e, .host = &host, .grace = 1, .window = 1,
		.found = true, .uuid = world_uuid(1),
	};

	defined = calloc(1, sizeof(*defined) + sizeof(*defined->vnics));
	assert_non_null(defined);
	defined->uuid = of.uuid;
	defined->n_vnics = 1;
	defined->vnics[0].mac = world_mac(mac);
	running.uuid = of.uuid;
	running.defined = defined;
	of.domains = mac ? &running : NULL;
	if (held) {
		host.reading.listed = true;
		v = vs_vnics_add(&host.reading.table.vnics);
		v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
		v->ifindex = 5;
		v->vm_uuid = world_uuid(2);
		v->mac = world_mac(held);
	}
	world_evaluate(w);
	of.now = w->now;
	assert_int_equal(vs_choose(&of, &choice), 0);
	vs_domains_free(defined);
	vs_snapshot_free(&host);
	return choice;
}

static void in_sync(struct world *w)
{
	world_vm(w, 1);
	world_vnic(w, 1, 0, 11);
	world_bound(w, 3, 1, 0, 11);
	world_plugged(w, 3, 1, 0, 11);
}

static void no_port(struct world *w)
{
	world_vm(w, 1);
	world_vnic(w, 1, 0, 11);
}

static void unbound(struct world *w)
{
	no_port(w);
	world_unbound(w, 3);
	world_plugged(w, 3, 1, 0, 11);
}

static void left_over(struct world *w)
{
	in_sync(w);
	world_bound(w, 4, 1, 1, 12);
	world_unheld(w, 4);
}

static void unknown_to_manager(struct world *w)
{
	world_bound(w, 3, 1, 0, 11);
	world_plugged(w, 3, 1, 0, 11);
}

static void defined_otherwise(struct world *w)
{
	world_vm(w, 1);
	world_vnic(w, 1, 0, 12);
	world_bound(w, 3, 1, 0, 11);
	world_plugged(w, 3, 1, 0, 11);
}

static void bound_otherwise(struct world *w)
{
	world_vm(w, 1);
	world_vnic(w, 1, 0, 11);
	world_bound(w, 3, 1, 0, 12);
	world_plugged(w, 3, 1, 0, 11);
}

/* it is bound to a port that VM 2 holds */
static void holds_anothers(struct world *w)
{
	no_port(w);
	world_vm(w, 2);
	world_vnic(w, 2, 0, 22);
	world_bound(w, 3, 1, 0, 11);
	world_plugged(w, 3, 2, 0, 22);
}

static void no_inventory(struct world *w)
{
	in_sync(w);
	world_fail(w, VS_SOURCE_MANAGER);
}

static void lost(struct world *w)
{
	in_sync(w);
	world_driver(w, VS_DRIVER_APPLIANCE_LOST);
}

static void reset(struct world *w)
{
	const struct vs_driver_info info = {
		.state = VS_DRIVER_APPLIANCE_LOST, .reset = true,
	};

	in_sync(w);
	vs_engine_set_driver(w->e, &info);
}

/* VM 2 runs with the MAC of this one, which is not bound for it */
static void cloned(struct world *w)
{
	unbound(w);
	world_vm(w, 2);
	world_vnic(w, 2, 0, 11);
	world_bound(w, 5, 2, 0, 11);
	world_plugged(w, 5, 2, 0, 11);
}

static void not_loaded(struct world *w)
{
	in_sync(w);
	world_driver(w, VS_DRIVER_NOT_LOADED);
}

static void bypassed(struct world *w)
{
	in_sync(w);
	world_bypass(w, 3, 1, 0, 11, VS_BYPASS_YES);
}

/** struct chosen - what there is, and the steps that fit */
struct chosen {
	void (*facts)(struct world *w);
	const char *steps;
	unsigned int defined, held;
	bool new_macs;
};

/* nobody knows a definition, nor holds a MAC of it */
#define CHOSEN(facts, steps) { facts, steps, 0, 0, false }

static void assert_chosen(const struct chosen *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct vs_choice choice;
		struct world w;

		world_open(&w, 0, 1);
		world_ready(&w);
		rows[i].facts(&w);
		choice = choose(&w, rows[i].defined, rows[i].held);
		assert_row_string(i, steps(&choice), rows[i].steps);
		assert_row(i, choice.new_macs == rows[i].new_macs);
		world_close(&w);
	}
}

static void scenes(void **state)
{
	static const struct chosen rows[] = {
		CHOSEN(in_sync, ""),
		CHOSEN(no_port, "R1 R2"),
		CHOSEN(unbound, "R7 R2"),
		CHOSEN(left_over, "R6 R7"),
		CHOSEN(unknown_to_manager, "R5 R2"),
		CHOSEN(defined_otherwise, "R5 R2 R6"),
		CHOSEN(bound_otherwise, "R7 R2 R6"),
		CHOSEN(no_inventory, "R9 R7 R8"),
		CHOSEN(reset, "R3 R7"),
		CHOSEN(lost, "R3 R10 R11 R7"),
		CHOSEN(not_loaded, "R10 R11 R7"),
		CHOSEN(bypassed, ""),
		CHOSEN(cloned, "R5 R2"),
		CHOSEN(holds_anothers, "R2 R6"),
	};
	struct vs_choice choice;
	struct world w;

	(void)state;
	assert_chosen(rows, ARRAY_SIZE(rows));
	/* younger than the grace period: it heals by itself */
	world_open(&w, 1000, 1);
	world_ready(&w);
	no_port(&w);
	choice = choose(&w, 0, 0);
	assert_string_equal(steps(&choice), "R0 R7");
	world_close(&w);
}

/* what a VM is defined as, from its next start on, has a say in it */
static void definitions(void **state)
{
	static const struct chosen rows[] = {
		/* R5 helps once, and only with new MACs */
		{ cloned, "R5 R2", 0, 11, true },
		{ cloned, "R5 R2", 11, 11, true },
		{ cloned, "R2", 12, 11, false },
		/* which of the two is to be another is not known, then */
		{ cloned, "R5 R2", 0, 0, false },
		/* the Manager has what it is defined as, or does not */
		{ defined_otherwise, "R5 R2 R6", 11, 0, false },
		{ defined_otherwise, "R5 R2 R6", 13, 0, false },
		{ defined_otherwise, "R2 R5 R6", 12, 0, false },
		/* another definition is not what is wrong with these */
		{ bound_otherwise, "R7 R2 R6", 13, 0, false },
		{ unbound, "R7 R2", 13, 0, false },
		{ in_sync, "", 13, 0, false },
	};

	(void)state;
	assert_chosen(rows, ARRAY_SIZE(rows));
}

/** struct telling - an evaluation whose events are explained */
struct telling {
	struct world *w;
	struct vs_snapshot host;
	struct vs_crowd crowd;
	bool gathered;
	char text[1024];
};

static void tell(void *ctx, const struct vs_event *event)
{
	struct vs_event told = *event;
	struct telling *t = ctx;
	struct vs_case of = {
		.engine = t->w->e, .host = &t->host, .now = t->w->now,
		.grace = 1, .window = 1, .crowd = &t->crowd,
	};
	size_t len = strlen(t->text);

	if (!t->gathered)
		assert_int_equal(vs_crowd_gather(&t->crowd, &of), 0);
	t->gathered = true;
	assert_int_equal(vs_explain(&of, &told), 0);
	assert_int_equal(told.steps, vs_gap_step_bits(told.cause, told.gap));
	snprintf(t->text + len, sizeof(t->text) - len, "%u %s %x\n", told.id,
		 vs_cause_word(told.cause), told.steps);
}

/* each event of an evaluation, by what all VMs are at that moment */
static void explained(void **state)
{
	struct telling t = { 0 };
	struct world w;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	t.w = &w;
	/* VM 1: another MAC; 3: the MAC of 2; 4: no port */
	defined_otherwise(&w);
	world_vm(&w, 2);
	world_vnic(&w, 2, 0, 20);
	world_bound(&w, 20, 2, 0, 20);
	world_plugged(&w, 20, 2, 0, 20);
	world_vm(&w, 3);
	world_vnic(&w, 3, 0, 20);
	world_unbound(&w, 30);
	world_plugged(&w, 30, 3, 0, 20);
	world_vm(&w, 4);
	world_vnic(&w, 4, 0, 40);
	assert_int_equal(vs_engine_evaluate(w.e, w.now, tell, &t), 0);
	assert_string_equal(t.text, "368 C7 64\n368 C3 2024\n368 - 6\n");
	vs_crowd_free(&t.crowd);
	world_close(&w);
}

static void words(void **state)
{
	enum vs_step step;

	(void)state;
	for (int i = 0; i < VS_STEP_COUNT; i++) {
		assert_int_equal(vs_step_parse(vs_step_word(i), &step),
				 0);
		assert_int_equal(step, i);
		assert_non_null(vs_step_info(i)->plan);
		assert_non_null(vs_step_info(i)->run);
	}
	assert_int_equal(vs_step_parse("r11", &step), -EINVAL);
	assert_int_equal(vs_step_parse("R12", &step), -EINVAL);
	assert_int_equal(vs_step_parse("", &step), -EINVAL);
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int ret;
		unsigned int seconds;
	} rows[] = {
		{ "1s", 0, 1 }, { "90m", 0, 5400 }, { "2h", 0, 7200 },
		{ "7d", 0, 604800 }, { "604800s", 0, 604800 },
		{ "8d", -ERANGE, 0 }, { "0s", -ERANGE, 0 },
		{ "10", -EINVAL, 0 }, { "m", -EINVAL, 0 },
		{ "", -EINVAL, 0 }, { "-1m", -EINVAL, 0 },
		{ "1.5h", -EINVAL, 0 }, { "1 h", -EINVAL, 0 },
		{ "1w", -EINVAL, 0 }, { "99999999999999999999s", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned int seconds = 0;

		assert_row(i, vs_duration_parse(rows[i].text, 604800,
						&seconds) == rows[i].ret);
		assert_row(i, seconds == rows[i].seconds);
	}
}

static void uris(void **state)
{
	static const struct {
		const char *uri;
		int ret;
		const char *host;
		unsigned int port;
		const char *socket;
	} rows[] = {
		{ "qemu:///system", 0, "", 0,
		  "/run/libvirt/virtqemud-sock-ro" },
		{ "qemu+unix:///system?socket=/a/b", 0, "", 0, "/a/b" },
		{ "qemu:///session", 0, "", 0, NULL },
		{ "test:///default", 0, "", 0, NULL },
		{ "qemu+ssh://root@node2/system", 0, "node2", 22, NULL },
		{ "qemu+ssh://node2:2222/system", 0, "node2", 2222, NULL },
		{ "qemu://node2/system", 0, "node2", 16514, NULL },
		{ "qemu+tcp://[::1]/system", 0, "::1", 16509, NULL },
		{ "no uri", -EINVAL, "", 0, NULL },
		{ "///", -EINVAL, "", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_reach_uri uri;

		assert_row(i, vs_reach_parse(&uri, rows[i].uri) ==
			   rows[i].ret);
		assert_row_string(i, uri.host, rows[i].host);
		assert_row(i, uri.port == rows[i].port);
		assert_row(i, !uri.n_sockets == !rows[i].socket);
		if (rows[i].socket)
			assert_row_string(i, uri.socket[0], rows[i].socket);
	}
}

/* what somebody may have open is never forgotten */
static void refusals(void **state)
{
	static const struct {
		uint32_t kind;
		bool bound, up, there, unheld;
		pid_t pid;
		int ret;
	} rows[] = {
		{ VMSAFE_NET_PORT_KIND_TAP, true, true, true, true, 0, 0 },
		{ VMSAFE_NET_PORT_KIND_TAP, false, true, true, true, 0,
		  -ENOTCONN },
		{ VMSAFE_NET_PORT_KIND_TAP, true, true, true, false, 0,
		  -EBUSY },
		{ VMSAFE_NET_PORT_KIND_TAP, true, true, true, false, 9,
		  -EBUSY },
		{ VMSAFE_NET_PORT_KIND_TAP, true, true, false, false, 0, 0 },
		{ VMSAFE_NET_PORT_KIND_MACVTAP, true, true, true, false, 0,
		  0 },
		{ VMSAFE_NET_PORT_KIND_MACVTAP, true, true, true, false, 9,
		  -EBUSY },
		{ VMSAFE_NET_PORT_KIND_OTHER, true, true, false, false, 0,
		  -EBUSY },
		{ VMSAFE_NET_PORT_KIND_OTHER, false, false, false, false, 0,
		  0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct vs_driver_vnic v = {
			.has = rows[i].bound ?
			       VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID) : 0,
			.port_kind = rows[i].kind, .up = rows[i].up,
			.ifname = "tap0",
		};
		const struct vs_host_port port = {
			.unheld = rows[i].unheld, .pid = rows[i].pid,
			.vm_name = "web",
		};
		struct vs_buf why = { 0 };

		assert_row(i, vs_forget_refusal(&v, rows[i].there ? &port :
						NULL, &why) == rows[i].ret);
		assert_row(i, !!why.len == !!rows[i].ret);
		if (rows[i].pid)
			assert_row(i, strstr(vs_buf_str(&why), "process 9") &&
				   strstr(vs_buf_str(&why), "web"));
		vs_buf_free(&why);
	}
}

static bool always(void *ctx)
{
	(void)ctx;
	return true;
}

static void programs(void **state)
{
	static const char *const rows[][4] = {
		{ "sh", "-c", "echo out; echo err >&2; exit 7" },
		{ "sh", "-c", "kill -9 $$" },
		{ "sh", "-c", "sleep 60 & wait" },
		{ "/does/not/exist" },
	};
	static const int rets[] = { 7, -EINTR, -ETIMEDOUT, -ENOENT };
	const struct vs_progress stopped = { .stopped = always };
	struct vs_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_program_run(rows[i], i ? NULL : &out,
					     i == 2 ? 300 : 60000, NULL) ==
			   rets[i]);
	assert_string_equal(vs_buf_str(&out), "out\nerr\n");
	vs_buf_free(&out);
	assert_int_equal(vs_program_run(rows[2], NULL, 60000, &stopped),
			 -ECANCELED);
}

/* what a port lacks may say better than the cause what helps first */
static void first_steps(void **state)
{
	static const struct {
		enum vs_cause cause;
		enum vs_gap gap;
		enum vs_step first;
	} rows[] = {
		{ VS_CAUSE_C1, VS_GAP_INACTIVE, VS_STEP_R6 },
		{ VS_CAUSE_C1, VS_GAP_UNBOUND, VS_STEP_R7 },
		{ VS_CAUSE_C7, VS_GAP_INACTIVE, VS_STEP_R6 },
	};
	enum vs_step step;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_gap_first(rows[i].cause, rows[i].gap, &step) &&
			   step == rows[i].first);
	assert_false(vs_gap_first(VS_CAUSE_C3, VS_GAP_INACTIVE, &step));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenes), cmocka_unit_test(definitions),
		cmocka_unit_test(explained),
		cmocka_unit_test(first_steps), cmocka_unit_test(words),
		cmocka_unit_test(durations), cmocka_unit_test(uris),
		cmocka_unit_test(refusals), cmocka_unit_test(programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
