/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "events" and "alerts" share. */
#ifndef VS_CLI_EVENTS_H
#define VS_CLI_EVENTS_H

#include "cli/out.h"
#include "store/history.h"

/**
 * struct vs_events - a run of "events"
 * @cli: the global options
 * @sel: the columns
 * @path: the database
 * @named: by the user
 * @history: it, open
 * @query: which events; after_seq is the last one printed
 * @cef: print each in the Common Event Format
 * @full: print each with all its fields
 * @rows: for the table; NULL: they are printed as they come
 * @unreadable: how many were passed over
 */
struct vs_events {
	const struct vs_cli *cli;
	struct vs_selection sel;
	const char *path;
	bool named;
	struct vs_history *history;
	struct vs_history_query query;
	bool cef;
	bool full;
	json_t *rows;
	size_t unreadable;
};

/** vs_events_say() - say why the history cannot be read, and what to do;
 * VS_EXIT_UNAVAILABLE
 */
enum vs_exit vs_events_say(const struct vs_error *error);

/** vs_events_print() - the events of the query */
enum vs_exit vs_events_print(struct vs_events *run);

/** vs_events_one() - take an event, as vs_history_fn; @ctx: the run */
int vs_events_one(void *ctx, uint64_t seq, const struct vs_event *event);

/* events_agent.c */

/**
 * vs_events_ask() - take the events of the query from the agent
 * @run: the run
 * @status: how that went
 *
 * Return: true; false: there is no agent that would answer.
 */
bool vs_events_ask(struct vs_events *run, enum vs_exit *status);

/** vs_events_filter_target() - append what the query chooses to a target */
void vs_events_filter_target(const struct vs_history_query *q,
			     struct vs_buf *target);

/** vs_events_one_of() - take an event of the agent's; as vs_events_one() */
int vs_events_one_of(struct vs_events *run, const json_t *json);

/* events_stream.c */

/**
 * vs_events_stream() - likewise, and then each as it comes
 * @run: the run
 * @status: how that went
 *
 * Return: true; false: there is no agent that would answer.
 */
bool vs_events_stream(struct vs_events *run, enum vs_exit *status);

/* events_follow.c */

/** vs_events_follow() - print what there is, and then what comes */
enum vs_exit vs_events_follow(struct vs_events *run);

#endif
