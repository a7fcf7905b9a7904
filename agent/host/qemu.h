/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a QEMU process was told on its command line: which VM it is and what
 * NICs it has. The inventory has no say here: what is learnt from the process
 * is to be compared with it.
 */
#ifndef VS_HOST_QEMU_H
#define VS_HOST_QEMU_H

#include "core/facts.h"
#include "core/name.h"

/**
 * struct vs_qemu_nic - a NIC, in the order of the command line
 * @device_id: its place in that order, from 0. libvirt writes interfaces in
 *             the order of the domain, so it is the inventory's position too
 * @mac: the guest's MAC: given, or else the one that QEMU chooses; zero when
 *       that cannot be told
 * @tap: its packets pass a tap or macvtap of the host
 * @ifname: the tap's name as given, or empty
 * @fds: the descriptors given
 * @n_fds: how many
 */
struct vs_qemu_nic {
	uint16_t device_id;
	struct vs_mac mac;
	bool tap;
	char ifname[VS_PORT_NAME];
	int *fds;
	size_t n_fds;
};

/**
 * struct vs_qemu - a VM as its process's command line describes it
 * @uuid: nil when none was given
 * @name: cut to VS_NAME_MAX bytes; empty when none was given, or an impossible
 *        one
 * @nics: its NICs
 * @n_nics: how many
 */
struct vs_qemu {
	struct vs_uuid uuid;
	char name[VS_NAME_MAX + 1];
	struct vs_qemu_nic *nics;
	size_t n_nics;
};

/**
 * vs_qemu_parse() - read QEMU's arguments
 * @q: filled in; free with vs_qemu_free()
 * @argv: the arguments, the program's name first
 * @argc: how many
 *
 * Understands -uuid, -name, -netdev, -device, -nic and -net, in their
 * key=value and JSON forms. What it does not understand is unknown, no error.
 *
 * Return: 0 or -ENOMEM.
 */
int vs_qemu_parse(struct vs_qemu *q, const char *const *argv, size_t argc);

/** vs_qemu_free() - release it */
void vs_qemu_free(struct vs_qemu *q);

/** vs_qemu_is_program() - is this the path of a QEMU that runs whole VMs? */
bool vs_qemu_is_program(const char *path);

#endif
