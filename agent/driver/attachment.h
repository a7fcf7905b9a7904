/* SPDX-License-Identifier: GPL-2.0-only */
/* Policies at vNICs: which eBPF programs the driver runs, and for whom. */
#ifndef VS_DRIVER_ATTACHMENT_H
#define VS_DRIVER_ATTACHMENT_H

#include "driver/client.h"

/** VS_DIRECTIONS - values of enum vmsafe_net_direction */
#define VS_DIRECTIONS 2

/** vs_direction_word() - "from-guest", "to-guest", or "unknown" */
const char *vs_direction_word(uint32_t direction);

/**
 * struct vs_attachment - what judges one direction of a vNIC
 * @prog_id: the eBPF program's ID; 0: nothing is attached
 * @tag: its tag
 * @runs: packets that it judged since it was attached
 * @drops: packets that it dropped
 * @errors: verdicts that are none, and packets it could not be run on
 * @attached: nanoseconds of CLOCK_BOOTTIME
 */
struct vs_attachment {
	uint32_t prog_id;
	uint8_t tag[8];
	uint64_t runs;
	uint64_t drops;
	uint64_t errors;
	uint64_t attached;
};

/** struct vs_policed - an entry with what is attached to it, by direction */
struct vs_policed {
	struct vs_driver_vnic vnic;
	struct vs_attachment at[VS_DIRECTIONS];
};

/** struct vs_policed_list - all entries in the order of their creation IDs */
struct vs_policed_list {
	struct vs_policed *v;
	size_t n, cap;
};

/** vs_policed_read() - read an answer of the family; 0 or -EBADMSG */
int vs_policed_read(struct vs_policed *p, const struct nlmsghdr *nlh);

/**
 * vs_client_policed() - dump all entries
 * @c: the client
 * @list: replaced; free with vs_policed_free(), also after a failure
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_client_policed(struct vs_client *c, struct vs_policed_list *list,
		      struct vs_error *error);

/** vs_policed_free() - release the list; it is empty then */
void vs_policed_free(struct vs_policed_list *list);

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
			 int prog_fd, struct vs_policed *after,
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
