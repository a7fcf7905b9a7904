// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keeper and its thread. What the two share is guarded by vs_keeper.lock;
 * the lines (line.c) are the thread's alone, but for what they want.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "daemon/line.h"
#include "host/clock.h"
#include "inventory/call.h"

/* milliseconds to wait for a thread that is not busy and is to end */
#define VS_KEEPER_PATIENCE 2000

static atomic_uint vs_keepers_lost[VS_ASKED_COUNT];

void vs_tiding_free(struct vs_tiding *t)
{
	if (!t)
		return;
	vs_domains_free(t->domains);
	vs_listing_free(&t->listing);
	free(t);
}

static void vs_keeper_free(struct vs_keeper *k)
{
	while (k->first) {
		struct vs_tiding *t = k->first;

		k->first = t->next;
		vs_tiding_free(t);
	}
	vs_inventory_close(k->inventory);
	for (size_t i = 0; i < k->n_lines; i++)
		vs_line_free(&k->lines[i]);
	if (k->wake >= 0)
		close(k->wake);
	if (k->told >= 0)
		close(k->told);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

void vs_keeper_get(struct vs_keeper *k)
{
	pthread_mutex_lock(&k->lock);
	k->users++;
	pthread_mutex_unlock(&k->lock);
}

void vs_keeper_put(struct vs_keeper *k)
{
	bool last;

	pthread_mutex_lock(&k->lock);
	last = !--k->users;
	pthread_mutex_unlock(&k->lock);
	if (last)
		vs_keeper_free(k);
}

void vs_keeper_wake(struct vs_keeper *k)
{
	uint64_t one = 1;

	(void)!write(k->wake, &one, sizeof(one));
}

struct vs_tiding *vs_tiding_new(enum vs_tiding_kind kind)
{
	struct vs_tiding *t = calloc(1, sizeof(*t));

	if (t)
		t->kind = kind;
	return t;
}

/* NULL: out of memory, and then the loop's own deadline has to find out */
void vs_keeper_tell(struct vs_keeper *k, struct vs_tiding *t)
{
	uint64_t one = 1;

	if (!t)
		return;
	pthread_mutex_lock(&k->lock);
	if (k->last)
		k->last->next = t;
	else
		k->first = t;
	k->last = t;
	pthread_mutex_unlock(&k->lock);
	(void)!write(k->told, &one, sizeof(one));
}

void vs_keeper_busy(struct vs_keeper *k, bool manager, bool hypervisor)
{
	struct vs_tiding *t = vs_tiding_new(VS_TIDING_BUSY);

	pthread_mutex_lock(&k->lock);
	k->busy = true;
	k->asked = !manager ? VS_ASKED_HYPERVISOR :
		   k->inventory ? VS_ASKED_INVENTORY : VS_ASKED_LIBVIRT;
	pthread_mutex_unlock(&k->lock);
	if (t) {
		t->manager = manager;
		t->hypervisor = hypervisor;
	}
	vs_keeper_tell(k, t);
}

void vs_keeper_idle(struct vs_keeper *k)
{
	pthread_mutex_lock(&k->lock);
	k->busy = false;
	pthread_mutex_unlock(&k->lock);
	vs_keeper_tell(k, vs_tiding_new(VS_TIDING_IDLE));
}

static bool vs_keeper_goes_on(struct vs_keeper *k)
{
	bool on;

	pthread_mutex_lock(&k->lock);
	on = !k->over;
	pthread_mutex_unlock(&k->lock);
	return on;
}

/* an inventory that is not libvirt's, or cannot tell changes */
static void vs_keeper_load(struct vs_keeper *k)
{
	struct vs_tiding *t = vs_tiding_new(VS_TIDING_LIST);
	struct vs_feed feed;
	int64_t start;
	bool want;

	pthread_mutex_lock(&k->lock);
	want = k->want;
	k->want = false;
	/* what is wanted from now on is not what is read now */
	start = vs_clock_steady();
	pthread_mutex_unlock(&k->lock);
	if (!want || !t) {
		vs_tiding_free(t);
		return;
	}
	vs_keeper_busy(k, true, false);
	feed = vs_listing_feed(&t->listing);
	if (vs_inventory_load(k->inventory, &feed, &t->error))
		t->kind = VS_TIDING_FAILED;
	t->manager = true;
	t->began = start;
	t->took = vs_clock_steady() - start;
	vs_keeper_tell(k, t);
	vs_keeper_idle(k);
}

static void vs_keeper_woken(int watch, int fd, int events, void *ctx)
{
	uint64_t n;

	(void)watch;
	(void)events;
	(void)ctx;
	(void)!read(fd, &n, sizeof(n));
}

static void *vs_keeper_run(void *arg)
{
	struct vs_keeper *k = arg;
	int watch = virEventAddHandle(k->wake, VIR_EVENT_HANDLE_READABLE,
				      vs_keeper_woken, NULL, NULL);
	enum vs_asked asked;
	bool given_up;

	while (watch >= 0 && vs_keeper_goes_on(k)) {
		if (k->inventory)
			vs_keeper_load(k);
		for (size_t i = 0; i < k->n_lines && vs_keeper_goes_on(k); i++)
			vs_line_work(&k->lines[i]);
		if (!vs_keeper_goes_on(k))
			break;
		if (virEventRunDefaultImpl() < 0)
			break;
	}
	for (size_t i = 0; i < k->n_lines; i++)
		vs_line_close(&k->lines[i]);
	if (watch >= 0)
		virEventRemoveHandle(watch);
	pthread_mutex_lock(&k->lock);
	given_up = k->given_up;
	asked = k->asked;
	pthread_mutex_unlock(&k->lock);
	if (given_up)
		atomic_fetch_sub(&vs_keepers_lost[asked], 1);
	vs_keeper_put(k);
	return NULL;
}

static int vs_keeper_start(struct vs_keeper *k)
{
	sigset_t all, before;
	int ret;

	/* signals are the loop's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	k->users++;
	ret = pthread_create(&k->thread, NULL, vs_keeper_run, k);
	if (ret)
		k->users--;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -ret;
}

/* which lines there are to libvirt; one serves both when it is the same */
static int vs_keeper_lines(struct vs_keeper *k, const char *inventory,
			   const char *hypervisor)
{
	const char *uri = inventory;
	struct vs_error error;
	int ret = 0;

	if (strncmp(uri, "libvirt:", 8) == 0) {
		bool both = hypervisor && strcmp(uri + 8, hypervisor) == 0;

		ret = vs_line_init(&k->lines[k->n_lines++], k, uri + 8, true,
				   both);
		if (both)
			hypervisor = NULL;
	} else {
		ret = vs_inventory_open(uri, &k->inventory, &error);
	}
	if (!ret && hypervisor)
		ret = vs_line_init(&k->lines[k->n_lines++], k, hypervisor,
				   false, true);
	return ret;
}

int vs_keeper_new(const char *inventory, const char *hypervisor,
		  unsigned int timeout, struct vs_keeper **keeper)
{
	struct vs_keeper *k = calloc(1, sizeof(*k));
	int ret;

	if (!k)
		return -ENOMEM;
	pthread_mutex_init(&k->lock, NULL);
	k->users = 1;
	k->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	k->told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = k->wake < 0 || k->told < 0 ? -errno : 0;
	vs_libvirt_quiet();
	if (!ret && virEventRegisterDefaultImpl() < 0)
		ret = -ENOMEM;
	if (!ret)
		ret = vs_keeper_lines(k, inventory, hypervisor);
	if (!ret && k->inventory)
		k->inventory->deadline = timeout;
	if (!ret)
		ret = vs_watched_start(k);
	if (!ret)
		ret = vs_keeper_start(k);
	if (ret)
		vs_keeper_free(k);
	else
		*keeper = k;
	return ret;
}

int vs_keeper_fd(const struct vs_keeper *k)
{
	return k->told;
}

struct vs_tiding *vs_keeper_take(struct vs_keeper *k)
{
	struct vs_tiding *t;
	uint64_t n;

	pthread_mutex_lock(&k->lock);
	t = k->first;
	if (t)
		k->first = t->next;
	if (!k->first) {
		k->last = NULL;
		(void)!read(k->told, &n, sizeof(n));
	}
	pthread_mutex_unlock(&k->lock);
	return t;
}

void vs_keeper_want_list(struct vs_keeper *k, bool afresh)
{
	if (k->watched)
		k->inventory->ops->want(k->inventory, afresh);
	pthread_mutex_lock(&k->lock);
	k->want = k->inventory && !k->watched;
	for (size_t i = 0; i < k->n_lines; i++)
		k->lines[i].want_all |= k->lines[i].manager;
	pthread_mutex_unlock(&k->lock);
	vs_keeper_wake(k);
}

void vs_keeper_want_hypervisor(struct vs_keeper *k)
{
	pthread_mutex_lock(&k->lock);
	for (size_t i = 0; i < k->n_lines; i++)
		k->lines[i].want_all |= k->lines[i].hypervisor;
	pthread_mutex_unlock(&k->lock);
	vs_keeper_wake(k);
}

unsigned int vs_keeper_lost(enum vs_asked asked)
{
	return atomic_load(&vs_keepers_lost[asked]);
}

bool vs_keeper_give_up(struct vs_keeper *k, enum vs_asked *asked)
{
	bool busy;

	pthread_mutex_lock(&k->lock);
	busy = k->busy;
	if (busy) {
		k->over = true;
		k->given_up = true;
		atomic_fetch_add(&vs_keepers_lost[k->asked], 1);
		if (asked)
			*asked = k->asked;
	}
	pthread_mutex_unlock(&k->lock);
	if (!busy)
		return false;
	vs_watched_stop(k);
	vs_call_leave(k->thread);
	vs_keeper_put(k);
	return true;
}

void vs_keeper_stop(struct vs_keeper *k)
{
	if (!k || vs_keeper_give_up(k, NULL))
		return;
	vs_watched_stop(k);
	pthread_mutex_lock(&k->lock);
	k->over = true;
	pthread_mutex_unlock(&k->lock);
	vs_keeper_wake(k);
	/* hanging up may take for ever as well */
	if (!vs_call_join(k->thread, VS_KEEPER_PATIENCE))
		vs_call_leave(k->thread);
	vs_keeper_put(k);
}
