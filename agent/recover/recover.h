/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recovery: the steps R0 to R11, P1 and P2. A step is an entry of a table. It
 * is planned first, which changes nothing and refuses what cannot or must not
 * be done, and then run.
 */
#ifndef VS_RECOVER_RECOVER_H
#define VS_RECOVER_RECOVER_H

#include "core/cause.h"
#include "recover/half.h"
#include "recover/look.h"
#include "recover/virt.h"

/** enum vs_need - what a step needs; bits */
enum vs_need {
	VS_NEED_VM = 1,		/* a VM that some list has */
	VS_NEED_DOMAIN = 2,	/* a domain of libvirt */
	VS_NEED_RUNNING = 4,	/* that runs */
	VS_NEED_DEFINED = 8,	/* that has a definition, so can be off */
	VS_NEED_DRIVER = 16,	/* the Filter Driver, loaded */
	VS_NEED_TARGET = 32,	/* another host */
};

/**
 * struct vs_recovery - a recovery
 * @vm: name or UUID of the VM
 * @inventory: URI of the inventory
 * @uri: libvirt's
 * @to: libvirt's on another host, or NULL
 * @ssh: how ssh reaches that host, or NULL
 * @keep: folder for definitions on their way
 * @window: file of the maintenance windows
 * @timeout: how long a step may wait, seconds
 * @length: of a maintenance window, seconds
 * @force: power off a guest that does not shut down
 * @new_macs: register the VM with new MAC addresses
 * @progress: told what happens; may be NULL
 * @look: the lists, read once before; also what they come to afterwards
 * @clock: tells the time, as vs_time
 * @module: prints the check of the module, for R10; 0 if all is well
 * @record: records an event; may be NULL
 * @virt: the domain, once a step needs it
 * @uuid: the VM, once it is found
 * @plan: what would be done, a line each
 * @why: why it was refused or failed, in a line that is safe to print
 * @left: what is left to do by hand then, likewise; empty: nothing
 * @away: the VM went to another host, which has been asked about it
 * @away_status: its answer, an exit status of vmsafe
 * @halved: the VM is on its way; half.h
 * @half: then, what keeps that file locked
 *
 * All but the last nine are the caller's.
 */
struct vs_recovery {
	const char *vm;
	const char *inventory;
	const char *uri;
	const char *to;
	const char *ssh;
	const char *keep;
	const char *window;
	unsigned int timeout;
	unsigned int length;
	bool force;
	bool new_macs;
	const struct vs_progress *progress;
	struct vs_look *look;
	int64_t (*clock)(void);
	int (*module)(struct vs_recovery *r);
	void (*record)(struct vs_recovery *r, struct vs_event *event);
	struct vs_virt virt;
	struct vs_uuid uuid;
	struct vs_buf plan;
	struct vs_buf why;
	struct vs_buf left;
	bool away;
	int away_status;
	bool halved;
	int half;
};

/**
 * struct vs_step_info - a step; see core/cause.h for its word and its name
 * @needs: enum vs_need
 * @destructive: it interrupts the guest, or takes something away
 * @binds: the VM's ports are to be bound afterwards
 * @plan: fills in vs_recovery.plan; 0, or a negative errno with @why filled in
 * @run: does it; likewise. -ECANCELED: the user stopped it
 */
struct vs_step_info {
	unsigned int needs;
	bool destructive;
	bool binds;
	int (*plan)(struct vs_recovery *r);
	int (*run)(struct vs_recovery *r);
};

/** VS_RECOVER_KEEP - where definitions are kept unless told otherwise */
#define VS_RECOVER_KEEP "/var/lib/vmsafe/recover"

/** vs_step_info() - the entry of a step */
const struct vs_step_info *vs_step_info(enum vs_step step);

/** vs_need_text() - "a domain of libvirt, ..."; "" for 0 */
void vs_need_text(struct vs_buf *buf, unsigned int needs);

/**
 * vs_recovery_plan() - may the step be done, and what would it do?
 * @r: the recovery
 * @step: the step
 *
 * Return: 0; -EPERM: refused; -ENOENT: no such VM; another negative errno.
 * vs_recovery.why says more.
 */
int vs_recovery_plan(struct vs_recovery *r, enum vs_step step);

/** vs_recovery_run() - do it; it has been planned */
int vs_recovery_run(struct vs_recovery *r, enum vs_step step);

/**
 * vs_recovery_settle() - read everything until the VM is in sync, for a moment
 * @r: the recovery; its look shows what was found
 * @step: what was done: if it is one that makes ports, they are bound
 * @seconds: how long the moment is
 *
 * Return: 0, whatever the state is; or a negative errno.
 */
int vs_recovery_settle(struct vs_recovery *r, enum vs_step step,
		       unsigned int seconds);

/** vs_recovery_state() - the VM's state as the last look found it */
enum vs_state vs_recovery_state(const struct vs_recovery *r);

/**
 * vs_recovery_resume() - finish a step that was cut short
 * @r: the recovery; its UUID is set when there is one
 * @h: the step, of vs_half_find()
 *
 * What somebody else has done since stays: a VM that is registered is not
 * registered again, and one that runs is not started.
 *
 * Return: 0: the VM is back, or was; -EBUSY: another process works on it; or
 * another negative errno, and it is left as it is. vs_recovery.why says more.
 */
int vs_recovery_resume(struct vs_recovery *r, const struct vs_half *h);

/** vs_recovery_free() - release what it holds */
void vs_recovery_free(struct vs_recovery *r);

#endif
