/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_PROBE_H
#define _VSN_PROBE_H

#include <linux/netfilter.h>

#include "stats.h"

struct vsn_vnic;

/**
 * struct vsn_probe - a marked frame's way through a hook
 * @state: given to the hook, which knows the frame by it
 * @hooked: the hook saw it
 * @policed: a policy ran on it
 * @mode: enum vmsafe_net_mode that it met
 * @reason: enum vmsafe_net_drop_reason, or VSN_HOOK_PASS
 * @prog_id: the program that ran
 */
struct vsn_probe {
	struct nf_hook_state state;
	bool hooked;
	bool policed;
	u8 mode;
	int reason;
	u32 prog_id;
};

unsigned int vsn_probe_seen(const struct nf_hook_state *state, u8 mode,
			    int reason);
int vsn_probe_run(struct vsn_vnic *vnic, enum vsn_dir dir,
		  struct vsn_probe *probe);

#endif /* _VSN_PROBE_H */
