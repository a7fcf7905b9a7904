// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: forbid-ioctl IOCTL COMMAND [ARG...]
 *
 * Run COMMAND under a seccomp filter, as a sandbox does, that lets one ioctl of
 * the Filter Driver's device fail with EIO: ATTACH, LIST_VNICS ...
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/vmsafe_net_ioctl.h>

static const struct {
	const char *name;
	__u32 number;
} ioctls[] = {
	{ "VERSION", VMSAFE_NET_IOC_VERSION },
	{ "ATTACH", VMSAFE_NET_IOC_ATTACH },
	{ "DETACH", VMSAFE_NET_IOC_DETACH },
	{ "LIST_VMS", VMSAFE_NET_IOC_LIST_VMS },
	{ "LIST_VNICS", VMSAFE_NET_IOC_LIST_VNICS },
	{ "VERIFY_VNIC", VMSAFE_NET_IOC_VERIFY_VNIC },
};

static int fail(const char *what)
{
	fprintf(stderr, "forbid-ioctl: %s: %s\n", what, strerror(errno));
	return 1;
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, n) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (n))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))

static int forbid(__u32 number)
{
	struct sock_filter filter[] = {
		LOAD(arch),
		SKIP_UNLESS(AUDIT_ARCH_X86_64, 5),
		LOAD(nr),
		SKIP_UNLESS(SYS_ioctl, 3),
		/* the request is an unsigned int: its lower half */
		LOAD(args[1]),
		SKIP_UNLESS(number, 1),
		RETURN(SECCOMP_RET_ERRNO | EIO),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(*filter),
		.filter = filter,
	};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	size_t n = sizeof(ioctls) / sizeof(*ioctls), i = 0;

	if (argc < 3)
		return 2;
	while (i < n && strcmp(ioctls[i].name, argv[1]))
		i++;
	if (i == n) {
		fprintf(stderr, "forbid-ioctl: no ioctl '%s'\n", argv[1]);
		return 2;
	}
	if (forbid(ioctls[i].number))
		return fail("seccomp");
	execvp(argv[2], argv + 2);
	return fail(argv[2]);
}
