/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling what happens while it does, being interrupted, and asking. */
#ifndef VS_CLI_TELL_H
#define VS_CLI_TELL_H

#include <stdio.h>

#include "cli/out.h"
#include "recover/progress.h"

/**
 * struct vs_teller - who tells
 * @progress: to be handed to what takes time
 * @to: where lines go: standard output, or standard error with --json
 * @log: every line, for --json
 * @open: a line of a terminal waits to be written over
 * @ticked: when something was said to take time last, seconds
 */
struct vs_teller {
	struct vs_progress progress;
	FILE *to;
	json_t *log;
	bool open;
	unsigned int ticked;
};

/** vs_tell_start() - begin */
void vs_tell_start(struct vs_teller *t, const struct vs_cli *cli);

/** vs_tell_catch() - from now on an interrupt is a wish to stop */
void vs_tell_catch(struct vs_teller *t);

/** vs_tell_end() - end; what @log holds is released */
void vs_tell_end(struct vs_teller *t);

/**
 * vs_tell_ask() - ask before something that cannot be taken back
 * @t: the teller
 * @cmd: the command
 * @yes: --yes was given
 * @what: what it does, for the refusal where nobody can be asked
 * @status: when it is not to be done
 *
 * Return: true to go on.
 */
bool vs_tell_ask(struct vs_teller *t, const struct vs_command *cmd, bool yes,
		 const char *what, enum vs_exit *status);

#endif
