/* SPDX-License-Identifier: GPL-2.0-only */
/* The appliance's side of the driver: /dev/vmsafe-net and its ioctls. */
#ifndef VSN_TEST_DEVICE_H
#define VSN_TEST_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include <linux/vmsafe_net_ioctl.h>

/* All return 0 or a negative errno if not said otherwise. */

/* A descriptor. */
int device_open(void);
int device_ioctl(int fd, unsigned int number, void *arg);

int device_version(int fd, struct vmsafe_net_ioc_version *out);
/* 0, or an errno; @epoch may be NULL. */
int device_attach(int fd, uint32_t interval, uint32_t tolerance,
		  uint64_t *epoch);
/* The same, whoever holds it. */
int device_take(int fd, uint32_t interval, uint32_t tolerance,
		uint64_t *epoch);
int device_detach(int fd, uint64_t epoch);
int device_heartbeat(int fd, uint64_t epoch);

/*
 * List into @entries, which has room for *@count of @entry_size bytes; *@count
 * becomes what the driver says. @generation may be NULL.
 */
int device_list(int fd, unsigned int number, void *entries, size_t entry_size,
		uint32_t *count, uint64_t *generation);

/* 0 on failure, which no generation is. */
uint64_t device_generation(int fd);

#endif /* VSN_TEST_DEVICE_H */
