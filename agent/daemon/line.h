/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the keeper: itself, and its lines to libvirt. */
#ifndef VS_DAEMON_LINE_H
#define VS_DAEMON_LINE_H

#include <pthread.h>

#include "daemon/keeper.h"
#include "inventory/domains.h"
#include "inventory/inventory.h"

/** VS_LINE_WANTED - VMs to be read one by one; of more, all are read */
#define VS_LINE_WANTED 64

/** VS_LINE_EVENTS - kinds of domain events that are listened to */
#define VS_LINE_EVENTS 4

/**
 * struct vs_line - a connection to libvirt
 * @k: its keeper
 * @uri: libvirt's URI
 * @manager: what it says is the Manager's list
 * @hypervisor: what it says is the hypervisor's word
 * @conn: the connection; NULL: none
 * @calls: numbers of the callbacks
 * @closed: libvirt has closed it
 * @want_all: all VMs are to be read
 * @wanted: else, these are
 * @n_wanted: how many
 *
 * @closed, @want_all and what follows are guarded by the keeper's lock.
 */
struct vs_line {
	struct vs_keeper *k;
	char *uri;
	bool manager;
	bool hypervisor;
	virConnectPtr conn;
	int calls[VS_LINE_EVENTS];
	bool closed;
	bool want_all;
	struct vs_uuid wanted[VS_LINE_WANTED];
	size_t n_wanted;
};

/**
 * struct vs_keeper - see keeper.h
 * @lock: guards all but @thread, @inventory, and what is said of lines
 * @users: who holds it: the caller, the thread, and libvirt's callbacks
 * @wake: an eventfd that wakes the thread
 * @told: an eventfd that tells the loop of tidings
 * @busy: a call that may block is running
 * @asked: whom it asks, or asked last
 * @over: the thread is to end
 * @given_up: nobody waits for it
 * @want: the Manager's list is wanted of @inventory
 * @first: tidings, in their order
 * @last: the last of them
 * @inventory: the Manager's, unless it is libvirt's
 * @watched: it tells of changes by itself
 * @lines: to libvirt
 */
struct vs_keeper {
	pthread_mutex_t lock;
	pthread_t thread;
	unsigned int users;
	int wake;
	int told;
	bool busy;
	enum vs_asked asked;
	bool over;
	bool given_up;
	bool want;
	struct vs_tiding *first, *last;
	struct vs_inventory *inventory;
	bool watched;
	struct vs_line lines[2];
	size_t n_lines;
};

/* keeper.c */
void vs_keeper_get(struct vs_keeper *k);
void vs_keeper_put(struct vs_keeper *k);
void vs_keeper_wake(struct vs_keeper *k);
/* around a call that may block */
void vs_keeper_busy(struct vs_keeper *k, bool manager, bool hypervisor);
void vs_keeper_idle(struct vs_keeper *k);
void vs_keeper_tell(struct vs_keeper *k, struct vs_tiding *t);
struct vs_tiding *vs_tiding_new(enum vs_tiding_kind kind);

/* watched.c */

/* have the inventory tell of changes, if it can */
int vs_watched_start(struct vs_keeper *k);
void vs_watched_stop(struct vs_keeper *k);

/* line.c */
int vs_line_init(struct vs_line *l, struct vs_keeper *k, const char *uri,
		 bool manager, bool hypervisor);
void vs_line_free(struct vs_line *l);
/* do what is wanted; may block */
void vs_line_work(struct vs_line *l);
/* end the connection; may block */
void vs_line_close(struct vs_line *l);

#endif
