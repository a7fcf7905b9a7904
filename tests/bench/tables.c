// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tables cost, in nanoseconds; on a CPU that counts instructions those
 * are instructions.
 *
 *   tables grow FROM TO	make ports b<FROM> to b<TO - 1>, and bind them
 *   tables memory COUNT	of ports b0...: bytes of kernel memory per entry
 *   tables bind		bind and unbind one more port, per pair
 *   tables list		LIST_VNICS by ioctl, per entry
 *   tables dump		vnic-get by netlink, per entry
 *   tables gone PORT	take a port away: when that began, milliseconds since
 *			1970
 *   tables whole COUNT COMMAND...	a whole process, per entry
 *
 * Only time on a CPU counts, not what is spent waiting for a disk.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/device.h"
#include "lib/leak.h"
#include "lib/port.h"
#include "lib/vnic.h"

#define ROUNDS	200
#define CHUNK	32768
#define SPARE	"spare"

static int fail(const char *what, int err)
{
	fprintf(stderr, "tables: %s: %s\n", what, strerror(-err));
	return 1;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
}

static const char *name_of(char name[IFNAMSIZ], unsigned int i)
{
	snprintf(name, IFNAMSIZ, "b%u", i);
	return name;
}

static int grow(struct nl *nl, unsigned int from, unsigned int to)
{
	struct identity id;
	char name[IFNAMSIZ];
	unsigned int i;
	int err;

	for (i = from; i < to; i++) {
		id = identity_of(i, 0);
		name_of(name, i);
		err = link_add("dummy", name) ?:
		      vnic_port(nl, VMSAFE_NET_CMD_PORT_ADD, name, NULL) ?:
		      vnic_bind(nl, name, &id, NULL);
		if (err)
			return fail(name, err);
	}
	return 0;
}

/* Kilobytes that the kernel holds for itself. */
static long kernel_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	long value, sum = 0;
	char key[32];

	if (!f)
		return 0;
	while (fscanf(f, "%31s %ld%*[^\n]", key, &value) == 2)
		if (!strcmp(key, "Slab:") || !strcmp(key, "Percpu:") ||
		    !strcmp(key, "VmallocUsed:"))
			sum += value;
	fclose(f);
	return sum;
}

/* The devices are there before, so that only the entries are counted. */
static int memory(struct nl *nl, unsigned int count)
{
	struct identity id;
	char name[IFNAMSIZ];
	unsigned int i;
	long before;
	int err = 0;

	for (i = 0; i < count && !err; i++)
		err = link_add("dummy", name_of(name, i));
	if (err)
		return fail(name, err);
	before = kernel_memory();
	for (i = 0; i < count && !err; i++) {
		id = identity_of(i, 0);
		name_of(name, i);
		err = vnic_port(nl, VMSAFE_NET_CMD_PORT_ADD, name, NULL) ?:
		      vnic_bind(nl, name, &id, NULL);
	}
	if (err)
		return fail(name, err);
	printf("%ld\n", (kernel_memory() - before) * 1024 / (long)count);
	return 0;
}

static int bind_pairs(struct nl *nl)
{
	struct identity id = identity_of(0xfffff, 0);
	uint64_t start;
	int i, err;

	err = link_add("dummy", SPARE) ?:
	      vnic_port(nl, VMSAFE_NET_CMD_PORT_ADD, SPARE, NULL);
	start = now_ns();
	for (i = 0; i < ROUNDS && !err; i++)
		err = vnic_bind(nl, SPARE, &id, NULL) ?:
		      vnic_unbind(nl, SPARE, NULL);
	if (!err)
		printf("%" PRIu64 "\n", (now_ns() - start) / ROUNDS);
	err = err ?: link_del(SPARE);
	return err ? fail(SPARE, err) : 0;
}

static int list(void)
{
	struct vmsafe_net_ioc_vnic *entries = NULL;
	int fd = device_open(), err;
	uint32_t count = 0;
	uint64_t start, epoch;
	int round;

	if (fd < 0)
		return fail("open", fd);
	err = device_attach(fd, 0, 0, &epoch);
	if (!err)
		err = device_list(fd, VMSAFE_NET_IOC_LIST_VNICS, NULL,
				  sizeof(*entries), &count, NULL);
	if (err && err != -EMSGSIZE)
		return fail("list", err);
	entries = calloc(count, sizeof(*entries));
	if (!entries)
		return fail("list", -ENOMEM);
	/* The first one finds memory that was never touched. */
	for (round = 0; round < 2; round++) {
		start = now_ns();
		err = device_list(fd, VMSAFE_NET_IOC_LIST_VNICS, entries,
				  sizeof(*entries), &count, NULL);
		if (err)
			return fail("list", err);
	}
	printf("%" PRIu64 "\n", (now_ns() - start) / count);
	free(entries);
	close(fd);
	return 0;
}

static int count_one(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	++*(unsigned int *)arg;
	return 0;
}

static int dump(struct nl *nl)
{
	unsigned int count = 0;
	uint64_t start;
	int ret;

	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	start = now_ns();
	ret = nl_dump_start(nl);
	if (ret)
		return fail("dump", ret);
	do
		ret = nl_dump_step(nl, CHUNK, count_one, &count);
	while (ret == 1);
	if (ret || !count)
		return fail("dump", ret);
	printf("%" PRIu64 "\n", (now_ns() - start) / count);
	return 0;
}

static int gone(const char *port)
{
	struct timespec t;
	int err;

	clock_gettime(CLOCK_REALTIME, &t);
	err = link_del(port);
	if (err)
		return fail(port, err);
	printf("%lld\n", t.tv_sec * 1000LL + t.tv_nsec / 1000000);
	return 0;
}

static uint64_t us_of(const struct timeval *t)
{
	return t->tv_sec * UINT64_C(1000000) + t->tv_usec;
}

static int whole(unsigned int count, char **command)
{
	struct rusage usage;
	pid_t child = fork();
	int status;

	if (child < 0)
		return fail("fork", -errno);
	if (!child) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execvp(command[0], command);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) != child || status)
		return fail(command[0], -EIO);
	printf("%" PRIu64 "\n", (us_of(&usage.ru_utime) +
			       us_of(&usage.ru_stime)) * 1000 / count);
	return 0;
}

int main(int argc, char **argv)
{
	struct nl nl;
	int err;

	/* what a test looks for in an answer is no cost of the driver's */
	leak_search = false;
	if (argc > 3 && !strcmp(argv[1], "whole"))
		return whole(atoi(argv[2]), argv + 3);
	if (argc == 3 && !strcmp(argv[1], "gone"))
		return gone(argv[2]);
	err = nl_open(&nl);
	if (err)
		return fail("netlink", err);
	if (argc == 4 && !strcmp(argv[1], "grow"))
		return grow(&nl, atoi(argv[2]), atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "memory"))
		return memory(&nl, atoi(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "bind"))
		return bind_pairs(&nl);
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 2 && !strcmp(argv[1], "dump"))
		return dump(&nl);
	fprintf(stderr, "usage: tables grow FROM TO | memory COUNT | "
		"bind | list | dump | gone PORT | whole COUNT COMMAND...\n");
	return 2;
}
