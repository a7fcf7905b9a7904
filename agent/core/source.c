// SPDX-License-Identifier: GPL-2.0-only
/* The three sources: whether they can be read, and what is said about that. */
#include <errno.h>

#include "core/model.h"

void vs_engine_begin(struct vs_engine *e, enum vs_source source)
{
	e->list[source].load++;
	e->list[source].fed = 0;
	e->list[source].fed_nics = 0;
	e->list[source].open = true;
}

int vs_engine_commit(struct vs_engine *e, enum vs_source source,
		     const struct vs_list_info *info)
{
	struct vs_list *list = &e->list[source];

	if (!list->open)
		return -EINVAL;
	/* mostly, all that was there is there again */
	if (source == VS_SOURCE_MANAGER) {
		if (list->fed != list->count || list->fed_nics != e->nics)
			vs_manager_sweep(e, list->load);
	} else if (list->fed != list->count) {
		if (vs_port_sweep(e, source, list->load))
			return -ENOMEM;
	}
	list->open = false;
	list->failed = false;
	list->error = (struct vs_error){ 0 };
	list->read = true;
	list->info = *info;
	return 0;
}

void vs_engine_fail(struct vs_engine *e, enum vs_source source,
		    const struct vs_error *error)
{
	struct vs_list *list = &e->list[source];

	list->open = false;
	list->failed = true;
	list->error = *error;
}

void vs_engine_set_driver(struct vs_engine *e,
			  const struct vs_driver_info *info)
{
	e->watch.info = *info;
}

static bool vs_list_is_usable(struct vs_engine *e, struct vs_list *list)
{
	vs_time max = e->config.max_age;

	if (!list->read || list->failed)
		return false;
	if (!max || e->now - list->info.read_at <= max)
		return true;
	vs_error_set(&list->error, VS_OP_NONE, VS_WHY_TOO_OLD, 0, NULL);
	return false;
}

/* a list has become readable or unreadable: that touches every VM */
static void vs_list_set_available(struct vs_engine *e, struct vs_list *list,
				  bool available)
{
	if (list->available != available)
		e->everything = true;
	list->available = available;
}

/*
 * Without the Manager's list nothing can be compared: 368, once for the host.
 * It ends as 742 does, with 743.
 */
static void vs_manager_unobtained(struct vs_engine *e, struct vs_event event)
{
	event.id = VS_EVENT_OUT_OF_SYNC;
	event.level = VS_LEVEL_WARNING;
	event.form = VS_FORM_UNOBTAINED;
	vs_report(e, &event);
}

/* one event when a list is lost, one when it is back */
static void vs_list_evaluate(struct vs_engine *e, enum vs_source source,
			     enum vs_event_id lost, enum vs_event_id back)
{
	struct vs_list *list = &e->list[source];
	bool usable = vs_list_is_usable(e, list);
	struct vs_event event = {
		.id = usable ? back : lost,
		.level = usable ? VS_LEVEL_INFO : VS_LEVEL_ERROR,
		.origin = source == VS_SOURCE_MANAGER ? VS_ORIGIN_MANAGER :
							VS_ORIGIN_APPLIANCE,
		.error = usable ? NULL : &list->error,
		.since = usable ? list->since : e->now,
	};

	vs_list_set_available(e, list, usable);
	/* a list that nobody has tried to read is no news */
	if (usable != list->alert || (!usable && !list->read && !list->failed))
		return;
	list->alert = !usable;
	list->since = e->now;
	vs_report(e, &event);
	if (!usable && source == VS_SOURCE_MANAGER)
		vs_manager_unobtained(e, event);
}

/* the Filter Driver's state, as far as its list is concerned */
static enum vs_driver_state vs_driver_state_now(struct vs_engine *e)
{
	struct vs_list *list = &e->list[VS_SOURCE_DRIVER];
	enum vs_driver_state state = e->watch.info.state;

	if (state == VS_DRIVER_NOT_LOADED || state == VS_DRIVER_ABI_MISMATCH ||
	    state == VS_DRIVER_IOCTL_FAILS)
		return state;
	/* online it may be, but what it holds cannot be verified */
	if (list->failed || (list->read && !vs_list_is_usable(e, list)))
		return VS_DRIVER_IOCTL_FAILS;
	return state;
}

static bool vs_driver_is_usable(const struct vs_engine *e,
				enum vs_driver_state state)
{
	return e->list[VS_SOURCE_DRIVER].read &&
	       (state == VS_DRIVER_UNKNOWN || state == VS_DRIVER_ONLINE ||
		state == VS_DRIVER_APPLIANCE_LOST);
}

static const struct vs_error *vs_driver_error(const struct vs_engine *e)
{
	const struct vs_driver_info *info = &e->watch.info;

	return info->error.op ? &info->error :
	       e->list[VS_SOURCE_DRIVER].error.why ||
	       e->list[VS_SOURCE_DRIVER].error.op ?
			&e->list[VS_SOURCE_DRIVER].error : NULL;
}

static struct vs_event vs_driver_event(const struct vs_engine *e,
				       enum vs_event_id id,
				       enum vs_driver_state state)
{
	return (struct vs_event){
		.id = id,
		.level = VS_LEVEL_INFO,
		.origin = VS_ORIGIN_APPLIANCE,
		.driver = state,
		/* an engine that starts with an alert has seen nothing yet */
		.driver_before = e->watch.seen ? e->watch.seen :
						 e->watch.said,
	};
}

/* the list cannot be verified: 368, the second form; once */
static void vs_driver_unverified(struct vs_engine *e,
				 enum vs_driver_state state)
{
	struct vs_list *list = &e->list[VS_SOURCE_DRIVER];
	struct vs_event event = vs_driver_event(e, VS_EVENT_OUT_OF_SYNC,
						state);

	if (list->alert)
		return;
	event.level = VS_LEVEL_WARNING;
	event.form = VS_FORM_UNVERIFIED;
	event.error = e->watch.info.state == VS_DRIVER_IOCTL_FAILS ?
		      vs_driver_error(e) : &list->error;
	event.since = e->now;
	list->alert = true;
	list->since = e->now;
	vs_report(e, &event);
}

static void vs_driver_verified(struct vs_engine *e,
			       enum vs_driver_state state)
{
	struct vs_list *list = &e->list[VS_SOURCE_DRIVER];
	struct vs_event event = vs_driver_event(e, VS_EVENT_VERIFIED, state);

	if (!list->alert)
		return;
	event.since = list->since;
	list->alert = false;
	vs_report(e, &event);
}

/* Filter Driver Offline: one event for each of its states */
static void vs_driver_offline(struct vs_engine *e, enum vs_driver_state state)
{
	struct vs_watch *watch = &e->watch;
	struct vs_event event = vs_driver_event(e, VS_EVENT_DRIVER_OFFLINE,
						state);

	if (watch->said == state)
		return;
	if (watch->said == VS_DRIVER_UNKNOWN)
		watch->since = e->now;
	event.level = VS_LEVEL_ERROR;
	event.error = watch->info.error.op ? &watch->info.error : NULL;
	event.since = watch->since;
	watch->said = state;
	watch->raised = e->now;
	vs_report(e, &event);
}

static void vs_driver_online(struct vs_engine *e, enum vs_driver_state state)
{
	struct vs_watch *watch = &e->watch;
	struct vs_event event = vs_driver_event(e, VS_EVENT_DRIVER_ONLINE,
						state);

	if (watch->said == VS_DRIVER_UNKNOWN)
		return;
	event.since = watch->since;
	watch->said = VS_DRIVER_UNKNOWN;
	vs_report(e, &event);
}

static void vs_driver_evaluate(struct vs_engine *e)
{
	struct vs_list *list = &e->list[VS_SOURCE_DRIVER];
	enum vs_driver_state state = vs_driver_state_now(e);
	bool absent = e->config.driver_optional &&
		      state == VS_DRIVER_NOT_LOADED;

	if (absent != e->watch.absent)
		e->everything = true;
	e->watch.absent = absent;
	vs_list_set_available(e, list, vs_driver_is_usable(e, state));
	if (state == VS_DRIVER_IOCTL_FAILS)
		vs_driver_unverified(e, state);
	else if (state != VS_DRIVER_UNKNOWN && state != VS_DRIVER_ONLINE &&
		 !absent)
		vs_driver_offline(e, state);
	if (state == VS_DRIVER_ONLINE)
		vs_driver_online(e, state);
	if (list->available)
		vs_driver_verified(e, state);
	e->watch.seen = state;
}

bool vs_source_is_settled(struct vs_engine *e)
{
	bool usable[] = {
		[VS_SOURCE_MANAGER] =
			vs_list_is_usable(e, &e->list[VS_SOURCE_MANAGER]),
		[VS_SOURCE_DRIVER] =
			vs_driver_is_usable(e, vs_driver_state_now(e)),
		[VS_SOURCE_HOST] =
			vs_list_is_usable(e, &e->list[VS_SOURCE_HOST]),
	};

	for (int i = 0; i < VS_SOURCE_COUNT; i++) {
		if (e->list[i].open || e->list[i].available != usable[i])
			return false;
	}
	return true;
}

void vs_source_evaluate(struct vs_engine *e)
{
	vs_driver_evaluate(e);
	vs_list_evaluate(e, VS_SOURCE_MANAGER, VS_EVENT_INVENTORY_LOST,
			 VS_EVENT_INVENTORY_BACK);
	vs_list_evaluate(e, VS_SOURCE_HOST, VS_EVENT_HOST_LOST,
			 VS_EVENT_HOST_BACK);
}
