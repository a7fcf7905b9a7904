// SPDX-License-Identifier: GPL-2.0-only
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int netns_enter_new(void)
{
	if (unshare(CLONE_NEWNET))
		return -errno;
	/* Ports are to carry what tests send and nothing else. */
	return write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1") ?:
	       write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6",
			  "1") ?:
	       write_file("/proc/sys/net/ipv4/igmp_link_local_mcast_reports",
			  "0");
}

int netns_enter(int netns)
{
	return setns(netns, CLONE_NEWNET) ? -errno : 0;
}

int netns_here(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int netns_new(void)
{
	int here = netns_here(), fd, err;

	if (here < 0)
		return here;
	fd = netns_enter_new() ?: netns_here();
	err = netns_enter(here);
	close(here);
	return err ?: fd;
}

int world_begin(struct world *w)
{
	int err;

	w->nl.fd = -1;
	w->events.fd = -1;
	err = netns_enter_new() ?: nl_open(&w->nl) ?: nl_open(&w->events);
	return err ?: event_join(&w->events, &w->nl);
}

void world_end(struct world *w)
{
	nl_close(&w->nl);
	nl_close(&w->events);
}

bool debug_kernel(void)
{
	const char *kernel = getenv("VMSAFE_KERNEL");

	return kernel && !strcmp(kernel, "debug");
}

unsigned int effort(unsigned int normal, unsigned int debug)
{
	return debug_kernel() ? debug : normal;
}

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

void nap(void)
{
	poll(NULL, 0, 2);
}
