// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/listing.h"

/**
 * struct vs_listed - a VM or a vNIC
 * @text: the strings of @vm, from malloc(); NULL: it is a vNIC
 */
struct vs_listed {
	char *text;
	union {
		struct vs_vm_fact vm;
		struct vs_vnic_fact vnic;
	};
};

static struct vs_listed *vs_listing_add(struct vs_listing *l)
{
	size_t cap = l->cap ? l->cap * 2 : 64;
	struct vs_listed *v;

	if (l->n == l->cap) {
		v = reallocarray(l->v, cap, sizeof(*v));
		if (!v)
			return NULL;
		l->v = v;
		l->cap = cap;
	}
	return &l->v[l->n];
}

static int vs_listing_vm(void *ctx, const struct vs_vm_fact *fact)
{
	struct vs_listing *l = ctx;
	struct vs_listed *new = vs_listing_add(l);
	size_t name = strlen(fact->name) + 1;
	size_t host = fact->host ? strlen(fact->host) + 1 : 0;

	if (!new)
		return -ENOMEM;
	new->text = malloc(name + host);
	if (!new->text)
		return -ENOMEM;
	new->vm = *fact;
	new->vm.name = memcpy(new->text, fact->name, name);
	if (host)
		new->vm.host = memcpy(new->text + name, fact->host, host);
	l->n++;
	return 0;
}

static int vs_listing_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	struct vs_listing *l = ctx;
	struct vs_listed *new = vs_listing_add(l);

	if (!new)
		return -ENOMEM;
	new->text = NULL;
	new->vnic = *fact;
	l->n++;
	return 0;
}

struct vs_feed vs_listing_feed(struct vs_listing *listing)
{
	return (struct vs_feed){
		.vm = vs_listing_vm,
		.vnic = vs_listing_vnic,
		.ctx = listing,
	};
}

int vs_listing_replay(const struct vs_listing *l, const struct vs_feed *feed)
{
	int ret = 0;

	for (size_t i = 0; i < l->n && !ret; i++)
		ret = l->v[i].text ? feed->vm(feed->ctx, &l->v[i].vm) :
				     feed->vnic(feed->ctx, &l->v[i].vnic);
	return ret;
}

void vs_listing_free(struct vs_listing *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].text);
	free(l->v);
	*l = (struct vs_listing){ 0 };
}
