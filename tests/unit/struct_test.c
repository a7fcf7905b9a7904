// SPDX-License-Identifier: GPL-2.0-only
/* What the engine is built of: queue, table, pool, strings, buffers, errors. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/due.h"
#include "core/error.h"
#include "core/name.h"
#include "core/pool.h"
#include "core/str.h"
#include "core/table.h"

static unsigned int step(unsigned int *x)
{
	return *x = *x * 1103515245u + 12345u, *x >> 8;
}

/* against the plainest queue there is: an array that is searched */
static void queue(void **state)
{
	static struct vs_due due[200];
	struct vs_queue q = { 0 };
	unsigned int x = 1;

	(void)state;
	for (int n = 0; n < 20000; n++) {
		struct vs_due *d = &due[step(&x) % ARRAY_SIZE(due)];
		struct vs_due *least = NULL;
		size_t count = 0;

		if (step(&x) % 3)
			assert_int_equal(vs_queue_set(&q, d, step(&x) % 50), 0);
		else
			vs_queue_del(&q, d);
		for (size_t i = 0; i < ARRAY_SIZE(due); i++) {
			if (!due[i].pos)
				continue;
			assert_ptr_equal(q.v[due[i].pos - 1], &due[i]);
			count++;
			/* nothing comes before what it waits behind */
			if (due[i].pos > 1)
				assert_true(q.v[due[i].pos / 2 - 1]->at <=
					    due[i].at);
			if (!least || due[i].at < least->at)
				least = &due[i];
		}
		assert_int_equal(q.n, count);
		if (least)
			assert_int_equal(vs_queue_first(&q)->at, least->at);
		else
			assert_null(vs_queue_first(&q));
	}
	vs_queue_free(&q);
}

struct thing {
	struct vs_node node;
	bool in;
};

static struct thing *thing_find(const struct vs_table *t, struct thing *what)
{
	struct vs_node *n = vs_table_first(t, what->node.hash);

	while (n && n != &what->node)
		n = n->next;
	return (struct thing *)n;
}

static void table(void **state)
{
	static struct thing things[1000];
	struct vs_table t = { 0 };
	unsigned int x = 7;
	size_t count = 0;

	(void)state;
	/* an empty table has no chains at all */
	assert_null(vs_table_first(&t, 5));
	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		things[i].node.hash = i % 3 ? vs_table_mix(i, 0, 0) : 42;
	for (int n = 0; n < 5000; n++) {
		struct thing *thing = &things[step(&x) % ARRAY_SIZE(things)];

		assert_ptr_equal(thing_find(&t, thing),
				 thing->in ? thing : NULL);
		if (thing->in)
			vs_table_del(&t, &thing->node);
		else
			assert_int_equal(vs_table_add(&t, &thing->node), 0);
		thing->in = !thing->in;
		count += thing->in ? 1 : -1;
		assert_int_equal(t.count, count);
	}
	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		assert_ptr_equal(thing_find(&t, &things[i]),
				 things[i].in ? &things[i] : NULL);
	vs_table_free(&t);
}

/* neighbours must not share chains, seeds must not share collisions */
static void mixing(void **state)
{
	unsigned int used[256] = { 0 }, most = 0;
	int same = 0;

	(void)state;
	for (uint64_t i = 0; i < 2560; i++) {
		unsigned int *n = &used[vs_table_mix(i, 0, 3) & 255];

		if (++*n > most)
			most = *n;
		same += (vs_table_mix(i, 0, 1) & 255) ==
			(vs_table_mix(i, 0, 2) & 255);
	}
	assert_in_range(most, 10, 40);
	assert_in_range(same, 0, 40);
}

static void pool(void **state)
{
	static uint64_t *object[30000];
	struct vs_pool p;

	(void)state;
	vs_pool_init(&p, 20);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(object); i++) {
			object[i] = vs_pool_get(&p);
			assert_non_null(object[i]);
			assert_int_equal((uintptr_t)object[i] % 8, 0);
			assert_int_equal(object[i][0] | object[i][1], 0);
			object[i][0] = i + 1;
			object[i][1] = i + 1;
		}
		for (size_t i = 0; i < ARRAY_SIZE(object); i++)
			assert_int_equal(object[i][1], i + 1);
		for (size_t i = 0; i < ARRAY_SIZE(object); i++)
			vs_pool_put(&p, object[i]);
	}
	vs_pool_free(&p);
	/* and it can be used again */
	assert_non_null(vs_pool_get(&p));
	vs_pool_free(&p);
}

static void strings(void **state)
{
	struct vs_str *a = vs_str_get("web", NULL), *b, *c;

	(void)state;
	b = vs_str_get("web", a);
	c = vs_str_get("db", a);
	assert_ptr_equal(a, b);
	assert_ptr_not_equal(a, c);
	assert_true(vs_str_is(a, "web"));
	assert_false(vs_str_is(a, "we"));
	assert_true(vs_str_is(NULL, NULL));
	assert_true(vs_str_is(NULL, ""));
	assert_false(vs_str_is(NULL, "web"));
	vs_str_put(a);
	assert_string_equal(vs_str_text(b), "web");
	assert_null(vs_str_text(NULL));
	vs_str_put(b);
	vs_str_put(c);
	vs_str_put(NULL);
}

static void buffers(void **state)
{
	struct vs_buf buf = { 0 };

	(void)state;
	assert_string_equal(vs_buf_str(&buf), "");
	for (int i = 0; i < 1000; i++)
		vs_buf_addf(&buf, "%d,", i % 10);
	assert_int_equal(buf.len, 2000);
	assert_int_equal(strlen(vs_buf_str(&buf)), 2000);
	vs_buf_add(&buf, "end");
	assert_string_equal(vs_buf_str(&buf) + 1996, "8,9,end");
	vs_buf_free(&buf);
	assert_string_equal(vs_buf_str(&buf), "");
}

static void errors(void **state)
{
	char name[24], text[600];
	struct vs_error e;

	(void)state;
	assert_int_equal(vs_error_set(&e, VS_OP_PARSE, VS_WHY_BAD_DATA, EINVAL,
				      "line %d", 7), -EINVAL);
	assert_string_equal(e.detail, "line 7");
	assert_int_equal(vs_error_set(&e, VS_OP_NETLINK, VS_WHY_NONE, -EPERM,
				      NULL), -EPERM);
	assert_int_equal(e.err, EPERM);
	assert_string_equal(e.detail, "");
	assert_int_equal(vs_error_set(NULL, VS_OP_NONE, VS_WHY_NONE, 0, NULL),
			 -EIO);
	assert_int_equal(vs_error_set_ioctl(&e, "LIST_VNICS", VS_WHY_NONE,
					    EBUSY), -EBUSY);
	assert_string_equal(e.ioctl, "LIST_VNICS");
	assert_string_equal(vs_errno_name(EBUSY, name), "EBUSY");
	assert_string_equal(vs_errno_name(4711, name), "errno 4711");
	assert_string_equal(vs_errno_name(0, name), "errno 0");
	for (int i = 0; i < VS_OP_COUNT; i++) {
		enum vs_op op = VS_OP_COUNT;

		assert_int_equal(vs_op_parse(vs_op_word(i), &op), 0);
		assert_int_equal(op, i);
	}
	for (int i = 0; i < VS_WHY_COUNT; i++) {
		enum vs_why why = VS_WHY_COUNT;

		assert_int_equal(vs_why_parse(vs_why_word(i), &why), 0);
		assert_int_equal(why, i);
	}
	for (int i = 1; i < 5000; i += 7) {
		int err = 0;

		assert_int_equal(vs_errno_parse(vs_errno_name(i, name), &err),
				 0);
		assert_int_equal(err, i);
	}
	/* too long a detail is cut between characters */
	memset(text, 'a', sizeof(text));
	memcpy(text + VS_ERROR_DETAIL - 3, "\xe4\xbb\xae", 4);
	vs_error_set(&e, VS_OP_NONE, VS_WHY_NONE, 0, "%s", text);
	assert_int_equal(strlen(e.detail), VS_ERROR_DETAIL - 3);
	assert_int_equal(vs_name_check("\xe4\xbb\xae"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queue),
		cmocka_unit_test(table),
		cmocka_unit_test(mixing),
		cmocka_unit_test(pool),
		cmocka_unit_test(strings),
		cmocka_unit_test(buffers),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
