/* SPDX-License-Identifier: GPL-2.0-only */
/* vmsafe-agent as a process, however it was started. */
#ifndef VS_RECOVER_RUNNING_H
#define VS_RECOVER_RUNNING_H

#include <stdbool.h>
#include <sys/types.h>

/** vs_running_is() - is that process vmsafe-agent, in our network namespace? */
bool vs_running_is(pid_t pid);

/**
 * vs_running_find() - the agent of our network namespace
 * @but: not this process; 0: any
 *
 * Return: its PID; 0: none that can be seen.
 */
pid_t vs_running_find(pid_t but);

/**
 * vs_running_signal() - send it a signal
 * @pid: who it was when it was looked for
 * @sig: the signal
 *
 * Return: 0; -ESRCH: it has gone, or the number is another process's now;
 * another negative errno.
 */
int vs_running_signal(pid_t pid, int sig);

#endif
