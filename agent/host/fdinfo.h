/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_FDINFO_H
#define VS_HOST_FDINFO_H

#include <stdbool.h>
#include <stddef.h>

#include "core/facts.h"

/**
 * vs_fdinfo_ifname() - which tap does a descriptor belong to?
 * @text: contents of /proc/PID/fdinfo/N, not necessarily terminated
 * @len: their length
 * @ifname: written only on success
 *
 * Return: true; false when it is no descriptor of the tun driver, or one that
 * is attached to nothing.
 */
bool vs_fdinfo_ifname(const char *text, size_t len,
		      char ifname[VS_PORT_NAME]);

#endif
