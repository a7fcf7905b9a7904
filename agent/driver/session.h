/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The appliance's session with the driver: ioctls on /dev/vmsafe-net.
 *
 * Every failure says which ioctl it was and what the errno is. A session
 * promises no heartbeats unless told to: most are of commands that ask and
 * go, and one that is killed must not change what happens to packets.
 */
#ifndef VS_DRIVER_SESSION_H
#define VS_DRIVER_SESSION_H

#include <linux/vmsafe_net_ioctl.h>

#include "core/error.h"
#include "core/facts.h"

/**
 * struct vs_session - an open device
 * @fd: the descriptor; -1: not open
 * @ioctl: does an ioctl, like ioctl()
 * @interval: milliseconds between the heartbeats that are promised, and
 * @tolerance: how many of them may be missed; 0, for none, unless set after
 *             vs_session_open()
 * @attached: the session is ours
 * @epoch: its number
 */
struct vs_session {
	int fd;
	int (*ioctl)(int fd, unsigned long request, void *arg);
	uint32_t interval;
	uint32_t tolerance;
	bool attached;
	uint64_t epoch;
};

/**
 * vs_session_open() - open the device
 * @s: the session
 * @patience: how long to wait for one that is not there, milliseconds
 * @error: VS_OP_OPEN_DEVICE and why
 *
 * Return: 0 or a negative errno.
 */
int vs_session_open(struct vs_session *s, int patience,
		    struct vs_error *error);

/** vs_session_close() - close it; fine if it is not open */
void vs_session_close(struct vs_session *s);

/** vs_session_version() - ask for the version; needs no session */
int vs_session_version(struct vs_session *s,
		       struct vmsafe_net_ioc_version *version,
		       struct vs_error *error);

/**
 * vs_session_attach() - become the appliance
 * @s: the session
 * @patience: for how many milliseconds to try again while somebody else is
 * @error: VS_WHY_SESSION_HELD for EBUSY
 */
int vs_session_attach(struct vs_session *s, int patience,
		      struct vs_error *error);

/** vs_session_take_over() - likewise, from whoever holds it, without waiting */
int vs_session_take_over(struct vs_session *s, struct vs_error *error);

/**
 * vs_session_heartbeat() - say that the appliance lives
 * @s: an attached session
 * @error: VS_WHY_NO_SESSION for ESTALE: somebody took the session over
 *
 * Return: 0 or a negative errno.
 */
int vs_session_heartbeat(struct vs_session *s, struct vs_error *error);

/** vs_session_detach() - give the session up */
int vs_session_detach(struct vs_session *s, struct vs_error *error);

/**
 * vs_session_list_vms() - all VMs of one generation
 * @s: an attached session
 * @vms: the list, for free(), on success; NULL if it is empty
 * @n: how many
 * @generation: of which generation
 * @error: why it failed
 */
int vs_session_list_vms(struct vs_session *s, struct vmsafe_net_ioc_vm **vms,
			size_t *n, uint64_t *generation,
			struct vs_error *error);

/** vs_session_list_vnics() - all entries of one generation; likewise */
int vs_session_list_vnics(struct vs_session *s,
			  struct vmsafe_net_ioc_vnic **vnics, size_t *n,
			  uint64_t *generation, struct vs_error *error);

/**
 * vs_session_verify() - ask what the driver does for a vNIC
 * @s: an attached session
 * @fact: the vNIC as the Manager knows it
 * @verify: the answer
 * @error: ENOENT: none is bound to this VM UUID and device ID
 */
int vs_session_verify(struct vs_session *s, const struct vs_vnic_fact *fact,
		      struct vmsafe_net_ioc_verify *verify,
		      struct vs_error *error);

#endif
