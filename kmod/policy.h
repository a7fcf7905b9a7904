/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VSN_POLICY_H
#define _VSN_POLICY_H

#include <linux/atomic.h>
#include <linux/filter.h>
#include <linux/limits.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>

#include "stats.h"

struct netlink_ext_ack;
struct vsn_vnic;

/**
 * struct vsn_runs - packets that a policy judged on one CPU
 * @count: how many
 * @sync: for readers on 32-bit machines
 */
struct vsn_runs {
	u64 count;
	struct u64_stats_sync sync;
};

/**
 * struct vsn_policy - an eBPF program that judges one direction of a vNIC
 * @prog: the program, referenced
 * @pure: it calls nothing but its own maps, and cannot change a packet
 * @looks: it may look into packets; always, unless it is @pure
 * @runs: packets it judged
 * @drops: packets it dropped
 * @errors: verdicts that are none, and packets it could not be run on
 * @attached: CLOCK_BOOTTIME in nanoseconds
 * @free: frees it after a grace period, where one may sleep
 */
struct vsn_policy {
	struct bpf_prog *prog;
	bool pure;
	bool looks;
	struct vsn_runs __percpu *runs;
	atomic64_t drops;
	atomic64_t errors;
	u64 attached;
	struct rcu_work free;
};

/* No program gives this; it is no verdict of theirs either. */
#define VSN_POLICY_NO_VERDICT	INT_MIN

/* It judges one more packet. Bottom halves are off. */
static __always_inline void vsn_policy_ran(const struct vsn_policy *policy)
{
	struct vsn_runs *runs;

	/* One instruction, where that is all it takes. */
	if (IS_ENABLED(CONFIG_64BIT)) {
		__this_cpu_inc(policy->runs->count);
		return;
	}
	runs = this_cpu_ptr(policy->runs);
	u64_stats_update_begin(&runs->sync);
	runs->count++;
	u64_stats_update_end(&runs->sync);
}

u32 vsn_policy_run_timed(const struct bpf_prog *prog, struct sk_buff *skb);

/* As bpf_prog_run(), but what takes the time is not kept in registers here. */
static __always_inline u32 vsn_policy_run(const struct bpf_prog *prog,
					  struct sk_buff *skb)
{
	if (static_branch_unlikely(&bpf_stats_enabled_key))
		return vsn_policy_run_timed(prog, skb);
	return bpf_dispatcher_nop_func(skb, prog->insnsi, prog->bpf_func);
}

/*
 * Run a program that leaves packets alone on a frame whose header of @header
 * bytes has been pulled, as at ingress, or 0. Programs expect it to be there.
 */
static __always_inline int
vsn_policy_call_pure(const struct vsn_policy *policy, struct sk_buff *skb,
		     unsigned int header)
{
	int verdict;

	if (header) {
		skb->data -= header;
		skb->len += header;
		/* As tc has it; at egress it is there already. */
		qdisc_skb_cb(skb)->pkt_len = skb->len;
	}
	if (policy->looks)
		bpf_compute_data_pointers(skb);
	verdict = vsn_policy_run(policy->prog, skb);
	skb->data += header;
	skb->len -= header;
	return verdict;
}

int vsn_policy_call(const struct vsn_policy *policy, struct sk_buff *skb,
		    bool ingress);
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
