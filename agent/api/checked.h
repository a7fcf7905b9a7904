/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a comparison came to, as a document: what "vmsafe check --json" prints,
 * whether vmsafe has compared or the agent.
 */
#ifndef VS_API_CHECKED_H
#define VS_API_CHECKED_H

#include <jansson.h>

#include "api/page.h"
#include "core/engine.h"
#include "host/foreign.h"

struct vs_checked_part;

/**
 * struct vs_checked - a comparison
 * @engine: has compared
 * @vm: the VM that was asked for, nil if it was not found; NULL: all
 * @now: the time
 * @foreign: foreign programs on ports
 * @events: what is told, as vs_doc_event() with "new"; released
 * @maintenance: windows that are open, that have ended, and how much is held
 *               back; released
 * @part: only this of VMs and vNICs; NULL: all
 */
struct vs_checked {
	const struct vs_engine *engine;
	const struct vs_uuid *vm;
	vs_time now;
	const struct vs_foreigns *foreign;
	json_t *events;
	json_t *maintenance;
	struct vs_checked_part *part;
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

/** vs_checked_vnic_row() - an object for a vNIC; NULL: out of memory */
json_t *vs_checked_vnic_row(const struct vs_vnic_view *v);

/** vs_checked_vm_row() - an object for a VM, likewise */
json_t *vs_checked_vm_row(const struct vs_vm_view *vm);

/** vs_checked_sort() - put such objects in order; 0 or -ENOMEM */
int vs_checked_sort(json_t *list);

/* checked_part.c */

/** enum vs_checked_list - what a comparison has, in the order of its parts */
enum vs_checked_list {
	VS_CHECKED_VMS,		/* by UUID */
	VS_CHECKED_VNICS,	/* by the key of vs_page_key */
	VS_CHECKED_EVENTS,	/* as they come */
	VS_CHECKED_COUNT	/* that was all */
};

/** VS_CHECKED_EVENT - an event takes as much room in a part as so many rows */
#define VS_CHECKED_EVENT 4

/** VS_CHECKED_STR - size of where a part begins as text */
#define VS_CHECKED_STR (VS_PAGE_STR + 8)

/**
 * struct vs_checked_part - a part of what was compared
 * @list: where it begins; afterwards, where the next one does
 * @key: of VMs and vNICs: only what is after this; used when @has_key is set
 * @skip: of events: so many were in parts before
 * @limit: rows that there is room for
 * @vms: they
 * @vnics: likewise
 */
struct vs_checked_part {
	enum vs_checked_list list;
	struct vs_page_key key;
	bool has_key;
	uint64_t skip;
	size_t limit;
	json_t *vms;
	json_t *vnics;
};

/** vs_checked_part_parse() - where a part begins; 0 or -EINVAL */
int vs_checked_part_parse(const char *s, struct vs_checked_part *part);

/** vs_checked_part_next() - where the next part begins; NULL: it was the last
 */
const char *vs_checked_part_next(const struct vs_checked_part *part,
				 char buf[VS_CHECKED_STR]);

/**
 * vs_checked_part_take() - put VMs and vNICs into a part, up to its limit
 * @part: the part; vs_checked_part_free() in any case
 * @e: the engine
 * @vm: only this one's, which all fit; NULL: all
 *
 * Return: 0 or -ENOMEM.
 */
int vs_checked_part_take(struct vs_checked_part *part,
			 const struct vs_engine *e, const struct vs_uuid *vm);

/** vs_checked_part_free() - release it */
void vs_checked_part_free(struct vs_checked_part *part);

#endif
