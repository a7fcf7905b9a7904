/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's list: which port carries which vNIC, as the running processes
 * tell it.
 */
#ifndef VS_HOST_PORTS_H
#define VS_HOST_PORTS_H

#include "core/engine.h"
#include "host/link_cache.h"
#include "host/process.h"

/**
 * struct vs_host_port - a port of this host
 * @ifindex: its number
 * @ifname: its name
 * @kind: tap, macvtap or ipvtap
 * @pid: the process that holds it; 0: none
 * @plugged: that process runs a VM
 * @unheld: the kernel says that nothing has it open
 * @vm: which; nil: it was not told a UUID
 * @vm_name: its name; empty: not known
 * @device_id: VS_DEVICE_ID_NONE when it cannot be told which NIC it is
 * @mac: the guest's; zero when not known
 */
struct vs_host_port {
	uint32_t ifindex;
	char ifname[VS_PORT_NAME];
	enum vs_link_kind kind;
	pid_t pid;
	bool plugged;
	bool unheld;
	struct vs_uuid vm;
	char vm_name[VS_NAME_MAX + 1];
	uint16_t device_id;
	struct vs_mac mac;
};

/** struct vs_host_ports - ports by ifindex */
struct vs_host_ports {
	struct vs_host_port *v;
	size_t n;
};

/**
 * vs_host_ports_read() - look at the host
 * @ports: replaced; free with vs_host_ports_free()
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_host_ports_read(struct vs_host_ports *ports, struct vs_error *error);

/**
 * vs_host_ports_read_by() - look at the host, whose links are kept
 * @cache: the links
 * @ports: replaced; free with vs_host_ports_free()
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_host_ports_read_by(struct vs_link_cache *cache,
			  struct vs_host_ports *ports, struct vs_error *error);

/**
 * vs_host_ports_join() - bring links and processes together
 * @ports: replaced
 * @links: the links
 * @processes: who holds them
 *
 * Return: 0 or -ENOMEM.
 */
int vs_host_ports_join(struct vs_host_ports *ports,
		       const struct vs_links *links,
		       const struct vs_processes *processes);

/**
 * vs_host_ports_feed() - make the engine's host list equal to the ports
 * @ports: the ports
 * @e: the engine
 * @now: when they were read
 *
 * Return: 0, or a negative errno: then the list is unavailable, and why.
 */
int vs_host_ports_feed(const struct vs_host_ports *ports, struct vs_engine *e,
		       vs_time now);

/** vs_host_ports_find() - the port of that number, or NULL */
const struct vs_host_port *
vs_host_ports_find(const struct vs_host_ports *ports, uint32_t ifindex);

/** vs_host_port_is_whole() - is its identity known whole, so as to bind it? */
bool vs_host_port_is_whole(const struct vs_host_port *port);

/** vs_host_ports_free() - release them */
void vs_host_ports_free(struct vs_host_ports *ports);

#endif
