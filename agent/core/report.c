// SPDX-License-Identifier: GPL-2.0-only
/* Events out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/cause.h"
#include "core/gap.h"
#include "core/join.h"

void vs_report(struct vs_engine *e, struct vs_event *event)
{
	event->time = e->now;
	event->host = e->host->s;
	event->action_by = VS_ACTOR_SYSTEM;
	event->cause = vs_cause_of_event(event, e->watch.info.reset);
	event->steps = vs_gap_step_bits(event->cause, event->gap);
	if (e->fn)
		e->fn(e->ctx, event);
}

/* remember the name of what is reported, for when no list has it any longer */
static int vs_report_name(struct vs_vm *vm)
{
	const char *name = vm->stands_for ? vs_port_label(vm->stands_for) :
					    vs_vm_name(vm);
	struct vs_str *str;

	if (!name)
		return 0;
	str = vs_str_get(name, vm->alert_name);
	if (!str)
		return -ENOMEM;
	vs_str_put(vm->alert_name);
	vm->alert_name = str;
	return 0;
}

static struct vs_event vs_report_event(const struct vs_vm *vm)
{
	bool nameless = vs_uuid_is_nil(&vm->uuid);

	return (struct vs_event){
		.origin = VS_ORIGIN_MANAGER,
		.vm = nameless ? NULL : &vm->uuid,
		.vm_name = nameless ? NULL : vs_vm_last_name(vm),
		.port = nameless ? vs_str_text(vm->alert_name) : NULL,
	};
}

static bool vs_report_counts(const struct vs_diff *diff, enum vs_topic topic)
{
	return diff->confirmed && vs_track_topic(&diff->d) == topic;
}

/* the differences of a topic that count, as an array */
static struct vs_difference *vs_report_differences(const struct vs_engine *e,
						   const struct vs_vm *vm,
						   enum vs_topic topic,
						   size_t *n)
{
	struct vs_difference *d;
	const struct vs_diff *diff;

	*n = 0;
	for (diff = vm->diffs; diff; diff = diff->next)
		*n += vs_report_counts(diff, topic);
	d = calloc(*n + 1, sizeof(*d));
	if (!d)
		return NULL;
	*n = 0;
	for (diff = vm->diffs; diff; diff = diff->next) {
		if (!vs_report_counts(diff, topic))
			continue;
		d[*n] = diff->d;
		d[(*n)++].by = vs_port_bypass_by(e, &diff->d);
	}
	return d;
}

static int vs_report_begin(struct vs_engine *e, struct vs_vm *vm,
			   enum vs_topic topic)
{
	struct vs_open *open = &vm->open[topic];
	struct vs_difference *d;
	struct vs_event event;
	size_t n;

	d = vs_report_differences(e, vm, topic, &n);
	if (!d || vs_report_name(vm)) {
		free(d);
		return -ENOMEM;
	}
	event = vs_report_event(vm);
	event.id = topic == VS_TOPIC_LISTS ? VS_EVENT_OUT_OF_SYNC :
					     VS_EVENT_BYPASSED;
	event.level = VS_LEVEL_WARNING;
	event.form = topic == VS_TOPIC_LISTS ? VS_FORM_DIFFERENCES :
					       VS_FORM_NONE;
	event.differences = d;
	event.n_differences = n;
	event.state = VS_STATE_OUT_OF_SYNC;
	event.reason = vm->reason;
	event.since = d[0].first_seen;
	for (size_t i = 1; i < n; i++) {
		if (d[i].first_seen < event.since)
			event.since = d[i].first_seen;
	}
	if (!open->is)
		open->since = event.since;
	open->is = true;
	open->raised = e->now;
	for (struct vs_diff *diff = vm->diffs; diff; diff = diff->next)
		diff->reported |= vs_report_counts(diff, topic);
	vs_report(e, &event);
	free(d);
	return 0;
}

static void vs_report_end(struct vs_engine *e, struct vs_vm *vm,
			  enum vs_topic topic)
{
	struct vs_event event = vs_report_event(vm);

	event.id = topic == VS_TOPIC_LISTS ? VS_EVENT_IN_SYNC :
					     VS_EVENT_BYPASS_OVER;
	event.level = VS_LEVEL_INFO;
	event.state = vm->state;
	event.reason = vm->reason;
	event.since = vm->open[topic].since;
	vm->open[topic] = (struct vs_open){ 0 };
	vs_report(e, &event);
	if (vs_track_is_open(vm))
		return;
	vs_str_put(vm->alert_name);
	vm->alert_name = NULL;
}

static int vs_report_cmp(const struct vs_vm *a, const struct vs_vm *b)
{
	int cmp = vs_uuid_cmp(&a->uuid, &b->uuid);
	uint32_t i, j;

	if (cmp)
		return cmp;
	i = a->stands_for ? a->stands_for->ifindex : 0;
	j = b->stands_for ? b->stands_for->ifindex : 0;
	return i < j ? -1 : i > j;
}

/* merge two sorted lists */
static struct vs_vm *vs_report_merge(struct vs_vm *a, struct vs_vm *b)
{
	struct vs_vm *list = NULL, **last = &list;

	while (a && b) {
		struct vs_vm **first = vs_report_cmp(a, b) <= 0 ? &a : &b;

		*last = *first;
		last = &(*first)->report;
		*first = (*first)->report;
	}
	*last = a ? a : b;
	return list;
}

/* sort without memory: run i holds nothing, or 2^i VMs */
static struct vs_vm *vs_report_sort(struct vs_vm *list)
{
	struct vs_vm *run[64] = { 0 }, *sorted = NULL;

	while (list) {
		struct vs_vm *vm = list;
		int i;

		list = vm->report;
		vm->report = NULL;
		for (i = 0; run[i]; i++) {
			vm = vs_report_merge(run[i], vm);
			run[i] = NULL;
		}
		run[i] = vm;
	}
	for (int i = 0; i < 64; i++)
		sorted = vs_report_merge(run[i], sorted);
	return sorted;
}

static int vs_report_vm(struct vs_engine *e, struct vs_vm *vm)
{
	int ret = 0;

	for (int topic = 0; topic < VS_TOPIC_COUNT; topic++) {
		if (!vs_track_speaks(vm, topic))
			continue;
		if (!vs_track_has(vm, topic))
			vs_report_end(e, vm, topic);
		else if (vs_report_begin(e, vm, topic))
			ret = -ENOMEM;
	}
	return ret;
}

int vs_report_vms(struct vs_engine *e, struct vs_vm *list)
{
	struct vs_vm *next;
	int ret = 0;

	for (list = vs_report_sort(list); list; list = next) {
		next = list->report;
		list->report = NULL;
		if (vs_report_vm(e, list)) {
			vs_vm_dirty(e, list);
			ret = -ENOMEM;
		} else if (vs_vm_is_gone(list)) {
			vs_vm_release(e, list);
		}
	}
	return ret;
}
