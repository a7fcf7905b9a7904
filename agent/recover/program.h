/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_RECOVER_PROGRAM_H
#define VS_RECOVER_PROGRAM_H

#include "core/buf.h"
#include "recover/progress.h"

/**
 * vs_program_run() - run a program, without a shell, and wait for it
 * @argv: the program, found in PATH, and its arguments
 * @out: what it prints on both outputs is added, 4 KiB at most; may be NULL
 * @deadline: milliseconds; then it is ended
 * @progress: a wish to stop ends it too; may be NULL
 *
 * Return: its exit status, 0 to 255; -ENOENT: there is no such program;
 * -ETIMEDOUT; -ECANCELED; -EINTR: a signal ended it; another negative errno.
 */
int vs_program_run(const char *const argv[], struct vs_buf *out,
		   unsigned int deadline, const struct vs_progress *progress);

#endif
