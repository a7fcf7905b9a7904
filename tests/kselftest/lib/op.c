// SPDX-License-Identifier: GPL-2.0-only
#include "op.h"

#include <string.h>

#define HOST(name)	.type = VMSAFE_NET_A_HOST_ ## name
#define VM(name)	.type = VMSAFE_NET_A_VM_ ## name
#define VNIC(name)	.type = VMSAFE_NET_A_VNIC_ ## name

#define ID		{ VNIC(ID), FORM_U64 }
#define IFINDEX		{ VNIC(IFINDEX), FORM_U32 }
#define IFNAME		{ VNIC(IFNAME), FORM_IFNAME }
#define UUID		{ VNIC(VM_UUID), FORM_UUID }
#define NAME		{ VNIC(VM_NAME), FORM_NAME }
#define DEVICE_ID	{ VNIC(DEVICE_ID), FORM_U16, \
			  .beyond = VMSAFE_NET_DEVICE_ID_MAX + 1 }
#define MAC		{ VNIC(MAC), FORM_MAC }
#define POLICY		{ VNIC(FAILURE_POLICY), FORM_U32, .beyond = 2 }
#define GUARD		{ VNIC(GUARD), FORM_U32, .beyond = 3 }
#define BYPASS		{ VNIC(BYPASS), FORM_U8, .beyond = 2 }
#define WITH_STATS	{ VNIC(WITH_STATS), FORM_FLAG }

const struct op ops[OP_COUNT] = {
	[OP_HOST_GET] = {
		"host-get", VMSAFE_NET_CMD_HOST_GET, false,
		VMSAFE_NET_A_HOST_MAX,
	},
	[OP_HOST_SET] = {
		"host-set", VMSAFE_NET_CMD_HOST_SET, false,
		VMSAFE_NET_A_HOST_MAX, {
			{ HOST(VNIC_LIMIT), FORM_U32, .below = true,
			  .beyond = VMSAFE_NET_VNIC_LIMIT_MAX + 1 },
			{ HOST(UNBOUND_DEFAULT), FORM_U32, .beyond = 2 },
			{ HOST(FAILURE_POLICY), FORM_U32, .beyond = 2 },
		},
	},
	[OP_VM_GET] = {
		"vm-get", VMSAFE_NET_CMD_VM_GET, false, VMSAFE_NET_A_VM_MAX, {
			{ VM(UUID), FORM_UUID, .required = true },
		},
	},
	[OP_VM_DUMP] = {
		"vm-get dump", VMSAFE_NET_CMD_VM_GET, true,
		VMSAFE_NET_A_VM_MAX, {
			{ VM(UUID), FORM_UUID },
		},
	},
	[OP_VNIC_GET] = {
		"vnic-get", VMSAFE_NET_CMD_VNIC_GET, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME, UUID, DEVICE_ID, WITH_STATS,
		},
	},
	[OP_VNIC_DUMP] = {
		"vnic-get dump", VMSAFE_NET_CMD_VNIC_GET, true,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME, UUID, DEVICE_ID, WITH_STATS,
		},
	},
	[OP_VNIC_BIND] = {
		"vnic-bind", VMSAFE_NET_CMD_VNIC_BIND, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME,
			{ VNIC(VM_UUID), FORM_UUID, .required = true },
			{ VNIC(VM_NAME), FORM_NAME, .required = true },
			{ VNIC(DEVICE_ID), FORM_U16, .required = true,
			  .beyond = VMSAFE_NET_DEVICE_ID_MAX + 1 },
			{ VNIC(MAC), FORM_MAC, .required = true },
			POLICY, GUARD, BYPASS,
		},
	},
	[OP_VNIC_UNBIND] = {
		"vnic-unbind", VMSAFE_NET_CMD_VNIC_UNBIND, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME, UUID, DEVICE_ID, WITH_STATS,
		},
	},
	[OP_VNIC_SET] = {
		"vnic-set", VMSAFE_NET_CMD_VNIC_SET, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME, NAME, DEVICE_ID, MAC, POLICY,
			GUARD, BYPASS,
		},
	},
	[OP_PORT_ADD] = {
		"port-add", VMSAFE_NET_CMD_PORT_ADD, false,
		VMSAFE_NET_A_VNIC_MAX, {
			IFINDEX, IFNAME,
		},
	},
	[OP_PORT_DEL] = {
		"port-del", VMSAFE_NET_CMD_PORT_DEL, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME,
		},
	},
	[OP_POLICY_SET] = {
		"policy-set", VMSAFE_NET_CMD_POLICY_SET, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME,
			{ VNIC(DIRECTION), FORM_U32, .required = true,
			  .beyond = 2 },
			{ VNIC(PROG_FD), FORM_PROG },
		},
	},
	[OP_VNIC_PROBE] = {
		"vnic-probe", VMSAFE_NET_CMD_VNIC_PROBE, false,
		VMSAFE_NET_A_VNIC_MAX, {
			ID, IFINDEX, IFNAME, UUID, DEVICE_ID, WITH_STATS,
		},
	},
};

static uint32_t op_number(const struct op_attr *attr, const struct subject *s)
{
	/* Of those with a range only the vnic-limit begins at 1. */
	if (attr->below)
		return 1000;
	return attr->beyond ? 1 : s->ifindex;
}

static size_t put(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	return size;
}

size_t op_payload(const struct op *op, const struct op_attr *attr,
		  const struct subject *s, void *payload)
{
	uint32_t number = op_number(attr, s);

	switch (attr->form) {
	case FORM_U8:
		return put(payload, "\1", 1);
	case FORM_U16:
		return put(payload, &s->identity.device_id, 2);
	case FORM_U32:
		return put(payload, &number, 4);
	case FORM_U64:
		return put(payload, &s->id, 8);
	case FORM_PROG:
		return put(payload, &s->prog, 4);
	case FORM_IFNAME:
		return put(payload, s->ifname, strlen(s->ifname) + 1);
	case FORM_NAME:
		return put(payload, s->identity.name,
			   strlen(s->identity.name) + 1);
	case FORM_UUID:
		return put(payload, s->identity.uuid, VMSAFE_NET_UUID_LEN);
	case FORM_MAC:
		return put(payload, s->identity.mac, VMSAFE_NET_MAC_LEN);
	default:
		return 0;
	}
}

void op_begin(struct nl *nl, const struct op *op, const struct subject *s,
	      const struct op_attr *but)
{
	const struct op_attr *attr;
	char payload[128];
	size_t len;

	nl_begin(nl, op->cmd);
	for (attr = op->attrs; attr->type; attr++) {
		if (attr == but)
			continue;
		len = op_payload(op, attr, s, payload);
		nl_put(nl, attr->type, payload, len);
	}
}

int op_run(struct nl *nl, const struct op *op)
{
	return op->dump ? nl_dump(nl, NULL, NULL) : nl_do(nl);
}
