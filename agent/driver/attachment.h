/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies at vNICs: which eBPF programs the driver runs, and for whom. */
#ifndef VS_DRIVER_ATTACHMENT_H
#define VS_DRIVER_ATTACHMENT_H

#include "driver/client.h"

/**
 * vs_driver_vnic_policy() - what judges one direction of a vNIC
 * @v: the entry
 * @direction: enum vmsafe_net_direction
 *
 * Return: the policy; its prog_id is 0 where there is none.
 */
const struct vs_driver_policy *
vs_driver_vnic_policy(const struct vs_driver_vnic *v, uint32_t direction);

/** vs_policies_check() - is all that is said of an entry's policies usable? */
int vs_policies_check(const struct vs_driver_vnic *v, struct vs_error *error);

/**
 * vs_client_policies() - dump all entries, their policies checked
 * @c: the client
 * @vnics: replaced; free with vs_vnics_free(), also after a failure
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_client_policies(struct vs_client *c, struct vs_vnics *vnics,
		       struct vs_error *error);

/**
 * vs_client_set_policy() - policy-set
 * @c: the client
 * @id: creation ID of the entry
 * @direction: enum vmsafe_net_direction
 * @prog_fd: descriptor of the program that is to judge it; -1: none is
 * @after: the entry as it is then; may be NULL
 * @error: why it failed
 *
 * Return: 0; -ENOENT: no such entry, or nothing to detach; -ENOTCONN: it is
 * not bound; -EINVAL: the program is of another type; another negative errno.
 */
int vs_client_set_policy(struct vs_client *c, uint64_t id, uint32_t direction,
			 int prog_fd, struct vs_driver_vnic *after,
			 struct vs_error *error);

/**
 * struct vs_probe - what became of a probe in one direction
 * @there: the driver says something of it
 * @result: bits of enum vmsafe_net_probe_result
 * @mode: enum vmsafe_net_mode that it met
 * @dropped: it would have been dropped
 * @reason: enum vmsafe_net_drop_reason, why
 * @prog_id: the program that ran on it, or 0
 */
struct vs_probe {
	bool there;
	uint32_t result;
	uint32_t mode;
	bool dropped;
	uint32_t reason;
	uint32_t prog_id;
};

/**
 * struct vs_probes - the answer to a probe
 * @id: creation ID of the entry
 * @generation: of the table at that time
 * @to: the probes, by direction
 */
struct vs_probes {
	uint64_t id;
	uint64_t generation;
	struct vs_probe to[VS_DIRECTIONS];
};

/** vs_probes_read() - read an answer to vnic-probe; 0 or -EBADMSG */
int vs_probes_read(struct vs_probes *p, const struct nlmsghdr *nlh);

/** vs_client_probe() - vnic-probe of the entry @id; 0 or a negative errno */
int vs_client_probe(struct vs_client *c, uint64_t id, struct vs_probes *probes,
		    struct vs_error *error);

#endif
