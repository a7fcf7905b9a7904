/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bindings that the driver has refused: what was in the way is so as long as
 * nothing of it changes, so they are tried again less and less often.
 */
#ifndef VS_DAEMON_REFUSAL_H
#define VS_DAEMON_REFUSAL_H

#include "driver/client.h"
#include "host/ports.h"

/** VS_REFUSAL_PAUSE - milliseconds until the first new try: doubled each time,
 */
#define VS_REFUSAL_PAUSE 1000
/** VS_REFUSAL_PAUSE_MAX - up to this */
#define VS_REFUSAL_PAUSE_MAX 60000

/**
 * struct vs_refusal - a binding that was refused
 * @id: the entry, by its creation ID
 * @err: why, a positive errno
 * @sign: stands for all that may have been the reason
 * @pause: until it is tried again, milliseconds
 * @again: when that is, of vs_clock_steady()
 */
struct vs_refusal {
	uint64_t id;
	int err;
	uint64_t sign;
	vs_time pause;
	vs_time again;
};

/** struct vs_refusals - all of them; zeros: none */
struct vs_refusals {
	struct vs_refusal *v;
	size_t n;
};

/**
 * vs_refusals_due() - may it be tried?
 * @r: what was refused
 * @vnics: the driver's table
 * @port: the port
 * @v: its entry
 * @now: the time, of vs_clock_steady()
 *
 * Return: true: it was not refused before, or the port, its VM, or who has
 * what it claims is not what it was, or its time has come.
 */
bool vs_refusals_due(const struct vs_refusals *r,
		     const struct vs_vnics *vnics,
		     const struct vs_host_port *port,
		     const struct vs_driver_vnic *v, vs_time now);

/** vs_refusals_add() - it was refused, with @err; parameters as above. Without
 * memory it is not remembered, and tried again each time
 */
void vs_refusals_add(struct vs_refusals *r, const struct vs_vnics *vnics,
		     const struct vs_host_port *port,
		     const struct vs_driver_vnic *v, int err, vs_time now);

/** vs_refusals_sweep() - forget those that are gone, or bound by now */
void vs_refusals_sweep(struct vs_refusals *r, const struct vs_vnics *vnics);

/** vs_refusals_next() - when the next one is due; false: there is none */
bool vs_refusals_next(const struct vs_refusals *r, vs_time *at);

/** vs_refusals_free() - forget all */
void vs_refusals_free(struct vs_refusals *r);

#endif
