/* SPDX-License-Identifier: GPL-2.0-only */
/* vmsafe as its user sees it, run within the test. */
#ifndef CLI_H
#define CLI_H

#include "cli/cli.h"
#include "driver/snapshot.h"

/**
 * struct cli - what a run came to
 * @status: exit status
 * @out: standard output
 * @err: standard error
 */
struct cli {
	int status;
	char out[65536];
	char err[16384];
};

/** cli_run() - run "vmsafe LINE" (words are separated by blanks) */
struct cli *cli_run(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/** cli_run_as() - likewise, as a user who is a member of a group; for root */
struct cli *cli_run_as(unsigned int user, unsigned int group, const char *fmt,
		       ...) __attribute__((format(printf, 3, 4)));

/** cli_output() - what @print puts on standard output, given @arg */
const char *cli_output(void (*print)(void *arg), void *arg);

/** cli_snapshot() - the path of a snapshot file that holds @s */
const char *cli_snapshot(const struct vs_snapshot *s);

/** cli_inventory() - "file:PATH" of an inventory that holds this JSON */
const char *cli_inventory(const char *json);

#endif
