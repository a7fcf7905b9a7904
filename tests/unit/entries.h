/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of a Filter Driver, where there is none. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "driver/snapshot.h"

/**
 * struct entries - how it is
 * @more: so many unbound ports beside tap1 and tap9, named more0, more1, ...
 * @restless: it changes with each of that many answers
 * @unloaded: it is not there
 */
struct entries {
	unsigned int more;
	unsigned int restless;
	bool unloaded;
};

/*
 * VMs vm1 and vm2, whose IDs are 10 and 20; tap1 (ID 100), vNIC 0 of vm1, and
 * tap9 (ID 200), which nothing is bound to, and which a program of XDP
 * bypasses.
 */

/** entries_list() - what vs_driver_table_each() would have read */
int entries_list(struct entries *e, const struct vs_driver_part *part,
		 struct vs_driver_host *host, struct vs_error *error);

/** entries_foreign() - the programs; static */
const struct vs_foreigns *entries_foreign(void);

/** entries_snapshot() - all of it; free with vs_snapshot_free() */
void entries_snapshot(struct entries *e, struct vs_snapshot *s);

#endif
