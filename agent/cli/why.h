/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "why" share. */
#ifndef VS_CLI_WHY_H
#define VS_CLI_WHY_H

#include "cli/check.h"
#include "core/diagnosis.h"
#include "core/witness.h"

/** VS_WHY_GRACE - what is younger is new, unless --grace says otherwise */
#define VS_WHY_GRACE 120

/**
 * struct vs_case - a run of "why"
 * @check: what was read and compared
 * @grace: what is younger is new, milliseconds
 * @host: the host
 * @vm: the VM, if one was found (@check->found)
 * @state: its state
 * @status: the exit status for it
 * @evidence: what was observed
 * @macs: what each witness says of its vNICs, by device ID
 * @n_macs: how many vNICs
 * @unheard: why the hypervisor could not be heard; @unheard.op 0: it was, or
 *           there is none to be heard
 */
struct vs_case {
	const struct vs_check *check;
	vs_time grace;
	struct vs_host_view host;
	struct vs_vm_view vm;
	enum vs_state state;
	enum vs_exit status;
	struct vs_evidence evidence;
	struct vs_testimony *macs;
	size_t n_macs;
	struct vs_error unheard;
};

/** VS_WHY_NUMBER - size of a number as text */
#define VS_WHY_NUMBER 24

/** vs_why_number() - a number as text */
const char *vs_why_number(char buf[VS_WHY_NUMBER], int64_t n);

/** vs_why_seconds() - milliseconds as seconds */
const char *vs_why_seconds(char buf[VS_WHY_NUMBER], vs_time ms);

/** vs_why_differs() - is that VM not in sync, and is that known? */
bool vs_why_differs(enum vs_state state);

/** vs_why_entry() - the Filter Driver's entry of a port, or NULL */
const struct vs_driver_vnic *vs_why_entry(const struct vs_case *w,
					  uint32_t ifindex);

/**
 * vs_why_age() - how long a vNIC has been on this host
 * @w: the run
 * @v: the vNIC
 * @age: milliseconds, on success: the greater of the entry's age and, where
 *       it can be told, that of the process
 *
 * Return: false when nothing is known of it.
 */
bool vs_why_age(const struct vs_case *w, const struct vs_vnic_view *v,
		vs_time *age);

/* why_host.c */

/** vs_why_host() - what befell the host: C2, C4, C5 */
void vs_why_host(struct vs_case *w);

/* why_claim.c */

/** vs_why_claims() - what somebody else has as well: C3 */
void vs_why_claims(struct vs_case *w);

/* why_young.c */

/** vs_why_young() - what is new, alone or among many: C1, C6 */
void vs_why_young(struct vs_case *w);

/* why_mac.c */

/** vs_why_hear() - ask every witness for the VM's MACs; fills in @macs */
void vs_why_hear(struct vs_case *w);

/** vs_why_macs() - do they contradict each other: C7 */
void vs_why_macs(struct vs_case *w);

/* why_print.c */

/** vs_why_print() - everything, as text or as JSON */
enum vs_exit vs_why_print(struct vs_case *w);

#endif
