// SPDX-License-Identifier: GPL-2.0-only
/* What an inventory that tells of changes by itself tells, as tidings. */
#include <errno.h>

#include "daemon/line.h"

static struct vs_tiding *vs_watched_tiding(enum vs_tiding_kind kind,
					   struct vs_listing *listing)
{
	struct vs_tiding *t = vs_tiding_new(kind);

	if (!t)
		return NULL;
	t->manager = true;
	if (listing) {
		t->listing = *listing;
		*listing = (struct vs_listing){ 0 };
	}
	return t;
}

static void vs_watched_list(void *ctx, struct vs_listing *listing,
			    int64_t began, int64_t took, int64_t age)
{
	struct vs_tiding *t = vs_watched_tiding(VS_TIDING_LIST, listing);

	if (t) {
		t->began = began;
		t->took = took;
		t->age = age;
	}
	vs_keeper_tell(ctx, t);
}

static void vs_watched_vm(void *ctx, const struct vs_uuid *vm,
			  struct vs_listing *listing)
{
	struct vs_tiding *t = vs_watched_tiding(listing->n ? VS_TIDING_VM :
						VS_TIDING_GONE, listing);

	if (t)
		t->vm = *vm;
	vs_keeper_tell(ctx, t);
}

static void vs_watched_arrived(void *ctx, const struct vs_uuid *vm)
{
	struct vs_tiding *t = vs_watched_tiding(VS_TIDING_ARRIVED, NULL);

	if (t)
		t->vm = *vm;
	vs_keeper_tell(ctx, t);
}

static void vs_watched_failed(void *ctx, int64_t began,
			      const struct vs_error *error)
{
	struct vs_tiding *t = vs_watched_tiding(VS_TIDING_FAILED, NULL);

	if (t) {
		t->began = began;
		t->error = *error;
	}
	vs_keeper_tell(ctx, t);
}

int vs_watched_start(struct vs_keeper *k)
{
	const struct vs_watcher to = {
		.list = vs_watched_list,
		.vm = vs_watched_vm,
		.arrived = vs_watched_arrived,
		.failed = vs_watched_failed,
		.ctx = k,
	};
	struct vs_error error;
	int ret = 0;

	if (k->inventory && k->inventory->ops->watch) {
		ret = k->inventory->ops->watch(k->inventory, &to, &error);
		k->watched = !ret;
	}
	return ret;
}

void vs_watched_stop(struct vs_keeper *k)
{
	if (k->watched)
		k->inventory->ops->unwatch(k->inventory);
	k->watched = false;
}
