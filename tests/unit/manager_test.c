// SPDX-License-Identifier: GPL-2.0-only
/* Who is asked again, and when: the loop's side, with a keeper that is none. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "manager_wrap.h"

/** struct office - as much of a daemon as it takes, and what it did */
static struct office {
	struct vs_agent a;
	struct vs_conf *conf;
	int fd;
	struct vs_tiding *tiding;	/* the next one */
	enum vs_asked asked;		/* whom the keeper asks */
	unsigned int lost[VS_ASKED_COUNT];
	int hired, listed, called, failed, passes, stopped;
	vs_time deadline;
	sd_event_time_handler_t late;
	vs_time redial;			/* of the hypervisor; 0: not planned */
	sd_event_time_handler_t again;
} o;

int __wrap_vs_keeper_new(const char *inventory, const char *hypervisor,
			 unsigned int timeout, struct vs_keeper **keeper)
{
	(void)inventory;
	(void)hypervisor;
	(void)timeout;
	o.hired++;
	*keeper = (struct vs_keeper *)&o;
	return 0;
}

int __wrap_vs_keeper_fd(const struct vs_keeper *k)
{
	(void)k;
	return o.fd;
}

struct vs_tiding *__wrap_vs_keeper_take(struct vs_keeper *k)
{
	struct vs_tiding *t = o.tiding;

	(void)k;
	o.tiding = NULL;
	return t;
}

void __wrap_vs_keeper_want_list(struct vs_keeper *k, bool afresh)
{
	(void)k;
	(void)afresh;
	o.listed++;
}

void __wrap_vs_keeper_want_hypervisor(struct vs_keeper *k)
{
	(void)k;
	o.called++;
}

bool __wrap_vs_keeper_give_up(struct vs_keeper *k, enum vs_asked *asked)
{
	(void)k;
	*asked = o.asked;
	o.lost[o.asked]++;
	return true;
}

unsigned int __wrap_vs_keeper_lost(enum vs_asked asked)
{
	return o.lost[asked];
}

void __wrap_vs_keeper_stop(struct vs_keeper *k)
{
	(void)k;
	o.stopped++;
}

int __wrap_vs_timer_set(struct vs_agent *a, sd_event_source **source,
			vs_time ms, sd_event_time_handler_t fn)
{
	if (source == &a->manager.deadline) {
		o.deadline = ms;
		o.late = fn;
	} else if (source != &a->manager.refresh) {
		o.redial = ms;
		o.again = fn;
	}
	return 0;
}

void __wrap_vs_pass_plan(struct vs_agent *a)
{
	(void)a;
	o.passes++;
}

void __wrap_vs_binder_wake(struct vs_agent *a)
{
	(void)a;
}

void __wrap_vs_engine_fail(struct vs_engine *e, enum vs_source source,
			   const struct vs_error *error)
{
	(void)e;
	assert_int_equal(source, VS_SOURCE_MANAGER);
	assert_true(abs(error->err) == ETIMEDOUT || abs(error->err) == EBADF);
	o.failed++;
}

static void office_open(const char *inventory)
{
	struct vs_buf why = { 0 };

	o = (struct office){ .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	assert_true(o.fd >= 0);
	assert_int_equal(vs_conf_load(&o.conf, "/dev/null", &why), 0);
	free(o.conf->inventory);
	o.conf->inventory = strdup(inventory);
	assert_non_null(o.conf->inventory);
	o.a.conf = o.conf;
	assert_true(sd_event_new(&o.a.loop) >= 0);
	vs_manager_refresh(&o.a, true);
	assert_int_equal(o.hired, 1);
	assert_int_equal(o.listed, 1);
	assert_int_equal(o.called, 1);
}

static void office_close(void)
{
	vs_manager_stop(&o.a);
	sd_event_unref(o.a.loop);
	vs_conf_free(o.conf);
	close(o.fd);
}

/* the keeper tells */
static void tell(enum vs_tiding_kind kind, bool manager)
{
	const uint64_t one = 1;

	o.tiding = calloc(1, sizeof(*o.tiding));
	assert_non_null(o.tiding);
	o.tiding->kind = kind;
	o.tiding->manager = manager;
	o.tiding->hypervisor = !manager;
	assert_int_equal(write(o.fd, &one, sizeof(one)), sizeof(one));
	assert_true(sd_event_run(o.a.loop, 0) > 0);
	assert_null(o.tiding);
}

/* a call begins, and does not come back in time */
static void hang(enum vs_asked asked)
{
	o.asked = asked;
	tell(VS_TIDING_BUSY, asked != VS_ASKED_HYPERVISOR);
	assert_int_equal(o.deadline, o.conf->timeout);
	o.late(NULL, 0, &o.a);
}

/* the hypervisor's time has come, if it was planned */
static void again(void)
{
	assert_true(o.redial > 0);
	o.redial = 0;
	o.again(NULL, 0, &o.a);
}

static const char *const own_lists[] = {
	"file:/nowhere", "libvirt:test:///default",
};

/* however often it hangs, the inventory is asked on */
static void hypervisor_hangs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(own_lists); i++) {
		office_open(own_lists[i]);
		for (int n = 1; n <= 10; n++) {
			hang(VS_ASKED_HYPERVISOR);
			assert_int_equal(o.called, n < 4 ? n : 4);
			again();
			assert_int_equal(o.hired, 1 + n);
			assert_int_equal(o.listed, 1 + n);
		}
		assert_int_equal(o.failed, 0);
		/* but it is not: that would take ever more threads */
		assert_int_equal(o.called, 4);
		/* until they come back */
		o.lost[VS_ASKED_HYPERVISOR] = 3;
		again();
		assert_int_equal(o.called, 5);
		office_close();
	}
}

/* one that is away is asked again, less and less often, until it is there */
static void hypervisor_fails(void **state)
{
	static const vs_time pauses[] = {
		1000, 2000, 4000, 8000, 16000, 30000, 30000,
	};

	(void)state;
	office_open("file:/nowhere");
	for (int round = 0; round < 2; round++) {
		o.called = 0;
		for (size_t i = 0; i < ARRAY_SIZE(pauses); i++) {
			tell(VS_TIDING_FAILED, false);
			assert_int_equal(o.redial, pauses[i]);
			assert_int_equal(o.called, i);
			again();
			assert_int_equal(o.called, i + 1);
		}
		tell(VS_TIDING_LIST, false);
		assert_int_equal(o.redial, 0);
	}
	/* that is no matter of the inventory's */
	assert_int_equal(o.failed, 0);
	assert_int_equal(o.hired, 1);
	assert_int_equal(o.listed, 1);
	/* while there is nobody to send, its time comes later */
	tell(VS_TIDING_FAILED, false);
	hang(VS_ASKED_INVENTORY);
	again();
	assert_int_equal(o.redial, pauses[1]);
	o.called = 0;
	vs_manager_refresh(&o.a, false);
	assert_int_equal(o.called, 0);
	again();
	assert_int_equal(o.called, 1);
	office_close();
}

/* a keeper that nobody hears is none */
static void unheard(void **state)
{
	(void)state;
	office_open("file:/nowhere");
	hang(VS_ASKED_INVENTORY);
	/* a descriptor that the loop cannot poll */
	close(o.fd);
	vs_manager_refresh(&o.a, false);
	assert_int_equal(o.stopped, 1);
	assert_null(o.a.manager.keeper);
	assert_int_equal(o.failed, 2);
	assert_int_equal(o.listed, 1);
	o.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	vs_manager_refresh(&o.a, false);
	assert_non_null(o.a.manager.keeper);
	office_close();
}

/* the inventory that hangs fails, and at last is not asked any more */
static void inventory_hangs(void **state)
{
	(void)state;
	office_open("file:/nowhere");
	for (int n = 1; n <= 4; n++) {
		hang(VS_ASKED_INVENTORY);
		assert_int_equal(o.failed, n);
		assert_null(o.a.manager.keeper);
		vs_manager_refresh(&o.a, false);
	}
	assert_int_equal(o.hired, 4);
	/* what is due is judged all the same */
	o.passes = 0;
	o.a.manager.answered = false;
	vs_manager_refresh(&o.a, false);
	assert_int_equal(o.hired, 4);
	assert_int_equal(o.passes, 1);
	assert_true(o.a.manager.answered);
	/* until they come back */
	o.lost[VS_ASKED_INVENTORY] = 0;
	vs_manager_refresh(&o.a, false);
	assert_int_equal(o.hired, 5);
	office_close();
}

/* threads that hang in libvirt are no matter of a file's */
static void another_inventory(void **state)
{
	(void)state;
	office_open("libvirt:qemu:///system");
	for (int n = 0; n < 4; n++) {
		hang(VS_ASKED_LIBVIRT);
		vs_manager_refresh(&o.a, false);
	}
	assert_null(o.a.manager.keeper);
	strcpy(o.conf->inventory, "file:/nowhere");
	vs_manager_refresh(&o.a, true);
	assert_non_null(o.a.manager.keeper);
	office_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hypervisor_hangs),
		cmocka_unit_test(hypervisor_fails),
		cmocka_unit_test(unheard),
		cmocka_unit_test(inventory_hangs),
		cmocka_unit_test(another_inventory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
