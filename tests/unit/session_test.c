// SPDX-License-Identifier: GPL-2.0-only
/* The ioctl client against a driver that is played here. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "driver/table.h"
#include "world.h"

#define VNICS 300

/**
 * struct driver - the driver that is played
 * @fail: this ioctl fails ...
 * @err: ... with this errno, ...
 * @times: ... that often
 * @calls: how often each ioctl was called
 * @vnics: entries in the table
 * @grow: entries that come between two calls of LIST_VNICS
 * @generation: of the table
 * @moves: LIST_VNICS sees another generation than LIST_VMS, that often
 */
static struct driver {
	unsigned long fail;
	int err;
	int times;
	int calls[8];
	uint32_t vnics;
	uint32_t grow;
	uint64_t generation;
	int moves;
	bool attached;
	bool no_vms;
	bool lies;
} drv;

static int play_list(struct vmsafe_net_ioc_list *list, size_t size,
		     uint32_t count)
{
	assert_int_equal(list->size, sizeof(*list));
	assert_int_equal(list->flags, 0);
	assert_int_equal(list->entry_size, size);
	list->generation = drv.generation;
	if (list->count < count) {
		list->count = count;
		errno = EMSGSIZE;
		return -1;
	}
	list->count = count;
	return 0;
}

static int play_vms(struct vmsafe_net_ioc_list *list)
{
	struct vmsafe_net_ioc_vm *vm = (void *)(uintptr_t)list->buffer;
	int ret = play_list(list, sizeof(*vm), drv.no_vms ? 0 : 2);

	for (int i = 0; !ret && i < (int)list->count; i++) {
		/* by ID, which is not the order of the UUIDs */
		vm[i].id = 100 + i;
		vm[i].uuid[0] = 9 - i;
		vm[i].vnic_count = 1;
		sprintf(vm[i].name, "vm%d", i);
	}
	return ret;
}

static int play_vnics(struct vmsafe_net_ioc_list *list)
{
	struct vmsafe_net_ioc_vnic *v = (void *)(uintptr_t)list->buffer;
	int ret;

	if (drv.moves) {
		drv.moves--;
		drv.generation++;
	}
	drv.vnics += drv.grow;
	ret = play_list(list, sizeof(*v), drv.vnics);
	for (uint32_t i = 0; !ret && i < list->count; i++) {
		v[i].id = i + 1;
		v[i].ifindex = i + 10;
		v[i].mode = VMSAFE_NET_MODE_UNBOUND_PASS;
		sprintf(v[i].ifname, "tap%u", i);
		if (i > 1)
			continue;
		v[i].flags = VMSAFE_NET_IOC_VNIC_BOUND;
		v[i].mode = VMSAFE_NET_MODE_ENFORCING;
		v[i].vm_uuid[0] = 9 - i;
		v[i].mac[5] = i + 1;
		v[i].device_id = i;
	}
	if (!ret && drv.lies)
		memset(v[0].ifname, 'x', sizeof(v[0].ifname));
	return ret;
}

static int play(int fd, unsigned long request, void *arg)
{
	assert_int_equal(fd, 99);
	assert_in_range(_IOC_NR(request), 0, 6);
	drv.calls[_IOC_NR(request)]++;
	if (request == drv.fail && drv.times) {
		drv.times--;
		errno = drv.err;
		return -1;
	}
	switch (request) {
	case VMSAFE_NET_IOC_VERSION:
		((struct vmsafe_net_ioc_version *)arg)->abi = 1;
		return 0;
	case VMSAFE_NET_IOC_ATTACH:
		/* a killed command must not be missed */
		assert_int_equal(((struct vmsafe_net_ioc_attach *)arg)->
				 heartbeat_interval, 0);
		assert_int_equal(((struct vmsafe_net_ioc_attach *)arg)->flags,
				 0);
		((struct vmsafe_net_ioc_attach *)arg)->epoch = 12;
		drv.attached = true;
		return 0;
	case VMSAFE_NET_IOC_DETACH:
		assert_int_equal(((struct vmsafe_net_ioc_session *)arg)->epoch,
				 12);
		drv.attached = false;
		return 0;
	case VMSAFE_NET_IOC_LIST_VMS:
		return play_vms(arg);
	case VMSAFE_NET_IOC_LIST_VNICS:
		return play_vnics(arg);
	case VMSAFE_NET_IOC_VERIFY_VNIC:
		((struct vmsafe_net_ioc_verify *)arg)->result =
			VMSAFE_NET_IOC_VERIFY_HOOKED;
		return 0;
	}
	return -1;
}

static struct vs_session played(void)
{
	drv = (struct driver){ .generation = 5, .vnics = 2 };
	return (struct vs_session){ .fd = 99, .ioctl = play };
}

static void a_session(void **state)
{
	struct vs_session s = played();
	struct vmsafe_net_ioc_version version;
	struct vmsafe_net_ioc_verify verify;
	const struct vs_vnic_fact fact = { .device_id = 3 };
	struct vs_error e;

	(void)state;
	assert_int_equal(vs_session_version(&s, &version, &e), 0);
	assert_int_equal(version.size, sizeof(version));
	assert_int_equal(vs_session_attach(&s, 0, &e), 0);
	assert_true(s.attached && drv.attached);
	assert_int_equal(vs_session_verify(&s, &fact, &verify, &e), 0);
	assert_int_equal(verify.device_id, 3);
	assert_int_equal(vs_session_detach(&s, &e), 0);
	assert_false(s.attached || drv.attached);
}

/* every failure names its ioctl and its errno, and what that means */
static void failures(void **state)
{
	static const struct {
		unsigned long ioctl;
		const char *name;
		int err;
		enum vs_why why;
	} rows[] = {
		{ VMSAFE_NET_IOC_VERSION, "VERSION", ENOTTY, VS_WHY_NONE },
		{ VMSAFE_NET_IOC_VERSION, "VERSION", EPERM,
		  VS_WHY_NO_PERMISSION },
		{ VMSAFE_NET_IOC_ATTACH, "ATTACH", EBUSY,
		  VS_WHY_SESSION_HELD },
		{ VMSAFE_NET_IOC_LIST_VMS, "LIST_VMS", ENOTCONN,
		  VS_WHY_NO_SESSION },
		{ VMSAFE_NET_IOC_LIST_VNICS, "LIST_VNICS", ESTALE,
		  VS_WHY_NO_SESSION },
		{ VMSAFE_NET_IOC_LIST_VNICS, "LIST_VNICS", ENOMEM,
		  VS_WHY_NO_MEMORY },
		{ VMSAFE_NET_IOC_LIST_VNICS, "LIST_VNICS", EFAULT,
		  VS_WHY_NONE },
		{ VMSAFE_NET_IOC_VERIFY_VNIC, "VERIFY_VNIC", ENOENT,
		  VS_WHY_NONE },
		{ VMSAFE_NET_IOC_DETACH, "DETACH", ESTALE, VS_WHY_NO_SESSION },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_session s = played();
		struct vmsafe_net_ioc_version version;
		struct vmsafe_net_ioc_verify verify;
		const struct vs_vnic_fact fact = { 0 };
		struct vs_driver_table t = { 0 };
		struct vs_error e = { 0 };
		int ret;

		drv.fail = rows[i].ioctl;
		drv.err = rows[i].err;
		drv.times = 1000;
		ret = vs_session_version(&s, &version, &e);
		if (!ret)
			ret = vs_session_attach(&s, 0, &e);
		if (!ret)
			ret = vs_driver_table_list(&t, &s, &e);
		if (!ret)
			ret = vs_session_verify(&s, &fact, &verify, &e);
		if (!ret)
			ret = vs_session_detach(&s, &e);
		assert_row(i, ret == -rows[i].err);
		assert_row(i, e.op == VS_OP_IOCTL && e.err == rows[i].err);
		assert_row(i, e.why == rows[i].why);
		assert_row_string(i, e.ioctl, rows[i].name);
		vs_driver_table_free(&t);
	}
}

static void busy_for_a_while(void **state)
{
	struct vs_session s = played();
	struct vs_error e;

	(void)state;
	drv.fail = VMSAFE_NET_IOC_ATTACH;
	drv.err = EBUSY;
	drv.times = 3;
	assert_int_equal(vs_session_attach(&s, 60000, &e), 0);
	assert_int_equal(drv.calls[1], 4);
	/* without patience, at once */
	s = played();
	drv.fail = VMSAFE_NET_IOC_ATTACH;
	drv.err = EBUSY;
	drv.times = 3;
	assert_int_equal(vs_session_attach(&s, 0, &e), -EBUSY);
	assert_int_equal(drv.calls[1], 1);
	/* patience ends, too */
	s = played();
	drv.fail = VMSAFE_NET_IOC_ATTACH;
	drv.err = EBUSY;
	drv.times = 1000;
	assert_int_equal(vs_session_attach(&s, 100, &e), -EBUSY);
	assert_in_range(drv.calls[1], 2, 999);
	/* and is for nothing else */
	s = played();
	drv.fail = VMSAFE_NET_IOC_ATTACH;
	drv.err = EPERM;
	drv.times = 3;
	assert_int_equal(vs_session_attach(&s, 60000, &e), -EPERM);
	assert_int_equal(drv.calls[1], 1);
}

static void signals(void **state)
{
	struct vs_session s = played();
	struct vs_error e;

	(void)state;
	drv.fail = VMSAFE_NET_IOC_ATTACH;
	drv.err = EINTR;
	drv.times = 5;
	assert_int_equal(vs_session_attach(&s, 0, &e), 0);
	assert_int_equal(drv.calls[1], 6);
}

static void large_lists(void **state)
{
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_error e;

	(void)state;
	drv.vnics = VNICS;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	assert_int_equal(t.vnics.n, VNICS);
	assert_int_equal(drv.calls[5], 2);
	assert_string_equal(t.vnics.v[VNICS - 1].ifname, "tap299");
	/* again, over what is there */
	drv.vnics = 3;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	assert_int_equal(t.vnics.n, 3);
	vs_driver_table_free(&t);
}

/* a table that grows as fast as it is read is an error, not a loop */
static void growing_lists(void **state)
{
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_error e;

	(void)state;
	drv.vnics = VNICS;
	drv.grow = 50;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	drv.grow = 200000;
	drv.vnics = VNICS;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), -EBADMSG);
	vs_driver_table_free(&t);
}

static void names_of_vms(void **state)
{
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_error e;

	(void)state;
	drv.vnics = 3;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	assert_int_equal(t.generation, 5);
	assert_int_equal(t.vms.n, 2);
	assert_string_equal(t.vms.v[0].name, "vm0");
	assert_string_equal(t.vnics.v[0].vm_name, "vm0");
	assert_string_equal(t.vnics.v[1].vm_name, "vm1");
	assert_true(vs_driver_vnic_is_bound(&t.vnics.v[1]));
	assert_int_equal(t.vnics.v[1].device_id, 1);
	assert_false(vs_driver_vnic_is_bound(&t.vnics.v[2]));
	vs_driver_table_free(&t);
}

/* two lists of two generations are not one table */
static void two_generations(void **state)
{
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_error e;

	(void)state;
	drv.moves = 3;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	assert_int_equal(t.generation, 8);
	assert_int_equal(drv.calls[4], 4);
	drv.moves = 1000;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), -EAGAIN);
	assert_int_equal(e.why, VS_WHY_TORN);
	assert_in_range(drv.calls[4], 5, 100);
	vs_driver_table_free(&t);
}

/* a driver that contradicts itself is not believed */
static void lies(void **state)
{
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_error e;

	(void)state;
	drv.no_vms = true;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), -EBADMSG);
	assert_int_equal(e.why, VS_WHY_BAD_DATA);
	assert_string_equal(e.ioctl, "LIST_VNICS");
	s = played();
	drv.lies = true;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), -EBADMSG);
	vs_driver_table_free(&t);
}

static void fed(void **state)
{
	static struct world w;
	struct vs_session s = played();
	struct vs_driver_table t = { 0 };
	struct vs_host_view host;
	struct vs_error e;

	(void)state;
	drv.vnics = 3;
	assert_int_equal(vs_driver_table_list(&t, &s, &e), 0);
	world_open(&w, 0, 1);
	world_ready(&w);
	assert_int_equal(vs_driver_table_feed(&t, NULL, w.e, w.now), 0);
	assert_string_equal(world_evaluate(&w),
			    "368 vm1 driver:1:02\n368 vm0 driver:0:01");
	vs_engine_host(w.e, &host);
	assert_int_equal(host.source[VS_SOURCE_DRIVER].count, 3);
	assert_int_equal(host.source[VS_SOURCE_DRIVER].info.generation, 5);
	/* an entry that cannot be makes the list unavailable, not shorter */
	t.vnics.v[1].ifindex = 0;
	assert_int_not_equal(vs_driver_table_feed(&t, NULL, w.e, w.now), 0);
	world_evaluate(&w);
	vs_engine_host(w.e, &host);
	assert_false(host.source[VS_SOURCE_DRIVER].available);
	world_close(&w);
	vs_driver_table_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session),
		cmocka_unit_test(failures),
		cmocka_unit_test(busy_for_a_while),
		cmocka_unit_test(signals),
		cmocka_unit_test(large_lists),
		cmocka_unit_test(growing_lists),
		cmocka_unit_test(names_of_vms),
		cmocka_unit_test(two_generations),
		cmocka_unit_test(lies),
		cmocka_unit_test(fed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
