/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: three lists in, states and events out.
 *
 * It does no I/O, reads no clock, has no globals and knows no locale. Facts
 * may come one by one or as whole lists; each call costs what it changes,
 * never what the lists hold. vs_engine_evaluate() then looks at what changed
 * and at what a period of grace has run out for, and hands out events.
 *
 * Rules: unknown is not absent (a source that cannot be read makes one event
 * for the host and no difference); a difference counts after the grace period
 * and `debounce` consecutive evaluations, and is gone at the first good one;
 * a difference is reported once.
 */
#ifndef VS_CORE_ENGINE_H
#define VS_CORE_ENGINE_H

#include <stddef.h>

#include "core/event.h"
#include "core/facts.h"
#include "core/feed.h"
#include "core/state.h"

struct vs_engine;

/**
 * struct vs_engine_config - what the engine goes by
 * @host: this host's name; NULL or "": entries of every host are compared.
 *        Names compare without case, and a short one equals a full one
 *        with the same first label
 * @grace: how long a difference must last before it counts, milliseconds
 * @debounce: how many consecutive evaluations must see it; 0 means 1
 * @max_age: a list read longer ago is unknown; 0: no limit
 * @driver_optional: a host whose Filter Driver is not loaded is meant to be
 *                   so: not applicable, instead of Filter Driver Offline
 * @hash_seed: any random number; 0 is fine for lists from trusted sources
 */
struct vs_engine_config {
	const char *host;
	vs_time grace;
	unsigned int debounce;
	vs_time max_age;
	bool driver_optional;
	uint64_t hash_seed;
};

/**
 * vs_engine_new() - make an engine that knows nothing yet
 * @config: copied
 *
 * Return: the engine, or NULL when out of memory.
 */
struct vs_engine *vs_engine_new(const struct vs_engine_config *config);

/**
 * vs_engine_configure() - tell the engine something else
 * @e: the engine
 * @config: copied, but for its @hash_seed; the next evaluation looks at
 *          everything by it
 *
 * What is known and what was said stay: an event that is open is not told
 * again, and a difference keeps its first-seen time. One that counts goes on
 * to do so, however long @grace now is.
 *
 * Return: 0; -ENOMEM: nothing was changed.
 */
int vs_engine_configure(struct vs_engine *e,
			const struct vs_engine_config *config);

/** vs_engine_free() - release it; NULL is fine */
void vs_engine_free(struct vs_engine *e);

/*
 * Whole lists: begin, feed every entry, commit. Entries not fed between begin
 * and commit are gone after commit. A load that fails is ended by
 * vs_engine_fail() and removes nothing. Entries equal to what is known cost
 * a look-up and change nothing.
 */

/** vs_engine_begin() - start to replace the list of @source */
void vs_engine_begin(struct vs_engine *e, enum vs_source source);

/**
 * vs_engine_commit() - the list is complete: remove what was not fed
 * @e: the engine
 * @source: whose list; it becomes available
 * @info: when it was read, and its generation
 *
 * Return: 0; -EINVAL: no vs_engine_begin() before; -ENOMEM: the load is still
 * open, to be committed again or ended by vs_engine_fail().
 */
int vs_engine_commit(struct vs_engine *e, enum vs_source source,
		     const struct vs_list_info *info);

/**
 * vs_engine_fail() - the list of @source cannot be read
 * @e: the engine
 * @source: whose list; everything that needs it becomes unknown
 * @error: why; copied
 *
 * What was known stays stored, so that the next good list changes little.
 * Ends a load that was begun.
 */
void vs_engine_fail(struct vs_engine *e, enum vs_source source,
		    const struct vs_error *error);

/**
 * vs_engine_set_driver() - tell the Filter Driver's own state
 * @e: the engine
 * @info: copied. In the states not-loaded, abi-mismatch and ioctl-fails its
 *        list is unknown whatever was committed; in online and
 *        appliance-lost the committed list holds.
 */
void vs_engine_set_driver(struct vs_engine *e,
			  const struct vs_driver_info *info);

/*
 * Single entries. Each returns 0; -EINVAL: a fact that breaks the rules of
 * facts.h; -ENOMEM: nothing was changed. Removing what is not there is -ENOENT.
 */

/** vs_engine_set_vm() - add or replace a VM of the Manager's list. Within
 * one load, a second VM with the same UUID is merged into the first in a
 * way that does not depend on their order.
 */
int vs_engine_set_vm(struct vs_engine *e, const struct vs_vm_fact *fact);

/** vs_engine_set_vnic() - add a vNIC to the Manager's list; the key is the
 * whole fact, so a changed MAC is a removal and an addition. The VM need not
 * be known yet, but is not compared before it is.
 */
int vs_engine_set_vnic(struct vs_engine *e, const struct vs_vnic_fact *fact);

/** vs_engine_set_driver_port() - add or replace an entry of the driver's list,
 * by ifindex
 */
int vs_engine_set_driver_port(struct vs_engine *e,
			      const struct vs_driver_fact *fact);

/** vs_engine_set_host_port() - add or replace an entry of the host's list, by
 * ifindex
 */
int vs_engine_set_host_port(struct vs_engine *e,
			    const struct vs_host_fact *fact);

/** vs_engine_del_vm() - remove a VM with its vNICs from the Manager's list */
int vs_engine_del_vm(struct vs_engine *e, const struct vs_uuid *uuid);

/** vs_engine_del_vnic() - remove a vNIC from the Manager's list */
int vs_engine_del_vnic(struct vs_engine *e, const struct vs_vnic_fact *fact);

/** vs_engine_del_port() - remove an entry from the driver's or host's list */
int vs_engine_del_port(struct vs_engine *e, enum vs_source source,
		       uint32_t ifindex);

/** vs_engine_feed() - the Manager's list as a place for a provider to fill */
struct vs_feed vs_engine_feed(struct vs_engine *e);

/**
 * vs_engine_evaluate() - compare what changed, hand out events
 * @e: the engine
 * @now: the time; call it after the sources were read, since each call
 *       counts as one observation of every difference
 * @fn: takes events: the host's first, then the VMs' by UUID; may be NULL
 * @ctx: handed to @fn
 *
 * While it is told of VMs, after the host's events, @fn may ask questions (see
 * below): they show what this evaluation saw.
 *
 * Return: 0; -ENOMEM: something was left for the next call.
 */
int vs_engine_evaluate(struct vs_engine *e, vs_time now, vs_event_fn fn,
		       void *ctx);

/**
 * vs_engine_glance() - let the states of what changed be right at once
 * @e: the engine
 * @now: the time
 *
 * For a fact that cannot wait until everything was read. VMs that were fine
 * before are compared, if what was told since is the first that touches them
 * after the last evaluation. Nothing is handed out: the next evaluation, of
 * which this is the beginning and with which it counts as one observation,
 * does that. A VM that has differences already waits for it as well; so do all
 * of them while a load has begun and not ended, or a source has come or gone.
 *
 * Return: 0; -ENOMEM: some were left for the next evaluation.
 */
int vs_engine_glance(struct vs_engine *e, vs_time now);

/**
 * vs_engine_next() - when the next evaluation is due by itself
 * @e: the engine
 * @at: the moment at which a period of grace runs out
 *
 * Return: true; false when nothing is due before the next change.
 */
bool vs_engine_next(const struct vs_engine *e, vs_time *at);

/**
 * vs_engine_shift() - the clock was set: move every time that is remembered
 * @e: the engine; not during an evaluation
 * @by: milliseconds, of either sign
 *
 * All goes on as if the clock had always been that much ahead: what was due in
 * a minute still is, and a list that was read a minute ago was. Costs what the
 * lists hold.
 */
void vs_engine_shift(struct vs_engine *e, vs_time by);

/**
 * struct vs_vm_view - a VM as the last evaluation saw it
 * @uuid: which VM
 * @name: the Manager's name, or else the driver's, or else the host's;
 *        NULL when nobody has one
 * @host: the host that the Manager says it is on; NULL: this one
 * @in_manager: the Manager lists it; the four fields below hold only then
 * @power: power state
 * @unprotected: must not be filtered
 * @is_template: is a template
 * @duplicate: the Manager lists this UUID more than once
 * @state: the highest of its vNICs' states
 * @reason: of the vNIC that gives the VM its state
 * @alert: a 368 about it is open
 * @since: when the oldest difference was first seen, if there is one
 * @count: vNICs by state
 */
struct vs_vm_view {
	struct vs_uuid uuid;
	const char *name;
	const char *host;
	bool in_manager;
	enum vs_power power;
	bool unprotected;
	bool is_template;
	bool duplicate;
	enum vs_state state;
	enum vs_reason reason;
	bool alert;
	vs_time since;
	size_t count[VS_STATE_COUNT];
};

/** VS_VALUE_STR - size of vs_vnic_view.expected and .actual */
#define VS_VALUE_STR 40

/**
 * struct vs_vnic_view - a vNIC as the last evaluation saw it
 * @vm: its VM; nil for a port of which the VM is not known
 * @vm_name: name of the VM; NULL when not known
 * @device_id: the Manager's, else the driver's, else the host's;
 *             VS_DEVICE_ID_NONE when not known
 * @mac: likewise; zero when not known
 * @state: state
 * @reason: reason
 * @source: which source is unknown, for VS_REASON_SOURCE_UNKNOWN
 * @first_seen: when the difference was first seen (pending, out of sync)
 * @expected: what should be: a MAC, a device ID, a VM's UUID, "bound",
 *            "plugged", "filtered" or "-"
 * @actual: what is
 * @in_manager: @manager holds
 * @in_driver: @driver holds
 * @on_host: @on holds
 * @manager: the Manager's entry
 * @driver: the Filter Driver's entry
 * @on: the host's entry
 *
 * A mismatch is one vNIC with two differences (see vs_engine_differences()).
 */
struct vs_vnic_view {
	struct vs_uuid vm;
	const char *vm_name;
	uint16_t device_id;
	struct vs_mac mac;
	enum vs_state state;
	enum vs_reason reason;
	enum vs_source source;
	vs_time first_seen;
	char expected[VS_VALUE_STR];
	char actual[VS_VALUE_STR];
	bool in_manager;
	bool in_driver;
	bool on_host;
	struct vs_vnic_fact manager;
	struct vs_driver_fact driver;
	struct vs_host_fact on;
};

/**
 * struct vs_source_view - how a list was last obtained
 * @available: it counts
 * @info: when it was read, its generation
 * @error: why it is not available
 * @count: entries (VMs for the Manager, ports for the others)
 */
struct vs_source_view {
	bool available;
	struct vs_list_info info;
	struct vs_error error;
	size_t count;
};

/**
 * struct vs_host_view - the host as the last evaluation saw it
 * @name: as configured; never NULL
 * @state: the highest of all vNICs' states, unknown when a source is
 * @driver: the Filter Driver
 * @source: the lists
 * @vms: VMs by state
 * @vnics: vNICs by state
 */
struct vs_host_view {
	const char *name;
	enum vs_state state;
	struct vs_driver_info driver;
	struct vs_source_view source[VS_SOURCE_COUNT];
	size_t vms[VS_STATE_COUNT];
	size_t vnics[VS_STATE_COUNT];
};

/*
 * Questions. They show what the last evaluation saw. A callback returns 0 to
 * go on; anything else ends the walk and is returned. It must not call into
 * the engine. Strings in views are valid during the call.
 */

/** typedef vs_vm_fn - takes a VM */
typedef int (*vs_vm_fn)(void *ctx, const struct vs_vm_view *vm);
/** typedef vs_vnic_fn - takes a vNIC */
typedef int (*vs_vnic_fn)(void *ctx, const struct vs_vnic_view *vnic);
/** typedef vs_difference_fn - takes a difference; @confirmed: it counts */
typedef int (*vs_difference_fn)(void *ctx, const struct vs_difference *diff,
				bool confirmed);

/** vs_engine_host() - the host; valid until the next call that changes it */
void vs_engine_host(const struct vs_engine *e, struct vs_host_view *view);

/**
 * vs_engine_changes() - a number that is another one whenever something that
 * is compared has changed, so that answers to several questions may be told to
 * be of one comparison. It begins anywhere: another engine's is another one.
 */
uint64_t vs_engine_changes(const struct vs_engine *e);

/** vs_engine_vm() - one VM; 0 or -ENOENT */
int vs_engine_vm(const struct vs_engine *e, const struct vs_uuid *uuid,
		 struct vs_vm_view *view);

/** vs_engine_each_vm() - every VM that any list names, in no fixed order */
int vs_engine_each_vm(const struct vs_engine *e, vs_vm_fn fn, void *ctx);

/**
 * vs_engine_each_vnic() - every vNIC
 * @e: the engine
 * @vm: only this VM's, by device ID; NULL: all, and ports without a VM
 * @fn: takes them
 * @ctx: handed to @fn
 *
 * Return: 0, what @fn returned, -ENOENT (no such VM) or -ENOMEM.
 */
int vs_engine_each_vnic(const struct vs_engine *e, const struct vs_uuid *vm,
			vs_vnic_fn fn, void *ctx);

/** vs_engine_differences() - as vs_engine_each_vnic(), for differences */
int vs_engine_differences(const struct vs_engine *e, const struct vs_uuid *vm,
			  vs_difference_fn fn, void *ctx);

/**
 * vs_exit_code() - the exit status of `vmsafe` for a state
 * @host: the host; a source that is unavailable, or a Filter Driver that is
 *        not online, decides
 * @state: state of what was asked for (the host, or one VM)
 *
 * Return: 0 fine, 3 pending, 4 out of sync, 5 unavailable or offline.
 */
int vs_exit_code(const struct vs_host_view *host, enum vs_state state);

#endif
