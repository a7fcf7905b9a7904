/* SPDX-License-Identifier: GPL-2.0-only */
/* What the Makefile puts around the Manager's side; manager_test.c is it. */
#ifndef MANAGER_WRAP_H
#define MANAGER_WRAP_H

#include "daemon/agent.h"

int __wrap_vs_keeper_new(const char *inventory, const char *hypervisor,
			 unsigned int timeout, struct vs_keeper **keeper);
int __wrap_vs_keeper_fd(const struct vs_keeper *k);
struct vs_tiding *__wrap_vs_keeper_take(struct vs_keeper *k);
void __wrap_vs_keeper_want_list(struct vs_keeper *k, bool afresh);
void __wrap_vs_keeper_want_hypervisor(struct vs_keeper *k);
bool __wrap_vs_keeper_give_up(struct vs_keeper *k, enum vs_asked *asked);
unsigned int __wrap_vs_keeper_lost(enum vs_asked asked);
void __wrap_vs_keeper_stop(struct vs_keeper *k);
int __wrap_vs_timer_set(struct vs_agent *a, sd_event_source **source,
			vs_time ms, sd_event_time_handler_t fn);
void __wrap_vs_pass_plan(struct vs_agent *a);
void __wrap_vs_binder_wake(struct vs_agent *a);
void __wrap_vs_engine_fail(struct vs_engine *e, enum vs_source source,
			   const struct vs_error *error);

#endif
