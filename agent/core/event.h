/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_EVENT_H
#define VS_CORE_EVENT_H

#include <stddef.h>

#include "core/facts.h"
#include "core/state.h"

/** enum vs_level - levels of an event */
enum vs_level {
	VS_LEVEL_INFO,
	VS_LEVEL_WARNING,
	VS_LEVEL_ERROR,
	VS_LEVEL_COUNT
};

/**
 * enum vs_event_id - event IDs
 *
 * Below 9000 they are documented elsewhere and keep their meaning; what this
 * product adds starts at 9000.
 */
enum vs_event_id {
	VS_EVENT_INTERFACE_DELETED = 295,
	VS_EVENT_OUT_OF_SYNC = 368,	/* Interfaces Out of Sync */
	VS_EVENT_MOVED_UNPROTECTED = 378, /* unprotected after a move */
	VS_EVENT_UNKNOWN_AGENT = 716,	/* Reactivation Attempted by ... */
	VS_EVENT_OFFLINE = 730,		/* the appliance stopped */
	VS_EVENT_BACK_ONLINE = 731,
	VS_EVENT_INVENTORY_LOST = 742,	/* Communications Problem */
	VS_EVENT_INVENTORY_BACK = 743,	/* ... Resolved */
	VS_EVENT_HEARTBEAT_REJECTED = 770,
	VS_EVENT_UNKNOWN_CLIENT = 771,	/* Contact by Unrecognized Client */
	VS_EVENT_DRIVER_OFFLINE = 5008,	/* Filter Driver Connection Failed */
	VS_EVENT_DRIVER_ONLINE = 5009,	/* Filter Driver Connection Success */
	VS_EVENT_IN_SYNC = 9000,	/* ends a 368 case 1 */
	VS_EVENT_VERIFIED = 9001,	/* ends a 368 case 2 */
	VS_EVENT_HOST_LOST = 9002,	/* the host's ports cannot be read */
	VS_EVENT_HOST_BACK = 9003,
	VS_EVENT_BYPASSED = 9004,	/* programs on a port of a VM */
	VS_EVENT_BYPASS_OVER = 9005,
	VS_EVENT_DIGEST = 9006,		/* many at once; only forwarded */
	VS_EVENT_HISTORY_ASIDE = 9007,	/* the history was damaged */
	VS_EVENT_EVENTS_LOST = 9008,	/* not recorded or not forwarded */
	VS_EVENT_STEP_TAKEN = 9009,	/* by an operator */
	VS_EVENT_SYNCHRONISED = 9010,	/* likewise */
	VS_EVENT_MAINTENANCE_BEGUN = 9011,
	VS_EVENT_MAINTENANCE_OVER = 9012,
	VS_EVENT_RECURRING = 9013,	/* one VM's 368, again and again */
};

/**
 * enum vs_form - the two forms of event 368
 *
 * The second is raised for either list: what it means is the same.
 */
enum vs_form {
	VS_FORM_NONE,		/* not a 368 */
	VS_FORM_DIFFERENCES,	/* case 1: the lists differ */
	VS_FORM_UNVERIFIED,	/* case 2: the driver's cannot be verified */
	VS_FORM_UNOBTAINED,	/* the Manager's cannot be obtained */
	VS_FORM_COUNT
};

/** enum vs_origin - which part of the system an event comes from */
enum vs_origin {
	VS_ORIGIN_MANAGER,
	VS_ORIGIN_APPLIANCE,
	VS_ORIGIN_COUNT
};

/** enum vs_actor - "action performed by" */
enum vs_actor {
	VS_ACTOR_SYSTEM,	/* nobody asked for it */
	VS_ACTOR_OPERATOR,
	VS_ACTOR_COUNT
};

/**
 * struct vs_difference - one entry that one list has and the other lacks
 * @source: the list that has it; VS_SOURCE_HOST: what the process that holds
 *          the port was started with, or a port that not even the Filter
 *          Driver has
 * @reason: how the engine sees it
 * @device_id: VS_DEVICE_ID_NONE when not known (an unbound port)
 * @mac: zero when not known (an unbound port)
 * @held: not the lists differ, but the process that holds the port from what
 *        the port is bound as
 * @port: the port that carries the vNIC; empty when none is known
 * @ifindex: its ifindex; 0 when none is known
 * @first_seen: when the difference was seen first
 * @by: of VS_REASON_BYPASSED, which is no difference between the lists: the
 *      programs, where they are known; else NULL. Only in what is handed out
 */
struct vs_difference {
	enum vs_source source;
	enum vs_reason reason;
	uint16_t device_id;
	struct vs_mac mac;
	bool held;
	char port[VS_PORT_NAME];
	uint32_t ifindex;
	vs_time first_seen;
	const char *by;
};

/**
 * struct vs_event - an event, not yet text (see text.h)
 * @time: the moment given to vs_engine_evaluate()
 * @id: event ID, which also names it
 * @level: level
 * @form: which form of 368
 * @origin: origin
 * @action_by: action performed by
 * @host: target: the host; never NULL, may be ""
 * @vm: target: the VM; NULL: the event is about the host, or about @port
 * @vm_name: its name; NULL when not known
 * @port: target: a port of which the VM is not known; else NULL
 * @differences: of 368 case 1 and 9004: all of the VM that count, those
 *               reported before included, sorted
 * @n_differences: how many
 * @error: what failed (368 but case 1, 742, 5008, 9002); else NULL
 * @driver: the Filter Driver's state now (5008, 5009, 368 case 2, 9001)
 * @driver_before: its state before
 * @state: the VM's state now (9000): in sync, or not applicable when it
 *         ended because the VM is not compared any longer; the VM's or the
 *         host's afterwards (9009, 9010)
 * @reason: the reason for @state
 * @since: when what ends here was first seen (9000, 743, 5009, 9001, 9003,
 *         9005)
 * @cause: the cause: where these facts alone prove it (vs_cause_of_event()),
 *         or where somebody looked further (diagnosis.h)
 * @gap: what the VM lacked then (368 case 1), where somebody looked
 * @steps: of 9009, bit n is set for the enum vs_step n that was taken; else
 *         it is set when enum vs_step n fits them; in which order they do,
 *         vs_gap_steps() tells
 * @about: the event ID that it is about (9006, 9013); else 0
 * @count: how many (9006, 9008, 9013), how many ports were bound (9010), how
 *         many events were held back (9012); else 0
 * @detail: what else there is to say, e.g. the name of a file, on one line and
 *          already escaped for a terminal; NULL: nothing
 *
 * Pointers are valid only during the call that hands the event out.
 */
struct vs_event {
	vs_time time;
	enum vs_event_id id;
	enum vs_level level;
	enum vs_form form;
	enum vs_origin origin;
	enum vs_actor action_by;
	const char *host;
	const struct vs_uuid *vm;
	const char *vm_name;
	const char *port;
	const struct vs_difference *differences;
	size_t n_differences;
	const struct vs_error *error;
	enum vs_driver_state driver;
	enum vs_driver_state driver_before;
	enum vs_state state;
	enum vs_reason reason;
	vs_time since;
	enum vs_cause cause;
	enum vs_gap gap;
	uint32_t steps;
	unsigned int about;
	uint64_t count;
	const char *detail;
};

/*
 * Words for machines, never translated, never NULL: "info", "warning",
 * "error"; "none", "differences", "unverified", "unobtained"; "manager",
 * "appliance"; "system", "operator". The parser takes exactly these; 0 or
 * -EINVAL.
 */
const char *vs_level_word(enum vs_level level);
int vs_level_parse(const char *s, enum vs_level *level);
const char *vs_form_word(enum vs_form form);
const char *vs_origin_word(enum vs_origin origin);
const char *vs_actor_word(enum vs_actor actor);

/** typedef vs_event_fn - takes an event; must not change the engine, see
 * vs_engine_evaluate()
 */
typedef void (*vs_event_fn)(void *ctx, const struct vs_event *event);

#endif
