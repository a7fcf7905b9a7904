/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of "check" share, and "why" with them. */
#ifndef VS_CLI_CHECK_H
#define VS_CLI_CHECK_H

#include "cli/memory.h"
#include "cli/out.h"
#include "core/engine.h"
#include "driver/snapshot.h"
#include "inventory/inventory.h"
#include "recover/explainer.h"
#include "recover/window.h"

/**
 * struct vs_occasion - an event, printed at once or kept until the end
 * @text: as text
 * @json: as an object
 * @id: event ID
 * @form: of a 368
 * @vm: which VM; nil: the host or a port
 * @port: it is about a port of which the VM is not known
 * @again: an earlier check has told it
 */
struct vs_occasion {
	char *text;
	json_t *json;
	enum vs_event_id id;
	enum vs_form form;
	struct vs_uuid vm;
	bool port;
	bool again;
};

/**
 * struct vs_check - a run of "check"
 * @cli: the global options
 * @inventory: its URI
 * @name: the VM that was asked for, as given; NULL: all
 * @only: that VM, once it is found
 * @found: it was
 * @engine: compares
 * @inv: the inventory
 * @hypervisor: see vs_cli_hypervisor()
 * @host: this host, or the snapshot
 * @now: the time of the last look
 * @explainer: puts causes into events
 * @grace: what is younger is new to it, milliseconds
 * @within: what came within it came at once, likewise
 * @events: what the engine said
 * @n_events: how much
 * @failed: memory ran out
 * @window: file of the maintenance windows; NULL: there are none
 * @windows: they, open
 * @held: how many events were held back
 * @ended: windows that have ended, for --json
 * @summary: likewise, as lines
 */
struct vs_check {
	struct vs_cli *cli;
	const char *inventory;
	const char *name;
	struct vs_uuid only;
	bool found;
	struct vs_engine *engine;
	struct vs_inventory *inv;
	char *hypervisor;
	struct vs_snapshot host;
	vs_time now;
	struct vs_explainer explainer;
	vs_time grace;
	vs_time within;
	struct vs_occasion *events;
	size_t n_events;
	bool failed;
	const char *window;
	struct vs_windows windows;
	size_t held;
	json_t *ended;
	struct vs_buf summary;
};

/** VS_CHECK_HAS_GRACE - bit of vs_check_args.has */
#define VS_CHECK_HAS_GRACE 1

/**
 * struct vs_check_args - how to compare
 * @has: which of these were given: VS_CHECK_HAS_GRACE
 * @grace: a difference that is younger is pending; seconds
 * @state: where to remember what was found; NULL: where it is by default
 * @window: file of the maintenance windows; NULL: where it is by default
 */
struct vs_check_args {
	uint64_t has;
	uint32_t grace;
	const char *state;
	const char *window;
};

/* check.c */

/** typedef vs_check_fn - what to do when all is read and compared */
typedef enum vs_exit (*vs_check_fn)(struct vs_check *c, void *ctx,
				    const struct vs_memory *memory);

/**
 * vs_check_with() - read the lists and compare them
 * @c: @c->cli and @c->name are set; released afterwards
 * @a: the options
 * @fn: called once they are compared, and the VM of that name is found
 * @ctx: handed to @fn
 *
 * Return: what @fn returned, or the exit status of a failure, which was said.
 */
enum vs_exit vs_check_with(struct vs_check *c, const struct vs_check_args *a,
			   vs_check_fn fn, void *ctx);

/** vs_check_is_own() - is it a comparison of one's own that is asked for, with
 * a grace, a memory or windows that may not be the agent's?
 */
bool vs_check_is_own(const struct vs_check_args *a);

/** vs_check_hypervisor() - whose domains the running VMs are, even if the
 * inventory is another; NULL: nobody is to be asked
 */
const char *vs_check_hypervisor(const struct vs_check *c);

/* check_agent.c */

/**
 * vs_check_by_agent() - have the agent say what it knows
 * @c: @c->cli and @c->name are set
 * @sel: the columns
 * @status: the exit status
 *
 * Return: true; false: there is none that would answer.
 */
bool vs_check_by_agent(struct vs_check *c, const struct vs_selection *sel,
		       enum vs_exit *status);

/* check_event.c */

/** vs_check_event_json() - an event as an object; @again: told already */
json_t *vs_check_event_json(const struct vs_event *event, bool again);

/** vs_check_free_event() - release one */
void vs_check_free_event(struct vs_occasion *o);

/** vs_check_event() - takes an event of the engine; @ctx: the check */
void vs_check_event(void *ctx, const struct vs_event *event);

/** vs_check_keep() - keep one to be printed; @again: told already */
void vs_check_keep(struct vs_check *c, const struct vs_event *event,
		   bool again);

/** vs_check_drop_others() - of a check of one VM, drop events of others */
void vs_check_drop_others(struct vs_check *c);

/**
 * vs_check_open_events() - add what an earlier check has told already and
 * what is still so: a warning does not vanish by being read
 */
void vs_check_open_events(struct vs_check *c);

/** vs_check_forget_events() - release them */
void vs_check_forget_events(struct vs_check *c);

/* check_hold.c */

/** vs_check_hold() - hold events back that a maintenance window covers */
void vs_check_hold(struct vs_check *c);

/**
 * vs_check_held() - remember what was held back
 * @told: what had ended has been told
 *
 * Return: true; false when that cannot be written, which was said.
 */
bool vs_check_held(struct vs_check *c, bool told);

/** vs_check_windows() - the windows as an object */
json_t *vs_check_windows(const struct vs_check *c);

/* check_print.c */

extern const struct vs_column vs_check_columns[];

/**
 * vs_check_print() - everything, as text or as JSON
 * @doc: of vs_checked_doc(); released. NULL: out of memory
 */
enum vs_exit vs_check_print(const struct vs_check *c,
			    const struct vs_selection *sel, json_t *doc);

#endif
