/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The thread that hears of vCenter's changes. It reads the list once and then
 * waits for changes, ten seconds at a time; each answer says that the list is
 * true until then. After a failure the list counts for nothing: it is read
 * again, after a pause that grows and is never the same.
 */
#ifndef VS_VSPHERE_WATCH_H
#define VS_VSPHERE_WATCH_H

#include "inventory/inventory.h"
#include "vsphere/uri.h"

struct vs_watch;

/** VS_WATCH_WAIT - how long vCenter is to wait for a change, seconds */
#define VS_WATCH_WAIT 10

/** VS_WATCH_PAUSE, VS_WATCH_PAUSE_MAX - until it is tried again after a
 * failure: doubled each time, give or take a quarter; milliseconds
 */
#define VS_WATCH_PAUSE 1000
#define VS_WATCH_PAUSE_MAX 30000

/**
 * vs_watch_start() - start the thread
 * @uri: where to; must outlive it
 * @deadline: how long a request may take, milliseconds
 * @to: who is told, in the thread; copied
 * @watch: the thread, on success
 * @error: why not
 *
 * It asks nothing before vs_watch_want().
 *
 * Return: 0 or a negative errno.
 */
int vs_watch_start(const struct vs_vsphere_uri *uri, unsigned int deadline,
		   const struct vs_watcher *to, struct vs_watch **watch,
		   struct vs_error *error);

/**
 * vs_watch_want() - have the whole list told
 * @w: the thread
 * @afresh: as vCenter tells it when asked now, in a new session; else as it is
 *          known to be
 */
void vs_watch_want(struct vs_watch *w, bool afresh);

/** vs_watch_stop() - end it; nobody is told of anything after. NULL is fine */
void vs_watch_stop(struct vs_watch *w);

/** vs_watch_pause() - the pause after @pause; @random: any number */
unsigned int vs_watch_pause(unsigned int *pause, uint32_t random);

#endif
