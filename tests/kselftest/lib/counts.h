/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver counts of a vNIC, and what a probe of it found. */
#ifndef VSN_TEST_COUNTS_H
#define VSN_TEST_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/vmsafe_net.h>

#include "nl.h"
#include "vnic.h"

#define DIRS	2
#define FROM	VMSAFE_NET_DIRECTION_FROM_GUEST
#define TO	VMSAFE_NET_DIRECTION_TO_GUEST

#define MODES	(VMSAFE_NET_MODE_BYPASS + 1)
#define REASONS	(VMSAFE_NET_DROP_REASON_POLICY_ERROR + 1)

struct wire_mac {
	uint8_t mac[VMSAFE_NET_MAC_LEN];
	uint32_t first;
	uint32_t last;
};

struct policy_counts {
	bool attached;
	uint32_t prog_id;
	uint8_t tag[8];
	uint64_t runs;
	uint64_t drops;
	uint64_t errors;
	uint64_t since;
};

/* By direction, by mode, by reason; what an answer left out is 0. */
struct counts {
	struct vnic_stats total;
	uint64_t passed[MODES][DIRS];
	uint64_t dropped[MODES][DIRS];
	uint64_t drops[DIRS][REASONS];
	unsigned int macs;
	struct wire_mac mac[8];
	uint64_t others;
	uint64_t guard_hits;
	struct policy_counts policy[DIRS];
};

struct probe {
	uint32_t result;
	uint32_t mode;
	bool dropped;
	uint32_t reason;
	uint32_t prog_id;
};

/* All return 0 or a negative errno if not said otherwise. */

int counts_get(struct nl *nl, const char *ifname, struct counts *c);

/* Passed or dropped in this direction, whatever the mode or the reason. */
uint64_t counts_seen(const struct counts *c, unsigned int dir);
/* Does each total say what its parts add up to? */
bool counts_agree(const struct counts *c);

/* The MAC as it was learned, or NULL. */
const struct wire_mac *counts_mac(const struct counts *c, const uint8_t *mac);

/* Set one attribute of a binding. */
int vnic_set_u32(struct nl *nl, const char *ifname, uint16_t attr,
		 uint32_t value);
int vnic_set_bypass(struct nl *nl, const char *ifname, bool bypass);

int policy_set(struct nl *nl, const char *ifname, unsigned int dir, int prog);
int policy_detach(struct nl *nl, const char *ifname, unsigned int dir);

int probe_run(struct nl *nl, const char *ifname, struct probe p[DIRS]);

#endif /* VSN_TEST_COUNTS_H */
