/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_TUN_H
#define VS_HOST_TUN_H

#include <sys/types.h>

/** enum vs_tun_where - in which network namespace a tap is */
enum vs_tun_where {
	VS_TUN_HERE,
	VS_TUN_ELSEWHERE,
	VS_TUN_UNKNOWN,		/* the kernel or our privileges do not tell */
};

/**
 * vs_tun_where() - ask the tap behind a process's descriptor
 * @pid: the process
 * @fd: its descriptor, of the tun driver
 *
 * A process may hold a tap of another namespace than its own, and names say
 * nothing about that. The descriptor is borrowed for the question.
 */
enum vs_tun_where vs_tun_where(pid_t pid, int fd);

#endif
