// SPDX-License-Identifier: GPL-2.0-only
#include "vnic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Copy an attribute that has to have exactly this size. */
static int attr_exact(const struct nlattr *attr, void *to, size_t size)
{
	if (mnl_attr_get_payload_len(attr) != size)
		return -EPROTO;
	memcpy(to, mnl_attr_get_payload(attr), size);
	return 0;
}

/* Copy a string that has to be terminated and to fit. */
static int attr_str(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *str = mnl_attr_get_payload(attr);

	if (!len || len > size || str[len - 1] || strlen(str) != len - 1)
		return -EPROTO;
	memcpy(to, str, len);
	return 0;
}

static int vnic_parse_stats(const struct nlattr *nest, struct vnic_stats *s)
{
	const struct nlattr *attr;
	int err = 0;

	memset(s, 0xff, sizeof(*s));
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case VMSAFE_NET_A_STATS_FROM_GUEST_PACKETS:
			err |= attr_exact(attr, &s->from_packets, 8);
			break;
		case VMSAFE_NET_A_STATS_FROM_GUEST_BYTES:
			err |= attr_exact(attr, &s->from_bytes, 8);
			break;
		case VMSAFE_NET_A_STATS_FROM_GUEST_DROPS:
			err |= attr_exact(attr, &s->from_drops, 8);
			break;
		case VMSAFE_NET_A_STATS_TO_GUEST_PACKETS:
			err |= attr_exact(attr, &s->to_packets, 8);
			break;
		case VMSAFE_NET_A_STATS_TO_GUEST_BYTES:
			err |= attr_exact(attr, &s->to_bytes, 8);
			break;
		case VMSAFE_NET_A_STATS_TO_GUEST_DROPS:
			err |= attr_exact(attr, &s->to_drops, 8);
			break;
		}
	}
	return err;
}

static int vnic_parse_port(const struct nlattr *attr, struct vnic *v)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_VNIC_ID:
		return attr_exact(attr, &v->id, sizeof(v->id));
	case VMSAFE_NET_A_VNIC_IFINDEX:
		return attr_exact(attr, &v->ifindex, sizeof(v->ifindex));
	case VMSAFE_NET_A_VNIC_IFNAME:
		return attr_str(attr, v->ifname, sizeof(v->ifname));
	case VMSAFE_NET_A_VNIC_PORT_KIND:
		return attr_exact(attr, &v->kind, sizeof(v->kind));
	case VMSAFE_NET_A_VNIC_PORT_MAC:
		return attr_exact(attr, v->port_mac, sizeof(v->port_mac));
	case VMSAFE_NET_A_VNIC_MASTER:
		return attr_exact(attr, &v->master, sizeof(v->master));
	case VMSAFE_NET_A_VNIC_MTU:
		return attr_exact(attr, &v->mtu, sizeof(v->mtu));
	case VMSAFE_NET_A_VNIC_UP:
		return attr_exact(attr, &v->up, sizeof(v->up));
	case VMSAFE_NET_A_VNIC_CREATED:
		return attr_exact(attr, &v->created, sizeof(v->created));
	case VMSAFE_NET_A_VNIC_MODE:
		return attr_exact(attr, &v->mode, sizeof(v->mode));
	default:
		return 1;
	}
}

static int vnic_parse_binding(const struct nlattr *attr, struct vnic *v)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_VNIC_VM_UUID:
		return attr_exact(attr, v->uuid, sizeof(v->uuid));
	case VMSAFE_NET_A_VNIC_VM_NAME:
		return attr_str(attr, v->name, sizeof(v->name));
	case VMSAFE_NET_A_VNIC_DEVICE_ID:
		return attr_exact(attr, &v->device_id, sizeof(v->device_id));
	case VMSAFE_NET_A_VNIC_MAC:
		return attr_exact(attr, v->mac, sizeof(v->mac));
	case VMSAFE_NET_A_VNIC_FAILURE_POLICY:
		return attr_exact(attr, &v->policy, sizeof(v->policy));
	case VMSAFE_NET_A_VNIC_GUARD:
		return attr_exact(attr, &v->guard, sizeof(v->guard));
	case VMSAFE_NET_A_VNIC_BYPASS:
		return attr_exact(attr, &v->bypass, sizeof(v->bypass));
	case VMSAFE_NET_A_VNIC_BOUND:
		return attr_exact(attr, &v->bound, sizeof(v->bound));
	default:
		return 1;
	}
}

static int vnic_parse_rest(const struct nlattr *attr, struct vnic *v)
{
	switch (mnl_attr_get_type(attr)) {
	case VMSAFE_NET_A_VNIC_STATS:
		return vnic_parse_stats(attr, &v->stats);
	case VMSAFE_NET_A_VNIC_GENERATION:
		return attr_exact(attr, &v->generation, sizeof(v->generation));
	case VMSAFE_NET_A_VNIC_EVENT_SEQ:
		return attr_exact(attr, &v->seq, sizeof(v->seq));
	case VMSAFE_NET_A_VNIC_REASON:
		return attr_exact(attr, &v->reason, sizeof(v->reason));
	default:
		/* Of a later version, or looked at by others. */
		return 0;
	}
}

int vnic_parse(const struct nlmsghdr *nlh, struct vnic *v)
{
	const struct nlattr *attr;
	int ret;

	memset(v, 0, sizeof(*v));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		ret = vnic_parse_port(attr, v);
		if (ret == 1)
			ret = vnic_parse_binding(attr, v);
		if (ret == 1)
			ret = vnic_parse_rest(attr, v);
		if (ret)
			return ret;
		v->has |= 1ULL << mnl_attr_get_type(attr);
	}
	return 0;
}

struct identity identity_of(unsigned int vm, uint16_t device)
{
	static _Thread_local char names[8][16];
	static _Thread_local unsigned int turn;
	struct identity id = {
		.uuid = { 0x5e, 0x55, 0x10, 0, 0, 0, 0x40, 0, 0x80 },
		.mac = { 0x00, 0x50, 0x56 },
		.name = names[turn % 8],
		.device_id = device,
	};

	snprintf(names[turn++ % 8], sizeof(names[0]), "vm-%u", vm);
	id.uuid[12] = vm >> 24;
	id.uuid[13] = vm >> 16;
	id.uuid[14] = vm >> 8;
	id.uuid[15] = vm;
	id.mac[3] = vm >> 8;
	id.mac[4] = vm;
	id.mac[5] = device;
	return id;
}

int vnic_answer(struct nl *nl, struct vnic *v)
{
	struct vnic unused;
	int err = nl_do(nl);

	if (err)
		return err;
	if (nl->answers != 1)
		return -EPROTO;
	return vnic_parse(&nl->answer, v ?: &unused);
}

int vnic_get(struct nl *nl, const char *ifname, struct vnic *v)
{
	return vnic_port(nl, VMSAFE_NET_CMD_VNIC_GET, ifname, v);
}

int vnic_get_id(struct nl *nl, uint64_t id, struct vnic *v)
{
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	nl_put_u64(nl, VMSAFE_NET_A_VNIC_ID, id);
	return vnic_answer(nl, v);
}

int vnic_get_stats(struct nl *nl, const char *ifname, struct vnic_stats *s)
{
	struct vnic v;
	int err;

	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
	nl_put(nl, VMSAFE_NET_A_VNIC_WITH_STATS, NULL, 0);
	err = vnic_answer(nl, &v);
	if (err)
		return err;
	*s = v.stats;
	return vnic_has(&v, STATS) ? 0 : -EPROTO;
}

void vnic_bind_begin(struct nl *nl, const struct identity *id)
{
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_BIND);
	nl_put(nl, VMSAFE_NET_A_VNIC_VM_UUID, id->uuid, sizeof(id->uuid));
	nl_put_str(nl, VMSAFE_NET_A_VNIC_VM_NAME, id->name);
	nl_put_u16(nl, VMSAFE_NET_A_VNIC_DEVICE_ID, id->device_id);
	nl_put(nl, VMSAFE_NET_A_VNIC_MAC, id->mac, sizeof(id->mac));
}

int vnic_bind(struct nl *nl, const char *ifname, const struct identity *id,
	      struct vnic *v)
{
	vnic_bind_begin(nl, id);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
	return vnic_answer(nl, v);
}

int vnic_unbind(struct nl *nl, const char *ifname, struct vnic *v)
{
	return vnic_port(nl, VMSAFE_NET_CMD_VNIC_UNBIND, ifname, v);
}

int vnic_port(struct nl *nl, uint8_t cmd, const char *ifname, struct vnic *v)
{
	nl_begin(nl, cmd);
	nl_put_str(nl, VMSAFE_NET_A_VNIC_IFNAME, ifname);
	return vnic_answer(nl, v);
}

struct vnic_room {
	struct vnic *v;
	unsigned int max;
	unsigned int count;
};

static int vnic_collect(const struct nlmsghdr *nlh, void *arg)
{
	struct vnic_room *room = arg;
	struct vnic beyond;

	return vnic_parse(nlh, room->count++ < room->max ?
			       &room->v[room->count - 1] : &beyond);
}

int vnic_dump(struct nl *nl, struct vnic *v, unsigned int max)
{
	struct vnic_room room = { .v = v, .max = max };
	int err = nl_dump(nl, vnic_collect, &room);

	return err ?: (int)room.count;
}

int vnic_list(struct nl *nl, struct vnic *v, unsigned int max)
{
	nl_begin(nl, VMSAFE_NET_CMD_VNIC_GET);
	return vnic_dump(nl, v, max);
}
