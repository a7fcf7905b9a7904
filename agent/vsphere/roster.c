// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "po/i18n.h"
#include "vsphere/roster.h"
#include "vsphere/take.h"

/**
 * struct vs_roster - see roster.h
 * @node: the host that counts
 * @all: VMs and hosts, by reference
 * @uuids: VMs that have a UUID, by it
 * @seed: keeps hashes from being guessed
 * @moved: some have @moved set
 * @changes: since the last time
 */
struct vs_roster {
	const char *node;
	struct vs_table all;
	struct vs_table uuids;
	uint64_t seed;
	bool moved;
	struct vs_changes changes;
};

struct vs_roster *vs_roster_new(const char *node)
{
	struct vs_roster *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->node = node;
	(void)!getrandom(&r->seed, sizeof(r->seed), GRND_NONBLOCK);
	return r;
}

/* the first, and the one after @e; an entity's node stands first in it */
static struct vs_entity *vs_roster_next(const struct vs_roster *r,
					const struct vs_entity *e)
{
	const struct vs_table *t = &r->all;
	size_t i = 0;

	if (e) {
		if (e->node.next)
			return (struct vs_entity *)e->node.next;
		i = (e->node.hash & (t->size - 1)) + 1;
	}
	while (i < t->size && !t->bucket[i])
		i++;
	return i < t->size ? (struct vs_entity *)t->bucket[i] : NULL;
}

void vs_roster_free(struct vs_roster *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->all.size; i++) {
		struct vs_node *node = r->all.bucket[i];

		while (node) {
			struct vs_node *next = node->next;

			vs_entity_free((struct vs_entity *)node);
			node = next;
		}
	}
	vs_table_free(&r->all);
	vs_table_free(&r->uuids);
	free(r);
}

size_t vs_roster_count(const struct vs_roster *r)
{
	return r->all.count;
}

static uint32_t vs_roster_hash(const struct vs_roster *r, const char *ref)
{
	uint64_t h = r->seed;

	for (; *ref; ref++)
		h = vs_table_mix(h, (unsigned char)*ref, r->seed);
	return h;
}

static uint32_t vs_roster_hash_uuid(const struct vs_roster *r,
				    const struct vs_uuid *uuid)
{
	uint64_t half[2];

	memcpy(half, uuid, sizeof(half));
	return vs_table_mix(half[0], half[1], r->seed);
}

static struct vs_entity *vs_roster_find(const struct vs_roster *r,
					const char *ref)
{
	uint32_t hash = vs_roster_hash(r, ref);
	struct vs_node *node = vs_table_first(&r->all, hash);

	for (; node; node = node->next) {
		struct vs_entity *e = (struct vs_entity *)node;

		if (node->hash == hash && strcmp(e->ref, ref) == 0)
			return e;
	}
	return NULL;
}

static struct vs_entity *vs_by_uuid(struct vs_node *node)
{
	return (struct vs_entity *)((char *)node -
				    offsetof(struct vs_entity, by_uuid));
}

/* the next VM of that UUID, @node itself included */
static struct vs_node *vs_roster_same(struct vs_node *node,
				      const struct vs_uuid *uuid)
{
	while (node && vs_uuid_cmp(&vs_by_uuid(node)->uuid, uuid))
		node = node->next;
	return node;
}

static struct vs_node *vs_roster_first(const struct vs_roster *r,
				       const struct vs_uuid *uuid)
{
	return vs_roster_same(vs_table_first(&r->uuids,
					     vs_roster_hash_uuid(r, uuid)),
			      uuid);
}

/* several VMs of a UUID have to be told together: then all are told */
static void vs_roster_touch(struct vs_roster *r, const struct vs_entity *e)
{
	struct vs_changes *c = &r->changes;
	struct vs_node *node;

	c->all |= !e->is_vm;
	if (!e->has_uuid || c->all)
		return;
	node = vs_roster_first(r, &e->uuid);
	c->all |= node && vs_roster_same(node->next, &e->uuid);
	for (size_t i = 0; i < c->n; i++) {
		if (vs_uuid_cmp(&c->vm[i], &e->uuid) == 0)
			return;
	}
	if (c->n == VS_CHANGES)
		c->all = true;
	else
		c->vm[c->n++] = e->uuid;
}

static void vs_roster_unlink(struct vs_roster *r, struct vs_entity *e)
{
	vs_roster_touch(r, e);
	if (e->has_uuid)
		vs_table_del(&r->uuids, &e->by_uuid);
}

static int vs_roster_link(struct vs_roster *r, struct vs_entity *e)
{
	int ret;

	r->moved |= e->moved;
	if (e->has_uuid) {
		e->by_uuid.hash = vs_roster_hash_uuid(r, &e->uuid);
		ret = vs_table_add(&r->uuids, &e->by_uuid);
		if (ret) {
			e->has_uuid = false;
			return ret;
		}
	}
	vs_roster_touch(r, e);
	return 0;
}

static void vs_roster_drop(struct vs_roster *r, struct vs_entity *e)
{
	if (!e)
		return;
	vs_roster_unlink(r, e);
	vs_table_del(&r->all, &e->node);
	vs_entity_free(e);
}

static int vs_roster_add(struct vs_roster *r, struct vs_entity *e)
{
	int ret;

	e->node.hash = vs_roster_hash(r, e->ref);
	ret = vs_table_add(&r->all, &e->node);
	if (ret) {
		vs_entity_free(e);
		return ret;
	}
	return vs_roster_link(r, e);
}

/* one that has gone while it was read is not there */
static int vs_roster_enter(struct vs_roster *r, const struct vs_taken *taken,
			   const struct vs_twig *twig, struct vs_error *error)
{
	struct vs_entity *e = vs_entity_new(taken->ref, taken->is_vm);
	int ret;

	if (!e)
		return -ENOMEM;
	ret = vs_take_properties(twig, e, error);
	if (!ret)
		return vs_roster_add(r, e);
	vs_entity_free(e);
	return ret == -ENOENT ? 0 : ret;
}

static int vs_roster_change(struct vs_roster *r, struct vs_entity *e,
			    const struct vs_twig *twig, struct vs_error *error)
{
	int ret;

	vs_roster_unlink(r, e);
	ret = vs_take_properties(twig, e, error);
	if (vs_roster_link(r, e))
		return -ENOMEM;
	if (ret != -ENOENT)
		return ret;
	vs_roster_drop(r, e);
	return 0;
}

int vs_roster_take(struct vs_roster *r, const struct vs_twig *twig,
		   struct vs_error *error)
{
	struct vs_taken taken;
	struct vs_entity *e;
	int ret = vs_take_object(twig, &taken, error);

	if (ret || !taken.known)
		return ret;
	e = vs_roster_find(r, taken.ref);
	/* what enters again says all anew */
	if (taken.kind != VS_TAKEN_CHANGES) {
		vs_roster_drop(r, e);
		e = NULL;
	}
	if (taken.kind == VS_TAKEN_LEAVES)
		return 0;
	if (taken.kind == VS_TAKEN_CHANGES && !e)
		return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_BAD_DATA,
				    ESTALE, _("a change of what is not in "
					      "the list"));
	return e ? vs_roster_change(r, e, twig, error) :
		   vs_roster_enter(r, &taken, twig, error);
}

static int vs_roster_fail(const struct vs_entity *e, const char *why,
			  struct vs_error *error)
{
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), *e->name ? e->name : e->ref);
	return vs_error_set(error, VS_OP_READ_VM, VS_WHY_BAD_DATA, EINVAL,
			    "%s: %s", safe, why);
}

/* is it on the host that counts? @host: its name, if all count */
static int vs_roster_where(const struct vs_roster *r,
			   const struct vs_entity *e, const char **host,
			   bool *here, struct vs_error *error)
{
	const struct vs_entity *node = *e->host ? vs_roster_find(r, e->host) :
						  NULL;

	*here = !*r->node;
	*host = "-";
	if (!*e->host)
		return 0;
	if (!node || !*node->name)
		return vs_roster_fail(e, _("vCenter does not say the name of "
					   "its host"), error);
	*host = node->name;
	if (*r->node) {
		*here = vs_host_is(node->name, r->node);
		*host = NULL;
	}
	return 0;
}

static int vs_roster_feed_one(const struct vs_roster *r,
			      const struct vs_entity *e,
			      const struct vs_feed *feed,
			      struct vs_error *error)
{
	const char *host;
	bool here;
	int ret;

	if (e->reached == VS_REACHED_ORPHANED)
		return 0;
	ret = vs_roster_where(r, e, &host, &here, error);
	if (ret || !here)
		return ret;
	if (e->has_uuid)
		return vs_entity_feed(e, host, feed, error);
	/* without a configuration it cannot be started */
	if (e->power == VS_POWER_OFF && !e->bad[VS_PROP_UUID])
		return 0;
	return vs_roster_fail(e, _("it runs, but vCenter does not say its "
				   "UUID"), error);
}

/* the host that counts has to be there, once */
static int vs_roster_check(const struct vs_roster *r, struct vs_error *error)
{
	const struct vs_entity *e = NULL;
	char safe[VS_NAME_ESCAPED];
	size_t n = 0;

	if (!*r->node)
		return 0;
	while ((e = vs_roster_next(r, e)))
		n += !e->is_vm && vs_host_is(e->name, r->node);
	if (n == 1)
		return 0;
	vs_name_escape(safe, sizeof(safe), r->node);
	return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_NONE, n ?
			    ENOTUNIQ : ENOENT, n ?
			    _("vCenter has several hosts named \"%s\"; give "
			      "the whole name") :
			    _("vCenter has no host named \"%s\", or does not "
			      "show it"), safe);
}

int vs_roster_feed(const struct vs_roster *r, const struct vs_feed *feed,
		   struct vs_error *error)
{
	const struct vs_entity *e = NULL;
	int ret = vs_roster_check(r, error);

	while (!ret && (e = vs_roster_next(r, e))) {
		if (e->is_vm)
			ret = vs_roster_feed_one(r, e, feed, error);
	}
	return ret;
}

int vs_roster_feed_vm(const struct vs_roster *r, const struct vs_uuid *uuid,
		      const struct vs_feed *feed, struct vs_error *error)
{
	struct vs_node *node = vs_roster_first(r, uuid);
	int ret = 0;

	for (; node && !ret; node = vs_roster_same(node->next, uuid))
		ret = vs_roster_feed_one(r, vs_by_uuid(node), feed, error);
	return ret;
}

void vs_roster_changes(struct vs_roster *r, struct vs_changes *changes)
{
	*changes = r->changes;
	r->changes = (struct vs_changes){ 0 };
}

void vs_roster_compare(struct vs_roster *r, const struct vs_roster *old)
{
	struct vs_entity *e = NULL;
	const struct vs_entity *was;

	while ((e = vs_roster_next(r, e))) {
		was = vs_roster_find(old, e->ref);
		if (!was || !*was->host || !*e->host)
			continue;
		e->moved |= was->moved || strcmp(was->host, e->host) != 0;
		r->moved |= e->moved;
	}
}

void vs_roster_arrived(struct vs_roster *r,
		       void (*fn)(void *ctx, const struct vs_uuid *uuid),
		       void *ctx)
{
	struct vs_entity *e = NULL;
	struct vs_error error;
	const char *host;
	bool here;

	if (!r->moved)
		return;
	r->moved = false;
	while ((e = vs_roster_next(r, e))) {
		if (!e->moved)
			continue;
		e->moved = false;
		if (e->has_uuid && e->power == VS_POWER_RUNNING &&
		    !vs_roster_where(r, e, &host, &here, &error) && here)
			fn(ctx, &e->uuid);
	}
}
