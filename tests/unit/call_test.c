// SPDX-License-Identifier: GPL-2.0-only
/* Calls that may block for ever, and what is left of them at the end. */
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inventory/call.h"

static pthread_key_t key;
static atomic_bool torn_down;
static int calls_freed;

/* what a library keeps for a thread goes after the thread's function ended */
static void tear_down(void *value)
{
	const struct timespec while_others_run = { .tv_nsec = 50000000 };

	(void)value;
	nanosleep(&while_others_run, NULL);
	atomic_store(&torn_down, true);
}

static int with_library(struct vs_call *call)
{
	pthread_setspecific(key, call);
	return 42;
}

static int for_ever(struct vs_call *call)
{
	(void)call;
	for (;;)
		pause();
	return 0;
}

static void free_call(struct vs_call *call)
{
	calls_freed++;
	free(call);
}

static struct vs_call *new_call(int (*fn)(struct vs_call *call))
{
	struct vs_call *call = calloc(1, sizeof(*call));

	assert_non_null(call);
	call->fn = fn;
	call->free = free_call;
	return call;
}

static int stop(void *ctx, unsigned int ms)
{
	(void)ms;
	return *(int *)ctx;
}

static int set_up(void **state)
{
	(void)state;
	return pthread_key_create(&key, tear_down);
}

static void thread_is_gone_when_done(void **state)
{
	struct vs_call *call = new_call(with_library);

	(void)state;
	calls_freed = 0;
	assert_int_equal(vs_call_run(call, 60000, NULL, NULL), 42);
	assert_true(atomic_load(&torn_down));
	assert_true(vs_call_is_done(call));
	assert_int_equal(calls_freed, 0);
	vs_call_put(call);
	assert_int_equal(calls_freed, 1);
}

static void at_exit(void)
{
	_exit(99);
}

/* how a process ends that was to end with 7 after a call */
static int end_after(int (*fn)(struct vs_call *call), unsigned int deadline,
		     int said, int expected)
{
	struct vs_call *call;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		atexit(at_exit);
		call = new_call(fn);
		if (vs_call_run(call, deadline, stop, &said) != expected)
			_exit(98);
		vs_call_put(call);
		exit(vs_call_end(7));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void nothing_is_taken_down_under_a_thread(void **state)
{
	(void)state;
	assert_int_equal(end_after(for_ever, 0, 0, -ETIMEDOUT), 7);
	assert_int_equal(end_after(for_ever, 60000, -EINTR, -EINTR), 7);
	/* nobody is left behind: it ends like any process */
	assert_int_equal(end_after(with_library, 60000, 0, 42), 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thread_is_gone_when_done),
		cmocka_unit_test(nothing_is_taken_down_under_a_thread),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
