// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include "core/word.h"
#include "driver/attachment.h"

/** struct vs_nested - a nest, as it is read */
struct vs_nested {
	uint64_t has;
	uint32_t direction;
	struct vs_attachment at;
	struct vs_probe probe;
};

#define VS_NESTED(word, k, member) { \
	.name = word, .kind = VS_ATTR_##k, \
	.offset = offsetof(struct vs_nested, member), \
	.size = sizeof(((struct vs_nested *)0)->member) }

static const struct vs_attr_def vs_policy_defs[] = {
	[VMSAFE_NET_A_POLICY_DIRECTION] =
		VS_NESTED("direction", U32, direction),
	[VMSAFE_NET_A_POLICY_PROG_ID] = VS_NESTED("prog-id", U32, at.prog_id),
	[VMSAFE_NET_A_POLICY_TAG] = VS_NESTED("tag", BYTES, at.tag),
	[VMSAFE_NET_A_POLICY_RUNS] = VS_NESTED("runs", U64, at.runs),
	[VMSAFE_NET_A_POLICY_DROPS] = VS_NESTED("drops", U64, at.drops),
	[VMSAFE_NET_A_POLICY_ERRORS] = VS_NESTED("errors", U64, at.errors),
	[VMSAFE_NET_A_POLICY_ATTACHED] =
		VS_NESTED("attached", U64, at.attached),
};

static const struct vs_attr_def vs_probe_defs[] = {
	[VMSAFE_NET_A_PROBE_DIRECTION] =
		VS_NESTED("direction", U32, direction),
	[VMSAFE_NET_A_PROBE_RESULT] = VS_NESTED("result", U32, probe.result),
	[VMSAFE_NET_A_PROBE_MODE] = VS_NESTED("mode", U32, probe.mode),
	[VMSAFE_NET_A_PROBE_REASON] = VS_NESTED("reason", U32, probe.reason),
	[VMSAFE_NET_A_PROBE_PROG_ID] =
		VS_NESTED("prog-id", U32, probe.prog_id),
};

#define VS_NESTED_SET(d) { \
	.defs = d, .n = sizeof(d) / sizeof(*(d)), \
	.has = offsetof(struct vs_nested, has) }

static const struct vs_attr_set vs_policy_set = VS_NESTED_SET(vs_policy_defs);
static const struct vs_attr_set vs_probe_set = VS_NESTED_SET(vs_probe_defs);

/* what a request about a policy may have, beside what names the entry */
static const struct vs_attr_def vs_policy_request_defs[] = {
	[VMSAFE_NET_A_VNIC_ID] = { .name = "id" },
	[VMSAFE_NET_A_VNIC_DIRECTION] = { .name = "direction" },
	[VMSAFE_NET_A_VNIC_PROG_FD] = { .name = "prog-fd" },
};

static const struct vs_attr_set vs_policy_request_set = {
	.defs = vs_policy_request_defs,
	.n = sizeof(vs_policy_request_defs) / sizeof(*vs_policy_request_defs),
	.has = VS_ATTR_NO_HAS,
};

const char *vs_direction_word(uint32_t direction)
{
	static const char *const words[] = {
		[VMSAFE_NET_DIRECTION_FROM_GUEST] = "from-guest",
		[VMSAFE_NET_DIRECTION_TO_GUEST] = "to-guest",
	};

	return VS_WORD(words, direction);
}

/* @need: bits of the attributes that must be there */
static int vs_nested_read(const struct vs_attr_set *set, uint64_t need,
			  const struct nlattr *nest, struct vs_nested *to)
{
	memset(to, 0, sizeof(*to));
	if (vs_attr_read_nested(set, nest, to) || (to->has & need) != need ||
	    to->direction >= VS_DIRECTIONS)
		return -EBADMSG;
	return 0;
}

int vs_policed_read(struct vs_policed *p, const struct nlmsghdr *nlh)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_POLICY_DIRECTION) |
			      VS_ATTR_BIT(VMSAFE_NET_A_POLICY_PROG_ID) |
			      VS_ATTR_BIT(VMSAFE_NET_A_POLICY_TAG);
	const struct nlattr *attr;
	struct vs_nested nested;

	memset(p, 0, sizeof(*p));
	if (vs_driver_vnic_read(&p->vnic, nlh))
		return -EBADMSG;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != VMSAFE_NET_A_VNIC_POLICIES)
			continue;
		if (vs_nested_read(&vs_policy_set, need, attr, &nested))
			return -EBADMSG;
		p->at[nested.direction] = nested.at;
	}
	return 0;
}

static void vs_policed_begin(void *ctx)
{
	((struct vs_policed_list *)ctx)->n = 0;
}

static int vs_policed_take(void *ctx, const struct nlmsghdr *nlh)
{
	struct vs_policed_list *list = ctx;
	struct vs_policed *v;

	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 16;

		v = reallocarray(list->v, cap, sizeof(*v));
		if (!v)
			return -ENOMEM;
		list->v = v;
		list->cap = cap;
	}
	return vs_policed_read(&list->v[list->n++], nlh);
}

int vs_client_policed(struct vs_client *c, struct vs_policed_list *list,
		      struct vs_error *error)
{
	struct vs_request r;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_VNIC_GET, NLM_F_DUMP,
			&vs_driver_vnic_attrs);
	return vs_netlink_dump(&c->nl, &r, vs_policed_begin, vs_policed_take,
			       list, error);
}

void vs_policed_free(struct vs_policed_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

static int vs_policed_answer(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_policed_read(ctx, nlh);
}

int vs_client_set_policy(struct vs_client *c, uint64_t id, uint32_t direction,
			 int prog_fd, struct vs_policed *after,
			 struct vs_error *error)
{
	uint32_t fd = prog_fd;
	struct vs_request r;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_POLICY_SET, NLM_F_ACK,
			&vs_policy_request_set);
	vs_request_put(&r, VMSAFE_NET_A_VNIC_ID, sizeof(id), &id);
	vs_request_put(&r, VMSAFE_NET_A_VNIC_DIRECTION, sizeof(direction),
		       &direction);
	if (prog_fd >= 0)
		vs_request_put(&r, VMSAFE_NET_A_VNIC_PROG_FD, sizeof(fd), &fd);
	return vs_netlink_do(&c->nl, &r, after ? vs_policed_answer : NULL,
			     after, error);
}

static int vs_probe_read(struct vs_probes *p, const struct nlattr *nest)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_PROBE_DIRECTION) |
			      VS_ATTR_BIT(VMSAFE_NET_A_PROBE_RESULT) |
			      VS_ATTR_BIT(VMSAFE_NET_A_PROBE_MODE);
	struct vs_nested nested;

	if (vs_nested_read(&vs_probe_set, need, nest, &nested))
		return -EBADMSG;
	nested.probe.there = true;
	nested.probe.dropped = nested.has &
			       VS_ATTR_BIT(VMSAFE_NET_A_PROBE_REASON);
	p->to[nested.direction] = nested.probe;
	return 0;
}

int vs_probes_read(struct vs_probes *p, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	memset(p, 0, sizeof(*p));
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		uint16_t type = mnl_attr_get_type(attr);
		bool u64 = mnl_attr_get_payload_len(attr) == sizeof(uint64_t);

		if (type == VMSAFE_NET_A_VNIC_ID && u64)
			p->id = mnl_attr_get_u64(attr);
		else if (type == VMSAFE_NET_A_VNIC_GENERATION && u64)
			p->generation = mnl_attr_get_u64(attr);
		else if (type == VMSAFE_NET_A_VNIC_PROBES &&
			 vs_probe_read(p, attr))
			return -EBADMSG;
	}
	return p->id && p->generation ? 0 : -EBADMSG;
}

static int vs_probes_answer(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_probes_read(ctx, nlh);
}

int vs_client_probe(struct vs_client *c, uint64_t id, struct vs_probes *probes,
		    struct vs_error *error)
{
	struct vs_request r;

	memset(probes, 0, sizeof(*probes));
	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_VNIC_PROBE, NLM_F_ACK,
			&vs_driver_vnic_attrs);
	vs_request_put(&r, VMSAFE_NET_A_VNIC_ID, sizeof(id), &id);
	return vs_netlink_do(&c->nl, &r, vs_probes_answer, probes, error);
}
