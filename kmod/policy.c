// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies: eBPF programs of the kind that tc runs in direct-action mode, one
 * per direction of a vNIC. Prepare, verify, swap: on failure the old one stays.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "net.h"
#include "notify.h"
#include "policy.h"
#include "trace.h"
#include "vnic.h"

/* Policies are freed here; exit waits for it. */
static struct workqueue_struct *vsn_policy_wq;

/**
 * vsn_policy_run_timed - run a program while the kernel measures programs
 * @prog: the program
 * @skb: the packet
 *
 * Context: hook.
 * Return: its verdict.
 */
noinline u32 vsn_policy_run_timed(const struct bpf_prog *prog,
				  struct sk_buff *skb)
{
	return bpf_prog_run(prog, skb);
}

/* The program may have changed the packet, its length and header included. */
static int vsn_policy_call_any(const struct bpf_prog *prog, struct sk_buff *skb,
			       bool ingress)
{
	int verdict;

	if (ingress) {
		__skb_push(skb, skb->mac_len);
		qdisc_skb_cb(skb)->pkt_len = skb->len;
	}
	bpf_compute_data_pointers(skb);
	verdict = bpf_prog_run(prog, skb);
	if (ingress)
		__skb_pull(skb, skb->mac_len);
	return verdict;
}

/**
 * vsn_policy_call - run a policy's program, whatever that does
 * @policy: the policy
 * @skb: the packet, as the hook has it
 * @ingress: where the hook is
 *
 * It gets what the helpers that redirect need. They only prepare; the redirect
 * itself would be ours to do, and is not done.
 *
 * A packet that others hold too must not be written to, and a hook cannot put
 * another in its place: the program judges a clone, and what it writes is lost.
 * Only pktgen is known to make such packets.
 *
 * Context: hook.
 * Return: its verdict, or VSN_POLICY_NO_VERDICT if it could not be run.
 */
int vsn_policy_call(const struct vsn_policy *policy, struct sk_buff *skb,
		    bool ingress)
{
	struct bpf_net_context ctx, *set;
	struct sk_buff *clone = NULL;
	bool was_ingress;
	int verdict;

	if (policy->pure)
		return vsn_policy_call_pure(policy, skb,
					    ingress ? skb->mac_len : 0);
	if (skb_shared(skb)) {
		clone = skb_clone(skb, GFP_ATOMIC);
		if (!clone)
			return VSN_POLICY_NO_VERDICT;
		skb = clone;
	}
	set = bpf_net_ctx_set(&ctx);
	was_ingress = vsn_compat_tc_at_ingress(skb, ingress);
	verdict = vsn_policy_call_any(policy->prog, skb, ingress);
	vsn_compat_tc_at_ingress(skb, was_ingress);
	bpf_net_ctx_clear(set);
	kfree_skb(clone);
	return verdict;
}

static void vsn_policy_free(struct vsn_policy *policy)
{
	bpf_prog_put(policy->prog);
	free_percpu(policy->runs);
	kfree(policy);
}

static void vsn_policy_free_work(struct work_struct *work)
{
	vsn_policy_free(container_of(to_rcu_work(work), struct vsn_policy,
				     free));
}

/* Does an instruction call nothing but a map of the program's own? */
static bool vsn_policy_insn_pure(const struct bpf_prog *prog,
				 const struct bpf_insn *insn)
{
	const struct bpf_map_ops *ops;
	unsigned long fn;
	u32 i;

	if (insn->code == (BPF_JMP | BPF_TAIL_CALL))
		return false;
	if (insn->code != (BPF_JMP | BPF_CALL))
		return true;
	if (insn->src_reg)
		return false;
	fn = (unsigned long)__bpf_call_base + insn->imm;
	for (i = 0; i < prog->aux->used_map_cnt; i++) {
		ops = prog->aux->used_maps[i]->ops;
		if (fn == (unsigned long)ops->map_lookup_elem ||
		    fn == (unsigned long)ops->map_update_elem ||
		    fn == (unsigned long)ops->map_delete_elem)
			return true;
	}
	return false;
}

/*
 * Packets are changed by helpers; even a direct write is preceded by a call to
 * one. A program that calls none leaves packets alone, unless it has type
 * information: then a function of it can be replaced later on.
 */
static bool vsn_policy_pure(const struct bpf_prog *prog)
{
	u32 i;

	if (prog->aux->func_info)
		return false;
	for (i = 0; i < prog->len; i++)
		if (!vsn_policy_insn_pure(prog, &prog->insnsi[i]))
			return false;
	return true;
}

/*
 * What a packet holds is read up to an end that the program has to ask for
 * first, here in the kernel's own terms: so one that does not ask does not
 * look, and need not be told.
 */
static bool vsn_policy_insn_looks(const struct bpf_insn *insn)
{
	const int cb = offsetof(struct sk_buff, cb);

	return BPF_CLASS(insn->code) == BPF_LDX &&
	       (insn->off == cb + (int)offsetof(struct bpf_skb_data_end,
						data_end) ||
		insn->off == cb + (int)offsetof(struct bpf_skb_data_end,
						data_meta));
}

static bool vsn_policy_looks(const struct bpf_prog *prog)
{
	u32 i;

	for (i = 0; i < prog->len; i++)
		if (vsn_policy_insn_looks(&prog->insnsi[i]))
			return true;
	return false;
}

static struct vsn_policy *vsn_policy_create(u32 fd,
					    struct netlink_ext_ack *extack)
{
	struct vsn_policy *policy;
	struct bpf_prog *prog;
	int cpu, err = -ENOMEM;

	prog = bpf_prog_get_type_dev(fd, BPF_PROG_TYPE_SCHED_CLS, false);
	if (IS_ERR(prog)) {
		NL_SET_ERR_MSG(extack,
			       "prog-fd is no eBPF program of type sched_cls");
		return ERR_CAST(prog);
	}
	policy = kzalloc(sizeof(*policy), GFP_KERNEL_ACCOUNT);
	if (!policy)
		goto err_prog;
	policy->runs = alloc_percpu_gfp(struct vsn_runs, GFP_KERNEL_ACCOUNT);
	if (!policy->runs)
		goto err_free;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(policy->runs, cpu)->sync);
	policy->prog = prog;
	policy->pure = vsn_policy_pure(prog);
	policy->looks = !policy->pure || vsn_policy_looks(prog);
	policy->attached = ktime_get_boottime_ns();
	INIT_RCU_WORK(&policy->free, vsn_policy_free_work);
	return policy;

err_free:
	kfree(policy);
err_prog:
	bpf_prog_put(prog);
	return ERR_PTR(err);
}

/* @policy may be NULL. Packets see the old one or the new one, never none. */
static void vsn_policy_swap(struct vsn_vnic *vnic, enum vsn_dir dir,
			    struct vsn_policy *policy)
{
	struct vsn_policy *old = vsn_policy_get(vnic, dir);

	rcu_assign_pointer(vnic->policy[dir], policy);
	if (policy)
		trace_vsn_policy_attach(vnic, dir, policy->prog->aux->id);
	if (!old)
		return;
	trace_vsn_policy_detach(vnic, dir, old->prog->aux->id);
	queue_rcu_work(vsn_policy_wq, &old->free);
}

static void vsn_policy_changed(struct vsn_vnic *vnic)
{
	vsn_vnic_act_update(vnic);
	vsn_net_changed(vnic->sn);
	vsn_notify_vnic(vnic, VMSAFE_NET_REASON_POLICY);
}

/**
 * vsn_policy_set - attach a policy, or replace the one there
 * @vnic: a bound entry, the lock of its namespace held
 * @dir: direction
 * @fd: descriptor of the program, in the calling process
 * @extack: where a refusal says why
 *
 * Context: process.
 * Return: 0; -EBADF or -EINVAL if @fd is no such program, -ENOMEM. The old
 * policy stays then.
 */
int vsn_policy_set(struct vsn_vnic *vnic, enum vsn_dir dir, u32 fd,
		   struct netlink_ext_ack *extack)
{
	struct vsn_policy *policy;

	if (vsn_stats_prepare(vnic))
		return -ENOMEM;
	policy = vsn_policy_create(fd, extack);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	vsn_policy_swap(vnic, dir, policy);
	vsn_policy_changed(vnic);
	return 0;
}

/**
 * vsn_policy_detach - detach a policy
 * @vnic: an entry, the lock of its namespace held
 * @dir: direction
 *
 * Return: 0, or -ENOENT if there is none.
 */
int vsn_policy_detach(struct vsn_vnic *vnic, enum vsn_dir dir)
{
	if (!vsn_policy_get(vnic, dir))
		return -ENOENT;
	vsn_policy_swap(vnic, dir, NULL);
	vsn_policy_changed(vnic);
	return 0;
}

/**
 * vsn_policy_clear - detach what is attached, and tell nobody
 * @vnic: an entry, the lock of its namespace held, its act up to date
 */
void vsn_policy_clear(struct vsn_vnic *vnic)
{
	int dir;

	/*
	 * Who finds the policy gone has to find that the entry is closed, if
	 * that is why; pairs with smp_rmb() in vsn_hook_policy(). Assigning
	 * NULL orders nothing.
	 */
	smp_wmb();
	for (dir = 0; dir < VSN_DIRS; dir++)
		vsn_policy_swap(vnic, dir, NULL);
}

/**
 * vsn_policy_get - the policy of a direction, for those who hold the lock
 * @vnic: an entry
 * @dir: direction
 *
 * Return: the policy or NULL.
 */
struct vsn_policy *vsn_policy_get(const struct vsn_vnic *vnic,
				  enum vsn_dir dir)
{
	return rcu_dereference_protected(vnic->policy[dir],
					 lockdep_is_held(&vnic->sn->lock));
}

/**
 * vsn_policy_runs - how many packets it judged
 * @policy: the policy
 *
 * Context: any.
 * Return: the sum over all CPUs.
 */
u64 vsn_policy_runs(const struct vsn_policy *policy)
{
	const struct vsn_runs *runs;
	unsigned int start;
	u64 count, sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		runs = per_cpu_ptr(policy->runs, cpu);
		do {
			start = u64_stats_fetch_begin(&runs->sync);
			count = READ_ONCE(runs->count);
		} while (u64_stats_fetch_retry(&runs->sync, start));
		sum += count;
	}
	return sum;
}

/**
 * vsn_policy_init - make room for freeing
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vsn_policy_init(void)
{
	vsn_policy_wq = alloc_workqueue("vmsafe_net", 0, 0);
	return vsn_policy_wq ? 0 : -ENOMEM;
}

/**
 * vsn_policy_exit - wait until all policies are freed
 *
 * Context: module exit, or the unwinding of init; no vNIC is left.
 */
void vsn_policy_exit(void)
{
	/* Work still on its way through RCU gets into the queue first. */
	rcu_barrier();
	destroy_workqueue(vsn_policy_wq);
}
