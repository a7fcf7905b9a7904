/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Manager's list: providers behind one small interface.
 */
#ifndef VS_INVENTORY_H
#define VS_INVENTORY_H

#include "core/engine.h"
#include "core/error.h"
#include "core/feed.h"
#include "inventory/listing.h"

struct vs_inventory;

/**
 * struct vs_watcher - who is told what an inventory is like, and of changes
 * @list: all VMs; @began: when reading them began, of vs_clock_steady(), @took:
 *        how long it took, @age: how long ago it was certain that they are
 *        all; milliseconds
 * @vm: one VM as it is now; an empty listing: there is none any longer
 * @arrived: it has come from another host
 * @failed: the inventory cannot be read: until the next @list nothing is known;
 *          @began: when the attempt began
 * @ctx: handed to all
 *
 * They are called in a thread of the provider's. Of listings they may take what
 * is in them.
 */
struct vs_watcher {
	void (*list)(void *ctx, struct vs_listing *listing, int64_t began,
		     int64_t took, int64_t age);
	void (*vm)(void *ctx, const struct vs_uuid *vm,
		   struct vs_listing *listing);
	void (*arrived)(void *ctx, const struct vs_uuid *vm);
	void (*failed)(void *ctx, int64_t began, const struct vs_error *error);
	void *ctx;
};

/**
 * struct vs_inventory_ops - a provider
 * @scheme: what its URIs start with, without the colon
 * @form: what a URI looks like, for people, e.g. "file:PATH"
 * @open: check what follows "scheme:" and make *@inv; reaches nothing yet.
 *        0; -EINVAL: @rest is no good, said in @error; -ENOMEM
 * @load: read everything, VM by VM, into @feed. 0, or a negative errno with
 *        @error filled in: then what was fed counts for nothing
 * @watch: tell of changes from now on, in a thread of its own; 0 or a negative
 *         errno. NULL: this one cannot, and neither has it the next two
 * @want: have the whole list told; @afresh: read anew, in any case
 * @unwatch: the end of it: nobody is told of anything after
 * @close: release it
 */
struct vs_inventory_ops {
	const char *scheme;
	const char *form;
	int (*open)(const char *rest, struct vs_inventory **inv,
		    struct vs_error *error);
	int (*load)(struct vs_inventory *inv, const struct vs_feed *feed,
		    struct vs_error *error);
	int (*watch)(struct vs_inventory *inv, const struct vs_watcher *to,
		     struct vs_error *error);
	void (*want)(struct vs_inventory *inv, bool afresh);
	void (*unwatch)(struct vs_inventory *inv);
	void (*close)(struct vs_inventory *inv);
};

/**
 * struct vs_inventory - an open inventory; providers embed it first
 * @ops: its provider
 * @deadline: milliseconds after which a server that does not answer counts as
 *            unreachable; the caller may change it
 * @warning: what is dangerous in the URI, to be said at each start; NULL:
 *           nothing
 */
struct vs_inventory {
	const struct vs_inventory_ops *ops;
	unsigned int deadline;
	const char *warning;
};

/** VS_INVENTORY_DEADLINE - the deadline unless told otherwise */
#define VS_INVENTORY_DEADLINE 20000

/**
 * vs_inventory_open() - choose the provider for a URI
 * @uri: "file:PATH", "libvirt:URI", "vsphere://..."
 * @inv: the inventory, on success
 * @error: on failure, one clear line in its detail
 *
 * Reaches nothing yet: an inventory that is away is vs_inventory_load()'s.
 *
 * Return: 0; -EINVAL: unknown scheme or bad URI (a usage error); -ENOMEM.
 */
int vs_inventory_open(const char *uri, struct vs_inventory **inv,
		      struct vs_error *error);

/**
 * vs_inventory_warning() - what is dangerous in a URI
 * @uri: as for vs_inventory_open()
 *
 * Return: one line, not to be freed; NULL: nothing, or it is no good at all.
 */
const char *vs_inventory_warning(const char *uri);

/** vs_inventory_load() - read all of it into @feed; see the ops */
int vs_inventory_load(struct vs_inventory *inv, const struct vs_feed *feed,
		      struct vs_error *error);

/**
 * vs_inventory_sync() - make the engine's Manager list equal to the inventory
 * @inv: the inventory
 * @e: the engine: its list is replaced, or becomes unavailable
 * @now: the time of reading
 * @error: why it failed; may be NULL (the engine keeps it as well)
 *
 * Return: 0 or a negative errno.
 */
int vs_inventory_sync(struct vs_inventory *inv, struct vs_engine *e,
		      vs_time now, struct vs_error *error);

/** vs_inventory_close() - release it; NULL is fine */
void vs_inventory_close(struct vs_inventory *inv);

#endif
