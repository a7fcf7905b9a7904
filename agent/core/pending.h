/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VM that runs will be from its next start on: its persistent
 * definition may have been changed meanwhile. What runs counts; the
 * definition is a change that is pending.
 */
#ifndef VS_CORE_PENDING_H
#define VS_CORE_PENDING_H

#include "core/witness.h"

/** enum vs_change - what becomes of a vNIC */
enum vs_change {
	VS_CHANGE_ADDED,	/* there is none of that device ID now */
	VS_CHANGE_REMOVED,	/* there will be none */
	VS_CHANGE_MAC,		/* it will have another MAC */
	VS_CHANGE_COUNT
};

/**
 * struct vs_pending - a change that is pending
 * @device_id: of which vNIC
 * @change: what it is
 * @next: its MAC at the next start; zero: VS_CHANGE_REMOVED
 * @now: the one that it runs with; zero: VS_CHANGE_ADDED
 */
struct vs_pending {
	uint16_t device_id;
	enum vs_change change;
	struct vs_mac next;
	struct vs_mac now;
};

/**
 * vs_pending_change() - does a vNIC's definition differ from what runs?
 * @t: the vNIC, of a VM whose hypervisor has said both how it runs and what
 *     it is defined as: a MAC that is not in one of them is not there
 * @p: filled in, if so
 */
bool vs_pending_change(const struct vs_testimony *t, struct vs_pending *p);

/** vs_change_word() - "added", "removed", "mac" */
const char *vs_change_word(enum vs_change change);

/** vs_text_pending() - a sentence, without a newline, appended to @buf */
void vs_text_pending(struct vs_buf *buf, const struct vs_lang *lang,
		     const struct vs_pending *p);

#endif
