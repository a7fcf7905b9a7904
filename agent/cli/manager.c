// SPDX-License-Identifier: GPL-2.0-only
/* The inventory's list as rows. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/inventory.h"
#include "cli/source.h"
#include "inventory/inventory.h"

/** enum vs_manager_bit - what there may be of a row */
enum vs_manager_bit {
	VS_MANAGER_HOST = 1,
	VS_MANAGER_POWER = 2,
	VS_MANAGER_FAILURE = 4,
};

/** struct vs_manager_row - a VM, or a vNIC of it */
struct vs_manager_row {
	uint64_t has;
	char name[VS_NAME_MAX + 1];
	struct vs_uuid uuid;
	char host[VS_NAME_MAX + 1];
	char power[16];
	bool protected;
	bool template;
	uint32_t vnics;
	uint16_t device_id;
	struct vs_mac mac;
	char failure[16];
};

#define VS_PART(k, kd, member, b) \
	{ .key = k, .kind = VS_FIELD_##kd, \
	  .offset = offsetof(struct vs_manager_row, member), \
	  .size = sizeof(((struct vs_manager_row *)0)->member), .bit = b }

static const struct vs_field vs_manager_vm_fields[] = {
	VS_PART("vm_name", STRING, name, 0),
	VS_PART("vm_uuid", UUID, uuid, 0),
	VS_PART("host", STRING, host, VS_MANAGER_HOST),
	VS_PART("power", STRING, power, VS_MANAGER_POWER),
	VS_PART("protected", BOOL, protected, 0),
	VS_PART("template", BOOL, template, 0),
	VS_PART("vnics", U32, vnics, 0),
};

static const struct vs_field vs_manager_vnic_fields[] = {
	VS_PART("vm_name", STRING, name, 0),
	VS_PART("vm_uuid", UUID, uuid, 0),
	VS_PART("device_id", U16, device_id, 0),
	VS_PART("mac", MAC, mac, 0),
	VS_PART("failure_policy", STRING, failure, VS_MANAGER_FAILURE),
};

#define VS_FORM(table) { \
	.fields = table, .n = sizeof(table) / sizeof(*(table)), \
	.has = offsetof(struct vs_manager_row, has) }

const struct vs_record vs_manager_vm_record = VS_FORM(vs_manager_vm_fields);
const struct vs_record vs_manager_vnic_record =
	VS_FORM(vs_manager_vnic_fields);

/**
 * struct vs_manager - a list that is being made
 * @vnics: it is the vNICs', not the VMs'
 * @vm: the VM that came last
 * @v: the rows
 * @n: how many
 * @cap: room for how many
 */
struct vs_manager {
	bool vnics;
	struct vs_manager_row vm;
	struct vs_manager_row *v;
	size_t n, cap;
};

static struct vs_manager_row *vs_manager_add(struct vs_manager *m)
{
	if (m->n == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 64;
		void *v = reallocarray(m->v, cap, sizeof(*m->v));

		if (!v)
			return NULL;
		m->v = v;
		m->cap = cap;
	}
	m->v[m->n] = m->vm;
	return &m->v[m->n++];
}

static int vs_manager_vm(void *ctx, const struct vs_vm_fact *fact)
{
	struct vs_manager *m = ctx;
	struct vs_manager_row *row = &m->vm;
	const char *power = vs_power_word(fact->power);

	*row = (struct vs_manager_row){
		.has = (fact->host && *fact->host ? VS_MANAGER_HOST : 0) |
		       (*power ? VS_MANAGER_POWER : 0),
		.uuid = fact->uuid,
		.protected = !fact->unprotected,
		.template = fact->is_template,
	};
	snprintf(row->name, sizeof(row->name), "%s", fact->name);
	snprintf(row->host, sizeof(row->host), "%s",
		 fact->host ? fact->host : "");
	snprintf(row->power, sizeof(row->power), "%s", power);
	return m->vnics || vs_manager_add(m) ? 0 : -ENOMEM;
}

static int vs_manager_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	struct vs_manager *m = ctx;
	struct vs_manager_row *row;

	/* a VM comes before its vNICs */
	if (!m->vnics) {
		m->v[m->n - 1].vnics++;
		return 0;
	}
	row = vs_manager_add(m);
	if (!row)
		return -ENOMEM;
	row->device_id = fact->device_id;
	row->mac = fact->mac;
	if (fact->failure != VS_FAILURE_UNSAID)
		row->has |= VS_MANAGER_FAILURE;
	snprintf(row->failure, sizeof(row->failure), "%s",
		 vs_driver_word(VS_WORDS_FAILURE_POLICY,
				fact->failure == VS_FAILURE_CLOSED ?
				VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED :
				VMSAFE_NET_FAILURE_POLICY_FAIL_OPEN));
	return 0;
}

/* an inventory may answer in another order each time */
static int vs_manager_cmp(const void *a, const void *b)
{
	const struct vs_manager_row *x = a, *y = b;
	int cmp = strcmp(x->name, y->name);

	if (!cmp)
		cmp = vs_uuid_cmp(&x->uuid, &y->uuid);
	if (!cmp)
		cmp = x->device_id - y->device_id;
	return cmp ? cmp : memcmp(&x->mac, &y->mac, sizeof(x->mac));
}

static enum vs_exit vs_manager_load(struct vs_cli *cli,
				    const struct vs_feed *feed)
{
	enum vs_exit status = VS_EXIT_FINE;
	struct vs_inventory *inv = NULL;
	struct vs_error error;

	if (vs_inventory_open(vs_cli_inventory(cli), &inv, &error)) {
		vs_say("--inventory: %s", error.detail);
		status = VS_EXIT_USAGE;
	} else if (vs_inventory_load(inv, feed, &error)) {
		vs_say_error(&error);
		status = VS_EXIT_UNAVAILABLE;
	}
	vs_inventory_close(inv);
	return status;
}

enum vs_exit vs_source_manager(struct vs_cli *cli, bool vnics,
			       struct vs_list *list)
{
	struct vs_manager m = { .vnics = vnics };
	const struct vs_feed feed = { vs_manager_vm, vs_manager_vnic, &m };
	enum vs_exit status = vs_manager_load(cli, &feed);

	if (status) {
		vs_list_drop(list);
	} else {
		if (m.n)
			qsort(m.v, m.n, sizeof(*m.v), vs_manager_cmp);
		for (size_t i = 0; i < m.n; i++)
			vs_list_add(list, &m.v[i]);
		status = vs_list_close(list);
	}
	free(m.v);
	return status;
}
