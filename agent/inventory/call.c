// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "host/clock.h"
#include "inventory/call.h"

static atomic_bool vs_calls_left;

/**
 * struct vs_call_state - who uses a call
 * @thread: does it; joined by a caller that saw the end, else left behind
 * @lock: guards @done and @users; what else there is is the thread's until
 *        @done, and then the caller's
 * @over: signalled when @done
 * @seen: the caller's: it has waited until then
 */
struct vs_call_state {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done;
	int users;
	int ret;
	bool seen;
};

static struct vs_call_state *vs_call_state_new(void)
{
	struct vs_call_state *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;

	if (!s)
		return NULL;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->over, &attr);
	pthread_condattr_destroy(&attr);
	/* the caller and the thread */
	s->users = 2;
	return s;
}

void vs_call_put(struct vs_call *call)
{
	struct vs_call_state *s = call->state;
	bool last = true;

	if (s) {
		pthread_mutex_lock(&s->lock);
		last = !--s->users;
		pthread_mutex_unlock(&s->lock);
	}
	if (!last)
		return;
	if (s) {
		pthread_cond_destroy(&s->over);
		pthread_mutex_destroy(&s->lock);
		free(s);
	}
	call->free(call);
}

static void *vs_call_thread(void *arg)
{
	struct vs_call *call = arg;
	struct vs_call_state *s = call->state;
	int ret = call->fn(call);

	pthread_mutex_lock(&s->lock);
	s->ret = ret;
	s->done = true;
	pthread_cond_signal(&s->over);
	pthread_mutex_unlock(&s->lock);
	vs_call_put(call);
	return NULL;
}

static int vs_call_start(struct vs_call *call)
{
	int ret;

	call->state = vs_call_state_new();
	if (!call->state)
		return -ENOMEM;
	ret = pthread_create(&call->state->thread, NULL, vs_call_thread, call);
	if (ret)
		call->state->users = 1;
	return -ret;
}

/* is it done, or done within @ms? */
static bool vs_call_poll(struct vs_call_state *s, unsigned int ms)
{
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&s->lock);
	while (!s->done &&
	       pthread_cond_timedwait(&s->over, &s->lock, &until) == 0)
		;
	done = s->done;
	pthread_mutex_unlock(&s->lock);
	return done;
}

bool vs_call_is_done(const struct vs_call *call)
{
	return call->state && call->state->seen;
}

void vs_call_leave(pthread_t thread)
{
	atomic_store(&vs_calls_left, true);
	pthread_detach(thread);
}

int vs_call_end(int status)
{
	if (atomic_load(&vs_calls_left))
		_exit(status);
	return status;
}

/* -ETIMEDOUT, or what @tick said: it is to be waited for no longer */
static int vs_call_wait(struct vs_call_state *s, unsigned int deadline,
			int (*tick)(void *ctx, unsigned int ms), void *ctx)
{
	unsigned int step = tick ? VS_CALL_TICK : deadline;
	vs_time begin = vs_clock_steady(), spent;
	int ret;

	while (!vs_call_poll(s, step)) {
		spent = vs_clock_steady() - begin;
		if (spent >= deadline)
			return -ETIMEDOUT;
		ret = tick ? tick(ctx, (unsigned int)spent) : 0;
		if (ret)
			return ret;
	}
	return 0;
}

int vs_call_run(struct vs_call *call, unsigned int deadline,
		int (*tick)(void *ctx, unsigned int ms), void *ctx)
{
	struct vs_call_state *s;
	int ret = vs_call_start(call);

	if (ret)
		return ret;
	s = call->state;
	ret = vs_call_wait(s, deadline, tick, ctx);
	if (ret) {
		vs_call_leave(s->thread);
		return ret;
	}
	/* it is done, but what libraries keep for it goes at its very end */
	pthread_join(s->thread, NULL);
	s->seen = true;
	return s->ret;
}
