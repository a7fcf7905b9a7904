// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"

#include <errno.h>
#include <string.h>

/* Where an attribute goes, and how long it has to be; 0: a string. */
struct place {
	size_t offset;
	size_t size;
};

#define PLACE(type, member) \
	{ offsetof(struct type, member), sizeof(((struct type *)0)->member) }

static const struct place host_places[VMSAFE_NET_A_HOST_MAX + 1] = {
	[VMSAFE_NET_A_HOST_INSTANCE] = PLACE(host, instance),
	[VMSAFE_NET_A_HOST_GENERATION] = PLACE(host, generation),
	[VMSAFE_NET_A_HOST_EVENT_SEQ] = PLACE(host, seq),
	[VMSAFE_NET_A_HOST_REASON] = PLACE(host, reason),
	[VMSAFE_NET_A_HOST_ABI] = PLACE(host, abi),
	[VMSAFE_NET_A_HOST_VNIC_LIMIT] = PLACE(host, limit),
	[VMSAFE_NET_A_HOST_VNIC_COUNT] = PLACE(host, vnics),
	[VMSAFE_NET_A_HOST_BOUND_COUNT] = PLACE(host, bound),
	[VMSAFE_NET_A_HOST_VM_COUNT] = PLACE(host, vms),
	[VMSAFE_NET_A_HOST_REFUSED_CLAIMS] = PLACE(host, refused),
	[VMSAFE_NET_A_HOST_UNBOUND_DEFAULT] = PLACE(host, unbound_default),
	[VMSAFE_NET_A_HOST_FAILURE_POLICY] = PLACE(host, policy),
	[VMSAFE_NET_A_HOST_APPLIANCE_STATE] = PLACE(host, appliance),
	[VMSAFE_NET_A_HOST_APPLIANCE_PID] = PLACE(host, pid),
	[VMSAFE_NET_A_HOST_EPOCH] = PLACE(host, epoch),
	[VMSAFE_NET_A_HOST_HEARTBEAT_INTERVAL] = PLACE(host, interval),
	[VMSAFE_NET_A_HOST_HEARTBEAT_TOLERANCE] = PLACE(host, tolerance),
};

static const struct place vm_places[VMSAFE_NET_A_VM_MAX + 1] = {
	[VMSAFE_NET_A_VM_ID] = PLACE(vm, id),
	[VMSAFE_NET_A_VM_UUID] = PLACE(vm, uuid),
	[VMSAFE_NET_A_VM_NAME] = { offsetof(struct vm, name), 0 },
	[VMSAFE_NET_A_VM_VNIC_COUNT] = PLACE(vm, vnics),
	[VMSAFE_NET_A_VM_GENERATION] = PLACE(vm, generation),
};

static int place_attr(const struct nlattr *attr, const struct place *place,
		      char *to)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *data = mnl_attr_get_payload(attr);

	if (place->size ? len != place->size :
	    !len || len > VMSAFE_NET_NAME_MAX + 1 || data[len - 1])
		return -EPROTO;
	memcpy(to + place->offset, data, len);
	return 0;
}

static int place_all(const struct nlmsghdr *nlh, const struct place *places,
		     unsigned int max, void *to, uint64_t *has)
{
	const struct nlattr *attr;
	unsigned int type;
	int err;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		type = mnl_attr_get_type(attr);
		/* Padding, or of a later version. */
		if (type > max || !places[type].offset)
			continue;
		err = place_attr(attr, &places[type], to);
		if (err)
			return err;
		*has |= 1ULL << type;
	}
	return 0;
}

int host_parse(const struct nlmsghdr *nlh, struct host *h)
{
	memset(h, 0, sizeof(*h));
	return place_all(nlh, host_places, VMSAFE_NET_A_HOST_MAX, h, &h->has);
}

int host_get(struct nl *nl, struct host *h)
{
	int err;

	nl_begin(nl, VMSAFE_NET_CMD_HOST_GET);
	err = nl_do(nl);
	if (err)
		return err;
	return nl->answers == 1 ? host_parse(&nl->answer, h) : -EPROTO;
}

int host_set(struct nl *nl, uint16_t attr, uint32_t value)
{
	nl_begin(nl, VMSAFE_NET_CMD_HOST_SET);
	nl_put_u32(nl, attr, value);
	return nl_do(nl);
}

uint64_t host_generation(struct nl *nl)
{
	struct host h;

	return host_get(nl, &h) ? 0 : h.generation;
}

uint64_t host_refused(struct nl *nl)
{
	struct host h;

	return host_get(nl, &h) ? 0 : h.refused;
}

static int vm_parse(const struct nlmsghdr *nlh, struct vm *vm)
{
	memset(vm, 0, sizeof(*vm));
	return place_all(nlh, vm_places, VMSAFE_NET_A_VM_MAX, vm, &vm->has);
}

int vm_get(struct nl *nl, const uint8_t *uuid, struct vm *vm)
{
	int err;

	nl_begin(nl, VMSAFE_NET_CMD_VM_GET);
	nl_put(nl, VMSAFE_NET_A_VM_UUID, uuid, VMSAFE_NET_UUID_LEN);
	err = nl_do(nl);
	if (err)
		return err;
	return nl->answers == 1 ? vm_parse(&nl->answer, vm) : -EPROTO;
}

struct vm_room {
	struct vm *vms;
	unsigned int max;
	unsigned int count;
};

static int vm_collect(const struct nlmsghdr *nlh, void *arg)
{
	struct vm_room *room = arg;
	struct vm beyond;

	return vm_parse(nlh, room->count++ < room->max ?
			     &room->vms[room->count - 1] : &beyond);
}

int vm_list(struct nl *nl, const uint8_t *uuid, struct vm *vms,
	    unsigned int max)
{
	struct vm_room room = { .vms = vms, .max = max };
	int err;

	nl_begin(nl, VMSAFE_NET_CMD_VM_GET);
	if (uuid)
		nl_put(nl, VMSAFE_NET_A_VM_UUID, uuid, VMSAFE_NET_UUID_LEN);
	err = nl_dump(nl, vm_collect, &room);
	return err ?: (int)room.count;
}
