// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "host/clock.h"
#include "vsphere/vcenter.h"
#include "vsphere/watch.h"

/**
 * struct vs_watch - see watch.h
 * @lock: guards @over, @want and @afresh; all else is the thread's
 * @woken: signalled when one of them is set
 * @thread: the thread
 * @over: it is to end
 * @want: the list is to be told
 * @afresh: and read
 * @to: who is told
 * @v: the session
 * @roster: what is known; NULL: nothing was read yet
 * @live: it is true, and changes are told of
 * @told: the last that was told was good
 * @began: when reading the list began
 * @took: how long that took, milliseconds
 * @sure: when vCenter last said that it is true
 * @pause: the last pause, milliseconds; 0: none
 */
struct vs_watch {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	pthread_t thread;
	bool over;
	bool want;
	bool afresh;
	struct vs_watcher to;
	struct vs_vcenter v;
	struct vs_roster *roster;
	bool live;
	bool told;
	vs_time began;
	vs_time took;
	vs_time sure;
	unsigned int pause;
};

static bool vs_watch_is_over(struct vs_watch *w)
{
	bool over;

	pthread_mutex_lock(&w->lock);
	over = w->over;
	pthread_mutex_unlock(&w->lock);
	return over;
}

unsigned int vs_watch_pause(unsigned int *pause, uint32_t random)
{
	*pause = *pause ? *pause * 2 : VS_WATCH_PAUSE;
	if (*pause > VS_WATCH_PAUSE_MAX)
		*pause = VS_WATCH_PAUSE_MAX;
	return *pause - *pause / 4 + random % (*pause / 2 + 1);
}

static void vs_watch_fail(struct vs_watch *w, vs_time began,
			  const struct vs_error *error)
{
	w->told = false;
	w->to.failed(w->to.ctx, began, error);
}

static void vs_watch_arrived(void *ctx, const struct vs_uuid *uuid)
{
	struct vs_watch *w = ctx;

	w->to.arrived(w->to.ctx, uuid);
}

/* false: what is known makes no list, which was told */
static bool vs_watch_tell_all(struct vs_watch *w)
{
	struct vs_listing listing = { 0 };
	struct vs_feed feed = vs_listing_feed(&listing);
	struct vs_error error = { 0 };
	int ret = vs_roster_feed(w->roster, &feed, &error);

	if (ret == -ENOMEM && !error.op)
		vs_error_set(&error, VS_OP_LIST_VMS, VS_WHY_NO_MEMORY, ret,
			     NULL);
	if (ret) {
		vs_listing_free(&listing);
		vs_watch_fail(w, w->began, &error);
		return false;
	}
	w->told = true;
	w->to.list(w->to.ctx, &listing, w->began, w->took,
		   vs_clock_steady() - w->sure);
	vs_listing_free(&listing);
	return true;
}

/* a VM as it is now, or that there is none */
static bool vs_watch_tell_vm(struct vs_watch *w, const struct vs_uuid *uuid)
{
	struct vs_listing listing = { 0 };
	struct vs_feed feed = vs_listing_feed(&listing);
	struct vs_error error = { 0 };
	int ret = vs_roster_feed_vm(w->roster, uuid, &feed, &error);

	if (!ret)
		w->to.vm(w->to.ctx, uuid, &listing);
	vs_listing_free(&listing);
	return !ret;
}

/* what changed; where that is not clear, all */
static void vs_watch_tell(struct vs_watch *w)
{
	struct vs_changes changes;
	bool all;

	vs_roster_changes(w->roster, &changes);
	if (!changes.all && !changes.n)
		return;
	all = changes.all || !w->told;
	for (size_t i = 0; i < changes.n && !all; i++)
		all = !vs_watch_tell_vm(w, &changes.vm[i]);
	if (!all || vs_watch_tell_all(w))
		vs_roster_arrived(w->roster, vs_watch_arrived, w);
}

/* wait until something is wanted, or @ms have passed; 0: for ever */
static void vs_watch_rest(struct vs_watch *w, unsigned int ms)
{
	const struct timespec until = vs_clock_after(ms);
	int ret = 0;

	pthread_mutex_lock(&w->lock);
	while (!ret && !w->over && !w->afresh && (ms || !w->want)) {
		if (ms)
			ret = pthread_cond_timedwait(&w->woken, &w->lock,
						     &until);
		else
			pthread_cond_wait(&w->woken, &w->lock);
	}
	pthread_mutex_unlock(&w->lock);
}

static void vs_watch_failed(struct vs_watch *w, vs_time began,
			    const struct vs_error *error)
{
	uint32_t random = 0;

	w->live = false;
	if (vs_watch_is_over(w))
		return;
	vs_watch_fail(w, began, error);
	(void)!getrandom(&random, sizeof(random), GRND_NONBLOCK);
	vs_watch_rest(w, vs_watch_pause(&w->pause, random));
}

/* the list, and be told of changes from then on */
static void vs_watch_read(struct vs_watch *w)
{
	struct vs_roster *roster;
	struct vs_changes changes;
	struct vs_error error = { 0 };
	vs_time began;

	pthread_mutex_lock(&w->lock);
	w->want = false;
	w->afresh = false;
	/* what is wanted from now on is not what is read now */
	began = vs_clock_steady();
	pthread_mutex_unlock(&w->lock);
	vs_vcenter_logout(&w->v);
	if (vs_vcenter_watch(&w->v, &roster, &error)) {
		vs_watch_failed(w, began, &error);
		return;
	}
	w->sure = vs_clock_steady();
	w->began = began;
	w->took = w->sure - began;
	if (w->roster)
		vs_roster_compare(roster, w->roster);
	vs_roster_free(w->roster);
	w->roster = roster;
	w->live = true;
	vs_roster_changes(roster, &changes);
	if (!vs_watch_tell_all(w))
		return;
	w->pause = 0;
	vs_roster_arrived(roster, vs_watch_arrived, w);
}

/*
 * Called while vCenter waits for a change. What is wanted as it is known is
 * told meanwhile; for what is wanted afresh, or when it is over, the wait ends.
 */
static bool vs_watch_meanwhile(void *ctx)
{
	struct vs_watch *w = ctx;
	bool want, stop;

	pthread_mutex_lock(&w->lock);
	stop = w->over || w->afresh;
	want = w->want && !stop;
	if (want)
		w->want = false;
	pthread_mutex_unlock(&w->lock);
	if (want)
		vs_watch_tell_all(w);
	return stop;
}

/* -ESTALE: it has to be read again; -EAGAIN: that is what is wanted */
static void vs_watch_wait(struct vs_watch *w)
{
	vs_time began = vs_clock_steady();
	struct vs_error error = { 0 };
	int ret = vs_watch_meanwhile(w) ? -EAGAIN :
		  vs_vcenter_wait(&w->v, w->roster, VS_WATCH_WAIT, &error);

	if (!ret) {
		w->sure = vs_clock_steady();
		vs_watch_tell(w);
		return;
	}
	w->live = false;
	if (ret != -ESTALE && ret != -ENOKEY && ret != -EAGAIN)
		vs_watch_failed(w, began, &error);
}

static void *vs_watch_run(void *arg)
{
	struct vs_watch *w = arg;

	vs_watch_rest(w, 0);
	while (!vs_watch_is_over(w)) {
		if (w->live)
			vs_watch_wait(w);
		else
			vs_watch_read(w);
	}
	vs_soap_resume(w->v.soap);
	vs_vcenter_logout(&w->v);
	return NULL;
}

static void vs_watch_free(struct vs_watch *w)
{
	vs_roster_free(w->roster);
	vs_vcenter_free(&w->v);
	pthread_cond_destroy(&w->woken);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static int vs_watch_thread(struct vs_watch *w)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&w->thread, NULL, vs_watch_run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -ret;
}

int vs_watch_start(const struct vs_vsphere_uri *uri, unsigned int deadline,
		   const struct vs_watcher *to, struct vs_watch **watch,
		   struct vs_error *error)
{
	struct vs_watch *w = calloc(1, sizeof(*w));
	pthread_condattr_t attr;
	int ret;

	if (!w)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	w->to = *to;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->woken, &attr);
	pthread_condattr_destroy(&attr);
	ret = vs_vcenter_init(&w->v, uri, error);
	if (!ret) {
		w->v.deadline = deadline;
		vs_soap_meanwhile(w->v.soap, vs_watch_meanwhile, w);
		ret = vs_watch_thread(w);
		if (ret)
			vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				     ret, NULL);
	}
	if (ret)
		vs_watch_free(w);
	else
		*watch = w;
	return ret;
}

static void vs_watch_wake(struct vs_watch *w)
{
	pthread_cond_signal(&w->woken);
	pthread_mutex_unlock(&w->lock);
	vs_soap_nudge(w->v.soap);
}

void vs_watch_want(struct vs_watch *w, bool afresh)
{
	pthread_mutex_lock(&w->lock);
	w->want = true;
	w->afresh |= afresh;
	vs_watch_wake(w);
}

void vs_watch_stop(struct vs_watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->over = true;
	vs_soap_interrupt(w->v.soap);
	vs_watch_wake(w);
	pthread_join(w->thread, NULL);
	vs_watch_free(w);
}
