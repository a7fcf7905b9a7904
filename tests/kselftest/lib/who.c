// SPDX-License-Identifier: GPL-2.0-only
#include "who.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"

#define NOBODY	65534
/* Exit status of a child that could not become what it was to be. */
#define FAILED	255

const char * const who_names[WHO_MAX] = {
	"root", "nobody", "root without CAP_NET_ADMIN",
	"root of a user namespace", "nobody as root of a user namespace",
};

static int become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	/* Else /proc/self is root's, and no user namespace can be set up. */
	return prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

static int drop_net_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[0].effective &= ~(1U << CAP_NET_ADMIN);
	data[0].permitted &= ~(1U << CAP_NET_ADMIN);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

static int become_userns_root(void)
{
	char uid_map[32], gid_map[32];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", getuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return file_put("/proc/self/setgroups", "deny") ?:
	       file_put("/proc/self/uid_map", uid_map) ?:
	       file_put("/proc/self/gid_map", gid_map);
}

static int become(enum who who)
{
	switch (who) {
	case WHO_NOBODY:
		return become_nobody();
	case WHO_CAPLESS_ROOT:
		return drop_net_admin();
	case WHO_USERNS_ROOT:
		return become_userns_root();
	case WHO_USERNS_NOBODY:
		return become_nobody() ?: become_userns_root();
	default:
		return 0;
	}
}

int as(enum who who, int (*fn)(void *arg), void *arg)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (!child) {
		status = become(who);
		if (status) {
			fprintf(stderr, "# cannot be %s: %s\n", who_names[who],
				strerror(-status));
			_exit(FAILED);
		}
		_exit(-fn(arg));
	}
	if (waitpid(child, &status, 0) != child)
		return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == FAILED)
		return -ECHILD;
	return -WEXITSTATUS(status);
}
