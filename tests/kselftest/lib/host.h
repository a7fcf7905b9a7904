/* SPDX-License-Identifier: GPL-2.0-only */
/* What one namespace says of itself, and of its VMs. */
#ifndef VSN_TEST_HOST_H
#define VSN_TEST_HOST_H

#include "nl.h"
#include "vnic.h"

struct host {
	uint64_t has;
	uint64_t instance;
	uint64_t generation;
	uint32_t seq;
	uint32_t reason;
	uint32_t abi;
	uint32_t limit;
	uint32_t vnics;
	uint32_t bound;
	uint32_t vms;
	uint64_t refused;
	uint32_t unbound_default;
	uint32_t policy;
	uint32_t appliance;
	uint32_t pid;
	uint64_t epoch;
	uint32_t interval;
	uint32_t tolerance;
};

#define host_has(h, attr) (!!((h)->has & (1ULL << VMSAFE_NET_A_HOST_ ## attr)))

struct vm {
	uint64_t has;
	uint64_t id;
	uint8_t uuid[VMSAFE_NET_UUID_LEN];
	char name[VMSAFE_NET_NAME_MAX + 1];
	uint32_t vnics;
	uint64_t generation;
};

int host_parse(const struct nlmsghdr *nlh, struct host *h);
int host_get(struct nl *nl, struct host *h);
int host_set(struct nl *nl, uint16_t attr, uint32_t value);
/* Both are 0 on failure, which no namespace's first answer is. */
uint64_t host_generation(struct nl *nl);
uint64_t host_refused(struct nl *nl);

int vm_get(struct nl *nl, const uint8_t *uuid, struct vm *vm);
/* Dump all, or one if @uuid; returns how many there are or an errno. */
int vm_list(struct nl *nl, const uint8_t *uuid, struct vm *vms,
	    unsigned int max);

#endif /* VSN_TEST_HOST_H */
