/* SPDX-License-Identifier: GPL-2.0-only */
/* Removing an inactive interface from the Filter Driver: event 295. */
#ifndef VS_RECOVER_FORGET_H
#define VS_RECOVER_FORGET_H

#include "core/buf.h"
#include "core/event.h"
#include "driver/client.h"
#include "host/ports.h"

/**
 * vs_forget_refusal() - why an entry must not be forgotten
 * @v: the entry
 * @port: the host's port of that number, or NULL
 * @why: the reason, in a line; may be NULL
 *
 * Return: 0: it may; -EBUSY: it is in use; -ENOTCONN: there is nothing to
 * forget.
 */
int vs_forget_refusal(const struct vs_driver_vnic *v,
		      const struct vs_host_port *port, struct vs_buf *why);

/**
 * vs_forget() - forget an interface
 * @c: the driver
 * @v: its entry, as it was read just now
 * @error: why it failed
 *
 * The binding goes; so does the entry of a port that was added by hand. A tap
 * stays an entry as long as it lives.
 *
 * Return: 0 or a negative errno.
 */
int vs_forget(struct vs_client *c, const struct vs_driver_vnic *v,
	      struct vs_error *error);

/**
 * vs_forget_event() - the event that tells of it
 * @event: filled in; shares @v, @diff and @host
 * @diff: room for what was forgotten
 * @v: the entry as it was
 * @host: name of this host
 * @now: the time
 */
void vs_forget_event(struct vs_event *event, struct vs_difference *diff,
		     const struct vs_driver_vnic *v, const char *host,
		     vs_time now);

#endif
