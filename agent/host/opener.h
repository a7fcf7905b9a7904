/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_OPENER_H
#define VS_HOST_OPENER_H

#include <sys/types.h>

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

#endif
