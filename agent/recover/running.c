// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recover/running.h"

#define VS_RUNNING_PROGRAM "vmsafe-agent"

/* what the kernel says it runs; a package may have replaced the file since */
static bool vs_running_runs(pid_t pid)
{
	char name[64], target[PATH_MAX];
	const char *base;
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/%d/exe", pid);
	n = readlink(name, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = '\0';
	base = strrchr(target, '/');
	return base && (strcmp(base + 1, VS_RUNNING_PROGRAM) == 0 ||
			strcmp(base + 1, VS_RUNNING_PROGRAM
			       " (deleted)") == 0);
}

/* another network namespace has a Filter Driver table of its own */
static bool vs_running_is_near(pid_t pid)
{
	struct stat ours, its;
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/ns/net", pid);
	return !stat("/proc/self/ns/net", &ours) && !stat(name, &its) &&
	       ours.st_ino == its.st_ino && ours.st_dev == its.st_dev;
}

bool vs_running_is(pid_t pid)
{
	return pid > 0 && vs_running_runs(pid) && vs_running_is_near(pid);
}

pid_t vs_running_find(pid_t but)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;
	pid_t found = 0;

	while (proc && !found && (d = readdir(proc))) {
		pid_t pid = atoi(d->d_name);

		if (pid != but && pid != getpid() && vs_running_is(pid))
			found = pid;
	}
	if (proc)
		closedir(proc);
	return found;
}

/* what the descriptor stands for stays the same, whoever gets the number */
int vs_running_signal(pid_t pid, int sig)
{
	int fd = syscall(SYS_pidfd_open, pid, 0), ret = 0;

	if (fd < 0)
		return -errno;
	if (!vs_running_is(pid))
		ret = -ESRCH;
	else if (syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0))
		ret = -errno;
	close(fd);
	return ret;
}
