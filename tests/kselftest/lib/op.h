/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The family's operations as tables: which attributes a request may have, and
 * of what form. Tests derive from it whatever is not allowed.
 */
#ifndef VSN_TEST_OP_H
#define VSN_TEST_OP_H

#include <linux/vmsafe_net.h>

#include "nl.h"
#include "vnic.h"

enum form {
	FORM_U8,
	FORM_U16,
	FORM_U32,
	FORM_U64,
	FORM_IFNAME,
	FORM_NAME,
	FORM_UUID,
	FORM_MAC,
	FORM_FLAG,
	FORM_PROG,
};

#define OP_ATTRS_MAX	12

/**
 * struct op_attr - an attribute of an operation
 * @type: its type; 0 ends the table
 * @form: of its payload
 * @required: a request without it is refused
 * @beyond: for numbers with a range, the first value above it, else 0
 * @below: 0 is out of range as well
 */
struct op_attr {
	uint16_t type;
	enum form form;
	bool required;
	uint64_t beyond;
	bool below;
};

struct op {
	const char *name;
	uint8_t cmd;
	bool dump;
	uint16_t max_type;
	struct op_attr attrs[OP_ATTRS_MAX];
};

enum op_number {
	OP_HOST_GET,
	OP_HOST_SET,
	OP_VM_GET,
	OP_VM_DUMP,
	OP_VNIC_GET,
	OP_VNIC_DUMP,
	OP_VNIC_BIND,
	OP_VNIC_UNBIND,
	OP_VNIC_SET,
	OP_PORT_ADD,
	OP_PORT_DEL,
	OP_VNIC_PROBE,
	OP_POLICY_SET,
	OP_COUNT
};

extern const struct op ops[OP_COUNT];

/*
 * What the attributes of a good request say: an entry, how it is bound, and
 * what judges its packets.
 */
struct subject {
	uint64_t id;
	uint32_t ifindex;
	const char *ifname;
	struct identity identity;
	int prog;
};

/* The payload of an attribute that is as it has to be; returns its length. */
size_t op_payload(const struct op *op, const struct op_attr *attr,
		  const struct subject *s, void *payload);

/* Start a request with all attributes but @but, which may be NULL. */
void op_begin(struct nl *nl, const struct op *op, const struct subject *s,
	      const struct op_attr *but);

/* Send it as what it is, a dump or not. */
int op_run(struct nl *nl, const struct op *op);

#endif /* VSN_TEST_OP_H */
