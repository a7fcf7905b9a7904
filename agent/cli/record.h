/* SPDX-License-Identifier: GPL-2.0-only */
/* What an operator did goes into the agent's history, and where it forwards. */
#ifndef VS_CLI_RECORD_H
#define VS_CLI_RECORD_H

#include "cli/cli.h"
#include "core/event.h"

/**
 * vs_cli_record() - record an event, and send it on, as the agent would
 * @cli: the global options; with a snapshot, nothing has happened here
 * @db: the history's file; NULL: as the agent's configuration says
 * @event: the event; it is recorded as an operator's, of this host, now
 *
 * What was done is done: when it cannot be recorded, a line says so.
 */
void vs_cli_record(const struct vs_cli *cli, const char *db,
		   const struct vs_event *event);

/* the option of commands that record */
#define VS_RECORD_OPT(type) \
	{ .name = "db", .kind = VS_OPT_STRING, .arg = "FILE", \
	  .offset = offsetof(type, db), \
	  .help = N_("the event history that it is recorded in (default: " \
		     "the agent's)") }

#endif
