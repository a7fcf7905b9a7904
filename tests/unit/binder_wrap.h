/* SPDX-License-Identifier: GPL-2.0-only */
/* What binder_test is linked with in the place of the Filter Driver. */
#ifndef BINDER_WRAP_H
#define BINDER_WRAP_H

#include "daemon/agent.h"
#include "driver/client.h"

int __wrap_vs_client_open(struct vs_client *c, struct vs_error *error);
void __wrap_vs_client_close(struct vs_client *c);
int __wrap_vs_client_bind(struct vs_client *c, const struct vs_port_name *port,
			  const struct vs_identity *id,
			  struct vs_driver_vnic *vnic, struct vs_error *error);
int __wrap_vs_timer_set(struct vs_agent *a, sd_event_source **source,
			vs_time ms, sd_event_time_handler_t fn);

#endif
