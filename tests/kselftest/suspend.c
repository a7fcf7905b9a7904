// SPDX-License-Identifier: GPL-2.0-only
/*
 * suspend
 *
 * Load the Filter Driver (VMSAFE_TEST_MODULE), promise it heartbeats, and put
 * the machine to sleep (S3) under traffic for longer than the promise, until
 * its clock wakes it. As TAP: whether the time asleep counts against nobody,
 * and silence afterwards does. For tests/kselftest/suspend-resume, which has
 * all that is needed afterwards in memory: the file system that the machine
 * has from outside does not wake up with it.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/file.h"
#include "lib/guest.h"
#include "lib/module.h"
#include "lib/world.h"

#define ALARM		"/sys/class/rtc/rtc0/wakealarm"

/*
 * Lost after 12 s awake without a heartbeat: going to sleep and waking up take
 * a second of that. Asleep, by the clock that wakes it, for 25 s.
 */
#define INTERVAL	4000
#define TOLERANCE	2
#define PROMISE_NS	(1000000LL * INTERVAL * (TOLERANCE + 1))
#define ASLEEP		"+25"

#define OPEN	0
#define CLOSED	1
#define PORTS	2

struct host_asleep {
	struct world w;
	struct guest guest;
	struct event ev;
	int fd;
	uint64_t epoch;
	long long slept;
	uint64_t seen[PORTS];
};

static struct host_asleep host;
static unsigned int count, failed;

static void check(const char *what, bool met)
{
	failed += !met;
	printf("%sok %u - %s\n", met ? "" : "not ", ++count, what);
}

static long long clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* How long this machine has been asleep since it was started. */
static long long asleep_ns(void)
{
	return clock_ns(CLOCK_BOOTTIME) - clock_ns(CLOCK_MONOTONIC);
}

static uint64_t seen(unsigned int port)
{
	struct counts c;

	return counts_get(&host.w.nl, host.guest.names[port], &c) ? 0 :
	       counts_seen(&c, FROM);
}

static uint32_t mode(unsigned int port)
{
	struct vnic v;

	return vnic_get(&host.w.nl, host.guest.names[port], &v) ?
	       UINT32_MAX : v.mode;
}

static uint32_t appliance(void)
{
	struct host h;

	return host_get(&host.w.nl, &h) || h.epoch != host.epoch ?
	       UINT32_MAX : h.appliance;
}

static int set_up(void)
{
	struct identity id;
	unsigned int i;
	int err = world_begin(&host.w) ?:
		  guest_start(&host.guest, PORTS, NULL);

	for (i = 0; i < PORTS && !err; i++) {
		id = identity_of(1, i);
		err = vnic_bind(&host.w.nl, host.guest.names[i], &id, NULL) ?:
		      vnic_set_u32(&host.w.nl, host.guest.names[i],
				   VMSAFE_NET_A_VNIC_FAILURE_POLICY,
				   i == CLOSED);
	}
	if (err)
		return err;
	host.fd = device_open();
	if (host.fd < 0)
		return host.fd;
	return device_attach(host.fd, INTERVAL, TOLERANCE, &host.epoch);
}

static int sleep_and_wake(void)
{
	int err = event_all(&host.w.events, &host.w.nl, &host.ev, 1);
	unsigned int i;

	if (err >= 0)
		err = device_heartbeat(host.fd, host.epoch) ?:
		      file_put(ALARM, ASLEEP) ?:
		      file_put("/sys/power/mem_sleep", "deep") ?:
		      file_put("/sys/power/state", "mem");
	host.slept = asleep_ns();
	for (i = 0; i < PORTS; i++)
		host.seen[i] = seen(i);
	return err;
}

static void awake(void)
{
	check("asleep for longer than the promise", host.slept > PROMISE_NS);
	check("its heartbeat is in time",
	      !device_heartbeat(host.fd, host.epoch));
	check("it still holds the session",
	      appliance() == VMSAFE_NET_APPLIANCE_STATE_ATTACHED);
	check("no mode has changed",
	      mode(OPEN) == VMSAFE_NET_MODE_ENFORCING &&
	      mode(CLOSED) == VMSAFE_NET_MODE_ENFORCING);
	check("nobody was told of anything",
	      event_all(&host.w.events, &host.w.nl, &host.ev, 1) == 0);
	check("what is sent is seen",
	      until(seen(OPEN) > host.seen[OPEN] &&
		    seen(CLOSED) > host.seen[CLOSED]));
}

static void silent(void)
{
	unsigned int i;

	check("lost, once it is silent",
	      until(appliance() == VMSAFE_NET_APPLIANCE_STATE_LOST));
	check("all are told",
	      !event_until(&host.w.events, &host.ev, VMSAFE_NET_REASON_LOST));
	check("the one that fails closed is closed",
	      mode(OPEN) == VMSAFE_NET_MODE_APPLIANCE_LOST_OPEN &&
	      mode(CLOSED) == VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED);
	check("the guest stops without an error", !guest_stop(&host.guest));
	for (i = 0; i < PORTS; i++)
		check("each packet is counted",
		      !guest_counted(&host.guest, i, &host.w.nl, 0));
}

int main(void)
{
	int err = module_load() ?: set_up();

	setlinebuf(stdout);
	check(err ? strerror(-err) : "promised", !err);
	if (!err) {
		err = sleep_and_wake();
		check(err ? strerror(-err) : "awake again", !err);
	}
	if (!err) {
		awake();
		silent();
	}
	return failed > 0;
}
