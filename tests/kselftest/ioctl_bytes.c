// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl_bytes FD EPOCH UUID
 *
 * Make ioctls on an inherited descriptor and print what came back, byte by
 * byte. Built for 64 and for 32 bits; both have to print the same. With an
 * epoch the descriptor holds that session already, with 0 it gets one here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/vmsafe_net_ioctl.h>

#define MEMORY	((void *)0x20000000)	/* the same for both: it is printed */
#define ENTRIES	64

static int fd;
static unsigned char *memory;

static void print_bytes(const void *from, size_t size)
{
	const unsigned char *p = from;

	while (size--)
		printf("%02x", *p++);
	printf("\n");
}

static void call(const char *what, unsigned int number, void *arg, size_t size)
{
	int error = ioctl(fd, number, arg) ? errno : 0;

	printf("%s: %d ", what, error);
	print_bytes(arg, size);
}

static void session(const char *what, unsigned int number,
		    unsigned long long epoch)
{
	struct vmsafe_net_ioc_session arg = {
		.size = sizeof(arg),
		.epoch = epoch,
	};

	call(what, number, &arg, sizeof(arg));
}

static void attach(void)
{
	struct vmsafe_net_ioc_attach arg = {
		.size = sizeof(arg),
		.heartbeat_interval = 60000,
		.heartbeat_tolerance = 3,
	};

	call("attach", VMSAFE_NET_IOC_ATTACH, &arg, sizeof(arg));
}

static void list(const char *what, unsigned int number, size_t entry_size,
		 unsigned int count)
{
	struct vmsafe_net_ioc_list arg = {
		.size = sizeof(arg),
		.entry_size = entry_size,
		.count = count,
		.buffer = (unsigned long)memory,
	};

	memset(memory, 0x5a, entry_size * ENTRIES);
	call(what, number, &arg, sizeof(arg));
	print_bytes(memory, entry_size * ENTRIES);
}

static void verify(const char *uuid)
{
	struct vmsafe_net_ioc_verify arg = { .size = sizeof(arg) };
	unsigned int i, byte;

	for (i = 0; i < sizeof(arg.vm_uuid); i++, uuid += 2)
		if (sscanf(uuid, "%2x", &byte) == 1)
			arg.vm_uuid[i] = byte;
	call("verify", VMSAFE_NET_IOC_VERIFY_VNIC, &arg, sizeof(arg));
}

int main(int argc, char **argv)
{
	struct vmsafe_net_ioc_version version = { .size = sizeof(version) };
	unsigned long long epoch;

	if (argc != 4)
		return 2;
	fd = atoi(argv[1]);
	epoch = strtoull(argv[2], NULL, 10);
	memory = mmap(MEMORY, 1 << 20, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (memory == MAP_FAILED)
		return 1;

	call("version", VMSAFE_NET_IOC_VERSION, &version, sizeof(version));
	attach();
	session("heartbeat", VMSAFE_NET_IOC_HEARTBEAT, epoch ?: 1);
	session("old heartbeat", VMSAFE_NET_IOC_HEARTBEAT, 1ULL << 40);
	list("vms", VMSAFE_NET_IOC_LIST_VMS, sizeof(struct vmsafe_net_ioc_vm),
	     ENTRIES);
	list("large vms", VMSAFE_NET_IOC_LIST_VMS, 4096, ENTRIES);
	list("too many vms", VMSAFE_NET_IOC_LIST_VMS,
	     sizeof(struct vmsafe_net_ioc_vm), 0);
	list("vnics", VMSAFE_NET_IOC_LIST_VNICS,
	     sizeof(struct vmsafe_net_ioc_vnic), ENTRIES);
	list("large vnics", VMSAFE_NET_IOC_LIST_VNICS,
	     sizeof(struct vmsafe_net_ioc_vnic) + 4, ENTRIES);
	list("too many vnics", VMSAFE_NET_IOC_LIST_VNICS,
	     sizeof(struct vmsafe_net_ioc_vnic), 1);
	verify(argv[3]);
	verify("00");
	session("old detach", VMSAFE_NET_IOC_DETACH, 1ULL << 40);
	if (!epoch)
		session("detach", VMSAFE_NET_IOC_DETACH, 1);
	return 0;
}
