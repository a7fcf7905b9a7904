// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random changes to what model.h says must hold: the same ones each time, so
 * that what they find is there again. UNIT_SEED=N makes them others.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/alert.h"
#include "model.h"
#include "random.h"

static int seed(void **state)
{
	(void)state;
	random_seed();
	model_pick_by(random_pick);
	return 0;
}

static void step_by_step(void **state)
{
	static struct model m;
	struct world w;

	(void)state;
	for (int run = 0; run < 300; run++) {
		memset(&m, 0, sizeof(m));
		world_open(&w, 0, 1);
		world_ready(&w);
		for (int n = 0; n < 150; n++) {
			for (unsigned int i = 1 + random_pick(4); i; i--)
				model_change(&w, &m);
			world_after(&w, 1);
			model_check_plainly(&w, &m);
			if (!random_pick(4))
				model_check_fresh(&w, &m);
		}
		model_check_fresh(&w, &m);
		world_close(&w);
	}
}

/* sources come and go as well; once all are back, nothing of it is left */
static void with_outages(void **state)
{
	static struct model m;
	struct world w;

	(void)state;
	for (int run = 0; run < 150; run++) {
		memset(&m, 0, sizeof(m));
		world_open(&w, random_pick(3) * 100, 1 + random_pick(3));
		world_ready(&w);
		for (int n = 0; n < 200; n++) {
			model_change(&w, &m);
			if (!random_pick(10))
				world_fail(&w, random_pick(VS_SOURCE_COUNT));
			if (!random_pick(10))
				world_driver(&w, 1 + random_pick(5));
			if (!random_pick(5))
				model_put_list(&w, &m,
					       random_pick(VS_SOURCE_COUNT));
			world_after(&w, random_pick(120));
			model_check_in_sync(&w, &m);
		}
		for (int i = 0; i < VS_SOURCE_COUNT; i++)
			model_put_list(&w, &m, i);
		world_driver(&w, VS_DRIVER_ONLINE);
		for (int n = 0; n < 5; n++)
			world_after(&w, 1000);
		model_check_plainly(&w, &m);
		model_check_fresh(&w, &m);
		world_close(&w);
	}
}

/** struct tale - what an engine says and shows, evaluation after evaluation */
struct tale {
	char *text;
	size_t size;
	FILE *to;
	vs_time by;		/* how much its clock is ahead */
};

static int tale_alert(void *ctx, const struct vs_alert *alert)
{
	struct tale *t = ctx;

	fprintf(t->to, "%d since %lld raised %lld\n", alert->id,
		(long long)(alert->since - t->by),
		(long long)(alert->raised - t->by));
	return 0;
}

static int tale_difference(void *ctx, const struct vs_difference *d,
			   bool confirmed)
{
	struct tale *t = ctx;

	fprintf(t->to, "port %u %d since %lld\n", d->ifindex, confirmed,
		(long long)(d->first_seen - t->by));
	return 0;
}

static void tale_go_on(struct tale *t, struct world *w)
{
	vs_time at = t->by;

	fprintf(t->to, "%s\n", world_after(w, random_pick(120)));
	vs_engine_next(w->e, &at);
	fprintf(t->to, "next %lld\n", (long long)(at - t->by));
	vs_engine_each_alert(w->e, tale_alert, t);
	vs_engine_differences(w->e, NULL, tale_difference, t);
}

/* always the same changes; @set: and somebody sets the clock all the time */
static char *tale(unsigned int grace, bool set)
{
	const struct vs_engine_config config = {
		.host = "node1", .grace = grace, .debounce = 2,
		.max_age = 700,
	};
	static struct model m;
	struct tale t = { 0 };
	struct world w;

	random_seed();
	memset(&m, 0, sizeof(m));
	t.to = open_memstream(&t.text, &t.size);
	assert_non_null(t.to);
	world_open_config(&w, &config);
	world_ready(&w);
	for (int n = 0; n < 2000; n++) {
		vs_time by = set ? n * 7919 % 400009 - 200000 : 0;

		model_change(&w, &m);
		if (!random_pick(10))
			world_fail(&w, random_pick(VS_SOURCE_COUNT));
		if (!random_pick(10))
			world_driver(&w, 1 + random_pick(5));
		if (!random_pick(5))
			model_put_list(&w, &m, random_pick(VS_SOURCE_COUNT));
		vs_engine_shift(w.e, by);
		w.now += by;
		t.by += by;
		tale_go_on(&t, &w);
	}
	world_close(&w);
	fclose(t.to);
	return t.text;
}

/* however often the clock is set: all times move with it, and all else stays */
static void clock_is_set(void **state)
{
	(void)state;
	for (unsigned int grace = 0; grace < 500; grace += 150) {
		char *plain = tale(grace, false), *moved = tale(grace, true);

		assert_true(strlen(plain) > 100000);
		assert_non_null(strstr(plain, "742"));
		assert_string_equal(plain, moved);
		free(plain);
		free(moved);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step_by_step),
		cmocka_unit_test(with_outages),
		cmocka_unit_test(clock_is_set),
	};

	return cmocka_run_group_tests(tests, seed, NULL);
}
