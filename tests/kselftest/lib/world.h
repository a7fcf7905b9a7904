/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a test happens: a network namespace of its own, with a socket for
 * requests and one that listens to events.
 */
#ifndef VSN_TEST_WORLD_H
#define VSN_TEST_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "host.h"
#include "nl.h"
#include "port.h"
#include "vnic.h"

struct world {
	struct nl nl;
	struct nl events;
};

/* Both return 0 or a negative errno. */
int world_begin(struct world *w);
void world_end(struct world *w);

/* A descriptor of the network namespace we are in, or a negative errno. */
int netns_here(void);
/* The same of a new one; we stay where we are. */
int netns_new(void);
/* Leave for a new namespace, or for the one behind a descriptor. */
int netns_enter_new(void);
int netns_enter(int netns);

/* How often to repeat: kernels full of checks, in an emulator, are slow. */
unsigned int effort(unsigned int normal, unsigned int debug);
bool debug_kernel(void);

uint64_t now_ms(void);
/* Give way for a moment between two looks at something. */
void nap(void);

/* Look again and again until it is so, for at most 20 s. Gives what it was. */
#define UNTIL_MS	20000
#define until(condition) ({						\
	uint64_t __deadline = now_ms() + UNTIL_MS;			\
	bool __met;							\
									\
	while (!(__met = !!(condition)) && now_ms() < __deadline)	\
		nap();							\
	__met;								\
})

#endif /* VSN_TEST_WORLD_H */
