/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plain picture of what the three lists hold, changed at random; and what
 * must hold of an engine that was told of it: it says what a comparison of
 * sets says, and what an engine says that is told everything at once, in any
 * order. Who decides what random is, is the caller's affair.
 */
#ifndef MODEL_H
#define MODEL_H

#include "core/engine.h"
#include "world.h"

#define MODEL_VMS 7
#define MODEL_IDS 4
#define MODEL_MACS 9
#define MODEL_PORTS 12
#define MODEL_VNICS ((MODEL_VMS + 1) * MODEL_IDS * MODEL_MACS)

/**
 * struct model - all there is, plainly; all zeros is nothing
 * @vm: by number; the Manager has those that are
 * @vnic: the Manager's, by VM, device ID and MAC
 * @driver: the Filter Driver's entries, by port
 * @host: the host's ports
 */
struct model {
	struct {
		bool is;
		struct vs_vm_fact fact;
	} vm[MODEL_VMS + 1];
	bool vnic[MODEL_VMS + 1][MODEL_IDS][MODEL_MACS + 1];
	struct {
		bool is, bound;
		unsigned int vm, id, mac;
		enum vs_bypass bypass;
	} driver[MODEL_PORTS + 1];
	struct {
		bool is, plugged, unheld;
		unsigned int vm, id, mac;
	} host[MODEL_PORTS + 1];
};

/**
 * model_pick_by() - where random numbers come from
 * @pick: gives one below @n
 */
void model_pick_by(unsigned int (*pick)(unsigned int n));

/** model_change() - change something and tell the engine */
void model_change(struct world *w, struct model *m);

/** model_put_list() - tell the engine the whole list of @source, shuffled */
void model_put_list(struct world *w, const struct model *m,
		    enum vs_source source);

/** model_check_plainly() - all sources are there, without grace: does the
 * engine say of every VM what the sets say?
 */
void model_check_plainly(struct world *w, const struct model *m);

/** model_check_in_sync() - whatever sources are there: is everything in sync
 * of which that is said?
 */
void model_check_in_sync(struct world *w, const struct model *m);

/** model_check_fresh() - does a new engine say the same? */
void model_check_fresh(struct world *w, const struct model *m);

#endif
