// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ports.h"

static int vs_port_order(const void *a, const void *b)
{
	const struct vs_host_port *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

static struct vs_host_port *vs_ports_get(struct vs_host_ports *ports,
					 uint32_t ifindex)
{
	const struct vs_host_port key = { .ifindex = ifindex };

	return ports->n ? bsearch(&key, ports->v, ports->n, sizeof(key),
				  vs_port_order) : NULL;
}

const struct vs_host_port *
vs_host_ports_find(const struct vs_host_ports *ports, uint32_t ifindex)
{
	return vs_ports_get((struct vs_host_ports *)ports, ifindex);
}

bool vs_host_port_is_whole(const struct vs_host_port *port)
{
	return port->plugged && !vs_uuid_is_nil(&port->vm) &&
	       port->device_id != VS_DEVICE_ID_NONE &&
	       vs_mac_is_guest(&port->mac);
}

/* how much a holder has to say: the one that says most is believed */
static int vs_port_rank(const struct vs_host_port *port)
{
	return !port->pid ? 0 : !port->plugged ? 1 :
	       port->device_id == VS_DEVICE_ID_NONE ? 2 : 3;
}

static void vs_ports_offer(struct vs_host_ports *ports,
			   const struct vs_host_port *offer)
{
	struct vs_host_port *port = vs_ports_get(ports, offer->ifindex);

	if (!port || vs_port_rank(offer) <= vs_port_rank(port))
		return;
	port->pid = offer->pid;
	port->unheld = false;
	port->plugged = offer->plugged;
	port->vm = offer->vm;
	memcpy(port->vm_name, offer->vm_name, sizeof(port->vm_name));
	port->device_id = offer->device_id;
	port->mac = offer->mac;
}

/* the ifindex that a NIC's descriptors or its ifname lead to, or 0 */
static uint32_t vs_nic_ifindex(const struct vs_process *p,
			       const struct vs_qemu_nic *nic,
			       const struct vs_links *links)
{
	for (size_t i = 0; i < nic->n_fds; i++) {
		for (size_t j = 0; j < p->n_held; j++) {
			if (p->held[j].fd == nic->fds[i])
				return p->held[j].ifindex;
		}
	}
	for (size_t j = 0; j < p->n_held && *nic->ifname; j++) {
		const struct vs_link *link;

		link = vs_links_by_index(links, p->held[j].ifindex);
		if (link && strcmp(link->name, nic->ifname) == 0)
			return link->ifindex;
	}
	return 0;
}

/** struct vs_match - which NIC of a process each port belongs to */
struct vs_match {
	const struct vs_qemu_nic **nic;	/* by place in vs_process.held */
	bool *placed;			/* by place in vs_qemu.nics */
};

static void vs_match_set(struct vs_match *m, const struct vs_process *p,
			 uint32_t ifindex, const struct vs_qemu_nic *nic)
{
	/* a tap with several queues has several descriptors */
	for (size_t i = 0; i < p->n_held; i++) {
		if (p->held[i].ifindex == ifindex)
			m->nic[i] = nic;
	}
	m->placed[nic - p->vm.nics] = true;
}

/* one NIC and one port are left over: they belong together; more may not */
static void vs_match_rest(struct vs_match *m, const struct vs_process *p)
{
	const struct vs_qemu_nic *nic = NULL;
	uint32_t ifindex = 0;

	for (size_t i = 0; i < p->vm.n_nics; i++) {
		const struct vs_qemu_nic *this = &p->vm.nics[i];

		/* what was given a descriptor or a name has no other port */
		if (!this->tap || m->placed[i] || this->n_fds || *this->ifname)
			continue;
		if (nic)
			return;
		nic = this;
	}
	for (size_t i = 0; i < p->n_held; i++) {
		if (m->nic[i])
			continue;
		if (ifindex && ifindex != p->held[i].ifindex)
			return;
		ifindex = p->held[i].ifindex;
	}
	if (nic && ifindex)
		vs_match_set(m, p, ifindex, nic);
}

static void vs_match_nics(struct vs_match *m, const struct vs_process *p,
			  const struct vs_links *links)
{
	for (size_t i = 0; i < p->vm.n_nics; i++) {
		const struct vs_qemu_nic *nic = &p->vm.nics[i];
		uint32_t ifindex = nic->tap ? vs_nic_ifindex(p, nic, links) :
					      0;

		if (ifindex)
			vs_match_set(m, p, ifindex, nic);
	}
	vs_match_rest(m, p);
}

static int vs_ports_process(struct vs_host_ports *ports,
			    const struct vs_links *links,
			    const struct vs_process *p)
{
	struct vs_match m = {
		.nic = calloc(p->n_held + 1, sizeof(*m.nic)),
		.placed = calloc(p->vm.n_nics + 1, sizeof(*m.placed)),
	};
	int ret = m.nic && m.placed ? 0 : -ENOMEM;

	if (!ret)
		vs_match_nics(&m, p, links);
	for (size_t i = 0; !ret && i < p->n_held; i++) {
		struct vs_host_port offer = {
			.ifindex = p->held[i].ifindex,
			.pid = p->pid,
			.plugged = p->is_vm,
			.vm = p->vm.uuid,
			.device_id = VS_DEVICE_ID_NONE,
		};

		memcpy(offer.vm_name, p->vm.name, sizeof(offer.vm_name));
		if (m.nic[i]) {
			offer.device_id = m.nic[i]->device_id;
			offer.mac = m.nic[i]->mac;
		}
		vs_ports_offer(ports, &offer);
	}
	free(m.nic);
	free(m.placed);
	return ret;
}

int vs_host_ports_join(struct vs_host_ports *ports,
		       const struct vs_links *links,
		       const struct vs_processes *processes)
{
	int ret = 0;

	*ports = (struct vs_host_ports){
		.v = calloc(links->n + 1, sizeof(*ports->v)),
	};
	if (!ports->v)
		return -ENOMEM;
	for (size_t i = 0; i < links->n; i++) {
		const struct vs_link *link = &links->v[i];
		struct vs_host_port *port;

		if (!vs_link_is_port(link))
			continue;
		port = &ports->v[ports->n++];
		port->ifindex = link->ifindex;
		port->kind = link->kind;
		memcpy(port->ifname, link->name, sizeof(port->ifname));
		port->device_id = VS_DEVICE_ID_NONE;
		/* who holds a tap shows, even if that process cannot be seen */
		port->unheld = link->kind == VS_LINK_TAP && !link->carrier;
	}
	for (size_t i = 0; !ret && i < processes->n; i++)
		ret = vs_ports_process(ports, links, &processes->v[i]);
	if (ret)
		vs_host_ports_free(ports);
	return ret;
}

int vs_host_ports_read(struct vs_host_ports *ports, struct vs_error *error)
{
	struct vs_link_cache none = { 0 };

	return vs_host_ports_read_by(&none, ports, error);
}

int vs_host_ports_read_by(struct vs_link_cache *cache,
			  struct vs_host_ports *ports, struct vs_error *error)
{
	struct vs_processes processes = { 0 };
	struct vs_links links;
	int ret;

	*ports = (struct vs_host_ports){ 0 };
	ret = vs_link_cache_read(cache, &links, error);
	if (ret)
		return ret;
	ret = vs_processes_read(&processes, &links, error);
	if (!ret) {
		ret = vs_host_ports_join(ports, &links, &processes);
		if (ret)
			vs_error_set(error, VS_OP_READ_PROC, VS_WHY_NO_MEMORY,
				     ret, NULL);
	}
	vs_processes_free(&processes);
	vs_links_free(&links);
	return ret;
}

static struct vs_host_fact vs_host_port_fact(const struct vs_host_port *port)
{
	struct vs_host_fact fact = {
		.ifindex = port->ifindex,
		.pid = port->pid,
		.plugged = port->plugged,
		.unheld = port->unheld,
		.vm = port->vm,
		.vm_name = *port->vm_name ? port->vm_name : NULL,
		.device_id = port->device_id,
		.mac = port->mac,
	};

	memcpy(fact.port, port->ifname, sizeof(fact.port));
	return fact;
}

int vs_host_ports_feed(const struct vs_host_ports *ports, struct vs_engine *e,
		       vs_time now)
{
	const struct vs_list_info info = { .read_at = now };
	struct vs_error error;
	int ret = 0;

	vs_engine_begin(e, VS_SOURCE_HOST);
	for (size_t i = 0; !ret && i < ports->n; i++) {
		struct vs_host_fact fact = vs_host_port_fact(&ports->v[i]);

		ret = vs_engine_set_host_port(e, &fact);
	}
	if (!ret)
		return vs_engine_commit(e, VS_SOURCE_HOST, &info);
	vs_error_set(&error, VS_OP_READ_PROC, ret == -ENOMEM ?
		     VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA, ret, NULL);
	vs_engine_fail(e, VS_SOURCE_HOST, &error);
	return ret;
}

void vs_host_ports_free(struct vs_host_ports *ports)
{
	free(ports->v);
	*ports = (struct vs_host_ports){ 0 };
}
