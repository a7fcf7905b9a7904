/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_POLICY_H
#define _VSN_POLICY_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "stats.h"

struct bpf_prog;
struct netlink_ext_ack;
struct nf_hook_state;
struct sk_buff;
struct vsn_vnic;

/**
 * struct vsn_policy - an eBPF program that judges one direction of a vNIC
 * @prog: the program, referenced
 * @pure: it cannot change a packet
 * @runs: packets it judged, per CPU
 * @drops: packets it dropped
 * @errors: verdicts that are none, and packets it could not be run on
 * @attached: CLOCK_BOOTTIME in nanoseconds
 * @free: frees it after a grace period, where one may sleep
 */
struct vsn_policy {
	struct bpf_prog *prog;
	bool pure;
	u64 __percpu *runs;
	atomic64_t drops;
	atomic64_t errors;
	u64 attached;
	struct rcu_work free;
};

/* What a policy says of a packet. */
enum vsn_judgement {
	VSN_POLICY_PASS,
	VSN_POLICY_DROP,
	VSN_POLICY_ERROR,
};

enum vsn_judgement vsn_policy_run(struct vsn_policy *policy,
				  struct sk_buff *skb,
				  const struct nf_hook_state *state);

int vsn_policy_set(struct vsn_vnic *vnic, enum vsn_dir dir, u32 fd,
		   struct netlink_ext_ack *extack);
int vsn_policy_detach(struct vsn_vnic *vnic, enum vsn_dir dir);
void vsn_policy_clear(struct vsn_vnic *vnic);
struct vsn_policy *vsn_policy_get(const struct vsn_vnic *vnic,
				  enum vsn_dir dir);
u64 vsn_policy_runs(const struct vsn_policy *policy);

int vsn_policy_init(void);
void vsn_policy_exit(void);

#endif /* _VSN_POLICY_H */
