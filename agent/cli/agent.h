/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent, if one runs, is asked for instead of finding it out here. */
#ifndef VS_CLI_AGENT_H
#define VS_CLI_AGENT_H

#include "api/client.h"
#include "cli/cli.h"
#include "core/engine.h"
#include "driver/client.h"
#include "host/foreign.h"

/**
 * vs_cli_agent_status() - ask how it is, without waiting long
 * @cli: the global options; of a snapshot there is no agent
 * @answer: filled in; for vs_agent_free() in any case
 *
 * Return: it runs, and we may ask it.
 */
bool vs_cli_agent_status(const struct vs_cli *cli,
			 struct vs_agent_answer *answer);

/**
 * vs_cli_agent_sync() - have it synchronise, and wait for that
 * @cli: the global options; it is not asked about another inventory
 * @bound: ports that were bound for that
 * @record: have it record the event
 * @answer: as vs_cli_agent_status()
 *
 * Return: it has answered; with an error if @answer has a text.
 */
bool vs_cli_agent_sync(const struct vs_cli *cli, size_t bound, bool record,
		       struct vs_agent_answer *answer);

/**
 * vs_cli_agent_is_asked() - does the question leave it to the agent where the
 * lists come from? It is not asked of a snapshot, nor of another inventory.
 */
bool vs_cli_agent_is_asked(const struct vs_cli *cli);

/**
 * vs_cli_agent_get() - ask it how things are, if it runs, and take its time
 * @cli: the global options, see vs_cli_agent_is_asked()
 * @target: encoded
 * @answer: as vs_cli_agent_status()
 *
 * Return: it has answered; with an error if @answer has a text, else with an
 * "exit_status". One that does not know the question, or does not take it from
 * us, has not.
 */
bool vs_cli_agent_get(const struct vs_cli *cli, const char *target,
		      struct vs_agent_answer *answer);

/**
 * vs_cli_agent_had_it() - was it for the agent to answer? Not what it does not
 * know, nor what it does not tell us
 */
bool vs_cli_agent_had_it(const struct vs_agent_answer *answer);

/**
 * vs_cli_agent_heard() - is there nothing more to be tried than what was asked?
 * @ret: of vs_agent_ask()
 * @answer: its answer
 * @status: VS_EXIT_FINE: there is an answer; else why not, which was said
 *
 * Return: false: no agent was there to answer.
 */
bool vs_cli_agent_heard(int ret, const struct vs_agent_answer *answer,
			enum vs_exit *status);

/** vs_cli_agent_refused() - say the error that it has answered with; the exit
 * status
 */
enum vs_exit vs_cli_agent_refused(const struct vs_agent_answer *answer);

/** vs_cli_agent_state() - "state" of an object */
enum vs_state vs_cli_agent_state(const json_t *doc);

/** vs_cli_agent_error() - the error under a key; false: there is none */
bool vs_cli_agent_error(const json_t *doc, const char *key,
			struct vs_error *error);

/** vs_cli_agent_driver() - the Filter Driver's state of an object */
void vs_cli_agent_driver(const json_t *doc, struct vs_driver_info *info);

/** vs_cli_agent_bypass() - how foreign programs were searched for */
void vs_cli_agent_bypass(const json_t *doc, struct vs_foreigns *f);

/** vs_cli_agent_host() - what a status says of the host; the name stays NULL */
void vs_cli_agent_host(const json_t *doc, struct vs_host_view *host);

/**
 * vs_cli_agent_vnic() - ask it about an entry, or have it do something
 * @method: "GET" or "POST"
 * @v: the entry
 * @what: what follows in the target, e.g. "?verify=true"
 * @answer: as vs_cli_agent_status()
 *
 * Return: it has answered.
 */
bool vs_cli_agent_vnic(const char *method, const struct vs_driver_vnic *v,
		       const char *what, struct vs_agent_answer *answer);

#endif
