/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_DRIVER_FAMILY_H
#define VS_DRIVER_FAMILY_H

#include "driver/netlink.h"

/**
 * struct vs_family - the driver's netlink family
 * @id: its number; 0: there is no such family
 * @events: number of its multicast group "events"
 */
struct vs_family {
	uint16_t id;
	uint32_t events;
};

/**
 * vs_family_find() - look for the driver's family
 * @nl: the socket
 * @family: what was found
 * @error: why nothing could be found out
 *
 * Asks for all families, since asking for one by name makes the kernel load a
 * module that claims it, and a question must not load the driver.
 *
 * Return: 0; -ENOENT (VS_WHY_NOT_LOADED): no such family; another -errno.
 */
int vs_family_find(struct vs_netlink *nl, struct vs_family *family,
		   struct vs_error *error);

/**
 * vs_family_read() - read one message of the kernel's list of families
 * @nlh: the message
 * @family: written only when it is about the driver's family
 *
 * Return: true when it is.
 */
bool vs_family_read(const struct nlmsghdr *nlh, struct vs_family *family);

#endif
