/* SPDX-License-Identifier: GPL-2.0-only */
/* The Filter Driver's state and table, as one question finds them. */
#ifndef VS_DRIVER_READING_H
#define VS_DRIVER_READING_H

#include "driver/table.h"

/** VS_DRIVER_PATIENCE - how long to wait for a held session, milliseconds */
#define VS_DRIVER_PATIENCE 2000

/**
 * struct vs_driver_reading - what was found
 * @info: the Filter Driver's state. An error with VS_WHY_NO_PERMISSION says
 *        nothing of the driver: it is the one who asks that lacks something
 * @listed: @table holds the table
 * @table: the table; its @host is there whenever netlink answered
 */
struct vs_driver_reading {
	struct vs_driver_info info;
	bool listed;
	struct vs_driver_table table;
};

/**
 * vs_driver_probe() - find out the state, without being the appliance
 * @r: filled in; free with vs_driver_reading_free(). The table is read over
 *     netlink, so a session that somebody holds is fine
 */
void vs_driver_probe(struct vs_driver_reading *r);

/**
 * vs_driver_read() - find out the state and read the table as the appliance
 * @r: filled in; free with vs_driver_reading_free()
 * @patience: as for vs_session_attach()
 *
 * A lost appliance that still holds its session cannot be replaced, so then
 * the table is read over netlink. So it is while vmsafe-agent is the
 * appliance: it holds its session for as long as it runs.
 */
void vs_driver_read(struct vs_driver_reading *r, int patience);

/**
 * vs_driver_read_held() - likewise, with a session that the caller holds
 * @r: filled in; free with vs_driver_reading_free()
 * @s: the session
 */
void vs_driver_read_held(struct vs_driver_reading *r, struct vs_session *s);

/**
 * vs_driver_reading_enrich() - put netlink's table in the place of one that was
 * read by ioctl: it tells more of the same, counters and ages for instance
 * @r: the reading; stays as it is if that table cannot be had
 */
void vs_driver_reading_enrich(struct vs_driver_reading *r);

/**
 * vs_driver_is_lost() - is the appliance of this host lost?
 * @host: what the driver says of the session
 * @vnics: the entries
 *
 * A session that ended without a detach leaves "reset" behind, whether it had
 * promised heartbeats or was that of a command that somebody killed. Only in
 * the first case is anything lost, and it shows on the vNICs.
 */
bool vs_driver_is_lost(const struct vs_driver_host *host,
		       const struct vs_vnics *vnics);

/**
 * vs_driver_reading_feed() - tell the engine
 * @r: what was found
 * @f: foreign programs on the ports; NULL: nobody has looked
 * @e: the engine
 * @now: when
 *
 * Return: 0 or -errno (see vs_driver_table_feed()).
 */
int vs_driver_reading_feed(const struct vs_driver_reading *r,
			   const struct vs_foreigns *f, struct vs_engine *e,
			   vs_time now);

/** vs_driver_reading_free() - release it */
void vs_driver_reading_free(struct vs_driver_reading *r);

#endif
