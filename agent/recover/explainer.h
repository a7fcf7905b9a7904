/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting causes into events, those of the agent and those of "vmsafe check".
 * However many VMs a comparison tells of, all that has to be known of the host
 * is looked at once, and only if there is something to explain.
 */
#ifndef VS_RECOVER_EXPLAINER_H
#define VS_RECOVER_EXPLAINER_H

#include "recover/crowd.h"

/**
 * struct vs_explainer - why VMs are not in sync; all zeros: nothing is told
 * @of: the case that each VM's begins with
 * @enrich: ask the Filter Driver once more
 * @gathered: something had to be explained: the rest is filled in
 * @host: what @of was given, with what netlink tells of the entries
 * @table: that
 * @crowd: all VMs
 */
struct vs_explainer {
	struct vs_case of;
	bool enrich;
	bool gathered;
	struct vs_snapshot host;
	struct vs_driver_table table;
	struct vs_crowd crowd;
};

/**
 * vs_explainer_begin() - get ready to explain what is told
 * @x: filled in; vs_explainer_end() it
 * @of: what cases have in common: all that is the caller's up to @crowd, which
 *      is not; copied, and what it points to stays until the end
 * @enrich: by ioctl one does not hear how old an entry is, nor what the guest
 *          sends: ask for that when it is needed
 */
void vs_explainer_begin(struct vs_explainer *x, const struct vs_case *of,
			bool enrich);

/**
 * vs_explainer_event() - put cause and steps into an event, if they can be
 * told; of one that is not about differences they are known already
 */
void vs_explainer_event(struct vs_explainer *x, struct vs_event *event);

/** vs_explainer_end() - done; events are no longer explained */
void vs_explainer_end(struct vs_explainer *x);

#endif
