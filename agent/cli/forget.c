// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <unistd.h>

#include "cli/agent.h"
#include "cli/check.h"
#include "cli/opt.h"
#include "cli/record.h"
#include "cli/source.h"
#include "cli/tell.h"
#include "cli/vnic.h"
#include "core/text.h"
#include "recover/forget.h"

/** struct vs_forget_args - options of "forget" */
struct vs_forget_args {
	uint64_t has;
	bool yes;
	bool dry_run;
	const char *db;
};

static const struct vs_opt vs_forget_opts[] = {
	{ .name = "yes", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_forget_args, yes),
	  .help = N_("do not ask") },
	{ .name = "dry-run", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_forget_args, dry_run),
	  .help = N_("only say whether it may be forgotten") },
	VS_RECORD_OPT(struct vs_forget_args),
	{ 0 }
};

/** struct vs_forgetting - a run of "forget" */
struct vs_forgetting {
	const struct vs_cli *cli;
	const struct vs_command *cmd;
	const struct vs_forget_args *args;
	const char *name;
	struct vs_client c;
	struct vs_driver_vnic v;
	bool recorded;		/* the agent did it, and has recorded it */
};

/* as the entry and the host are now */
static int vs_forget_look(struct vs_forgetting *f,
			  const struct vs_port_name *port, enum vs_exit *status)
{
	struct vs_host_ports ports = { 0 };
	struct vs_buf why = { 0 };
	struct vs_error error;
	int ret = vs_client_vnic(&f->c, port, &f->v, &error);

	if (ret) {
		*status = vs_say_refusal(f->name, &error);
		return ret;
	}
	ret = vs_host_ports_read(&ports, &error);
	if (ret) {
		*status = vs_say_unread(&error);
	} else {
		ret = vs_forget_refusal(&f->v,
					vs_host_ports_find(&ports,
							   f->v.ifindex),
					&why);
		*status = VS_EXIT_FAILED;
	}
	if (why.len)
		vs_say("%s", vs_buf_str(&why));
	vs_host_ports_free(&ports);
	vs_buf_free(&why);
	return ret;
}

static enum vs_exit vs_forget_tell(struct vs_forgetting *f)
{
	char host[256] = "", date[VS_DATE];
	struct vs_difference diff;
	struct vs_buf text = { 0 };
	struct vs_event event;

	gethostname(host, sizeof(host) - 1);
	vs_forget_event(&event, &diff, &f->v, host, vs_now());
	if (!f->recorded)
		vs_cli_record(f->cli, f->args->db, &event);
	if (f->cli->json)
		return vs_out_json(vs_check_event_json(&event, false));
	vs_text_event(&text, vs_i18n_lang(), &event,
		      vs_date(event.time, date));
	fputs(vs_buf_str(&text), stdout);
	vs_buf_free(&text);
	return VS_EXIT_FINE;
}

/* an agent that runs does it, since it records the event */
static bool vs_forget_by_agent(struct vs_forgetting *f, enum vs_exit *status)
{
	struct vs_agent_answer answer = { 0 };
	bool did = !f->args->db &&
		   vs_cli_agent_vnic("POST", &f->v, "/forget", &answer);

	*status = VS_EXIT_FINE;
	did = did && answer.status != 403;
	f->recorded = did && !answer.text;
	if (did && answer.text) {
		vs_say("%s", answer.text);
		*status = VS_EXIT_FAILED;
	}
	vs_agent_free(&answer);
	return did;
}

static enum vs_exit vs_forget_with(struct vs_forgetting *f,
				   const struct vs_port_name *port,
				   struct vs_teller *teller)
{
	char mac[VS_MAC_STR], what[256];
	struct vs_error error;
	enum vs_exit status;

	if (vs_forget_look(f, port, &status))
		return status;
	vs_mac_format(&f->v.mac, mac);
	snprintf(what, sizeof(what), _("forget %s, MAC %s"), f->name, mac);
	if (f->args->dry_run) {
		vs_progress_say(&teller->progress, "%s", what);
		return f->cli->json ? vs_vnic_print_one(f->cli, &f->v) :
				      VS_EXIT_FINE;
	}
	if (!vs_tell_ask(teller, f->cmd, f->args->yes, what, &status))
		return status;
	if (vs_forget_by_agent(f, &status))
		return status ? status : vs_forget_tell(f);
	if (vs_forget(&f->c, &f->v, &error))
		return vs_say_refusal(f->name, &error);
	return vs_forget_tell(f);
}

static enum vs_exit vs_forget_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_forget_args a = { 0 };
	struct vs_forgetting f = { .cli = cli, .cmd = cmd, .args = &a };
	struct vs_port_name port;
	struct vs_teller teller;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_source_port(cmd, args.v[0], &port, &status) ||
	    !vs_source_client(cli, cmd, &f.c, &status))
		return status;
	f.name = args.v[0];
	vs_tell_start(&teller, cli);
	vs_tell_catch(&teller);
	status = vs_forget_with(&f, &port, &teller);
	vs_tell_end(&teller);
	vs_client_close(&f.c);
	return status;
}

const struct vs_command vs_cmd_forget = {
	.name = "forget",
	.args = "PORT",
	.summary = N_("remove an interface that is not in use from the "
		      "Filter Driver's list"),
	.opts = vs_forget_opts,
	.run = vs_forget_run,
};
