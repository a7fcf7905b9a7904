// SPDX-License-Identifier: GPL-2.0-only
/* Differences over time: grace, debounce, what counts, what is said. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/join.h"

enum vs_topic vs_track_topic(const struct vs_difference *d)
{
	return d->reason == VS_REASON_BYPASSED ? VS_TOPIC_BYPASS :
						 VS_TOPIC_LISTS;
}

/* by device ID, then the Manager's before the driver's, then MAC */
static int vs_diff_cmp(const struct vs_difference *a,
		       const struct vs_difference *b)
{
	int cmp;

	if (a->device_id != b->device_id)
		return a->device_id < b->device_id ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	cmp = vs_mac_cmp(&a->mac, &b->mac);
	if (!cmp)
		cmp = (int)vs_track_topic(a) - (int)vs_track_topic(b);
	/* without a MAC, the port is all there is to tell two apart */
	if (cmp || !vs_mac_is_zero(&a->mac) || a->ifindex == b->ifindex)
		return cmp;
	return a->ifindex < b->ifindex ? -1 : 1;
}

const struct vs_diff *vs_track_find(const struct vs_vm *vm,
				    const struct vs_difference *d)
{
	const struct vs_diff *diff;

	for (diff = vm->diffs; diff; diff = diff->next) {
		if (vs_diff_cmp(&diff->d, d) == 0)
			return diff;
	}
	return NULL;
}

void vs_track_forget(struct vs_engine *e, struct vs_vm *vm)
{
	while (vm->diffs) {
		struct vs_diff *diff = vm->diffs;

		vm->diffs = diff->next;
		vs_pool_put(&e->diff_pool, diff);
	}
}

/*
 * The place of @diff in a sorted list, from @p on: where it is, or else
 * behind its equals.
 */
static struct vs_diff **vs_diff_place(struct vs_diff **p,
				      const struct vs_diff *diff)
{
	while (*p && *p != diff && vs_diff_cmp(&(*p)->d, &diff->d) <= 0)
		p = &(*p)->next;
	return p;
}

static struct vs_diff **vs_diff_insert(struct vs_diff **p,
				       struct vs_diff *diff)
{
	p = vs_diff_place(p, diff);
	if (*p != diff) {
		diff->next = *p;
		*p = diff;
	}
	return p;
}

int vs_track_add(struct vs_engine *e, struct vs_vm *vm,
		 const struct vs_difference *d, bool reported)
{
	struct vs_diff *diff = vs_pool_get(&e->diff_pool);

	if (!diff)
		return -ENOMEM;
	diff->d = *d;
	diff->d.by = NULL;
	diff->known = true;
	diff->confirmed = reported;
	diff->reported = reported;
	vs_diff_insert(&vm->diffs, diff);
	return 0;
}

/**
 * struct vs_seen - a difference that this evaluation sees
 * @group: the number of its group
 * @diff: what is remembered of it
 */
struct vs_seen {
	struct vs_difference d;
	size_t group;
	struct vs_diff *diff;
};

static int vs_seen_qsort(const void *a, const void *b)
{
	const struct vs_seen *x = a, *y = b;

	return vs_diff_cmp(&x->d, &y->d);
}

/* the differences that the groups stand for, sorted */
static int vs_track_look(const struct vs_groups *groups,
			 struct vs_seen **seen, size_t *n)
{
	struct vs_difference d[VS_DIFFERENCES_MAX];

	*n = 0;
	*seen = calloc(groups->n * VS_DIFFERENCES_MAX + 1, sizeof(**seen));
	if (!*seen)
		return -ENOMEM;
	for (size_t i = 0; i < groups->n; i++) {
		int k = vs_join_differences(&groups->v[i], d);

		while (k--) {
			(*seen)[*n].d = d[k];
			(*seen)[*n].group = i;
			++*n;
		}
	}
	qsort(*seen, *n, sizeof(**seen), vs_seen_qsort);
	return 0;
}

/* find what is remembered; make room for what is new, all or nothing */
static int vs_track_recall(struct vs_engine *e, const struct vs_vm *vm,
			   struct vs_seen *seen, size_t n)
{
	struct vs_diff *old = vm->diffs;
	size_t i;

	for (i = 0; i < n; i++) {
		while (old && vs_diff_cmp(&old->d, &seen[i].d) < 0)
			old = old->next;
		if (old && vs_diff_cmp(&old->d, &seen[i].d) == 0) {
			seen[i].diff = old;
			old = old->next;
			continue;
		}
		seen[i].diff = vs_pool_get(&e->diff_pool);
		if (!seen[i].diff)
			break;
	}
	if (i == n)
		return 0;
	while (i--) {
		if (!seen[i].diff->known)
			vs_pool_put(&e->diff_pool, seen[i].diff);
	}
	return -ENOMEM;
}

/* a difference is seen (again) */
static void vs_diff_note(const struct vs_engine *e, struct vs_diff *diff,
			 const struct vs_difference *d)
{
	vs_time first = diff->known ? diff->d.first_seen : e->now;

	diff->d = *d;
	diff->d.first_seen = first;
	diff->known = true;
	diff->seen = true;
	if (!diff->seq)
		diff->seq = e->seq;
	if (e->now - first >= e->config.grace &&
	    e->seq - diff->seq + 1 >= e->config.debounce)
		diff->confirmed = true;
}

/* can what programs do on a port of these not be seen now? */
static bool vs_track_is_blind(const struct vs_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		const struct vs_group *g = &groups->v[i];

		if (g->driver && (g->driver->bypass == VS_BYPASS_UNKNOWN ||
				  (g->driver->bypass == VS_BYPASS_YES &&
				   g->state == VS_STATE_UNKNOWN)))
			return true;
	}
	return false;
}

/*
 * What was not seen is gone, at the first look. Without the host's list, what
 * only that can show is not seen and yet not gone; nor is what programs do,
 * if @blind.
 */
static void vs_track_drop_unseen(struct vs_engine *e, struct vs_vm *vm,
				 bool blind)
{
	bool hostless = !e->list[VS_SOURCE_HOST].available;
	struct vs_diff **p = &vm->diffs;

	while (*p) {
		struct vs_diff *diff = *p;
		bool keep = diff->seen ||
			    (hostless &&
			     (diff->d.held ||
			      diff->d.reason == VS_REASON_HOST_ONLY)) ||
			    (blind && diff->d.reason == VS_REASON_BYPASSED);

		if (!diff->seen)
			diff->seq = 0;
		diff->seen = false;
		if (keep) {
			p = &diff->next;
			continue;
		}
		*p = diff->next;
		vs_pool_put(&e->diff_pool, diff);
	}
}

/* remember the differences among the groups; those that count are marked */
static int vs_track_groups(struct vs_engine *e, struct vs_vm *vm,
			   struct vs_groups *groups)
{
	struct vs_diff **place = &vm->diffs;
	struct vs_seen *seen;
	size_t n;

	if (vs_track_look(groups, &seen, &n))
		return -ENOMEM;
	if (vs_track_recall(e, vm, seen, n)) {
		free(seen);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct vs_diff *diff = seen[i].diff;

		vs_diff_note(e, diff, &seen[i].d);
		place = vs_diff_insert(place, diff);
		if (diff->confirmed)
			groups->v[seen[i].group].state = VS_STATE_OUT_OF_SYNC;
	}
	free(seen);
	vs_track_drop_unseen(e, vm, vs_track_is_blind(groups));
	return 0;
}

/* wait for the moment at which the first pending difference may count */
static int vs_track_wait(struct vs_engine *e, struct vs_vm *vm)
{
	const struct vs_diff *diff;
	vs_time at, first = INT64_MAX;

	for (diff = vm->diffs; diff; diff = diff->next) {
		if (!diff->confirmed && diff->seq &&
		    !__builtin_add_overflow(diff->d.first_seen,
					    e->config.grace, &at) && at < first)
			first = at;
	}
	if (first != INT64_MAX)
		return vs_queue_set(&e->queue, &vm->due, first);
	vs_queue_del(&e->queue, &vm->due);
	return 0;
}

/* let the engine's counts follow the VM's */
static void vs_track_count(struct vs_engine *e, struct vs_vm *vm,
			   const uint32_t count[VS_STATE_COUNT],
			   enum vs_state state)
{
	bool counts = !vm->stands_for &&
		      (vm->in_manager || vm->driver || vm->on_host);

	for (int i = 0; i < VS_STATE_COUNT; i++) {
		e->vnic_count[i] += count[i];
		e->vnic_count[i] -= vm->count[i];
		vm->count[i] = count[i];
	}
	if (vm->counted)
		e->vm_count[vm->state]--;
	if (counts)
		e->vm_count[state]++;
	vm->counted = counts;
	vm->state = state;
}

/* the state of a VM is the highest of its vNICs', or its own without any */
static void vs_track_sum(struct vs_engine *e, struct vs_vm *vm,
			 const struct vs_groups *groups,
			 const struct vs_scope *scope)
{
	uint32_t count[VS_STATE_COUNT] = { 0 };
	enum vs_state state = scope->state == VS_STATE_PENDING ?
			      VS_STATE_IN_SYNC : scope->state;
	enum vs_reason reason = scope->reason;

	for (size_t i = 0; i < groups->n; i++) {
		const struct vs_group *g = &groups->v[i];

		count[g->state]++;
		/* that a list is unknown says more than that a bypass is */
		if (!i || g->state > state ||
		    (g->state == state &&
		     reason == VS_REASON_BYPASS_UNKNOWN)) {
			state = g->state;
			reason = g->reason;
		}
	}
	vm->reason = reason;
	vs_track_count(e, vm, count, state);
}

/* nearly every VM: nothing differs, or all of it is in one state */
static void vs_track_even(struct vs_engine *e, struct vs_vm *vm, size_t n,
			  const struct vs_scope *scope)
{
	uint32_t count[VS_STATE_COUNT] = { 0 };
	enum vs_state state = scope->state == VS_STATE_PENDING ?
			      VS_STATE_IN_SYNC : scope->state;

	count[state] = n;
	vm->reason = scope->reason;
	vs_track_count(e, vm, count, state);
}

static int vs_track_compare(struct vs_engine *e, struct vs_vm *vm,
			    const struct vs_scope *scope)
{
	struct vs_groups groups = { 0 };
	enum vs_reason away = vs_vm_away(e, vm);
	struct vs_scope bare = *scope;
	int ret = vs_join(e, vm, &groups);

	if (!ret && scope->state == VS_STATE_PENDING)
		ret = vs_track_groups(e, vm, &groups);
	if (bare.state == VS_STATE_PENDING && away)
		bare = (struct vs_scope){
			.state = VS_STATE_NOT_APPLICABLE,
			.reason = away,
		};
	if (!ret)
		vs_track_sum(e, vm, &groups, &bare);
	vs_groups_free(&groups);
	return ret;
}

/* the Manager alone has it, and says that it has no ports here */
static bool vs_track_is_away(const struct vs_vm *vm, enum vs_reason away,
			     struct vs_scope *bare, size_t *n)
{
	if (!away || vm->driver || vm->on_host)
		return false;
	*n = 0;
	for (const struct vs_nic *nic = vm->nics; nic; nic = nic->next)
		++*n;
	if (bare->state == VS_STATE_PENDING)
		*bare = (struct vs_scope){
			.state = VS_STATE_NOT_APPLICABLE,
			.reason = away,
		};
	return true;
}

int vs_track_vm(struct vs_engine *e, struct vs_vm *vm)
{
	struct vs_scope scope = vs_join_scope(e, vm);
	enum vs_reason away = vs_vm_away(e, vm);
	struct vs_scope bare = scope;
	struct vs_diff *diff;
	int ret = 0;
	size_t n;

	if (vs_track_is_away(vm, away, &bare, &n) ||
	    (vm->in_manager && !away && vs_join_is_equal(vm, &n))) {
		vs_track_even(e, vm, n, &bare);
		if (scope.state == VS_STATE_PENDING)
			vs_track_drop_unseen(e, vm, false);
	} else {
		ret = vs_track_compare(e, vm, &scope);
	}
	if (ret)
		return ret;
	/* what is not known has not ended, but it is no observation either */
	if (scope.state == VS_STATE_NOT_APPLICABLE)
		vs_track_forget(e, vm);
	if (scope.state == VS_STATE_UNKNOWN)
		for (diff = vm->diffs; diff; diff = diff->next)
			diff->seq = 0;
	return vm->diffs || vm->due.pos ? vs_track_wait(e, vm) : 0;
}

bool vs_track_has(const struct vs_vm *vm, enum vs_topic topic)
{
	const struct vs_diff *diff = vm->diffs;

	while (diff && vs_track_topic(&diff->d) != topic)
		diff = diff->next;
	return diff;
}

bool vs_track_is_open(const struct vs_vm *vm)
{
	return vm->open[VS_TOPIC_LISTS].is || vm->open[VS_TOPIC_BYPASS].is;
}

bool vs_track_speaks(const struct vs_vm *vm, enum vs_topic topic)
{
	const struct vs_diff *diff;

	/* of what is not known, nothing has begun and nothing has ended */
	if (vm->state == VS_STATE_UNKNOWN &&
	    (topic == VS_TOPIC_BYPASS ||
	     vm->reason != VS_REASON_BYPASS_UNKNOWN))
		return false;
	for (diff = vm->diffs; diff; diff = diff->next) {
		if (vs_track_topic(&diff->d) == topic && diff->confirmed &&
		    !diff->reported)
			return true;
	}
	return vm->open[topic].is && !vs_track_has(vm, topic);
}
