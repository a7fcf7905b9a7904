/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binder: from what a port's process was told to the port's binding. The
 * inventory has no say here, else both lists would be one.
 */
#ifndef VS_DRIVER_BIND_H
#define VS_DRIVER_BIND_H

#include "driver/client.h"
#include "host/ports.h"

/** enum vs_bind_result - what became of a port */
enum vs_bind_result {
	VS_BIND_BOUND,
	VS_BIND_WOULD,		/* but nothing is to be changed */
	VS_BIND_UNCHANGED,
	VS_BIND_GONE,		/* the port, meanwhile */
	/* from here on: not as it should be */
	VS_BIND_DIFFERS,	/* somebody bound it as something else */
	VS_BIND_UNKNOWN,	/* its process does not tell which vNIC it is */
	VS_BIND_NO_ENTRY,	/* the Filter Driver has no such port */
	VS_BIND_REFUSED,
};

/**
 * vs_bind_port() - bind a port as the process that holds it was told
 * @c: the driver; NULL: only say what would be done
 * @port: the port, which a VM's process holds
 * @v: its entry, read before @port was, so that a port that takes another's
 *     number meanwhile is not bound by mistake; NULL: it has none
 * @error: of VS_BIND_REFUSED: why
 */
enum vs_bind_result vs_bind_port(struct vs_client *c,
				 const struct vs_host_port *port,
				 const struct vs_driver_vnic *v,
				 struct vs_error *error);

/**
 * vs_bind_again() - likewise, even if it is another vNIC of the same VM's
 *
 * MAC and device ID change, and nothing else. Somebody wished that it be bound
 * as it is: only for who is asked to mend this very VM. What another VM has
 * stays VS_BIND_DIFFERS.
 */
enum vs_bind_result vs_bind_again(struct vs_client *c,
				  const struct vs_host_port *port,
				  const struct vs_driver_vnic *v,
				  struct vs_error *error);

/** vs_vnics_find() - the entry of a port, or NULL */
const struct vs_driver_vnic *vs_vnics_find(const struct vs_vnics *vnics,
					   uint32_t ifindex);

#endif
