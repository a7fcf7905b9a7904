// SPDX-License-Identifier: GPL-2.0-only
/* Contents into and out of the maps of a loaded policy. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "po/i18n.h"
#include "policy/contents.h"

static int vs_map_no(struct vs_buf *why, int ret)
{
	return vs_why_not(why, ret, _("the policy's map: %s"), strerror(-ret));
}

/* descriptor of the map that is in the map of maps */
static int vs_map_inner(int map_fd, struct vs_buf *why)
{
	uint32_t zero = 0, id;
	int fd;

	if (bpf_map_lookup_elem(map_fd, &zero, &id))
		return vs_map_no(why, -errno);
	fd = bpf_map_get_fd_by_id(id);
	return fd < 0 ? vs_map_no(why, fd) : fd;
}

bool vs_map_is(int fd, uint32_t type, uint32_t key, uint32_t value)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &len) &&
	       info.type == type && info.key_size == key &&
	       info.value_size == value;
}

bool vs_contents_fit(enum vs_policy_kind kind, int map_fd)
{
	static const struct {
		uint32_t type, key, value;
	} maps[VS_POLICY_KINDS] = {
		[VS_POLICY_ANTI_SPOOF] = {
			BPF_MAP_TYPE_HASH, sizeof(struct vs_policy_host),
			sizeof(uint32_t) },
		[VS_POLICY_ALLOW_LIST] = {
			BPF_MAP_TYPE_ARRAY, sizeof(uint32_t),
			sizeof(struct vs_policy_rule) },
		[VS_POLICY_PREVENTION] = {
			BPF_MAP_TYPE_HASH, sizeof(uint32_t),
			sizeof(struct vs_policy_bucket) },
	};
	struct vs_buf why = { 0 };
	bool fits;
	int fd;

	/* a value of another size would not fit where it is read to */
	if (!vs_map_is(map_fd, BPF_MAP_TYPE_ARRAY_OF_MAPS, sizeof(uint32_t),
		       sizeof(uint32_t)))
		return false;
	fd = vs_map_inner(map_fd, &why);
	vs_buf_free(&why);
	fits = fd >= 0 && vs_map_is(fd, maps[kind].type, maps[kind].key,
				    maps[kind].value);
	if (fd >= 0)
		close(fd);
	return fits;
}

/*
 * Another one of the same kind, empty. The kernel takes no other, and for 6.1
 * one without type information is another.
 */
static int vs_map_like(int fd, struct vs_buf *why)
{
	struct bpf_map_info info = { 0 };
	struct bpf_map_create_opts opts = { .sz = sizeof(opts) };
	uint32_t len = sizeof(info);
	int btf = -1, ret;

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return vs_map_no(why, -errno);
	opts.map_flags = info.map_flags;
	if (info.btf_id)
		btf = bpf_btf_get_fd_by_id(info.btf_id);
	if (btf >= 0) {
		opts.btf_fd = btf;
		opts.btf_key_type_id = info.btf_key_type_id;
		opts.btf_value_type_id = info.btf_value_type_id;
	}
	ret = bpf_map_create(info.type, info.name, info.key_size,
			     info.value_size, info.max_entries, &opts);
	if (btf >= 0)
		close(btf);
	return ret < 0 ? vs_map_no(why, ret) : ret;
}

static int vs_map_put(int fd, const void *key, const void *value,
		      struct vs_buf *why)
{
	return bpf_map_update_elem(fd, key, value, BPF_ANY) ?
	       vs_map_no(why, -errno) : 0;
}

static int vs_map_fill_buckets(const struct vs_contents *c, int fd,
			       struct vs_buf *why)
{
	struct vs_policy_bucket *buckets;
	uint32_t *keys;
	int i, ret = -ENOMEM;

	keys = calloc(VS_POLICY_BUCKETS_MAX, sizeof(*keys));
	buckets = calloc(VS_POLICY_BUCKETS_MAX, sizeof(*buckets));
	if (keys && buckets)
		ret = vs_contents_buckets(c, keys, buckets, why);
	else
		vs_map_no(why, ret);
	for (i = ret - 1; i >= 0 && ret >= 0; i--)
		ret = vs_map_put(fd, &keys[i], &buckets[i], why);
	free(buckets);
	free(keys);
	return ret < 0 ? ret : 0;
}

static int vs_map_fill(const struct vs_contents *c, int fd, struct vs_buf *why)
{
	int ret = 0;

	if (c->kind == VS_POLICY_PREVENTION)
		return vs_map_fill_buckets(c, fd, why);
	for (uint32_t i = 0; i < c->n && !ret; i++) {
		if (c->kind == VS_POLICY_ALLOW_LIST)
			ret = vs_map_put(fd, &i, &c->rules[i], why);
		else
			ret = vs_map_put(fd, &c->hosts[i].key,
					 &c->hosts[i].flags, why);
	}
	return ret;
}

int vs_contents_write(const struct vs_contents *c, int map_fd,
		      struct vs_buf *why)
{
	int old, new, ret;
	uint32_t zero = 0;

	old = vs_map_inner(map_fd, why);
	if (old < 0)
		return old;
	new = vs_map_like(old, why);
	close(old);
	if (new < 0)
		return new;
	ret = vs_map_fill(c, new, why);
	if (!ret)
		ret = vs_map_put(map_fd, &zero, &new, why);
	close(new);
	return ret;
}

/* room for all that the map can hold */
static int vs_contents_room(struct vs_contents *c, struct vs_buf *why)
{
	static const size_t sizes[VS_POLICY_KINDS] = {
		[VS_POLICY_ANTI_SPOOF] =
			VS_POLICY_HOSTS_MAX * sizeof(struct vs_host_entry),
		[VS_POLICY_ALLOW_LIST] =
			VS_POLICY_RULES_MAX * sizeof(struct vs_policy_rule),
		[VS_POLICY_PREVENTION] =
			VS_POLICY_BUCKETS_MAX *
			sizeof(struct vs_policy_bucket),
	};

	vs_contents_free(c);
	c->v = malloc(sizes[c->kind]);
	return c->v ? 0 : vs_map_no(why, -ENOMEM);
}

static int vs_map_read_rules(struct vs_contents *c, int fd)
{
	for (uint32_t i = 0; i < VS_POLICY_RULES_MAX; i++) {
		if (bpf_map_lookup_elem(fd, &i, &c->rules[i]))
			return -errno;
		if (!c->rules[i].directions)
			break;
		c->n++;
	}
	return 0;
}

static int vs_map_read_hosts(struct vs_contents *c, int fd)
{
	struct vs_policy_host key;
	const void *last = NULL;

	while (c->n < VS_POLICY_HOSTS_MAX &&
	       !bpf_map_get_next_key(fd, last, &key)) {
		struct vs_host_entry *e = &c->hosts[c->n++];

		e->key = key;
		if (bpf_map_lookup_elem(fd, &key, &e->flags))
			return -errno;
		last = &c->hosts[c->n - 1].key;
	}
	return 0;
}

static int vs_map_read_signatures(struct vs_contents *c, int fd)
{
	struct vs_policy_bucket bucket;
	const void *last = NULL;
	uint32_t key, at;

	for (int b = 0; b < VS_POLICY_BUCKETS_MAX &&
	     !bpf_map_get_next_key(fd, last, &key); b++) {
		if (bpf_map_lookup_elem(fd, &key, &bucket))
			return -errno;
		for (int i = 0; i < VS_POLICY_BUCKET; i++) {
			if (bucket.signatures[i].number)
				c->signatures[c->n++] = bucket.signatures[i];
		}
		at = key;
		last = &at;
	}
	return 0;
}

static int vs_signature_order(const void *a, const void *b)
{
	const struct vs_policy_signature *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static int vs_host_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct vs_policy_host));
}

int vs_contents_read(struct vs_contents *c, int map_fd, struct vs_buf *why)
{
	int fd, ret;

	fd = vs_map_inner(map_fd, why);
	if (fd < 0)
		return fd;
	ret = vs_contents_room(c, why);
	if (ret)
		goto out;
	if (c->kind == VS_POLICY_ALLOW_LIST)
		ret = vs_map_read_rules(c, fd);
	else if (c->kind == VS_POLICY_ANTI_SPOOF)
		ret = vs_map_read_hosts(c, fd);
	else
		ret = vs_map_read_signatures(c, fd);
	if (ret)
		vs_map_no(why, ret);
	/* maps have no order */
	else if (c->kind == VS_POLICY_ANTI_SPOOF)
		qsort(c->v, c->n, sizeof(*c->hosts), vs_host_order);
	else if (c->kind == VS_POLICY_PREVENTION)
		qsort(c->v, c->n, sizeof(*c->signatures), vs_signature_order);
out:
	close(fd);
	return ret;
}
