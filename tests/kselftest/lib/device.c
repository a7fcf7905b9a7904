// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include "leak.h"

int device_open(void)
{
	int fd = open(VMSAFE_NET_DEVICE_PATH, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int device_ioctl(int fd, unsigned int number, void *arg)
{
	return ioctl(fd, number, arg) < 0 ? -errno : 0;
}

int device_version(int fd, struct vmsafe_net_ioc_version *out)
{
	int err;

	*out = (struct vmsafe_net_ioc_version){ .size = sizeof(*out) };
	err = device_ioctl(fd, VMSAFE_NET_IOC_VERSION, out);
	return err || !leak_in(out, sizeof(*out)) ? err : -EUCLEAN;
}

static int device_begin(int fd, uint32_t flags, uint32_t interval,
			uint32_t tolerance, uint64_t *epoch)
{
	struct vmsafe_net_ioc_attach attach = {
		.size = sizeof(attach),
		.flags = flags,
		.heartbeat_interval = interval,
		.heartbeat_tolerance = tolerance,
	};
	int err = device_ioctl(fd, VMSAFE_NET_IOC_ATTACH, &attach);

	if (!err && epoch)
		*epoch = attach.epoch;
	return err;
}

int device_attach(int fd, uint32_t interval, uint32_t tolerance,
		  uint64_t *epoch)
{
	return device_begin(fd, 0, interval, tolerance, epoch);
}

int device_take(int fd, uint32_t interval, uint32_t tolerance, uint64_t *epoch)
{
	return device_begin(fd, VMSAFE_NET_IOC_ATTACH_TAKEOVER, interval,
			    tolerance, epoch);
}

static int device_session(int fd, unsigned int number, uint64_t epoch)
{
	struct vmsafe_net_ioc_session session = {
		.size = sizeof(session),
		.epoch = epoch,
	};

	return device_ioctl(fd, number, &session);
}

int device_detach(int fd, uint64_t epoch)
{
	return device_session(fd, VMSAFE_NET_IOC_DETACH, epoch);
}

int device_heartbeat(int fd, uint64_t epoch)
{
	return device_session(fd, VMSAFE_NET_IOC_HEARTBEAT, epoch);
}

int device_list(int fd, unsigned int number, void *entries, size_t entry_size,
		uint32_t *count, uint64_t *generation)
{
	struct vmsafe_net_ioc_list list = {
		.size = sizeof(list),
		.entry_size = entry_size,
		.count = *count,
		.buffer = (uintptr_t)entries,
	};
	int err = device_ioctl(fd, number, &list);

	*count = list.count;
	if (generation)
		*generation = list.generation;
	return err || !leak_in(entries, list.count * entry_size) ? err :
								   -EUCLEAN;
}

uint64_t device_generation(int fd)
{
	struct vmsafe_net_ioc_version version;

	return device_version(fd, &version) ? 0 : version.generation;
}
