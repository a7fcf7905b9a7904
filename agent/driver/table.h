/* SPDX-License-Identifier: GPL-2.0-only */
/* The Filter Driver's table, whole and of one generation. */
#ifndef VS_DRIVER_TABLE_H
#define VS_DRIVER_TABLE_H

#include "core/engine.h"
#include "driver/client.h"
#include "driver/session.h"
#include "host/foreign.h"

/**
 * struct vs_driver_table - what the driver held at one generation
 * @host: settings and state; all zeros when they were not asked for
 * @generation: the generation
 * @vms: its VMs
 * @vnics: its entries
 */
struct vs_driver_table {
	struct vs_driver_host host;
	uint64_t generation;
	struct vs_vms vms;
	struct vs_vnics vnics;
};

/**
 * vs_driver_table_dump() - read the table over netlink
 * @t: replaced; free it also after a failure
 * @c: the client
 * @stats: with counters
 * @error: why it failed
 *
 * Return: 0 or a negative errno; -EAGAIN (VS_WHY_TORN): it changed under
 * every attempt.
 */
int vs_driver_table_dump(struct vs_driver_table *t, struct vs_client *c,
			 bool stats, struct vs_error *error);

/**
 * struct vs_driver_part - what is read of the table
 * @filter: which entries; may be NULL
 * @vms: takes VMs; NULL: they are not read
 * @vnics: takes entries; NULL: likewise
 */
struct vs_driver_part {
	const struct vs_vnic_filter *filter;
	const struct vs_sink *vms;
	const struct vs_sink *vnics;
};

/**
 * vs_driver_table_each() - read a part of the table without keeping it
 * @c: the client
 * @part: what; it is of one generation
 * @host: settings and state then
 * @error: why it failed
 *
 * Return: as vs_driver_table_dump().
 */
int vs_driver_table_each(struct vs_client *c,
			 const struct vs_driver_part *part,
			 struct vs_driver_host *host, struct vs_error *error);

/**
 * vs_driver_table_list() - read the table with ioctls
 * @t: replaced, but for @host, which ioctls do not tell
 * @s: an attached session
 * @error: why it failed
 *
 * Return: as vs_driver_table_dump().
 */
int vs_driver_table_list(struct vs_driver_table *t, struct vs_session *s,
			 struct vs_error *error);

/**
 * vs_driver_table_feed() - make the engine's driver list equal to the table
 * @t: the table
 * @f: foreign programs on its ports; NULL: nobody has looked
 * @e: the engine
 * @now: when the table was read
 *
 * Return: 0, or a negative errno: then the list is unavailable, and why.
 */
int vs_driver_table_feed(const struct vs_driver_table *t,
			 const struct vs_foreigns *f, struct vs_engine *e,
			 vs_time now);

/** vs_driver_table_free() - release it; it is empty then */
void vs_driver_table_free(struct vs_driver_table *t);

#endif
