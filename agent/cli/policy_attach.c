// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach, replace, detach. Everything is looked up and checked first; then the
 * driver is told, one direction of one vNIC at a time, each of which takes
 * effect whole. If it refuses one, those before it are taken back.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/policy.h"
#include "cli/policy_target.h"
#include "core/name.h"

/** struct vs_attach_args - options of these commands */
struct vs_attach_args {
	uint64_t has;
	bool in;
	bool out;
	bool both;
};

#define VS_ATTACH_FLAG(member, text) \
	{ .name = #member, .kind = VS_OPT_FLAG, \
	  .offset = offsetof(struct vs_attach_args, member), .help = text }

static const struct vs_opt vs_attach_opts[] = {
	VS_ATTACH_FLAG(in, N_("what is sent to the guest")),
	VS_ATTACH_FLAG(out, N_("what the guest sends")),
	VS_ATTACH_FLAG(both, N_("both directions")),
	{ 0 }
};

/** enum vs_attach_verb - which of them */
enum vs_attach_verb { VS_ATTACH, VS_REPLACE, VS_DETACH };

/** struct vs_plan_step - what is to be done to one direction of a vNIC */
struct vs_plan_step {
	struct vs_driver_vnic *vnic;
	uint32_t direction;
	int old;		/* the program there now, or -1 */
};

/**
 * struct vs_plan - everything that is to be done
 * @verb: what for
 * @directions: bits 1 << direction
 * @name: the policy, or NULL
 * @prog: its programs, or -1
 * @steps: what is to be done
 * @n: how many
 */
struct vs_plan {
	enum vs_attach_verb verb;
	uint32_t directions;
	const char *name;
	int prog[VS_DIRECTIONS];
	struct vs_plan_step *steps;
	size_t n;
};

static uint32_t vs_attach_directions(const struct vs_attach_args *a)
{
	uint32_t in = 1 << VMSAFE_NET_DIRECTION_TO_GUEST;
	uint32_t out = 1 << VMSAFE_NET_DIRECTION_FROM_GUEST;

	return (a->in || a->both ? in : 0) | (a->out || a->both ? out : 0);
}

/* false: it cannot be done, which was said */
static bool vs_plan_check(const struct vs_plan *plan,
			  const struct vs_policy_view *view,
			  const struct vs_driver_vnic *v, uint32_t direction)
{
	uint32_t there = vs_driver_vnic_policy(v, direction)->prog_id;
	const struct vs_policy *p = vs_store_by_prog(&view->policies, there);
	const char *word = vs_driver_word(VS_WORDS_DIRECTION, direction);
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), v->ifname);
	if (!vs_driver_vnic_is_bound(v))
		vs_say(_("port %s is not bound, and only bound ports have "
			 "policies: bind it first"), safe);
	else if (plan->verb == VS_REPLACE && !there)
		vs_say(_("port %s has no policy to replace, %s: attach one"),
		       safe, word);
	else if (plan->verb == VS_ATTACH && there &&
		 (!p || strcmp(p->name, plan->name) != 0))
		vs_say(_("port %s has policy %s already, %s: use replace"),
		       safe, p ? p->name : "-", word);
	else
		return true;
	return false;
}

/* is there anything to do for a direction that was not asked for by name? */
static bool vs_plan_wants(const struct vs_plan *plan, bool asked,
			  const struct vs_driver_vnic *v, uint32_t direction)
{
	if (!(plan->directions & 1 << direction))
		return false;
	if (plan->verb == VS_DETACH || !asked)
		return vs_driver_vnic_policy(v, direction)->prog_id;
	return true;
}

/* all the steps; false: there are none, or one cannot be done: it was said */
static bool vs_plan_make(struct vs_plan *plan, struct vs_policy_view *view,
			 const struct vs_targets *targets, bool asked)
{
	plan->steps = calloc(targets->n * VS_DIRECTIONS + 1,
			     sizeof(*plan->steps));
	if (!plan->steps) {
		vs_out_no_memory();
		return false;
	}
	for (size_t i = 0; i < targets->n * VS_DIRECTIONS; i++) {
		struct vs_driver_vnic *v = targets->v[i / VS_DIRECTIONS];
		uint32_t d = i % VS_DIRECTIONS;

		if (!vs_plan_wants(plan, asked, v, d))
			continue;
		if (plan->verb != VS_DETACH &&
		    !vs_plan_check(plan, view, v, d))
			return false;
		plan->steps[plan->n++] = (struct vs_plan_step){
			.vnic = v, .direction = d, .old = -1,
		};
	}
	if (!plan->n)
		vs_say("%s", plan->verb == VS_DETACH ?
		       _("there is no policy to detach") :
		       _("there is no policy to replace"));
	return plan->n;
}

/* programs are held before anything is done, so that they can be put back */
static bool vs_plan_open(struct vs_plan *plan)
{
	struct vs_buf why = { 0 };

	for (size_t i = 0; i < plan->n; i++) {
		struct vs_plan_step *step = &plan->steps[i];
		uint32_t d = step->direction;
		uint32_t there;

		there = vs_driver_vnic_policy(step->vnic, d)->prog_id;

		if (plan->name && plan->prog[d] < 0)
			plan->prog[d] = vs_store_prog(plan->name, d, &why);
		if (plan->name && plan->prog[d] < 0) {
			vs_policy_say(&why);
			return false;
		}
		if (there)
			step->old = bpf_prog_get_fd_by_id(there);
	}
	return true;
}

/* an anti-spoof policy has to know whose port it is */
static bool vs_plan_tell_guests(const struct vs_plan *plan)
{
	int fd = plan->name ? vs_store_guests(plan->name) : -1;
	bool ok = true;

	for (size_t i = 0; i < plan->n && fd >= 0 && ok; i++) {
		const struct vs_driver_vnic *v = plan->steps[i].vnic;
		struct vs_policy_guest guest = { 0 };

		memcpy(guest.mac, v->mac.b, sizeof(guest.mac));
		ok = !bpf_map_update_elem(fd, &v->ifindex, &guest, BPF_ANY);
		if (!ok)
			vs_say(_("the policy's map: %s"), strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static void vs_plan_take_back(struct vs_plan *plan, struct vs_client *c,
			      size_t n)
{
	while (n--) {
		const struct vs_plan_step *step = &plan->steps[n];
		struct vs_error error;

		if (vs_client_set_policy(c, step->vnic->id,
					 step->direction, step->old, NULL,
					 &error))
			vs_say_error(&error);
	}
}

static enum vs_exit vs_plan_do(struct vs_plan *plan, struct vs_client *c)
{
	struct vs_driver_vnic after;
	struct vs_error error;
	enum vs_exit status;

	for (size_t i = 0; i < plan->n; i++) {
		struct vs_plan_step *step = &plan->steps[i];
		uint32_t d = step->direction;
		int prog = plan->name ? plan->prog[d] : -1;

		if (vs_client_set_policy(c, step->vnic->id, d, prog,
					 &after, &error)) {
			status = vs_say_error(&error);
			vs_plan_take_back(plan, c, i);
			return status;
		}
		*step->vnic = after;
	}
	return VS_EXIT_FINE;
}

/* an interrupt would leave a VM with one policy here and another there */
static enum vs_exit vs_plan_do_whole(struct vs_plan *plan, struct vs_client *c)
{
	sigset_t set, before;
	enum vs_exit status;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &before);
	status = vs_plan_do(plan, c);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static void vs_plan_close(struct vs_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->steps[i].old >= 0)
			close(plan->steps[i].old);
	}
	for (int d = 0; d < VS_DIRECTIONS; d++) {
		if (plan->prog[d] >= 0)
			close(plan->prog[d]);
	}
	free(plan->steps);
}

static enum vs_exit vs_plan_print(const struct vs_cli *cli,
				  const struct vs_plan *plan,
				  const struct vs_policy_view *view,
				  const struct vs_selection *sel)
{
	json_t *row, *rows = json_array();

	for (size_t i = 0; i < plan->n; i++) {
		row = vs_policy_row(&view->policies, plan->steps[i].vnic,
				    plan->steps[i].direction);
		json_array_append_new(rows, row);
	}
	return vs_out_rows(cli, sel, rows);
}

/* @target: the argument; @asked: the directions were given */
static enum vs_exit vs_plan_run(struct vs_plan *plan,
				struct vs_policy_view *view,
				const char *target, bool asked)
{
	struct vs_targets targets = { 0 };
	enum vs_exit status;

	status = vs_targets_find(&view->vnics, target, &targets);
	if (!status && plan->name && !vs_policy_find(view, plan->name))
		status = VS_EXIT_FAILED;
	if (!status && (!vs_plan_make(plan, view, &targets, asked) ||
			!vs_plan_open(plan) || !vs_plan_tell_guests(plan)))
		status = VS_EXIT_FAILED;
	if (!status)
		status = vs_plan_do_whole(plan, &view->client);
	vs_targets_free(&targets);
	return status;
}

static enum vs_exit vs_attach_locked(struct vs_cli *cli,
				     const struct vs_command *cmd,
				     struct vs_plan *plan, const char *target,
				     bool asked,
				     const struct vs_selection *sel)
{
	struct vs_policy_view view;
	enum vs_exit status;

	if (!vs_policy_view_open(cli, cmd, &view, &status))
		return status;
	status = vs_plan_run(plan, &view, target, asked);
	if (!status)
		status = vs_plan_print(cli, plan, &view, sel);
	vs_plan_close(plan);
	vs_policy_view_close(&view);
	return status;
}

static enum vs_exit vs_attach_do(struct vs_cli *cli,
				 const struct vs_command *cmd, int argc,
				 char **argv, enum vs_attach_verb verb)
{
	struct vs_plan plan = { .verb = verb, .prog = { -1, -1 } };
	int count = verb == VS_DETACH ? 1 : 2, lock;
	struct vs_attach_args a = { 0 };
	struct vs_buf why = { 0 };
	struct vs_selection sel;
	enum vs_exit status;
	struct vs_args args;
	bool asked;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, count, count, &status) ||
	    (count == 2 && !vs_policy_name(cmd, args.v[1], &status)) ||
	    !vs_out_select(cli, cmd, vs_policy_attachments, &sel, &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	plan.name = count == 2 ? args.v[1] : NULL;
	plan.directions = vs_attach_directions(&a);
	asked = plan.directions;
	if (!asked && verb == VS_ATTACH)
		return vs_say_usage(cmd, _("the direction is missing: --in, "
					   "--out or --both"));
	if (!asked)
		plan.directions = (1 << VS_DIRECTIONS) - 1;
	lock = vs_store_lock(&why);
	if (lock < 0)
		return vs_policy_say(&why);
	status = vs_attach_locked(cli, cmd, &plan, args.v[0], asked, &sel);
	close(lock);
	return status;
}

static enum vs_exit vs_attach_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	return vs_attach_do(cli, cmd, argc, argv, VS_ATTACH);
}

static enum vs_exit vs_replace_run(struct vs_cli *cli,
				   const struct vs_command *cmd, int argc,
				   char **argv)
{
	return vs_attach_do(cli, cmd, argc, argv, VS_REPLACE);
}

static enum vs_exit vs_detach_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	return vs_attach_do(cli, cmd, argc, argv, VS_DETACH);
}

const struct vs_command vs_cmd_policy_attach = {
	.name = "policy attach",
	.args = "PORT|VM POLICY",
	.summary = N_("have a policy judge a vNIC, or all of a VM's"),
	.list = true,
	.opts = vs_attach_opts,
	.run = vs_attach_run,
};

const struct vs_command vs_cmd_policy_replace = {
	.name = "policy replace",
	.args = "PORT|VM POLICY",
	.summary = N_("put a policy in another's place, with no packet "
		      "unjudged between"),
	.list = true,
	.opts = vs_attach_opts,
	.run = vs_replace_run,
};

const struct vs_command vs_cmd_policy_detach = {
	.name = "policy detach",
	.args = "PORT|VM",
	.summary = N_("have no policy judge a vNIC, or all of a VM's"),
	.list = true,
	.opts = vs_attach_opts,
	.run = vs_detach_run,
};
