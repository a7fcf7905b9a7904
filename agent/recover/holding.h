/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The appliance's session, given up and taken again. The agent does that: its
 * unit is stopped and started, or, when it runs by itself, it is asked to.
 * Without it, what can be done is to end what an appliance that is gone or
 * hangs has left behind.
 */
#ifndef VS_RECOVER_HOLDING_H
#define VS_RECOVER_HOLDING_H

#include "driver/client.h"
#include "recover/unit.h"

/** enum vs_holder - who has the session */
enum vs_holder {
	VS_HOLDER_NONE,		/* nobody */
	VS_HOLDER_LEFT,		/* nobody, and the last one left by force */
	VS_HOLDER_AGENT,	/* the agent's unit */
	VS_HOLDER_RUNNING,	/* the agent, which is no unit */
	VS_HOLDER_OTHER,	/* another process, which answers */
	VS_HOLDER_HANGS,	/* one that does not */
};

/**
 * struct vs_holding - the session as it is
 * @unit: the agent's unit
 * @running: the agent that runs and is no unit; 0: there is none
 * @host: what the driver says
 * @holder: who has it
 * @comm: that process's name, safe to print
 */
struct vs_holding {
	struct vs_unit unit;
	pid_t running;
	struct vs_driver_host host;
	enum vs_holder holder;
	char comm[64];
};

/** vs_holding_who() - who has it, by what driver and systemd say */
enum vs_holder vs_holding_who(const struct vs_driver_host *host,
			      const struct vs_unit *unit, pid_t running);

/**
 * vs_holding_read() - find out
 * @a: filled in
 * @progress: may be NULL
 * @error: why the driver cannot be asked
 *
 * Return: 0 or a negative errno.
 */
int vs_holding_read(struct vs_holding *a,
		    const struct vs_progress *progress,
		    struct vs_error *error);

/** enum vs_holding_op - what to do with it */
enum vs_holding_op {
	VS_HOLDING_DEACTIVATE,
	VS_HOLDING_ACTIVATE,
	VS_HOLDING_RESTART,
};

/**
 * vs_holding_plan() - may it be done, and what would it do?
 * @a: the session
 * @op: what
 * @text: what it would do, or why not, in a line
 *
 * Return: 0, or -EPERM.
 */
int vs_holding_plan(const struct vs_holding *a, enum vs_holding_op op,
		    struct vs_buf *text);

/**
 * vs_holding_do() - do it
 * @a: the session; it has been planned
 * @op: what
 * @progress: may be NULL
 * @why: why it failed, in a line
 *
 * Return: 0 or a negative errno.
 */
int vs_holding_do(const struct vs_holding *a, enum vs_holding_op op,
		  const struct vs_progress *progress, struct vs_buf *why);

#endif
