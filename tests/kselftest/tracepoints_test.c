// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints: every change of state makes its own, every refusal the one that
 * ends in _err, and packets make none. What the module has and no step here
 * makes fails the test.
 */
#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/counts.h"
#include "lib/device.h"
#include "lib/frame.h"
#include "lib/prog.h"
#include "lib/trace.h"
#include "lib/world.h"

struct stage {
	struct world w;
	struct trace trace;
	char name[IFNAMSIZ];
	char other[IFNAMSIZ];
	int tap;
	int fd;
	int second;
	uint64_t epoch;
	int progs[2];
};

static int make_tap(struct stage *st)
{
	st->tap = tap_open(st->name);
	return st->tap < 0 ? st->tap : 0;
}

static int close_tap(struct stage *st)
{
	close(st->tap);
	return 0;
}

static int tap_too_many(struct stage *st)
{
	int tap = tap_open(st->other);

	return tap < 0 ? tap : 0;
}

static int bind_it(struct stage *st)
{
	struct identity id = identity_of(1, 0);

	return vnic_bind(&st->w.nl, st->name, &id, NULL);
}

static int bind_to_another(struct stage *st)
{
	struct identity id = identity_of(2, 0);

	return vnic_bind(&st->w.nl, st->name, &id, NULL);
}

static int unbind_it(struct stage *st)
{
	return vnic_unbind(&st->w.nl, st->name, NULL);
}

static int fail_closed(struct stage *st)
{
	return vnic_set_u32(&st->w.nl, st->name,
			    VMSAFE_NET_A_VNIC_FAILURE_POLICY,
			    VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED);
}

static int set_none(struct stage *st)
{
	return vnic_set_bypass(&st->w.nl, "none", true);
}

static int bypass(struct stage *st)
{
	return vnic_set_bypass(&st->w.nl, st->name, true);
}

static int no_bypass(struct stage *st)
{
	return vnic_set_bypass(&st->w.nl, st->name, false);
}

static int rename_vm(struct stage *st)
{
	nl_begin(&st->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&st->w.nl, VMSAFE_NET_A_VNIC_IFNAME, st->name);
	nl_put_str(&st->w.nl, VMSAFE_NET_A_VNIC_VM_NAME, "another");
	return nl_do(&st->w.nl);
}

static int attach_policy(struct stage *st)
{
	return policy_set(&st->w.nl, st->name, FROM, st->progs[0]);
}

static int replace_policy(struct stage *st)
{
	return policy_set(&st->w.nl, st->name, FROM, st->progs[1]);
}

static int attach_no_policy(struct stage *st)
{
	return policy_set(&st->w.nl, st->name, FROM, st->fd);
}

static int detach_policy(struct stage *st)
{
	return policy_detach(&st->w.nl, st->name, FROM);
}

static int attach(struct stage *st)
{
	return device_attach(st->fd, 60000, 0, &st->epoch);
}

static int attach_second(struct stage *st)
{
	return device_attach(st->second, 0, 0, NULL);
}

static int take_over(struct stage *st)
{
	return device_take(st->second, 60000, 0, &st->epoch);
}

static int heartbeat(struct stage *st)
{
	return device_heartbeat(st->fd, st->epoch);
}

static int detach(struct stage *st)
{
	return device_detach(st->second, st->epoch);
}

static int attach_and_close(struct stage *st)
{
	int fd = device_open(), err;

	err = fd < 0 ? fd : device_attach(fd, 1000, 0, NULL);
	close(fd);
	return err;
}

static int limit_of_one(struct stage *st)
{
	return host_set(&st->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 1);
}

static int limit_of_many(struct stage *st)
{
	return host_set(&st->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 1000);
}

static int limit_too_large(struct stage *st)
{
	return host_set(&st->w.nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, UINT32_MAX);
}

static int drop_unbound(struct stage *st)
{
	return host_set(&st->w.nl, VMSAFE_NET_A_HOST_UNBOUND_DEFAULT,
			VMSAFE_NET_VERDICT_DROP);
}

static int add_dummy(struct stage *st)
{
	return link_add("dummy", st->other) ?:
	       vnic_port(&st->w.nl, VMSAFE_NET_CMD_PORT_ADD, st->other, NULL);
}

static int add_dummy_again(struct stage *st)
{
	return vnic_port(&st->w.nl, VMSAFE_NET_CMD_PORT_ADD, st->other, NULL);
}

static int del_dummy(struct stage *st)
{
	return vnic_port(&st->w.nl, VMSAFE_NET_CMD_PORT_DEL, st->other, NULL);
}

static int del_tap(struct stage *st)
{
	return vnic_port(&st->w.nl, VMSAFE_NET_CMD_PORT_DEL, st->name, NULL);
}

static int send_packets(struct stage *st)
{
	struct frame frame;
	int i, err = link_up(st->name, true);

	frame_make(&frame, 60);
	for (i = 0; i < 50 && !err; i++)
		err = frame_send(st->tap, &frame);
	return err;
}

#define MODE	"vsn_mode_leave vsn_mode_enter "

/* In this order, each on what the one before has left. */
static const struct {
	const char *what;
	int (*act)(struct stage *st);
	int err;
	const char *names;
	const char *with;
} steps[] = {
	{ "new tap", make_tap, 0, "vsn_port_add vsn_mode_enter ",
	  "mode=unbound-pass" },
	{ "bind", bind_it, 0, "vsn_bind " MODE, "mode=enforcing" },
	{ "bind to another VM", bind_to_another, -EBUSY, "vsn_bind_err ",
	  "err=-16" },
	{ "packets", send_packets, 0, "", NULL },
	{ "set", fail_closed, 0, "vsn_set ", "failure_policy=1" },
	{ "set what is not there", set_none, -ENOENT, "vsn_set_err ",
	  "id=0 ifname= err=-2" },
	{ "rename the VM", rename_vm, 0, "vsn_set ", NULL },
	{ "bypass", bypass, 0, "vsn_set " MODE, "mode=bypass" },
	{ "no bypass", no_bypass, 0, "vsn_set " MODE, "mode=enforcing" },
	{ "attach a policy", attach_policy, 0, "vsn_policy_attach ",
	  "direction=from-guest" },
	{ "packets with a policy", send_packets, 0, "", NULL },
	{ "replace it", replace_policy, 0,
	  "vsn_policy_attach vsn_policy_detach ", NULL },
	{ "attach what is none", attach_no_policy, -EINVAL,
	  "vsn_policy_attach_err ", "err=-22" },
	{ "detach it", detach_policy, 0, "vsn_policy_detach ", NULL },
	{ "detach none", detach_policy, -ENOENT, "vsn_policy_detach_err ",
	  "err=-2" },
	{ "attach", attach, 0, "vsn_session_attach ",
	  "interval=60000 tolerance=0 state=attached" },
	{ "attach a second", attach_second, -EBUSY,
	  "vsn_session_attach_err ", "err=-16" },
	{ "heartbeat", heartbeat, 0, "vsn_heartbeat ", NULL },
	{ "take-over", take_over, 0, "vsn_session_take ", "epoch=2" },
	{ "heartbeat of the old", heartbeat, -ESTALE, "vsn_heartbeat_err ",
	  "err=-116" },
	{ "detach", detach, 0, "vsn_session_detach ", "pid=0" },
	{ "detach again", detach, -ENOTCONN, "vsn_session_detach_err ",
	  "err=-107" },
	{ "reset", attach_and_close, 0,
	  "vsn_session_attach vsn_session_reset " MODE,
	  "mode=appliance-lost-closed" },
	{ "attach after a reset", attach, 0, "vsn_session_attach " MODE,
	  "mode=enforcing" },
	{ "limit", limit_of_one, 0, "vsn_host_set vsn_limit_near ",
	  "vnics=1 limit=1 " },
	{ "beyond the limit", tap_too_many, -ENOSPC, "vsn_port_add_err ",
	  "err=-28" },
	{ "no such limit", limit_too_large, -ERANGE, "vsn_host_set_err ",
	  "err=-34" },
	{ "higher limit", limit_of_many, 0, "vsn_host_set vsn_limit_far ",
	  NULL },
	{ "add a port", add_dummy, 0, "vsn_port_add vsn_mode_enter ", NULL },
	{ "add it again", add_dummy_again, -EEXIST, "vsn_port_add_err ",
	  "err=-17" },
	{ "drop what is unbound", drop_unbound, 0, "vsn_host_set " MODE,
	  "mode=unbound-drop" },
	{ "give it back", del_dummy, 0, "vsn_mode_leave vsn_port_del ",
	  NULL },
	{ "give back a tap", del_tap, -EOPNOTSUPP, "vsn_port_del_err ",
	  "err=-95" },
	{ "unbind", unbind_it, 0, "vsn_unbind " MODE, "mode=unbound-drop" },
	{ "unbind again", unbind_it, -ENOTCONN, "vsn_unbind_err ",
	  "err=-107" },
	{ "bind again", bind_it, 0, "vsn_bind " MODE, NULL },
	{ "policy again", attach_policy, 0, "vsn_policy_attach ", NULL },
	{ "port goes, bound", close_tap, 0,
	  "vsn_unbind " MODE "vsn_policy_detach vsn_mode_leave vsn_port_del ",
	  NULL },
};

FIXTURE(tracepoints)
{
	struct stage st;
	struct event ev;
};

FIXTURE_SETUP(tracepoints)
{
	struct stage *st = &self->st;
	int i;

	ASSERT_EQ(0, world_begin(&st->w));
	ASSERT_EQ(0, trace_begin(&st->trace));
	port_name(st->name, "tap");
	port_name(st->other, "oth");
	st->fd = device_open();
	ASSERT_LE(0, st->fd);
	st->second = device_open();
	ASSERT_LE(0, st->second);
	for (i = 0; i < 2; i++) {
		st->progs[i] = prog_verdict(TC_ACT_OK);
		ASSERT_LE(0, st->progs[i]);
	}
}

FIXTURE_TEARDOWN(tracepoints)
{
	close(self->st.fd);
	close(self->st.second);
	trace_end(&self->st.trace);
	world_end(&self->st.w);
}

TEST_F(tracepoints, each_change_and_refusal)
{
	char names[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		EXPECT_EQ(steps[i].err, steps[i].act(&self->st))
			TH_LOG("%s", steps[i].what);
		ASSERT_EQ(0, trace_take(&self->st.trace));
		ASSERT_LE(0, trace_names(&self->st.trace, names,
					 sizeof(names)));
		EXPECT_STREQ(steps[i].names, names)
			TH_LOG("%s", steps[i].what);
		EXPECT_TRUE(!steps[i].with ||
			    strstr(self->st.trace.text, steps[i].with))
			TH_LOG("%s: no '%s' in %s", steps[i].what,
			       steps[i].with, self->st.trace.text);
	}
}

TEST_F(tracepoints, lost_and_found)
{
	struct stage *st = &self->st;

	ASSERT_EQ(0, make_tap(st));
	ASSERT_EQ(0, bind_it(st));
	ASSERT_EQ(0, device_attach(st->fd, 50, 0, &st->epoch));
	ASSERT_EQ(0, event_until(&st->w.events, &self->ev,
				 VMSAFE_NET_REASON_MODE));
	ASSERT_EQ(0, trace_take(&st->trace));
	EXPECT_EQ(1, trace_count(&st->trace, "vsn_session_lost",
				 "state=lost"));
	EXPECT_EQ(1, trace_count(&st->trace, "vsn_mode_enter",
				 "mode=appliance-lost-open"));
	ASSERT_EQ(0, heartbeat(st));
	ASSERT_EQ(0, trace_take(&st->trace));
	EXPECT_EQ(1, trace_count(&st->trace, "vsn_session_resume",
				 "state=attached"));
	EXPECT_EQ(1, trace_count(&st->trace, "vsn_mode_leave",
				 "mode=appliance-lost-open"));
	close(st->tap);
}

/* What the module has must be in a step, or in lost_and_found above. */
TEST_F(tracepoints, none_is_forgotten)
{
	DIR *dir = opendir(TRACE_ROOT "/events/vmsafe_net");
	unsigned int i, count = 0;
	struct dirent *entry;
	char word[NAME_MAX + 2];

	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "vsn_", 4))
			continue;
		count++;
		snprintf(word, sizeof(word), "%s ", entry->d_name);
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			if (strstr(steps[i].names, word))
				break;
		EXPECT_TRUE(i < ARRAY_SIZE(steps) ||
			    !strcmp(entry->d_name, "vsn_session_lost") ||
			    !strcmp(entry->d_name, "vsn_session_resume"))
			TH_LOG("%s", entry->d_name);
	}
	closedir(dir);
	EXPECT_LT(20, count);
}

TEST_HARNESS_MAIN
