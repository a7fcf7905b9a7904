// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: hold-session [INTERVAL TOLERANCE]
 *
 * Take the appliance session, say so, and hold it until SIGTERM, then detach.
 * With arguments, heartbeats are promised (one every INTERVAL milliseconds,
 * TOLERANCE may be missed) and none is ever sent: an appliance that hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vmsafe_net_ioctl.h>

static int fail(const char *what)
{
	fprintf(stderr, "hold-session: %s: %s\n", what, strerror(errno));
	return 1;
}

static int number(const char *text, __u32 *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || end == text || n > 1000000) {
		fprintf(stderr, "hold-session: '%s' is not a number\n", text);
		return -1;
	}
	*out = n;
	return 0;
}

/* blocked from the start, so that it cannot come before it is waited for */
static void wait_for_term(const sigset_t *set)
{
	int sig;

	while (sigwait(set, &sig))
		;
}

int main(int argc, char **argv)
{
	struct vmsafe_net_ioc_attach attach = { .size = sizeof(attach) };
	struct vmsafe_net_ioc_session session = { .size = sizeof(session) };
	sigset_t set;
	int fd;

	if (argc != 1 && argc != 3)
		return 2;
	if (argc == 3 && (number(argv[1], &attach.heartbeat_interval) ||
			  number(argv[2], &attach.heartbeat_tolerance)))
		return 2;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);

	fd = open(VMSAFE_NET_DEVICE_PATH, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(VMSAFE_NET_DEVICE_PATH);
	if (ioctl(fd, VMSAFE_NET_IOC_ATTACH, &attach))
		return fail("ATTACH");
	printf("holding the appliance session, epoch %llu\n",
	       (unsigned long long)attach.epoch);
	fflush(stdout);
	wait_for_term(&set);

	session.epoch = attach.epoch;
	if (ioctl(fd, VMSAFE_NET_IOC_DETACH, &session))
		return fail("DETACH");
	return 0;
}
