/* SPDX-License-Identifier: GPL-2.0-only */
/* The agent's unit of systemd, and the session that the agent holds. */
#ifndef VS_RECOVER_UNIT_H
#define VS_RECOVER_UNIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/buf.h"
#include "recover/progress.h"

/** VS_UNIT_NAME - the agent's unit */
#define VS_UNIT_NAME "vmsafe-agent.service"

/**
 * struct vs_unit - what systemd knows of it
 * @known: systemd runs, and has such a unit
 * @active: it is up
 * @pid: its main process; 0: none
 */
struct vs_unit {
	bool known;
	bool active;
	pid_t pid;
};

/** vs_unit_read() - ask systemd; without one, nothing is known */
void vs_unit_read(struct vs_unit *unit, const struct vs_progress *progress);

/** vs_unit_parse() - read what "systemctl show" prints */
void vs_unit_parse(struct vs_unit *unit, const char *text);

/**
 * vs_unit_do() - "systemctl VERB vmsafe-agent.service"
 * @verb: "start", "stop" or "restart"
 * @progress: a wish to stop ends the wait, not the verb
 * @why: why it failed, in a line
 *
 * Return: 0 or a negative errno.
 */
int vs_unit_do(const char *verb, const struct vs_progress *progress,
	       struct vs_buf *why);

#endif
