// SPDX-License-Identifier: GPL-2.0-only
/* What somebody else has as well: the signs of a cloned VM (C3). */
#include <string.h>

#include "driver/kmsg.h"
#include "recover/crowd.h"

/** struct vs_mine - a MAC of the VM's, and where it is looked for elsewhere */
struct vs_mine {
	struct vs_case *of;
	struct vs_mac mac;
	const struct vs_driver_vnic *entry;	/* of its port, or NULL */
};

/*
 * Two MACs collide in one bridge only. Of a port that is not known, that may
 * be any; macvtaps are in none, and may stand on one link.
 */
static bool vs_case_meet(const struct vs_driver_vnic *a,
			 const struct vs_driver_vnic *b)
{
	if (!a || !b)
		return true;
	if (a->master || b->master)
		return a->master == b->master;
	return a->port_kind != VMSAFE_NET_PORT_KIND_TAP &&
	       b->port_kind != VMSAFE_NET_PORT_KIND_TAP;
}

static const char *vs_case_name(const char *name)
{
	return name && *name ? name : "-";
}

/* bound already, and to whom */
static void vs_case_held(const struct vs_mine *m)
{
	const struct vs_crowd *c = m->of->crowd;
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];

	for (size_t i = vs_crowd_bound(c, &m->mac); i < c->n_bound; i++) {
		const struct vs_driver_vnic *v = c->bound[i];

		if (vs_mac_cmp(&v->mac, &m->mac) != 0)
			break;
		if (vs_uuid_cmp(&v->vm_uuid, &m->of->uuid) == 0 ||
		    !vs_case_meet(v, m->entry))
			continue;
		vs_evidence_add(&m->of->evidence, VS_CLUE_MAC_HELD,
				vs_mac_format(&v->mac, mac), v->ifname,
				vs_case_name(v->vm_name),
				vs_uuid_format(&v->vm_uuid, uuid));
	}
}

/* another VM's vNIC that has the MAC, as the Manager or the process says */
static void vs_case_twice(const struct vs_mine *m)
{
	const struct vs_crowd *c = m->of->crowd;
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];
	struct vs_vm_view other;

	for (size_t i = vs_crowd_claims(c, &m->mac); i < c->n_claims; i++) {
		const struct vs_claim *v = &c->claims[i];

		if (vs_mac_cmp(&v->mac, &m->mac) != 0)
			break;
		if (vs_uuid_cmp(&v->vm, &m->of->uuid) == 0 ||
		    !vs_case_meet(vs_crowd_entry(c, v->ifindex), m->entry) ||
		    vs_engine_vm(m->of->engine, &v->vm, &other))
			continue;
		vs_evidence_add(&m->of->evidence, VS_CLUE_MAC_TWICE,
				vs_mac_format(&m->mac, mac),
				vs_case_name(other.name),
				vs_uuid_format(&v->vm, uuid));
	}
}

/* the port that a vNIC of the VM is bound to, and another that claims it */
static void vs_case_device(struct vs_case *w, const struct vs_driver_fact *v)
{
	const struct vs_crowd *c = w->crowd;
	char id[VS_CASE_NUMBER];

	for (size_t i = vs_crowd_ports(c, &w->uuid); i < c->n_ports; i++) {
		const struct vs_host_port *p = c->ports[i];

		if (vs_uuid_cmp(&p->vm, &w->uuid) != 0)
			break;
		if (p->device_id == v->device_id && p->ifindex != v->ifindex)
			vs_evidence_add(&w->evidence, VS_CLUE_DEVICE_HELD,
					vs_case_number(id, v->device_id),
					v->port, p->ifname);
	}
}

/* each MAC of the VM, held against everybody else */
static int vs_case_mine(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_case *w = ctx;
	struct vs_mine m = { .of = w };
	struct vs_mac macs[2] = { 0 };

	if (v->in_driver || v->on_host)
		m.entry = vs_crowd_entry(w->crowd, v->on_host ?
					 v->on.ifindex : v->driver.ifindex);
	if (v->in_driver && v->driver.bound)
		vs_case_device(w, &v->driver);
	if (v->in_manager)
		macs[0] = v->manager.mac;
	if (vs_case_holds(v))
		macs[1] = v->on.mac;
	for (int i = 0; i < 2; i++) {
		m.mac = macs[i];
		if (vs_mac_is_zero(&m.mac))
			continue;
		vs_case_held(&m);
		vs_case_twice(&m);
	}
	return 0;
}

/* a port that the VM holds, and another's binding on it */
static void vs_case_alien(struct vs_case *w)
{
	const struct vs_crowd *c = w->crowd;

	for (size_t i = vs_crowd_ports(c, &w->uuid); i < c->n_ports; i++) {
		const struct vs_host_port *p = c->ports[i];
		const struct vs_driver_vnic *v;

		if (vs_uuid_cmp(&p->vm, &w->uuid) != 0)
			break;
		v = vs_crowd_entry(c, p->ifindex);
		w->alien |= v && vs_driver_vnic_is_bound(v) &&
			    vs_uuid_cmp(&v->vm_uuid, &w->uuid) != 0;
	}
}

/* one UUID, two processes: the first is held against all others */
static void vs_case_processes(struct vs_case *w)
{
	const struct vs_crowd *c = w->crowd;
	char pid[VS_CASE_NUMBER], other[VS_CASE_NUMBER];
	pid_t first = 0;

	for (size_t i = vs_crowd_ports(c, &w->uuid); i < c->n_ports; i++) {
		const struct vs_host_port *p = c->ports[i];

		if (vs_uuid_cmp(&p->vm, &w->uuid) != 0)
			break;
		if (!p->pid || p->pid == first)
			continue;
		if (first)
			vs_evidence_add(&w->evidence, VS_CLUE_TWO_PROCESSES,
					vs_case_number(pid, p->pid < first ?
						       p->pid : first),
					vs_case_number(other, p->pid < first ?
						       first : p->pid));
		else
			first = p->pid;
	}
}

/** struct vs_last - the last line of the kernel log that names a VM */
struct vs_last {
	char uuid[VS_UUID_STR];
	char line[VS_CLUE_VALUE];
};

static void vs_case_line(void *ctx, const char *text)
{
	struct vs_last *last = ctx;

	if (!strstr(text, last->uuid) ||
	    (!strstr(text, "second claim refused") &&
	     !strstr(text, "is now on one bridge")))
		return;
	strncpy(last->line, text, sizeof(last->line) - 1);
}

static void vs_case_log(struct vs_case *w)
{
	struct vs_last last = { 0 };

	vs_uuid_format(&w->uuid, last.uuid);
	vs_kmsg_each("vmsafe_net:", vs_case_line, &last);
	if (*last.line)
		vs_evidence_add(&w->evidence, VS_CLUE_CLAIM_LOGGED, last.line);
}

void vs_case_listed_twice(struct vs_case *w)
{
	if (w->view.duplicate)
		vs_evidence_add(&w->evidence, VS_CLUE_UUID_TWICE);
}

void vs_case_claims(struct vs_case *w)
{
	uint64_t refused = w->host->reading.table.host.refused_claims;
	char count[VS_CASE_NUMBER];

	vs_engine_each_vnic(w->engine, &w->uuid, vs_case_mine, w);
	vs_case_processes(w);
	vs_case_alien(w);
	vs_case_listed_twice(w);
	if (refused)
		vs_evidence_add(&w->evidence, VS_CLUE_CLAIMS_REFUSED,
				vs_case_number(count, refused));
	if (w->log)
		vs_case_log(w);
}
