/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine remembers from one evaluation to the next: events that
 * were handed out and not yet taken back. Whoever starts a new engine and
 * wants "in sync again" to be said, and nothing to be said twice, saves these
 * and gives them to the new one.
 */
#ifndef VS_CORE_ALERT_H
#define VS_CORE_ALERT_H

#include "core/engine.h"
#include "core/event.h"

/**
 * struct vs_alert - an event that is still open
 * @id: 368, 742, 5008, 9002 or 9004
 * @form: of a 368
 * @vm: of a 368 case 1 and 9004: the VM; nil: a port of which the VM is not
 *      known, which is not restored
 * @vm_name: its name, or NULL
 * @since: when what it tells of was first seen
 * @raised: when the event was raised
 * @driver: of a 5008: the state it told of
 * @differences: of a 368 case 1 and 9004: those that were reported.
 *               Differences that are given back are not reported again and
 *               keep their first-seen time; with none, the next evaluation
 *               reports anew
 * @n_differences: how many
 */
struct vs_alert {
	enum vs_event_id id;
	enum vs_form form;
	struct vs_uuid vm;
	const char *vm_name;
	vs_time since;
	vs_time raised;
	enum vs_driver_state driver;
	const struct vs_difference *differences;
	size_t n_differences;
};

/** vs_alert_is_vm() - is it about a VM (or port), with differences? */
static inline bool vs_alert_is_vm(enum vs_event_id id, enum vs_form form)
{
	return form == VS_FORM_DIFFERENCES || id == VS_EVENT_BYPASSED;
}

/** vs_alert_level() - the level of its event */
static inline enum vs_level vs_alert_level(const struct vs_alert *alert)
{
	return alert->id == VS_EVENT_OUT_OF_SYNC ||
	       vs_alert_is_vm(alert->id, alert->form) ? VS_LEVEL_WARNING :
							VS_LEVEL_ERROR;
}

/** typedef vs_alert_fn - takes an alert, like the callbacks of engine.h */
typedef int (*vs_alert_fn)(void *ctx, const struct vs_alert *alert);

/** vs_engine_each_alert() - every open alert; 0, what @fn said, or -ENOMEM */
int vs_engine_each_alert(const struct vs_engine *e, vs_alert_fn fn, void *ctx);

/**
 * vs_engine_restore_alert() - remember an alert of an earlier engine
 * @e: an engine that has not evaluated yet
 * @alert: copied
 *
 * Return: 0; -EINVAL: not an alert; -ENOMEM.
 */
int vs_engine_restore_alert(struct vs_engine *e, const struct vs_alert *alert);

/**
 * vs_engine_restore_difference() - remember a difference that was pending
 * @e: an engine that has not evaluated yet
 * @vm: its VM; nil is not restored
 * @diff: copied; its first-seen time counts, so that grace does not start anew
 *
 * Return: 0 or -ENOMEM.
 */
int vs_engine_restore_difference(struct vs_engine *e,
				 const struct vs_uuid *vm,
				 const struct vs_difference *diff);

#endif
