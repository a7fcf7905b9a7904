/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a comparison came to, as a document: what "vmsafe check --json" prints,
 * whether vmsafe has compared or the agent.
 */
#ifndef VS_API_CHECKED_H
#define VS_API_CHECKED_H

#include <jansson.h>

#include "core/engine.h"
#include "host/foreign.h"

/**
 * struct vs_checked - a comparison
 * @engine: has compared
 * @vm: the VM that was asked for, nil if it was not found; NULL: all
 * @now: the time
 * @foreign: foreign programs on ports
 * @events: what is told, as vs_doc_event() with "new"; released
 * @maintenance: windows that are open, that have ended, and how much is held
 *               back; released
 */
struct vs_checked {
	const struct vs_engine *engine;
	const struct vs_uuid *vm;
	vs_time now;
	const struct vs_foreigns *foreign;
	json_t *events;
	json_t *maintenance;
};

/** vs_checked_doc() - the document; NULL: out of memory */
json_t *vs_checked_doc(struct vs_checked *r);

/** vs_checked_state() - the state of what was asked for */
enum vs_state vs_checked_state(const struct vs_engine *e,
			       const struct vs_uuid *vm);

/* checked_row.c */

/** vs_checked_vnics() - an object for each vNIC, in order; NULL: out of memory
 */
json_t *vs_checked_vnics(const struct vs_engine *e, const struct vs_uuid *vm);

/** vs_checked_vms() - an object for each VM, likewise */
json_t *vs_checked_vms(const struct vs_engine *e, const struct vs_uuid *vm);

#endif
