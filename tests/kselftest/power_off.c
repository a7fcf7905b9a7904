// SPDX-License-Identifier: GPL-2.0-only
/*
 * power_off off|restart|killed
 *
 * Load the Filter Driver (VMSAFE_TEST_MODULE), attach everything to it that can
 * be, and end the machine in the middle of traffic: by a power-off or a restart
 * with all of it in use, or by a power-off right after everybody was killed.
 * For tests/kselftest/power-off, which reads the rest from the kernel's log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/guest.h"
#include "lib/module.h"
#include "lib/prog.h"
#include "lib/world.h"

#define PORTS		8
#define NAMESPACES	2

/* One namespace as a host in full work. */
struct host_at_work {
	struct world w;
	struct nl dump;
	struct guest guest;
	pthread_t threads[2];
	int fd;
	uint64_t epoch;
	int progs[2];
};

static struct host_at_work hosts[NAMESPACES];

/* What an appliance and an administrator do until the end. */
static void *appliance_main(void *arg)
{
	struct host_at_work *h = arg;

	while (!device_heartbeat(h->fd, h->epoch))
		nap();
	return NULL;
}

static void *change_main(void *arg)
{
	struct host_at_work *h = arg;
	struct identity id = identity_of(9, 9);
	const char *name = h->guest.names[0];
	unsigned int i;
	int err = 0;

	for (i = 0; !err; i++)
		err = vnic_unbind(&h->w.nl, name, NULL) ?:
		      vnic_bind(&h->w.nl, name, &id, NULL) ?:
		      policy_set(&h->w.nl, name, i % DIRS, h->progs[i / 2 % 2]);
	return NULL;
}

static int protect(struct host_at_work *h, const char *name, unsigned int i)
{
	struct identity id = identity_of(i / 4, i % 4);

	return vnic_bind(&h->w.nl, name, &id, NULL) ?:
	       vnic_set_u32(&h->w.nl, name, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
			    i % 2) ?:
	       vnic_set_u32(&h->w.nl, name, VMSAFE_NET_A_VNIC_GUARD, i % 3) ?:
	       policy_set(&h->w.nl, name, FROM, h->progs[0]) ?:
	       policy_set(&h->w.nl, name, TO, h->progs[1]);
}

/* The other kinds, and a port on request. */
static int protect_others(struct host_at_work *h)
{
	static const char * const kinds[] = { "macvtap", "ipvtap", NULL };
	char lower[IFNAMSIZ], name[IFNAMSIZ];
	unsigned int i;
	int err = 0;

	for (i = 0; i < 3 && !err; i++) {
		err = link_add("dummy", port_name(lower, "low")) ?:
		      link_up(lower, true);
		if (kinds[i])
			err = err ?: link_add_on(kinds[i],
						 port_name(name, "vt"),
						 lower) ?: link_up(name, true);
		else
			err = err ?: vnic_port(&h->w.nl,
					       VMSAFE_NET_CMD_PORT_ADD,
					       strcpy(name, lower), NULL);
		err = err ?: protect(h, name, PORTS + i);
	}
	return err;
}

/* A dump that nobody reads to its end. */
static int dump_begin(struct nl *nl)
{
	int err = nl_open(nl);

	if (err)
		return err;
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	return nl_dump_start(nl);
}

static bool has_traffic(struct nl *nl, const char *name)
{
	struct counts c;

	return !counts_get(nl, name, &c) && counts_seen(&c, FROM) &&
	       counts_seen(&c, TO);
}

static int seen_all(struct host_at_work *h)
{
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		if (!until(has_traffic(&h->w.nl, h->guest.names[i])))
			return -ETIME;
	return 0;
}

static int work(struct host_at_work *h)
{
	char bridge[IFNAMSIZ];
	unsigned int i;
	int err;

	for (i = 0; i < 2; i++) {
		h->progs[i] = prog_drop_byte(20, i);
		if (h->progs[i] < 0)
			return h->progs[i];
	}
	err = world_begin(&h->w) ?:
	      link_add("bridge", port_name(bridge, "br")) ?:
	      link_up(bridge, true) ?: guest_start(&h->guest, PORTS, bridge);
	for (i = 0; i < PORTS && !err; i++)
		err = protect(h, h->guest.names[i], i);
	err = err ?: protect_others(h) ?: dump_begin(&h->dump);
	h->fd = device_open();
	err = err ?: h->fd < 0 ? h->fd :
	      device_attach(h->fd, 1000, 3, &h->epoch);
	return err ?: seen_all(h) ?:
	       -pthread_create(&h->threads[0], NULL, appliance_main, h) ?:
	       -pthread_create(&h->threads[1], NULL, change_main, h);
}

static int work_everywhere(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < NAMESPACES && !err; i++)
		err = work(&hosts[i]);
	return err;
}

/* The log tells how long it takes from here. */
static int announce(const char *how)
{
	FILE *log = fopen("/dev/kmsg", "w");

	if (!log)
		return -errno;
	fprintf(log, "<4>power_off: everything is attached: %s\n", how);
	return fclose(log) ? -errno : 0;
}

/* Its end, and that of its namespaces, is under way when the power goes. */
static int work_and_be_killed(void)
{
	int pipes[2], err = -EIO;
	pid_t child;

	if (pipe(pipes))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (!child) {
		err = work_everywhere();
		if (write(pipes[1], &err, sizeof(err)) != sizeof(err))
			_exit(1);
		pause();
	}
	if (read(pipes[0], &err, sizeof(err)) != sizeof(err))
		return -EIO;
	return err ?: announce("killed") ?: kill(child, SIGKILL);
}

int main(int argc, char **argv)
{
	const char *how = argc == 2 ? argv[1] : "";
	bool restart = !strcmp(how, "restart");
	int err = module_load();

	if (!strcmp(how, "killed"))
		err = err ?: work_and_be_killed();
	else if (restart || !strcmp(how, "off"))
		err = err ?: work_everywhere() ?: announce(how);
	else
		return 2;
	if (!err)
		err = reboot(restart ? RB_AUTOBOOT : RB_POWER_OFF);
	fprintf(stderr, "power_off: %s\n", strerror(-err));
	return 1;
}
