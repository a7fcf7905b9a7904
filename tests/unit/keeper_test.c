// SPDX-License-Identifier: GPL-2.0-only
/* The thread beside the daemon's loop, on libvirt's own test driver. */
#include "unit.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/keeper.h"

#define TEST_DRIVER "test:///default"
/* milliseconds; only what has hung waits that long */
#define PATIENCE 20000

/* the next tiding */
static struct vs_tiding *take(struct vs_keeper *k)
{
	struct pollfd fd = { .fd = vs_keeper_fd(k), .events = POLLIN };
	struct vs_tiding *t;

	while (!(t = vs_keeper_take(k)))
		assert_int_equal(poll(&fd, 1, PATIENCE), 1);
	return t;
}

/* the next one of any other kind than busy and idle */
static struct vs_tiding *next(struct vs_keeper *k)
{
	for (;;) {
		struct vs_tiding *t = take(k);

		if (t->kind != VS_TIDING_BUSY && t->kind != VS_TIDING_IDLE)
			return t;
		vs_tiding_free(t);
	}
}

static struct vs_tiding *next_is(struct vs_keeper *k, enum vs_tiding_kind kind)
{
	struct vs_tiding *t = next(k);

	assert_int_equal(t->kind, kind);
	return t;
}

static void list_and_events(void **state)
{
	virConnectPtr conn;
	struct vs_keeper *k;
	struct vs_tiding *t;
	virDomainPtr dom;

	(void)state;
	assert_int_equal(vs_keeper_new("libvirt:" TEST_DRIVER, TEST_DRIVER,
				       20000, &k), 0);
	vs_keeper_want_list(k, false);
	t = next_is(k, VS_TIDING_LIST);
	assert_true(t->manager && t->hypervisor);
	assert_non_null(t->domains);
	assert_string_equal(t->domains->name, "test");
	assert_int_equal(t->domains->power, VS_POWER_RUNNING);
	vs_tiding_free(t);

	/* what happens to a domain has it read afresh */
	conn = virConnectOpen(TEST_DRIVER);
	assert_non_null(conn);
	dom = virDomainLookupByName(conn, "test");
	assert_non_null(dom);
	assert_int_equal(virDomainDestroy(dom), 0);
	t = next_is(k, VS_TIDING_VM);
	assert_int_equal(t->domains->power, VS_POWER_OFF);
	vs_tiding_free(t);
	assert_int_equal(virDomainUndefine(dom), 0);
	t = next_is(k, VS_TIDING_GONE);
	vs_tiding_free(t);
	virDomainFree(dom);
	virConnectClose(conn);
	vs_keeper_stop(k);
}

static int count_vm(void *ctx, const struct vs_vm_fact *fact)
{
	assert_string_equal(fact->name, "web");
	assert_string_equal(fact->host, "node2");
	++*(int *)ctx;
	return 0;
}

static int count_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	assert_int_equal(fact->device_id, 3);
	*(int *)ctx += 10;
	return 0;
}

/* an inventory that is not libvirt's goes through the same thread */
static void file_inventory(void **state)
{
	static const char path[] = OUT_DIR "/keeper_test.json";
	int n = 0;
	const struct vs_feed feed = { count_vm, count_vnic, &n };
	struct vs_keeper *k;
	struct vs_tiding *t;
	FILE *f = fopen(path, "w");

	(void)state;
	assert_non_null(f);
	fputs("{\"vms\":[{\"uuid\":\"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01\","
	      "\"name\":\"web\",\"host\":\"node2\",\"vnics\":[{\"device_id\":"
	      "3,\"mac\":\"52:54:00:00:00:01\"}]}]}", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(vs_keeper_new("file:" OUT_DIR "/keeper_test.json",
				       NULL, 20000, &k), 0);
	vs_keeper_want_list(k, false);
	t = next_is(k, VS_TIDING_LIST);
	assert_true(t->manager && !t->hypervisor);
	assert_int_equal(vs_listing_replay(&t->listing, &feed), 0);
	assert_int_equal(n, 11);
	vs_tiding_free(t);

	assert_int_equal(unlink(path), 0);
	vs_keeper_want_list(k, false);
	t = next_is(k, VS_TIDING_FAILED);
	assert_int_equal(t->error.err, ENOENT);
	vs_tiding_free(t);
	/* who is not busy is not given up */
	t = take(k);
	assert_int_equal(t->kind, VS_TIDING_IDLE);
	vs_tiding_free(t);
	assert_false(vs_keeper_give_up(k, NULL));
	vs_keeper_stop(k);
}

/* nobody answers there, ever */
static int listen_at(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	strcpy(addr.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

/* until every thread that was given up has ended */
static void wait_lost(void)
{
	for (int asked = 0; asked < VS_ASKED_COUNT; asked++) {
		for (int i = 0; vs_keeper_lost(asked) && i < PATIENCE / 10;
		     i++)
			poll(NULL, 0, 10);
		assert_int_equal(vs_keeper_lost(asked), 0);
	}
}

/* who is stuck is left behind, and another one takes over */
static void given_up(void **state)
{
	char path[] = "/tmp/vmsafe-unit-XXXXXX", at[64], uri[160];
	enum vs_asked asked;
	struct vs_keeper *k;
	struct vs_tiding *t;
	int fd;

	(void)state;
	/* one that was just about to be done may have been */
	wait_lost();
	assert_non_null(mkdtemp(path));
	snprintf(at, sizeof(at), "%s/sock", path);
	fd = listen_at(at);
	snprintf(uri, sizeof(uri), "libvirt:qemu+unix:///system?socket=%s",
		 at);
	assert_int_equal(vs_keeper_new(uri, NULL, 20000, &k), 0);
	vs_keeper_want_list(k, false);
	t = take(k);
	assert_int_equal(t->kind, VS_TIDING_BUSY);
	assert_true(t->manager && !t->hypervisor);
	vs_tiding_free(t);
	assert_true(vs_keeper_give_up(k, &asked));
	assert_int_equal(asked, VS_ASKED_LIBVIRT);
	assert_int_equal(vs_keeper_lost(VS_ASKED_LIBVIRT), 1);

	/* likewise with one that is only the hypervisor */
	assert_int_equal(vs_keeper_new("file:/nowhere", uri + 8, 20000, &k),
			 0);
	vs_keeper_want_hypervisor(k);
	t = take(k);
	assert_int_equal(t->kind, VS_TIDING_BUSY);
	assert_true(!t->manager && t->hypervisor);
	vs_tiding_free(t);
	assert_true(vs_keeper_give_up(k, &asked));
	assert_int_equal(asked, VS_ASKED_HYPERVISOR);
	assert_int_equal(vs_keeper_lost(VS_ASKED_HYPERVISOR), 1);
	assert_int_equal(vs_keeper_lost(VS_ASKED_INVENTORY), 0);

	assert_int_equal(vs_keeper_new("libvirt:" TEST_DRIVER, NULL, 20000,
				       &k), 0);
	vs_keeper_want_list(k, false);
	t = next_is(k, VS_TIDING_LIST);
	vs_tiding_free(t);
	vs_keeper_stop(k);

	/* the server goes away: the thread is back, and ends by itself */
	close(fd);
	unlink(at);
	rmdir(path);
	wait_lost();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_and_events),
		cmocka_unit_test(file_inventory),
		cmocka_unit_test(given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
