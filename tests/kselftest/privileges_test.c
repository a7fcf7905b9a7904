// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may: nobody but CAP_NET_ADMIN in the initial user namespace. Every
 * operation, every ioctl, the group and the device, tried by everybody else;
 * and things opened by root in other hands.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/op.h"
#include "lib/prog.h"
#include "lib/who.h"
#include "lib/world.h"

FIXTURE(who)
{
	struct world w;
	int tap;
	char ifname[IFNAMSIZ];
	struct subject s;
	struct host before;
	struct host after;
};

FIXTURE_VARIANT(who)
{
	enum who who;
};

FIXTURE_VARIANT_ADD(who, nobody) { WHO_NOBODY };
FIXTURE_VARIANT_ADD(who, capless_root) { WHO_CAPLESS_ROOT };
FIXTURE_VARIANT_ADD(who, userns_root) { WHO_USERNS_ROOT };
FIXTURE_VARIANT_ADD(who, userns_nobody) { WHO_USERNS_NOBODY };

FIXTURE_SETUP(who)
{
	struct vnic v;

	ASSERT_EQ(0, world_begin(&self->w));
	self->tap = tap_open(port_name(self->ifname, "tap"));
	ASSERT_LE(0, self->tap);
	self->s.identity = identity_of(1, 0);
	self->s.prog = prog_verdict(TC_ACT_OK);
	ASSERT_LE(0, self->s.prog);
	self->s.ifname = self->ifname;
	self->s.ifindex = if_nametoindex(self->ifname);
	ASSERT_EQ(0, vnic_get(&self->w.nl, self->ifname, &v));
	self->s.id = v.id;
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
}

FIXTURE_TEARDOWN(who)
{
	close(self->tap);
	world_end(&self->w);
}

#define EXPECT_NOTHING_CHANGED()					\
do {									\
	ASSERT_EQ(0, host_get(&self->w.nl, &self->after));		\
	EXPECT_EQ(self->before.generation, self->after.generation);	\
	EXPECT_EQ(self->before.seq, self->after.seq);			\
	EXPECT_EQ(self->before.epoch, self->after.epoch);		\
} while (0)

struct attempt {
	const struct op *op;
	const struct subject *subject;
	struct nl *nl;		/* NULL: open one */
};

static int attempt_op(void *arg)
{
	struct attempt *a = arg;
	struct nl own, *nl = a->nl;

	if (!nl) {
		nl = &own;
		if (nl_open(nl))
			return -EPROTO;
	}
	op_begin(nl, a->op, a->subject, NULL);
	return op_run(nl, a->op);
}

/* Without any attribute as well: permission comes before everything else. */
static int attempt_empty(void *arg)
{
	struct attempt *a = arg;
	struct nl nl;

	if (nl_open(&nl))
		return -EPROTO;
	nl_begin(&nl, a->op->cmd);
	return op_run(&nl, a->op);
}

TEST_F(who, operations)
{
	unsigned int i;

	for (i = 0; i < OP_COUNT; i++) {
		struct attempt a = { &ops[i], &self->s, NULL };

		EXPECT_EQ(-EPERM, as(variant->who, attempt_op, &a))
			TH_LOG("%s by %s", ops[i].name,
			       who_names[variant->who]);
		EXPECT_EQ(-EPERM, as(variant->who, attempt_empty, &a))
			TH_LOG("empty %s by %s", ops[i].name,
			       who_names[variant->who]);
	}
	EXPECT_NOTHING_CHANGED();
}

/* The kernel asks who sends and who opened the socket; both have to do. */
TEST_F(who, operations_on_a_socket_of_root)
{
	unsigned int i;

	for (i = 0; i < OP_COUNT; i++) {
		struct attempt a = { &ops[i], &self->s, &self->w.nl };

		EXPECT_EQ(-EPERM, as(variant->who, attempt_op, &a))
			TH_LOG("%s by %s", ops[i].name,
			       who_names[variant->who]);
	}
	EXPECT_NOTHING_CHANGED();
}

/* The same requests are fine when root makes them. */
TEST_F(who, operations_by_root)
{
	static const enum op_number good[] = {
		OP_HOST_GET, OP_HOST_SET, OP_VNIC_DUMP, OP_VNIC_BIND,
		OP_VM_GET, OP_VM_DUMP, OP_VNIC_GET, OP_VNIC_SET,
		OP_VNIC_PROBE, OP_POLICY_SET, OP_VNIC_UNBIND,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct attempt a = { &ops[good[i]], &self->s, NULL };

		EXPECT_EQ(0, as(WHO_ROOT, attempt_op, &a))
			TH_LOG("%s", ops[good[i]].name);
	}
}

static int attempt_join(void *arg)
{
	struct nl nl;

	if (nl_open(&nl))
		return -EPROTO;
	if (!setsockopt(nl.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nl.group,
			sizeof(nl.group)))
		return 0;
	return -errno;
}

/*
 * The group of a namespace of one's own cannot be closed to its root: there it
 * is silence that protects, see below.
 */
TEST_F(who, group)
{
	int err = as(variant->who, attempt_join, NULL);
	bool own = variant->who == WHO_USERNS_ROOT ||
		   variant->who == WHO_USERNS_NOBODY;

	EXPECT_TRUE(err == -EPERM || (own && err == 0))
		TH_LOG("%d", err);
	EXPECT_EQ(0, as(WHO_ROOT, attempt_join, NULL));
}

static int attempt_open(void *arg)
{
	int fd = open(arg, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : 0;
}

TEST_F(who, device_node)
{
	char path[] = VMSAFE_NET_DEVICE_PATH;
	struct stat st;
	int err;

	ASSERT_EQ(0, stat(path, &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(0600, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
	err = as(variant->who, attempt_open, path);
	EXPECT_TRUE(err == -EACCES || err == -EPERM)
		TH_LOG("%d", err);
	EXPECT_EQ(0, as(WHO_ROOT, attempt_open, path));
}

/* Whatever the file's mode says. */
TEST_F(who, device_node_for_everybody)
{
	char path[64];
	struct stat st;
	int err;

	ASSERT_EQ(0, stat(VMSAFE_NET_DEVICE_PATH, &st));
	snprintf(path, sizeof(path), "/dev/vsn-test-%s", self->ifname);
	ASSERT_EQ(0, mknod(path, S_IFCHR | 0666, st.st_rdev));
	chmod(path, 0666);
	err = as(variant->who, attempt_open, path);
	EXPECT_EQ(0, as(WHO_ROOT, attempt_open, path));
	unlink(path);
	EXPECT_EQ(-EPERM, err);
}

struct ioctl_attempt {
	int fd;
	unsigned int number;
};

static int attempt_ioctl(void *arg)
{
	struct ioctl_attempt *a = arg;
	uint32_t zeros[64] = { sizeof(zeros) };

	return device_ioctl(a->fd, a->number, zeros);
}

/* Root opened and attached; it was handed on, or root gave its rights up. */
TEST_F(who, ioctls_on_a_descriptor_of_root)
{
	struct ioctl_attempt a = { .fd = device_open() };
	unsigned int i;

	ASSERT_LE(0, a.fd);
	ASSERT_EQ(0, device_attach(a.fd, 0, 0, NULL));
	ASSERT_EQ(0, host_get(&self->w.nl, &self->before));
	for (i = 0; i < 8; i++) {
		a.number = _IO(VMSAFE_NET_IOC_TYPE, i);
		EXPECT_EQ(-EPERM, as(variant->who, attempt_ioctl, &a))
			TH_LOG("ioctl %u by %s", i, who_names[variant->who]);
	}
	EXPECT_NOTHING_CHANGED();
	EXPECT_EQ(VMSAFE_NET_APPLIANCE_STATE_ATTACHED, self->after.appliance);
	close(a.fd);
}

/*
 * A socket that nobody opened does not do more in the hands of root, else any
 * setuid program that writes to it would do for nobody.
 */
TEST(socket_of_nobody)
{
	struct subject s = { .identity = identity_of(1, 0) };
	struct host before, after;
	char ifname[IFNAMSIZ];
	struct world w;
	struct vnic v;
	struct nl nl;
	unsigned int i;
	int tap;

	ASSERT_EQ(0, world_begin(&w));
	tap = tap_open(port_name(ifname, "tap"));
	ASSERT_LE(0, tap);
	ASSERT_EQ(0, vnic_get(&w.nl, ifname, &v));
	s.ifname = ifname;
	s.ifindex = v.ifindex;
	s.id = v.id;
	ASSERT_EQ(0, host_get(&w.nl, &before));
	ASSERT_EQ(0, seteuid(65534));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, seteuid(0));
	for (i = 0; i < OP_COUNT; i++) {
		op_begin(&nl, &ops[i], &s, NULL);
		EXPECT_EQ(-EPERM, op_run(&nl, &ops[i]))
			TH_LOG("%s", ops[i].name);
	}
	ASSERT_EQ(0, host_get(&w.nl, &after));
	EXPECT_EQ(before.generation, after.generation);
	nl_close(&nl);
	close(tap);
	world_end(&w);
}

/* A namespace that another user namespace owns. */
FIXTURE(foreign)
{
	struct world w;
	int pipes[2][2];
};

FIXTURE_SETUP(foreign)
{
	ASSERT_EQ(0, world_begin(&self->w));
	/* As udev does it where it runs: taps are for everybody to make. */
	ASSERT_EQ(0, chmod("/dev/net/tun", 0666));
	ASSERT_EQ(0, pipe(self->pipes[0]));
	ASSERT_EQ(0, pipe(self->pipes[1]));
}

FIXTURE_TEARDOWN(foreign)
{
	world_end(&self->w);
}

struct eavesdropper {
	int out;
	int in;
};

/*
 * Join the group if one can, make things happen, wait until root has seen that
 * they did, and listen: -EBADMSG if anything was heard.
 */
static int eavesdrop(void *arg)
{
	struct eavesdropper *e = arg;
	char name[IFNAMSIZ], byte;
	pid_t pid = getpid();
	struct nl nl;
	int err, tap;

	err = nl_open(&nl);
	if (err)
		return err;
	setsockopt(nl.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nl.group,
		   sizeof(nl.group));
	tap = tap_open(port_name(name, "tap"));
	if (tap < 0)
		return tap;
	err = link_up(name, true) ?: link_mtu(name, 1000);
	if (err || write(e->out, &pid, sizeof(pid)) != sizeof(pid) ||
	    read(e->in, &byte, 1) != 1)
		return err ?: -EPIPE;
	err = nl_read(&nl, &byte, 1, 100);
	return err == -ETIMEDOUT ? 0 : -EBADMSG;
}

static void eavesdrop_in_child(enum who who, struct eavesdropper *e)
{
	_exit(-as(who, eavesdrop, e));
}

#define EXPECT_NOTHING_HEARD(who)					\
do {									\
	struct eavesdropper e = {					\
		self->pipes[0][1], self->pipes[1][0]			\
	};								\
	char path[64], bound = 0;					\
	struct host host;						\
	struct nl nl;							\
	int there, status;						\
	pid_t child, inner;						\
									\
	child = fork();							\
	ASSERT_LE(0, child);						\
	if (!child)							\
		eavesdrop_in_child(who, &e);				\
	/* A child that fails is to be seen, not waited for. */	\
	close(self->pipes[0][1]);					\
	ASSERT_EQ(sizeof(inner), read(self->pipes[0][0], &inner,	\
				      sizeof(inner)));			\
	snprintf(path, sizeof(path), "/proc/%d/ns/net", inner);		\
	there = open(path, O_RDONLY | O_CLOEXEC);			\
	ASSERT_LE(0, there);						\
	ASSERT_EQ(0, netns_enter(there));				\
	ASSERT_EQ(0, nl_open(&nl));					\
	/* It is a host like others, for those who may know. */	\
	ASSERT_EQ(0, host_get(&nl, &host));				\
	EXPECT_EQ(1, host.vnics);					\
	EXPECT_LE(3, host.seq);						\
	ASSERT_EQ(0, host_set(&nl, VMSAFE_NET_A_HOST_VNIC_LIMIT, 9));	\
	nl_close(&nl);							\
	ASSERT_EQ(1, write(self->pipes[1][1], &bound, 1));		\
	ASSERT_EQ(child, waitpid(child, &status, 0));			\
	EXPECT_EQ(0, status);						\
} while (0)

TEST_F(foreign, root_hears_nothing)
{
	EXPECT_NOTHING_HEARD(WHO_USERNS_ROOT);
}

TEST_F(foreign, nobody_hears_nothing)
{
	EXPECT_NOTHING_HEARD(WHO_USERNS_NOBODY);
}

/* The listener works: root in a namespace of its own hears all of it. */
TEST_F(foreign, control)
{
	struct eavesdropper e = { self->pipes[0][1], self->pipes[1][0] };

	ASSERT_EQ(1, write(self->pipes[1][1], "", 1));
	EXPECT_EQ(-EBADMSG, as(WHO_ROOT, eavesdrop, &e));
}

TEST_HARNESS_MAIN
