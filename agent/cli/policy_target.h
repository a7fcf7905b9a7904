/* SPDX-License-Identifier: GPL-2.0-only */
/* An argument that is a port, or a VM and so all its ports. */
#ifndef VS_CLI_POLICY_TARGET_H
#define VS_CLI_POLICY_TARGET_H

#include "cli/cli.h"
#include "driver/attachment.h"

/** struct vs_targets - the entries that are meant; they are the list's */
struct vs_targets {
	struct vs_driver_vnic **v;
	size_t n;
};

/**
 * vs_targets_find() - find what an argument means
 * @list: all entries
 * @s: interface name, ifindex:N, id:N, or name or UUID of a VM
 * @targets: the entries; free with vs_targets_free() in any case
 *
 * Return: VS_EXIT_FINE; VS_EXIT_FAILED: it means nothing, or two things,
 * which was said.
 */
enum vs_exit vs_targets_find(struct vs_vnics *list, const char *s,
			     struct vs_targets *targets);

/** vs_targets_free() - release them; there are none then */
void vs_targets_free(struct vs_targets *targets);

#endif
