// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "host/clock.h"
#include "inventory/call.h"

/**
 * struct vs_call_state - who uses a call
 * @lock: guards @done and @users; what else there is is the thread's until
 *        @done, and then the caller's
 * @over: signalled when @done
 * @seen: the caller's: it has waited until then
 */
struct vs_call_state {
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
	pthread_attr_t attr;
	pthread_t thread;
	int ret;

	call->state = vs_call_state_new();
	if (!call->state)
		return -ENOMEM;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ret = pthread_create(&thread, &attr, vs_call_thread, call);
	pthread_attr_destroy(&attr);
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

int vs_call_run(struct vs_call *call, unsigned int deadline,
		int (*tick)(void *ctx, unsigned int ms), void *ctx)
{
	unsigned int step = tick ? VS_CALL_TICK : deadline;
	vs_time begin = vs_clock_steady(), spent;
	int ret = vs_call_start(call);

	if (ret)
		return ret;
	while (!vs_call_poll(call->state, step)) {
		spent = vs_clock_steady() - begin;
		if (spent >= deadline)
			return -ETIMEDOUT;
		ret = tick ? tick(ctx, (unsigned int)spent) : 0;
		if (ret)
			return ret;
	}
	call->state->seen = true;
	return call->state->ret;
}
