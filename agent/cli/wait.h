/* SPDX-License-Identifier: GPL-2.0-only */
/* What commands share that wait for something until they are told to end. */
#ifndef VS_CLI_WAIT_H
#define VS_CLI_WAIT_H

/**
 * vs_wait_signals() - a descriptor that is readable once we are to end
 *
 * SIGINT and SIGTERM are blocked from here on.
 *
 * Return: the descriptor, or -1 with errno.
 */
int vs_wait_signals(void);

#endif
