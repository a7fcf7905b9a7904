/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processes hold ports of this network namespace. */
#ifndef VS_HOST_PROCESS_H
#define VS_HOST_PROCESS_H

#include "host/links.h"
#include "host/qemu.h"

/** struct vs_held - a descriptor that holds a port */
struct vs_held {
	int fd;
	uint32_t ifindex;
};

/**
 * struct vs_process - a process that holds a port
 * @pid: the process
 * @is_vm: it is a QEMU that runs a VM, and @vm tells of it
 * @vm: the VM
 * @held: its descriptors, by number
 * @n_held: how many
 */
struct vs_process {
	pid_t pid;
	bool is_vm;
	struct vs_qemu vm;
	struct vs_held *held;
	size_t n_held;
};

/** struct vs_processes - processes by PID */
struct vs_processes {
	struct vs_process *v;
	size_t n;
};

/**
 * vs_processes_read() - look through /proc
 * @p: replaced; free with vs_processes_free()
 * @links: the links of this namespace
 * @error: why it failed
 *
 * A process that goes away meanwhile is not there. One that may not be looked
 * at is an error: a list with a hole in it is none.
 *
 * Return: 0 or a negative errno.
 */
int vs_processes_read(struct vs_processes *p, const struct vs_links *links,
		      struct vs_error *error);

/** vs_processes_free() - release them */
void vs_processes_free(struct vs_processes *p);

#endif
