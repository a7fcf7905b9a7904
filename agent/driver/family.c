// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/vmsafe_net.h>
#include <string.h>

#include "driver/family.h"

/** struct vs_controller - what the kernel tells of a family */
struct vs_controller {
	uint64_t has;
	uint16_t id;
	char name[GENL_NAMSIZ];
};

static const struct vs_attr_def vs_controller_defs[] = {
	[CTRL_ATTR_FAMILY_ID] = {
		.name = "family-id", .kind = VS_ATTR_U16,
		.offset = offsetof(struct vs_controller, id),
		.size = sizeof(uint16_t) },
	[CTRL_ATTR_FAMILY_NAME] = {
		.name = "family-name", .kind = VS_ATTR_STRING,
		.offset = offsetof(struct vs_controller, name),
		.size = GENL_NAMSIZ },
};

static const struct vs_attr_set vs_controller_attrs = {
	.defs = vs_controller_defs,
	.n = sizeof(vs_controller_defs) / sizeof(*vs_controller_defs),
	.has = offsetof(struct vs_controller, has),
};

static bool vs_attr_is_string(const struct nlattr *attr, const char *s)
{
	size_t len = mnl_attr_get_payload_len(attr);

	return len == strlen(s) + 1 &&
	       memcmp(mnl_attr_get_payload(attr), s, len) == 0;
}

/* one multicast group: its number, if it is the one named "events" */
static void vs_family_read_group(const struct nlattr *group,
				 struct vs_family *family)
{
	const struct nlattr *attr;
	bool events = false;
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			events = vs_attr_is_string(attr,
						   VMSAFE_NET_MCGRP_EVENTS);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
			 mnl_attr_get_payload_len(attr) == sizeof(id))
			id = mnl_attr_get_u32(attr);
	}
	if (events)
		family->events = id;
}

bool vs_family_read(const struct nlmsghdr *nlh, struct vs_family *family)
{
	struct vs_controller c = { 0 };
	const struct nlattr *attr, *group;

	if (vs_attr_read(&vs_controller_attrs, nlh, &c) ||
	    strcmp(c.name, VMSAFE_NET_FAMILY_NAME) != 0)
		return false;
	family->id = c.id;
	family->events = 0;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			vs_family_read_group(group, family);
	}
	return true;
}

static void vs_family_begin(void *ctx)
{
	memset(ctx, 0, sizeof(struct vs_family));
}

static int vs_family_take(void *ctx, const struct nlmsghdr *nlh)
{
	vs_family_read(nlh, ctx);
	return 0;
}

int vs_family_find(struct vs_netlink *nl, struct vs_family *family,
		   struct vs_error *error)
{
	struct vs_request r;
	int ret;

	vs_request_init(&r, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_DUMP,
			NULL);
	ret = vs_netlink_dump(nl, &r, vs_family_begin, vs_family_take, family,
			      error);
	if (ret || family->id)
		return ret;
	vs_error_set(error, VS_OP_NETLINK, VS_WHY_NOT_LOADED, 0, NULL);
	return -ENOENT;
}
