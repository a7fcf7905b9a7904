// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "cli/doctor.h"
#include "cli/duration.h"
#include "cli/inventory.h"
#include "cli/opt.h"
#include "cli/record.h"
#include "cli/recover.h"
#include "cli/source.h"
#include "recover/window.h"

/* for that long a VM may take to settle after a step, seconds */
#define VS_RECOVER_SETTLE 10

static const struct vs_opt vs_recover_opts[] = {
	{ .name = "dry-run", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_recover_args, dry_run),
	  .help = N_("only say what would be done") },
	{ .name = "yes", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_recover_args, yes),
	  .help = N_("do not ask") },
	{ .name = "timeout", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .min = 1, .max = 86400,
	  .offset = offsetof(struct vs_recover_args, timeout),
	  .help = N_("how long to wait for what takes time (default: 120)") },
	{ .name = "force", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_recover_args, force),
	  .help = N_("R2: power a guest off that does not shut down") },
	{ .name = "new-macs", .kind = VS_OPT_FLAG,
	  .offset = offsetof(struct vs_recover_args, new_macs),
	  .help = N_("R5: give the VM new MAC addresses") },
	{ .name = "to", .kind = VS_OPT_STRING, .arg = "URI",
	  .offset = offsetof(struct vs_recover_args, to),
	  .help = N_("R4: libvirt on the other host") },
	{ .name = "ssh", .kind = VS_OPT_STRING, .arg = "HOST",
	  .offset = offsetof(struct vs_recover_args, ssh),
	  .help = N_("R4: how ssh reaches the other host, to ask whether it "
		     "is protected") },
	{ .name = "for", .kind = VS_OPT_STRING, .arg = "DURATION",
	  .offset = offsetof(struct vs_recover_args, length),
	  .help = N_("P1: for how long (default: 1h)") },
	{ .name = "connect", .kind = VS_OPT_STRING, .arg = "URI",
	  .offset = offsetof(struct vs_recover_args, connect),
	  .help = N_("libvirt (default: that of --inventory, else the "
		     "agent's hypervisor)") },
	{ .name = "keep", .kind = VS_OPT_STRING, .arg = "FOLDER",
	  .offset = offsetof(struct vs_recover_args, keep),
	  .bit = VS_RECOVER_HAS_KEEP,
	  .help = N_("R1, R2, R5: where what is about to be done is kept "
		     "meanwhile (default: /var/lib/vmsafe/recover)") },
	{ .name = "window", .kind = VS_OPT_STRING, .arg = "FILE",
	  .offset = offsetof(struct vs_recover_args, window),
	  .help = N_("P1: file of the maintenance windows (default: "
		     "/run/vmsafe/maintenance.json)") },
	VS_RECORD_OPT(struct vs_recover_args),
	{ 0 }
};

/* for R10: the lines of "doctor" that are about the driver */
static int vs_recover_module(struct vs_recovery *r)
{
	struct vs_recover *run = (struct vs_recover *)r;
	struct vs_doctor d = { .cli = run->cli };

	d.checks = run->cli->json ? json_array() : NULL;
	vs_doctor_module(&d);
	vs_doctor_driver(&d, &r->look->host.reading);
	run->checks = d.checks;
	return d.failed;
}

static void vs_recover_record(struct vs_recovery *r, struct vs_event *event)
{
	struct vs_recover *run = (struct vs_recover *)r;

	vs_cli_record(run->cli, run->db, event);
}

/* that a step was taken, and what came of it */
static void vs_recover_taken(struct vs_recover *run)
{
	struct vs_event event = {
		.id = VS_EVENT_STEP_TAKEN,
		.level = run->done ? VS_LEVEL_INFO : VS_LEVEL_WARNING,
		.origin = VS_ORIGIN_MANAGER,
		.vm_name = run->r.vm,
		.steps = UINT32_C(1) << run->step,
		.state = vs_recovery_state(&run->r),
		.detail = run->done ? NULL : vs_buf_str(&run->r.why),
	};
	struct vs_vm_view vm;

	if (!vs_uuid_is_nil(&run->r.uuid)) {
		event.vm = &run->r.uuid;
		/* it may have been asked for by its UUID */
		if (run->look.engine &&
		    !vs_engine_vm(run->look.engine, event.vm, &vm) && vm.name)
			event.vm_name = vm.name;
	}
	vs_cli_record(run->cli, run->db, &event);
}

/* why, if that is known, and what is better next time */
static void vs_recover_advise(const struct vs_recover *run)
{
	const struct vs_lang *lang = vs_i18n_lang();

	if (run->choice.cause)
		vs_progress_say(run->r.progress, "%s: %s, %s", _("Cause"),
				vs_cause_word(run->choice.cause),
				vs_text_cause(lang, run->choice.cause));
	for (int i = 0; i < VS_STEP_COUNT; i++) {
		if (run->choice.advice >> i & 1)
			vs_progress_say(run->r.progress, "%s: %s",
					vs_step_word(i),
					vs_text_step(lang, i));
	}
	if (run->choice.new_macs)
		vs_progress_say(run->r.progress,
				_("another VM has bound its MAC address: "
				  "registered again (R5), it gets new ones"));
}

/* the first step of those that fit which can be done; none is taken twice */
static int vs_recover_first(struct vs_recover *run)
{
	int ret = -ENOENT;

	run->r.new_macs |= run->choice.new_macs;
	for (size_t i = 0; i < run->choice.n; i++) {
		if (run->taken >> run->choice.steps[i] & 1)
			return -EALREADY;
		run->step = run->choice.steps[i];
		ret = vs_recovery_plan(&run->r, run->step);
		if (!ret || ret == -ECANCELED)
			break;
		vs_progress_say(run->r.progress, _("%s cannot be done: %s"),
				vs_step_word(run->step),
				vs_buf_str(&run->r.why));
	}
	return ret;
}

static enum vs_exit vs_recover_refused(struct vs_recover *run)
{
	vs_say("%s", vs_buf_str(&run->r.why));
	return VS_EXIT_FAILED;
}

/* is what is planned to be done? false: @status says how it ends */
static bool vs_recover_may(struct vs_recover *run,
			   const struct vs_recover_args *a,
			   enum vs_exit *status)
{
	char what[256];

	vs_recover_print_plan(run, a->dry_run);
	if (a->dry_run) {
		*status = vs_recover_finish(run, VS_EXIT_FINE);
		return false;
	}
	snprintf(what, sizeof(what), "%s: %s", vs_step_word(run->step),
		 vs_text_step(vs_i18n_lang(), run->step));
	return !vs_step_info(run->step)->destructive ||
	       vs_tell_ask(&run->teller, run->cmd, a->yes, what, status);
}

void vs_recover_took(struct vs_recover *run, int ret)
{
	run->taken |= UINT32_C(1) << run->step;
	json_array_append_new(run->words,
			      json_string(vs_step_word(run->step)));
	run->ret = ret;
	run->done = !run->ret;
	if (!run->r.away)
		vs_recovery_settle(&run->r, run->step, !run->done ? 0 :
				   run->r.timeout < VS_RECOVER_SETTLE ?
				   run->r.timeout : VS_RECOVER_SETTLE);
	vs_recover_taken(run);
}

static void vs_recover_take(struct vs_recover *run)
{
	vs_recover_took(run, vs_recovery_run(&run->r, run->step));
}

/* whose definition of the VM counts; an inventory that is away says nothing */
static const char *vs_recover_hypervisor(const struct vs_recover *run)
{
	struct vs_host_view host;

	vs_engine_host(run->look.engine, &host);
	return host.source[VS_SOURCE_MANAGER].available ? run->r.uri : NULL;
}

int vs_recover_choice(const struct vs_recover *run, bool found,
		      struct vs_choice *choice)
{
	bool live = vs_cli_is_live(run->cli);
	struct vs_case w = {
		.engine = run->look.engine, .host = &run->look.host,
		.now = run->look.now, .grace = VS_CASE_GRACE,
		.window = VS_CASE_WINDOW, .live = live, .log = live,
		.hypervisor = live ? vs_recover_hypervisor(run) : NULL,
		.found = found, .uuid = run->r.uuid,
	};

	return vs_choose(&w, choice);
}

/* did a step help, but not enough, so that another is first now? */
static bool vs_recover_next_is_planned(struct vs_recover *run,
				       const struct vs_recover_args *a)
{
	const struct vs_step_info *info;
	struct vs_buf plan = run->r.plan;
	enum vs_cause cause = run->choice.cause;
	enum vs_step step = run->step;

	if (!run->chosen || !run->done || run->r.away ||
	    vs_uuid_is_nil(&run->r.uuid) ||
	    vs_recovery_state(&run->r) <= VS_STATE_IN_SYNC ||
	    vs_recover_choice(run, true, &run->choice))
		return false;
	run->r.plan = (struct vs_buf){ 0 };
	if (!vs_recover_first(run)) {
		info = vs_step_info(run->step);
		/* consent to one step is none to another */
		if (!info->destructive || a->yes) {
			vs_buf_free(&plan);
			if (run->choice.cause != cause)
				vs_recover_advise(run);
			return true;
		}
	}
	vs_buf_free(&run->r.plan);
	run->r.plan = plan;
	run->step = step;
	return false;
}

static enum vs_exit vs_recover_do(struct vs_recover *run,
				  const struct vs_recover_args *a)
{
	enum vs_exit status;

	if (!vs_recover_may(run, a, &status))
		return status;
	vs_recover_take(run);
	while (vs_recover_next_is_planned(run, a)) {
		vs_recover_print_plan(run, false);
		vs_recover_take(run);
	}
	return vs_recover_finish(run, vs_recover_exit(run));
}

static enum vs_exit vs_recover_choose(struct vs_recover *run)
{
	char safe[VS_NAME_ESCAPED];
	int ret = vs_look_find(&run->look, run->r.vm, &run->r.uuid);

	vs_name_escape(safe, sizeof(safe), run->r.vm);
	if (ret != -ENOTUNIQ &&
	    vs_recover_choice(run, !ret, &run->choice))
		return vs_out_no_memory();
	run->chosen = true;
	if (ret == -ENOTUNIQ) {
		vs_say(_("several VMs are named \"%s\", so give a UUID"),
		       safe);
		return VS_EXIT_FAILED;
	}
	if (ret && !run->choice.n) {
		vs_say(_("no list that could be read has a VM \"%s\""), safe);
		return VS_EXIT_FAILED;
	}
	return VS_EXIT_FINE;
}

static enum vs_exit vs_recover_steps(struct vs_recover *run,
				     const struct vs_recover_args *a,
				     const char *word)
{
	enum vs_exit status;

	if (!vs_recover_resume(run, a, word, &status))
		return status;
	if (word) {
		run->before = vs_look_find(&run->look, run->r.vm,
					   &run->r.uuid) ?
			      VS_STATE_UNKNOWN : vs_recovery_state(&run->r);
		if (vs_recovery_plan(&run->r, run->step))
			return vs_recover_refused(run);
		return vs_recover_do(run, a);
	}
	status = vs_recover_choose(run);
	if (status)
		return status;
	run->before = vs_recovery_state(&run->r);
	if (!run->choice.n)
		return vs_recover_nothing(run);
	vs_recover_advise(run);
	if (vs_recover_first(run))
		return vs_recover_refused(run);
	return vs_recover_do(run, a);
}

/* an agent that asks no hypervisor leaves that to us */
static const char *vs_recover_uri(struct vs_recover *run,
				  const struct vs_recover_args *a)
{
	if (a->connect)
		return a->connect;
	run->hypervisor = vs_cli_hypervisor(run->r.inventory);
	return run->hypervisor ? run->hypervisor : VS_CLI_HYPERVISOR;
}

static bool vs_recover_read(struct vs_recover *run, enum vs_exit *status)
{
	const struct vs_cli *cli = run->cli;
	struct vs_error error;
	int ret = vs_look_open(&run->look, run->r.inventory,
			       vs_cli_is_live(cli) ? NULL : cli->driver,
			       &error);

	if (ret) {
		vs_say("--inventory: %s", error.detail);
		*status = VS_EXIT_USAGE;
		return false;
	}
	if (vs_look_read(&run->look, vs_now(), &error)) {
		vs_say_error(&error);
		*status = VS_EXIT_UNAVAILABLE;
		return false;
	}
	/* without the right to ask, nothing can be done either */
	if (run->look.host.reading.info.error.why == VS_WHY_NO_PERMISSION) {
		*status = vs_say_unread(&run->look.host.reading.info.error);
		return false;
	}
	return true;
}

static bool vs_recover_parse(struct vs_recover *run,
			     const struct vs_recover_args *a,
			     const struct vs_args *args, enum vs_exit *status)
{
	char safe[64];

	*status = VS_EXIT_USAGE;
	if (args->n > 1 && vs_step_parse(args->v[1], &run->step)) {
		vs_name_escape(safe, sizeof(safe), args->v[1]);
		vs_say_usage(run->cmd, _("\"%s\" is no step; there are R0 to "
					 "R11, P1 and P2"), safe);
		return false;
	}
	if (a->length && vs_duration_parse(a->length, VS_WINDOW_LONGEST,
					   &run->r.length)) {
		vs_name_escape(safe, sizeof(safe), a->length);
		vs_say_usage(run->cmd, _("--for: \"%s\" is no duration; give "
					 "for instance 90m, up to 7d"), safe);
		return false;
	}
	return a->dry_run || vs_source_is_here(run->cli, run->cmd, status);
}

static enum vs_exit vs_recover_run(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	struct vs_recover_args a = {
		.timeout = 120, .keep = VS_RECOVER_KEEP,
		.window = VS_WINDOW_PATH,
	};
	struct vs_recover run = { .cli = cli, .cmd = cmd };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 2, &status) ||
	    !vs_opt_vm(cmd, args.v[0], &status))
		return status;
	run.r = (struct vs_recovery){
		.vm = args.v[0], .to = a.to, .ssh = a.ssh,
		.keep = a.keep, .window = a.window, .timeout = a.timeout,
		.length = VS_WINDOW_DEFAULT, .force = a.force,
		.new_macs = a.new_macs, .look = &run.look, .clock = vs_now,
		.module = vs_recover_module, .record = vs_recover_record,
	};
	run.db = a.db;
	run.words = json_array();
	if (!vs_recover_parse(&run, &a, &args, &status)) {
		json_decref(run.words);
		return status;
	}
	vs_tell_start(&run.teller, cli);
	vs_tell_catch(&run.teller);
	run.r.progress = &run.teller.progress;
	run.r.inventory = vs_cli_inventory(cli);
	run.r.uri = vs_recover_uri(&run, &a);
	if (vs_recover_read(&run, &status))
		status = vs_recover_steps(&run, &a,
					  args.n > 1 ? args.v[1] : NULL);
	vs_recovery_free(&run.r);
	vs_look_close(&run.look);
	free(run.hypervisor);
	json_decref(run.checks);
	json_decref(run.words);
	vs_tell_end(&run.teller);
	return status;
}

const struct vs_command vs_cmd_recover = {
	.name = "recover",
	.args = "VM [STEP]",
	.summary = N_("bring a VM back in sync: by a step, or by the first "
		      "that fits"),
	.opts = vs_recover_opts,
	.run = vs_recover_run,
};
