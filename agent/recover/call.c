// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "recover/call.h"
#include "recover/progress.h"

/**
 * struct vs_call_state - who uses a call
 * @lock: guards @done and @users; what else there is is the thread's until
 *        @done, and then the caller's
 * @over: signalled when @done
 */
struct vs_call_state {
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done;
	int users;
	int ret;
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

/* is it done, or done before the next tick? */
static bool vs_call_poll(struct vs_call_state *s)
{
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += VS_CALL_TICK * 1000000L;
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

int vs_call_run(struct vs_call *call, unsigned int deadline,
		int (*tick)(void *ctx, unsigned int ms), void *ctx)
{
	long long begin = vs_progress_clock(), spent;
	int ret = vs_call_start(call);

	if (ret)
		return ret;
	while (!vs_call_poll(call->state)) {
		spent = vs_progress_clock() - begin;
		if (spent >= deadline)
			return -ETIMEDOUT;
		ret = tick ? tick(ctx, (unsigned int)spent) : 0;
		if (ret)
			return ret;
	}
	return call->state->ret;
}
