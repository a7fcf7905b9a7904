/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The thread beside the loop: it asks inventory and hypervisor, whose calls
 * may block for ever, and hears of libvirt's domain events.
 *
 * The loop never waits for it. It asks for something, and what comes of it is
 * a tiding in a queue, whose descriptor the loop polls. A keeper that is busy
 * for too long is given up: its thread, once it is back, ends by itself, and
 * the caller makes a new keeper. How many such threads there are is counted,
 * so that there need not be more and more of them.
 *
 * Only one keeper may be in use at a time: libvirt's event loop, which its
 * thread runs when it has nothing to do, is the process's.
 */
#ifndef VS_DAEMON_KEEPER_H
#define VS_DAEMON_KEEPER_H

#include "inventory/domain.h"
#include "inventory/listing.h"

struct vs_keeper;

/** enum vs_asked - whom the thread asks */
enum vs_asked {
	VS_ASKED_INVENTORY,	/* the Manager's inventory, not libvirt's */
	VS_ASKED_LIBVIRT,	/* libvirt, for the Manager's list */
	VS_ASKED_HYPERVISOR,	/* libvirt, for the hypervisor's word alone */
	VS_ASKED_COUNT
};

/** enum vs_tiding_kind - what the thread has to tell */
enum vs_tiding_kind {
	VS_TIDING_BUSY,		/* a call that may block begins */
	VS_TIDING_IDLE,		/* it is over */
	VS_TIDING_LIST,		/* every VM */
	VS_TIDING_VM,		/* one VM, read afresh */
	VS_TIDING_GONE,		/* there is no such VM any longer */
	VS_TIDING_ARRIVED,	/* a VM has come from another host */
	VS_TIDING_FAILED,	/* nothing can be read */
};

/**
 * struct vs_tiding - what it tells
 * @next: the next one
 * @kind: kind
 * @manager: it is the Manager's list that it tells of, or that is asked for
 * @hypervisor: it is what the hypervisor says (it may be both)
 * @vm: which VM (GONE, ARRIVED)
 * @domains: VMs, of libvirt's
 * @listing: VMs, of any other inventory
 * @began: when reading began, of vs_clock_steady() (LIST, FAILED)
 * @took: how long it took, milliseconds (LIST)
 * @age: how long ago it was certain, milliseconds (LIST)
 * @error: why (FAILED)
 */
struct vs_tiding {
	struct vs_tiding *next;
	enum vs_tiding_kind kind;
	bool manager;
	bool hypervisor;
	struct vs_uuid vm;
	struct vs_domain *domains;
	struct vs_listing listing;
	int64_t began;
	int64_t took;
	int64_t age;
	struct vs_error error;
};

/**
 * vs_keeper_new() - start the thread
 * @inventory: the Manager's URI, which has been checked
 * @hypervisor: libvirt's URI of this host's hypervisor; NULL: not asked
 * @timeout: how long the inventory may take to answer, milliseconds; of one
 *           that tells of changes, for others the caller has to look
 * @keeper: the keeper, on success
 *
 * It asks nothing yet.
 *
 * Return: 0 or a negative errno.
 */
int vs_keeper_new(const char *inventory, const char *hypervisor,
		  unsigned int timeout, struct vs_keeper **keeper);

/** vs_keeper_fd() - readable when there are tidings */
int vs_keeper_fd(const struct vs_keeper *k);

/** vs_keeper_take() - the next tiding, for vs_tiding_free(), or NULL */
struct vs_tiding *vs_keeper_take(struct vs_keeper *k);

/** vs_tiding_free() - release one; NULL is fine */
void vs_tiding_free(struct vs_tiding *t);

/**
 * vs_keeper_want_list() - have the Manager's whole list told
 * @k: the keeper
 * @afresh: read it, even if the inventory tells of changes by itself
 */
void vs_keeper_want_list(struct vs_keeper *k, bool afresh);

/** vs_keeper_want_hypervisor() - have the hypervisor describe every VM */
void vs_keeper_want_hypervisor(struct vs_keeper *k);

/**
 * vs_keeper_give_up() - is it still busy? then leave it behind
 * @k: the keeper; not to be used any more if it was given up
 * @asked: whom it was asking, if it was given up; NULL is fine
 *
 * Return: true when it was given up.
 */
bool vs_keeper_give_up(struct vs_keeper *k, enum vs_asked *asked);

/**
 * vs_keeper_lost() - how many threads were given up and are not back yet
 * @asked: of those that were asking this one
 */
unsigned int vs_keeper_lost(enum vs_asked asked);

/** vs_keeper_stop() - end it; who is busy is given up. NULL is fine */
void vs_keeper_stop(struct vs_keeper *k);

#endif
