/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_HOST_CMDLINE_H
#define VS_HOST_CMDLINE_H

#include <stddef.h>

/** struct vs_cmdline - a process's arguments */
struct vs_cmdline {
	char *text;
	const char **argv;
	size_t argc;
};

/**
 * vs_cmdline_split() - split what /proc/PID/cmdline holds
 * @c: the arguments, copied; free with vs_cmdline_free()
 * @text: arguments, each ended by a NUL; the last one's may be missing
 * @len: their length
 *
 * Return: 0 or -ENOMEM.
 */
int vs_cmdline_split(struct vs_cmdline *c, const char *text, size_t len);

/** vs_cmdline_free() - release them */
void vs_cmdline_free(struct vs_cmdline *c);

#endif
