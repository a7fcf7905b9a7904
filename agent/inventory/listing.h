/* SPDX-License-Identifier: GPL-2.0-only */
/* A list of VMs and vNICs that is kept to be fed later, elsewhere. */
#ifndef VS_INVENTORY_LISTING_H
#define VS_INVENTORY_LISTING_H

#include <stddef.h>

#include "core/feed.h"

struct vs_listed;

/** struct vs_listing - what was collected; all zeros is an empty one */
struct vs_listing {
	struct vs_listed *v;
	size_t n, cap;
};

/** vs_listing_feed() - the listing as a place for a provider to fill */
struct vs_feed vs_listing_feed(struct vs_listing *listing);

/** vs_listing_replay() - feed what was collected, in the same order; 0 or what
 * @feed returned
 */
int vs_listing_replay(const struct vs_listing *listing,
		      const struct vs_feed *feed);

/** vs_listing_free() - release it; it is empty then */
void vs_listing_free(struct vs_listing *listing);

#endif
