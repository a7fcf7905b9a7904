// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory, at every single allocation: a sequence is repeated with the
 * first allocation failing, then the second, and so on until none fails. Each
 * call either does all it should or nothing, so trying again must lead to the
 * same end.
 */
#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "core/alert.h"
#include "core/text.h"
#include "inventory/document.h"
#include "inventory/inventory.h"
#include "world.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);

static long left;	/* allocations until one fails; 0: none will */
static bool failed;

static bool fails(void)
{
	if (!left || --left)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return fails() ? NULL : __real_reallocarray(p, n, size);
}

/* try again after -ENOMEM, which may come once */
#define AGAIN(call) \
	do { \
		int ret_ = (call); \
		if (ret_ == -ENOMEM) { \
			assert_true(failed); \
			ret_ = (call); \
		} \
		assert_int_equal(ret_, 0); \
	} while (0)

/* which events came, whatever their order */
static void sum_event(void *ctx, const struct vs_event *ev)
{
	unsigned long *sum = ctx;
	unsigned long one = ev->id * 31ul + (ev->vm ? ev->vm->b[15] : 7);

	for (size_t i = 0; i < ev->n_differences; i++)
		one = one * 31 + ev->differences[i].source * 1000 +
		      ev->differences[i].device_id * 256 +
		      ev->differences[i].mac.b[5];
	*sum += one * one;
}

static void evaluate(struct vs_engine *e, vs_time now, unsigned long *sum)
{
	AGAIN(vs_engine_evaluate(e, now, sum_event, sum));
}

static struct vs_driver_fact driver_fact(unsigned int port, unsigned int vm,
					 unsigned int mac)
{
	struct vs_driver_fact f = {
		.ifindex = port, .port = "tap", .bound = vm,
		.vm = world_uuid(vm), .vm_name = vm ? "named by driver" : NULL,
		.device_id = vm ? mac : 0,
		.mac = world_mac(mac),
		.bypass = mac == 2 ? VS_BYPASS_YES : VS_BYPASS_NO,
		.bypass_by = mac == 2 ? "xdp" : NULL,
	};

	return f;
}

static struct vs_host_fact host_fact(unsigned int port, unsigned int vm,
				     unsigned int mac)
{
	struct vs_host_fact f = {
		.ifindex = port, .port = "tap", .pid = 1, .plugged = true,
		.device_id = vm ? mac : VS_DEVICE_ID_NONE,
	};

	if (vm) {
		f.vm = world_uuid(vm);
		f.vm_name = "named by host";
		f.mac = world_mac(mac);
	}
	return f;
}

static void feed_some(struct vs_engine *e)
{
	for (unsigned int vm = 1; vm <= 4; vm++) {
		struct vs_vm_fact f = world_vm_fact(vm);

		f.host = "node1";
		AGAIN(vs_engine_set_vm(e, &f));
		for (unsigned int i = 0; i < 3; i++) {
			struct vs_vnic_fact n = {
				.vm = world_uuid(vm), .device_id = i,
				.mac = world_mac(i + vm % 2),
			};
			struct vs_driver_fact d =
				driver_fact(vm * 4 + i, vm, i);
			struct vs_host_fact h =
				host_fact(vm * 4 + i, vm + i / 2, i);

			AGAIN(vs_engine_set_vnic(e, &n));
			AGAIN(vs_engine_set_host_port(e, &h));
			AGAIN(vs_engine_set_driver_port(e, &d));
		}
	}
}

static void feed_nameless(struct vs_engine *e)
{
	struct vs_driver_fact d = driver_fact(90, 0, 0);
	struct vs_host_fact h = host_fact(90, 0, 0);

	AGAIN(vs_engine_set_driver_port(e, &d));
	AGAIN(vs_engine_set_host_port(e, &h));
}

/* ports that are some VM's only as long as the host's list says so */
static void feed_held(struct vs_engine *e)
{
	for (unsigned int port = 91; port < 94; port++) {
		struct vs_driver_fact d = driver_fact(port, 0, 0);
		struct vs_host_fact h = host_fact(port, 2, 7);

		AGAIN(vs_engine_set_driver_port(e, &d));
		AGAIN(vs_engine_set_host_port(e, &h));
	}
}

static void load(struct vs_engine *e, enum vs_source source)
{
	const struct vs_list_info info = { .read_at = 1 };

	vs_engine_begin(e, source);
	feed_some(e);
	AGAIN(vs_engine_commit(e, source, &info));
}

static int add_alert(void *ctx, const struct vs_alert *alert)
{
	(void)alert;
	++*(int *)ctx;
	return 0;
}

static unsigned long engine_sequence(void)
{
	const struct vs_engine_config config = { .host = "node1", .grace = 5 };
	const struct vs_engine_config other = { .host = "node2", .grace = 5 };
	const struct vs_alert alert = {
		.id = VS_EVENT_OUT_OF_SYNC, .form = VS_FORM_DIFFERENCES,
		.vm = world_uuid(9), .vm_name = "gone", .since = 3,
	};
	struct vs_engine *e = vs_engine_new(&config);
	unsigned long sum = 0;
	int alerts = 0;

	if (!e) {
		assert_true(failed);
		e = vs_engine_new(&config);
		assert_non_null(e);
	}
	AGAIN(vs_engine_restore_alert(e, &alert));
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		load(e, i);
	feed_nameless(e);
	feed_held(e);
	evaluate(e, 10, &sum);
	load(e, VS_SOURCE_HOST);
	evaluate(e, 20, &sum);
	AGAIN(vs_engine_del_port(e, VS_SOURCE_HOST, 6));
	AGAIN(vs_engine_del_port(e, VS_SOURCE_DRIVER, 9));
	AGAIN(vs_engine_configure(e, &other));
	feed_some(e);
	evaluate(e, 30, &sum);
	if (vs_engine_each_alert(e, add_alert, &alerts) == -ENOMEM) {
		alerts = 0;
		assert_int_equal(vs_engine_each_alert(e, add_alert, &alerts),
				 0);
	}
	vs_engine_free(e);
	return sum + alerts;
}

static void engine(void **state)
{
	unsigned long want = engine_sequence();
	long n = 0;

	(void)state;
	do {
		failed = false;
		left = ++n;
		assert_int_equal(engine_sequence(), want);
	} while (failed);
	left = 0;
	assert_in_range(n, 100, 10000);
}

static int take_vm(void *ctx, const struct vs_vm_fact *fact)
{
	(void)fact;
	++*(int *)ctx;
	return 0;
}

static int take_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	(void)fact;
	++*(int *)ctx;
	return 0;
}

static void document(void **state)
{
	static const char text[] =
		"{\"vms\": [{\"uuid\": \"421ea1b2-c3d4-e5f6-0718-293a4b5c6d7e\","
		"\"name\": \"web\", \"vnics\": ["
		"{\"device_id\": 0, \"mac\": \"00:50:56:85:00:01\"},"
		"{\"device_id\": 1, \"mac\": \"00:50:56:85:00:02\"}]}]}";
	struct vs_error error;
	int taken, ret;
	long n = 0;

	(void)state;
	json_set_alloc_funcs(__wrap_malloc, free);
	do {
		const struct vs_feed feed = { take_vm, take_vnic, &taken };

		taken = 0;
		failed = false;
		left = ++n;
		ret = vs_document_read("inv.json", text, sizeof(text) - 1,
				       &feed, &error);
		/* the parser takes some failures for bad syntax */
		assert_true(failed ? ret < 0 : !ret && taken == 3);
	} while (failed);
	left = 0;
	json_set_alloc_funcs(malloc, free);
	assert_in_range(n, 10, 1000);
}

static void text(void **state)
{
	const struct vs_event event = {
		.id = VS_EVENT_DRIVER_OFFLINE, .host = "node1",
	};
	long n = 0;

	(void)state;
	do {
		struct vs_buf buf = { 0 };

		failed = false;
		left = ++n;
		vs_text_event(&buf, NULL, &event, NULL);
		left = 0;
		assert_true(failed || !buf.failed);
		vs_buf_free(&buf);
	} while (failed);
	assert_in_range(n, 2, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engine),
		cmocka_unit_test(document),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
