// SPDX-License-Identifier: GPL-2.0-only
/* A comparison in parts: VMs, then vNICs, then events. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/checked.h"

static const char *const vs_checked_words[VS_CHECKED_COUNT] = {
	"vms", "vnics", "events",
};

/** struct vs_checked_walk - choosing what is in a part, then writing it */
struct vs_checked_walk {
	struct vs_page page;
	json_t *rows;
	bool nameless;
};

/* what comes after the word; 0 or -EINVAL */
static int vs_checked_parse_rest(const char *s, struct vs_checked_part *part)
{
	int ret = -EINVAL;

	part->has_key = *s;
	if (part->list == VS_CHECKED_EVENTS)
		return vs_number_parse(s, 0, INT64_MAX, &part->skip);
	/* a list may begin where a part ends */
	if (part->list == VS_CHECKED_VNICS)
		ret = *s ? vs_page_parse(s, &part->key) : 0;
	else if (part->list == VS_CHECKED_VMS)
		ret = vs_uuid_parse(s, &part->key.vm);
	return ret;
}

int vs_checked_part_parse(const char *s, struct vs_checked_part *part)
{
	for (int i = 0; i < VS_CHECKED_COUNT; i++) {
		size_t n = strlen(vs_checked_words[i]);

		if (strncmp(s, vs_checked_words[i], n) == 0 && s[n] == ':') {
			part->list = i;
			return vs_checked_parse_rest(s + n + 1, part) ?
			       -EINVAL : 0;
		}
	}
	return -EINVAL;
}

const char *vs_checked_part_next(const struct vs_checked_part *part,
				 char buf[VS_CHECKED_STR])
{
	char key[VS_PAGE_STR] = "";

	if (part->list == VS_CHECKED_COUNT)
		return NULL;
	if (part->list == VS_CHECKED_EVENTS)
		snprintf(key, sizeof(key), "%" PRIu64, part->skip);
	else if (part->has_key && part->list == VS_CHECKED_VMS)
		vs_uuid_format(&part->key.vm, key);
	else if (part->has_key)
		vs_page_format(&part->key, key);
	snprintf(buf, VS_CHECKED_STR, "%s:%s", vs_checked_words[part->list],
		 key);
	return buf;
}

static void vs_checked_begin(struct vs_checked_walk *walk,
			     const struct vs_checked_part *part, json_t *rows)
{
	*walk = (struct vs_checked_walk){
		.page = {
			.after = part->key,
			.has_after = part->has_key,
			.limit = part->limit,
		},
		.rows = rows,
	};
}

/* the part has this; see where the next one begins */
static void vs_checked_end(struct vs_checked_part *part,
			   struct vs_checked_walk *walk)
{
	struct vs_page *page = &walk->page;

	part->limit -= page->n;
	part->has_key = page->more;
	if (page->more)
		part->key = page->v[page->n - 1];
	else
		part->list++;
	vs_page_free(page);
}

static int vs_checked_choose_vm(void *ctx, const struct vs_vm_view *vm)
{
	struct vs_checked_walk *walk = ctx;
	const struct vs_page_key key = { .vm = vm->uuid };

	return vs_page_add(&walk->page, &key);
}

static int vs_checked_take_vms(struct vs_checked_part *part,
			       const struct vs_engine *e)
{
	struct vs_checked_walk walk;
	struct vs_vm_view vm;
	int ret;

	vs_checked_begin(&walk, part, part->vms);
	ret = vs_engine_each_vm(e, vs_checked_choose_vm, &walk);
	vs_page_cut(&walk.page);
	for (size_t i = 0; i < walk.page.n && !ret; i++) {
		if (!vs_engine_vm(e, &walk.page.v[i].vm, &vm) &&
		    json_array_append_new(part->vms, vs_checked_vm_row(&vm)))
			ret = -ENOMEM;
	}
	vs_checked_end(part, &walk);
	return ret;
}

static struct vs_page_key vs_checked_key(const struct vs_vnic_view *v)
{
	return (struct vs_page_key){
		.vm = v->vm,
		.device_id = v->device_id,
		.ifindex = v->in_driver ? v->driver.ifindex :
			   v->on_host ? v->on.ifindex : 0,
		.mac = v->mac,
	};
}

static int vs_checked_choose_vnic(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_checked_walk *walk = ctx;
	const struct vs_page_key key = vs_checked_key(v);

	return vs_page_add(&walk->page, &key);
}

static int vs_checked_write_vnic(void *ctx, const struct vs_vnic_view *v)
{
	struct vs_checked_walk *walk = ctx;
	const struct vs_page_key key = vs_checked_key(v);
	long at;

	if (walk->nameless != vs_uuid_is_nil(&v->vm))
		return 0;
	at = vs_page_find(&walk->page, &key);
	if (at < 0)
		return 0;
	return json_array_set_new(walk->rows, at, vs_checked_vnic_row(v)) ?
	       -ENOMEM : 0;
}

/* each VM's vNICs; those of none are only found among all */
static int vs_checked_write_vnics(struct vs_checked_walk *walk,
				  const struct vs_engine *e)
{
	const struct vs_page *page = &walk->page;
	const struct vs_uuid *last = NULL;
	int ret = 0;

	for (size_t i = 0; i < page->n && !ret; i++)
		ret = json_array_append_new(walk->rows, json_null());
	for (size_t i = 0; i < page->n && !ret; i++) {
		const struct vs_uuid *vm = &page->v[i].vm;

		if (last && !vs_uuid_cmp(vm, last))
			continue;
		last = vm;
		walk->nameless = vs_uuid_is_nil(vm);
		ret = vs_engine_each_vnic(e, walk->nameless ? NULL : vm,
					  vs_checked_write_vnic, walk);
	}
	return ret ? -ENOMEM : 0;
}

static int vs_checked_take_vnics(struct vs_checked_part *part,
				 const struct vs_engine *e)
{
	struct vs_checked_walk walk;
	int ret;

	vs_checked_begin(&walk, part, part->vnics);
	ret = vs_engine_each_vnic(e, NULL, vs_checked_choose_vnic, &walk);
	vs_page_cut(&walk.page);
	if (!ret)
		ret = vs_checked_write_vnics(&walk, e);
	vs_checked_end(part, &walk);
	return ret;
}

/* one VM has few */
static int vs_checked_take_one(struct vs_checked_part *part,
			       const struct vs_engine *e,
			       const struct vs_uuid *vm)
{
	vs_checked_part_free(part);
	part->vms = vs_checked_vms(e, vm);
	part->vnics = vs_checked_vnics(e, vm);
	part->list = VS_CHECKED_EVENTS;
	return part->vms && part->vnics ? 0 : -ENOMEM;
}

int vs_checked_part_take(struct vs_checked_part *part,
			 const struct vs_engine *e, const struct vs_uuid *vm)
{
	int ret = 0;

	part->vms = json_array();
	part->vnics = json_array();
	if (!part->vms || !part->vnics)
		return -ENOMEM;
	if (vm && part->list != VS_CHECKED_EVENTS)
		return vs_checked_take_one(part, e, vm);
	if (part->list == VS_CHECKED_VMS)
		ret = vs_checked_take_vms(part, e);
	if (!ret && part->list == VS_CHECKED_VNICS && part->limit)
		ret = vs_checked_take_vnics(part, e);
	return ret;
}

void vs_checked_part_free(struct vs_checked_part *part)
{
	json_decref(part->vms);
	json_decref(part->vnics);
	part->vms = NULL;
	part->vnics = NULL;
}
