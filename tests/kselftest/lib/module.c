// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "world.h"

int module_load(void)
{
	const char *path = getenv("VMSAFE_TEST_MODULE");
	int fd, err;

	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return path ? -errno : -ENOENT;
	err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return err;
}

int module_unload(void)
{
	if (syscall(SYS_delete_module, "vmsafe_net", O_NONBLOCK))
		return -errno;
	return 0;
}

int module_unload_soon(void)
{
	int err = 0;

	until((err = module_unload()) != -EAGAIN);
	return err;
}
