/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_DRIVER_KMSG_H
#define VS_DRIVER_KMSG_H

/** typedef vs_kmsg_fn - takes a line of the kernel log, as it was printed: any
 * bytes
 */
typedef void (*vs_kmsg_fn)(void *ctx, const char *text);

/**
 * vs_kmsg_each() - the lines of the kernel log that begin with @prefix
 * @prefix: what they begin with
 * @fn: takes them, the oldest first
 * @ctx: handed to @fn
 *
 * Who may not read the log gets none.
 */
void vs_kmsg_each(const char *prefix, vs_kmsg_fn fn, void *ctx);

/**
 * vs_kmsg_text() - what was printed, of a record of /dev/kmsg
 * @record: "6,1234,5678,-;vmsafe_net: ...", with \xNN for some bytes; changed
 *
 * Return: it, within @record; NULL: this is no record.
 */
char *vs_kmsg_text(char *record);

#endif
