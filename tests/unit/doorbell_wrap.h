/* SPDX-License-Identifier: GPL-2.0-only */
/* What doorbell_test is linked with in the place of the driver's messages. */
#ifndef DOORBELL_WRAP_H
#define DOORBELL_WRAP_H

#include "daemon/agent.h"
#include "driver/event.h"

int __wrap_vs_listener_wait(struct vs_listener *l, struct vs_error *error);
int __wrap_vs_listener_fd(const struct vs_listener *l);
int __wrap_vs_listener_next(struct vs_listener *l, struct vs_notice *notice,
			    struct vs_error *error);
void __wrap_vs_listener_close(struct vs_listener *l);
void __wrap_vs_pass_plan(struct vs_agent *a);
void __wrap_vs_binder_wake(struct vs_agent *a);

#endif
