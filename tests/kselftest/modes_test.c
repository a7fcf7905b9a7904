// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modes: what each does to packets of both directions, how they are counted
 * apart, and that every transition is told exactly once.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/prog.h"
#include "lib/trace.h"
#include "lib/world.h"

#define MODE(name)	VMSAFE_NET_MODE_ ## name
#define REASON(name)	VMSAFE_NET_DROP_REASON_ ## name
#define FAIL(name)	VMSAFE_NET_FAILURE_POLICY_FAIL_ ## name

#define NO_REASON	REASONS

struct stage {
	struct world w;
	int tap;
	int packet;
	int fd;
	uint64_t epoch;
	char name[IFNAMSIZ];
	struct frame frame;
};

FIXTURE(modes)
{
	struct stage st;
	struct counts before;
	struct counts c;
	struct event evs[8];
	struct vnic v;
	struct host host;
};

FIXTURE_SETUP(modes)
{
	struct stage *st = &self->st;

	ASSERT_EQ(0, world_begin(&st->w));
	st->tap = tap_open(port_name(st->name, "tap"));
	ASSERT_LE(0, st->tap);
	ASSERT_EQ(0, link_up(st->name, true));
	st->packet = packet_open(st->name);
	ASSERT_LE(0, st->packet);
	st->fd = device_open();
	ASSERT_LE(0, st->fd);
	frame_make(&st->frame, 60);
	ASSERT_EQ(2, event_all(&st->w.events, &st->w.nl, self->evs, 8));
}

FIXTURE_TEARDOWN(modes)
{
	close(self->st.fd);
	close(self->st.packet);
	close(self->st.tap);
	world_end(&self->st.w);
}

static int set_unbound(struct stage *st, uint32_t verdict)
{
	return host_set(&st->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT, verdict);
}

static int unbound_drop(struct stage *st)
{
	return set_unbound(st, VMSAFE_NET_VERDICT_DROP);
}

static int unbound_pass(struct stage *st)
{
	return set_unbound(st, VMSAFE_NET_VERDICT_PASS);
}

static int bind_it(struct stage *st)
{
	struct identity id = identity_of(1, 0);

	return vnic_bind(&st->w.nl, st->name, &id, NULL);
}

static int unbind_it(struct stage *st)
{
	return vnic_unbind(&st->w.nl, st->name, NULL);
}

static int set_policy(struct stage *st, uint32_t policy)
{
	return vnic_set_u32(&st->w.nl, st->name,
			    VMSAFE_NET_A_VNIC_FAILURE_POLICY, policy);
}

static int fail_open(struct stage *st)
{
	return set_policy(st, FAIL(OPEN));
}

static int fail_closed(struct stage *st)
{
	return set_policy(st, FAIL(CLOSED));
}

static int bypass(struct stage *st)
{
	return vnic_set_bypass(&st->w.nl, st->name, true);
}

static int no_bypass(struct stage *st)
{
	return vnic_set_bypass(&st->w.nl, st->name, false);
}

/* An appliance that promises heartbeats, and goes away by force. */
static int lose(struct stage *st)
{
	int fd = device_open(), err;

	err = fd < 0 ? fd : device_attach(fd, 60000, 0, NULL);
	close(fd);
	return err;
}

static int attach(struct stage *st)
{
	return device_attach(st->fd, 600000, 0, &st->epoch);
}

static int detach(struct stage *st)
{
	return device_detach(st->fd, st->epoch);
}

#define TOLD(name)	VMSAFE_NET_REASON_ ## name

/*
 * One path through all modes, each step on what the one before has left: the
 * mode it leads to, why packets are dropped there, and what is told. What a
 * vNIC's own change is told with shows the mode; a mode that follows from
 * something else is told by itself.
 */
static const struct step {
	const char *what;
	int (*act)(struct stage *st);
	uint32_t mode;
	uint32_t reason;
	uint32_t told[5];
} steps[] = {
	{ "unbound, drop", unbound_drop, MODE(UNBOUND_DROP), REASON(UNBOUND),
	  { TOLD(SET), TOLD(MODE) } },
	{ "unbound, drop again", unbound_drop, MODE(UNBOUND_DROP),
	  REASON(UNBOUND), { TOLD(SET) } },
	{ "bound", bind_it, MODE(ENFORCING), NO_REASON, { TOLD(BOUND) } },
	{ "lost, open", lose, MODE(APPLIANCE_LOST_OPEN), NO_REASON,
	  { TOLD(ATTACHED), TOLD(RESET), TOLD(MODE) } },
	{ "open, to closed", fail_closed, MODE(APPLIANCE_LOST_CLOSED),
	  REASON(APPLIANCE_LOST), { TOLD(SET) } },
	{ "closed, to bypass", bypass, MODE(BYPASS), NO_REASON,
	  { TOLD(SET) } },
	{ "back again", no_bypass, MODE(APPLIANCE_LOST_CLOSED),
	  REASON(APPLIANCE_LOST), { TOLD(SET) } },
	{ "unbound while lost", unbind_it, MODE(UNBOUND_DROP),
	  REASON(UNBOUND), { TOLD(UNBOUND) } },
	{ "bound while lost", bind_it, MODE(APPLIANCE_LOST_OPEN), NO_REASON,
	  { TOLD(BOUND) } },
	{ "closed once more", fail_closed, MODE(APPLIANCE_LOST_CLOSED),
	  REASON(APPLIANCE_LOST), { TOLD(SET) } },
	{ "found", attach, MODE(ENFORCING), NO_REASON,
	  { TOLD(ATTACHED), TOLD(MODE) } },
	{ "detached", detach, MODE(ENFORCING), NO_REASON,
	  { TOLD(DETACHED) } },
	{ "lost, closed", lose, MODE(APPLIANCE_LOST_CLOSED),
	  REASON(APPLIANCE_LOST),
	  { TOLD(ATTACHED), TOLD(RESET), TOLD(MODE) } },
	{ "closed, to open", fail_open, MODE(APPLIANCE_LOST_OPEN), NO_REASON,
	  { TOLD(SET) } },
	{ "bypass while lost", bypass, MODE(BYPASS), NO_REASON,
	  { TOLD(SET) } },
	{ "found under bypass", attach, MODE(BYPASS), NO_REASON,
	  { TOLD(ATTACHED) } },
	{ "enforcing at last", no_bypass, MODE(ENFORCING), NO_REASON,
	  { TOLD(SET) } },
	{ "the default of others", unbound_pass, MODE(ENFORCING), NO_REASON,
	  { TOLD(SET) } },
	{ "unbound, pass", unbind_it, MODE(UNBOUND_PASS), NO_REASON,
	  { TOLD(UNBOUND) } },
};

/* Two frames each way, into mode or reason and nowhere else. */
static int count_packets(struct stage *st, const struct step *step,
			 struct counts *before, struct counts *c)
{
	bool drops = step->reason != NO_REASON;
	int i, err;

	err = counts_get(&st->w.nl, st->name, before);
	for (i = 0; i < 2 && !err; i++) {
		err = frame_send(st->tap, &st->frame);
		/* The sender is told of a drop or not. */
		frame_send(st->packet, &st->frame);
		if (!err && !drops && frame_recv(st->tap, UNTIL_MS) != 60)
			err = -ENOMSG;
	}
	if (!err && !until(!counts_get(&st->w.nl, st->name, c) &&
			   counts_seen(c, FROM) + counts_seen(c, TO) ==
			   counts_seen(before, FROM) +
			   counts_seen(before, TO) + 4))
		err = -ETIMEDOUT;
	/* What has to have changed, changed back: the rest has to be equal. */
	if (drops) {
		c->drops[FROM][step->reason] -= 2;
		c->drops[TO][step->reason] -= 2;
		c->dropped[step->mode][FROM] -= 2;
		c->dropped[step->mode][TO] -= 2;
	} else {
		c->passed[step->mode][FROM] -= 2;
		c->passed[step->mode][TO] -= 2;
	}
	return err;
}

TEST_F(modes, every_step)
{
	struct stage *st = &self->st;
	unsigned int i, j, wanted;
	int told;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ASSERT_EQ(0, steps[i].act(st)) TH_LOG("%s", steps[i].what);
		told = event_all(&st->w.events, &st->w.nl, self->evs, 8);
		ASSERT_LT(0, told);
		for (wanted = 0; steps[i].told[wanted]; wanted++)
			;
		EXPECT_EQ(wanted, told) TH_LOG("%s", steps[i].what);
		for (j = 0; j < wanted; j++)
			EXPECT_EQ(steps[i].told[j], self->evs[j].reason)
				TH_LOG("%s", steps[i].what);
		if (self->evs[told - 1].cmd == VMSAFE_NET_CMD_VNIC_NTF)
			EXPECT_EQ(steps[i].mode,
				  self->evs[told - 1].vnic.mode);
		ASSERT_EQ(0, vnic_get(&st->w.nl, st->name, &self->v));
		EXPECT_EQ(steps[i].mode, self->v.mode)
			TH_LOG("%s", steps[i].what);
		ASSERT_EQ(0, count_packets(st, &steps[i], &self->before,
					   &self->c))
			TH_LOG("%s", steps[i].what);
		EXPECT_EQ(0, memcmp(self->before.passed, self->c.passed,
				    sizeof(self->c.passed)))
			TH_LOG("%s: passed elsewhere", steps[i].what);
		EXPECT_EQ(0, memcmp(self->before.drops, self->c.drops,
				    sizeof(self->c.drops)))
			TH_LOG("%s: dropped elsewhere", steps[i].what);
		EXPECT_EQ(0, memcmp(self->before.dropped, self->c.dropped,
				    sizeof(self->c.dropped)))
			TH_LOG("%s: dropped elsewhere", steps[i].what);
		ASSERT_EQ(0, counts_get(&st->w.nl, st->name, &self->c));
		EXPECT_TRUE(counts_agree(&self->c));
	}
}

/* From the very first packet, in both directions and for every kind. */
TEST_F(modes, first_packet)
{
	static const struct {
		uint32_t verdict;
		uint32_t mode;
	} defaults[] = {
		{ VMSAFE_NET_VERDICT_DROP, MODE(UNBOUND_DROP) },
		{ VMSAFE_NET_VERDICT_PASS, MODE(UNBOUND_PASS) },
	};
	struct stage *st = &self->st;
	unsigned int i, passed;
	char name[IFNAMSIZ];
	int tap, packet;

	for (i = 0; i < ARRAY_SIZE(defaults); i++) {
		ASSERT_EQ(0, set_unbound(st, defaults[i].verdict));
		tap = tap_open(port_name(name, "new"));
		ASSERT_LE(0, tap);
		ASSERT_EQ(0, vnic_get(&st->w.nl, name, &self->v));
		EXPECT_EQ(defaults[i].mode, self->v.mode);
		packet = packet_open(name);
		ASSERT_LE(0, packet);
		ASSERT_EQ(0, link_up(name, true));
		ASSERT_EQ(0, frame_send(tap, &st->frame));
		frame_send(packet, &st->frame);
		ASSERT_TRUE(until(!counts_get(&st->w.nl, name, &self->c) &&
				  counts_seen(&self->c, FROM) == 1 &&
				  counts_seen(&self->c, TO) == 1));
		passed = defaults[i].verdict == VMSAFE_NET_VERDICT_PASS;
		EXPECT_EQ(passed, self->c.total.from_packets);
		EXPECT_EQ(passed, self->c.total.to_packets);
		EXPECT_EQ(!passed, self->c.drops[FROM][REASON(UNBOUND)]);
		EXPECT_EQ(!passed, self->c.drops[TO][REASON(UNBOUND)]);
		close(packet);
		close(tap);
	}
}

/* The failure policy: at bind, later, and by the host's default. */
TEST_F(modes, failure_policy)
{
	struct identity id = identity_of(1, 0);
	struct stage *st = &self->st;
	struct nl *nl = &st->w.nl;

	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(OPEN), self->v.policy);
	ASSERT_EQ(0, fail_closed(st));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(CLOSED), self->v.policy);
	/* Bound again without naming one, it keeps its own. */
	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(CLOSED), self->v.policy);

	/* The host's default is for new bindings. */
	ASSERT_EQ(0, unbind_it(st));
	ASSERT_EQ(0, host_set(nl, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			      FAIL(CLOSED)));
	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(CLOSED), self->v.policy);
	ASSERT_EQ(0, host_set(nl, VMSAFE_NET_A_HOST_FAILURE_POLICY,
			      FAIL(OPEN)));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(CLOSED), self->v.policy);

	/* What a bind names counts, whatever the host's is. */
	ASSERT_EQ(0, unbind_it(st));
	vnic_bind_begin(nl, &id);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, st->name);
	nl_put_u32(nl, VMSAFE_NET_A_VNIC_FAILURE_POLICY, FAIL(CLOSED));
	ASSERT_EQ(0, vnic_answer(nl, &self->v));
	EXPECT_EQ(FAIL(CLOSED), self->v.policy);
	ASSERT_EQ(0, unbind_it(st));
	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(FAIL(OPEN), self->v.policy);
}

/* A mode that drops asks nobody; one that is bypassed, neither. */
TEST_F(modes, policy_and_mode)
{
	struct stage *st = &self->st;
	int prog = prog_verdict(TC_ACT_SHOT);

	ASSERT_LE(0, prog);
	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, policy_set(&st->w.nl, st->name, FROM, prog));
	ASSERT_EQ(0, frame_send(st->tap, &st->frame));
	ASSERT_TRUE(until(!counts_get(&st->w.nl, st->name, &self->c) &&
			  self->c.drops[FROM][REASON(POLICY)] == 1));

	/* fail-open keeps the last policy in force ... */
	ASSERT_EQ(0, lose(st));
	ASSERT_EQ(0, frame_send(st->tap, &st->frame));
	ASSERT_TRUE(until(!counts_get(&st->w.nl, st->name, &self->c) &&
			  self->c.drops[FROM][REASON(POLICY)] == 2));
	EXPECT_EQ(2, self->c.policy[FROM].runs);

	/* ... fail-closed drops before it ... */
	ASSERT_EQ(0, fail_closed(st));
	ASSERT_EQ(0, frame_send(st->tap, &st->frame));
	ASSERT_TRUE(until(!counts_get(&st->w.nl, st->name, &self->c) &&
			  self->c.drops[FROM][REASON(APPLIANCE_LOST)] == 1));
	EXPECT_EQ(2, self->c.policy[FROM].runs);

	/* ... and a bypass is one. */
	ASSERT_EQ(0, bypass(st));
	ASSERT_EQ(0, frame_send(st->tap, &st->frame));
	ASSERT_TRUE(until(!counts_get(&st->w.nl, st->name, &self->c) &&
			  self->c.passed[MODE(BYPASS)][FROM] == 1));
	EXPECT_EQ(2, self->c.policy[FROM].runs);
	EXPECT_TRUE(self->c.policy[FROM].attached);

	ASSERT_EQ(0, no_bypass(st));
	ASSERT_EQ(0, attach(st));
	ASSERT_EQ(0, frame_send(st->tap, &st->frame));
	ASSERT_TRUE(until(!counts_get(&st->w.nl, st->name, &self->c) &&
			  self->c.drops[FROM][REASON(POLICY)] == 3));
	EXPECT_TRUE(counts_agree(&self->c));
	close(prog);
}

/*
 * Who sends without pause, from the guest: in turn what the policy lets pass,
 * what it drops, and what the guard drops.
 */
struct sender {
	pthread_t thread;
	struct stage *st;
	atomic_bool stop;
	atomic_uint sent;
	int err;
};

#define POLICY_BYTE	20

static void *sender_main(void *arg)
{
	struct sender *s = arg;
	struct identity id = identity_of(1, 0);
	struct frame *f = &s->st->frame;

	while (!s->stop && !s->err) {
		memcpy(f->bytes + 6, id.mac, 6);
		f->bytes[POLICY_BYTE] = s->sent % 3;
		f->bytes[6 + 5] ^= s->sent % 3 == 2;
		s->err = frame_send(s->st->tap, f);
		s->sent += !s->err;
	}
	return NULL;
}

static int sender_start(struct sender *s)
{
	s->stop = false;
	return pthread_create(&s->thread, NULL, sender_main, s);
}

/* All that it has sent has been counted afterwards. */
static int sender_stop(struct sender *s, struct counts *c)
{
	struct stage *st = s->st;

	s->stop = true;
	pthread_join(s->thread, NULL);
	if (s->err)
		return s->err;
	return until(!counts_get(&st->w.nl, st->name, c) &&
		     counts_seen(c, FROM) == s->sent) ? 0 : -ETIMEDOUT;
}

static bool sender_sends(const struct sender *s, unsigned int more)
{
	unsigned int wanted = s->sent + more;

	return until(s->sent >= wanted || s->err) && !s->err;
}

/*
 * The appliance comes back to a vNIC that was closed for want of it, and whose
 * policy drops everything: no packet finds it open in between. Being traced
 * keeps the driver there for longer.
 */
TEST_F_TIMEOUT(modes, opened_to_a_policy, 120)
{
	unsigned int i, rounds = effort(2000, 300);
	int prog = prog_verdict(TC_ACT_SHOT);
	struct stage *st = &self->st;
	struct sender s = { .st = st };
	static struct trace trace;

	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, fail_closed(st));
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, policy_set(&st->w.nl, st->name, FROM, prog));
	ASSERT_EQ(0, trace_begin_slow(&trace));
	ASSERT_EQ(0, sender_start(&s));
	for (i = 0; i < rounds; i++) {
		EXPECT_EQ(0, lose(st));
		EXPECT_EQ(0, attach(st));
		EXPECT_EQ(0, detach(st));
	}
	EXPECT_EQ(0, sender_stop(&s, &self->c));
	trace_end(&trace);
	close(prog);
	EXPECT_TRUE(counts_agree(&self->c));
	EXPECT_EQ(0, self->c.total.from_packets);
	EXPECT_LT(0, self->c.drops[FROM][REASON(POLICY)]);
	EXPECT_LT(0, self->c.drops[FROM][REASON(APPLIANCE_LOST)]);
}

/* What belongs to a binding, and is gone with it. */
static int police(struct stage *st, int prog)
{
	return policy_set(&st->w.nl, st->name, FROM, prog) ?:
	       vnic_set_u32(&st->w.nl, st->name, VMSAFE_NET_A_VNIC_GUARD,
			    VMSAFE_NET_GUARD_DROP);
}

/* Has nothing been counted for modes but these two? */
static bool only_in(const struct counts *before, const struct counts *c,
		    uint32_t one, uint32_t other)
{
	unsigned int i;

	for (i = 0; i < MODES; i++)
		if (i != one && i != other &&
		    (before->passed[i][FROM] != c->passed[i][FROM] ||
		     before->dropped[i][FROM] != c->dropped[i][FROM]))
			return false;
	return true;
}

/* Was it counted in this mode, and what it does: pass, drop, or both? */
static bool as_it_does(const struct counts *before, const struct counts *c,
		       uint32_t mode)
{
	bool judges = mode == MODE(ENFORCING) ||
		      mode == MODE(APPLIANCE_LOST_OPEN);
	bool drops = mode == MODE(UNBOUND_DROP) ||
		     mode == MODE(APPLIANCE_LOST_CLOSED);
	bool passed = before->passed[mode][FROM] < c->passed[mode][FROM];
	bool dropped = before->dropped[mode][FROM] < c->dropped[mode][FROM];

	return passed == !drops && dropped == (judges || drops);
}

/*
 * All modes in a row, with a guest that never stops: what is sent during a
 * change counts for the mode before or the one after, what is sent afterwards
 * for that one only, and each packet once.
 */
TEST_F_TIMEOUT(modes, under_traffic, 120)
{
	int prog = prog_drop_byte(POLICY_BYTE, 1);
	struct stage *st = &self->st;
	struct sender s = { .st = st };
	uint32_t mode = MODE(UNBOUND_PASS);
	unsigned int i;

	ASSERT_LE(0, prog);
	memset(&self->before, 0, sizeof(self->before));
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		ASSERT_EQ(0, sender_start(&s));
		ASSERT_TRUE(sender_sends(&s, 9));
		ASSERT_EQ(0, steps[i].act(st)) TH_LOG("%s", steps[i].what);
		if (steps[i].act == bind_it)
			ASSERT_EQ(0, police(st, prog));
		ASSERT_TRUE(sender_sends(&s, 9));
		ASSERT_EQ(0, sender_stop(&s, &self->c));
		EXPECT_TRUE(counts_agree(&self->c));
		EXPECT_TRUE(only_in(&self->before, &self->c, mode,
				    steps[i].mode))
			TH_LOG("%s: counted elsewhere", steps[i].what);
		mode = steps[i].mode;
		self->before = self->c;
		ASSERT_EQ(0, sender_start(&s));
		ASSERT_TRUE(sender_sends(&s, 9));
		ASSERT_EQ(0, sender_stop(&s, &self->c));
		EXPECT_TRUE(counts_agree(&self->c));
		EXPECT_TRUE(only_in(&self->before, &self->c, mode, mode) &&
			    as_it_does(&self->before, &self->c, mode))
			TH_LOG("%s: not in its mode", steps[i].what);
		self->before = self->c;
	}
	close(prog);
}

/* Whom a bypass does not concern: a guest that nobody has bound. */
TEST_F(modes, refused)
{
	struct stage *st = &self->st;
	struct nl *nl = &st->w.nl;

	EXPECT_EQ(-ENOTCONN, bypass(st));
	EXPECT_EQ(-ENOTCONN, fail_closed(st));
	ASSERT_EQ(0, bind_it(st));
	EXPECT_EQ(-ERANGE, set_policy(st, 2));
	EXPECT_EQ(-ERANGE, set_unbound(st, 2));
	EXPECT_EQ(-ERANGE, host_set(nl, VMSAFE_NET_A_HOST_FAILURE_POLICY, 2));
	EXPECT_EQ(-ERANGE, vnic_set_u32(nl, st->name,
					VMSAFE_NET_A_VNIC_GUARD, 3));
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, st->name);
	nl_put_u8(nl, VMSAFE_NET_A_VNIC_BYPASS, 2);
	EXPECT_EQ(-ERANGE, nl_do(nl));
	EXPECT_EQ(VMSAFE_NET_A_VNIC_BYPASS, nl->blamed);
	ASSERT_EQ(0, vnic_get(nl, st->name, &self->v));
	EXPECT_EQ(MODE(ENFORCING), self->v.mode);
	EXPECT_EQ(0, self->v.bypass);
}

TEST_HARNESS_MAIN
