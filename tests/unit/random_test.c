// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random changes to what model.h says must hold: the same ones each time, so
 * that what they find is there again. UNIT_SEED=N makes them others.
 */
#include "unit.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(step_by_step),
		cmocka_unit_test(with_outages),
	};

	return cmocka_run_group_tests(tests, seed, NULL);
}
