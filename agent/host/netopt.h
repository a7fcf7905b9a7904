/* SPDX-License-Identifier: GPL-2.0-only */
/* QEMU's network options, collected and then brought together. */
#ifndef VS_HOST_NETOPT_H
#define VS_HOST_NETOPT_H

#include "host/qemu.h"

/**
 * struct vs_backend - the host's side of a NIC
 * @id: its id, or NULL
 * @hub: made by -net, which connects everything with everything
 * @taken: a NIC has it
 */
struct vs_backend {
	char *id;
	bool hub;
	bool taken;
	bool tap;
	char ifname[VS_PORT_NAME];
	int *fds;
	size_t n_fds;
};

/** enum vs_turn - QEMU makes NICs in this order, whatever stands first */
enum vs_turn {
	VS_TURN_NIC,		/* -nic, -net nic */
	VS_TURN_DEVICE,		/* -device in key=value form */
	VS_TURN_JSON,		/* -device in JSON form */
	VS_TURN_COUNT
};

/**
 * struct vs_frontend - the guest's side
 * @netdev: id of its backend, or NULL
 * @backend: number of the backend that the same option made, from 1; or 0
 * @hub: on the hub of -net
 * @turn: when it is made
 * @mac_given: @mac is what it was told, or zero if that was no MAC
 */
struct vs_frontend {
	char *netdev;
	size_t backend;
	bool hub;
	enum vs_turn turn;
	bool mac_given;
	struct vs_mac mac;
};

/**
 * struct vs_netopts - what the options said; all zeros at first
 * @no_defaults: a MAC that is not given cannot be told
 */
struct vs_netopts {
	struct vs_backend *backends;
	size_t n_backends;
	struct vs_frontend *frontends;
	size_t n_frontends;
	bool no_defaults;
};

/* Each takes the argument of the option in its name. 0 or -ENOMEM. */
int vs_netopts_netdev(struct vs_netopts *n, const char *value);
int vs_netopts_device(struct vs_netopts *n, const char *value);
int vs_netopts_nic(struct vs_netopts *n, const char *value);
int vs_netopts_net(struct vs_netopts *n, const char *value);

/**
 * vs_netopts_resolve() - the NICs that come of it
 * @n: the options
 * @nics: the NICs, on success; see vs_qemu_free()
 * @n_nics: how many
 *
 * Return: 0 or -ENOMEM.
 */
int vs_netopts_resolve(struct vs_netopts *n, struct vs_qemu_nic **nics,
		       size_t *n_nics);

/** vs_netopts_free() - release what was collected */
void vs_netopts_free(struct vs_netopts *n);

#endif
