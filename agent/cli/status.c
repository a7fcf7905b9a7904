// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <unistd.h>

#include "api/doc.h"
#include "cli/agent.h"
#include "cli/bypass.h"
#include "cli/host.h"
#include "cli/opt.h"
#include "cli/row.h"
#include "cli/source.h"
#include "cli/status.h"
#include "cli/when.h"
#include "core/buf.h"
#include "core/name.h"

bool vs_status_read(const struct vs_cli *cli, struct vs_snapshot *s,
		    enum vs_exit *status)
{
	const struct vs_error *error = &s->reading.info.error;

	*s = (struct vs_snapshot){ 0 };
	if (!vs_cli_is_live(cli))
		return vs_source_snapshot(cli, s, status);
	vs_driver_probe(&s->reading);
	if (s->reading.listed)
		vs_bypass_scan(&s->foreign, s->reading.table.vnics.v,
			       s->reading.table.vnics.n);
	if (error->why != VS_WHY_NO_PERMISSION)
		return true;
	*status = vs_say_unread(error);
	return false;
}

void vs_status_line(const struct vs_driver_info *info)
{
	struct vs_buf text = { 0 };

	printf("%s: %s\n", _("Filter Driver"),
	       vs_text_driver_state(vs_i18n_lang(), info->state));
	if (!info->error.op && !info->error.why)
		return;
	vs_text_error(&text, vs_i18n_lang(), &info->error);
	printf("%s: %s\n", _("Error"), vs_buf_str(&text));
	vs_buf_free(&text);
}

enum vs_exit vs_status_exit(const struct vs_driver_info *info)
{
	return info->state == VS_DRIVER_ONLINE ? VS_EXIT_FINE :
						 VS_EXIT_UNAVAILABLE;
}

static const struct vs_label vs_status_labels[] = {
	{ "generation", N_("Generation") },
	{ "vm_count", N_("VMs") },
	{ "vnic_count", N_("Ports") },
	{ "bound_count", N_("Bound ports") },
	{ "unbound_default", N_("Unbound ports") },
	{ "appliance_state", N_("Appliance session") },
	{ "appliance_pid", N_("Appliance process") },
	{ "appliance_comm", N_("Appliance program") },
	{ 0 }
};

/* the ports that programs lead packets past, each with what it carries */
static json_t *vs_status_bypassed(const struct vs_snapshot *s)
{
	const struct vs_vnics *vnics = &s->reading.table.vnics;
	json_t *list = json_array();

	for (size_t i = 0; i < vnics->n; i++) {
		const struct vs_driver_vnic *v = &vnics->v[i];
		json_t *row;

		if (vs_foreigns_of(&s->foreign, v->ifindex) != VS_BYPASS_YES)
			continue;
		row = json_object();
		vs_row_text(row, "port", v->ifname);
		json_object_set_new(row, "ifindex", json_integer(v->ifindex));
		if (vs_driver_vnic_is_bound(v))
			vs_row_text(row, "vm_name", v->vm_name);
		vs_bypass_add(row, &s->foreign, v->ifindex);
		json_array_append_new(list, row);
	}
	return list;
}

/* "Bypassed: tap0 (web): tcx-ingress ebpf ..." */
static void vs_status_bypass_lines(const struct vs_snapshot *s,
				   const json_t *bypassed)
{
	char port[4 * VS_PORT_NAME + 1], vm[VS_NAME_ESCAPED];
	const json_t *row;
	size_t i;

	if (!s->reading.listed)
		return;
	printf("%s: %zu\n", _("Bypassed ports"),
	       json_array_size(bypassed));
	json_array_foreach(bypassed, i, row) {
		const json_t *ifindex = json_object_get(row, "ifindex");
		const char *name;
		struct vs_buf text = { 0 };

		vs_foreigns_text(&text, &s->foreign,
				 json_integer_value(ifindex));
		vs_name_escape(port, sizeof(port),
			       json_string_value(json_object_get(row,
								 "port")));
		name = json_string_value(json_object_get(row, "vm_name"));
		vs_name_escape(vm, sizeof(vm), name ? name : "-");
		printf("%s: %s (%s): %s\n", _("Bypassed"), port, vm,
		       vs_buf_str(&text));
		vs_buf_free(&text);
	}
	vs_bypass_check_line(&s->foreign);
}

/* "Agent: process 17, in sync", and how old its inventory is: 7s, stale */
static void vs_status_agent_lines(const json_t *agent)
{
	const json_t *sources = json_object_get(agent, "sources");
	const json_t *manager = json_object_get(sources, "manager");
	const json_t *age_ms = json_object_get(manager, "age_ms");
	const json_t *pid = json_object_get(agent, "pid");
	struct vs_host_view host;
	char age[VS_AGE];

	vs_cli_agent_host(agent, &host);
	printf("%s: ", _("Agent"));
	printf(_("process %lld, %s"), (long long)json_integer_value(pid),
	       vs_text_state(vs_i18n_lang(), host.state));
	puts("");
	if (!age_ms)
		return;
	vs_when_age(json_integer_value(age_ms), age);
	printf("%s: ", _("Age of the inventory"));
	if (json_is_true(json_object_get(manager, "available")))
		printf("%s", age);
	else
		printf(_("%s, stale"), age);
	puts("");
}

static enum vs_exit vs_status_print(const struct vs_cli *cli,
				    const struct vs_snapshot *s,
				    json_t *agent)
{
	const struct vs_driver_reading *r = &s->reading;
	json_t *bypassed = vs_status_bypassed(s);
	json_t *host = r->table.host.has ? vs_host_row(cli, &r->table.host) :
					   NULL;
	json_t *doc;

	if (!cli->json) {
		vs_status_line(&r->info);
		vs_out_labels(vs_status_labels, host);
		vs_status_bypass_lines(s, bypassed);
		if (agent)
			vs_status_agent_lines(agent);
		json_decref(host);
		json_decref(bypassed);
		return VS_EXIT_FINE;
	}
	doc = json_object();
	json_object_set_new(doc, "driver", vs_doc_driver(&r->info));
	if (host)
		json_object_set_new(doc, "settings", host);
	json_object_set_new(doc, "bypassed", bypassed);
	json_object_set_new(doc, "bypass_check",
			    vs_doc_bypass_check(&s->foreign));
	if (agent)
		json_object_set(doc, "agent", agent);
	return vs_out_json(doc);
}

/* who may not ask the driver may still be told by the agent */
static enum vs_exit vs_status_told(const struct vs_cli *cli, json_t *agent)
{
	struct vs_host_view host;
	enum vs_exit printed = VS_EXIT_FINE;
	json_t *doc;

	vs_cli_agent_host(agent, &host);
	if (cli->json) {
		doc = json_object();
		json_object_set(doc, "driver", json_object_get(agent,
							       "driver"));
		json_object_set(doc, "agent", agent);
		printed = vs_out_json(doc);
	} else {
		vs_status_line(&host.driver);
		vs_status_agent_lines(agent);
	}
	return printed ? printed : vs_status_exit(&host.driver);
}

static enum vs_exit vs_status_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_agent_answer agent;
	struct vs_snapshot s = { 0 };
	enum vs_exit status;
	struct vs_args args;
	bool runs;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	runs = vs_cli_agent_status(cli, &agent);
	if (runs && geteuid()) {
		status = vs_status_told(cli, agent.doc);
	} else if (vs_status_read(cli, &s, &status)) {
		status = vs_status_print(cli, &s, runs ? agent.doc : NULL);
		if (!status)
			status = vs_status_exit(&s.reading.info);
	}
	vs_snapshot_free(&s);
	vs_agent_free(&agent);
	return status;
}

const struct vs_command vs_cmd_status = {
	.name = "status",
	.summary = N_("say whether the Filter Driver is online, and what it "
		      "holds"),
	.run = vs_status_run,
};
