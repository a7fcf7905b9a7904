// SPDX-License-Identifier: GPL-2.0-only
/* What somebody else has as well: the signs of a cloned VM (C3). */
#include <string.h>

#include "cli/source.h"
#include "cli/why.h"
#include "driver/kmsg.h"

/** struct vs_mine - a vNIC of the VM, and where it is looked for elsewhere */
struct vs_mine {
	struct vs_case *why;
	const struct vs_uuid *vm;
	struct vs_mac mac;
	const struct vs_driver_vnic *entry;	/* of its port, or NULL */
};

/*
 * Two MACs collide in one bridge only. Of a port that is not known, that may
 * be any; macvtaps are in none, and may stand on one link.
 */
static bool vs_why_meet(const struct vs_driver_vnic *a,
			const struct vs_driver_vnic *b)
{
	if (!a || !b)
		return true;
	if (a->master || b->master)
		return a->master == b->master;
	return a->port_kind != VMSAFE_NET_PORT_KIND_TAP &&
	       b->port_kind != VMSAFE_NET_PORT_KIND_TAP;
}

static const char *vs_why_name(const char *name)
{
	return name && *name ? name : "-";
}

/* bound already, and to whom */
static void vs_why_held(const struct vs_mine *m)
{
	const struct vs_driver_table *t = &m->why->check->host.reading.table;
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];

	for (size_t i = 0; i < t->vnics.n; i++) {
		const struct vs_driver_vnic *v = &t->vnics.v[i];

		if (!vs_driver_vnic_is_bound(v) ||
		    vs_mac_cmp(&v->mac, &m->mac) != 0 ||
		    vs_uuid_cmp(&v->vm_uuid, m->vm) == 0 ||
		    !vs_why_meet(v, m->entry))
			continue;
		vs_evidence_add(&m->why->evidence, VS_CLUE_MAC_HELD,
				vs_mac_format(&v->mac, mac), v->ifname,
				vs_why_name(v->vm_name),
				vs_uuid_format(&v->vm_uuid, uuid));
	}
}

/* another VM's vNIC that has the MAC, as the Manager or the process says */
static int vs_why_twice(void *ctx, const struct vs_vnic_view *v)
{
	const struct vs_mine *m = ctx;
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];
	bool has = (v->in_manager &&
		    vs_mac_cmp(&v->manager.mac, &m->mac) == 0) ||
		   (v->on_host && vs_mac_cmp(&v->on.mac, &m->mac) == 0);
	uint32_t ifindex = v->in_driver ? v->driver.ifindex : v->on.ifindex;

	/* a VM without a port, one that has just gone, sends nothing */
	if (!has || (!v->in_driver && !v->on_host) ||
	    vs_uuid_is_nil(&v->vm) || vs_uuid_cmp(&v->vm, m->vm) == 0 ||
	    !vs_why_meet(vs_why_entry(m->why, ifindex), m->entry))
		return 0;
	vs_evidence_add(&m->why->evidence, VS_CLUE_MAC_TWICE,
			vs_mac_format(&m->mac, mac), vs_why_name(v->vm_name),
			vs_uuid_format(&v->vm, uuid));
	return 0;
}

/* each MAC of the VM, held against everybody else */
static int vs_why_mine(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_case *w = ctx;
	struct vs_mine m = { .why = w, .vm = &w->check->only };
	struct vs_mac macs[2] = { 0 };

	if (v->in_driver || v->on_host)
		m.entry = vs_why_entry(w, v->on_host ? v->on.ifindex :
						       v->driver.ifindex);
	if (v->in_manager)
		macs[0] = v->manager.mac;
	if (v->on_host)
		macs[1] = v->on.mac;
	for (int i = 0; i < 2; i++) {
		m.mac = macs[i];
		if (vs_mac_is_zero(&m.mac))
			continue;
		vs_why_held(&m);
		vs_engine_each_vnic(w->check->engine, NULL, vs_why_twice, &m);
	}
	return 0;
}

/* one UUID, two processes: the first is held against all others */
static void vs_why_processes(struct vs_case *w)
{
	const struct vs_host_ports *ports = &w->check->host.ports;
	char pid[VS_WHY_NUMBER], other[VS_WHY_NUMBER];
	pid_t first = 0;

	for (size_t i = 0; i < ports->n; i++) {
		const struct vs_host_port *p = &ports->v[i];

		if (!p->pid || vs_uuid_cmp(&p->vm, &w->check->only) != 0)
			continue;
		if (!first)
			first = p->pid;
		else if (p->pid != first)
			vs_evidence_add(&w->evidence, VS_CLUE_TWO_PROCESSES,
					vs_why_number(pid, p->pid < first ?
						      p->pid : first),
					vs_why_number(other, p->pid < first ?
						      first : p->pid));
	}
}

/* the port that a vNIC of the VM is bound to, and another that claims it */
static void vs_why_devices(struct vs_case *w)
{
	const struct vs_host_ports *ports = &w->check->host.ports;
	const struct vs_driver_table *t = &w->check->host.reading.table;
	char id[VS_WHY_NUMBER];

	for (size_t i = 0; i < t->vnics.n; i++) {
		const struct vs_driver_vnic *v = &t->vnics.v[i];

		if (!vs_driver_vnic_is_bound(v) ||
		    vs_uuid_cmp(&v->vm_uuid, &w->check->only) != 0)
			continue;
		for (size_t j = 0; j < ports->n; j++) {
			const struct vs_host_port *p = &ports->v[j];

			if (vs_uuid_cmp(&p->vm, &v->vm_uuid) == 0 &&
			    p->device_id == v->device_id &&
			    p->ifindex != v->ifindex)
				vs_evidence_add(&w->evidence,
						VS_CLUE_DEVICE_HELD,
						vs_why_number(id,
							      v->device_id),
						v->ifname, p->ifname);
		}
	}
}

/** struct vs_last - the last line of the kernel log that names a VM */
struct vs_last {
	char uuid[VS_UUID_STR];
	char line[VS_CLUE_VALUE];
};

static void vs_why_line(void *ctx, const char *text)
{
	struct vs_last *last = ctx;

	if (!strstr(text, last->uuid) ||
	    (!strstr(text, "second claim refused") &&
	     !strstr(text, "is now on one bridge")))
		return;
	strncpy(last->line, text, sizeof(last->line) - 1);
}

static void vs_why_log(struct vs_case *w)
{
	struct vs_last last = { 0 };

	vs_uuid_format(&w->check->only, last.uuid);
	vs_kmsg_each("vmsafe_net:", vs_why_line, &last);
	if (*last.line)
		vs_evidence_add(&w->evidence, VS_CLUE_CLAIM_LOGGED, last.line);
}

void vs_why_claims(struct vs_case *w)
{
	uint64_t refused = w->check->host.reading.table.host.refused_claims;
	char count[VS_WHY_NUMBER];

	vs_engine_each_vnic(w->check->engine, &w->check->only, vs_why_mine, w);
	vs_why_processes(w);
	vs_why_devices(w);
	if (w->vm.duplicate)
		vs_evidence_add(&w->evidence, VS_CLUE_UUID_TWICE);
	if (refused)
		vs_evidence_add(&w->evidence, VS_CLUE_CLAIMS_REFUSED,
				vs_why_number(count, refused));
	if (vs_cli_is_live(w->check->cli))
		vs_why_log(w);
}
