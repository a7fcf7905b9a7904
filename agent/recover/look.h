/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading all lists and comparing them, now. */
#ifndef VS_RECOVER_LOOK_H
#define VS_RECOVER_LOOK_H

#include "driver/snapshot.h"
#include "inventory/inventory.h"
#include "recover/progress.h"

/**
 * struct vs_look - the lists, and what they come to
 * @inv: the Manager's
 * @driver: path of a snapshot; NULL: this host
 * @engine: compares
 * @host: the rest
 * @now: when they were read
 * @spent: how long the inventory took, milliseconds
 */
struct vs_look {
	struct vs_inventory *inv;
	const char *driver;
	struct vs_engine *engine;
	struct vs_snapshot host;
	vs_time now;
	unsigned int spent;
};

/**
 * vs_look_open() - get ready
 * @l: filled in; vs_look_close() it in any case
 * @inventory: URI of the inventory
 * @driver: path of a snapshot; NULL: this host
 * @error: -EINVAL: the inventory's URI is no good, in one line of its detail
 */
int vs_look_open(struct vs_look *l, const char *inventory, const char *driver,
		 struct vs_error *error);

/**
 * vs_look_read() - read every list and compare
 * @l: the look
 * @now: the time, in milliseconds since 1970
 *
 * What differs is looked at twice, since the lists are not read at one
 * moment. A list that cannot be read is unknown, which is no failure.
 *
 * Return: 0; -ENOMEM; an error that a snapshot's file has.
 */
int vs_look_read(struct vs_look *l, vs_time now, struct vs_error *error);

/**
 * vs_look_find() - find a VM by UUID or name
 * @l: the look, read
 * @vm: UUID or name
 * @uuid: which it is
 *
 * Return: 0; -ENOENT: no list has it; -ENOTUNIQ: several have that name.
 */
int vs_look_find(const struct vs_look *l, const char *vm,
		 struct vs_uuid *uuid);

/** struct vs_look_bound - what vs_look_bind() came to */
struct vs_look_bound {
	size_t bound;
	size_t refused;
};

/**
 * vs_look_bind() - bind what runs here and is not bound, as the binder does
 * @vm: only this VM's ports; NULL: all
 * @progress: told of each
 * @sum: how many
 * @error: why it cannot be done at all
 *
 * Return: 0 or a negative errno.
 */
int vs_look_bind(const struct vs_uuid *vm, const struct vs_progress *progress,
		 struct vs_look_bound *sum, struct vs_error *error);

/**
 * vs_look_rebind() - likewise, and bind anew what is bound otherwise than as
 * the VM's process was told
 *
 * The VM, not NULL, is one that somebody asked to have mended.
 */
int vs_look_rebind(const struct vs_uuid *vm,
		   const struct vs_progress *progress,
		   struct vs_look_bound *sum, struct vs_error *error);

/** vs_look_close() - done with it */
void vs_look_close(struct vs_look *l);

#endif
