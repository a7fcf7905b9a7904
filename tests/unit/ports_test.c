// SPDX-License-Identifier: GPL-2.0-only
/* From links and processes to the host's list. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "host/ports.h"
#include "world.h"

#define LINKS 6

/* tap1 .. tap5 with ifindex 11 .. 15, and a veth with 16 */
static struct vs_links links(void)
{
	static struct vs_link v[LINKS];
	struct vs_links l = { v, LINKS };

	for (int i = 0; i < LINKS; i++) {
		v[i] = (struct vs_link){ .ifindex = 11 + i };
		v[i].kind = i < 4 ? VS_LINK_TAP : i == 4 ? VS_LINK_MACVTAP :
							   VS_LINK_OTHER;
		v[i].rdev = i == 4 ? 77 : 0;
		sprintf(v[i].name, "tap%d", i + 1);
	}
	return l;
}

/*
 * A process "PID VM: held | nics": held are "fd=ifindex" pairs, NICs are
 * "MAC[,fd,...][@ifname]" with a MAC's last digits, "-" for no tap.
 */
static void process(struct vs_process *p, const char *s)
{
	char *copy = strdup(s), *save, *word, *more, *part;
	bool nics = false;

	memset(p, 0, sizeof(*p));
	p->held = calloc(16, sizeof(*p->held));
	p->vm.nics = calloc(16, sizeof(*p->vm.nics));
	word = strtok_r(copy, " ", &save);
	p->pid = atoi(word);
	word = strtok_r(NULL, " ", &save);
	p->is_vm = strcmp(word, "-") != 0;
	if (p->is_vm && atoi(word)) {
		p->vm.uuid = world_uuid(atoi(word));
		sprintf(p->vm.name, "vm%s", word);
	}
	while ((word = strtok_r(NULL, " ", &save))) {
		struct vs_qemu_nic *nic = &p->vm.nics[p->vm.n_nics];

		if (strcmp(word, "|") == 0) {
			nics = true;
			continue;
		}
		if (!nics) {
			struct vs_held *h = &p->held[p->n_held++];

			h->fd = atoi(word);
			h->ifindex = atoi(strchr(word, '=') + 1);
			continue;
		}
		nic->device_id = p->vm.n_nics++;
		nic->fds = calloc(8, sizeof(int));
		part = strchr(word, '@');
		if (part) {
			strcpy(nic->ifname, part + 1);
			*part = '\0';
		}
		part = strtok_r(word, ",", &more);
		nic->tap = strcmp(part, "-") != 0;
		if (nic->tap)
			nic->mac = world_mac(strtoul(part, NULL, 16));
		while ((part = strtok_r(NULL, ",", &more)))
			nic->fds[nic->n_fds++] = atoi(part);
	}
	free(copy);
}

static void forget(struct vs_processes *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		free(ps->v[i].held);
		vs_qemu_free(&ps->v[i].vm);
	}
}

/* "tap1 PID VM/device ID/MAC", what is not known is "-"; unheld ones are not */
static const char *describe(const struct vs_host_ports *ports)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ports->n; i++) {
		const struct vs_host_port *p = &ports->v[i];
		char mac[VS_MAC_STR];

		if (!p->pid)
			continue;
		n += sprintf(text + n, "%s%s %d ", n ? " | " : "", p->ifname,
			     p->pid);
		if (!p->plugged) {
			n += sprintf(text + n, "no VM");
			continue;
		}
		n += sprintf(text + n, "%s/", *p->vm_name ? p->vm_name : "-");
		n += p->device_id == VS_DEVICE_ID_NONE ?
		     sprintf(text + n, "-/") :
		     sprintf(text + n, "%u/", p->device_id);
		n += vs_mac_is_zero(&p->mac) ? sprintf(text + n, "-") :
		     sprintf(text + n, "%s", vs_mac_format(&p->mac, mac) + 15);
	}
	return text;
}

static void joins(void **state)
{
	static const struct {
		const char *process[3];
		const char *what;
	} rows[] = {
		{ { NULL }, "" },
		/* by descriptor */
		{ { "100 1 33=11 | 01,33" }, "tap1 100 vm1/0/01" },
		{ { "100 1 33=11 34=12 | 01,34 02,33" },
		  "tap1 100 vm1/1/02 | tap2 100 vm1/0/01" },
		/* several queues of one tap */
		{ { "100 1 33=11 34=11 35=12 | 01,33,34 02,35" },
		  "tap1 100 vm1/0/01 | tap2 100 vm1/1/02" },
		/* a queue that was opened later */
		{ { "100 1 33=11 40=11 | 01,33" }, "tap1 100 vm1/0/01" },
		/* by name */
		{ { "100 1 7=12 8=11 | 01@tap1 02@tap2" },
		  "tap1 100 vm1/0/01 | tap2 100 vm1/1/02" },
		/* a name that it does not hold */
		{ { "100 1 7=12 | 01@tap1 02@tap2" }, "tap2 100 vm1/1/02" },
		/* one left over on both sides */
		{ { "100 1 7=13 | 01" }, "tap3 100 vm1/0/01" },
		{ { "100 1 7=13 33=11 | 01,33 02" },
		  "tap1 100 vm1/0/01 | tap3 100 vm1/1/02" },
		/* two of them: which is which is not known */
		{ { "100 1 7=13 8=14 | 01 02" },
		  "tap3 100 vm1/-/- | tap4 100 vm1/-/-" },
		{ { "100 1 7=13 8=14 | 01" },
		  "tap3 100 vm1/-/- | tap4 100 vm1/-/-" },
		{ { "100 1 7=13 | 01 02" }, "tap3 100 vm1/-/-" },
		/* a descriptor that is gone is no invitation to guess */
		{ { "100 1 7=13 | 01,33" }, "tap3 100 vm1/-/-" },
		/* hot-plugged: not on the command line */
		{ { "100 1 33=11 40=12 | 01,33" },
		  "tap1 100 vm1/0/01 | tap2 100 vm1/-/-" },
		/* NICs that have no tap */
		{ { "100 1 33=11 | - 02,33 -" }, "tap1 100 vm1/1/02" },
		/* no UUID; no VM at all */
		{ { "100 0 33=11 | 01,33" }, "tap1 100 -/0/01" },
		{ { "100 - 33=11 |" }, "tap1 100 no VM" },
		/* two hold it: the one that says more is believed */
		{ { "100 - 5=11 |", "200 1 33=11 | 01,33" },
		  "tap1 200 vm1/0/01" },
		{ { "200 1 33=11 | 01,33", "300 - 5=11 |" },
		  "tap1 200 vm1/0/01" },
		{ { "100 1 7=11 8=12 | 01 02", "200 2 33=11 | 03,33" },
		  "tap1 200 vm2/0/03 | tap2 100 vm1/-/-" },
		/* as much: the first */
		{ { "100 1 33=11 | 01,33", "200 2 33=11 | 02,33" },
		  "tap1 100 vm1/0/01" },
		/* what is no port is none */
		{ { "100 1 33=16 34=99 | 01,33 02,34" }, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_process v[3];
		struct vs_processes ps = { v, 0 };
		struct vs_host_ports ports;
		struct vs_links l = links();

		for (; ps.n < 3 && rows[i].process[ps.n]; ps.n++)
			process(&v[ps.n], rows[i].process[ps.n]);
		assert_row(i, !vs_host_ports_join(&ports, &l, &ps));
		assert_row(i, ports.n == 5);
		assert_row_string(i, describe(&ports), rows[i].what);
		vs_host_ports_free(&ports);
		forget(&ps);
	}
}

/* that nobody holds it is said of a tap only, and only by the kernel */
static void unheld(void **state)
{
	static const struct {
		enum vs_link_kind kind;
		bool carrier;
		const char *process;
		bool unheld;
	} rows[] = {
		{ VS_LINK_TAP, false, NULL, true },
		{ VS_LINK_TAP, true, NULL, false },
		{ VS_LINK_MACVTAP, false, NULL, false },
		{ VS_LINK_TAP, false, "100 - 33=11 |", false },
		{ VS_LINK_TAP, true, "100 1 33=11 | 01,33", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_link link = {
			.ifindex = 11, .kind = rows[i].kind, .name = "tap1",
			.carrier = rows[i].carrier,
		};
		const struct vs_links l = { &link, 1 };
		struct vs_process p = { 0 };
		struct vs_processes ps = { &p, rows[i].process ? 1 : 0 };
		struct vs_host_ports ports;

		if (rows[i].process)
			process(&p, rows[i].process);
		assert_row(i, !vs_host_ports_join(&ports, &l, &ps));
		assert_row(i, ports.n == 1);
		assert_row(i, ports.v[0].unheld == rows[i].unheld);
		vs_host_ports_free(&ports);
		forget(&ps);
	}
}

static void lookups(void **state)
{
	struct vs_links l = links();

	(void)state;
	assert_string_equal(vs_links_by_index(&l, 13)->name, "tap3");
	assert_null(vs_links_by_index(&l, 10));
	assert_null(vs_links_by_index(&l, 17));
	assert_int_equal(vs_links_by_name(&l, "tap5")->ifindex, 15);
	assert_null(vs_links_by_name(&l, "tap"));
	assert_string_equal(vs_links_by_rdev(&l, 77)->name, "tap5");
	assert_null(vs_links_by_rdev(&l, 0));
	l.n = 0;
	assert_null(vs_links_by_index(&l, 13));
}

static void whole(void **state)
{
	const struct vs_host_port good = {
		.ifindex = 11, .pid = 1, .plugged = true, .vm = world_uuid(1),
		.device_id = 0, .mac = world_mac(1),
	};
	struct vs_host_port p;

	(void)state;
	assert_true(vs_host_port_is_whole(&good));
	p = good;
	p.plugged = false;
	assert_false(vs_host_port_is_whole(&p));
	p = good;
	memset(&p.vm, 0, sizeof(p.vm));
	assert_false(vs_host_port_is_whole(&p));
	p = good;
	p.device_id = VS_DEVICE_ID_NONE;
	assert_false(vs_host_port_is_whole(&p));
	p = good;
	memset(&p.mac, 0, sizeof(p.mac));
	assert_false(vs_host_port_is_whole(&p));
}

static void fed(void **state)
{
	struct vs_host_port v[] = {
		{ .ifindex = 3, .ifname = "tap3", .pid = 9, .plugged = true,
		  .vm_name = "vm1",
		  .vm = world_uuid(1), .device_id = 0, .mac = world_mac(1) },
		{ .ifindex = 4, .ifname = "tap4",
		  .device_id = VS_DEVICE_ID_NONE },
	};
	struct vs_host_ports ports = { v, 2 };
	static struct world w;
	struct vs_host_view host;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	world_unbound(&w, 3);
	assert_int_equal(vs_host_ports_feed(&ports, w.e, w.now), 0);
	/* plugged and not bound */
	assert_string_equal(world_evaluate(&w), "368 vm1 driver:0:01");
	v[0].ifindex = 0;
	assert_int_not_equal(vs_host_ports_feed(&ports, w.e, w.now), 0);
	world_evaluate(&w);
	vs_engine_host(w.e, &host);
	assert_false(host.source[VS_SOURCE_HOST].available);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins),
		cmocka_unit_test(unheld),
		cmocka_unit_test(lookups),
		cmocka_unit_test(whole),
		cmocka_unit_test(fed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
