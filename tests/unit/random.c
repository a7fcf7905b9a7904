// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "random.h"

static uint64_t state = 1;

unsigned long long random_seed(void)
{
	const char *s = getenv("UNIT_SEED");
	unsigned long long seed = s ? strtoull(s, NULL, 10) : 1;

	seed += !seed;
	printf("# UNIT_SEED=%llu\n", seed);
	fflush(stdout);
	state = seed;
	return seed;
}

/* few numbers are far apart; multiples of this one are */
void random_begin(unsigned long long where)
{
	state = (where + 1) * UINT64_C(0x9e3779b97f4a7c15);
	state += !state;
}

/* xorshift: the same everywhere */
unsigned int random_pick(unsigned int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 33) % n;
}
