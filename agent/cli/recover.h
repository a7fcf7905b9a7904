/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "recover" share. */
#ifndef VS_CLI_RECOVER_H
#define VS_CLI_RECOVER_H

#include "cli/tell.h"
#include "recover/choose.h"
#include "recover/recover.h"

/** VS_RECOVER_HAS_KEEP - bit of vs_recover_args.has */
#define VS_RECOVER_HAS_KEEP 1

/** struct vs_recover_args - options of "recover" */
struct vs_recover_args {
	uint64_t has;
	bool dry_run;
	bool yes;
	bool force;
	bool new_macs;
	uint32_t timeout;
	const char *to;
	const char *ssh;
	const char *length;
	const char *connect;
	const char *keep;
	const char *window;
	const char *db;
};

/**
 * struct vs_recover - a run of "recover"
 * @r: the recovery; first, so that its callbacks find the rest
 * @cli: the global options
 * @cmd: the command
 * @teller: tells
 * @look: the lists
 * @db: where events are recorded; NULL: where the agent does
 * @choice: the steps that fit, when none was asked for
 * @chosen: none was
 * @step: the step; of several, the last
 * @taken: bit n is set when enum vs_step n was taken, or tried
 * @words: they, in order, as an array of words
 * @before: the VM's state before
 * @done: the step was done
 * @ret: else, why not
 * @checks: of R10, for --json
 * @hypervisor: see vs_cli_hypervisor(); NULL: --connect says it, or nobody
 */
struct vs_recover {
	struct vs_recovery r;
	struct vs_cli *cli;
	const struct vs_command *cmd;
	struct vs_teller teller;
	struct vs_look look;
	const char *db;
	struct vs_choice choice;
	bool chosen;
	enum vs_step step;
	uint32_t taken;
	json_t *words;
	enum vs_state before;
	bool done;
	int ret;
	json_t *checks;
	char *hypervisor;
};

/* recover.c */

/** vs_recover_choice() - choose steps by what the last look found */
int vs_recover_choice(const struct vs_recover *run, bool found,
		      struct vs_choice *choice);

/** vs_recover_took() - a step was taken, with that result: see to the rest */
void vs_recover_took(struct vs_recover *run, int ret);

/* recover_resume.c */

/**
 * vs_recover_resume() - finish first what was cut short
 * @run: the run
 * @a: its options
 * @word: the step that was asked for; NULL: none
 * @status: when that was all there is to do, or it failed
 *
 * Return: true to go on.
 */
bool vs_recover_resume(struct vs_recover *run,
		       const struct vs_recover_args *a, const char *word,
		       enum vs_exit *status);

/* recover_print.c */

/** vs_recover_print_plan() - say what is to be done, unless --json */
void vs_recover_print_plan(const struct vs_recover *run, bool dry_run);

/** vs_recover_exit() - the exit status when a step has been run */
enum vs_exit vs_recover_exit(const struct vs_recover *run);

/** vs_recover_finish() - say what it came to; returns @status, or worse */
enum vs_exit vs_recover_finish(struct vs_recover *run, enum vs_exit status);

/** vs_recover_nothing() - say that no step is to be done */
enum vs_exit vs_recover_nothing(struct vs_recover *run);

#endif
