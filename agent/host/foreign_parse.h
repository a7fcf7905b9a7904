/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of rtnetlink that tell of foreign programs; pure. */
#ifndef VS_HOST_FOREIGN_PARSE_H
#define VS_HOST_FOREIGN_PARSE_H

#include "host/foreign.h"

struct nlmsghdr;

/**
 * struct vs_tc_link - a link that tc filters may stand on
 * @ifindex: the link
 * @clsact: it has an egress place too, not just an ingress one
 */
struct vs_tc_link {
	uint32_t ifindex;
	bool clsact;
};

/**
 * vs_foreign_read_qdisc() - has a link a place for filters?
 * @nlh: RTM_NEWQDISC
 * @link: filled in
 *
 * Return: 1: it has; 0: this is another qdisc; -EBADMSG.
 */
int vs_foreign_read_qdisc(const struct nlmsghdr *nlh, struct vs_tc_link *link);

/**
 * vs_foreign_read_link() - the XDP programs of a link
 * @nlh: RTM_NEWLINK
 * @ifindex: the link
 * @ids: numbers of its programs
 * @n: how many
 *
 * Return: 0 or -EBADMSG.
 */
int vs_foreign_read_link(const struct nlmsghdr *nlh, uint32_t *ifindex,
			 uint32_t ids[3], size_t *n);

/**
 * struct vs_tc_finding - what a tc filter may do
 * @counts: it may lead packets past, or is not known here
 * @foreign: what it is; its port and place are left to the caller
 * @target: the link that it sends to by egress; 0: none. This needs no
 *          @counts
 */
struct vs_tc_finding {
	bool counts;
	struct vs_foreign foreign;
	uint32_t target;
};

/**
 * vs_foreign_read_filter() - what does a tc filter do?
 * @nlh: RTM_NEWTFILTER
 * @egress: it stands at egress: there, rewriting counts as well
 * @finding: filled in
 *
 * Return: 0 or -EBADMSG.
 */
int vs_foreign_read_filter(const struct nlmsghdr *nlh, bool egress,
			   struct vs_tc_finding *finding);

#endif
