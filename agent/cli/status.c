// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cli/host.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "cli/status.h"
#include "core/buf.h"
#include "driver/fault.h"

bool vs_status_read(const struct vs_cli *cli, struct vs_snapshot *s,
		    enum vs_exit *status)
{
	const struct vs_error *error = &s->reading.info.error;

	*s = (struct vs_snapshot){ 0 };
	if (!vs_cli_is_live(cli))
		return vs_source_snapshot(cli, s, status);
	vs_driver_probe(&s->reading);
	if (error->why != VS_WHY_NO_PERMISSION)
		return true;
	*status = vs_say_unread(error);
	return false;
}

json_t *vs_status_row(const struct vs_driver_info *info)
{
	json_t *row = json_object();

	json_object_set_new(row, "state",
			    json_string(vs_driver_state_word(info->state)));
	json_object_set_new(row, "abi_agent", json_integer(info->abi_agent));
	if (info->abi_driver)
		json_object_set_new(row, "abi_driver",
				    json_integer(info->abi_driver));
	if (info->epoch)
		json_object_set_new(row, "epoch", json_integer(info->epoch));
	if (info->error.op || info->error.why)
		json_object_set_new(row, "error",
				    vs_fault_write(&info->error));
	return row;
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

static enum vs_exit vs_status_print(const struct vs_cli *cli,
				    const struct vs_driver_reading *r)
{
	json_t *host = r->table.host.has ? vs_host_row(cli, &r->table.host) :
					   NULL;
	json_t *doc;

	if (!cli->json) {
		vs_status_line(&r->info);
		vs_out_labels(vs_status_labels, host);
		json_decref(host);
		return VS_EXIT_FINE;
	}
	doc = json_object();
	json_object_set_new(doc, "driver", vs_status_row(&r->info));
	if (host)
		json_object_set_new(doc, "settings", host);
	return vs_out_json(doc);
}

static enum vs_exit vs_status_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_snapshot s;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status))
		return status;
	if (vs_status_read(cli, &s, &status)) {
		status = vs_status_print(cli, &s.reading);
		if (!status)
			status = vs_status_exit(&s.reading.info);
	}
	vs_snapshot_free(&s);
	return status;
}

const struct vs_command vs_cmd_status = {
	.name = "status",
	.summary = N_("say whether the Filter Driver is online, and what it "
		      "holds"),
	.run = vs_status_run,
};
