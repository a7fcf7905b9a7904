/* SPDX-License-Identifier: GPL-2.0-only */
/* A feed that writes down what it is fed, for tests of inventories. */
#ifndef GATHER_H
#define GATHER_H

#include "core/feed.h"

/**
 * struct gather - what came, one line a VM
 * @text: "uuid name host power [unprotected] [template] 0=MAC 1=MAC"
 * @refuse: the feed returns this for the next VM
 */
struct gather {
	char text[4096];
	int refuse;
};

/** gather_feed() - a feed into @g, which is emptied */
struct vs_feed gather_feed(struct gather *g);

#endif
