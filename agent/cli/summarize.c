// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Filter Driver's state in the layout of ESXi's summarize-dvfilter, for
 * operators and scripts that know it: its words are never translated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/status.h"
#include "core/name.h"

/* the name that every line of the agent has */
#define VS_AGENT "vmsafe-net"

/* one filter stands on a port: it has this place in the chain */
#define VS_SLOT 0

/** struct vs_filter - an entry and the VM it belongs to, if any */
struct vs_filter {
	const struct vs_driver_vnic *vnic;
	const struct vs_driver_vm *vm;
};

static int vs_summary_vm_order(const void *a, const void *b)
{
	const struct vs_driver_vm *x = *(const struct vs_driver_vm *const *)a;
	const struct vs_driver_vm *y = *(const struct vs_driver_vm *const *)b;

	return vs_uuid_cmp(&x->uuid, &y->uuid);
}

/* by world, what has none last; then as in the VM; then by port */
static int vs_filter_order(const void *a, const void *b)
{
	const struct vs_filter *x = a, *y = b;

	if (!x->vm != !y->vm)
		return x->vm ? -1 : 1;
	if (x->vm != y->vm) {
		if (x->vm->id != y->vm->id)
			return x->vm->id < y->vm->id ? -1 : 1;
		return vs_uuid_cmp(&x->vm->uuid, &y->vm->uuid);
	}
	if (x->vm && x->vnic->device_id != y->vnic->device_id)
		return (int)x->vnic->device_id - (int)y->vnic->device_id;
	return x->vnic->ifindex < y->vnic->ifindex ? -1 : 1;
}

/* every entry with its VM, in the order of the print; NULL: out of memory */
static struct vs_filter *vs_summary_filters(const struct vs_driver_table *t)
{
	const struct vs_driver_vm **vms = calloc(t->vms.n + 1, sizeof(*vms));
	struct vs_filter *f = calloc(t->vnics.n + 1, sizeof(*f));

	if (!vms || !f) {
		free(vms);
		free(f);
		return NULL;
	}
	for (size_t i = 0; i < t->vms.n; i++)
		vms[i] = &t->vms.v[i];
	qsort(vms, t->vms.n, sizeof(*vms), vs_summary_vm_order);
	for (size_t i = 0; i < t->vnics.n; i++) {
		const struct vs_driver_vm key = {
			.uuid = t->vnics.v[i].vm_uuid,
		};
		const struct vs_driver_vm *const k = &key, **vm = NULL;

		f[i].vnic = &t->vnics.v[i];
		if (vs_driver_vnic_is_bound(f[i].vnic))
			vm = bsearch(&k, vms, t->vms.n, sizeof(*vms),
				     vs_summary_vm_order);
		f[i].vm = vm ? *vm : NULL;
	}
	qsort(f, t->vnics.n, sizeof(*f), vs_filter_order);
	free(vms);
	return f;
}

/* '42 1e 00 00 00 00 00 00-00 00 00 00 00 00 00 01', as ESXi writes them */
static json_t *vs_summary_uuid(const struct vs_uuid *uuid)
{
	char text[3 * sizeof(uuid->b) + 1];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(uuid->b); i++)
		len += sprintf(text + len, "%s%02x", !i ? "" :
			       i == sizeof(uuid->b) / 2 ? "-" : " ",
			       uuid->b[i]);
	return json_string(text);
}

/* is a process the appliance now, so that there is a slow path? */
static bool vs_summary_has_session(const struct vs_driver_host *h)
{
	return h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_ATTACHED ||
	       h->appliance_state == VMSAFE_NET_APPLIANCE_STATE_LOST;
}

static const char *vs_summary_policy(const struct vs_filter *f)
{
	if (!f->vm)
		return "none";
	return f->vnic->failure_policy ==
	       VMSAFE_NET_FAILURE_POLICY_FAIL_CLOSED ? "failClosed" :
						       "failOpen";
}

static json_t *vs_summary_slot(const struct vs_snapshot *s,
			       const struct vs_filter *f)
{
	const struct vs_driver_host *h = &s->reading.table.host;
	struct vs_buf by = { 0 };
	json_t *row = json_object();
	char name[80];

	snprintf(name, sizeof(name), "nic-%llu-eth%u-%s.%u",
		 f->vm ? (unsigned long long)f->vm->id : 0,
		 f->vm ? f->vnic->device_id : UINT32_MAX, VS_AGENT, VS_SLOT);
	json_object_set_new(row, "slot", json_integer(VS_SLOT));
	vs_row_text(row, "name", name);
	vs_row_text(row, "agent_name", VS_AGENT);
	vs_row_text(row, "state", "IOChain Attached");
	vs_row_text(row, "vm_state", f->vm ? "Attached" : "Detached");
	vs_row_text(row, "failure_policy", vs_summary_policy(f));
	if (f->vm && vs_summary_has_session(h))
		json_object_set_new(row, "slow_path_id",
				    json_integer(h->epoch));
	vs_row_text(row, "filter_source",
		    f->vnic->port_kind == VMSAFE_NET_PORT_KIND_OTHER ?
		    "Added On Request" : "Dynamic Filter Creation");
	vs_row_text(row, "mode", vs_driver_word(VS_WORDS_MODE, f->vnic->mode));
	vs_foreigns_text(&by, &s->foreign, f->vnic->ifindex);
	vs_row_text(row, "bypassed_by", vs_buf_str(&by));
	vs_buf_free(&by);
	return row;
}

static json_t *vs_summary_port(const struct vs_snapshot *s,
			       const struct vs_filter *f)
{
	json_t *row = json_object(), *slots = json_array();

	json_object_set_new(row, "ifindex", json_integer(f->vnic->ifindex));
	vs_row_text(row, "port", f->vnic->ifname);
	json_array_append_new(slots, vs_summary_slot(s, f));
	json_object_set_new(row, "slots", slots);
	return row;
}

static json_t *vs_summary_world(const struct vs_driver_vm *vm)
{
	json_t *row = json_object();

	json_object_set_new(row, "world", json_integer(vm ? vm->id : 0));
	if (vm) {
		vs_row_text(row, "vm_name", vm->name);
		json_object_set_new(row, "vc_uuid",
				    vs_summary_uuid(&vm->uuid));
	}
	json_object_set_new(row, "ports", json_array());
	return row;
}

static json_t *vs_summary_worlds(const struct vs_snapshot *s)
{
	const struct vs_driver_table *t = &s->reading.table;
	struct vs_filter *f = vs_summary_filters(t);
	json_t *list = json_array(), *world = NULL;

	if (!f) {
		json_decref(list);
		return NULL;
	}
	for (size_t i = 0; i < t->vnics.n; i++) {
		if (!i || f[i].vm != f[i - 1].vm) {
			world = vs_summary_world(f[i].vm);
			json_array_append_new(list, world);
		}
		json_array_append_new(json_object_get(world, "ports"),
				      vs_summary_port(s, &f[i]));
	}
	free(f);
	return list;
}

static json_t *vs_summary_fastpaths(const struct vs_driver_reading *r)
{
	return json_pack("[{ss,sI,sI,sI,ss}]", "agent", VS_AGENT,
			 "ref_count", (json_int_t)r->table.vnics.n,
			 "rev", (json_int_t)r->info.abi_driver,
			 "api_rev", (json_int_t)r->info.abi_agent,
			 "module", "vmsafe_net");
}

static json_t *vs_summary_slowpaths(const struct vs_driver_reading *r)
{
	const struct vs_driver_host *h = &r->table.host;
	size_t bound = 0;

	if (!vs_summary_has_session(h))
		return json_array();
	for (size_t i = 0; i < r->table.vnics.n; i++)
		bound += vs_driver_vnic_is_bound(&r->table.vnics.v[i]);
	return json_pack("[{ss,sI,sI,ss,sI}]", "agent", VS_AGENT,
			 "slow_path_id", (json_int_t)h->epoch,
			 "ref_count", (json_int_t)bound,
			 "state", vs_driver_word(VS_WORDS_APPLIANCE_STATE,
						 h->appliance_state),
			 "pid", (json_int_t)h->appliance_pid);
}

static unsigned long long vs_summary_number(const json_t *row,
					    const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static const char *vs_summary_text(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

static void vs_summary_print_slot(const json_t *slot)
{
	static const struct vs_label before[] = {
		{ "name", "   name" },
		{ "agent_name", "   agentName" },
		{ "state", "   state" },
		{ "vm_state", "   vmState" },
		{ "failure_policy", "   failurePolicy" },
		{ 0 }
	}, after[] = {
		{ "filter_source", "   filter source" },
		{ "mode", "   mode" },
		{ "bypassed_by", "   bypassed by" },
		{ 0 }
	};

	printf("  vNic slot %llu\n", vs_summary_number(slot, "slot"));
	vs_out_labels(before, slot);
	if (json_object_get(slot, "slow_path_id"))
		printf("   slowPathID: %llu\n",
		       vs_summary_number(slot, "slow_path_id"));
	else
		puts("   slowPathID: none");
	vs_out_labels(after, slot);
}

static void vs_summary_print_world(const json_t *world)
{
	const json_t *port, *slot;
	char safe[VS_NAME_ESCAPED];
	size_t i, j;

	printf("world %llu ", vs_summary_number(world, "world"));
	if (json_object_get(world, "vc_uuid")) {
		vs_name_escape(safe, sizeof(safe),
			       vs_summary_text(world, "vm_name"));
		printf("vmm0:%s vcUuid:'%s'\n", safe,
		       vs_summary_text(world, "vc_uuid"));
	} else {
		puts("<no world>");
	}
	json_array_foreach(json_object_get(world, "ports"), i, port) {
		vs_name_escape(safe, sizeof(safe),
			       vs_summary_text(port, "port"));
		printf(" port %llu %s\n", vs_summary_number(port, "ifindex"),
		       safe);
		json_array_foreach(json_object_get(port, "slots"), j, slot)
			vs_summary_print_slot(slot);
	}
}

static void vs_summary_print(const json_t *doc)
{
	const json_t *row;
	size_t i;

	puts("Fastpaths:");
	json_array_foreach(json_object_get(doc, "fastpaths"), i, row)
		printf("agent: %s, refCount: %llu, rev: 0x%llx, "
		       "apiRev: 0x%llx, module: %s\n",
		       vs_summary_text(row, "agent"),
		       vs_summary_number(row, "ref_count"),
		       vs_summary_number(row, "rev"),
		       vs_summary_number(row, "api_rev"),
		       vs_summary_text(row, "module"));
	puts("\nSlowpaths:");
	json_array_foreach(json_object_get(doc, "slowpaths"), i, row)
		printf("agent: %s, slowPathID: %llu, refCount: %llu, "
		       "state: %s, pid: %llu\n",
		       vs_summary_text(row, "agent"),
		       vs_summary_number(row, "slow_path_id"),
		       vs_summary_number(row, "ref_count"),
		       vs_summary_text(row, "state"),
		       vs_summary_number(row, "pid"));
	puts("\nFilters:");
	json_array_foreach(json_object_get(doc, "filters"), i, row)
		vs_summary_print_world(row);
}

static enum vs_exit vs_summary_of(const struct vs_cli *cli,
				  const struct vs_snapshot *s)
{
	json_t *doc = json_object();

	if (!s->reading.listed) {
		json_decref(doc);
		vs_say_error(&s->reading.info.error);
		return VS_EXIT_UNAVAILABLE;
	}
	if (json_object_set_new(doc, "fastpaths",
				vs_summary_fastpaths(&s->reading)) ||
	    json_object_set_new(doc, "slowpaths",
				vs_summary_slowpaths(&s->reading)) ||
	    json_object_set_new(doc, "filters", vs_summary_worlds(s))) {
		json_decref(doc);
		return vs_out_no_memory();
	}
	if (cli->json)
		return vs_out_json(doc);
	vs_summary_print(doc);
	json_decref(doc);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_summarize_run(struct vs_cli *cli,
				     const struct vs_command *cmd, int argc,
				     char **argv)
{
	struct vs_snapshot s;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	if (vs_status_read(cli, &s, &status))
		status = vs_summary_of(cli, &s);
	vs_snapshot_free(&s);
	return status;
}

const struct vs_command vs_cmd_summarize = {
	.name = "summarize",
	.summary = N_("print what is filtered in the layout of ESXi's "
		      "summarize-dvfilter"),
	.run = vs_summarize_run,
};
