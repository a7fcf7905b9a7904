/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clues: single observations that speak for a cause. A clue says what was
 * seen, with its values, and in no language; what it weighs against others is
 * its kind's.
 */
#ifndef VS_CORE_CLUE_H
#define VS_CORE_CLUE_H

#include "core/cause.h"
#include "core/error.h"

/**
 * enum vs_clue_kind - what was observed
 *
 * In the order of the causes that they speak for; the names of the values
 * follow each. Times are in seconds.
 */
enum vs_clue_kind {
	/* C1 */
	VS_CLUE_PENDING,	/* age, grace: a difference that is young */
	VS_CLUE_NEW_PORT,	/* port, age, grace: so is the entry */
	VS_CLUE_NEW_PROCESS,	/* pid, age, grace: so is the VM's process */
	/* C2 */
	VS_CLUE_UNREACHABLE,	/* of the inventory; an error */
	VS_CLUE_STALE,		/* age: what is known of it is too old */
	/* C3 */
	VS_CLUE_TWO_PROCESSES,	/* pid, other_pid: one UUID */
	VS_CLUE_MAC_HELD,	/* mac, port, holder, holder_uuid */
	VS_CLUE_DEVICE_HELD,	/* device_id, port, other_port */
	VS_CLUE_MAC_TWICE,	/* mac, holder, holder_uuid: in one bridge */
	VS_CLUE_UUID_TWICE,	/* in the Manager's list */
	VS_CLUE_CLAIM_LOGGED,	/* log: the driver's line in the kernel log */
	VS_CLUE_CLAIMS_REFUSED,	/* count: since the driver was loaded */
	/* C4 */
	VS_CLUE_SESSION_RESET,	/* it ended without a detach */
	VS_CLUE_SESSION_TAKEN,	/* pid, epoch: another process took it */
	VS_CLUE_MODE_LOST,	/* port, mode: what that did to a vNIC */
	/* C5 */
	VS_CLUE_NOT_LOADED,
	VS_CLUE_NO_SUPPORT,	/* kernel: it cannot load modules */
	VS_CLUE_DISABLED,	/* modules_disabled */
	VS_CLUE_NOT_INSTALLED,	/* kernel */
	VS_CLUE_OTHER_KERNEL,	/* other, kernel: installed for that one */
	VS_CLUE_NOT_INDEXED,	/* path, kernel: depmod was not run */
	VS_CLUE_WRONG_KERNEL,	/* path, vermagic, kernel */
	VS_CLUE_UNSIGNED,	/* path: and sig_enforce */
	VS_CLUE_LOCKDOWN,	/* path, lockdown: unsigned under lockdown */
	VS_CLUE_UNKNOWN_KEY,	/* path, signer: signed, and refused for it */
	VS_CLUE_BLACKLISTED,	/* where */
	VS_CLUE_REPLACED,	/* command: that modprobe runs instead */
	VS_CLUE_LOADABLE,	/* path: nothing known is in the way */
	VS_CLUE_UNSEEN,		/* who looks is confined */
	VS_CLUE_KERNEL_LOG,	/* log: its last word on the module */
	VS_CLUE_ABI,		/* driver, agent */
	VS_CLUE_IOCTL_FAILED,	/* an error */
	VS_CLUE_APPLIANCE_LOST,	/* epoch, pid: heartbeats stay away */
	/* C6 */
	VS_CLUE_BURST,		/* count, macs, window: VMs that came at once */
	VS_CLUE_DEPARTED,	/* count: VMs that went */
	/* C7 */
	VS_CLUE_MAC_DIFFERS,	/* device_id, witness, mac, other, other_mac */
	VS_CLUE_WIRE_DIFFERS,	/* device_id, port, mac, expected */
	VS_CLUE_NEXT_START,	/* device_id, mac, expected: the definition's */
	VS_CLUE_COUNT
};

/** VS_CLUE_VALUES - the most values a clue has */
#define VS_CLUE_VALUES 5

/** VS_CLUE_VALUE - size of a value as text, terminator included */
#define VS_CLUE_VALUE 512

/**
 * struct vs_clue - an observation
 * @kind: what was observed
 * @value: its values, in the order of vs_clue_key(); not escaped
 * @error: of kinds that have one (vs_clue_has_error())
 */
struct vs_clue {
	enum vs_clue_kind kind;
	char value[VS_CLUE_VALUES][VS_CLUE_VALUE];
	struct vs_error error;
};

/** vs_clue_word() - "mac-differs", ...; for machines */
const char *vs_clue_word(enum vs_clue_kind kind);

/** vs_clue_cause() - the cause that it speaks for; never none */
enum vs_cause vs_clue_cause(enum vs_clue_kind kind);

/**
 * vs_clue_weight() - how much it says, 1 to 99
 *
 * 0: it only explains others, and proves nothing alone.
 */
unsigned int vs_clue_weight(enum vs_clue_kind kind);

/** vs_clue_key() - the name of its value number @i; NULL: it has no more */
const char *vs_clue_key(enum vs_clue_kind kind, size_t i);

/** vs_clue_is_number() - is the value of that name a number? */
bool vs_clue_is_number(const char *key);

/** vs_clue_has_error() - does the kind come with an error? */
bool vs_clue_has_error(enum vs_clue_kind kind);

/** vs_clue_cmp() - an order of clues that depends on what they say alone */
int vs_clue_cmp(const struct vs_clue *a, const struct vs_clue *b);

/** vs_text_clue() - the observation as a clause, safe for a terminal */
void vs_text_clue(struct vs_buf *buf, const struct vs_lang *lang,
		  const struct vs_clue *clue);

#endif
