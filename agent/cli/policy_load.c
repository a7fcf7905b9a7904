// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/policy.h"
#include "core/name.h"
#include "policy/object.h"

/** struct vs_load_args - options of "policy load" */
struct vs_load_args {
	uint64_t has;
	const char *section;
	const char *name;
};

static const struct vs_opt vs_load_opts[] = {
	{ .name = "section", .kind = VS_OPT_STRING, .arg = "SECTION",
	  .offset = offsetof(struct vs_load_args, section),
	  .help = N_("the program in that section (default: the only one)") },
	{ .name = "name", .kind = VS_OPT_STRING, .arg = "NAME",
	  .offset = offsetof(struct vs_load_args, name),
	  .help = N_("what to call it (default: FILE without \".o\")") },
	{ 0 }
};

/* the verifier's log goes where people look for it, before the one line */
static enum vs_exit vs_load_refused(struct vs_buf *why, struct vs_buf *log)
{
	char *line, *save, *text = log->data;
	char safe[512];

	fflush(stdout);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		vs_name_escape(safe, sizeof(safe), line);
		fprintf(stderr, "  %s\n", safe);
	}
	vs_buf_free(log);
	return vs_policy_say(why);
}

static json_t *vs_load_row(const struct vs_policy *p)
{
	static const char *const ids[] = { "from_guest_id", "to_guest_id" };
	static const char *const tags[] = { "from_guest_tag", "to_guest_tag" };
	json_t *row = json_object();

	json_object_set_new(row, "name", json_string(p->name));
	json_object_set_new(row, "kind",
			    json_string(vs_policy_kind_word(p->kind)));
	for (int d = 0; d < VS_DIRECTIONS; d++) {
		if (!p->prog[d].id)
			continue;
		json_object_set_new(row, ids[d], json_integer(p->prog[d].id));
		json_object_set_new(row, tags[d],
				    vs_policy_tag(p->prog[d].tag));
	}
	return row;
}

static enum vs_exit vs_load_print(const struct vs_cli *cli, const char *name)
{
	static const struct vs_label labels[] = {
		{ "name", N_("Policy") },
		{ "kind", N_("Kind") },
		{ "from_guest_tag", N_("Tag, from the guest") },
		{ "to_guest_tag", N_("Tag, to the guest") },
		{ 0 }
	};
	struct vs_policies list = { 0 };
	const struct vs_policy *p;
	struct vs_buf why = { 0 };
	enum vs_exit status;

	if (vs_store_read(&list, &why))
		return vs_policy_say(&why);
	p = vs_store_find(&list, name);
	status = p ? vs_out_fields(cli, labels, vs_load_row(p)) :
		     VS_EXIT_FINE;
	vs_store_free(&list);
	return status;
}

static enum vs_exit vs_load_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_buf why = { 0 }, log = { 0 };
	struct vs_load_args a = { 0 };
	char name[VS_POLICY_NAME];
	struct vs_object o;
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    (a.name && !vs_policy_name(cmd, a.name, &status)) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	if (!a.name && vs_object_name(args.v[0], name))
		return vs_say_usage(cmd, _("no policy can have the file's "
					   "name: give it one with --name"));
	o = (struct vs_object){ .file = args.v[0], .section = a.section,
				.name = a.name ? a.name : name };
	if (vs_object_load(&o, &why, &log))
		return vs_load_refused(&why, &log);
	return vs_load_print(cli, o.name);
}

const struct vs_command vs_cmd_policy_load = {
	.name = "policy load",
	.args = "FILE",
	.summary = N_("load an eBPF object as a policy, attached nowhere"),
	.opts = vs_load_opts,
	.run = vs_load_run,
};

/* where is it attached? */
static bool vs_unload_in_use(const struct vs_policy_view *view,
			     const struct vs_policy *p)
{
	struct vs_buf where = { 0 };

	for (size_t i = 0; i < view->vnics.n; i++) {
		const struct vs_driver_vnic *v = &view->vnics.v[i];
		char safe[VS_NAME_ESCAPED];

		for (int d = 0; d < VS_DIRECTIONS; d++) {
			uint32_t id = vs_driver_vnic_policy(v, d)->prog_id;

			if (!id || vs_store_by_prog(&view->policies, id) != p)
				continue;
			vs_name_escape(safe, sizeof(safe), v->ifname);
			vs_buf_addf(&where, "%s%s %s", where.len ? ", " : "",
				    safe,
				    vs_driver_word(VS_WORDS_DIRECTION, d));
		}
	}
	if (!where.len)
		return false;
	vs_say(_("policy %s is attached, so detach it first: %s"), p->name,
	       vs_buf_str(&where));
	vs_buf_free(&where);
	return true;
}

static enum vs_exit vs_unload_run(struct vs_cli *cli,
				  const struct vs_command *cmd, int argc,
				  char **argv)
{
	struct vs_policy_view view;
	const struct vs_policy *p;
	struct vs_buf why = { 0 };
	enum vs_exit status;
	struct vs_args args;
	int lock;

	if (!vs_opt_read(cli, cmd, NULL, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_policy_name(cmd, args.v[0], &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	lock = vs_store_lock(&why);
	if (lock < 0)
		return vs_policy_say(&why);
	if (vs_policy_view_look(cli, cmd, &view, &status)) {
		p = vs_policy_find(&view, args.v[0]);
		status = VS_EXIT_FAILED;
		if (p && !vs_unload_in_use(&view, p))
			status = vs_store_remove(p->name, &why) ?
				 vs_policy_say(&why) : VS_EXIT_FINE;
		if (!status && cli->json)
			status = vs_out_json(vs_load_row(p));
		vs_policy_view_close(&view);
	}
	close(lock);
	return status;
}

const struct vs_command vs_cmd_policy_unload = {
	.name = "policy unload",
	.args = "POLICY",
	.summary = N_("forget a policy that is attached nowhere"),
	.run = vs_unload_run,
};
