/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_JOIN_H
#define VS_CORE_JOIN_H

#include "core/model.h"

/**
 * struct vs_group - the entries that speak of one vNIC
 * @nic: the Manager's, or NULL
 * @driver: the port that has the driver's, or NULL
 * @host: the port that has the host's, or NULL
 * @state: in sync, not applicable or unknown; pending stands for "differs",
 *         whether it counts or not
 * @reason: reason
 * @unknown: which source is unknown
 * @held: Manager and Filter Driver agree, but the port is not held as it is
 *        bound
 */
struct vs_group {
	const struct vs_nic *nic;
	const struct vs_port *driver;
	const struct vs_port *host;
	enum vs_state state;
	enum vs_reason reason;
	enum vs_source unknown;
	bool held;
};

/** struct vs_groups - a list of them; all zeros is an empty one */
struct vs_groups {
	struct vs_group *v;
	size_t n;
	size_t cap;
};

/**
 * struct vs_scope - whether a VM is compared at all
 * @state: what all its vNICs are; pending: they are compared
 * @reason: why
 * @unknown: which source is unknown
 */
struct vs_scope {
	enum vs_state state;
	enum vs_reason reason;
	enum vs_source unknown;
};

/** vs_join_scope() - is this VM compared? */
struct vs_scope vs_join_scope(const struct vs_engine *e,
			      const struct vs_vm *vm);

/**
 * vs_join_is_equal() - do the lists say the same of a VM that is compared?
 * @vm: the VM
 * @n: how many vNICs it has, when so
 *
 * The quick answer for nearly every VM, without memory.
 */
bool vs_join_is_equal(const struct vs_vm *vm, size_t *n);

/**
 * vs_join() - bring together what the lists say of a VM's vNICs
 * @e: the engine
 * @vm: the VM
 * @groups: replaced; sorted by device ID and MAC
 *
 * Return: 0 or -ENOMEM.
 */
int vs_join(const struct vs_engine *e, const struct vs_vm *vm,
	    struct vs_groups *groups);

/** VS_DIFFERENCES_MAX - the most that vs_join_differences() finds */
#define VS_DIFFERENCES_MAX 3

/**
 * vs_join_differences() - what is to be remembered of a group
 * @g: the group
 * @d: up to two differences between the lists, and that it is bypassed
 *
 * Return: how many.
 */
int vs_join_differences(const struct vs_group *g,
			struct vs_difference d[VS_DIFFERENCES_MAX]);

/** vs_groups_free() - release them */
void vs_groups_free(struct vs_groups *groups);

/** vs_port_label() - a port's name: the driver's, or else the host's */
const char *vs_port_label(const struct vs_port *port);

#endif
