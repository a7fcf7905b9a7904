/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest that sends through its ports in turn, in a thread, until stopped. */
#ifndef VSN_TEST_GUEST_H
#define VSN_TEST_GUEST_H

#include <net/if.h>
#include <pthread.h>
#include <stdatomic.h>

#include "nl.h"

#define GUEST_PORTS	64

/**
 * struct guest - taps, and who sends through them
 * @sent: packets that got into the kernel, by port; those that a port which is
 *	down refused are not among them
 * @err: why it stopped by itself, if it did
 */
struct guest {
	pthread_t thread;
	unsigned int count;
	int taps[GUEST_PORTS];
	char names[GUEST_PORTS][IFNAMSIZ];
	atomic_ulong sent[GUEST_PORTS];
	atomic_bool stop;
	int err;
};

/* All return 0 or a negative errno. */

/* Make so many ports, up, ports of @bridge if there is one, and send. */
int guest_start(struct guest *g, unsigned int count, const char *bridge);
/* Send no more. The ports stay. */
int guest_stop(struct guest *g);
void guest_close(struct guest *g);

/*
 * Of a guest that was stopped: has each packet of this port been passed in one
 * mode or dropped for one reason? -EBADMSG if not. @before: seen by others.
 */
int guest_counted(const struct guest *g, unsigned int port, struct nl *nl,
		  unsigned long before);

#endif /* VSN_TEST_GUEST_H */
