// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory runs out, at each place in turn: every operation either succeeds or
 * changes nothing, and works the next time. Needs a kernel with fault
 * injection; others skip it.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/fault.h"
#include "lib/op.h"
#include "lib/prog.h"
#include "lib/world.h"

#define NTH_MOST	200	/* nothing of ours allocates that often */
#define MANY		12	/* entries of a table */

struct stage {
	struct nl nl;
	const struct op *op;
	struct subject s;
	int tap;
	int fd;
	int made;
	int progs[2];
	struct nl events;
	char name[IFNAMSIZ];
	unsigned int nth;
	bool fired;
};

/* What the operations need, and what undoes them, without failures. */

static int bind_it(struct stage *st)
{
	return vnic_bind(&st->nl, st->name, &st->s.identity, NULL);
}

static int unbind_it(struct stage *st)
{
	return vnic_unbind(&st->nl, st->name, NULL);
}

static int del_port(struct stage *st)
{
	return vnic_port(&st->nl, VMSAFE_NET_CMD_PORT_DEL, "dummy", NULL);
}

static int add_port(struct stage *st)
{
	return vnic_port(&st->nl, VMSAFE_NET_CMD_PORT_ADD, "dummy", NULL);
}

/*
 * The kernel handles a request while it is sent, all of it but what a dump has
 * to say later. The reading of the answer is no affair of the driver.
 */
static int run_request(struct stage *st)
{
	int err;

	if (st->op->dump)
		st->nl.request.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	fault_arm(st->nth);
	err = nl_send(&st->nl);
	st->fired = fault_fired();
	return err ?: nl_answer(&st->nl);
}

static int run_op(struct stage *st)
{
	op_begin(&st->nl, st->op, &st->s, NULL);
	return run_request(st);
}

static int run_port(struct stage *st, uint8_t cmd)
{
	nl_begin(&st->nl, cmd);
	nl_put_str(&st->nl, VMSAFE_NET_A_VNIC_IFNAME, "dummy");
	return run_request(st);
}

static int run_port_add(struct stage *st)
{
	return run_port(st, VMSAFE_NET_CMD_PORT_ADD);
}

static int run_port_del(struct stage *st)
{
	return run_port(st, VMSAFE_NET_CMD_PORT_DEL);
}

/* To something that the entry is not, each time it is tried. */
static int set_it(struct stage *st)
{
	st->s.identity.device_id ^= 1;
	st->s.identity.mac[5] ^= 1;
	return run_op(st);
}

/* Call something with the failure armed. */
#define WITH_FAULT(st, call)						\
({									\
	int __err;							\
									\
	fault_arm((st)->nth);						\
	__err = (call);							\
	(st)->fired = fault_fired();					\
	__err;								\
})

static int attach(struct stage *st)
{
	return WITH_FAULT(st, device_attach(st->fd, 0, 0, NULL));
}

static int detach(struct stage *st)
{
	struct host h;

	return host_get(&st->nl, &h) ?:
	       WITH_FAULT(st, device_detach(st->fd, h.epoch));
}

static int list(struct stage *st)
{
	struct vmsafe_net_ioc_vnic entries[4];
	uint32_t count = 4;

	return WITH_FAULT(st, device_list(st->fd, VMSAFE_NET_IOC_LIST_VNICS,
					  entries, sizeof(entries[0]), &count,
					  NULL));
}

static int list_vms(struct stage *st)
{
	struct vmsafe_net_ioc_vm entries[4];
	uint32_t count = 4;

	return WITH_FAULT(st, device_list(st->fd, VMSAFE_NET_IOC_LIST_VMS,
					  entries, sizeof(entries[0]), &count,
					  NULL));
}

static int verify(struct stage *st)
{
	struct vmsafe_net_ioc_verify verify = { .size = sizeof(verify) };

	memcpy(verify.vm_uuid, st->s.identity.uuid, sizeof(verify.vm_uuid));
	return WITH_FAULT(st, device_ioctl(st->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					   &verify));
}

static int version(struct stage *st)
{
	struct vmsafe_net_ioc_version version;

	return WITH_FAULT(st, device_version(st->fd, &version));
}

static int heartbeat(struct stage *st)
{
	struct host h;

	return host_get(&st->nl, &h) ?:
	       WITH_FAULT(st, device_heartbeat(st->fd, h.epoch));
}

/* It changes hands each time; also when the answer is all that got lost. */
static int take_over(struct stage *st)
{
	int err = WITH_FAULT(st, device_take(st->made, 0, 0, NULL)), fd;
	struct host h;

	if (!host_get(&st->nl, &h) && !device_heartbeat(st->made, h.epoch)) {
		fd = st->fd;
		st->fd = st->made;
		st->made = fd;
	}
	return err;
}

static int open_device(struct stage *st)
{
	st->made = WITH_FAULT(st, device_open());
	return st->made < 0 ? st->made : 0;
}

static int close_device(struct stage *st)
{
	close(st->made);
	return 0;
}

/* One that promises nothing: its end by force is no loss. */
static int attach_and_open(struct stage *st)
{
	st->made = device_open();
	return st->made < 0 ? st->made : attach(st);
}

static int attach_and_bind(struct stage *st)
{
	return attach(st) ?: bind_it(st);
}

#define PROMISE_MS	600000	/* never missed here */

static int attach_promising(struct stage *st)
{
	return WITH_FAULT(st, device_attach(st->fd, PROMISE_MS, 0, NULL));
}

/* Somebody listens: what happens has to be told. */
static int hear(struct stage *st)
{
	return nl_open(&st->events) ?: event_join(&st->events, &st->nl);
}

static int promise_for_closed(struct stage *st)
{
	return hear(st) ?: bind_it(st) ?:
	       vnic_set_u32(&st->nl, st->name, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
			    VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED) ?:
	       attach_promising(st);
}

static int release(struct stage *st)
{
	return WITH_FAULT(st, close(st->fd) ? -errno : 0);
}

static int released(struct stage *st)
{
	struct vnic v;
	struct host h;
	int err = host_get(&st->nl, &h) ?: vnic_get(&st->nl, st->name, &v);

	return err ?: h.appliance == VMSAFE_NET_APPLIANCE_STATE_RESET &&
		      v.mode == VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED ?
		      0 : -EBADMSG;
}

static int attach_anew(struct stage *st)
{
	st->fd = device_open();
	return st->fd < 0 ? st->fd : attach_promising(st);
}

static int add_many(struct stage *st)
{
	char name[IFNAMSIZ];
	int i, err = hear(st);

	for (i = 0; i < MANY && !err; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		err = link_add("dummy", name) ?:
		      vnic_port(&st->nl, VMSAFE_NET_CMD_PORT_ADD, name, NULL);
	}
	return err;
}

/* Each of them has to be able to count first what it is to drop. */
static int drop_unbound(struct stage *st)
{
	nl_begin(&st->nl, VMSAFE_NET_CMD_HOST_SET);
	nl_put_u32(&st->nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
		   VMSAFE_NET_VERDICT_DROP);
	return run_request(st);
}

static int pass_unbound(struct stage *st)
{
	return host_set(&st->nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			VMSAFE_NET_VERDICT_PASS);
}

static int run_policy(struct stage *st, int prog)
{
	nl_begin(&st->nl, VMSAFE_NET_CMD_POLICY_SET);
	nl_put_str(&st->nl, VMSAFE_NET_A_VNIC_IFNAME, st->name);
	nl_put_u32(&st->nl, VMSAFE_NET_A_VNIC_DIRECTION, TO);
	if (prog >= 0)
		nl_put_u32(&st->nl, VMSAFE_NET_A_VNIC_PROG_FD, prog);
	return run_request(st);
}

static int set_policy(struct stage *st)
{
	return run_policy(st, st->progs[0]);
}

static int detach_policy(struct stage *st)
{
	return run_policy(st, -1);
}

/* By the other one of the two, each time it is tried. */
static int replace_policy(struct stage *st)
{
	int prog = st->progs[0];

	st->progs[0] = st->progs[1];
	st->progs[1] = prog;
	return run_policy(st, st->progs[0]);
}

static int bind_with_policy(struct stage *st)
{
	return bind_it(st) ?: set_policy(st);
}

FIXTURE(failnth)
{
	struct stage st;
};

/**
 * struct _fixture_variant_failnth - what is to fail
 * @op: if it is a netlink operation, which
 * @before: what has to be there before
 * @act: what is to fail
 * @after: undoes it when it has succeeded; or, if it succeeded and that was
 *	what @before had made, makes it again
 * @done: for what cannot be refused: 0 if all of it was done
 */
FIXTURE_VARIANT(failnth)
{
	enum op_number op;
	int (*before)(struct stage *st);
	int (*act)(struct stage *st);
	int (*after)(struct stage *st);
	int (*done)(struct stage *st);
};

#define OP(variant, number, before, after)				\
	ACT(variant, number, before, run_op, after)
#define ACT(variant, number, before, act, after)			\
FIXTURE_VARIANT_ADD(failnth, variant) { number, before, act, after, NULL }

OP(host_get, OP_HOST_GET, NULL, NULL);
OP(host_set, OP_HOST_SET, NULL, NULL);
OP(vm_get, OP_VM_GET, bind_it, NULL);
OP(vm_dump, OP_VM_DUMP, bind_it, NULL);
OP(vnic_get, OP_VNIC_GET, bind_it, NULL);
OP(vnic_dump, OP_VNIC_DUMP, bind_it, NULL);
OP(vnic_bind, OP_VNIC_BIND, NULL, unbind_it);
OP(vnic_unbind, OP_VNIC_UNBIND, bind_it, bind_it);
OP(vnic_probe, OP_VNIC_PROBE, bind_it, NULL);
ACT(vnic_set, OP_VNIC_SET, bind_it, set_it, NULL);
ACT(port_add, 0, NULL, run_port_add, del_port);
ACT(port_del, 0, add_port, run_port_del, add_port);
ACT(open, 0, NULL, open_device, close_device);
ACT(version, 0, NULL, version, NULL);
ACT(attach, 0, NULL, attach, detach);
ACT(detach, 0, attach, detach, attach);
ACT(list, 0, attach, list, NULL);
ACT(list_vms, 0, attach_and_bind, list_vms, NULL);
ACT(verify, 0, attach_and_bind, verify, NULL);
ACT(heartbeat, 0, attach, heartbeat, NULL);
ACT(take_over, 0, attach_and_open, take_over, NULL);
ACT(attach_promising, 0, bind_it, attach_promising, detach);
ACT(host_set_drop, 0, add_many, drop_unbound, pass_unbound);
ACT(policy_set, 0, bind_it, set_policy, detach_policy);
ACT(policy_replace, 0, bind_with_policy, replace_policy, NULL);
ACT(policy_detach, 0, bind_with_policy, detach_policy, set_policy);
OP(probe_policy, OP_VNIC_PROBE, bind_with_policy, NULL);
OP(unbind_policy, OP_VNIC_UNBIND, bind_with_policy, bind_with_policy);
FIXTURE_VARIANT_ADD(failnth, release_promising) {
	0, promise_for_closed, release, attach_anew, released
};

FIXTURE_SETUP(failnth)
{
	struct stage *st = &self->st;
	struct vnic v;

	if (fault_prepare())
		SKIP(return, "no fault injection in this kernel");
	ASSERT_EQ(0, netns_enter_new());
	ASSERT_EQ(0, nl_open(&st->nl));
	st->tap = tap_open(port_name(st->name, "tap"));
	ASSERT_LE(0, st->tap);
	ASSERT_EQ(0, link_add("dummy", "dummy"));
	ASSERT_EQ(0, vnic_get(&st->nl, st->name, &v));
	st->s.identity = identity_of(1, 0);
	st->s.ifname = st->name;
	st->s.ifindex = v.ifindex;
	st->s.id = v.id;
	st->op = &ops[variant->op];
	st->fd = device_open();
	ASSERT_LE(0, st->fd);
	st->progs[0] = prog_verdict(TC_ACT_OK);
	ASSERT_LE(0, st->progs[0]);
	st->progs[1] = prog_verdict(TC_ACT_SHOT);
	ASSERT_LE(0, st->progs[1]);
	if (variant->before)
		ASSERT_EQ(0, variant->before(st));
}

FIXTURE_TEARDOWN(failnth)
{
	close(self->st.fd);
	close(self->st.tap);
	nl_close(&self->st.nl);
}

/* All that a reader can see. */
struct picture {
	struct host host;
	struct vnic v[MANY + 4];
	int vnics;
	int vms;
	uint32_t progs[DIRS];
};

static int picture_take(struct nl *nl, const char *name, struct picture *p)
{
	struct counts c;
	int dir, err;

	memset(p, 0, sizeof(*p));
	err = counts_get(nl, name, &c);
	if (err)
		return err;
	for (dir = 0; dir < DIRS; dir++)
		p->progs[dir] = c.policy[dir].prog_id;
	p->vnics = vnic_list(nl, p->v, MANY + 4);
	p->vms = vm_list(nl, NULL, NULL, 0);
	return host_get(nl, &p->host) ?: p->vnics < 0 ? p->vnics :
	       p->vms < 0 ? p->vms : 0;
}

static bool picture_same(const struct picture *a, const struct picture *b)
{
	return a->vnics == b->vnics && a->vms == b->vms &&
	       !memcmp(a->progs, b->progs, sizeof(a->progs)) &&
	       !memcmp(a->v, b->v, sizeof(a->v)) &&
	       a->host.generation == b->host.generation &&
	       a->host.vnics == b->host.vnics &&
	       a->host.bound == b->host.bound &&
	       a->host.limit == b->host.limit &&
	       a->host.policy == b->host.policy &&
	       a->host.unbound_default == b->host.unbound_default &&
	       a->host.appliance == b->host.appliance &&
	       a->host.epoch == b->host.epoch;
}

/* Throw away what is left of a request that was given up. */
static void forget_answers(struct nl *nl)
{
	static char buf[NL_ANSWER_MAX];

	while (recv(nl->fd, buf, sizeof(buf), MSG_DONTWAIT) >= 0 ||
	       errno == ENOBUFS)
		;
}

/*
 * ENOBUFS and, from an ioctl, EFAULT are the kernel's ways of saying that its
 * answer got lost: what was asked for may have been done, wholly.
 */
static bool may_be_done(int err)
{
	return !err || err == -ENOBUFS || err == -EFAULT;
}

TEST_F_TIMEOUT(failnth, each, 240)
{
	struct picture before, after;
	struct stage *st = &self->st;
	unsigned int nth, failed = 0, fires = 0;
	bool fired = true, same;
	int err;

	for (nth = 1; fired; nth++) {
		ASSERT_GT(NTH_MOST, nth);
		ASSERT_EQ(0, picture_take(&st->nl, st->name, &before));
		st->nth = nth;
		err = variant->act(st);
		fired = st->fired;
		st->nth = 0;
		forget_answers(&st->nl);
		ASSERT_EQ(0, picture_take(&st->nl, st->name, &after));
		same = picture_same(&before, &after);
		failed += err < 0;
		fires += fired;
		if (variant->done) {
			EXPECT_EQ(0, err);
			EXPECT_EQ(0, variant->done(st))
				TH_LOG("failure %u", nth);
		}
		EXPECT_TRUE(fired || !err)
			TH_LOG("nothing failed, but %d", err);
		EXPECT_TRUE(same || may_be_done(err))
			TH_LOG("failure %u gave %d, and a change", nth, err);
		if ((!err || !same) && variant->after)
			ASSERT_EQ(0, variant->after(st));
	}
	/* What never failed was not tried. */
	EXPECT_LT(0, variant->done ? fires : failed);
}

/*
 * The appliance is found missing where no test has its hands, and nobody can be
 * told: what is to be closed is closed, and those who listen learn that they
 * have missed something.
 */
TEST(lost_untold)
{
	struct vmsafe_net_ioc_verify verify = { .size = sizeof(verify) };
	struct identity id = identity_of(1, 0);
	int tap, fd, begun, attached, ended;
	static struct event ev;
	struct host before, h;
	char name[IFNAMSIZ];
	struct world w;
	bool closed;

	if (fault_prepare())
		SKIP(return, "no fault injection in this kernel");
	if (!fault_cache_can(FAULT_MESSAGES))
		SKIP(return, "the kernel was not started with slub_debug=A");
	ASSERT_EQ(0, world_begin(&w));
	tap = tap_open(port_name(name, "tap"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_bind(&w.nl, name, &id, NULL));
	ASSERT_EQ(0, vnic_set_u32(&w.nl, name, VMSAFE_NET_A_VNIC_FAILURE_POLICY,
				  VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED));
	ASSERT_LE(0, event_all(&w.events, &w.nl, &ev, 1));
	ASSERT_EQ(0, host_get(&w.nl, &before));
	fd = device_open();
	ASSERT_LE(0, fd);
	memcpy(verify.vm_uuid, id.uuid, sizeof(verify.vm_uuid));
	begun = fault_caches_begin();
	attached = device_attach(fd, 1, 0, NULL);
	closed = until(!device_ioctl(fd, VMSAFE_NET_IOC_VERIFY_VNIC, &verify) &&
		       verify.mode == VMSAFE_NET_MODE_APPLIANCE_LOST_CLOSED);
	ended = fault_caches_end();
	ASSERT_EQ(0, begun);
	ASSERT_EQ(0, ended);
	ASSERT_EQ(0, attached);
	EXPECT_TRUE(closed);
	EXPECT_EQ(-ENOBUFS, event_next(&w.events, &ev, UNTIL_MS));
	ASSERT_EQ(0, host_get(&w.nl, &h));
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_LOST, h.appliance);
	/* Each has its number all the same: attached, lost, and the mode. */
	EXPECT_EQ(before.seq + 3, h.seq);
	close(fd);
	close(tap);
	world_end(&w);
}

TEST_HARNESS_MAIN
