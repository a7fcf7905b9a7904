/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_OPENER_H
#define VS_HOST_OPENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/facts.h"

/** VS_COMM - size of a process's short name, terminator included */
#define VS_COMM 64

/**
 * vs_opener_find() - a process, other than this one, that has a file open
 * @path: the file
 *
 * Return: its PID; 0: none that can be seen.
 */
pid_t vs_opener_find(const char *path);

/** vs_process_comm() - a process's short name, safe to print; "?" if gone */
void vs_process_comm(pid_t pid, char comm[VS_COMM]);

/**
 * vs_process_age() - how long a process has been running
 * @pid: the process
 * @age: in milliseconds, on success
 *
 * Return: false when that cannot be told, for instance because it is gone.
 */
bool vs_process_age(pid_t pid, vs_time *age);

#endif
