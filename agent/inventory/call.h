/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that may block for ever, such as one to libvirt, in a thread of its
 * own with a deadline. One that misses it is left behind: it holds nothing
 * but itself, and the last of the two to be done with it frees it.
 */
#ifndef VS_INVENTORY_CALL_H
#define VS_INVENTORY_CALL_H

#include <pthread.h>
#include <stdbool.h>

/** VS_CALL_TICK - how often vs_call_run() says that it waits, milliseconds */
#define VS_CALL_TICK 100

/**
 * struct vs_call - a call; embedded first in what it needs
 * @fn: does it, in the thread; what it returns is vs_call_run()'s
 * @free: releases all of it
 * @state: private
 */
struct vs_call {
	int (*fn)(struct vs_call *call);
	void (*free)(struct vs_call *call);
	struct vs_call_state *state;
};

/**
 * vs_call_run() - do it, and wait until it is done
 * @call: from malloc(), with @fn and @free; vs_call_put() it in any case
 * @deadline: how long to wait, milliseconds
 * @tick: called while it waits, with the milliseconds so far; anything but 0
 *        ends the wait and is returned. May be NULL
 * @ctx: handed to @tick
 *
 * Return: what @fn did; -ETIMEDOUT: it was left behind; -ENOMEM; what @tick
 * said. Unless it is done, the caller must not look into @call any more.
 */
int vs_call_run(struct vs_call *call, unsigned int deadline,
		int (*tick)(void *ctx, unsigned int ms), void *ctx);

/**
 * vs_call_is_done() - did vs_call_run() wait until its end?
 * @call: before vs_call_put()
 *
 * Then what vs_call_run() returned is what @fn did, and @call may be looked
 * into.
 */
bool vs_call_is_done(const struct vs_call *call);

/** vs_call_put() - the caller is done with it */
void vs_call_put(struct vs_call *call);

/**
 * vs_call_join() - wait for a thread, and for what libraries do at its end
 * @thread: joinable
 * @ms: how long, milliseconds
 *
 * Return: it has gone; else it is joinable still.
 */
bool vs_call_join(pthread_t thread, unsigned int ms);

/**
 * vs_call_leave() - leave a thread behind that may never end
 * @thread: joinable; it is not to be used any more
 */
void vs_call_leave(pthread_t thread);

/**
 * vs_call_end() - end main()
 * @status: exit status of the process; what it has to say is written
 *
 * Does not return when a thread was left behind: exit() has libraries take
 * down what such a thread still uses, or frees at its end, and the heap with
 * it.
 *
 * Return: @status.
 */
int vs_call_end(int status);

#endif
