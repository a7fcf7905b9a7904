/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_STATE_H
#define VS_CORE_STATE_H

/**
 * enum vs_state - state of a vNIC, a VM, a host
 *
 * Ordered: a VM's or host's state is the highest among what it holds.
 */
enum vs_state {
	VS_STATE_NOT_APPLICABLE,
	VS_STATE_IN_SYNC,
	VS_STATE_PENDING,
	VS_STATE_UNKNOWN,
	VS_STATE_OUT_OF_SYNC,
	VS_STATE_COUNT
};

/** enum vs_reason - why a vNIC is in that state */
enum vs_reason {
	VS_REASON_NONE,			/* in sync */
	/* pending or out of sync */
	VS_REASON_MANAGER_ONLY,
	VS_REASON_DRIVER_ONLY,
	VS_REASON_HOST_ONLY,		/* plugged, but not bound */
	VS_REASON_MAC_MISMATCH,		/* same device ID, two MACs */
	VS_REASON_DEVICE_ID_MISMATCH,	/* same MAC, two device IDs */
	VS_REASON_OTHER_HOLDER,		/* bound, but another VM holds it */
	VS_REASON_BYPASSED,		/* programs lead packets past it */
	/* unknown */
	VS_REASON_SOURCE_UNKNOWN,
	VS_REASON_BYPASS_UNKNOWN,	/* whether any do */
	/* not applicable */
	VS_REASON_NO_DRIVER,		/* the host is not to have one */
	VS_REASON_NOT_PROTECTED,
	VS_REASON_TEMPLATE,
	VS_REASON_VM_OFF,
	VS_REASON_OTHER_HOST,
	/* that, or, of a bound port, pending or out of sync */
	VS_REASON_NOT_PLUGGED,		/* a port that no VM holds */
	VS_REASON_COUNT
};

/** enum vs_cause - the article's causes; see cause.h and diagnosis.h */
enum vs_cause {
	VS_CAUSE_NONE,
	VS_CAUSE_C1,	/* just created or activated */
	VS_CAUSE_C2,	/* Manager and inventory cannot talk */
	VS_CAUSE_C3,	/* clone of an activated VM */
	VS_CAUSE_C4,	/* appliance reset by force */
	VS_CAUSE_C5,	/* Filter Driver not properly loaded */
	VS_CAUSE_C6,	/* recomposed while VMs move by themselves */
	VS_CAUSE_C7,	/* three MACs that should be one */
	VS_CAUSE_COUNT
};

/** enum vs_gap - what a VM that is not in sync lacks; see gap.h */
enum vs_gap {
	VS_GAP_NONE,
	VS_GAP_SESSION,		/* of the host's appliance, with the driver */
	VS_GAP_PENDING,		/* time: it may yet come */
	VS_GAP_UNBOUND,		/* a binding of a port that it holds */
	VS_GAP_PORTLESS,	/* a port that the Manager says it has */
	VS_GAP_UNLISTED,	/* a place in the Manager's list */
	VS_GAP_INACTIVE,	/* somebody who holds the port */
	VS_GAP_MISBOUND,	/* a binding as what holds the port */
	VS_GAP_DEFINED,		/* a Manager's entry as what runs */
	VS_GAP_RESTART,		/* a start, as it is defined by now */
	VS_GAP_ALIEN,		/* a port that is not bound to another VM */
	VS_GAP_COUNT
};

/** enum vs_step - the article's recovery steps; see cause.h */
enum vs_step {
	VS_STEP_R0, VS_STEP_R1, VS_STEP_R2, VS_STEP_R3, VS_STEP_R4, VS_STEP_R5,
	VS_STEP_R6, VS_STEP_R7, VS_STEP_R8, VS_STEP_R9, VS_STEP_R10,
	VS_STEP_R11, VS_STEP_P1, VS_STEP_P2,
	VS_STEP_COUNT
};

/** vs_state_word() - "in-sync", "pending", "out-of-sync", "unknown",
 * "not-applicable"; for machines, never translated
 */
const char *vs_state_word(enum vs_state state);

/** vs_reason_word() - "manager-only", "mac-mismatch", ...; "-" for none */
const char *vs_reason_word(enum vs_reason reason);

/** vs_state_parse() - the state of a word; 0 or -EINVAL */
int vs_state_parse(const char *word, enum vs_state *state);

/** vs_reason_parse() - the reason of a word; 0 or -EINVAL */
int vs_reason_parse(const char *word, enum vs_reason *reason);

#endif
