// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies: eBPF programs of tc's kind judge what the guest sends and gets.
 * Good ones, refused ones and hostile ones; swapped under traffic without a
 * packet that none of them has seen.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/module.h"
#include "lib/prog.h"
#include "lib/world.h"

#define REASON(name)	VMSAFE_NET_DROP_REASON_ ## name
#define FAIL(name)	VMSAFE_NET_FAILURE_POLICY_FAIL_ ## name

FIXTURE(policy)
{
	struct world w;
	int tap;
	int packet;
	char name[IFNAMSIZ];
	struct identity id;
	struct frame frame;
	struct counts c;
	struct event evs[4];
	struct vnic v;
};

FIXTURE_SETUP(policy)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->name, "tap"));
	ASSERT_LE(0, self->tap);
	ASSERT_EQ(0, link_up(self->name, true));
	self->packet = packet_open(self->name);
	ASSERT_LE(0, self->packet);
	self->id = identity_of(1, 0);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	frame_make(&self->frame, 60);
	ASSERT_EQ(3, event_all(&self->w.events, &self->w.nl, self->evs, 4));
}

FIXTURE_TEARDOWN(policy)
{
	close(self->packet);
	close(self->tap);
	world_end(&self->w);
	module_load();
}

#define ATTACH(dir, prog)						\
do {									\
	ASSERT_LE(0, prog);						\
	ASSERT_EQ(0, policy_set(&self->w.nl, self->name, dir, prog))	\
		TH_LOG("%s", self->w.nl.msg);				\
} while (0)

/* Wait until so many have been seen each way. */
#define EXPECT_SEEN(from, to)						\
	ASSERT_TRUE(until(!counts_get(&self->w.nl, self->name,		\
				      &self->c) &&			\
			  counts_seen(&self->c, FROM) == (from) &&	\
			  counts_seen(&self->c, TO) == (to)))

/* One each way; whether it passes is for the counters to say. */
#define SEND_BOTH()							\
do {									\
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));		\
	frame_send(self->packet, &self->frame);				\
} while (0)

TEST_F(policy, pass_and_drop)
{
	static const int verdicts[] = { TC_ACT_OK, TC_ACT_UNSPEC, TC_ACT_SHOT };
	unsigned int i, dir, passed[DIRS] = { }, sent = 0;
	struct policy_counts *p;
	uint8_t tag[8];
	int prog;

	for (i = 0; i < 2 * ARRAY_SIZE(verdicts); i++) {
		dir = i % DIRS;
		prog = prog_verdict(verdicts[i / DIRS]);
		ATTACH(dir, prog);
		SEND_BOTH();
		sent++;
		EXPECT_SEEN(sent, sent);
		p = &self->c.policy[dir];
		EXPECT_TRUE(p->attached);
		EXPECT_EQ(prog_id(prog), p->prog_id);
		ASSERT_EQ(0, prog_tag(prog, tag));
		EXPECT_EQ(0, memcmp(tag, p->tag, sizeof(tag)));
		EXPECT_LT(0, p->since);
		EXPECT_EQ(1, p->runs);
		EXPECT_EQ(0, p->errors);
		EXPECT_EQ(verdicts[i / DIRS] == TC_ACT_SHOT, p->drops);
		passed[FROM] += !self->c.policy[FROM].drops;
		passed[TO] += !self->c.policy[TO].drops;
		EXPECT_EQ(passed[FROM], self->c.total.from_packets);
		EXPECT_EQ(passed[TO], self->c.total.to_packets);
		EXPECT_EQ(sent - passed[TO], self->c.drops[TO][REASON(POLICY)]);
		EXPECT_TRUE(counts_agree(&self->c));
		close(prog);
	}
}

/* Whatever tc knows beyond the three, and what nobody knows. */
TEST_F(policy, verdicts_that_are_none)
{
	static const int verdicts[] = {
		TC_ACT_RECLASSIFY, TC_ACT_PIPE, TC_ACT_STOLEN, TC_ACT_QUEUED,
		TC_ACT_REPEAT, TC_ACT_REDIRECT, TC_ACT_TRAP, 9, 4711, -2,
		TC_ACT_JUMP, INT32_MAX, INT32_MIN,
	};
	unsigned int i, sent = 0;
	int prog;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		prog = prog_verdict(verdicts[i]);
		ATTACH(FROM, prog);
		ATTACH(TO, prog);
		ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->name,
					  VMSAFE_NET_A_VNIC_FAILURE_POLICY,
					  FAIL(OPEN)));
		SEND_BOTH();
		EXPECT_SEEN(sent + 1, sent + 1);
		EXPECT_EQ(i + 1, self->c.total.from_packets);
		EXPECT_EQ(i + 1, self->c.total.to_packets);
		EXPECT_EQ(1, self->c.policy[FROM].errors);
		ASSERT_EQ(0, vnic_set_u32(&self->w.nl, self->name,
					  VMSAFE_NET_A_VNIC_FAILURE_POLICY,
					  FAIL(CLOSED)));
		SEND_BOTH();
		sent += 2;
		EXPECT_SEEN(sent, sent);
		EXPECT_EQ(i + 1, self->c.drops[FROM][REASON(POLICY_ERROR)])
			TH_LOG("verdict %d", verdicts[i]);
		EXPECT_EQ(i + 1, self->c.drops[TO][REASON(POLICY_ERROR)])
			TH_LOG("verdict %d", verdicts[i]);
		EXPECT_EQ(2, self->c.policy[TO].errors);
		EXPECT_EQ(0, self->c.policy[TO].drops);
		close(prog);
	}
	EXPECT_TRUE(counts_agree(&self->c));
}

/* Both ways it finds the Ethernet header in front, and the rest behind. */
TEST_F(policy, sees_the_whole_frame)
{
	static const unsigned int offsets[] = { 0, 6, 12, 14, 59 };
	unsigned int i, sent = 0;
	int prog;

	self->frame.bytes[0] = 0xff;
	self->frame.bytes[59] = 0xa5;
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		prog = prog_drop_byte(offsets[i],
				      self->frame.bytes[offsets[i]]);
		ATTACH(FROM, prog);
		ATTACH(TO, prog);
		SEND_BOTH();
		sent++;
		EXPECT_SEEN(sent, sent);
		EXPECT_EQ(sent, self->c.drops[FROM][REASON(POLICY)])
			TH_LOG("offset %u", offsets[i]);
		EXPECT_EQ(sent, self->c.drops[TO][REASON(POLICY)])
			TH_LOG("offset %u", offsets[i]);
		close(prog);
	}
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 0));
}

TEST_F(policy, events)
{
	int prog = prog_verdict(TC_ACT_OK), i;
	uint64_t generation = host_generation(&self->w.nl);

	for (i = 0; i < 3; i++) {
		if (i < 2)
			ATTACH(TO, prog);
		else
			ASSERT_EQ(0, policy_detach(&self->w.nl, self->name,
						   TO));
		ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl,
				       self->evs, 4));
		EXPECT_EQ(VMSAFE_NET_CMD_VNIC_NTF, self->evs[0].cmd);
		EXPECT_EQ(VMSAFE_NET_REASON_POLICY, self->evs[0].reason);
		EXPECT_STREQ(self->name, self->evs[0].vnic.ifname);
		EXPECT_EQ(i < 2, vnic_has(&self->evs[0].vnic, POLICIES));
		EXPECT_LT(generation, self->evs[0].generation);
		generation = self->evs[0].generation;
	}
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	ASSERT_EQ(1, event_all(&self->w.events, &self->w.nl, self->evs, 4));
	EXPECT_EQ(VMSAFE_NET_REASON_UNBOUND, self->evs[0].reason);
	close(prog);
}

/* A program is held as long as it is attached, and no longer. */
#define EXPECT_HELD(id)		EXPECT_EQ(1, prog_exists(id))
#define EXPECT_RELEASED(id)	EXPECT_TRUE(until(prog_exists(id) == 0))
#define ATTACH_AND_CLOSE(id)						\
do {									\
	int __prog = prog_verdict(TC_ACT_SHOT);				\
									\
	ATTACH(FROM, __prog);						\
	ATTACH(TO, __prog);						\
	(id) = prog_id(__prog);						\
	close(__prog);							\
} while (0)

TEST_F(policy, lives_as_long_as_it_is_attached)
{
	uint32_t id, next;

	ATTACH_AND_CLOSE(id);
	EXPECT_HELD(id);
	SEND_BOTH();
	EXPECT_SEEN(1, 1);
	EXPECT_EQ(1, self->c.total.from_drops);
	ATTACH_AND_CLOSE(next);
	EXPECT_RELEASED(id);
	EXPECT_HELD(next);
	ASSERT_EQ(0, policy_detach(&self->w.nl, self->name, FROM));
	EXPECT_HELD(next);
	ASSERT_EQ(0, policy_detach(&self->w.nl, self->name, TO));
	EXPECT_RELEASED(next);
	SEND_BOTH();
	EXPECT_SEEN(2, 2);
	EXPECT_EQ(1, self->c.total.from_packets);

	/* It was this VM's, not the next one's. */
	ATTACH_AND_CLOSE(id);
	ASSERT_EQ(0, vnic_unbind(&self->w.nl, self->name, NULL));
	EXPECT_RELEASED(id);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->name, &self->id, NULL));
	ASSERT_EQ(0, counts_get(&self->w.nl, self->name, &self->c));
	EXPECT_FALSE(self->c.policy[FROM].attached);

	ATTACH_AND_CLOSE(id);
	close(self->tap);
	self->tap = -1;
	EXPECT_RELEASED(id);
}

TEST_F(policy, released_with_the_module)
{
	uint32_t id;

	ATTACH_AND_CLOSE(id);
	EXPECT_EQ(0, module_unload());
	EXPECT_RELEASED(id);
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
}

TEST_F(policy, released_with_the_namespace)
{
	int here = netns_here(), there = netns_new();
	uint32_t id;

	ASSERT_LE(0, here);
	ASSERT_LE(0, there);
	ATTACH_AND_CLOSE(id);
	/* What the move leaves behind is no entry any more. */
	ASSERT_EQ(0, link_move(self->name, there));
	EXPECT_RELEASED(id);
	close(here);
	close(there);
}

TEST_F(policy, refused)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const enum bpf_prog_type types[] = {
		BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_SOCKET_FILTER,
		BPF_PROG_TYPE_SCHED_ACT, BPF_PROG_TYPE_CGROUP_SKB,
	};
	struct nl *nl = &self->w.nl;
	int good = prog_verdict(TC_ACT_SHOT), prog, map = map_array(1);
	int closed = dup(good);
	unsigned int i;

	close(closed);
	ATTACH(FROM, good);
	ASSERT_EQ(1, event_all(&self->w.events, nl, self->evs, 4));
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		prog = prog_load(types[i], pass, ARRAY_SIZE(pass));
		ASSERT_LE(0, prog);
		EXPECT_EQ(-EINVAL, policy_set(nl, self->name, FROM, prog));
		EXPECT_EQ(VMSAFE_NET_A_VNIC_PROG_FD, nl->blamed);
		EXPECT_NE('\0', nl->msg[0]);
		close(prog);
	}
	EXPECT_EQ(-EINVAL, policy_set(nl, self->name, FROM, map));
	EXPECT_EQ(-EINVAL, policy_set(nl, self->name, FROM, self->tap));
	EXPECT_EQ(-EINVAL, policy_set(nl, self->name, FROM, nl->fd));
	EXPECT_EQ(-EBADF, policy_set(nl, self->name, FROM, closed));
	EXPECT_EQ(-EBADF, policy_set(nl, self->name, FROM, -1));
	EXPECT_EQ(-EBADF, policy_set(nl, self->name, FROM, INT32_MAX));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_PROG_FD, nl->blamed);
	EXPECT_EQ(-ERANGE, policy_set(nl, self->name, DIRS, good));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_DIRECTION, nl->blamed);
	EXPECT_EQ(-ENOENT, policy_detach(nl, self->name, TO));
	EXPECT_EQ(-ENOENT, policy_set(nl, "none", FROM, good));
	nl_begin(nl, VMSAFE_NET_CMD_POLICY_SET);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, self->name);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_PROG_FD, good);
	EXPECT_EQ(-EINVAL, nl_do(nl));
	EXPECT_TRUE(nl->missing);
	EXPECT_EQ(VMSAFE_NET_A_VNIC_DIRECTION, nl->blamed);

	/* All of it left the good one in force, and told nobody. */
	EXPECT_EQ(0, event_all(&self->w.events, nl, self->evs, 4));
	SEND_BOTH();
	EXPECT_SEEN(1, 1);
	EXPECT_EQ(1, self->c.drops[FROM][REASON(POLICY)]);
	EXPECT_EQ(prog_id(good), self->c.policy[FROM].prog_id);

	ASSERT_EQ(0, vnic_unbind(nl, self->name, NULL));
	EXPECT_EQ(-ENOTCONN, policy_set(nl, self->name, FROM, good));
	EXPECT_EQ(-ENOTCONN, policy_detach(nl, self->name, FROM));
}

struct swapper {
	pthread_t thread;
	const char *name;
	int progs[4];
	unsigned int rounds;
	int err;
	atomic_bool done;
};

static void *swap_main(void *arg)
{
	struct swapper *s = arg;
	unsigned int i;
	struct nl nl;

	s->err = nl_open(&nl);
	for (i = 0; i < s->rounds && !s->err; i++)
		s->err = policy_set(&nl, s->name, i % DIRS,
				    s->progs[i / DIRS % 4]);
	nl_close(&nl);
	s->done = true;
	return NULL;
}

/* Each of them drops: what passes has met none of them. */
TEST_F_TIMEOUT(policy, swapped_under_traffic, 300)
{
	int map = map_array(1), progs = map_progs(1);
	struct swapper s = {
		.name = self->name,
		.rounds = effort(2000, 1000),
		.progs = {
			prog_verdict(TC_ACT_SHOT),
			prog_count(map, TC_ACT_SHOT),
			prog_drop_byte(12, 0x88),
			prog_tail_call(progs, TC_ACT_SHOT),
		},
	};
	unsigned int sent = 0, i;

	for (i = 0; i < 4; i++)
		ASSERT_LE(0, s.progs[i]);
	ATTACH(FROM, s.progs[0]);
	ATTACH(TO, s.progs[0]);
	ASSERT_EQ(0, pthread_create(&s.thread, NULL, swap_main, &s));
	do {
		SEND_BOTH();
		sent++;
	} while (!s.done);
	pthread_join(s.thread, NULL);
	EXPECT_EQ(0, s.err);
	EXPECT_SEEN(sent, sent);
	EXPECT_EQ(0, self->c.total.from_packets + self->c.total.to_packets);
	for (i = 0; i < DIRS; i++) {
		EXPECT_EQ(sent, self->c.drops[i][REASON(POLICY)]);
		EXPECT_EQ(0, self->c.policy[i].errors);
	}
	EXPECT_EQ(-ETIMEDOUT, frame_recv(self->tap, 0));
}

/* One program for many: each place counts for itself. */
TEST_F(policy, shared)
{
	int prog = prog_verdict(TC_ACT_SHOT), tap;
	struct identity id = identity_of(2, 0);
	char name[IFNAMSIZ];
	struct counts c;

	tap = tap_open(port_name(name, "tap"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, link_up(name, true));
	ASSERT_EQ(0, vnic_bind(&self->w.nl, name, &id, NULL));
	ATTACH(FROM, prog);
	ATTACH(TO, prog);
	ASSERT_EQ(0, policy_set(&self->w.nl, name, FROM, prog));
	ASSERT_EQ(0, frame_send(tap, &self->frame));
	ASSERT_EQ(0, frame_send(tap, &self->frame));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_SEEN(1, 0);
	ASSERT_TRUE(until(!counts_get(&self->w.nl, name, &c) &&
			  c.total.from_drops == 2));
	EXPECT_EQ(2, c.policy[FROM].runs);
	EXPECT_EQ(1, self->c.policy[FROM].runs);
	EXPECT_EQ(0, self->c.policy[TO].runs);
	close(tap);
	close(prog);
}

TEST_F(policy, tail_call)
{
	int progs = map_progs(1), drop = prog_verdict(TC_ACT_SHOT);
	int caller = prog_tail_call(progs, TC_ACT_OK);

	ATTACH(FROM, caller);
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_SEEN(1, 0);
	EXPECT_EQ(1, self->c.total.from_packets);
	ASSERT_EQ(0, map_set(progs, 0, &drop));
	ASSERT_EQ(0, frame_send(self->tap, &self->frame));
	EXPECT_SEEN(2, 0);
	EXPECT_EQ(1, self->c.drops[FROM][REASON(POLICY)]);
	close(caller);
	close(drop);
}

TEST_HARNESS_MAIN
