/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_POLICY_OBJECT_H
#define VS_POLICY_OBJECT_H

#include "policy/store.h"

/**
 * struct vs_object - what is to be loaded
 * @file: an eBPF object file
 * @section: section of the program; NULL: the only one that there is, or
 *           those of VS_POLICY_FROM_GUEST and VS_POLICY_TO_GUEST
 * @name: name of the policy
 */
struct vs_object {
	const char *file;
	const char *section;
	const char *name;
};

/**
 * vs_object_name() - the policy's name, from its file's
 * @file: the file
 * @name: "web" for ".../web.o"
 *
 * Return: 0; -EINVAL: that would be no name of a policy.
 */
int vs_object_name(const char *file, char name[VS_POLICY_NAME]);

/**
 * vs_object_load() - load a policy, and pin it
 * @o: which
 * @why: why it cannot be loaded
 * @log: what the kernel's verifier said when it refused it, else empty
 *
 * The policy is there whole or not at all. The lock is taken meanwhile.
 *
 * Return: 0 or a negative errno.
 */
int vs_object_load(const struct vs_object *o, struct vs_buf *why,
		   struct vs_buf *log);

#endif
