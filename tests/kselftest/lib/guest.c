// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "counts.h"
#include "frame.h"
#include "port.h"
#include "world.h"

static void *guest_main(void *arg)
{
	/* A few at a time: others have work to do, too. */
	unsigned int i, port, burst = effort(16, 2);
	struct guest *g = arg;
	struct frame frame;

	frame_make(&frame, 100);
	for (i = 0; !g->stop && !g->err; i++) {
		port = i % g->count;
		/* New sources, and bytes that some policies drop. */
		frame.bytes[6 + 5] = i;
		frame.bytes[20] = i;
		g->err = frame_send(g->taps[port], &frame);
		g->sent[port] += !g->err;
		if (g->err == -EIO)
			g->err = 0;
		if (i % burst == burst - 1)
			nap();
	}
	return NULL;
}

static int guest_port(struct guest *g, const char *bridge)
{
	char *name = g->names[g->count];
	int tap = tap_open(port_name(name, "st")), err = 0;

	if (tap < 0)
		return tap;
	g->taps[g->count++] = tap;
	if (bridge)
		err = link_master(name, bridge);
	return err ?: link_up(name, true);
}

int guest_start(struct guest *g, unsigned int count, const char *bridge)
{
	int err = 0;

	memset(g, 0, sizeof(*g));
	while (g->count < count && !err)
		err = guest_port(g, bridge);
	return err ?: -pthread_create(&g->thread, NULL, guest_main, g);
}

int guest_stop(struct guest *g)
{
	g->stop = true;
	pthread_join(g->thread, NULL);
	return g->err;
}

void guest_close(struct guest *g)
{
	while (g->count)
		close(g->taps[--g->count]);
}

int guest_counted(const struct guest *g, unsigned int port, struct nl *nl,
		  unsigned long before)
{
	struct counts c;
	int err = 0;

	/* The last may be on its way. */
	until((err = counts_get(nl, g->names[port], &c)) ||
	      counts_seen(&c, FROM) >= before + g->sent[port]);
	if (err)
		return err;
	return counts_seen(&c, FROM) == before + g->sent[port] &&
	       counts_agree(&c) ? 0 : -EBADMSG;
}
