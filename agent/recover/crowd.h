/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All VMs of a host at once, in an order in which one is found quickly: what a
 * case is held against. Made once, it serves the cases of a whole storm.
 */
#ifndef VS_RECOVER_CROWD_H
#define VS_RECOVER_CROWD_H

#include "recover/case.h"

/**
 * struct vs_claim - a MAC that somebody says a VM has on this host
 * @mac: the MAC
 * @vm: the VM
 * @ifindex: its port
 */
struct vs_claim {
	struct vs_mac mac;
	struct vs_uuid vm;
	uint32_t ifindex;
};

/**
 * struct vs_newcomer - a vNIC of a VM that is not in sync
 * @vm: the VM
 * @mac: its MAC
 * @young: it came within the last while
 * @carried: it has a port
 */
struct vs_newcomer {
	struct vs_uuid vm;
	struct vs_mac mac;
	bool young;
	bool carried;
};

/**
 * struct vs_crowd - all VMs; the arrays are sorted by what is in parentheses
 * @claims: the Manager's and the processes' word (MAC)
 * @n_claims: how many
 * @bound: the Filter Driver's entries that are bound (MAC)
 * @n_bound: how many
 * @entries: all its entries (ifindex)
 * @n_entries: how many
 * @ports: the host's ports (VM)
 * @n_ports: how many
 * @newcomers: vNICs of VMs that are not in sync (VM)
 * @n_newcomers: how many
 * @came: VMs among them of which something is new
 * @macs: the MACs that are new
 * @went: VMs among them that nothing carries
 *
 * It points into the case's snapshot.
 */
struct vs_crowd {
	struct vs_claim *claims;
	size_t n_claims, cap_claims;
	const struct vs_driver_vnic **bound;
	size_t n_bound;
	const struct vs_driver_vnic **entries;
	size_t n_entries;
	const struct vs_host_port **ports;
	size_t n_ports;
	struct vs_newcomer *newcomers;
	size_t n_newcomers, cap_newcomers;
	size_t came, macs, went;
};

/**
 * vs_crowd_gather() - look at all VMs
 * @c: filled in; for vs_crowd_free(), also after a failure
 * @w: the case that says where to look; its VM is not looked at
 *
 * Return: 0 or -ENOMEM.
 */
int vs_crowd_gather(struct vs_crowd *c, const struct vs_case *w);

/** vs_crowd_free() - release it; it is empty then */
void vs_crowd_free(struct vs_crowd *c);

/** vs_crowd_entry() - the Filter Driver's entry of a port, or NULL */
const struct vs_driver_vnic *vs_crowd_entry(const struct vs_crowd *c,
					    uint32_t ifindex);

/*
 * Where in the arrays those of a MAC, or of a VM, begin: the index of the
 * first, or of what comes after.
 */
size_t vs_crowd_claims(const struct vs_crowd *c, const struct vs_mac *mac);
size_t vs_crowd_bound(const struct vs_crowd *c, const struct vs_mac *mac);
size_t vs_crowd_ports(const struct vs_crowd *c, const struct vs_uuid *vm);

/** vs_crowd_is_new() - has the VM just come, or gone, like the others? */
bool vs_crowd_is_new(const struct vs_crowd *c, const struct vs_uuid *vm);

#endif
