// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/tun.h"

static int vs_tun_borrow(pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int copy;

	if (pidfd < 0)
		return -1;
	copy = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	close(pidfd);
	return copy;
}

static enum vs_tun_where vs_tun_compare(int netns)
{
	struct stat ours, its;

	if (stat("/proc/self/ns/net", &ours) || fstat(netns, &its))
		return VS_TUN_UNKNOWN;
	return ours.st_dev == its.st_dev && ours.st_ino == its.st_ino ?
	       VS_TUN_HERE : VS_TUN_ELSEWHERE;
}

enum vs_tun_where vs_tun_where(pid_t pid, int fd)
{
	enum vs_tun_where where = VS_TUN_UNKNOWN;
	int copy = vs_tun_borrow(pid, fd);
	int netns;

	if (copy < 0)
		return where;
	netns = ioctl(copy, TUNGETDEVNETNS, 0);
	close(copy);
	if (netns < 0)
		return where;
	where = vs_tun_compare(netns);
	close(netns);
	return where;
}
