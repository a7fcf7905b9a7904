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
 * @thread: does it; joined by the caller, or left behind
 * @users: the caller and the thread, while they are
 * @ret: what was done; the thread's until it is joined
 * @joined: by the caller, whose all of the call is from then on
 */
struct vs_call_state {
	pthread_t thread;
	atomic_uint users;
	int ret;
	bool joined;
};

void vs_call_put(struct vs_call *call)
{
	if (call->state && atomic_fetch_sub(&call->state->users, 1) > 1)
		return;
	free(call->state);
	call->free(call);
}

static void *vs_call_thread(void *arg)
{
	struct vs_call *call = arg;

	call->state->ret = call->fn(call);
	vs_call_put(call);
	return NULL;
}

static int vs_call_start(struct vs_call *call)
{
	int ret;

	call->state = calloc(1, sizeof(*call->state));
	if (!call->state)
		return -ENOMEM;
	atomic_init(&call->state->users, 2);
	ret = pthread_create(&call->state->thread, NULL, vs_call_thread, call);
	if (ret)
		atomic_init(&call->state->users, 1);
	return -ret;
}

bool vs_call_is_done(const struct vs_call *call)
{
	return call->state && call->state->joined;
}

bool vs_call_join(pthread_t thread, unsigned int ms)
{
	const struct timespec until = vs_clock_after(ms);

	return !pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &until);
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
static int vs_call_wait(pthread_t thread, unsigned int deadline,
			int (*tick)(void *ctx, unsigned int ms), void *ctx)
{
	unsigned int step = tick ? VS_CALL_TICK : deadline;
	vs_time begin = vs_clock_steady(), spent;
	int ret;

	while (!vs_call_join(thread, step)) {
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
	int ret = vs_call_start(call);

	if (ret)
		return ret;
	ret = vs_call_wait(call->state->thread, deadline, tick, ctx);
	if (ret) {
		vs_call_leave(call->state->thread);
		return ret;
	}
	call->state->joined = true;
	return call->state->ret;
}
