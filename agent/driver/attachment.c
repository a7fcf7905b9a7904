// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "driver/attachment.h"

/** struct vs_nested - a probe, as it is read */
struct vs_nested {
	uint64_t has;
	uint32_t direction;
	struct vs_probe probe;
};

#define VS_NESTED(word, k, member) { \
	.name = word, .kind = VS_ATTR_##k, \
	.offset = offsetof(struct vs_nested, member), \
	.size = sizeof(((struct vs_nested *)0)->member) }

static const struct vs_attr_def vs_probe_defs[] = {
	[VMSAFE_NET_A_PROBE_DIRECTION] =
		VS_NESTED("direction", U32, direction),
	[VMSAFE_NET_A_PROBE_RESULT] = VS_NESTED("result", U32, probe.result),
	[VMSAFE_NET_A_PROBE_MODE] = VS_NESTED("mode", U32, probe.mode),
	[VMSAFE_NET_A_PROBE_REASON] = VS_NESTED("reason", U32, probe.reason),
	[VMSAFE_NET_A_PROBE_PROG_ID] =
		VS_NESTED("prog-id", U32, probe.prog_id),
};

static const struct vs_attr_set vs_probe_set = {
	.defs = vs_probe_defs,
	.n = sizeof(vs_probe_defs) / sizeof(*vs_probe_defs),
	.has = offsetof(struct vs_nested, has),
};

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

const struct vs_driver_policy *
vs_driver_vnic_policy(const struct vs_driver_vnic *v, uint32_t direction)
{
	static const struct vs_driver_policy none;

	for (uint32_t i = v->n_policies; i--;) {
		if (v->policies[i].direction == direction)
			return &v->policies[i];
	}
	return &none;
}

int vs_policies_check(const struct vs_driver_vnic *v, struct vs_error *error)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_POLICY_DIRECTION) |
			      VS_ATTR_BIT(VMSAFE_NET_A_POLICY_PROG_ID) |
			      VS_ATTR_BIT(VMSAFE_NET_A_POLICY_TAG);

	for (uint32_t i = 0; i < v->n_policies; i++) {
		if ((v->policies[i].has & need) != need ||
		    v->policies[i].direction >= VS_DIRECTIONS)
			return vs_error_set(error, VS_OP_NETLINK,
					    VS_WHY_BAD_DATA, EBADMSG, NULL);
	}
	return 0;
}

int vs_client_policies(struct vs_client *c, struct vs_vnics *vnics,
		       struct vs_error *error)
{
	int ret = vs_client_vnics(c, NULL, vnics, error);

	for (size_t i = 0; i < vnics->n && !ret; i++)
		ret = vs_policies_check(&vnics->v[i], error);
	return ret;
}

static int vs_policy_answer(void *ctx, const struct nlmsghdr *nlh)
{
	return vs_driver_vnic_read(ctx, nlh);
}

int vs_client_set_policy(struct vs_client *c, uint64_t id, uint32_t direction,
			 int prog_fd, struct vs_driver_vnic *after,
			 struct vs_error *error)
{
	uint32_t fd = prog_fd;
	struct vs_request r;
	int ret;

	vs_request_init(&r, c->family.id, VMSAFE_NET_CMD_POLICY_SET, NLM_F_ACK,
			&vs_policy_request_set);
	vs_request_put(&r, VMSAFE_NET_A_VNIC_ID, sizeof(id), &id);
	vs_request_put(&r, VMSAFE_NET_A_VNIC_DIRECTION, sizeof(direction),
		       &direction);
	if (prog_fd >= 0)
		vs_request_put(&r, VMSAFE_NET_A_VNIC_PROG_FD, sizeof(fd), &fd);
	ret = vs_netlink_do(&c->nl, &r, after ? vs_policy_answer : NULL, after,
			    error);
	return ret || !after ? ret : vs_policies_check(after, error);
}

static int vs_probe_read(struct vs_probes *p, const struct nlattr *nest)
{
	const uint64_t need = VS_ATTR_BIT(VMSAFE_NET_A_PROBE_DIRECTION) |
			      VS_ATTR_BIT(VMSAFE_NET_A_PROBE_RESULT) |
			      VS_ATTR_BIT(VMSAFE_NET_A_PROBE_MODE);
	struct vs_nested nested = { 0 };

	if (vs_attr_read_nested(&vs_probe_set, nest, &nested) ||
	    (nested.has & need) != need || nested.direction >= VS_DIRECTIONS)
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
