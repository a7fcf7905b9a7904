// SPDX-License-Identifier: GPL-2.0-only
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"

static int fault_fd = -1;

/* Allocations that may sleep are spared by default: nearly all of ours. */
int fault_prepare(void)
{
	int err;

	fault_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fault_fd < 0)
		return -errno;
	err = file_put("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	err = err ?: file_put("/sys/kernel/debug/fail_page_alloc/"
				   "ignore-gfp-wait", "N");
	/* Each with a stack trace would fill the log. */
	file_put("/sys/kernel/debug/failslab/verbose", "0");
	file_put("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	file_put("/sys/kernel/debug/fail_usercopy/verbose", "0");
	return err;
}

/* The copy of this very number may be what fails; then it has been used up. */
void fault_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	/* If this fails, nothing that follows means anything. */
	if (pwrite(fault_fd, text, len, 0) != len &&
	    pwrite(fault_fd, text, len, 0) != len)
		abort();
}

/* The copy of the answer may be what fails: it had not come to it before. */
bool fault_fired(void)
{
	unsigned int left = 1;
	char text[16] = "";

	if (pread(fault_fd, text, sizeof(text) - 1, 0) >= 0)
		left = strtoul(text, NULL, 10);
	fault_arm(0);
	return !left;
}

/* Which caches can fail by themselves is said when the kernel starts. */
bool fault_cache_can(const char *cache)
{
	char path[128], can = '0';
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/failslab", cache);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && read(fd, &can, 1) != 1)
		can = '0';
	close(fd);
	return can == '1';
}

int fault_caches_begin(void)
{
	return file_put("/sys/kernel/debug/failslab/cache-filter", "Y") ?:
	       file_put("/sys/kernel/debug/failslab/times", "1000000") ?:
	       file_put("/sys/kernel/debug/failslab/probability", "100");
}

int fault_caches_end(void)
{
	return file_put("/sys/kernel/debug/failslab/probability", "0") ?:
	       file_put("/sys/kernel/debug/failslab/cache-filter", "N");
}
