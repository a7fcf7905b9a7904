/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's case: gathering the evidence of why it is not in sync. What it
 * amounts to is core/diagnosis.h's to say. Commands gather it when they are
 * asked to, the agent when it tells of an event, from what it has read already.
 */
#ifndef VS_RECOVER_CASE_H
#define VS_RECOVER_CASE_H

#include "core/diagnosis.h"
#include "core/engine.h"
#include "core/witness.h"
#include "driver/snapshot.h"
#include "inventory/domain.h"

/** VS_CASE_GRACE - what is younger is new, unless one is told otherwise */
#define VS_CASE_GRACE (120 * 1000)

/**
 * VS_CASE_WINDOW - what came within it came at once, likewise
 *
 * When a difference counts, what made it is older than the period of grace: a
 * burst is looked for further back.
 */
#define VS_CASE_WINDOW (VS_CASE_GRACE + 120 * 1000)

struct vs_crowd;

/**
 * struct vs_case - a VM, and what speaks for which cause
 * @engine: has compared
 * @host: what it was told but for the Manager's list
 * @now: when
 * @grace: what is younger is new, milliseconds
 * @window: what came within it came at once, milliseconds
 * @live: @host is this host as it is, whose processes may be looked at
 * @log: likewise, and its kernel log
 * @hypervisor: libvirt's URI of who runs the VM, which is asked, and may take
 *              some seconds; NULL: @domains is all that is known of it
 * @domains: what the hypervisor has said; NULL: nothing
 * @crowd: what is to be known of all VMs; NULL: it is looked at once more
 * @keep: where steps that were cut short are looked for; NULL: nowhere
 * @found: some list has the VM; else only the host is looked at
 * @uuid: the VM
 * @view: it
 * @all: the host
 * @state: the VM's state
 * @status: the exit status for it, see vs_exit_code()
 * @alien: a port that it holds is bound to another VM
 * @evidence: what was observed
 * @macs: what each witness says of its vNICs, by device ID
 * @n_macs: how many vNICs
 * @both: the hypervisor has said how the VM runs and what it is defined as:
 *        what is in one of them only is a change that is pending
 * @unheard: why the hypervisor could not be heard; @unheard.op 0: it was, or
 *           there is none to be heard
 *
 * All up to @uuid are the caller's.
 */
struct vs_case {
	const struct vs_engine *engine;
	const struct vs_snapshot *host;
	vs_time now;
	vs_time grace;
	vs_time window;
	bool live;
	bool log;
	const char *hypervisor;
	const struct vs_domain *domains;
	const struct vs_crowd *crowd;
	const char *keep;
	bool found;
	struct vs_uuid uuid;
	struct vs_vm_view view;
	struct vs_host_view all;
	enum vs_state state;
	int status;
	bool alien;
	struct vs_evidence evidence;
	struct vs_testimony *macs;
	size_t n_macs;
	bool both;
	struct vs_error unheard;
};

/**
 * vs_case_gather() - look at everything that may be evidence
 * @w: the case; for vs_case_free()
 *
 * Return: 0 or -ENOMEM.
 */
int vs_case_gather(struct vs_case *w);

/**
 * vs_case_gap() - what the VM lacks, or the host, by all that was gathered
 * @w: the case, gathered
 * @gap: filled in; VS_GAP_RESTART where its definition has other MACs by now,
 *       and it is those that it runs with which are wrong; VS_GAP_ALIEN where
 *       it is not bound because another VM is, to its port
 * @reason: of the vNIC that decided; may be NULL
 *
 * Return: 0 or -ENOMEM.
 */
int vs_case_gap(const struct vs_case *w, enum vs_gap *gap,
		enum vs_reason *reason);

/** vs_case_is_held() - has another VM bound a MAC of this one? */
bool vs_case_is_held(const struct vs_case *w);

/** vs_case_free() - release what was gathered */
void vs_case_free(struct vs_case *w);

/** VS_CASE_NUMBER - size of a number as text */
#define VS_CASE_NUMBER 24

/** vs_case_number() - a number as text */
const char *vs_case_number(char buf[VS_CASE_NUMBER], int64_t n);

/** vs_case_seconds() - milliseconds as seconds */
const char *vs_case_seconds(char buf[VS_CASE_NUMBER], vs_time ms);

/** vs_case_differs() - is what has that state not in sync, and known so? */
bool vs_case_differs(enum vs_state state);

/** vs_case_holds() - is it a process of the vNIC's own VM that holds its port,
 * as far as is known?
 */
bool vs_case_holds(const struct vs_vnic_view *v);

/**
 * vs_case_age() - how long a vNIC has been on this host
 * @w: the case
 * @v: the vNIC
 * @age: milliseconds, on success: the greater of the entry's age and, where
 *       it can be told, that of the process
 *
 * Return: false when nothing is known of it.
 */
bool vs_case_age(const struct vs_case *w, const struct vs_vnic_view *v,
		 vs_time *age);

/* case_host.c */

/** vs_case_host() - what befell the host: C2, C4, C5 */
void vs_case_host(struct vs_case *w);

/* case_claim.c */

/** vs_case_listed_twice() - that the Manager has it more than once: C3 */
void vs_case_listed_twice(struct vs_case *w);

/** vs_case_claims() - what somebody else has as well: C3 */
void vs_case_claims(struct vs_case *w);

/* case_young.c */

/** vs_case_young() - what is new, alone or among many: C1, C6 */
void vs_case_young(struct vs_case *w);

/* case_mac.c */

/** vs_case_hear() - ask every witness for the VM's MACs; fills in @macs */
void vs_case_hear(struct vs_case *w);

/** vs_case_macs() - do they contradict each other: C7 */
void vs_case_macs(struct vs_case *w);

#endif
