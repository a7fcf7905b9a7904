/* SPDX-License-Identifier: GPL-2.0-only */
/* Failures on request, in kernels that can: the nth thing that may fail. */
#ifndef VSN_TEST_FAULT_H
#define VSN_TEST_FAULT_H

#include <stdbool.h>

/* 0, or a negative errno if this kernel has no fault injection. */
int fault_prepare(void);
/* From now on the nth allocation or copy by this thread fails. */
void fault_arm(unsigned int nth);
/* No more; true if it came to that. */
bool fault_fired(void);

/* The slab caches of entries and of messages can fail by themselves. */
#define FAULT_ENTRIES	"vmsafe_net_vnic"
#define FAULT_MESSAGES	"skbuff_head_cache"

/* Does this cache? scripts/vm starts the debug kernel so that they do. */
bool fault_cache_can(const char *cache);
/*
 * From now on whatever anybody takes from them fails, until it is said to be
 * over. Both return 0 or a negative errno.
 */
int fault_caches_begin(void);
int fault_caches_end(void);

#endif /* VSN_TEST_FAULT_H */
