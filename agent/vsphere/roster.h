/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All VMs and hosts that vCenter has told of, and what of them changed. It
 * knows hosts by vCenter's references, so that a VM that moves is followed.
 */
#ifndef VS_VSPHERE_ROSTER_H
#define VS_VSPHERE_ROSTER_H

#include "vsphere/entity.h"

struct vs_roster;

/** VS_CHANGES - VMs that are told of one by one; of more, all are */
#define VS_CHANGES 64

/**
 * struct vs_changes - what changed since it was asked last
 * @all: too much for the following: everything may have
 * @n: how many VMs changed
 * @vm: they; which of them are there, the roster says
 */
struct vs_changes {
	bool all;
	size_t n;
	struct vs_uuid vm[VS_CHANGES];
};

/**
 * vs_roster_new() - an empty one
 * @node: name of the host that counts; empty: all of them. Must outlive it
 *
 * Return: the roster, or NULL when out of memory.
 */
struct vs_roster *vs_roster_new(const char *node);

/** vs_roster_free() - release it; NULL is fine */
void vs_roster_free(struct vs_roster *r);

/**
 * vs_roster_take() - take an element of an answer
 * @r: the roster; after a failure it is no list any more
 * @twig: <objects> of a list or <objectSet> of an update
 * @error: why not
 *
 * Return: 0; -EINVAL: it makes no sense; -ESTALE: it has to be read afresh as
 * a whole; -EREMOTEIO: vCenter does not let us see a property; -ENOKEY: the
 * session has ended; -ENOMEM.
 */
int vs_roster_take(struct vs_roster *r, const struct vs_twig *twig,
		   struct vs_error *error);

/** vs_roster_count() - how many VMs and hosts there are */
size_t vs_roster_count(const struct vs_roster *r);

/**
 * vs_roster_feed() - hand the list to a feed
 * @r: the roster
 * @feed: takes the VMs: those of the host that counts, which need no host
 *        then; or all, with the names of their hosts
 * @error: why there is no list
 *
 * Return: 0; -ENOENT: there is no such host; -EINVAL: what vCenter says of a
 * VM makes no sense, or does not say which VM it is; or what @feed returned.
 */
int vs_roster_feed(const struct vs_roster *r, const struct vs_feed *feed,
		   struct vs_error *error);

/** vs_roster_feed_vm() - likewise, only VMs of that UUID; 0 also if none is */
int vs_roster_feed_vm(const struct vs_roster *r, const struct vs_uuid *uuid,
		      const struct vs_feed *feed, struct vs_error *error);

/** vs_roster_changes() - what changed since the last call of this */
void vs_roster_changes(struct vs_roster *r, struct vs_changes *changes);

/** vs_roster_compare() - those that moved since @old count as moved */
void vs_roster_compare(struct vs_roster *r, const struct vs_roster *old);

/**
 * vs_roster_arrived() - which VMs have come from another host?
 * @r: the roster
 * @fn: called with each that runs, once; of those on the host that counts
 * @ctx: handed to @fn
 */
void vs_roster_arrived(struct vs_roster *r,
		       void (*fn)(void *ctx, const struct vs_uuid *uuid),
		       void *ctx);

#endif
