// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine under any sequence of changes, losses and times: the input is
 * where the model's random numbers come from. Never a false "in sync", and in
 * the end the same as one that is told everything at once, in any order.
 */
#include <string.h>

#include "unit.h"

#include "fuzz.h"
#include "model.h"

#define CHANGES_MAX 200

static const uint8_t *bytes;
static size_t left;

/* once the input is used up, always the first choice */
static unsigned int pick(unsigned int n)
{
	if (!left)
		return 0;
	left--;
	return *bytes++ % n;
}

static void lose(struct world *w)
{
	if (pick(2))
		world_fail(w, pick(VS_SOURCE_COUNT));
	else
		world_driver(w, 1 + pick(5));
}

static void come_back(struct world *w, const struct model *m)
{
	for (int i = 0; i < VS_SOURCE_COUNT; i++)
		model_put_list(w, m, i);
	world_driver(w, VS_DRIVER_ONLINE);
	for (int n = 0; n < 5; n++)
		world_after(w, 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;
	struct world w;

	bytes = data;
	left = size;
	model_pick_by(pick);
	memset(&m, 0, sizeof(m));
	world_open(&w, pick(3) * 100, 1 + pick(3));
	world_ready(&w);
	for (int n = 0; n < CHANGES_MAX && left; n++) {
		model_change(&w, &m);
		if (!pick(10))
			lose(&w);
		if (!pick(5))
			model_put_list(&w, &m, pick(VS_SOURCE_COUNT));
		if (!pick(3)) {
			w.now += pick(120);
			assert_int_equal(vs_engine_glance(w.e, w.now), 0);
			model_check_in_sync(&w, &m);
		}
		world_after(&w, pick(120));
		model_check_in_sync(&w, &m);
	}
	come_back(&w, &m);
	model_check_plainly(&w, &m);
	model_check_fresh(&w, &m);
	world_close(&w);
	return 0;
}
