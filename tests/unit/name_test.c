// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of VMs that are longer than what the Filter Driver takes: whoever says
 * them is understood, but never taken to mean another VM.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "core/name.h"
#include "recover/look.h"
#include "recover/virt.h"
#include "store.h"
#include "world.h"

/* of 64 bytes, and one whose last character does not fit */
#define X64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define X62 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
#define KARI "\xe4\xbb\xae"
#define UUID "421e0000-0000-0000-0000-00000000000"

static void meant(void **state)
{
	static const struct {
		const char *known, *asked;
		bool is;
	} rows[] = {
		{ "web", "web", true },
		{ "web", "Web", false },
		{ "web", "web1", false },
		{ "web1", "web", false },
		{ "web", "", false },
		{ X64, X64, true },
		{ X64, X64 "1", true },
		{ X64, X62, false },
		{ X62, X62 KARI, true },
		{ X62, X62 KARI KARI, true },
		{ X62 "\xe4\xbb", X62 KARI, false },
		{ X62, X62 "ef", false },
		{ "a?b", "a\nb", true },
		{ "a?b", "a!b", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row(i, vs_name_is(rows[i].known, rows[i].asked) ==
			   rows[i].is);
}

static void add(struct world *w, unsigned int vm, const char *name)
{
	struct vs_vm_fact fact = world_vm_fact(vm);

	fact.name = name;
	assert_int_equal(vs_engine_set_vm(w->e, &fact), 0);
}

static void looked_for(void **state)
{
	struct world *w = *state;
	const struct vs_look look = { .engine = w->e };
	const struct vs_uuid first = world_uuid(1), second = world_uuid(2);
	struct vs_uuid uuid;

	world_ready(w);
	add(w, 1, X62);
	world_evaluate(w);
	assert_int_equal(vs_look_find(&look, X62 KARI "-1", &uuid), 0);
	assert_int_equal(vs_uuid_cmp(&uuid, &first), 0);
	assert_int_equal(vs_look_find(&look, X62 "-1", &uuid), -ENOENT);
	add(w, 2, X62 "-2");
	world_evaluate(w);
	assert_int_equal(vs_look_find(&look, X62 "-2-2", &uuid), 0);
	assert_int_equal(vs_uuid_cmp(&uuid, &second), 0);
	add(w, 3, X62);
	world_evaluate(w);
	assert_int_equal(vs_look_find(&look, X62 KARI "-1", &uuid),
			 -ENOTUNIQ);
}

/* libvirt knows all of it */
static void another(void **state)
{
	static const char xml[] =
		"<node><domain type='test'><name>" X64 "-1</name><uuid>" UUID
		"1</uuid><memory>1024</memory><os><type>hvm</type></os>"
		"</domain></node>";
	char path[] = "/tmp/vmsafe-unit-XXXXXX", uri[64];
	struct vs_virt v;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, xml, sizeof(xml) - 1), sizeof(xml) - 1);
	close(fd);
	snprintf(uri, sizeof(uri), "test://%s", path);
	assert_int_equal(vs_virt_open(&v, uri, X64 "-1", NULL), 0);
	assert_false(vs_virt_is_another(&v, X64 "-1"));
	assert_true(vs_virt_is_another(&v, X64 "-2"));
	assert_false(vs_virt_is_another(&v, X64));
	/* the Manager may call it as it likes */
	assert_false(vs_virt_is_another(&v, "a" X64 "-1"));
	assert_false(vs_virt_is_another(&v, UUID "1"));
	vs_virt_close(&v);
	assert_int_equal(vs_virt_open(&v, uri, X64 "-2", NULL), -ENOENT);
	vs_virt_close(&v);
	assert_int_equal(unlink(path), 0);
}

static int count(void *ctx, uint64_t seq, const struct vs_event *event)
{
	(void)seq;
	(void)event;
	++*(int *)ctx;
	return 0;
}

/* events, too, have what fits */
static void events(void **state)
{
	struct vs_history *h = store_open(store_path());
	struct vs_event event = *store_event(368, 1, 1);
	struct vs_history_query query = { .vm_name = X64 "-1" };
	struct vs_error error;
	int n = 0;

	(void)state;
	event.vm_name = X64;
	store_put(h, &event);
	assert_int_equal(vs_history_each(h, &query, count, &n, &error), 0);
	assert_int_equal(n, 1);
	query.vm_name = X62 "-1";
	assert_int_equal(vs_history_each(h, &query, count, &n, &error), 0);
	assert_int_equal(n, 1);
	vs_history_close(h);
}

/* a window that held back another VM's events would be silence */
static void windows(void **state)
{
	struct cli *c = cli_run("maintenance start --for 1m %s", X64 "-1");

	(void)state;
	assert_int_equal(c->status, VS_EXIT_USAGE);
	assert_non_null(strstr(c->err, "\"" X64 "-1\" is over 64 bytes, so "
			       "give the VM's UUID"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meant),
		WORLD_TEST(looked_for),
		cmocka_unit_test(another),
		cmocka_unit_test(events),
		cmocka_unit_test(windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
