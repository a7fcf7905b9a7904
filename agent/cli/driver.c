// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/doc.h"
#include "cli/host.h"
#include "cli/opt.h"
#include "cli/source.h"
#include "cli/status.h"
#include "core/name.h"
#include "driver/module.h"
#include "host/opener.h"
#include "recover/running.h"

static enum vs_exit vs_driver_status_print(const struct vs_cli *cli,
					   const struct vs_driver_reading *r)
{
	json_t *host = r->table.host.has ? vs_host_row(cli, &r->table.host) :
					   NULL;
	json_t *doc;

	if (!cli->json) {
		vs_status_line(&r->info);
		vs_out_labels(vs_host_labels, host);
		json_decref(host);
		return VS_EXIT_FINE;
	}
	doc = vs_doc_driver(&r->info);
	json_object_update_missing(doc, host);
	json_decref(host);
	return vs_out_json(doc);
}

static enum vs_exit vs_driver_status(struct vs_cli *cli,
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
		status = vs_driver_status_print(cli, &s.reading);
		if (!status)
			status = vs_status_exit(&s.reading.info);
	}
	vs_snapshot_free(&s);
	return status;
}

/* what became of the module, in a line or an object */
static enum vs_exit vs_driver_done(const struct vs_cli *cli, const char *word,
				   const char *text)
{
	if (cli->json)
		return vs_out_json(json_pack("{ss}", "module", word));
	puts(text);
	return VS_EXIT_FINE;
}

static enum vs_exit vs_driver_load(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	struct vs_error error;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 1, &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	if (!vs_module_load(args.n ? args.v[0] : NULL, &error))
		return vs_driver_done(cli, "loaded",
				      _("The Filter Driver is loaded."));
	vs_say_error(&error);
	return VS_EXIT_FAILED;
}

/* who has the device open, so that it is clear what to do */
static bool vs_driver_say_opener(void)
{
	pid_t pid = vs_opener_find(VMSAFE_NET_DEVICE_PATH);
	char comm[VS_COMM];

	if (!pid)
		return false;
	if (vs_running_is(pid)) {
		vs_say(_("vmsafe-agent (process %d) holds the appliance "
			 "session: run \"vmsafe appliance deactivate\" first"),
		       pid);
		return true;
	}
	vs_process_comm(pid, comm);
	vs_say(_("process %d (%s) has %s open: end it first"), pid, comm,
	       VMSAFE_NET_DEVICE_PATH);
	return true;
}

static enum vs_exit vs_driver_unload(struct vs_cli *cli,
				     const struct vs_command *cmd, int argc,
				     char **argv)
{
	struct vs_error error;
	enum vs_exit status;
	struct vs_args args;
	int ret;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 0, 0, &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	ret = vs_module_unload(&error);
	if (!ret)
		return vs_driver_done(cli, "unloaded",
				      _("The Filter Driver is unloaded."));
	if (ret == -ENOENT)
		vs_say(_("the module %s is not loaded"), VS_MODULE_NAME);
	else if (ret != -EAGAIN || !vs_driver_say_opener())
		vs_say_error(&error);
	return VS_EXIT_FAILED;
}

static enum vs_exit vs_driver_save(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	char text[4096], safe[VS_NAME_ESCAPED];
	struct vs_snapshot s = { 0 };
	struct vs_error error;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status))
		return status;
	if (vs_source_snapshot(cli, &s, &status)) {
		vs_name_escape(safe, sizeof(safe), args.v[0]);
		snprintf(text, sizeof(text),
			 _("Saved to %s. The Filter Driver: %s"), safe,
			 vs_text_driver_state(vs_i18n_lang(),
					      s.reading.info.state));
		if (vs_snapshot_save(&s, args.v[0], &error))
			status = vs_say_error(&error);
		else if (cli->json)
			status = vs_out_json(vs_doc_driver(&s.reading.info));
		else
			status = vs_driver_done(cli, NULL, text);
	}
	vs_snapshot_free(&s);
	return status;
}

static const struct vs_command vs_cmd_driver_status = {
	.name = "driver status",
	.summary = N_("show all that the Filter Driver says of itself"),
	.run = vs_driver_status,
};

static const struct vs_command vs_cmd_driver_load = {
	.name = "driver load",
	.args = "[PATH]",
	.summary = N_("load the module: that of the running kernel, or a file"),
	.run = vs_driver_load,
};

static const struct vs_command vs_cmd_driver_unload = {
	.name = "driver unload",
	.summary = N_("unload the module"),
	.run = vs_driver_unload,
};

static const struct vs_command vs_cmd_driver_save = {
	.name = "driver save",
	.args = "FILE",
	.summary = N_("save a snapshot of driver and host for --driver FILE"),
	.run = vs_driver_save,
};

static const struct vs_command *const vs_driver_commands[] = {
	&vs_cmd_driver_status, &vs_cmd_driver_load, &vs_cmd_driver_unload,
	&vs_cmd_driver_save, NULL
};

const struct vs_command vs_cmd_driver = {
	.name = "driver",
	.summary = N_("the Filter Driver: the kernel module vmsafe_net"),
	.sub = vs_driver_commands,
};
