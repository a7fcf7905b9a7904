/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to recover/: the steps, and what they share. */
#ifndef VS_RECOVER_STEP_H
#define VS_RECOVER_STEP_H

#include "recover/recover.h"

/* recover.c */

/** vs_recovery_will() - add a line to the plan */
void vs_recovery_will(struct vs_recovery *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vs_recovery_fail() - say why; returns @ret */
int vs_recovery_fail(struct vs_recovery *r, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** vs_recovery_failed() - say what libvirt said; returns @ret */
int vs_recovery_failed(struct vs_recovery *r, int ret);

/** vs_recovery_leave() - say what is left to do by hand */
void vs_recovery_leave(struct vs_recovery *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** vs_recovery_error() - likewise, from an error */
int vs_recovery_error(struct vs_recovery *r, int ret,
		      const struct vs_error *error);

/** vs_recovery_virsh() - "virsh -c URI COMMAND", safe to paste; for free() */
char *vs_recovery_virsh(const struct vs_recovery *r, const char *command,
			const char *argument);

/** vs_recovery_look() - read everything again; 0 or a negative errno */
int vs_recovery_look(struct vs_recovery *r);

/* resume.c */

/**
 * vs_half_begin() - write down what is about to be done
 * @r: the recovery; its domain is open
 * @step: R1, R2 or R5
 * @autostart: see struct vs_half
 *
 * Return: 0; or a negative errno, and nothing may be done: vs_recovery.why
 * says why.
 */
int vs_half_begin(struct vs_recovery *r, enum vs_step step, bool autostart);

/** vs_half_end() - the VM is as it was; nothing is left to be finished */
void vs_half_end(struct vs_recovery *r);

/** vs_half_leave() - it is not, if there was a beginning: leave that there */
void vs_half_leave(struct vs_recovery *r);

/* wait.c: R0, R7 */
int vs_plan_wait(struct vs_recovery *r);
int vs_run_wait(struct vs_recovery *r);
int vs_plan_sync(struct vs_recovery *r);
int vs_run_sync(struct vs_recovery *r);

/* power.c: R1, R2 */
int vs_plan_save(struct vs_recovery *r);
int vs_run_save(struct vs_recovery *r);
int vs_plan_cycle(struct vs_recovery *r);
int vs_run_cycle(struct vs_recovery *r);
/* start what R1 or R2 left off; 0 or a negative errno with @why filled in */
int vs_power_resume(struct vs_recovery *r, bool saved);

/* session.c: R3, R11 */
int vs_plan_session(struct vs_recovery *r);
int vs_run_session(struct vs_recovery *r);
int vs_plan_agent(struct vs_recovery *r);
int vs_run_agent(struct vs_recovery *r);

/* migrate.c: R4 */
int vs_plan_migrate(struct vs_recovery *r);
int vs_run_migrate(struct vs_recovery *r);

/* register.c: R5 */
int vs_plan_register(struct vs_recovery *r);
int vs_run_register(struct vs_recovery *r);
/* register what R5 left unregistered; likewise */
int vs_register_resume(struct vs_recovery *r, const struct vs_half *h);

/* inactive.c: R6 */
int vs_plan_inactive(struct vs_recovery *r);
int vs_run_inactive(struct vs_recovery *r);

/* advice.c: R8, R9, R10, P1, P2 */
int vs_plan_restart(struct vs_recovery *r);
int vs_run_restart(struct vs_recovery *r);
int vs_plan_reach(struct vs_recovery *r);
int vs_run_reach(struct vs_recovery *r);
int vs_plan_module(struct vs_recovery *r);
int vs_run_module(struct vs_recovery *r);
int vs_plan_window(struct vs_recovery *r);
int vs_run_window(struct vs_recovery *r);
int vs_plan_clone(struct vs_recovery *r);
int vs_run_clone(struct vs_recovery *r);

#endif
