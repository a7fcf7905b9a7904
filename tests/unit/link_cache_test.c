// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kept links say what a dump says, whatever happens in between. Each case
 * has a network namespace of its own.
 */
#include "unit.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/link_cache.h"

static int setup(void **state)
{
	struct vs_link_cache *c = calloc(1, sizeof(*c));
	struct vs_error error;

	*state = c;
	return unshare(CLONE_NEWNET) || vs_link_cache_open(c, &error);
}

static int teardown(void **state)
{
	vs_link_cache_close(*state);
	vs_link_cache_close(*state);
	free(*state);
	return 0;
}

static void ip(const char *args)
{
	char line[160];

	snprintf(line, sizeof(line), "ip %s", args);
	assert_int_equal(system(line), 0);
}

/* nobody is told of the first of two veths that it has another end now */
static bool is_same(const struct vs_link *a, const struct vs_link *b)
{
	return a->ifindex == b->ifindex && a->master == b->master &&
	       a->kind == b->kind && a->up == b->up &&
	       a->carrier == b->carrier &&
	       (a->kind == VS_LINK_OTHER || a->lower == b->lower) &&
	       vs_mac_cmp(&a->mac, &b->mac) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

static bool is_as_dumped(struct vs_link_cache *c)
{
	struct vs_links kept, asked;
	struct vs_error error;
	bool same;

	assert_int_equal(vs_link_cache_run(c), 0);
	assert_int_equal(vs_link_cache_read(c, &kept, &error), 0);
	assert_int_equal(vs_links_read(&asked, &error), 0);
	same = kept.n == asked.n;
	for (size_t i = 0; same && i < kept.n; i++)
		same = is_same(&kept.v[i], &asked.v[i]);
	vs_links_free(&kept);
	vs_links_free(&asked);
	return same;
}

/* the carrier of a link is told up to a second after it changed */
static void assert_as_dumped(struct vs_link_cache *c)
{
	struct pollfd p = { .fd = vs_link_cache_fd(c), .events = POLLIN };

	for (int i = 0; i < 20; i++) {
		if (is_as_dumped(c))
			return;
		poll(&p, 1, 1000);
	}
	fail_msg("the kept links are not those of a dump");
}

static void follows(void **state)
{
	static const char *const steps[] = {
		"link set lo up",
		"link add name one type veth peer name two",
		"link add name bowl type bridge",
		"tuntap add name tap mode tap",
		"link set one master bowl",
		"link set tap master bowl",
		"link set bowl up",
		"link set one up",
		"link set two up",
		"link set two down",
		"link set two name renamed",
		"link set tap address 52:54:00:00:00:01",
		"link set one nomaster",
		"link del tap",
		"link del one",
		"link del bowl",
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		ip(steps[i]);
		assert_as_dumped(*state);
	}
}

static void flip(int fd, bool up)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP : 0 };

	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &r), 0);
}

static void lost(void **state)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct vs_link_cache *c = *state;
	struct vs_links links;
	struct vs_error error;

	for (int i = 0; i < 5000; i++)
		flip(fd, i % 2 == 0);
	assert_int_equal(vs_link_cache_run(c), -ENOBUFS);
	vs_link_cache_close(c);
	/* what is not open asks the kernel */
	flip(fd, true);
	assert_int_equal(vs_link_cache_read(c, &links, &error), 0);
	assert_int_equal(links.n, 1);
	assert_true(links.v[0].up);
	vs_links_free(&links);
	assert_int_equal(vs_link_cache_open(c, &error), 0);
	assert_as_dumped(c);
	close(fd);
}

static void count(void *ctx, const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == *(const int *)ctx)
		++((int *)ctx)[1];
}

static void heard(void **state)
{
	int qdiscs[2] = { RTM_NEWQDISC };
	struct vs_link_cache *c = *state;

	c->heard = count;
	c->ctx = qdiscs;
	ip("link set lo up");
	assert_int_equal(system("tc qdisc add dev lo clsact"), 0);
	assert_int_equal(vs_link_cache_run(c), 0);
	assert_int_equal(qdiscs[1], 1);
	assert_as_dumped(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(follows, setup, teardown),
		cmocka_unit_test_setup_teardown(lost, setup, teardown),
		cmocka_unit_test_setup_teardown(heard, setup, teardown),
	};

	return cmocka_run_group_tests_name("link_cache", tests, NULL, NULL);
}
