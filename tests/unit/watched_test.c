// SPDX-License-Identifier: GPL-2.0-only
/* When what a watched inventory tells was read, on a vCenter that is not. */
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>

#include "daemon/keeper.h"
#include "host/clock.h"
#include "vcenter_wrap.h"

#define URI "vsphere://vmsafe@vcenter.example.org/"
/* milliseconds; only what has hung waits that long */
#define PATIENCE 20000

/* a reading has begun; it may end; and with what */
static sem_t reading, go_on;
static int outcome;

int __wrap_vs_vcenter_watch(struct vs_vcenter *v, struct vs_roster **roster,
			    struct vs_error *error)
{
	sem_post(&reading);
	sem_wait(&go_on);
	if (outcome)
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NONE, outcome,
				    NULL);
	*roster = vs_roster_new(v->uri->node);
	return *roster ? 0 : -ENOMEM;
}

/* nothing ever changes */
int __wrap_vs_vcenter_wait(struct vs_vcenter *v, struct vs_roster *roster,
			   unsigned int seconds, struct vs_error *error)
{
	(void)v;
	(void)roster;
	(void)seconds;
	(void)error;
	poll(NULL, 0, 1);
	return 0;
}

/* when the next tiding, of that kind, says that reading began */
static int64_t next_began(struct vs_keeper *k, enum vs_tiding_kind kind)
{
	struct pollfd fd = { .fd = vs_keeper_fd(k), .events = POLLIN };
	struct vs_tiding *t;
	int64_t began;

	while (!(t = vs_keeper_take(k)))
		assert_int_equal(poll(&fd, 1, PATIENCE), 1);
	assert_int_equal(t->kind, kind);
	assert_true(t->manager);
	began = t->began;
	vs_tiding_free(t);
	return began;
}

/* a moment later than any before */
static int64_t later(void)
{
	int64_t now = vs_clock_steady();

	while (vs_clock_steady() == now)
		poll(NULL, 0, 1);
	return vs_clock_steady();
}

static struct vs_keeper *watch(int how)
{
	struct vs_keeper *k;

	outcome = how;
	assert_int_equal(sem_init(&reading, 0, 0), 0);
	assert_int_equal(sem_init(&go_on, 0, 0), 0);
	assert_int_equal(vs_keeper_new(URI, NULL, PATIENCE, &k), 0);
	return k;
}

static void list_began(void **state)
{
	struct vs_keeper *k = watch(0);
	int64_t wanted = later(), began;

	(void)state;
	vs_keeper_want_list(k, true);
	sem_post(&go_on);
	began = next_began(k, VS_TIDING_LIST);
	assert_true(began >= wanted && began <= vs_clock_steady());
	/* as it is known: it was not read since */
	wanted = later();
	vs_keeper_want_list(k, false);
	assert_int_equal(next_began(k, VS_TIDING_LIST), began);
	/* read anew */
	vs_keeper_want_list(k, true);
	sem_post(&go_on);
	assert_true(next_began(k, VS_TIDING_LIST) >= wanted);
	vs_keeper_stop(k);
}

/* a reading that goes on already is not the one that is wanted */
static void wanted_meanwhile(void **state)
{
	struct vs_keeper *k = watch(0);
	int64_t wanted;

	(void)state;
	vs_keeper_want_list(k, true);
	sem_wait(&reading);
	wanted = later();
	vs_keeper_want_list(k, true);
	sem_post(&go_on);
	assert_true(next_began(k, VS_TIDING_LIST) < wanted);
	sem_post(&go_on);
	assert_true(next_began(k, VS_TIDING_LIST) >= wanted);
	vs_keeper_stop(k);
}

static void failure_began(void **state)
{
	struct vs_keeper *k = watch(-ECONNREFUSED);
	int64_t wanted = later();

	(void)state;
	vs_keeper_want_list(k, true);
	sem_post(&go_on);
	assert_true(next_began(k, VS_TIDING_FAILED) >= wanted);
	/* so does one that is wanted while it rests from a failure */
	wanted = later();
	vs_keeper_want_list(k, true);
	sem_post(&go_on);
	assert_true(next_began(k, VS_TIDING_FAILED) >= wanted);
	vs_keeper_stop(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_began),
		cmocka_unit_test(wanted_meanwhile),
		cmocka_unit_test(failure_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
